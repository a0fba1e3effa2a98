"""Which files a data set is made of, and whether they are still the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cakra_analysis.errors import DataError

WORKBOOKS = (".xlsx", ".xlsm")
TABLES = (".csv", ".parquet")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a data set's files, names included.

    Parameters
    ----------
    path : Path
        The folder or workbook.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
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
