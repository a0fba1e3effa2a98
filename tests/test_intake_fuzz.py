"""Damaged files: a result that the file bears out or one clear error (short form of the benchmark).

The long form, 10,000 files: ``python -m benchmarks fuzz``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzz import BUGS, CASES, describe, hold_to, judge, make_case
from benchmarks.fuzz_exports import compare_import, grids_of, mapping_of
from benchmarks.fuzz_seeds import Case
from cakra_analysis.errors import CakraError, DataError
from cakra_analysis.intake import import_survey
from tests.exports.make import FOLDER
from tests.sizes import cases

SEED = 20_260_302


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAKRA_KEY", bytes(range(32)).hex())


@pytest.mark.slow
def test_damage_gives_a_result_or_one_clear_error(tmp_path: Path) -> None:
    bad = []
    for number in range(cases(60, 300)):
        (folder := tmp_path / str(number)).mkdir()
        case = make_case(SEED, number, folder)
        outcome, said = judge(case)
        if outcome in BUGS:
            bad.append((number, case.kind, case.source, case.damage, outcome, said))
    assert bad == []


@pytest.mark.slow
def test_cases_of_every_kind_are_made_again_the_same(tmp_path: Path) -> None:
    kinds, held = set(), {}
    for number in range(90):
        made = []
        for name in ("a", "b"):
            (folder := tmp_path / f"{number}{name}").mkdir()
            case = make_case(SEED, number, folder)
            texts = {f.name: f.read_bytes() for f in folder.iterdir() if f.suffix != ".xlsx"}
            made.append((case.kind, case.source, case.damage, texts))
        assert made[0] == made[1]
        kinds.add(made[0][0])
        held[case.kind] = hold_to(case)
    assert len(kinds) == len(CASES)
    assert {kind for kind in held if ", cells" in kind} == {k for k in held if held[k] == "values"}
    assert [kind for kind in held if held[kind] == "form"] == ["export, a mapping is proposed"]
    rows = [{"kind": k, "held": held[k], "outcome": "result"} for k in sorted(held)]
    assert "*values* (4 files)" in describe(rows, 1) and "| values | 1 |" in describe(rows, 1)


def as_case(run, check=lambda _: "") -> Case:
    return Case("kind", "source", [], run, check)


def raises(error: Exception):
    def run() -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        (as_case(lambda: 1), "result"),
        (as_case(raises(DataError("no such file"))), "refused: DataError"),
        (as_case(raises(CakraError(" "))), "no message"),
        (as_case(raises(DataError("found 197001011990011001"))), "person shown"),
        (as_case(raises(KeyError("x"))), "exception"),
        (as_case(raises(MemoryError())), "memory"),
        (as_case(lambda: 1, lambda _: "4 became 5"), "wrong"),
    ],
)
def test_the_judge_can_tell(case: Case, outcome: str) -> None:
    assert judge(case)[0] == outcome


def test_a_wrong_number_would_be_seen() -> None:
    name = "lan-2026.csv"
    result = import_survey(mapping_of(name), FOLDER / name)
    grid = [list(row) for row in grids_of(name)[""]]
    assert compare_import(name, grid, result) == ""
    grid[1][6] = "3"  # the file would say 3 where the import has 4
    assert "levels differ" in compare_import(name, grid, result)
