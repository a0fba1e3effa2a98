"""What the builder does with what reports give away together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cakra_analysis.report import guard
from cakra_analysis.report.records import keep_success
from cakra_analysis.report.run import Run

PARENTS = dict.fromkeys("ABC", "R")
TREE = {"name": "gaps", "threshold": 5, "counts": "n", "keys": ["unit_id"], "parents": PARENTS}


def run(unit: str) -> Run:
    given = {"cycle": "2026", "unit": unit, "lang": "id", "audience": "leadership", "settings": ""}
    return Run(Path("n/01_needs.ipynb"), given, dataset="Here")


def keep(folder: Path, unit: str, **people: int | None) -> Run:
    rows = [{"unit_id": u, "n": n, "suppressed": n is None} for u, n in people.items()]
    found = {"tables": [{**TREE, "audience": "leadership", "rows": rows}]}
    keep_success(folder, run(unit), {"html": ""}, found, f"2026-01-0{1 + len(people)}")
    return run(unit)


def list_leaks(built: list[Run], staged: Path, to: Path) -> dict[str, str]:
    return guard.list_leaks(guard.find_new(built, staged, to), built, staged, to)


def hold_back(built: list[Run], standing: list[Run], staged: Path, to: Path) -> list[Run]:
    return guard.hold_back(guard.find_new(built, staged, to), built, standing, staged, to)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "staged", tmp_path / "reports"


def test_a_new_report_that_makes_an_older_one_tell_is_refused(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30)  # alone it tells nothing
    new = keep(staged, "A", A=12, B=14)  # but the rest of R is four people
    assert [*list_leaks([new], staged, to)] == [new.name]
    (again,) = hold_back([new], [], staged, to)
    held = json.loads(Path(again.parameters["withheld"]).read_text("utf-8"))
    assert held == [{"table": "gaps", "unit_id": "A"}]


def test_what_older_reports_tell_by_themselves_stops_no_other(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30, A=12, B=14)
    new = keep(staged, "X", X=20)
    assert hold_back([new], [], staged, to) == [] and list_leaks([new], staged, to) == {}


def test_a_refused_report_leaves_its_older_one_which_others_may_not_make_tell(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30)
    first = keep(staged, "R", R=3)  # tells by itself, so the older page of 30 people stays
    second = keep(staged, "A", A=12, B=14)
    assert {*list_leaks([first, second], staged, to)} == {first.name, second.name}


def test_a_report_that_stands_is_built_again_without_the_cell_that_tells(folders) -> None:
    """It may be the older one that has to hold back; if the plan makes it, it is made again."""
    staged, to = folders
    old = keep(to, "R", R=30, A=12)
    new = keep(staged, "B", B=14)  # 30 less 12 and 14 are four people
    again = hold_back([new], [old], staged, to)
    assert {run.name for run in again} == {old.name, new.name}
    assert all(Path(run.parameters["withheld"]).exists() for run in again)
