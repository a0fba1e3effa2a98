"""Where a database is, written so that anybody may read it: a URL without its password."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from cakra_analysis.database.options import SCHEMA, refuse_host, refuse_options
from cakra_analysis.database.password import SECRET, USER, list_passwords
from cakra_analysis.errors import DataError

VARIABLE = "CAKRA_DATABASE"  # a URL with its password, for processes that are given it without
FILES = ("duckdb", "sqlite")
WRITABLE = ("postgresql", *FILES)
URL = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]+://")
MEANING = re.compile(r"[@/?#\[\]]")  # what means something else in a URL

_given: dict[str, str] = {}  # URLs with a password as they were given, by the URL without it


@dataclass(frozen=True)
class Address:
    """Where a database is.

    Attributes
    ----------
    text : str
        The URL without a password, as it may be shown.
    kind : str
        postgresql, sqlite, duckdb, or what else SQLAlchemy knows.
    schema : str
        Where the tables are; empty for the database's usual one.
    whole : str
        The URL with its password and without our own option, to connect with.
    """

    text: str
    kind: str
    schema: str = ""
    whole: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text

    @property
    def file(self) -> str:
        """Path of the file, where the database is one."""
        return file_of(self.text)


def is_url(place: object) -> bool:
    """Tell whether a data set is in a database.

    Parameters
    ----------
    place : str or Path
        As somebody named it.

    Returns
    -------
    bool
        True for ``scheme://...``.

    Examples
    --------
    >>> is_url("postgresql://ana@db.example/asn"), is_url("data/cakranegara")
    (True, False)
    """
    return isinstance(place, str) and bool(URL.match(place))


def has_password(url: str) -> bool:
    """Tell whether a URL holds a secret.

    Parameters
    ----------
    url : str
        As somebody wrote it.

    Returns
    -------
    bool
        True for a password before the host, or among the options.

    Examples
    --------
    >>> has_password("postgresql://ana:rahasia@db.example/asn")
    True
    """
    return _strip(url) != url


def hide_password(url: str) -> str:
    """Return a URL without its password, which this process and those it starts will remember.

    Parameters
    ----------
    url : str
        As somebody wrote it.

    Returns
    -------
    str
        What may be shown and handed on.

    Raises
    ------
    DataError
        When the password is written so that a URL reads something else in it.

    Examples
    --------
    >>> hide_password("postgresql://ana@db.example/asn?schema=kepegawaian")
    'postgresql://ana@db.example/asn?schema=kepegawaian'
    """
    text = _strip(url)
    if text != url:
        _refuse_password(url, text)
        _given[text] = url
        os.environ[VARIABLE] = url
    return text


def list_secrets() -> list[str]:
    """Return the passwords of databases that this process knows of.

    Returns
    -------
    list of str
        As they are written in a URL, and as they are.
    """
    found = {os.environ.get("PGPASSWORD", "")}
    for url in (*_given.values(), os.environ.get(VARIABLE, "")):
        found |= list_passwords(url)
    return sorted(found - {""})


def read_address(url: str) -> Address:
    """Read a URL.

    Parameters
    ----------
    url : str
        With or without a password; without one it is taken from ``CAKRA_DATABASE``, if that names
        the same database.

    Returns
    -------
    Address
        Where the database is.

    Raises
    ------
    DataError
        When an option is unknown, or password, host or port are not as a URL has them.
    """
    text = hide_password(url)
    around = os.environ.get(VARIABLE, "")
    whole = _given.get(text) or (around if _strip(around) == text else text)
    _refuse_password(whole, text)
    before, _, query = whole.partition("?")
    options = dict(parse_qsl(query))
    driver = re.sub("^postgres(?!ql)", "postgresql", text.partition("://")[0].lower())
    kind = driver.partition("+")[0]
    refuse_options(text, driver, options)
    if kind not in FILES:
        refuse_host(text)
    schema = options.pop(SCHEMA, "")
    return Address(text, kind, schema, before + ("?" + urlencode(options) if options else ""))


def file_of(url: str) -> str:
    """Return the file of a database that is one.

    Parameters
    ----------
    url : str
        As somebody wrote it.

    Returns
    -------
    str
        A path; empty for a server.

    Examples
    --------
    >>> file_of("sqlite:///data/asn.db"), file_of("postgresql:///asn")
    ('data/asn.db', '')
    """
    kind, _, rest = url.partition(":///")
    return rest.partition("?")[0] if kind.partition("+")[0] in FILES else ""


def resolve_file(url: str, path: Path) -> str:
    """Return the URL of the same file with its whole path, so that it can be read from anywhere.

    Parameters
    ----------
    url : str
        Of a file.
    path : Path
        Where the file is.

    Returns
    -------
    str
        A URL.

    Examples
    --------
    >>> resolve_file("duckdb:///asn.db?schema=main", Path("/srv/asn.db"))
    'duckdb:////srv/asn.db?schema=main'
    """
    head, options = url.partition(":///")[0], url.partition("?")[2]
    return f"{head}:///{path}" + (f"?{options}" if options else "")


def _strip(url: str) -> str:
    before, mark, query = USER.sub(r"\1@", url).partition("?")
    kept = [pair for pair in query.split("&") if not SECRET.search(pair.partition("=")[0])]
    return before + (mark + "&".join(kept) if any(kept) else "")


def _refuse_password(url: str, text: str) -> None:
    found = USER.search(url)
    if found and MEANING.search(found[0].removesuffix("@")):
        raise DataError(
            f"{text}: user or password hold one of @ / ? # [ ], which mean something else there.",
            do="Percent-encode it: %40 for @, %2F for /, %3F for ?, %23 for #, %5B and %5D for "
            "[ and ]. Or give the password by PGPASSWORD or ~/.pgpass.",
        )
