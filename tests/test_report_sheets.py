"""The workbook of a report, read back cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from cakra_analysis.report.chart_data import find_chart_data
from cakra_analysis.report.numbers import DIGITS, write_form
from cakra_analysis.report.sheets import name_sheet, write_workbook
from cakra_analysis.report.tables import RANGES
from cakra_analysis.words.numbers import PATTERNS

WHEN = datetime(2026, 11, 24, 7, 5, tzinfo=ZoneInfo("Asia/Makassar"))
HEAD = 3
COLUMNS = [
    {"name": "name_id", "kind": "text", "heading": "Kompetensi"},
    {"name": "value", "kind": "signed", "heading": "Kesenjangan"},
    {"name": "interval", "kind": "interval", "heading": "Selang 95%"},
    {"name": "share", "kind": "percent", "heading": "Bagian"},
    {"name": "cost", "kind": "thousands", "heading": "Biaya (ribu Rp)"},
    {"name": "category", "kind": "category", "heading": "Kategori"},
]
GOOD = {"name_id": "Integritas", "value": 0.123456, "low": 0.1, "high": None, "share": 0.25}
GOOD |= {"cost": 78620000.0, "category": "low", "suppressed": False}
HIDDEN = dict.fromkeys(GOOD) | {"name_id": "Kerja sama", "suppressed": True}
EMPTY = dict.fromkeys(GOOD) | {"name_id": "Komunikasi", "suppressed": False}


def table(rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    block = {"kind": "table", "number": "Tabel 1.", "caption": "Kesenjangan.", "table": "gaps"}
    return block | {"columns": COLUMNS, "rows": rows, "lang": "id", "scroll": ""} | changes


def report(*blocks: dict[str, Any], rows: list[dict[str, Any]] | None = None) -> list[Any]:
    published = {"name": "gaps", "audience": "leadership", "threshold": 7, "counts": "n"}
    facts = {"fingerprint": "f" * 64, "threshold": 5, "source": "Contoh", "synthetic": True}
    return [
        {"kind": "header", "title": "Judul", "eyebrow": "Analisis", "facts": ["Unit A", "2026"]},
        {"kind": "summary", "head": "Ringkasan", "items": [{"head": "Satu.", "text": "Dua."}]},
        {"kind": "figures", "items": [{"value": "7", "what": "kompetensi"}]},
        {"kind": "section", "name": "where", "small": "Sebaran", "title": "Lebar", "text": ""},
        *blocks,
        {"kind": "provenance", "facts": facts, "findings": []}
        | {"tables": [published | {"keys": [], "rows": rows or []}]},
    ]


def read(blocks: list[Any], lang: str = "id") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(blocks, lang=lang, when=WHEN)))


def texts(sheet: Any) -> list[str]:
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_figures_are_numbers_with_their_format_and_marks_are_told() -> None:
    sheet = read(report(table([GOOD, HIDDEN, EMPTY])))["Tabel 1 Sebaran"]
    heads = [cell.value for cell in sheet[HEAD]]
    assert heads[:4] == ["Kompetensi", "Kesenjangan", "Selang 95%: dari", "Selang 95%: sampai"]
    good, hidden, empty = ([c.value for c in sheet[HEAD + n][:7]] for n in (1, 2, 3))
    assert good == ["Integritas", 0.123456, 0.1, "tanpa batas atas", 0.25, 78620.0, "rendah"]
    assert hidden == ["Kerja sama", *["•"] * 6] and empty == ["Komunikasi", *["–"] * 6]
    assert sheet.cell(HEAD + 1, 5).number_format.startswith("[$-421]0%")
    notes = texts(sheet)[-4:]
    assert "kurang dari 7" in notes[0] and "–" in notes[1] and "Contoh" in notes[2]
    assert sheet["A1"].value == "Tabel 1. Kesenjangan."


def test_a_sheet_can_be_read_filtered_and_printed() -> None:
    sheet = read(report(table([GOOD, HIDDEN])))["Tabel 1 Sebaran"]
    assert sheet.freeze_panes == "B4" and sheet.auto_filter.ref == "A3:G5"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    assert all(cell.alignment.wrap_text for cell in sheet[HEAD][:7])
    assert all(9 <= sheet.column_dimensions[c].width <= 60 for c in "ABCDEFG")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_cover_tells_and_leads_everywhere(lang: str) -> None:
    book = read(report(table([GOOD]), table([HIDDEN], number="Tabel 2.")), lang)
    cover = book.worksheets[0]
    told = " ".join(texts(cover))
    for said in ("Judul", "Unit A · 2026", "Satu.", "Dua.", "f" * 64, "Contoh", "WITA", "7"):
        assert said in told
    links = [c.hyperlink.location for row in cover.iter_rows() for c in row if c.hyperlink]
    assert links == [f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]]
    for sheet in book.worksheets[1:]:
        back = [c.hyperlink for row in sheet.iter_rows() for c in row if c.hyperlink]
        assert [b.location for b in back] == [f"'{cover.title}'!A1"]


def test_the_same_report_gives_the_same_bytes_and_no_name() -> None:
    blocks = report(table([GOOD]))
    first = write_workbook(blocks, lang="id", when=WHEN)
    assert first == write_workbook(blocks, lang="id", when=WHEN)
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        core = file.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in file.infolist()} == {(2026, 11, 23, 23, 5, 0)}
    assert re.search(r"<dc:creator[^>]*>cakra-analysis</dc:creator>", core)
    assert "lastModifiedBy" not in core
    assert re.findall(r"2\d{3}-\d\d-\d\dT[\d:]+Z", core) == ["2026-11-23T23:05:00Z"] * 2


def test_charts_bring_the_figures_that_no_table_shows() -> None:
    drawn = {"kind": "figure", "caption": "Naik.", "table": "gaps", "alt": ""}
    figures = [drawn | {"number": f"Gambar {n}."} for n in (1, 3)]
    label = "Tidak\nYa"
    answer = {"name_id": "Kelas", "share_1": 0.25, "share_2": None, "n": 9, "label_id": label}
    rows = [answer | {"low": 1.0, "high": 2.0, "level": 0.95, "suppressed": False}]
    (found,) = find_chart_data(report(*figures, rows=rows), "id")
    assert found["number"] == "Gambar 1, 3." and "Naik." in found["caption"]
    headings = [c["heading"] for c in found["columns"]]
    assert headings == ["Nama", "Selang 95%", "Jumlah (n)", "Tidak", "Ya"]
    assert find_chart_data(report(*figures, table(rows), rows=rows), "id") == []
    longer = [GOOD | {"unit": "A"}, GOOD | {"unit": "B"}]
    (found,) = find_chart_data(report(*figures, table([GOOD]), rows=longer), "id")
    assert [c["heading"] for c in found["columns"]] == ["Unit", *(c["heading"] for c in COLUMNS)]


def test_every_kind_of_figure_has_a_format() -> None:
    assert set(DIGITS) == {*PATTERNS, "rupiah"} and {r[2] for r in RANGES.values()} <= set(DIGITS)
    for lang in ("id", "en"):
        assert all(write_form(kind, lang).count(";") == 2 for kind in DIGITS)


def test_names_of_sheets_are_short_allowed_and_apart() -> None:
    taken: set[str] = set()
    for text in ["Tabel 1 " + "kata " * 20, "Tabel 1 " + "KATA " * 20, "[a]:*?/\\b'", "", "x" * 99]:
        name = name_sheet(text, taken)
        assert 0 < len(name) <= 31 and name.lower() not in taken
        assert not set("[]:*?/\\'") & set(name) and name == name.strip()
        taken.add(name.lower())
