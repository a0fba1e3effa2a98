"""The password of a PostgreSQL server, from where its own programs take it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cakra_analysis.errors import DataError

FIELD = re.compile(r"((?:\\.|[^:\\])*)(?::|$)")


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
            return fields[4]
    return ""
