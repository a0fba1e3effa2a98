"""The brackets of the audit against trying every set of people that gives what is shown."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.audit.arithmetic import find_derivable
from cakra_analysis.audit.brackets import bracket_mean, bracket_people
from cakra_analysis.audit.forest import Forest, Row, grow_forests
from cakra_analysis.audit.readers import list_readers
from cakra_analysis.audit.release import list_cells

SHARE = {"value": [0, 1]}


@st.composite
def trees(draw):
    """Parents, own people and own yeses of each row, and which rows are shown; the first is."""
    size = draw(st.integers(2, 5))
    parents = [-1, *(draw(st.integers(0, place - 1)) for place in range(1, size))]
    people = [draw(st.integers(0, 3)) for _ in range(size)]
    yes = [draw(st.integers(0, n)) for n in people]
    shown = [True, *(draw(st.booleans()) for _ in range(size - 1))]
    return parents, people, yes, shown


def path(parents, place):
    while place >= 0:
        yield place
        place = parents[place]


def add_up(parents, own):
    total = [0] * len(own)
    for place, number in enumerate(own):
        for above in path(parents, place):
            total[above] += number
    return total


def forest_of(parents, people, yes, shown):
    rows = []
    for above, n, y, told in zip(
        parents, add_up(parents, people), add_up(parents, yes), shown, strict=True
    ):
        exact = (float(n), float(n)) if told else None
        rows.append(Row(above, exact, exact, {"value": (y / n, y / n)} if told and n else {}))
    return Forest(rows, {"value": (0.0, 1.0)})


def splits(total, parts):
    """Every way to share out a number among parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in splits(total - first, parts - 1))


def consistent(parents, people, yes, shown):
    """Every (people, yeses) of the rows' own that gives the shown totals."""
    n, y = add_up(parents, people), add_up(parents, yes)
    told = [place for place, one in enumerate(shown) if one]
    worlds = [
        own
        for own in splits(n[0], len(parents))
        if all(add_up(parents, own)[p] == n[p] for p in told)
    ]
    for own in worlds:
        for said in itertools.product(*(range(k + 1) for k in own)):
            if all(add_up(parents, said)[p] == y[p] for p in told):
                yield own, said


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(trees())
def test_brackets_are_what_trying_everything_gives(tree):
    *_, shown = tree
    forest = forest_of(*tree)
    worlds = list(consistent(*tree))
    for place in [p for p, told in enumerate(shown) if not told]:
        rows = forest.below(place)
        counts = [sum(own[r] for r in rows) for own, _ in worlds]
        assert bracket_people(forest, rows) == (min(counts), max(counts))
        means = [
            sum(said[r] for r in rows) / sum(own[r] for r in rows)
            for own, said in worlds
            if sum(own[r] for r in rows)
        ]
        found = bracket_mean(forest, rows, "value")
        if not means:
            assert found is None
        else:
            assert found == pytest.approx((min(means), max(means)), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(trees(), st.integers(2, 4))
def test_verdict_is_what_trying_everything_gives(tree, threshold):
    """A group is derivable if its people are the same in every world that fits."""
    parents, people, yes, shown = tree
    n, y = add_up(parents, people), add_up(parents, yes)
    rows = [
        {
            "unit_id": f"U{place}",
            "n": n[place] if told else None,
            "value": y[place] / n[place] if told and n[place] else None,
            "suppressed": not told,
        }
        for place, told in enumerate(shown)
    ]
    above = {f"U{place}": f"U{parent}" for place, parent in enumerate(parents) if parent >= 0}
    table = {"name": "t", "threshold": threshold, "counts": "n", "keys": ["unit_id"], "rows": rows}
    table |= {"parents": above, "means": SHARE, "decimals": None, "whole": 1}
    record = {"audience": "public", "cycle": "2026", "tables": [table]}
    # A shown row below the threshold is a leak by itself and tells the attacker nothing but itself.
    if any(told and n[p] < threshold for p, told in enumerate(shown)):
        return
    (reader,) = list_readers(list_cells([record]))
    leaks, _ = find_derivable(reader)
    small = {"recovered", "remainder"} & {leak.kind for leak in leaks}
    assert bool(small) == any(0 < left < threshold for left in remainders(tree))
    close = {"bracket", "end of scale"} & {leak.kind for leak in leaks}
    if close:
        assert pinned(tree)


def remainders(tree):
    parents, people, _, shown = tree
    for top in [p for p, told in enumerate(shown) if told]:
        yield sum(
            number
            for place, number in enumerate(people)
            if next(above for above in path(parents, place) if shown[above]) == top
        )


def pinned(tree):
    """Whether some hidden row's share is the same in every world."""
    parents, *_, shown = tree
    forest, worlds = forest_of(*tree), list(consistent(*tree))
    for place in [p for p, told in enumerate(shown) if not told]:
        top = next(above for above in path(parents, place) if shown[above])
        inside = [
            r
            for r in forest.below(place)
            if next(above for above in path(parents, r) if shown[above]) == top
        ]
        means = {
            round(sum(said[r] for r in inside) / sum(own[r] for r in inside), 9)
            for own, said in worlds
            if sum(own[r] for r in inside)
        }
        if len(means) == 1:
            return True
    return False


def test_rounding_widens_a_bracket():
    top, unit = ((20.0, 20.0), {"value": (0.895, 0.905)}), ((10.0, 10.0), {"value": (0.795, 0.805)})
    rows = [Row(-1, top[0], top[0], top[1]), Row(0, unit[0], unit[0], unit[1]), Row(0)]
    forest = Forest(rows, {"value": (0.0, 1.0)})
    low, high = bracket_mean(forest, [2], "value")
    assert high == 1
    assert low == pytest.approx(1 - (10 - (20 * 0.895 - 10 * 0.805)), abs=1e-6)


def test_rounded_counts_widen_a_bracket():
    rows = [Row(-1, (38.0, 42.0)), Row(0, (18.0, 22.0)), Row(0)]
    assert bracket_people(Forest(rows, {}), [2]) == (0, 24)
    assert bracket_people(Forest(rows, {}), [0, 2]) == (16, 24)


def test_a_row_that_nothing_stands_above_has_no_end():
    rows = [Row(-1), Row(0, (10.0, 10.0))]
    assert bracket_people(Forest(rows, {}), [0, 1]) == (10, math.inf)


def test_contradicting_counts_have_no_bracket():
    rows = [Row(-1, (10.0, 10.0)), Row(0, (12.0, 12.0)), Row(0)]
    assert bracket_people(Forest(rows, {}), [2]) is None


def test_a_weight_beside_the_count_is_what_a_mean_is_multiplied_by():
    """Of a group of 30 people 20 were rated; the mean of all counts for 30."""
    rows = [
        {"unit_id": "P", "n": 20, "people": 30, "value": 3.0, "suppressed": False},
        {"unit_id": "A", "n": 10, "people": 10, "value": 2.0, "suppressed": False},
        {"unit_id": "B", "n": None, "people": None, "value": None, "suppressed": True},
    ]
    table = {"name": "t", "threshold": 5, "counts": "n", "keys": ["unit_id"], "rows": rows}
    table |= {"parents": {"A": "P", "B": "P"}, "means": {"value": [0, 5]}, "weight": "people"}
    record = {"audience": "public", "cycle": "2026", "tables": [table]}
    (reader,) = list_readers(list_cells([record]))
    (forest,) = grow_forests(reader)
    assert [row.weight for row in forest.rows] == [(30, 30), (10, 10), None]
    assert np.allclose(bracket_mean(forest, [0, 2], "value"), (3.5, 3.5), atol=1e-5)
