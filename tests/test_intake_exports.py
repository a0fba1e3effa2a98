"""Export files in the shapes of their tools: every cell is placed, reported or declared ignored.

Each is held to ``exports/expected.toml``, written by hand, and cell by cell to a reading of the raw
file with nothing of the library in it (``exports/reference.py``).
"""

from __future__ import annotations

import functools
import io
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from cakra_analysis import errors
from cakra_analysis.intake import Imported, answer_questions, import_survey, suggest_mapping
from cakra_analysis.intake.recognise import recognise
from tests.exports.make import FILES, FOLDER
from tests.exports.reference import (
    Expected,
    expect,
    expect_repeat,
    fold,
    name_headers,
    read_grids,
    text_of,
)
from tests.exports.result import people_of, read_back, read_ticks

HERE = Path(__file__).parent / "exports"
SAID: dict[str, dict[str, Any]] = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))
READ = [name for name, said in SAID.items() if "refused" not in said]
REFUSED = [name for name, said in SAID.items() if "refused" in said]
KEY = bytes(range(32)).hex()


def mapping_of(name: str) -> Path:
    return HERE / "mappings" / f"{Path(name).stem}.toml"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAKRA_KEY", KEY)


@functools.cache
def imported(name: str) -> Imported:
    return import_survey(mapping_of(name), FOLDER / name)


@functools.cache
def expected(name: str) -> Expected:
    said = SAID[name]
    plan = tomllib.loads(mapping_of(name).read_text("utf-8"))
    cut = {int(row) for row in said.get("cut", {})}
    left_out = set(said.get("left_out", []))
    return expect(read_grid(name), plan, header=said["header"], cut=cut, left_out=left_out)


def read_grid(name: str, *, merged: bool = True) -> list[list[Any]]:
    """The sheet of the answers."""
    grids = read_grids(FOLDER / name, merged=merged)
    return grids[SAID[name].get("sheet") or next(iter(grids))]


def repeated(
    name: str, want: Expected
) -> tuple[Counter[str], dict[tuple[int, str, str], int], set[tuple[int, str]]]:
    """Of the sheets of repeated groups: cells by class, levels, and what must be reported."""
    plan = tomllib.loads(mapping_of(name).read_text("utf-8"))
    classes: Counter[str] = Counter()
    levels: dict[tuple[int, str, str], int] = {}
    wrong: set[tuple[int, str]] = set()
    for repeat in plan.get("repeats", []):
        grid = read_grids(FOLDER / name)[repeat["sheet"]]
        counted, found, bad = expect_repeat(grid, repeat, plan, owners(name, want))
        classes += counted
        levels |= found
        wrong |= {(row, fold(f"{repeat['sheet']}: {grid[0][column - 1]}")) for row, column in bad}
    return classes, levels, wrong


def owners(name: str, want: Expected) -> dict[str, int]:
    """The place of the person by what repeated groups call the row."""
    grid = read_grid(name)
    column = [text_of(value) for value in grid[0]].index("_index")
    return {text_of(grid[row - 1][column]): place for place, row in enumerate(want.kept)}


def of_repeat(name: str, want: Expected, row: int, column: int) -> tuple[int, str, str]:
    """Whom and what a cell of a repeated group is about."""
    repeat = tomllib.loads(mapping_of(name).read_text("utf-8"))["repeats"][0]
    grid = read_grids(FOLDER / name)[repeat["sheet"]]
    header, cells = ([text_of(value) for value in grid[n]] for n in (0, row - 1))
    becomes = {asked["column"]: asked["becomes"] for asked in repeat["asks"]}[header[column - 1]]
    item = repeat["names"][cells[header.index(repeat["item"])]]
    return owners(name, want)[cells[header.index("_parent_index")]], becomes, item


def place(address: str) -> tuple[int, int]:
    letters, row = re.fullmatch(r"(?:\w+!)?([A-Z]+)(\d+)", address).groups()
    return int(row), column_index_from_string(letters)


@pytest.mark.slow
def test_the_files_are_what_their_makers_write() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(FILES) == set(SAID)
    assert len(FILES) >= 40
    for name, make in FILES.items():
        if name.endswith(".xlsx"):
            assert cells_of((FOLDER / name).read_bytes()) == cells_of(make()), name
        else:
            assert (FOLDER / name).read_bytes() == make(), name


def cells_of(content: bytes) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book]


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_every_cell_is_accounted_for(name: str) -> None:
    result, want = imported(name), expected(name)
    counted = {what: number for what, number in result.cells.items() if number}
    cut = counted.pop("in rows cut off", 0)
    classes = want.classes + repeated(name, want)[0]
    assert counted == {what: number for what, number in classes.items() if number}
    header, rows = SAID[name]["header"], [int(row) for row in SAID[name].get("cut", {})]
    grid = read_grid(name, merged=False)
    rows += range(1, header[0])
    assert cut == sum(bool(text_of(value)) for row in rows for value in grid[row - 1])


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_every_level_is_the_one_in_the_file(name: str) -> None:
    want = expected(name)
    place_of = {row: place for place, row in enumerate(want.kept)}
    levels = {
        (place_of[row], want.items[column][1], fold(want.items[column][0])): level
        for (row, column), level in want.levels.items()
    }
    assert read_back(imported(name)) == levels | repeated(name, want)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_levels_are_those_written_by_hand(name: str) -> None:
    want, got = expected(name), read_back(imported(name))
    place_of = {row: place for place, row in enumerate(want.kept)}
    for address, level in SAID[name]["levels"].items():
        row, item, becomes = about(name, want, address)
        assert got[place_of[row], becomes, fold(item)] == level, address


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_people_and_rows_are_those_written_by_hand(name: str) -> None:
    said, result, want = SAID[name], imported(name), expected(name)
    assert len(people_of(result)) == said["people"] == len(want.kept)
    assert list(result.left_out.index) == said.get("left_out", [])
    first, last = said["rows"]
    between = set(range(first, last + 1)) - set(said.get("no_answer", []))
    assert between == {*want.kept, *said.get("left_out", [])}
    cut = result.cut[result.cut["row"] > said["header"][-1]]
    assert sorted(cut["row"]) == sorted(int(row) for row in said.get("cut", {}))


@pytest.mark.parametrize("name", READ)
def test_what_cannot_be_placed_is_reported(name: str) -> None:
    said, result, want = SAID[name], imported(name), expected(name)
    grid_header = name_headers(read_grid(name), said["header"])
    told = {(row.row, fold(row.column)) for row in result.unplaced.itertuples()}
    below = repeated(name, want)[2]
    assert told == {(row, fold(grid_header[column - 1])) for row, column in want.wrong} | below
    single = {cell for cell in want.wrong if cell[0] not in said.get("left_out", [])}
    by_hand = said.get("reported", [])
    assert single == {place(address) for address in by_hand if "!" not in address}
    assert len(below) == sum("!" in address for address in by_hand)
    report = "\n".join(result.report())
    for row, column in single:
        assert f'NOT PLACED: row {row}, "{grid_header[column - 1]}"' in report
    for row, column in below:
        assert f'NOT PLACED: row {row}, "{column}"' in report


@pytest.mark.parametrize("name", [name for name in READ if "ticks" in SAID[name]])
def test_answers_with_several_choices(name: str) -> None:
    want, got = expected(name), read_ticks(imported(name))
    place_of = {row: place for place, row in enumerate(want.kept)}
    for (row, _), taken in want.ticks.items():
        for option in taken:
            assert got[place_of[row], option]
    chosen = pd.Series([option for (_, option), yes in got.items() if yes]).value_counts()
    by_hand: dict[str, int] = {}
    for counts in SAID[name]["ticks"].values():
        by_hand |= counts
    assert chosen.to_dict() == by_hand


@pytest.mark.parametrize("name", READ)
def test_each_tool_and_header_is_recognised(name: str) -> None:
    found = recognise(FOLDER / name, sheet=SAID[name].get("sheet", ""))
    assert (found.tool, found.shape.header) == (SAID[name]["tool"], SAID[name]["header"])


@pytest.mark.parametrize("name", [name for name in READ if "headers" in SAID[name]])
def test_headers_are_those_written_by_hand(name: str) -> None:
    headers = SAID[name]["headers"]
    assert list(recognise(FOLDER / name).shape.texts) == headers
    assert name_headers(read_grid(name), SAID[name]["header"]) == headers


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in READ if "unproposed" not in SAID[name]])
def test_a_proposal_answered_rightly_places_nothing_wrong(name: str, tmp_path: Path) -> None:
    form = FOLDER / "kobo-repeats-xlsform.xlsx" if name == "kobo-repeats.xlsx" else None
    proposed = suggest_mapping(FOLDER / name, form=form)
    said = {question.key: question for question in proposed.questions}
    assert not re.search(r"\d{16}|@\w", proposed.text)
    asks = SAID[name].get("asks", {})
    for key, answer in asks.items():
        assert answer in said[key].answers and len(said[key].answers) > 1
    first = {key: q.answers[0] if q.answers else "2026" for key, q in said.items()}
    (mapping := tmp_path / "mapping.toml").write_text(answer_questions(proposed.text, first | asks))
    result = import_survey(mapping, FOLDER / name)
    want, got = expected(name), read_back(result)
    rows = sorted({*want.kept, *SAID[name].get("left_out", [])} - set(result.left_out.index))
    assert len(rows) == len(people_of(result))
    missed = set()
    for address, level in SAID[name]["levels"].items():
        row, item, becomes = about(name, want, address)
        if row in rows:
            side = {
                what: value
                for (who, asked, what), value in got.items()
                if who == rows.index(row) and asked == becomes and fold(item) in what
            }
            if len(side) != 1:
                missed.add(address)
            else:
                assert next(iter(side.values())) == level, address
    assert missed == set(SAID[name].get("not_proposed", []))


def about(name: str, want: Expected, address: str) -> tuple[int, str, str]:
    """The row of the person a cell is about, the item and what was asked."""
    row, column = place(address)
    if "!" not in address:
        return row, *want.items[column]
    who, becomes, item = of_repeat(name, want, row, column)
    return want.kept[who], item, becomes


def test_an_n_between_the_initials_tells_five_steps() -> None:
    asked = suggest_mapping(FOLDER / "google-short-five.csv").questions
    assert not [question.key for question in asked if "scale" in question.key]


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_be_refused_is(name: str) -> None:
    kind, words = SAID[name]["refused"]
    with pytest.raises(getattr(errors, kind)) as caught:
        import_survey(mapping_of(name), FOLDER / name)
    assert words in str(caught.value)
    assert not re.search(r"\d{16}", str(caught.value))


@pytest.mark.parametrize("name", READ)
def test_no_number_of_a_person_is_left(name: str) -> None:
    result = imported(name)
    assert not re.search(r"\d{16}", "\n".join(result.report()))
    for table in result.tables.values():
        for column in table:
            assert not table[column].astype("str").str.contains(r"\d{16}|@").any()
