"""What may stand in the URL of a database beside its name: host, port and options."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cakra_analysis.errors import DataError, suggest

if TYPE_CHECKING:
    import ssl

SCHEMA = "schema"  # the option that says in which schema the tables are
MODE = "sslmode"
MODES = ("disable", "require", "verify-ca", "verify-full")
# Of the drivers that we choose; another driver, named in the URL, knows its own.
KNOWN = {
    "postgresql": (SCHEMA, MODE, "application_name", "unix_sock"),
    "postgresql+pg8000": (SCHEMA, MODE, "application_name", "unix_sock"),
    "sqlite": ("timeout",),  # has no schemas
    "duckdb": (SCHEMA,),
}
SILENT = "password"  # is known too, but better not written there


def refuse_options(text: str, driver: str, options: Iterable[str]) -> None:
    """Refuse options that a database does not know.

    Parameters
    ----------
    text : str
        The URL without its password.
    driver : str
        What stands before ``://``.
    options : iterable of str
        Names of its options.

    Raises
    ------
    DataError
        When one is misspelt or unknown.
    """
    for name in options:
        known = KNOWN.get(driver, ())
        near = suggest(name, known or [SCHEMA])
        if name not in (*(known or [SCHEMA]), SILENT) and (known or near):
            allowed = f"Known are: {', '.join(known)}." if known else ""
            raise DataError(f'{text}: unknown option "{name}".', allowed=allowed, do=near)


def refuse_host(text: str) -> None:
    """Refuse a host or a port that is none.

    Parameters
    ----------
    text : str
        The URL without its password.

    Raises
    ------
    DataError
        When no server can have such an address.
    """
    try:
        parts = urlsplit(text)
        (parts.hostname or "").encode("idna")
        read = parts.port is not None or not parts.netloc.endswith(":")
    except ValueError:
        read = False
    if not read:
        raise DataError(
            f"{text}: the host or the port of this URL cannot be read.",
            allowed="A port is a number up to 65535, a host a name or an address.",
            do="Write it as postgresql://USER@HOST:PORT/DATABASE; without :PORT it is the usual.",
        )


def make_context(text: str, mode: str) -> ssl.SSLContext | bool | None:
    """Return how a connection to PostgreSQL is kept from others.

    Parameters
    ----------
    text : str
        The URL without its password.
    mode : str
        As ``sslmode`` has it; empty for the driver's usual way.

    Returns
    -------
    SSLContext, False or None
        None encrypts where the server can, False (``disable``) never. ``require`` keeps others from
        reading but does not ask who the server is; ``verify-ca`` and ``verify-full`` ask for its
        certificate and its name.

    Raises
    ------
    DataError
        When there is no such mode.
    """
    if mode not in ("", *MODES):
        raise DataError(
            f'{text}: unknown value "{mode}" of {MODE}.',
            allowed=f"Known are: {', '.join(MODES)}.",
            do=suggest(mode, MODES),
        )
    if mode in ("", "disable"):
        return False if mode else None
    import ssl

    context = ssl.create_default_context()
    if mode == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
