"""One table on one sheet: title, frozen header, filter, figures, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cakra_analysis.report.numbers import Cell, Column, read_cell, split_columns
from cakra_analysis.report.sheet_cells import INK, LINE, MUTE, TEAL, fit_height, link, merge, put
from cakra_analysis.report.tables import RANGES, TEXT, is_hidden, write_cell
from cakra_analysis.words import label

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = 3  # row of the headings
NARROWEST, WIDEST, TITLE = 9, 60, 90  # characters


def fill_sheet(
    sheet: Worksheet, table: Mapping[str, Any], about: Mapping[str, Any], lang: str
) -> None:
    """Write a table on an empty sheet.

    Parameters
    ----------
    sheet : Worksheet
        Of openpyxl.
    table : mapping
        A table block.
    about : mapping
        threshold (fewest people behind a shown figure) and source of the data.
    lang : str
        ``id`` or ``en``.
    """
    columns = split_columns(table["columns"], lang)
    cells = [[read_cell(row, column, lang) for column in columns] for row in table["rows"]]
    widths = _set_widths(sheet, columns, table, lang)
    _write_rows(sheet, columns, cells, widths)
    span, width = _span(widths)
    title = f"{table['number']} {table['caption']}"
    merge(sheet, 1, title, columns=span, width=width, bold=True, size=12)
    row = HEAD + len(cells) + 2
    for text in _notes(table, cells, about, lang):
        merge(sheet, row, text, columns=span, width=width, colour=MUTE)
        row += 1
    merge(sheet, row, "", columns=span, width=width)
    link(sheet.cell(row, 1), label("sheet.back", lang), label("sheet.cover", lang))
    _set_paper(sheet, HEAD + len(cells), len(columns))


def _span(widths: Sequence[float]) -> tuple[int, float]:
    """How many columns a title needs, empty ones beside a narrow table too, and their width."""
    count, width = 0, 0.0
    while width < TITLE:
        width += widths[count] if count < len(widths) else NARROWEST
        count += 1
    return count, width


def _set_widths(
    sheet: Worksheet, columns: Sequence[Column], table: Mapping[str, Any], lang: str
) -> list[float]:
    """As wide as the longest figure or word; long headings and sentences wrap."""
    from openpyxl.utils import get_column_letter

    widths: list[float] = []
    for number, column in enumerate(columns, start=1):
        shown = [write_cell(row, column.name, column.kind, lang) for row in table["rows"]]
        if column.kind in RANGES:  # both ends in one text
            shown = [text[: len(text) // 2 + 1] for text in shown]
        words = max((len(word) for word in column.heading.split()), default=0)
        head = max(words + 4, len(column.heading) / 3 + 4)  # room for the filter's button
        wide = max([NARROWEST, head, *(1.1 * len(text) + 2 for text in shown)])
        widths.append(float(min(wide, WIDEST)))
        sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
    return widths


def _write_rows(
    sheet: Worksheet,
    columns: Sequence[Column],
    cells: Sequence[Sequence[Cell]],
    widths: Sequence[float],
) -> None:
    from openpyxl.styles import Border, Side

    sides = [_side(column, number) for number, column in enumerate(columns)]
    heads = [(column.heading, wide - 3) for column, wide in zip(columns, widths, strict=True)]
    fit_height(sheet, HEAD, heads)
    for number, (column, side) in enumerate(zip(columns, sides, strict=True), start=1):
        head = {"bold": True, "colour": "FFFFFF", "fill": TEAL, "vertical": "bottom"}
        put(sheet.cell(HEAD, number), column.heading, **head, **side)
    line = Border(bottom=Side("thin", color=LINE))
    for place, row in enumerate(cells, start=HEAD + 1):
        fit_height(sheet, place, [(_said(c), w) for c, w in zip(row, widths, strict=True)])
        for number, (column, cell, side) in enumerate(zip(columns, row, sides, strict=True), 1):
            mark = isinstance(cell.value, str) and column.kind not in (*TEXT, "open")
            target = sheet.cell(place, number)
            put(target, cell.value, form=cell.form, colour=MUTE if mark else INK, **side)
            target.border = line


def _said(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _side(column: Column, number: int) -> dict[str, Any]:
    """Figures stand right; words left, away from the figures before them."""
    if number and column.kind not in TEXT:
        return {"horizontal": "right"}
    return {"horizontal": "left", "indent": min(number, 1)}


def _notes(
    table: Mapping[str, Any],
    cells: Sequence[Sequence[Cell]],
    about: Mapping[str, Any],
    lang: str,
) -> list[str]:
    """What the marks in this table mean, and where the data are from."""
    mark = label("page.hidden_mark", lang)
    hidden = any(
        is_hidden(row, c["name"], c["kind"]) for row in table["rows"] for c in table["columns"]
    )
    notes = [label("sheet.hidden", lang, mark=mark, threshold=about["threshold"])] * hidden
    notes += [label("sheet.dash", lang)] * any(c.value == "–" for row in cells for c in row)
    return notes + [label("page.source", lang, source=about["source"])] * bool(about["source"])


def _set_paper(sheet: Worksheet, last: int, columns: int) -> None:
    """Headings stay in sight and stand on every sheet of paper, which lies."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = sheet.cell(HEAD + 1, 2)
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(columns)}{last}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    lay_out(sheet)


def lay_out(sheet: Worksheet) -> None:
    """Prepare a sheet for A4 paper: lying, as wide as the paper, pages numbered.

    Parameters
    ----------
    sheet : Worksheet
        Of openpyxl.
    """
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
