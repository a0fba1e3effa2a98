"""What the builder does with what reports give away together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cakra_analysis.report.guard import hold_back, list_leaks
from cakra_analysis.report.plan import Run
from cakra_analysis.report.publish import keep_success

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


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "staged", tmp_path / "reports"


def test_a_new_report_that_makes_an_older_one_tell_is_refused(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30)  # alone it tells nothing
    new = keep(staged, "A", A=12, B=14)  # but the rest of R is four people
    assert [*list_leaks([new], staged, to)] == [new.name]
    (again,) = hold_back([new], staged, to)
    held = json.loads(Path(again.parameters["withheld"]).read_text("utf-8"))
    assert held == [{"table": "gaps", "unit_id": "A"}]


def test_what_older_reports_tell_by_themselves_stops_no_other(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30, A=12, B=14)
    new = keep(staged, "X", X=20)
    assert hold_back([new], staged, to) == [] and list_leaks([new], staged, to) == {}


def test_a_refused_report_leaves_its_older_one_which_others_may_not_make_tell(folders) -> None:
    staged, to = folders
    keep(to, "R", R=30)
    first = keep(staged, "R", R=3)  # tells by itself, so the older page of 30 people stays
    second = keep(staged, "A", A=12, B=14)
    assert {*list_leaks([first, second], staged, to)} == {first.name, second.name}
