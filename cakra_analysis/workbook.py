"""Excel workbooks, sheet by sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.raw import RawTable, refuse_header, tidy, write_cell

Sheets = dict[str, list[list[Any]]]  # rows of values by the sheet's name


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
    try:
        sheets = _read_sheets(path)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        do = "Open it in a spreadsheet program and save it as .xlsx."
        raise DataError(f"{path}: this is not an Excel workbook: {error}", do=do) from None
    return [
        _sheet(f"{path}, sheet {name}", name, rows)
        for name, rows in sheets.items()
        if any(map(any, rows))
    ]


def _read_sheets(path: Path) -> Sheets:
    """The rows of each sheet; a formula whose result the file does not hold stands as itself."""
    sheets = _read_cells(path, _result, results=True)
    if _has_formulas(path):
        for name, rows in _read_cells(path, _formula, results=False).items():
            for values, formulas in zip(sheets[name], rows, strict=True):
                for place, formula in enumerate(formulas):
                    if values[place] is None and formula:
                        values[place] = formula
    return sheets


def _read_cells(path: Path, read: Callable[[Any], Any], *, results: bool) -> Sheets:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=results)
    kept = [sheet for sheet in book.worksheets if not sheet.title.startswith("_")]
    sheets = {s.title: [[read(cell) for cell in row] for row in s.iter_rows()] for s in kept}
    book.close()
    return sheets


def _result(cell: Any) -> Any:
    """What a cell shows; a formula that came to an empty text is of type ``str``."""
    return "" if cell.value is None and cell.data_type == "str" else cell.value


def _formula(cell: Any) -> str:
    return str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as book:
        return any(b"<f" in book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/"))


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
