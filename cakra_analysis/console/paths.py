"""Paths and numbers as a terminal shows them."""

from __future__ import annotations

from pathlib import Path

from cakra_analysis.errors import DataError
from cakra_analysis.files import Place


def display_path(path: Path) -> str:
    """Write a path from here where it lies below, so that it can be read and clicked.

    Parameters
    ----------
    path : Path
        Any path.

    Returns
    -------
    str
        Relative to the working folder where possible.
    """
    here, whole = Path.cwd(), path.resolve()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else path)


def display_place(place: Place) -> str:
    """Write where a data set is.

    Parameters
    ----------
    place : Path or str
        A path, or a URL without its password.

    Returns
    -------
    str
        A path as ``display_path`` writes it.
    """
    return display_path(place) if isinstance(place, Path) else place


def find_new(name: str, *, force: bool) -> Path:
    """Return where a workbook is to be written; what somebody has filled in is not written over.

    Parameters
    ----------
    name : str
        As it was typed.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        When its ending is not that of a workbook, or it is there.
    """
    file = Path(name)
    if file.suffix.lower() != ".xlsx":
        raise DataError(f"{file}: this is no name of a workbook.", do="Let the name end in .xlsx.")
    if file.exists() and not force:
        raise DataError(
            f"{file}: this file is there already, and somebody may have worked in it.",
            do="Give another name, or add --force to replace it.",
        )
    return file


def refuse_data(file: Path, place: Place) -> None:
    """Refuse to write where the data set lies.

    Parameters
    ----------
    file : Path
        What is to be written.
    place : Path or str
        Of the data set; nothing is written over a database.

    Raises
    ------
    DataError
        When the file is the data set or lies in its folder.
    """
    if not isinstance(place, Path):
        return
    own, data = file.resolve(), place.resolve()
    if own == data or data in own.parents or (file.exists() and file.samefile(place)):
        raise DataError(
            f"{file}: this is where the data set itself lies.",
            do="Give a file outside of it; what is checked is never written over.",
        )


def write_beside(file: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    file : Path
        What stood there before stays until the new content is on the disk.
    content : bytes
        Of the file.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        try:
            beside.write_bytes(content)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"{file}: this file cannot be written: {error.strerror or error}.",
            do="Give a file in a folder that is there and may be written, on a disk with room.",
        ) from None


def count(number: int, what: str) -> str:
    """Write a number with what is counted.

    Parameters
    ----------
    number : int
        How many.
    what : str
        A noun whose plural ends in s.

    Returns
    -------
    str
        For instance ``1 report`` or ``2,000 reports``.

    Examples
    --------
    >>> count(2000, "report")
    '2,000 reports'
    """
    return f"{number:,} {what}{'s' * (number != 1)}"
