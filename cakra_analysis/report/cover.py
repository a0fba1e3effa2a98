"""The first sheet of a workbook: what was found, what the sheets hold, where the data are from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cakra_analysis.report.sheet import lay_out
from cakra_analysis.report.sheet_cells import MUTE, TEAL, fit_height, link, merge, put
from cakra_analysis.words import label, write_date

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Block = Mapping[str, Any]
WIDTHS = (34, 100)  # characters


class Place(NamedTuple):
    """A sheet's name, and the table block that stands on it."""

    sheet: str
    table: Mapping[str, Any]


def fill_cover(
    sheet: Worksheet,
    blocks: Sequence[Block],
    places: Sequence[Place],
    *,
    lang: str,
    when: datetime,
    version: str,
) -> None:
    """Write the first sheet.

    Parameters
    ----------
    sheet : Worksheet
        Empty.
    blocks : sequence of mapping
        Of the page.
    places : sequence of Place
        The other sheets.
    lang : str
        ``id`` or ``en``.
    when : datetime
        Moment of the build, with its zone.
    version : str
        Of the library.
    """
    for letter, width in zip("AB", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    by_kind = {block["kind"]: block for block in blocks}
    row = _write_head(sheet, by_kind)
    for said, text in _say_figures(by_kind):
        row = _write_pair(sheet, row, said, text)
    row = _write_title(sheet, row + 1, label("sheet.contents", lang))
    for place in places:
        link(sheet.cell(row, 1), place.sheet, place.sheet)
        put(sheet.cell(row, 2), place.table["caption"])
        fit_height(sheet, row, [(place.table["caption"], WIDTHS[1])])
        row += 1
    row = _write_title(sheet, row + 1, label("sheet.about", lang))
    for said, text in _say_origin(by_kind.get("provenance", {}), lang, when, version):
        row = _write_pair(sheet, row, said, text)
    lay_out(sheet)


def _write_head(sheet: Worksheet, by_kind: Mapping[str, Block]) -> int:
    """Title, whom it is about, the summary; the first row below."""
    header = by_kind.get("header", {"eyebrow": "", "title": "", "facts": []})
    both = {"columns": 2, "width": sum(WIDTHS)}
    merge(sheet, 1, header["eyebrow"], colour=TEAL, bold=True, **both)
    merge(sheet, 2, header["title"], size=18, bold=True, **both)
    merge(sheet, 3, " · ".join(header["facts"]), colour=MUTE, **both)
    row = 5
    if summary := by_kind.get("summary"):
        row = _write_title(sheet, row, summary["head"])
        for item in summary["items"]:
            row = _write_pair(sheet, row, item["head"], item["text"])
    return row + 1


def _say_figures(by_kind: Mapping[str, Block]) -> list[tuple[str, str]]:
    items = by_kind.get("figures", {"items": []})["items"]
    return [(item["value"], item["what"]) for item in items]


def _say_origin(origin: Block, lang: str, when: datetime, version: str) -> list[tuple[str, str]]:
    """Rules of the figures, and what they were made from."""
    facts = origin.get("facts", {})
    mark, limit = label("page.hidden_mark", lang), facts.get("threshold", "–")
    made = [
        ("note_hidden", label("sheet.hidden", lang, mark=mark, threshold=limit)),
        ("note_rounding", label("sheet.rounding", lang)),
        ("note_ranges", label("sheet.ranges", lang)),
        ("note_source", str(facts.get("source", ""))),
        ("note_data", str(facts.get("fingerprint", ""))),
        ("note_made", write_date(when, lang)),
        ("note_version", f"cakra-analysis {version}"),
    ]
    said = [(label(f"sheet.{key}", lang), text) for key, text in made if text]
    synthetic = [("", label("page.synthetic", lang))] if facts.get("synthetic") else []
    return said + synthetic


def _write_title(sheet: Worksheet, row: int, text: str) -> int:
    put(sheet.cell(row, 1), text, bold=True, size=13, colour=TEAL, wrap_text=False)
    return row + 1


def _write_pair(sheet: Worksheet, row: int, said: str, text: str) -> int:
    put(sheet.cell(row, 1), said, bold=True)
    put(sheet.cell(row, 2), text)
    fit_height(sheet, row, [(said, WIDTHS[0] * 0.9), (text, WIDTHS[1])])
    return row + 1
