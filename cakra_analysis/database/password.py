"""Passwords: in a URL, and of a PostgreSQL server from where its own programs take them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, unquote_plus

from cakra_analysis.errors import DataError

USER = re.compile(r"(?<=://)([^/@:]*):(.*)@", re.DOTALL)  # greedy: a password may hold an @ or a /
SECRET = re.compile("pass|pwd|secret|token|key", re.IGNORECASE)
FIELD = re.compile(r"((?:\\.|[^:\\])*)(?::|$)")

_handed: set[str] = set()  # what find_password has given out


def list_passwords(url: str) -> set[str]:
    """Return the passwords in a URL, and those of the password file that were used so far.

    Parameters
    ----------
    url : str
        As somebody wrote it; it need not be one that can be used.

    Returns
    -------
    set of str
        As they are written, and as they are.

    Examples
    --------
    >>> "raha#sia" in list_passwords("postgresql://ana:raha%23sia@db/asn?token=abc")
    True
    """
    found = {*_handed, *(match[2] for match in USER.finditer(url))}
    for pair in url.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        if SECRET.search(name):
            found.add(value)
    return {*found, *map(unquote, found), *map(unquote_plus, found)} - {""}


def find_password(host: str, port: int, database: str, user: str) -> str:
    """Return a password from ``PGPASSWORD`` or the password file.

    Parameters
    ----------
    host, port, database, user : str, int, str, str
        Of the connection.

    Returns
    -------
    str
        Empty where there is none.

    Raises
    ------
    DataError
        When others may read the password file.
    """
    if given := os.environ.get("PGPASSWORD"):
        return given
    file = Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")
    if not file.is_file():
        return ""
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise DataError(f"{file}: others may read this password file.", do=f"Run: chmod 600 {file}")
    wanted = [host, str(port), database, user]
    for line in file.read_text(encoding="utf-8").splitlines():
        fields = [re.sub(r"\\(.)", r"\1", part) for part in FIELD.findall(line)[:5]]
        if line.startswith("#") or len(fields) < 5:
            continue
        if all(told in ("*", own) for told, own in zip(fields, wanted, strict=False)):
            _handed.add(fields[4])
            return fields[4]
    return ""
