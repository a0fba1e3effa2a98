"""Excel workbooks, sheet by sheet."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.raw import RawTable, mask_digits, refuse_header, tidy, write_cell

Sheets = dict[str, list[list[Any]]]  # rows of values by the sheet's name
T = TypeVar("T")
Span = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0

# A file may be made to fill the memory: no honest part shrinks that much, no sheet is that large.
LARGE_PART, MOST_SHRUNK = 50_000_000, 250
MOST_BYTES, MOST_CELLS = 4_000_000_000, 50_000_000


@dataclass(frozen=True)
class Cells:
    """The cells of one sheet as they stand, no row taken for a header.

    Attributes
    ----------
    rows : list of list
        Values, all rows of one length.
    merged : list of tuple
        First row, first column, last row, last column of what is merged, from 0.
    """

    rows: list[list[Any]]
    merged: list[Span] = field(default_factory=list)


def read_workbook(path: Path) -> list[RawTable]:
    """Read every sheet of a workbook as text, remembering which cells held numbers.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` file. The first row of a sheet is its header; sheets whose name begins with
        ``_`` and empty sheets are left out. A formula gives its result, as the spreadsheet program
        saved it; one without gives its own text, which begins with ``=``.

    Returns
    -------
    list of RawTable
        One a sheet.

    Raises
    ------
    DataError
        When the file is not a workbook, or a header is blank or there twice.
    """
    sheets = _try(_read_sheets, path)
    return [
        _sheet(f"{path}, sheet {name}", name, rows)
        for name, rows in sheets.items()
        if any(map(any, rows))
    ]


def read_cells(path: Path) -> dict[str, Cells]:
    """Read every sheet of a workbook as it stands, merged cells too.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` file; sheets whose name begins with ``_`` and empty sheets are left out.

    Returns
    -------
    dict of str to Cells
        By the sheet's name.

    Raises
    ------
    DataError
        When the file is not a workbook.
    """
    sheets = _try(_read_sheets, path)
    merged = _try(_read_merged, path)
    return {
        name: Cells(rows, merged.get(name, []))
        for name, rows in sheets.items()
        if any(map(any, rows))
    }


def _try(read: Callable[[Path], T], path: Path) -> T:
    do = "Open it in a spreadsheet program and save it as .xlsx."
    try:
        _refuse_bomb(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and drop-downs, which are not read
            return read(path)
    except DataError:
        raise
    except PermissionError:
        raise DataError(
            f"{path}: this file cannot be read.",
            do="Close it in the spreadsheet program, or ask for the right to read it.",
        ) from None
    except Exception as error:  # the library meets a damaged file with errors of every kind
        said = mask_digits(" ".join(str(error).split())[:200]) or type(error).__name__
        raise DataError(f"{path}: this is not an Excel workbook: {said}", do=do) from None


def _refuse_bomb(path: Path) -> None:
    """Refuse a workbook that would fill the memory, before anything of it is unpacked."""
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
    shrunk = [p for p in parts if p.file_size > max(LARGE_PART, MOST_SHRUNK * p.compress_size)]
    if shrunk or sum(part.file_size for part in parts) > MOST_BYTES:
        raise DataError(
            f"{path}: this workbook would fill the memory when it is unpacked.",
            allowed=f"All its parts together have {MOST_BYTES / 1e9:.0f} GB at most.",
            do="Open it in a spreadsheet program and save its tables as CSV files.",
        )


def _read_sheets(path: Path) -> Sheets:
    """The rows of each sheet; a formula whose result the file does not hold stands as itself."""
    sheets = _read_cells(path, _result, results=True)
    if _has(path, b"<f"):
        for name, rows in _read_cells(path, _formula, results=False).items():
            for values, formulas in zip(sheets[name], rows, strict=True):
                for place, formula in enumerate(formulas):
                    if values[place] is None and formula:
                        values[place] = formula
    return {name: _square(f"{path}, sheet {name}", rows) for name, rows in sheets.items()}


def _read_cells(path: Path, read: Callable[[Any], Any], *, results: bool) -> Sheets:
    import openpyxl

    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=results)
        kept = [sheet for sheet in book.worksheets if not sheet.title.startswith("_")]
        for sheet in kept:
            sheet.reset_dimensions()  # some tools write a size that is not the sheet's
        return {s.title: [[read(cell) for cell in row] for row in s.iter_rows()] for s in kept}


def _square(where: str, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of one length, without what was only formatted below and to the right."""
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise DataError(
            f"{where}: it has {len(rows):,} rows and {width:,} columns.",
            allowed=f"A sheet has {MOST_CELLS:,} cells at most, blank ones too.",
            do="Take out what stands far below or far to the right of the table.",
        )
    return [row + [None] * (width - len(row)) for row in rows]


def _read_merged(path: Path) -> dict[str, list[Span]]:
    import openpyxl

    if not _has(path, b"<mergeCell"):
        return {}
    with path.open("rb") as stream:
        return {
            sheet.title: [
                (r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1)
                for r in sheet.merged_cells.ranges
            ]
            for sheet in openpyxl.load_workbook(stream).worksheets
        }


def _result(cell: Any) -> Any:
    """What a cell shows; a formula that came to an empty text is of type ``str``."""
    return "" if cell.value is None and cell.data_type == "str" else cell.value


def _formula(cell: Any) -> str:
    return str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""


def _has(path: Path, what: bytes) -> bool:
    with zipfile.ZipFile(path) as book:
        return any(what in book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/"))


def _sheet(where: str, name: str, rows: list[list[Any]]) -> RawTable:
    header = ["" if h is None else str(h).strip() for h in rows[0]]
    while header and not header[-1]:
        header.pop()
    refuse_header(where, header)
    index = pd.RangeIndex(2, len(rows) + 1)
    body = [row[: len(header)] for row in rows[1:]]
    wide = next((i for i, r in zip(index, rows[1:], strict=True) if any(r[len(header) :])), None)
    if wide:
        raise DataError(f"{where}: row {wide} has a cell beyond the last header.")
    values = pd.DataFrame(body, index=index, columns=header, dtype=object)
    numeric = values.map(lambda v: isinstance(v, int | float) and not isinstance(v, bool))
    return RawTable(name, where, tidy(values.map(write_cell)), numeric.astype(bool))
