"""Excel workbooks, sheet by sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.raw import RawTable, refuse_header, tidy, write_cell


def read_workbook(path: Path) -> list[RawTable]:
    """Read every sheet of a workbook as text, remembering which cells held numbers.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` file. The first row of a sheet is its header; sheets whose name begins with
        ``_`` and empty sheets are left out.

    Returns
    -------
    list of RawTable
        One a sheet.

    Raises
    ------
    DataError
        When the file is not a workbook, or a header is blank or there twice.
    """
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        do = "Open it in a spreadsheet program and save it as .xlsx."
        raise DataError(f"{path}: this is not an Excel workbook: {error}", do=do) from None
    sheets = [
        (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
        for sheet in book.worksheets
        if not sheet.title.startswith("_")
    ]
    book.close()
    return [
        _sheet(f"{path}, sheet {name}", name, rows) for name, rows in sheets if any(map(any, rows))
    ]


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
