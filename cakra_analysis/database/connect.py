"""A connection for one transaction; what fails is said in a sentence."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pandas as pd

from cakra_analysis.database.address import FILES, Address
from cakra_analysis.errors import DataError
from cakra_analysis.raw import mask_digits
from cakra_analysis.typed import Coded

SECONDS = 10  # to wait for a server


class Store(Protocol):
    """What is done with a database, whatever it is."""

    def has_schema(self, name: str) -> bool:
        """Tell whether there is a schema of that name."""
        ...

    def list_tables(self) -> list[str]:
        """Return the names of its tables and views."""
        ...

    def list_columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        ...

    def read(self, table: str) -> dict[str, Coded]:
        """Return the columns of a table."""
        ...

    def digest(self, table: str) -> str:
        """Return a digest of a table's rows that does not hang on their order."""
        ...

    def run(self, sql: str) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    def stage(self, name: str, table: str, rows: pd.DataFrame) -> None:
        """Put rows into a temporary table with the columns of another one."""
        ...


@contextmanager
def open_store(address: Address, *, make: bool = False) -> Iterator[Store]:
    """Connect to a database, and end what was done there whole or not at all.

    Parameters
    ----------
    address : Address
        Where it is.
    make : bool
        Whether a file that is not there is made, and may be written.

    Yields
    ------
    Store
        The database.

    Raises
    ------
    DataError
        When it cannot be reached, or refuses what is asked of it.
    """
    if address.kind in FILES:
        _check_file(address, make)
    try:
        if address.kind == "duckdb":
            from cakra_analysis.database.duck import open_duck

            with open_duck(address, make=make) as store:
                yield store
        else:
            from cakra_analysis.database.alchemy import open_alchemy

            with open_alchemy(address, seconds=SECONDS) as store:
                yield store
    except (DataError, KeyboardInterrupt):
        raise
    except Exception as error:
        if not _is_of_database(error):
            raise
        raise DataError(
            f"{address}: the database cannot be used: {_tell(error)}", do=_advise(address, error)
        ) from None


def default_user() -> str:
    """Return who connects where the URL does not say.

    Returns
    -------
    str
        ``PGUSER`` or the user of this machine.
    """
    return os.environ.get("PGUSER") or getpass.getuser()


def _check_file(address: Address, make: bool) -> None:
    file = Path(address.file)
    if not address.file or ":memory:" in address.file:
        raise DataError(
            f"{address}: this names no file.",
            allowed=f"It is {address.kind}:/// and a path, for instance {address.kind}:///asn.db.",
        )
    if not file.exists() and not make:
        raise DataError(f"{address}: there is no such file.", do="Check the spelling; a path from "
                        "the root of the disk has four slashes.")  # fmt: skip
    if not file.absolute().parent.is_dir():
        raise DataError(f"{address}: there is no folder {file.parent}.", do="Make it first.")


def _is_of_database(error: Exception) -> bool:
    home = type(error).__module__.partition(".")[0]
    return home in ("sqlalchemy", "pg8000", "duckdb", "_duckdb", "sqlite3") or isinstance(
        error, OSError | ModuleNotFoundError
    )


def _tell(error: BaseException) -> str:
    """The first line of what a database says, without rows and numbers of persons in it."""
    cause = getattr(error, "orig", None) or error
    told = cause.args[0] if cause.args else cause
    if isinstance(cause, OSError):
        told = cause.strerror or cause
    text = told.get("M", "") if isinstance(told, dict) else str(told)
    return mask_digits(str(text).strip().partition("\n")[0]) or type(cause).__name__


def _advise(address: Address, error: BaseException) -> str:
    if address.kind in FILES:
        return "Is the file a database of this kind, and does no other program hold it open?"
    if any(word in _tell(error) for word in ("permission denied", "read-only", "must be owner")):
        return (
            "Ask whoever runs the database for the right to do this, or name a schema in which you "
            "may: ?schema=NAME. Who writes needs SELECT, INSERT, UPDATE, DELETE and TEMPORARY; "
            "to make what is missing, CREATE too."
        )
    if "password" in _tell(error).lower() or "authentication" in _tell(error).lower():
        return (
            "Give the password by PGPASSWORD, by ~/.pgpass, or by CAKRA_DATABASE with the whole "
            "URL; it need not stand in any file of the project."
        )
    if "CERTIFICATE_VERIFY" in _tell(error):
        return (
            "Let SSL_CERT_FILE name a file with the certificate of who signed the server's, or, on "
            "a network that you trust, encrypt without asking who answers: ?sslmode=require"
        )
    if "refuses SSL" in _tell(error):
        return "Ask whoever runs the server to switch TLS on; without sslmode you connect in plain."
    if isinstance(error, ModuleNotFoundError) or "NoSuchModule" in type(error).__name__:
        return (
            "Install the driver that the URL names, or use postgresql://, sqlite:/// or duckdb:///."
        )
    if isinstance(error, OSError) or "does not exist" in _tell(error):
        return "Check host, port and the database's name; does the server run, and may you connect?"
    return "Are there tables of another shape? Name an empty schema in the URL: ?schema=NAME"
