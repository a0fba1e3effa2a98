"""A copy of a data set as a workbook in which every cell that broke a rule is marked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cakra_analysis.dataset import KEPT
from cakra_analysis.errors import DataError
from cakra_analysis.files import WORKBOOKS
from cakra_analysis.raw import RawTable
from cakra_analysis.sources import read_tables
from cakra_analysis.words import LANGUAGES, label

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "cakra check"  # of comments that are ours alone
LINE = "--- cakra check ---"  # begins our part of a comment, by which an earlier copy's is found
BAD, NOTE = "EFB3A1", "FBE8B5"  # the row is set aside; the row is kept
TEAL, INK = "0F6B6B", "1D2B33"
MOST_ROWS = 1_048_576  # of a sheet
MOST_CHARACTERS = 32_767  # of a cell
WIDTHS = {"A": 14, "B": 22, "C": 9, "D": 22, "E": 18, "F": 90}


def mark_problems(path: Path, problems: pd.DataFrame, *, lang: str = "en") -> bytes:
    """Write a copy of a data set as a workbook with its problems marked.

    Parameters
    ----------
    path : Path
        The workbook, or the folder of CSV or Parquet files, which becomes a workbook of text cells.
    problems : DataFrame
        From ``load``: table, row, column, value (masked), rule, message_id, message_en.
    lang : str
        Of the messages, ``id`` or ``en``.

    Returns
    -------
    bytes
        An ``.xlsx`` file. A first sheet lists the problems with a link to each cell; the cells have
        a colour, where they have none of their own, and a comment, below that of somebody else.
        Mended and saved, it loads as any workbook does. Pictures and
        diagrams of the original are not in it.

    Raises
    ------
    DataError
        When a table has more rows than a sheet, or a text is longer than a cell may be.
    """
    book = _open_book(path)
    _clear(book)
    places = [_find_place(book, *place) for place in problems[["table", "row", "column"]].values]
    told = problems.assign(place=places, message=problems[f"message_{lang}"])
    for (table, place), found in told.groupby(["table", "place"], sort=False):
        _mark(book[str(table)][str(place)], found)
    _list_problems(book.create_sheet(label("marked.sheet", lang), 0), told, lang)
    book.active = 0
    for place, sheet in enumerate(book.worksheets):  # selected together, they change together
        sheet.sheet_view.tabSelected = place == 0
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _open_book(path: Path) -> Workbook:
    from openpyxl import Workbook, load_workbook

    if path.suffix.lower() in WORKBOOKS:
        return load_workbook(path)
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in read_tables(path):
        if len(table.cells) and table.cells.index.max() > MOST_ROWS:
            raise DataError(
                f"{table.where}: no sheet of a workbook holds {len(table.cells):,} rows.",
                do="Give --to a CSV file instead; it lists every problem by table, row and column.",
            )
        _refuse_long(table)
        sheet = book.create_sheet(table.name)
        for place, column in enumerate(table.cells.columns, start=1):
            _write(sheet, 1, place, column)
            for row, value in table.cells[column].dropna().items():
                _write(sheet, int(str(row)), place, value)
        sheet.freeze_panes = "A2"
    return book


def _refuse_long(table: RawTable) -> None:
    """The library would cut such a text without a word."""
    for column in table.cells:
        long = table.cells[column].astype("str").str.len().gt(MOST_CHARACTERS)
        if long.any():
            raise DataError(
                f"{table.where}, row {long.idxmax()}, column {column}: this text is too long.",
                allowed=f"A cell of a workbook holds {MOST_CHARACTERS:,} characters at most.",
                do="Shorten it, or give --to a CSV file instead of --marked.",
            )


def _write(sheet: Worksheet, row: int, column: int, value: str) -> Any:
    """A text stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value, cell.data_type, cell.number_format = value, "s", "@"
    return cell


def _clear(book: Workbook) -> None:
    """Take away what an earlier check has marked, and nothing of anybody else."""
    from openpyxl.styles import PatternFill

    for lang in LANGUAGES:
        if label("marked.sheet", lang) in book.sheetnames:
            book.remove(book[label("marked.sheet", lang)])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment and (LINE in cell.comment.text or cell.comment.author == AUTHOR):
                    _comment(cell, "")
                    if str(cell.fill.fgColor.rgb)[-6:] in (BAD, NOTE):
                        cell.fill = PatternFill()


def _find_place(book: Workbook, table: str, row: int, column: str) -> str:
    """The cell, for instance C7; where the sheet has no such column, the first of the row."""
    header = [str(cell.value or "").strip() for cell in book[table][1]]
    place = header.index(column) + 1 if column in header else 1
    return str(book[table].cell(row, place).coordinate)


def _mark(cell: Any, found: pd.DataFrame) -> None:
    from openpyxl.styles import PatternFill

    _comment(cell, "\n".join([LINE, *found["message"]]))
    if not cell.fill.fill_type:  # a colour of somebody else has a meaning
        colour = NOTE if found["rule"].isin(KEPT).all() else BAD
        cell.fill = PatternFill("solid", fgColor=colour)


def _comment(cell: Any, told: str) -> None:
    """Put our part of a comment, or none, below what somebody else wrote there."""
    from openpyxl.comments import Comment

    old = cell.comment
    ours = old and old.author == AUTHOR and LINE not in old.text  # of a version without the line
    said = old.text.partition(LINE)[0].rstrip() if old and not ours else ""
    text = "\n".join(filter(None, [said, told]))
    author = old.author if said else AUTHOR
    cell.comment = Comment(text, author, height=120, width=300) if text else None


def _list_problems(sheet: Worksheet, told: pd.DataFrame, lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    rows = len(told[["table", "row"]].drop_duplicates())
    number = "one" if len(told) == 1 else "other"
    _write(sheet, 1, 1, label(f"marked.title.{number}", lang, count=len(told), rows=rows))
    sheet["A1"].font = Font("Calibri", 14, bold=True, color=TEAL)
    _write(sheet, 2, 1, label("marked.mend", lang))
    heads = ("place", "table", "row", "column", "value", "wrong")
    for place, head in enumerate(heads, start=1):
        cell = _write(sheet, 4, place, label(f"marked.{head}", lang))
        cell.font = Font("Calibri", 11, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=TEAL)
    for down, problem in enumerate(told.itertuples(), start=5):
        link = _write(sheet, down, 1, problem.place)
        link.hyperlink = Hyperlink(ref=f"A{down}", location=f"'{problem.table}'!{problem.place}")
        link.font = Font("Calibri", 11, color=TEAL, underline="single")
        _write(sheet, down, 2, problem.table)
        sheet.cell(down, 3).value = int(problem.row)
        _write(sheet, down, 4, problem.column)
        _write(sheet, down, 5, problem.value)
        _write(sheet, down, 6, problem.message).alignment = Alignment(wrap_text=True)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    sheet.auto_filter.ref = f"A4:F{sheet.max_row}"
