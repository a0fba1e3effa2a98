"""Several answers, stakeholders, times: every cell placed, reported or declared ignored."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.errors import MappingError
from cakra_analysis.intake import import_survey, write_import
from cakra_analysis.intake.choices import split_answer
from cakra_analysis.intake.flags import flag_rows
from cakra_analysis.intake.times import find_orders, read_times
from cakra_analysis.load import load
from cakra_analysis.needs import score_answers

HEAD = """
cycle = "2026"
[about]
population = "unknown"
gap_definition = "{gap}"
[person]
each_row = true
"""
STAFF = """
[unit]
column = "Unit"
root = "Semua"
"""
NEED = """
[[grids]]
columns = ["Perlu A"]
becomes = "need"
scale = "angka_5"
code = "K"
"""


def bring(folder: Path, mapping: str, *lines: str):
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    (folder / "e.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_survey(folder / "m.toml", folder / "e.csv")


@pytest.mark.parametrize(
    ("text", "joint", "found", "left"),
    [
        ("Kelas, tatap muka, Magang", ", ", ["Kelas, tatap muka", "Magang"], []),
        ("magang;kelas, tatap muka;", ";", ["Magang", "Kelas, tatap muka"], []),
        ("Magang di luar, Magang", ", ", ["Magang"], ["Magang di luar"]),
        ("Magang Lain", " ", ["Magang"], ["Lain"]),
        (";", ";", [], []),
    ],
)
def test_a_joined_answer_is_split(text: str, joint: str, found: list, left: list) -> None:
    assert split_answer(text, ["Kelas, tatap muka", "Magang", "Kelas"], joint) == (found, left)


def test_several_answers_are_placed_and_the_rest_reported(tmp_path: Path) -> None:
    more = '[[choices]]\ncolumn = "Cara"\njoined_by = ", "\noptions = ["Kelas, tatap muka", '
    more += '"Magang"]\nbecomes = "learning_format"\ncode = "C"\n'
    more += '[[choices]]\nstarts_with = "H/"\noptions = { a = "Jarak", b = "Biaya" }\n'
    more += 'becomes = "barrier"\ncode = "H"\n'
    result = bring(
        tmp_path,
        HEAD.format(gap="stated need") + STAFF + NEED + more,
        "Unit,Perlu A,Cara,H/a,H/b",
        'U,3,"Kelas, tatap muka, Magang",1,0',
        'U,4,"Magang, Studi banding",0,5',
        "V,5,,,",
    )
    answers = result.tables["answers"]
    assert answers[["staff_id", "question_id", "level"]].values.tolist() == [
        ["R2", "C.01", 2],
        ["R3", "C.01", 1],
        ["R2", "C.02", 2],
        ["R3", "C.02", 2],
        ["R2", "H.01", 2],
        ["R3", "H.01", 1],
        ["R2", "H.02", 1],
        ["R3", "H.02", 1],
    ]
    assert result.unplaced.values.tolist() == [
        [3, "Cara", "Studi banding", "not among the options"],
        [3, "H/b", "5", "not among the options"],
    ]
    assert result.cells["placed in part"] == 1 and result.cells["could not be placed"] == 1
    assert sum(result.cells.values()) == 15
    write_import(result, tmp_path / "out")
    data = load(tmp_path / "out")
    args = (data["answers"], data["questions"], data["scales"], data["staff"], data["units"])
    scored = score_answers(*args, block="learning_format")
    whole = scored[scored["unit_id"] == "ALL"].set_index("question_id")
    assert whole["agree_share"].to_dict() == {"C.01": 0.5, "C.02": 1.0}


def test_stakeholders_are_placed_by_group(tmp_path: Path) -> None:
    sides = "".join(
        f'[[grids]]\nstarts_with = "{start}"\nbecomes = "{side}"\nscale = "angka_5"\ncode = "S"\n'
        'ids = { Data = "T.1" }\n'
        for start, side in (("Penting", "importance"), ("Baik", "performance"))
    )
    group = '[group]\ncolumn = "Siapa"\nvalues = { Warga = "public", Toko = "private" }\n'
    result = bring(
        tmp_path,
        HEAD.format(gap="importance minus performance") + group + sides,
        "Siapa,Penting [Data],Baik [Data]",
        'warga,5,"3,0"',
        "Lain,4,4",
        "Toko,4,9",
    )
    said = result.tables["stakeholder_answers"]
    assert said["stakeholder_id"].tolist() == ["R2", "R4"]
    assert said["importance"].tolist() == [5, 4] and said["performance"].tolist()[0] == 3
    assert result.left_out.to_dict() == {3: '"Siapa" tells no group of the mapping'}
    write_import(result, tmp_path / "out")
    assert load(tmp_path / "out")["stakeholders"]["group"].tolist() == ["public", "private"]


def test_levels_alone_wait_for_their_standards(tmp_path: Path) -> None:
    grid = NEED.replace('"need"', '"level"')
    mapping = HEAD.format(gap="standard minus observed") + STAFF + grid
    result = bring(tmp_path, mapping, "Unit,Perlu A", "U,3", "V,4")
    assert any("standards" in line for line in result.report())
    files = write_import(result, tmp_path / "out")
    about = pd.read_csv(next(f for f in files if f.name == "about.csv"))
    assert about["value"].tolist()[-1] == "standard minus observed"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("each_row = true", 'each_row = true\ncolumn = "Unit"', "both column and each_row"),
        ("each_row = true", "", "neither column nor each_row"),
        ("each_row = true", "each_row = true\npseudonym = true", "no code to hide"),
        ('columns = ["Perlu A"]', "", "neither starts_with nor columns"),
        ('becomes = "need"', 'becomes = "importance"', "gap_definition"),
        ("[unit]", '[group]\ncolumn = "U"\nvalues = { a = "public" }\n[unit]', "both [unit]"),
    ],
)
def test_a_mapping_that_says_too_much_or_little_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    mapping = (HEAD.format(gap="stated need") + STAFF + NEED).replace(old, new, 1)
    with pytest.raises(MappingError) as caught:
        bring(tmp_path, mapping, "Unit,Perlu A", "U,3")
    assert said in str(caught.value)


def test_the_row_sent_last_counts_whatever_its_place(tmp_path: Path) -> None:
    mapping = (HEAD.format(gap="stated need") + STAFF + NEED).replace(
        "each_row = true", 'column = "Kode"\nduplicates = "last"'
    )
    mapping += '[times]\nend = "Sent"\ndates = "day first"\n'
    lines = ["Kode,Unit,Perlu A,Sent", "A,U,5,3/4/2026 10.29.00", "A,U,1,2/5/2025 09.40.00"]
    result = bring(tmp_path, mapping, *lines, "B,U,2,besok")
    assert result.tables["ratings"]["need"].tolist() == [5, 2]
    assert result.left_out.index.tolist() == [3]
    assert [5 - 1, "Sent", "besok", "no date, day first"] in result.unplaced.values.tolist()


def test_times_are_read_as_they_are_written() -> None:
    texts = pd.Series(["3/4/2026 10.05.33", "46115.5", "2026-04-03T10:05:33+08:00", "3 Agu 2026"])
    read = read_times(texts, "day first").astype("str").tolist()
    assert read == [
        "2026-04-03 10:05:33",
        "2026-04-03 12:00:00",
        "2026-04-03 10:05:33",
        "2026-08-03 00:00:00",
    ]
    assert read_times(texts, "month first").dt.month.tolist()[0] == 3
    assert find_orders(["10.05.33"]) == [] and find_orders([]) == []
    assert read_times(pd.Series(["3/4/2026 1:05:00 PM"]), "month first").dt.hour.tolist() == [13]


def test_careless_rows_are_flagged_and_kept() -> None:
    items = pd.DataFrame({"column": list("abcde"), "code": "K", "becomes": "need"})
    levels = pd.DataFrame([[1, 2, 3, 4, 5]] * 12, columns=list("abcde"), index=range(2, 14))
    levels.loc[5] = 4
    start = pd.Series(pd.Timestamp("2026-01-01"), index=levels.index)
    end = start + pd.to_timedelta([300, 20, 300, 300, -5] + [300] * 7, unit="s")
    flags = flag_rows(items, levels, start, end)
    assert flags[["row", "flag"]].values.tolist() == [
        [3, "very fast"],
        [5, "one answer throughout"],
        [6, "ends before it starts"],
    ]


def test_a_grid_may_be_left_out(tmp_path: Path) -> None:
    more = NEED.replace("Perlu A", "Gap A").replace('"need"', '"ignore"')
    mapping = HEAD.format(gap="stated need") + STAFF + NEED + more
    result = bring(tmp_path, mapping, "Unit,Perlu A,Gap A", "U,3,-2")
    assert result.ignored == ["Gap A"] and result.cells["under ignored headers"] == 1
    assert len(result.tables["ratings"]) == 1
