"""Which files a data set is made of, and whether they are still the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cakra_analysis.database.address import file_of, hide_password, is_url, resolve_file
from cakra_analysis.errors import DataError

WORKBOOKS = (".xlsx", ".xlsm")
TABLES = (".csv", ".parquet")
Place = Path | str  # a folder or workbook, or the URL of a database without its password


def find_place(given: Place) -> Place:
    """Return where a data set is, as it may be shown and handed on.

    Parameters
    ----------
    given : str or Path
        As somebody named it: a folder, a workbook, or a URL, with or without a password.

    Returns
    -------
    Path or str
        A path, or a URL without its password.

    Examples
    --------
    >>> find_place("duckdb:///asn.duckdb")
    'duckdb:///asn.duckdb'
    """
    return hide_password(str(given)) if is_url(given) else Path(given)


def refuse_url(given: str) -> None:
    """Refuse a database where only files will do.

    Parameters
    ----------
    given : str
        As somebody named a data set.

    Raises
    ------
    DataError
        When it is a URL.
    """
    if is_url(given):
        raise DataError(
            f"{find_place(given)}: this is read from files only.",
            do="Export the tables as .csv, or let a view of the database hold pseudonyms.",
        )


def name_place(place: Place) -> str:
    """Return one name for a data set, from whichever folder it is named.

    Parameters
    ----------
    place : Path or str
        Of ``find_place``.

    Returns
    -------
    str
        The whole path, or the URL.
    """
    if isinstance(place, Path):
        return str(place.resolve())
    return resolve_file(place, Path(file_of(place)).resolve()) if file_of(place) else place


def fingerprint(place: Place) -> str:
    """Return the SHA-256 of a data set: of its files, names included, or of a database's tables.

    Parameters
    ----------
    place : Path or str
        Of ``find_place``.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    if isinstance(place, Path):
        return _fingerprint_files(place)
    from cakra_analysis.database.read import fingerprint_tables

    return fingerprint_tables(place)


def _fingerprint_files(path: Path) -> str:
    digest = hashlib.sha256()
    for file in list_files(path) if path.is_dir() else [path]:
        digest.update(file.name.encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def list_files(folder: Path) -> list[Path]:
    """Return the files of a data set's tables.

    Parameters
    ----------
    folder : Path
        Names that begin with ``_`` or a dot are left out.

    Returns
    -------
    list of Path
        One a table, in the order of their names.

    Raises
    ------
    DataError
        When the folder holds a workbook, no table, or a table twice.
    """
    files = sorted(f for f in folder.iterdir() if f.is_file() and f.name[0] not in "._~")
    books = [f.name for f in files if f.suffix.lower() in (*WORKBOOKS, ".xls", ".ods")]
    if books:
        raise DataError(
            f"{folder}: the folder holds the workbook {books[0]}.",
            allowed="A data set is a folder of .csv or .parquet files, or one workbook.",
            do=f"Give the workbook itself ({folder / books[0]}), or move it out of the folder.",
        )
    tables = [f for f in files if f.suffix.lower() in TABLES]
    if not tables:
        raise DataError(
            f"{folder}: the folder holds no .csv or .parquet file.",
            do="Make a data set with `cakra import` or `cakra synthetic`, or give another folder.",
        )
    names = [f.stem for f in tables]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise DataError(f"{folder}: table {twice} is there twice, as .csv and .parquet. Keep one.")
    return tables
