"""Segments: planted groups found, none invented, nothing hangs on order or names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from benchmarks.segments import make_cloud, make_gaps, plant
from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.segment_profiles import match_segments, profile_segments
from cakra_analysis.needs.segments import find_segments
from cakra_analysis.needs.unit_profiles import find_alike, group_units
from tests.sizes import cases


@pytest.fixture(scope="module")
def planted():
    x, group = plant(600, 3)
    return make_gaps(x), group, find_segments(make_gaps(x))


@pytest.mark.slow
def test_planted_groups_are_found(planted) -> None:
    _, group, found = planted
    assert found.count == 3
    assert adjusted_rand_score(group, found.members["segment"]) >= 0.8
    assert found.segments["n"].is_monotonic_decreasing and found.segments["n"].sum() == 600
    assert found.segments["share"].sum() == pytest.approx(1)
    assert found.choice.loc[found.choice["chosen"], "groups"].tolist() == [3]
    assert found.segments["stability"].iloc[0] > 0.7


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(cases(2, 4)))
def test_planted_groups_are_found_with_a_fifth_of_the_cells_missing(seed: int) -> None:
    x, group = plant(2000, seed, missing=0.2)
    found = find_segments(make_gaps(x))
    members = found.members.dropna()
    assert len(members) == 2000
    assert adjusted_rand_score(group, members["segment"]) >= 0.75


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["normal", "skewed", "whole levels", "heavy tails"])
@pytest.mark.parametrize("people", [100, 600])
def test_people_who_differ_by_degrees_are_one_group(kind: str, people: int) -> None:
    for seed in range(cases(1, 3)):
        found = find_segments(make_gaps(make_cloud(people, seed, kind)))
        assert found.count == 1 and found.segments["n"].iloc[0] == people
        assert not found.profiles["telling"].any() and found.profiles["difference"].isna().all()


@pytest.mark.slow
def test_order_and_names_of_rows_change_nothing(planted) -> None:
    gaps, _, found = planted
    rng = np.random.default_rng(1)
    names = dict(
        zip(found.members["staff_id"], rng.permutation(9000)[:600].astype(str), strict=True)
    )
    shuffled = gaps.sample(frac=1, random_state=2).assign(
        staff_id=lambda f: f["staff_id"].map(names)
    )
    again = find_segments(shuffled)
    before = found.members.assign(staff_id=found.members["staff_id"].map(names))
    after = before.merge(again.members, on="staff_id", suffixes=("", "_again"))
    assert (after["segment"] == after["segment_again"]).all()
    pd.testing.assert_frame_equal(found.profiles, again.profiles)


@pytest.mark.slow
def test_nobody_is_dropped_and_nobody_invented() -> None:
    x, _ = plant(200, 5)
    x[0] = np.nan
    x[1, 1:] = np.nan
    found = find_segments(make_gaps(x))
    assert len(found.members) == 200
    assert found.members["segment"].isna().sum() == 1
    assert found.segments["n"].sum() == 199


def test_few_people_or_no_difference_give_no_division() -> None:
    few = find_segments(make_gaps(plant(59, 1)[0]))
    assert few.count == 0 and few.members["segment"].isna().all()
    same = find_segments(make_gaps(np.ones((100, 4))))
    assert same.count == 1


@pytest.mark.slow
def test_profiles_name_what_tells_a_group_apart(planted) -> None:
    gaps, _group, found = planted
    x = gaps.pivot(index="staff_id", columns="competency_id", values="gap").to_numpy()
    table = found.profiles
    assert table.groupby("segment")["telling"].sum().between(1, 3).all()
    for segment in (1, 2, 3):
        inside = (found.members["segment"] == segment).to_numpy()
        rows = table[table["segment"] == segment].set_index("competency_id")
        np.testing.assert_allclose(rows["value"], x[inside].mean(axis=0))
        difference = x[inside].mean(axis=0) - x[~inside].mean(axis=0)
        np.testing.assert_allclose(rows["difference"] * rows["spread"], difference)
        telling = rows[rows["telling"]].index
        assert set(telling) <= {f"C{j:02d}" for j in range(8)}  # the eight that were planted


@pytest.mark.slow
def test_groups_keep_their_numbers_from_cycle_to_cycle(planted) -> None:
    gaps, _, found = planted
    swapped = found.profiles.assign(segment=found.profiles["segment"].map({1: 7, 2: 1, 3: 2}))
    again = find_segments(gaps, previous=swapped)
    assert sorted(again.segments["segment"]) == [1, 2, 7]
    both = found.members.merge(again.members, on="staff_id")
    assert (both["segment_x"].map({1: 7, 2: 1, 3: 2}) == both["segment_y"]).all()


def test_a_group_that_was_not_there_gets_a_new_number() -> None:
    last = pd.DataFrame(
        {"segment": [1, 2], "competency_id": "M.1", "value": [0.0, 2.0], "spread": 0.5}
    )
    means = pd.DataFrame({"M.1": [2.1, 9.0, 0.1]}, index=[1, 2, 3])
    assert match_segments(means, last) == {1: 2, 2: 3, 3: 1}


def test_one_group_has_no_difference() -> None:
    wide = pd.DataFrame({"M.1": [0.0, 1.0], "M.2": [1.0, 1.0]})
    table = profile_segments(wide, pd.Series([1, 1]))
    assert table["difference"].isna().all() and not table["telling"].any()


def test_units_with_a_like_profile_stand_together() -> None:
    rng = np.random.default_rng(4)
    kinds = {"A": [0, 2, 1], "B": [2, 0, 0]}
    rows = [
        (f"{kind}{i}", f"M.{j}", mean + 0.1 * rng.standard_normal())
        for i in range(4)
        for kind, means in kinds.items()
        for j, mean in enumerate(means)
    ]
    gaps = pd.DataFrame(rows, columns=["unit_id", "competency_id", "value"])
    units = [*sorted(set(gaps["unit_id"])), "hidden"]
    order = group_units(gaps, units)
    assert sorted(order) == sorted(units) and order[-1] == "hidden"
    kinds_in_order = [code[0] for code in order[:-1]]
    assert kinds_in_order == ["A"] * 4 + ["B"] * 4  # the larger mean gap first
    assert set(group_units(gaps, units[::-1])[:4]) == set(order[:4])
    near = find_alike(gaps, unit="A0")
    assert set(near["unit_id"]) == {"A1", "A2", "A3"} and near["distance"].is_monotonic_increasing


def test_a_unit_without_a_profile_is_like_none() -> None:
    gaps = pd.DataFrame(
        {"unit_id": ["A", "B", "C"], "competency_id": "M.1", "value": [np.nan, 1.0, 2.0]}
    )
    assert find_alike(gaps, unit="A").empty
    assert "A" not in set(find_alike(gaps, unit="B")["unit_id"])
    with pytest.raises(AnalysisError, match='"X"'):
        find_alike(gaps, unit="X")
