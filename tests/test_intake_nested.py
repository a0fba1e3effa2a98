"""A repeated group inside another: its rows name rows of the other sheet, and not persons."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from cakra_analysis.intake import import_survey, suggest_mapping
from tests.test_intake_suggest import apply

LINKS = ["_index", "_parent_table_name", "_parent_index"]
MAPPING = """cycle = "2026"
sheet = "main"
ignore = ["_uuid"]
[about]
name_id = "A"
name_en = "A"
gap_definition = "stated need"
[person]
each_row = true
[unit]
root = "Semua"
[[repeats]]
sheet = "komp"
item = "kompetensi"
code = "R1"
ignore = ["_index", "_parent_table_name"]
[[repeats.asks]]
column = "kebutuhan"
becomes = "need"
scale = "angka_5"
"""


def write(folder: Path, parent: str) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "main"
    for row in (["nama_opd", "_uuid", "_index"], ["A", "u1", 1], ["B", "u2", 2], ["A", "u3", 3]):
        book.active.append(row)
    tasks, rated = book.create_sheet("tugas"), book.create_sheet("komp")
    for row in (["tugas", *LINKS], ["a", 1, "main", 3], ["b", 2, "main", 3], ["c", 3, "main", 1]):
        tasks.append(row)
    rated.append(["kompetensi", "kebutuhan", *LINKS])
    for n in range(6):
        rated.append([f"k{n // 3}", n % 5 + 1, n + 1, parent, n % 3 + 1])
    book.save(folder / "e.xlsx")
    return folder / "e.xlsx"


def test_rows_of_a_group_in_a_group_are_given_to_nobody(tmp_path: Path) -> None:
    result = apply(tmp_path, write(tmp_path, "main"), MAPPING)
    assert len(result.tables["ratings"]["need"].dropna()) == 6 and result.unplaced.empty
    result = import_survey(tmp_path / "m.toml", write(tmp_path, "tugas"))
    assert result.tables["ratings"]["need"].isna().all()
    assert set(result.unplaced["reason"]) == {"it belongs to sheet tugas"}
    assert len(result.unplaced) == 12


def test_nothing_is_proposed_for_a_group_in_a_group(tmp_path: Path) -> None:
    assert 'sheet = "komp"' in suggest_mapping(write(tmp_path, "main")).text
    assert "[[repeats]]" not in suggest_mapping(write(tmp_path, "tugas")).text
