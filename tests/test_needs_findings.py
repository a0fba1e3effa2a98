"""Findings: no sentence claims more than its table."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis.needs import (
    check_fitness,
    count_below,
    find_caveats,
    find_leading,
    find_missing,
    find_next,
    find_peers,
    find_problems,
    find_shown,
    find_spread,
    find_straight,
)
from cakra_analysis.results import Finding


def gaps(rows: list[tuple], definition: str = "standard minus observed") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["unit_id", "competency_id", "value", "low", "high"])
    names = {"name_id": table["competency_id"], "name_en": table["competency_id"]}
    table = table.assign(**names, unit=table["unit_id"], gap_definition=definition)
    fixed = {"n": 9, "level": 0.95, "need_share": 0.5, "method": "m"}
    return table.assign(**fixed, suppressed=table["value"].isna())


@pytest.mark.parametrize(
    ("rows", "variant", "names"),
    [
        ([("U", "a", 0.9, 0.8, 1.0), ("U", "b", 0.2, 0.1, 0.3)], "one", ["a"]),
        ([("U", "a", 0.9, 0.7, 1.1), ("U", "b", 0.8, 0.6, 1.0)], "two", ["a", "b"]),
        ([("U", x, 0.9, 0.7, 1.1) for x in "abc"], "many", ["a", "b"]),
        ([("U", "b", 0.6, -0.1, 1.3), ("U", "a", 0.5, 0.3, 0.7)], "clear", ["a"]),
        ([("U", "a", 0.1, -0.1, 0.3), ("U", "b", -0.5, -0.6, -0.4)], "nothing", None),
    ],
)  # fmt: skip
def test_leading(rows, variant, names) -> None:
    finding = find_leading(gaps(rows), unit="U")
    assert finding.key == f"needs.leading.gap.{variant}"
    if names:
        assert [n["id"] for n in finding.values["names"]] == names
    assert find_next(finding).key == ("next.gap" if names else "next.nothing")


def test_needs_that_cannot_be_told_apart_are_not_ranked() -> None:
    rows = [("U", x, 3.0 + i / 10, 2.5, 3.9) for i, x in enumerate("abcd")]
    assert find_leading(gaps(rows, "stated need"), unit="U").key == "needs.leading.need.all"


def test_a_hidden_unit_names_the_one_shown_instead() -> None:
    table = gaps([("U", "a", None, None, None), ("R", "a", 1.0, 0.5, 1.5)])
    units = pd.DataFrame({"unit_id": ["R", "U"], "parent_id": [None, "R"]})
    assert find_shown(table, units, "U") == "R"
    finding = find_leading(table, unit="U", instead="Region")
    assert finding.key == "needs.leading.hidden" and finding.values == {"instead": "Region"}
    assert count_below(table, unit="R").values["count"] == 1


def peers(low: float, high: float) -> pd.DataFrame:
    mid = (low + high) / 2
    others = [(u, "a", 1.0, 0.9, 1.1) for u in ("B", "C", "D")]
    return gaps([("A", "a", mid, low, high), *others, ("R", "a", 1.0, 0.95, 1.05)])


@pytest.mark.parametrize(
    ("low", "high", "variant"),
    [(2.0, 2.2, "above"), (-1.1, -0.9, "less"), (0.5, 1.7, "alike")],
)
def test_a_unit_among_its_peers(low: float, high: float, variant: str) -> None:
    finding = find_spread(peers(low, high), unit="A", peers=list("ABCD"))
    assert finding.key == f"needs.spread.{variant}"


def test_the_whole_names_the_unit_that_is_worst_beyond_chance() -> None:
    finding = find_spread(peers(2.0, 2.2), unit="R", peers=list("ABCD"))
    assert finding.key == "needs.spread.clear" and finding.values["unit"] == "A"
    unclear = find_spread(peers(0.6, 1.6), unit="R", peers=list("ABCD"))
    assert unclear.key == "needs.spread.unclear" and unclear.values["unit"] == "A"


def test_peers_of_a_leaf_are_its_siblings() -> None:
    units = pd.DataFrame({"unit_id": list("RGHab"), "parent_id": [None, "R", "R", "G", "G"]})
    assert find_peers(units, "R") == ["H", "a", "b"]
    assert find_peers(units, "a") == ["a", "b"]


def test_the_data_check_passes_nothing_it_did_not_check() -> None:
    problems = find_problems(pd.DataFrame(), aside=0, rows=100)
    straight = Finding("check.straight.judged", {"share": 0.01})
    known = Finding("check.response.known", {"share": 0.9})
    assert check_fitness(problems, known, straight).key == "check.fit"
    for response in (Finding("check.response.hidden"), Finding("check.response.unknown")):
        assert check_fitness(problems, response, straight).key == "check.review"
    none = find_straight(pd.DataFrame({"forms": [], "straight": []}))
    assert none.key == "check.straight.none_judged"
    assert check_fitness(problems, known, none).key == "check.review"
    empty = pd.DataFrame(columns=["name_id", "name_en", "answers", "forms", "share"])
    assert find_missing(empty).key == "check.missing.nobody"


def test_caveats_follow_the_sources() -> None:
    table = gaps([("U", "a", 1.0, 0.5, 1.5), ("V", "a", None, None, None)])
    keys = [f.key for f in find_caveats(table, weights={"self": 1}, listed=True, threshold=5)]
    assert keys == ["caveat.perception", "caveat.interval", "caveat.categories", "caveat.hidden"]
    anchored = table.assign(basis="assessed")
    found = find_caveats(anchored, weights={"self": 1, "peer": 1}, listed=True, threshold=5)
    assert [f.key for f in found][:2] == ["caveat.interval", "caveat.categories"]
    assessed = find_caveats(table, weights={"assessor": 3}, listed=False, threshold=5)
    assert [f.key for f in assessed][:2] == ["caveat.self_selected", "caveat.shared_leniency"]
