"""Text and numbers into the cells of a workbook: text stays text, rows are as high as they need."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cakra_analysis.formulas import FORMULA

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# What XML forbids.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INK, MUTE, TEAL, LINE = "1D2B33", "566670", "0F6B6B", "D8DDE0"
LINE_POINTS = 15.0


def safe_text(text: str) -> str:
    r"""Return a text without the characters that a workbook cannot hold.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        Everything that can be read is kept.

    Examples
    --------
    >>> safe_text("a\x00b")
    'ab'
    """
    return UNWRITABLE.sub("", text)


def put(cell: Cell, value: str | float, **style: Any) -> None:
    """Write into a cell; text stays text whatever it begins with.

    Parameters
    ----------
    cell : Cell
        Of openpyxl.
    value : str or float
        Text or number.
    **style : object
        ``form`` (number format), ``bold``, ``size``, ``colour``, ``fill`` and what an alignment
        takes.
    """
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.value = safe_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes "=..." for a formula
        cell.quotePrefix = value.startswith(FORMULA)
    cell.number_format = style.pop("form", "") or "General"
    font = {"bold": style.pop("bold", False), "size": style.pop("size", 11)}
    cell.font = Font(name="Calibri", color=style.pop("colour", INK), **font)
    if fill := style.pop("fill", ""):
        cell.fill = PatternFill("solid", fgColor=fill)
    cell.alignment = Alignment(**{"vertical": "top", "wrap_text": True, **style})


def link(cell: Cell, text: str, sheet: str) -> None:
    """Write a link to another sheet of the workbook; the only kind of link there is.

    Parameters
    ----------
    cell : Cell
        Of openpyxl.
    text : str
        What it says.
    sheet : str
        Name of the sheet.
    """
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    put(cell, text)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1")
    cell.font = Font(name="Calibri", size=11, color=TEAL, underline="single")


def fit_height(
    sheet: Worksheet, row: int, texts: Sequence[tuple[str, float]], *, size: float = 11
) -> None:
    """Make a row as high as its longest text needs; not every program does so by itself.

    Parameters
    ----------
    sheet : Worksheet
        Where.
    row : int
        Which.
    texts : sequence of tuple of str and float
        Each text, and the characters of the usual size that fit into its width.
    size : float
        Of the letters, in points.
    """
    scale = size / 11
    lines = [len(textwrap.wrap(text, max(int(wide / scale * 0.93), 4))) for text, wide in texts]
    sheet.row_dimensions[row].height = LINE_POINTS * scale * max([1, *lines]) + 2


def merge(
    sheet: Worksheet, row: int, text: str, *, columns: int, width: float, **style: Any
) -> None:
    """Write a text over several columns, the row as high as its lines need.

    Parameters
    ----------
    sheet : Worksheet
        Where.
    row : int
        Which.
    text : str
        What.
    columns : int
        How many columns from the first.
    width : float
        Their width in characters.
    **style : object
        As ``put`` takes it.
    """
    fit_height(sheet, row, [(text, width)], size=style.get("size", 11))
    put(sheet.cell(row, 1), text, **style)
    if columns > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
