"""A notice by e-mail, over SMTP.

The texts of smtplib's errors are never passed on: a server may answer with what it was sent.
"""

from __future__ import annotations

import json
import os
import smtplib
import socket
import ssl
import sys
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from cakra_analysis.notices.table import Mail

PATIENCE = 30.0  # seconds for one answer; the errand's limit counts for all of them
TROUBLES: list[tuple[type[BaseException], str]] = [
    (smtplib.SMTPAuthenticationError, "the server refused the user or the password"),
    (smtplib.SMTPRecipientsRefused, "the server refused every recipient"),
    (smtplib.SMTPSenderRefused, "the server refused the sender"),
    (smtplib.SMTPNotSupportedError, "the server offers no STARTTLS, or no login"),
    (smtplib.SMTPServerDisconnected, "the server ended the connection"),
    (ssl.SSLCertVerificationError, "the server's certificate is not trusted"),
    (ssl.SSLError, "TLS failed; perhaps port and security do not fit"),
    (socket.gaierror, "the host was not found"),
    (TimeoutError, "no answer in time"),
    (ConnectionRefusedError, "nothing listens there"),
    (OSError, "the server cannot be reached"),
]


def send_mail(mail: Mail, subject: str, text: str, *, password: str = "") -> str:
    """Send one e-mail to all recipients.

    Parameters
    ----------
    mail : Mail
        Server, sender, recipients.
    subject, text : str
        What it says.
    password : str
        Of ``mail.user``.

    Returns
    -------
    str
        Empty, or why it could not be sent, in words that repeat nothing the server said.
    """
    try:
        with _connect(mail) as server:
            if mail.user:
                server.login(mail.user, password)
            refused = server.send_message(_write(mail, subject, text))
    except Exception as error:  # whatever it is, its text may hold a secret
        return explain(error)
    if refused:
        return f"the server refused {len(refused)} of {len(mail.to)} recipients"
    return ""


def explain(error: BaseException) -> str:
    """Say what went wrong without the error's own text.

    Parameters
    ----------
    error : BaseException
        From smtplib, ssl or socket.

    Returns
    -------
    str
        A clause.

    Examples
    --------
    >>> explain(smtplib.SMTPAuthenticationError(535, b"wrong password: hunter2"))
    'the server refused the user or the password (answer 535)'
    """
    known = next((words for kind, words in TROUBLES if isinstance(error, kind)), "")
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{known or 'the server refused the message'} (answer {error.smtp_code})"
    return known or f"the message could not be made ({type(error).__name__})"


def _connect(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        trusted = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=trusted)
    server = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
    if mail.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _write(mail: Mail, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, ", ".join(mail.to), subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
    message.set_content(text)
    return message


def main() -> None:
    """Send what standard input says; print a JSON list of troubles."""
    given = json.load(sys.stdin)
    mail = Mail(**{**given["mail"], "to": tuple(given["mail"]["to"])})
    password = os.environ.get(mail.password_env, "")
    trouble = send_mail(mail, given["subject"], given["text"], password=password)
    print(json.dumps([trouble] if trouble else []))
