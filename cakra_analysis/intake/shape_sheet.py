"""Every sheet of a file as a rectangle of text, no row taken for a header yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from cakra_analysis.errors import DataError
from cakra_analysis.files import WORKBOOKS
from cakra_analysis.intake.shape_text import read_text
from cakra_analysis.raw import UNSEEN, write_cell
from cakra_analysis.workbook import Span, read_cells

TEXTS = (".csv", ".tsv", ".txt")
ENCODED = re.compile(r"_x000[dD]_")  # how a workbook keeps the carriage return of a line break


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one text file.

    Attributes
    ----------
    name, where : str
        Name of the sheet or file; file and sheet, for messages.
    rows : list of list of str
        Trimmed text, all rows of one length; blank is empty.
    numbers : list of list of bool
        Same shape: whether the file held a number and not text.
    widths : list of int
        Cells that the file held of each row.
    merged : list of tuple
        First row, first column, last row, last column of what is merged, from 0.
    note : str
        How the file was read, for the account.
    """

    name: str
    where: str
    rows: list[list[str]]
    numbers: list[list[bool]]
    widths: list[int]
    merged: list[Span] = field(default_factory=list)
    note: str = ""

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


def read_sheets(file: Path) -> list[Sheet]:
    """Read every sheet of an export.

    Parameters
    ----------
    file : Path
        ``.xlsx``, or text: ``.csv``, ``.tsv``, ``.txt``.

    Returns
    -------
    list of Sheet
        Those with anything in them, in their order.

    Raises
    ------
    DataError
        When the file is missing, of another kind, damaged or empty.
    """
    kinds = ".xlsx, .csv or .tsv"
    if file.is_dir():
        raise DataError(f"{file}: this is a folder.", allowed=f"An export is one {kinds} file.")
    if not file.is_file():
        raise DataError(f"{file}: there is no such file.", do="Check the spelling and the folder.")
    if file.suffix.lower() in TEXTS:
        return [_from_text(file)]
    if file.suffix.lower() not in WORKBOOKS:
        raise DataError(
            f'{file}: an export cannot be read from a "{file.suffix or "no ending"}" file.',
            allowed=f"It is one {kinds} file.",
            do="Open it in a spreadsheet program and save it as .xlsx.",
        )
    sheets = []
    for name, cells in read_cells(file).items():
        rows = [[_tidy(write_cell(value)) for value in row] for row in cells.rows]
        numbers = [
            [isinstance(v, int | float) and not isinstance(v, bool) for v in row]
            for row in cells.rows
        ]
        widths = [len(row) for row in rows]
        sheets.append(Sheet(name, f"{file}, sheet {name}", rows, numbers, widths, cells.merged))
    if not sheets:
        raise DataError(
            f"{file}: every sheet of the workbook is empty.", do="Export the survey again."
        )
    return sheets


def _from_text(file: Path) -> Sheet:
    read = read_text(file)
    rows = [[_tidy(cell) for cell in row] for row in read.rows]
    if not any(map(any, rows)):
        raise DataError(f"{file}: the file is empty.", do="Export the survey again.")
    width = max(map(len, rows))
    widths = [len(row) for row in rows]
    rows = [row + [""] * (width - len(row)) for row in rows]
    numbers = [[False] * width for _ in rows]
    return Sheet(file.stem, str(file), rows, numbers, widths, [], read.note)


def _tidy(text: str) -> str:
    return UNSEEN.sub("", ENCODED.sub("", text).replace("\u00a0", " ")).strip()
