"""Notices of a build: what a plan may say, what is told, and that no secret ever gets out."""

from __future__ import annotations

import base64
import json
import os
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cakra_analysis.errors import PlanError
from cakra_analysis.notices import Mail, Notices, read_notices, send_notices
from cakra_analysis.notices.message import MOST_LISTED, write_message

WHERE = "reports.toml: [notices]:"
SECRET = "hunter2-Rahasia"
MAIL = {"host": "mail.example.go.id", "from": "cakra@example.go.id", "to": ["bkpsdm@example.go.id"]}


def summary(outcome: str = "failed", *, lang: str = "id", failed: int = 1, **more) -> dict:
    item = {"report": "needs/2026/CKR.id", "unit": "Kecamatan Cakranegara", "cause": "Sel 3 gagal."}
    return {
        "plan": "reports.toml",
        "dataset": "Cakranegara",
        "lang": lang,
        "outcome": outcome,
        "started": "2026-11-24T05:30:00+08:00",
        "ended": "2026-11-24T05:42:00+08:00",
        "counts": {"built": 20, "kept": 3, "failed": failed if outcome == "failed" else 0},
        "failed": [item] * failed if outcome == "failed" else [],
        "index": "index.html",
        **more,
    }


# What a plan may say.


def test_the_whole_table_is_read() -> None:
    smtp = {**MAIL, "port": 465, "security": "tls", "user": "u", "password_env": "CAKRA_SMTP"}
    table = {"on": "always", "command": ["tell", "-v"], "smtp": smtp, "apprise_env": "CAKRA_A"}
    mail = Mail(MAIL["host"], MAIL["from"], tuple(MAIL["to"]), 465, "tls", "u", "CAKRA_SMTP")
    assert read_notices(WHERE, table) == Notices("always", ("tell", "-v"), mail, "CAKRA_A")


def test_what_is_not_said_is_usual() -> None:
    notices = read_notices(WHERE, {"smtp": MAIL})
    assert (notices.on, notices.command, notices.apprise_env) == ("failure", (), "")
    assert notices.mail is not None
    assert (notices.mail.port, notices.mail.security, notices.mail.user) == (587, "starttls", "")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "no way to tell"),
        ({"on": "always"}, "no way to tell"),
        ({"on": "sometimes", "command": ["x"]}, '"failure", "always"'),
        ({"on": True, "command": ["x"]}, '"failure", "always"'),
        ({"comand": ["x"]}, 'Did you mean "command"'),
        ({"command": "tell"}, "list of texts"),
        ({"command": []}, "list of texts"),
        ({"command": [""]}, "list of texts"),
        ({"command": ["x", 1]}, "list of texts"),
        ({"smtp": "mail.example.go.id"}, "no table"),
        ({"smtp": {**MAIL, "hots": "x"}}, 'Did you mean "host"'),
        ({"smtp": {"host": "x", "to": ["a@b.id"]}}, '"from" is missing'),
        ({"smtp": {**MAIL, "host": "a b"}}, "no host"),
        ({"smtp": {**MAIL, "port": "587"}}, "1 to 65535"),
        ({"smtp": {**MAIL, "port": True}}, "1 to 65535"),
        ({"smtp": {**MAIL, "port": 0}}, "1 to 65535"),
        ({"smtp": {**MAIL, "security": "ssl"}}, '"starttls", "tls", "none"'),
        ({"smtp": {**MAIL, "to": []}}, "list of texts"),
        ({"smtp": {**MAIL, "to": ["a@b.id\nBcc: c@d.id"]}}, "no e-mail address"),
        ({"smtp": {**MAIL, "from": "Cakra <cakra@example.go.id>"}}, "no e-mail address"),
        ({"smtp": {**MAIL, "user": "u"}}, "go together"),
        ({"smtp": {**MAIL, "password_env": "P"}}, "go together"),
        (
            {"smtp": {**MAIL, "security": "none", "user": "u", "password_env": "P"}},
            "would travel readable",
        ),
    ],
)
def test_what_a_plan_may_not_say(table: dict, said: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_notices(WHERE, table)
    assert str(refused.value).startswith(WHERE)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "table",
    [
        {"password": SECRET},
        {"url": f"tgram://{SECRET}/1"},
        {"apprise": [f"tgram://{SECRET}/1"]},
        {"smtp": {**MAIL, "password": SECRET}},
        {"smtp": {**MAIL, "user": "u", "password_env": f"{SECRET}!"}},
        {"smtp": {**MAIL, "host": f"u:{SECRET}@mail.example.go.id"}},
        {"apprise_env": f"tgram://{SECRET}/1"},
    ],
)
def test_a_secret_in_a_plan_is_refused_and_not_repeated(table: dict) -> None:
    with pytest.raises(PlanError) as refused:
        read_notices(WHERE, table)
    assert SECRET not in str(refused.value)
    told = str(refused.value)
    assert "environment" in told or "no host" in told


# What is told.


@pytest.mark.parametrize(
    ("lang", "subject", "line"),
    [
        ("id", "Cakra: laporan yang gagal dibuat: 1 (Cakranegara)", "24 November 2026 pukul 05.30"),
        (
            "en",
            "Cakra: reports that could not be built: 1 (Cakranegara)",
            "24 November 2026, 05:30",
        ),
    ],
)
def test_a_message_names_unit_report_and_cause(lang: str, subject: str, line: str) -> None:
    said, text = write_message(summary(lang=lang))
    assert said == subject
    assert line in text
    assert "- Kecamatan Cakranegara (needs/2026/CKR.id): Sel 3 gagal." in text
    assert "index.html" in text


def test_a_message_stays_short() -> None:
    many = summary(failed=MOST_LISTED + 4)
    many["failed"][0] = {**many["failed"][0], "cause": "panjang\n" * 500}
    text = write_message(many)[1]
    assert text.count("- Kecamatan") == MOST_LISTED
    assert "... dan 4 lagi" in text
    assert max(map(len, text.splitlines())) < 400


def test_a_line_break_makes_no_header_of_its_own() -> None:
    subject, _ = write_message(summary(dataset="X\r\nBcc: a@b.id"))
    assert subject.splitlines() == [subject]


def test_a_build_that_could_not_begin_says_why() -> None:
    none = {"built": 0, "kept": 0, "failed": 0}
    stopped = summary("stopped", dataset="", counts=none, cause="data/raw: ada kolom yang kurang.")
    subject, text = write_message(stopped)
    assert subject == "Cakra: tidak ada laporan yang dapat dibuat (reports.toml)"
    assert "data/raw: ada kolom yang kurang." in text
    assert "Dibuat: 0" not in text


# A command.


def teller(tmp_path: Path, body: str) -> tuple[str, ...]:
    script = tmp_path / "tell.py"
    script.write_text(f"import json, os, pathlib, sys, time\n{body}\n")
    return (sys.executable, str(script), str(tmp_path / "told"))


def test_a_command_is_given_the_summary(tmp_path: Path) -> None:
    command = teller(tmp_path, "pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())")
    assert send_notices(Notices(command=(*command, "$(id); *")), summary()) == []
    told = json.loads((tmp_path / "told").read_text("utf-8"))
    assert summary().items() <= told.items()
    assert told["subject"].startswith("Cakra: laporan yang gagal")


def test_success_is_told_only_where_it_is_wanted(tmp_path: Path) -> None:
    command = teller(tmp_path, "pathlib.Path(sys.argv[1]).touch()")
    assert send_notices(Notices(command=command), summary("ok")) == []
    assert not (tmp_path / "told").exists()
    assert send_notices(Notices("always", command), summary("ok")) == []
    assert (tmp_path / "told").exists()


def test_a_command_that_fails_is_named_without_what_it_prints(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = "print(sys.argv[2]); print(sys.argv[2], file=sys.stderr); sys.exit(3)"
    (line,) = send_notices(Notices(command=(*teller(tmp_path, body), SECRET)), summary())
    assert line.endswith("it ended with exit code 3.")
    assert SECRET not in line + "".join(capfd.readouterr())


def test_a_command_that_is_not_there_is_told() -> None:
    lines = send_notices(Notices(command=("/nowhere/tell", SECRET)), summary())
    assert lines == ["Notice not sent by the command tell: there is no such program."]


@pytest.mark.slow
def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    body = (
        "import subprocess\nchild = subprocess.Popen([sys.executable, '-c', 'import time; "
        "time.sleep(600)'])\npathlib.Path(sys.argv[1]).write_text(str(child.pid))\ntime.sleep(600)"
    )
    (line,) = send_notices(Notices(command=teller(tmp_path, body)), summary(), seconds=3)
    assert line.endswith("no end within 3 seconds, so it was stopped.")
    assert gone(int((tmp_path / "told").read_text()))


def gone(pid: int) -> bool:
    """Whether a process has ended; whoever inherits it may be slow to clear it away."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.05)
    return False


def test_a_command_that_reads_nothing_is_fine(tmp_path: Path) -> None:
    long = summary(failed=1, index="x" * 2_000_000)
    assert send_notices(Notices(command=teller(tmp_path, "sys.exit(0)")), long) == []


# E-mail.


class Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs, written down in the server's ``talk`` and ``mails``."""

    def handle(self) -> None:
        server = self.server
        if server.hang:
            threading.Event().wait(30)
            return
        if server.tls == "tls":
            self.upgrade()
        self.answer("220 test")
        while line := self.rfile.readline():
            server.talk.append(line)
            match line.split()[0].upper():
                case b"EHLO":
                    offers = ["test", *(["STARTTLS"] if server.tls == "starttls" else [])]
                    offers += ["AUTH PLAIN"] if server.password else []
                    self.answer("\r\n".join([*(f"250-{offer}" for offer in offers), "250 OK"]))
                case b"STARTTLS":
                    self.answer("220 go on")
                    self.upgrade()
                case b"AUTH":
                    given = base64.b64decode(line.split()[2]).split(b"\0")[2].decode()
                    right = given == server.password
                    self.answer("235 fine" if right else f"535 wrong password: {given}")
                case b"RCPT":
                    known = b"nobody" not in line
                    self.answer("250 OK" if known else "550 no such user nobody@example.go.id")
                case b"DATA":
                    self.answer("354 go on")
                    mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                    server.mails.append(message_from_bytes(mail, policy=policy.default))
                    self.answer("250 OK")
                case b"QUIT":
                    self.answer("221 bye")
                    return
                case _:
                    self.answer("250 OK")

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def upgrade(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is part of the tests."""


@contextmanager
def smtp_server(
    *, tls: str = "none", password: str = "", hang: bool = False, certificate: Path | None = None
) -> Iterator[SmtpServer]:
    with SmtpServer(("127.0.0.1", 0), Smtp) as server:
        server.tls, server.password, server.hang = tls, password, hang
        server.certificate, server.talk, server.mails = certificate, [], []
        with served(server):
            yield server


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def mail_to(server: SmtpServer, *, to: tuple[str, ...] = ("b@example.go.id",), **more) -> Notices:
    port = server.server_address[1]
    more = {"security": server.tls, "host": "127.0.0.1", **more}
    return Notices(mail=Mail(sender="cakra@example.go.id", to=to, port=port, **more))


def test_an_email_arrives_as_it_was_written() -> None:
    with smtp_server() as server:
        told = send_notices(mail_to(server, to=("a@example.go.id", "b@example.go.id")), summary())
    assert told == []
    (mail,) = server.mails
    subject, text = write_message(summary())
    assert mail["Subject"] == subject
    assert mail.get_content().splitlines() == text.splitlines()
    assert (mail["From"], mail["To"]) == ("cakra@example.go.id", "a@example.go.id, b@example.go.id")
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.slow
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_password_travels_only_under_tls(
    tls: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("CAKRA_SMTP", SECRET)
    with smtp_server(tls=tls, password=SECRET, certificate=certificate) as server:
        told = send_notices(mail_to(server, user="u", password_env="CAKRA_SMTP"), summary())
    assert told == []
    assert len(server.mails) == 1
    order = [line.split()[0].upper() for line in server.talk]
    assert b"AUTH" in order
    assert tls == "tls" or order.index(b"STARTTLS") < order.index(b"AUTH")


def test_a_certificate_nobody_vouches_for_is_refused(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAKRA_SMTP", SECRET)
    with smtp_server(tls="starttls", password=SECRET, certificate=certificate) as server:
        (line,) = send_notices(mail_to(server, user="u", password_env="CAKRA_SMTP"), summary())
    assert "certificate is not trusted" in line
    assert not any(line.upper().startswith(b"AUTH") for line in server.talk)


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CAKRA_SMTP", SECRET)
    with smtp_server(password=SECRET) as server:
        notices = mail_to(server, security="starttls", user="u", password_env="CAKRA_SMTP")
        (line,) = send_notices(notices, summary())
    assert "offers no STARTTLS" in line
    assert not any(line.upper().startswith((b"AUTH", b"MAIL")) for line in server.talk)


def test_a_wrong_password_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAKRA_SMTP", SECRET)
    with smtp_server(password="another") as server:
        (line,) = send_notices(mail_to(server, user="u", password_env="CAKRA_SMTP"), summary())
    assert "refused the user or the password (answer 535)" in line
    assert SECRET not in line + "".join(capfd.readouterr())


def test_refused_recipients_are_counted_not_named() -> None:
    with smtp_server() as server:
        some = mail_to(server, to=("b@example.go.id", "nobody@example.go.id"))
        (line,) = send_notices(some, summary())
        (none,) = send_notices(mail_to(server, to=("nobody@example.go.id",)), summary())
    assert "refused 1 of 2 recipients" in line
    assert "refused every recipient" in none
    assert "nobody" not in line + none


def test_a_server_that_is_not_there_is_told() -> None:
    with smtp_server() as server:
        notices = mail_to(server)
    (line,) = send_notices(notices, summary())
    assert line.startswith("Notice not sent by e-mail (127.0.0.1, port ")
    assert line.endswith("nothing listens there.")


@pytest.mark.slow
def test_a_server_that_hangs_does_not_hold_the_build() -> None:
    with smtp_server(hang=True) as server:
        (line,) = send_notices(mail_to(server), summary(), seconds=2)
    assert line.endswith("no end within 2 seconds, so it was stopped.")


# Services by apprise.


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format, *args) -> None:
        """Say nothing."""


@contextmanager
def hook_server(status: int = 200) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.calls, server.status = [], status
        with served(server):
            yield server


def address(server: ThreadingHTTPServer) -> str:
    return f"json://127.0.0.1:{server.server_address[1]}/{SECRET}"


@pytest.mark.slow
def test_apprise_tells_every_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook_server() as one, hook_server() as other:
        monkeypatch.setenv("CAKRA_APPRISE", f" {address(one)}\n{address(other)} ")
        assert send_notices(Notices(apprise_env="CAKRA_APPRISE"), summary()) == []
    subject, text = write_message(summary())
    for server in (one, other):
        ((path, told),) = server.calls
        assert path.strip("/") == SECRET
        assert (told["title"], told["type"]) == (subject, "failure")
        assert told["message"].split() == text.split()


@pytest.mark.slow
def test_what_apprise_could_not_send_is_told_by_number(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with hook_server(500) as wrong, hook_server() as right:
        addresses = f"{address(wrong)} nonsense://{SECRET} {address(right)}"
        monkeypatch.setenv("CAKRA_APPRISE", addresses)
        lines = send_notices(Notices(apprise_env="CAKRA_APPRISE"), summary())
    assert lines == [
        "Notice not sent by apprise: address 1 of 3 (JSON) did not take the message.",
        "Notice not sent by apprise: address 2 of 3 is none that apprise knows.",
    ]
    assert len(right.calls) == 1
    assert SECRET not in "".join(capfd.readouterr())


def test_a_missing_apprise_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apprise.py").write_text("raise ImportError('apprise')\n")
    found = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", found)
    monkeypatch.setenv("CAKRA_APPRISE", f"json://127.0.0.1:9/{SECRET}")
    (line,) = send_notices(Notices(apprise_env="CAKRA_APPRISE"), summary())
    assert "pip install '.[notices]'" in line


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_secret_that_is_not_set_is_told(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAKRA_NONE", raising=False)
    if value is not None:
        monkeypatch.setenv("CAKRA_NONE", value)
    mail = Mail("127.0.0.1", "a@b.id", ("c@d.id",), user="u", password_env="CAKRA_NONE")
    lines = send_notices(Notices(mail=mail, apprise_env="CAKRA_NONE"), summary())
    assert lines == [
        f"Notice not sent by {way}: the environment variable CAKRA_NONE is not set."
        for way in ("e-mail (127.0.0.1, port 587)", "apprise")
    ]


@pytest.mark.slow
def test_ways_are_taken_at_once_and_one_failure_stops_no_other(tmp_path: Path) -> None:
    """The hanging one is listed first; the other must have arrived when its time is over."""
    command = teller(tmp_path, "time.sleep(600)")
    with smtp_server() as server:
        notices = Notices(command=command, mail=mail_to(server).mail)
        (line,) = send_notices(notices, summary(), seconds=4)
        assert len(server.mails) == 1
    assert "the command python" in line
