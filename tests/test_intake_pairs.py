"""Surveys that ask each item twice: level and need stand side by side."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.errors import MappingError
from cakra_analysis.intake import import_survey, read_mapping, write_import
from cakra_analysis.load import load
from cakra_analysis.needs import combine_ratings, score_person_gaps
from cakra_analysis.privacy import Key, pseudonymise
from tests.conftest import ROOT

LAN = ROOT / "docs" / "examples" / "lan-2026" / "mapping.toml"
ANSWERS = {
    "NIP": ["198609262015051001", "199001012020122002", "198609262015051001", ""],
    "Nama": ["A", "B", "A", ""],
    "Jabatan": ["", "", "", ""],
    "Unit": ["Sekretariat", "", "sekretariat", "Sekretariat"],
    "Penguasaan [Integritas]": ["Mampu", "2", "Sangat mampu", "1"],
    "Penguasaan [Kerja Sama]": ["Mampu", "", "Cukup mampu", ""],
    "Penguasaan [Komunikasi]": ["Mampu", "4", "4", ""],
    "Kebutuhan [kerja  sama]": ["Membutuhkan", "Sangat membutuhkan", "5", ""],
    "Kebutuhan [Integritas]": ["1", "Sangat membutuhkan", "Tidak membutuhkan", ""],
    "Kebutuhan [Inovasi]": ["", "3", "", ""],
    "Kompetensi lain": ["", "", "", ""],
}


SECRET = bytes(range(32))
FIRST, SECOND = pseudonymise(pd.Series(ANSWERS["NIP"][:2]), Key(SECRET))


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAKRA_KEY", SECRET.hex())
    pd.DataFrame(ANSWERS).to_csv(tmp_path / "jawaban.csv", index=False)
    return tmp_path / "jawaban.csv"


def change(tmp_path: Path, old: str, new: str) -> Path:
    text = LAN.read_text("utf-8")
    assert old in text
    (tmp_path / "m.toml").write_text(text.replace(old, new, 1))
    return tmp_path / "m.toml"


def test_level_and_need_of_an_item_are_one_rating(export: Path, tmp_path: Path) -> None:
    result = import_survey(LAN, export)
    write_import(result, tmp_path / "out")
    data = load(tmp_path / "out")
    names = data["competencies"].set_index("competency_id")["name_id"]
    assert names.to_dict() == {
        "M.01": "Integritas",
        "M.02": "Kerja Sama",
        "M.03": "Komunikasi",
        "M.04": "Inovasi",
    }
    rows = data["ratings"].fillna(-1)[["staff_id", "competency_id", "level", "need"]]
    assert rows.values.tolist() == [
        [FIRST, "M.01", 5, 2],
        [FIRST, "M.02", 3, 5],
        [FIRST, "M.03", 4, -1],
        [SECOND, "M.01", 2, 5],
        [SECOND, "M.02", -1, 5],
        [SECOND, "M.03", 4, -1],
        [SECOND, "M.04", -1, 3],
    ]
    observed = combine_ratings(data["ratings"], weights={"self": 1.0})
    needed = combine_ratings(data["ratings"], weights={"self": 1.0}, value="need")
    gaps = score_person_gaps(observed, needed, data["staff"], definition="need minus mastery")
    assert gaps["gap"].tolist() == [-3, 2, 3]  # LAN: kebutuhan - penguasaan, where both are there


def test_what_only_one_grid_asks_is_said(export: Path) -> None:
    result = import_survey(LAN, export)
    assert result.unpaired == ['M.03 "Komunikasi" (level only)', 'M.04 "Inovasi" (need only)']
    assert any('"Inovasi" (need only)' in line for line in result.report())


def test_rows_left_out_are_reported_cell_by_cell(export: Path) -> None:
    result = import_survey(LAN, export)
    assert result.left_out.to_dict() == {
        2: 'row 4 is of the same person; duplicates = "last"',
        5: 'nobody: "NIP" is blank',
    }
    assert result.unplaced["row"].value_counts().to_dict() == {2: 7, 5: 2}
    assert [line for line in result.report() if "LEFT OUT" in line] == [
        'LEFT OUT: row 2 (row 4 is of the same person; duplicates = "last")',
        'LEFT OUT: row 5 (nobody: "NIP" is blank)',
    ]
    assert result.cells["could not be placed"] == 9
    assert sum(result.cells.values()) == 4 * len(ANSWERS)


def test_the_first_row_can_be_used_instead(export: Path, tmp_path: Path) -> None:
    result = import_survey(change(tmp_path, '"last"\n', '"first"\n'), export)
    assert list(result.left_out.index) == [4, 5]
    ratings = result.tables["ratings"].set_index(["staff_id", "competency_id"])
    assert ratings.loc[(FIRST, "M.01"), ["level", "need"]].tolist() == [4, 1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('becomes = "need"', 'becomes = "level"', '2 grids have the code "M": level, level'),
        ('becomes = "need"', 'becomes = "barrier"', '2 grids have the code "M": barrier, level'),
        ('"manajerial"', '"teknis"', "different groups: manajerial, teknis"),
        ('code = "M"', 'code = "P"', 'the grids are "P" (level), "M" (need)'),
    ],
)
def test_grids_that_do_not_pair_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = change(tmp_path, old, new)
    if "becomes" in old:  # the definition would be refused first
        text.write_text(text.read_text().replace("need minus mastery", "stated need"))
        extra = '[[grids]]\nstarts_with = "X"\nbecomes = "need"\nscale = "need"\ncode = "X"\n'
        text.write_text(text.read_text() + extra)
    with pytest.raises(MappingError) as caught:
        read_mapping(text)
    assert said in str(caught.value)
