"""The sheets that are no tables: what to do, and examples."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cakra_analysis.contracts import Column, contracts
from cakra_analysis.template.purposes import read_examples
from cakra_analysis.template.table_sheet import COLOURS, INK, PALE, TEAL
from cakra_analysis.words import label

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

STEPS = ("order", "headings", "codes", "persons", "gap", "paste", "check")
WIDTHS = {"A": 24.0, "B": 72.0, "C": 30.0}
LINE = 15.5  # points
TITLE: dict[str, Any] = {"bold": True, "size": 16, "color": TEAL}
HEADING = TITLE | {"size": 13}


def write_guide(sheet: Worksheet, tables: Mapping[str, bool], *, lang: str) -> None:
    """Write what the workbook holds and how it is filled in.

    Parameters
    ----------
    sheet : Worksheet
        An empty one.
    tables : mapping of str to bool
        By name, whether it cannot be left empty.
    lang : str
        ``id`` or ``en``.
    """
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.title = label("template.guide", lang)
    sheet.sheet_view.showGridLines = False
    _say(sheet, label("template.title", lang), **TITLE)
    _say(sheet, label("template.what", lang))
    _list_tables(sheet, tables, lang)
    _say(sheet, label("template.steps", lang), **HEADING)
    steps = [s for s in STEPS if s != "gap" or "ratings" in tables]
    for number, step in enumerate(steps, start=1):
        _say(sheet, f"{number}. {label(f'template.step.{step}', lang)}")
    _say(sheet, label("template.step.example", lang, example=label("template.example", lang)))
    _say(sheet, label("template.colours", lang), **HEADING)
    for fault, colour in COLOURS.items():
        row = sheet.max_row + 1
        _fill(sheet.cell(row, 1), colour)
        _put(sheet.cell(row, 2), label(f"template.colour.{fault}", lang))


def write_examples(sheet: Worksheet, columns: Mapping[str, Sequence[Column]], *, lang: str) -> None:
    """Write example rows of each table, one table below the other.

    Parameters
    ----------
    sheet : Worksheet
        An empty one, whose name begins with ``_``.
    columns : mapping of str to sequence of Column
        Those of each table.
    lang : str
        ``id`` or ``en``.
    """
    from openpyxl.styles import Alignment

    _put(sheet.cell(1, 1), label("template.example_title", lang), bold=True, color=TEAL)
    sheet["A1"].alignment = Alignment(wrap_text=False)
    row = 3
    for table, mine in columns.items():
        _put(sheet.cell(row, 1), table, bold=True, color=TEAL)
        for place, column in enumerate(mine, start=1):
            _put(sheet.cell(row + 1, place), column.name, bold=True)
            _fill(sheet.cell(row + 1, place), PALE)
        for down, example in enumerate(read_examples(table), start=row + 2):
            for place, column in enumerate(mine, start=1):
                sheet.cell(down, place).value = example.get(column.name)
                sheet.cell(down, place).number_format = "General" if column.is_number else "@"
        row += 3 + len(read_examples(table))
    for letter in "ABCDEFGHIJKLMNOP":
        sheet.column_dimensions[letter].width = 20


def _list_tables(sheet: Worksheet, tables: Mapping[str, bool], lang: str) -> None:
    """A link to each sheet, and whether it must hold something."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    row = sheet.max_row + 1
    for place, what in enumerate(("sheet", "row", "need"), start=1):
        _put(sheet.cell(row, place), label(f"template.heading.{what}", lang), bold=True)
        _fill(sheet.cell(row, place), PALE)
    for down, (name, least) in enumerate(tables.items(), start=row + 1):
        link, text = sheet.cell(down, 1), contracts()[name].row[lang]
        _put(link, name, color=TEAL, underline="single")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!A1")
        _put(sheet.cell(down, 2), text)
        _put(sheet.cell(down, 3), label("template.least" if least else "template.more", lang))
        sheet.row_dimensions[down].height = LINE * math.ceil(len(text) / WIDTHS["B"])


def _say(sheet: Worksheet, text: str, **font: Any) -> None:
    """A text over the three columns, in the next row, which is as high as it needs."""
    from openpyxl.styles import Alignment

    row = sheet.max_row + 1
    sheet.merge_cells(f"A{row}:C{row}")
    _put(sheet[f"A{row}"], text, **font)
    size = font.get("size", 11) / 11
    lines = math.ceil(len(text) * size / (sum(WIDTHS.values()) * 0.92))
    sheet.row_dimensions[row].height = LINE * lines * size + (14 if font else 3)
    sheet[f"A{row}"].alignment = Alignment(vertical="bottom" if font else "top", wrap_text=True)


def _put(cell: Any, text: str, **font: Any) -> None:
    from openpyxl.styles import Alignment, Font

    cell.value = text
    cell.font = Font(**{"name": "Calibri", "size": 11, "color": INK, **font})
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _fill(cell: Any, colour: str) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=colour)
