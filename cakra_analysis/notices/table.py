"""The table ``[notices]`` of a plan: when to tell, and by which ways.

A secret never stands in a plan: the plan names the environment variable that holds it. Since one
may be written there by mistake all the same, no refusal repeats a value it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cakra_analysis.errors import PlanError, suggest

WHEN = ("failure", "always")
SECURITY = ("starttls", "tls", "none")
KEYS = ("on", "command", "smtp", "apprise_env")
MAIL_KEYS = ("host", "port", "security", "from", "to", "user", "password_env")
SECRETS = {"password": "smtp.password_env", "pass": "smtp.password_env", "token": "apprise_env"}
SECRETS |= dict.fromkeys(("url", "urls", "apprise", "apprise_url", "apprise_urls"), "apprise_env")
HERE = ("localhost", "127.0.0.1", "::1")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HOST = re.compile(r"[\w.:-]+")
ADDRESS = re.compile(r"[^\s@<>,;:\"\x00-\x1f]+@[^\s@<>,;:\"\x00-\x1f]+")


@dataclass(frozen=True)
class Mail:
    """A mail server and who writes to whom; the password is in ``password_env``, if any."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password_env: str = ""


@dataclass(frozen=True)
class Notices:
    """When to tell (``failure`` or ``always``), and by which ways; an empty way is not used."""

    on: str = "failure"
    command: tuple[str, ...] = ()
    mail: Mail | None = None
    apprise_env: str = ""


def read_notices(where: str, table: Mapping[str, Any]) -> Notices:
    """Check the table ``[notices]`` of a plan.

    Parameters
    ----------
    where : str
        What an error begins with: the plan's name and ``[notices]:``.
    table : mapping of str to object
        The table as it is written.

    Returns
    -------
    Notices
        When to tell, and how.

    Raises
    ------
    PlanError
        When a key or value is not known, a secret stands in the plan, or no way to tell is named.

    Examples
    --------
    >>> read_notices("reports.toml: [notices]:", {"on": "always", "command": ["notify-send"]}).on
    'always'
    """
    _check_keys(where, table, KEYS)
    on = _one_of(where, "on", table.get("on", "failure"), WHEN)
    command = tuple(_texts(where, "command", table["command"])) if "command" in table else ()
    mail = _mail(f"{where} smtp:", table["smtp"]) if "smtp" in table else None
    apprise_env = _variable(where, "apprise_env", table)
    if not (command or mail or apprise_env):
        raise PlanError(
            f"{where} no way to tell anybody is named.",
            allowed="Ways are: command, smtp, apprise_env.",
            do='For instance: apprise_env = "CAKRA_APPRISE"',
        )
    return Notices(on, command, mail, apprise_env)


def _mail(where: str, table: Any) -> Mail:
    if not isinstance(table, Mapping):
        raise PlanError(f"{where} this is no table.", do=f"Its keys are: {', '.join(MAIL_KEYS)}.")
    _check_keys(where, table, MAIL_KEYS)
    for needed in ("host", "from", "to"):
        if needed not in table:
            raise PlanError(f'{where} the key "{needed}" is missing.')
    host, security = (
        table["host"],
        _one_of(where, "security", table.get("security", "starttls"), SECURITY),
    )
    if not isinstance(host, str) or not HOST.fullmatch(host):
        allowed = 'A host is a name or a number, such as "mail.example.go.id".'
        raise PlanError(f'{where} the key "host" is no host.', allowed=allowed)
    user, password_env = table.get("user", ""), _variable(where, "password_env", table)
    if not isinstance(user, str) or bool(user) != bool(password_env):
        raise PlanError(
            f'{where} "user" and "password_env" go together, as texts, or both are left out.'
        )
    if user and security == "none" and host not in HERE:
        raise PlanError(
            f'{where} with security = "none" the password would travel readable.',
            allowed='A user is allowed with "starttls" or "tls", or on this machine (localhost).',
        )
    sender, to = _address(where, "from", table["from"]), _texts(where, "to", table["to"])
    to = [_address(where, "to", address) for address in to]
    return Mail(host, sender, tuple(to), _port(where, table), security, user, password_env)


def _port(where: str, table: Mapping[str, Any]) -> int:
    port = table.get("port", 587)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise PlanError(
            f'{where} the key "port" is no port.',
            allowed='A whole number from 1 to 65535: 587 for "starttls", 465 for "tls".',
        )
    return port


def _check_keys(where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in table:
        if key in SECRETS:
            raise PlanError(
                f'{where} the key "{key}" would keep a secret in the plan.',
                allowed="Secrets come from the environment only.",
                do=f"Put it into an environment variable and name that: "
                f'{SECRETS[key]} = "NAME_OF_THE_VARIABLE"',
            )
        if key not in known:
            raise PlanError(
                f'{where} unknown key "{key}".',
                allowed=f"Known are: {', '.join(known)}.",
                do=suggest(key, known),
            )


def _one_of(where: str, key: str, value: Any, known: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(f'"{name}"' for name in known)
        raise PlanError(f'{where} the key "{key}" is {value!r}.', allowed=f"Known are: {listed}.")
    return value


def _texts(where: str, key: str, value: Any) -> list[str]:
    texts = isinstance(value, list) and all(isinstance(v, str) and "\0" not in v for v in value)
    if not texts or not value or not value[0]:
        example = '["/usr/local/bin/tell", "--all"]' if key == "command" else '["a@example.go.id"]'
        raise PlanError(
            f'{where} the key "{key}" must be a list of texts.', do=f"{key} = {example}"
        )
    return list(value)


def _address(where: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        allowed = 'An address is like "reports@example.go.id", without a name beside it.'
        raise PlanError(f'{where} the key "{key}" holds no e-mail address.', allowed=allowed)
    return value


def _variable(where: str, key: str, table: Mapping[str, Any]) -> str:
    value = table.get(key, "")
    if key in table and not (isinstance(value, str) and VARIABLE.fullmatch(value)):
        raise PlanError(
            f'{where} the key "{key}" is no name of an environment variable.',
            allowed="Letters, digits and _, not beginning with a digit.",
            do="Name the variable that holds the secret; the secret itself has no place in a plan.",
        )
    return str(value)
