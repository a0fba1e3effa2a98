"""Random damaged exports: every cell is in one class, and the result loads or is refused."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import CakraError
from cakra_analysis.intake import import_survey, write_import
from cakra_analysis.load import load
from cakra_analysis.raw import UNSEEN
from tests.sizes import cases

PLAN = """
cycle = "2026"
ignore = ["Catatan"]
[about]
population = "unknown"
gap_definition = "need minus mastery"
[person]
column = "No"
prefix = "{prefix}"
duplicates = "{duplicates}"
[unit]
column = "Unit"
root = "Semua"
other = "{other}"
values = {{ "a" = "A", "b" = "B" }}
[scales.s.levels]
"rendah" = 1
"tinggi" = 5
[[grids]]
starts_with = "Punya:"
becomes = "level"
scale = "s"
code = "K"
[[grids]]
starts_with = "Perlu:"
becomes = "need"
scale = "s"
code = "K"
[[grids]]
starts_with = "Hambatan:"
becomes = "barrier"
scale = "s"
code = "H"
"""
WILD = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)
ANSWER = st.sampled_from(["rendah", " TINGGI", "\u00a0", "", "entah", "5", "nan"]) | WILD
GROUP = st.sampled_from(["a", "B ", "", "c"]) | WILD
PERSON = st.integers(1, 40).map(str) | st.sampled_from(["", "'7", "1,9E+17", "=A1", "x"]) | WILD
HEADER = {
    "No": PERSON,
    "Unit": GROUP,
    "Punya: X": ANSWER,
    "Punya: Y": ANSWER,
    "Perlu: y": ANSWER,
    "Perlu: Z": ANSWER,
    "Hambatan: X": ANSWER,
    "Catatan": ANSWER,
    "Umur": ANSWER,
}
SHOWN = [
    "placed",
    "blank",
    "could not be placed",
    "under ignored headers",
    "under headers not used",
]


@pytest.mark.slow
@settings(max_examples=cases(25, 80), deadline=None)
@given(
    rows=st.lists(st.tuples(*HEADER.values()), max_size=8),
    duplicates=st.sampled_from(["refuse", "first", "last"]),
    other=st.sampled_from(["", "Lain"]),
    prefix=st.sampled_from(["", "R"]),
)
@example(  # nobody who stays has a level
    rows=[("1", "a", *["rendah"] * 7), ("1", "a", *[""] * 4, *["rendah"] * 3)],
    duplicates="last",
    other="",
    prefix="",
)
def test_cells_add_up_and_the_result_loads(
    rows: list[tuple[str, ...]], duplicates: str, other: str, prefix: str
) -> None:
    with TemporaryDirectory() as name:
        mapping, export, out = (Path(name) / part for part in ("m.toml", "e.csv", "out"))
        mapping.write_text(PLAN.format(duplicates=duplicates, other=other, prefix=prefix))
        pd.DataFrame(rows, columns=list(HEADER)).to_csv(export, index=False)
        try:
            result = import_survey(mapping, export)
            write_import(result, out)
        except CakraError as error:
            assert error.found and (error.allowed or error.do)
            return
        data = load(out)
    cells = [[UNSEEN.sub("", text).replace("\u00a0", " ").strip() for text in row] for row in rows]
    cells = [row for row in cells if any(row)]
    filled = {h: sum(bool(row[place]) for row in cells) for place, h in enumerate(HEADER)}
    ratings, answers = data["ratings"], data["answers"]
    grouped = len(data["staff"]) - (result.regrouped["value"] == "").sum()
    grouped -= ((result.unplaced["column"] == "Unit") & ~left(result)).sum()
    placed = len(data["staff"]) + grouped + len(answers)
    placed += ratings["level"].notna().sum() + ratings["need"].notna().sum()
    assert list(result.cells) == SHOWN
    assert list(result.cells.values()) == [
        placed,
        len(cells) * len(HEADER) - sum(filled.values()),
        len(result.unplaced),
        filled["Catatan"],
        filled["Umur"],
    ]
    assert sum(result.cells.values()) == len(cells) * len(HEADER)
    assert len(data["staff"]) + len(result.left_out) == len(cells)
    assert data.problems.empty


def left(result) -> pd.Series:
    return result.unplaced["row"].isin(result.left_out.index)
