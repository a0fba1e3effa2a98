"""Every table of a report as a workbook: one a sheet, with what a reader must know of it."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cakra_analysis import __version__
from cakra_analysis.report.chart_data import find_chart_data
from cakra_analysis.report.cover import Place, fill_cover
from cakra_analysis.report.sheet import fill_sheet
from cakra_analysis.report.sheet_cells import safe_text
from cakra_analysis.words import label

if TYPE_CHECKING:
    from openpyxl import Workbook

Block = Mapping[str, Any]
MOST_LETTERS = 31  # of a sheet's name
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_workbook(
    blocks: Sequence[Block], *, lang: str, when: datetime, version: str = __version__
) -> bytes:
    """Write a report's tables as a workbook.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page, from ``find_blocks``.
    lang : str
        ``id`` or ``en``.
    when : datetime
        Moment of the build, with its zone.
    version : str
        Of the library.

    Returns
    -------
    bytes
        An ``.xlsx`` file: a cover with the summary, the contents and the origin; then a sheet for
        every table of the page and for the figures behind every chart that no table shows. The same
        report gives the same bytes.
    """
    from openpyxl import Workbook

    book = Workbook()
    cover = book.worksheets[0]
    cover.title = label("sheet.cover", lang)
    places = _place(blocks, lang)
    for place in places:
        fill_sheet(book.create_sheet(place.sheet), place.table, _about(place, blocks), lang)
    fill_cover(cover, blocks, places, lang=lang, when=when, version=version)
    _describe(book, blocks, lang, when)
    return _pack(book, when)


def _place(blocks: Sequence[Block], lang: str) -> list[Place]:
    """Which table goes to which sheet; a sheet is called by its number and its section."""
    places: list[Place] = []
    section: dict[str, str] = {}
    last = ""
    for block in blocks:
        last = block["small"] if block["kind"] == "section" else last
        if block["kind"] in ("table", "figure"):
            section.setdefault(block["number"], last)
    taken = {label("sheet.cover", lang).lower()}
    for table in [*(b for b in blocks if b["kind"] == "table"), *find_chart_data(blocks, lang)]:
        first = f"{table['number'].split(',')[0].rstrip('.')}."  # of several charts
        name = name_sheet(f"{table['number'].rstrip('.')} {section.get(first, '')}", taken)
        places.append(Place(name, table))
        taken.add(name.lower())
    return places


def name_sheet(text: str, taken: set[str]) -> str:
    """Return a name that a sheet may have.

    Parameters
    ----------
    text : str
        What it should be called.
    taken : set of str
        Names of other sheets, in small letters.

    Returns
    -------
    str
        At most 31 characters, none of those that spreadsheet programs forbid, not taken yet.

    Examples
    --------
    >>> name_sheet("Tabel 1 [a/b]", {"tabel 1 a b"})
    'Tabel 1 a b (2)'
    """
    clean = " ".join(safe_text(text).translate(FORBIDDEN).split())
    name, number = _cut(clean, MOST_LETTERS), 1
    while name.lower() in taken:
        number += 1
        end = f" ({number})"
        name = f"{_cut(clean, MOST_LETTERS - len(end))}{end}"
    return name


def _cut(text: str, most: int) -> str:
    """Whole words as far as there is room; a dash where there are none."""
    short = textwrap.shorten(text, most, placeholder="")
    return short or text[:most].strip() or "–"


def _about(place: Place, blocks: Sequence[Block]) -> dict[str, Any]:
    """Threshold and source of a table."""
    origins = [b for b in blocks if b["kind"] == "provenance"]
    limits = {t["name"]: t["threshold"] for b in origins for t in b["tables"]}
    facts = {key: value for b in origins for key, value in b["facts"].items()}
    limit = limits.get(place.table["table"], facts.get("threshold", "–"))
    return {"threshold": limit, "source": facts.get("source", "")}


def _describe(book: Workbook, blocks: Sequence[Block], lang: str, when: datetime) -> None:
    """Say of the file what it is and nothing of the machine or the person that made it."""
    header = next((b for b in blocks if b["kind"] == "header"), {"title": ""})
    about = book.properties
    about.creator, about.title, about.language = "cakra-analysis", safe_text(header["title"]), lang
    about.created = about.modified = when.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _pack(book: Workbook, when: datetime) -> bytes:
    """The file with one moment on all its parts, where openpyxl would write the present."""
    from openpyxl.writer.excel import ExcelWriter

    raw, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(raw, "w")).save()
    moment = when.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(packed, "w") as file:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, parts.read(name))
    return packed.getvalue()
