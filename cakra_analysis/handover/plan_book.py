"""The plan table as a workbook that prints."""

from __future__ import annotations

import io
import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from cakra_analysis.handover.blanks import find_blanks
from cakra_analysis.handover.texts import read_plan_columns, read_texts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = 4  # row of the headings
LINE = 15.0  # points
ROOM = 1.2  # lines break at words, so they hold less than their width
FORMATS = {"whole": "0", "number": "0.##", "money": "#,##0", "text": "@"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # which no workbook may hold


def write_plan_book(
    table: pd.DataFrame, *, name: str, year: int, now: datetime, lang: str = "id"
) -> bytes:
    """Write the plan table as a workbook.

    Parameters
    ----------
    table : DataFrame
        From ``make_plan_table``.
    name : str
        Of the region or agency.
    year : int
        Of the plan.
    now : datetime
        When it is written.
    lang : str
        Of the title and notes; headings are Indonesian.

    Returns
    -------
    bytes
        An ``.xlsx`` file: the plan on A3 across, its heading on every page, cells to be filled in
        marked and shaded; and a sheet with how many of each column there are.
    """
    from openpyxl import Workbook

    texts = read_texts(lang)
    book = Workbook()
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    book.properties.creator = "cakra-analysis"
    sheet = book.worksheets[0]
    sheet.title = texts["plan_sheet"]
    columns = read_plan_columns()
    title = texts["plan_title"].format(name=name, year=year)
    _put(sheet, 1, 1, title, bold=True)
    _put(sheet, 2, 1, texts["plan_note"].format(mark=texts["mark"]))
    for place, (column, about) in enumerate(columns.items(), start=1):
        _put(sheet, HEAD, place, about["heading"], bold=True)
        for row, value in enumerate(table[column], start=HEAD + 1):
            _fill(sheet, row, place, value, about["kind"], texts["mark"])
    _lay_out(sheet, len(table), title)
    _tell_blanks(book.create_sheet(texts["blanks_sheet"]), table, texts)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> Any:
    """A text, never taken for a formula."""
    from openpyxl.styles import Font

    cell = sheet.cell(row, column)
    cell.value = CONTROL.sub("", text)
    cell.data_type = "s"
    cell.font = Font(bold=bold)
    return cell


def _fill(sheet: Worksheet, row: int, column: int, value: Any, kind: str, mark: str) -> None:
    from openpyxl.styles import Alignment, PatternFill

    if pd.isna(value) or value == "":
        cell = _put(sheet, row, column, mark)
        cell.fill = PatternFill("solid", start_color="FFF7E3B5")
    elif kind == "text":
        cell = _put(sheet, row, column, str(value))
    else:
        cell = sheet.cell(row, column)
        cell.value = float(value) if kind == "number" else int(value)
    cell.number_format = FORMATS[kind]
    across = {"text": "left", "money": "right"}.get(kind, "center")
    cell.alignment = Alignment(vertical="top", horizontal=across, wrap_text=kind == "text")


def _lay_out(sheet: Worksheet, rows: int, title: str) -> None:
    """Widths, frozen heading, and how it prints."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    columns = list(read_plan_columns().values())
    for place, about in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = about["width"]
        sheet.cell(HEAD, place).alignment = Alignment(wrap_text=True, vertical="center")
    for row in range(HEAD, HEAD + rows + 1):  # no program works out the height of a wrapped row
        lines = [
            math.ceil(len(str(sheet.cell(row, place).value)) * ROOM / about["width"])
            for place, about in enumerate(columns, start=1)
            if about["kind"] == "text" or row == HEAD
        ]
        sheet.row_dimensions[row].height = LINE * max(lines)
    last = get_column_letter(len(columns))
    sheet.freeze_panes = f"C{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{last}{HEAD + rows}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.print_area = f"A1:{last}{HEAD + rows}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = title.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def _tell_blanks(sheet: Worksheet, table: pd.DataFrame, texts: dict[str, str]) -> None:
    columns = read_plan_columns()
    for place, key in enumerate(("blanks_column", "blanks_count", "blanks_of"), start=1):
        _put(sheet, 1, place, texts[key], bold=True)
    found = find_blanks(table[list(columns)])
    for row, blank in enumerate(found.itertuples(), start=2):
        _put(sheet, row, 1, columns[str(blank.column)]["heading"])
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = int(blank.blank), int(blank.of)
    sheet.column_dimensions["A"].width = 30
