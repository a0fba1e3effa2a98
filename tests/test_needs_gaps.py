"""Gaps by hand, then properties that must hold whatever the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs import (
    categorise_gaps,
    count_people,
    score_gaps,
    score_person_gaps,
    select_staff,
)
from tests.sizes import cases

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})


def people(gaps: dict[str, list[float]], noise: float = 0.04) -> pd.DataFrame:
    rows = [
        (f"{unit}{i}", "M.1", unit, 3.0, 3.0 - gap, gap, noise, 3, "standard minus observed")
        for unit, values in gaps.items()
        for i, gap in enumerate(values)
    ]
    columns = ["staff_id", "competency_id", "unit_id", "required", "observed", "gap"]
    columns += ["noise_variance", "n_ratings", "gap_definition"]
    return pd.DataFrame(rows, columns=columns)


def headcount(**sizes: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit_id": list(sizes), "competency_id": "M.1", "people": list(sizes.values())}
    )


def row(table: pd.DataFrame, unit: str) -> pd.Series:
    return table[table["unit_id"] == unit].iloc[0]


def test_a_parent_weighs_units_by_their_staff_not_by_who_answered() -> None:
    scored = score_gaps(people({"A": [1, 1], "B": [0, 0, 0, 0]}), UNITS, people=headcount(A=6, B=4))
    assert row(scored, "R")["value"] == pytest.approx((6 * 1 + 4 * 0) / 10)
    assert row(scored, "R")[["n", "people"]].tolist() == [6, 10]
    assert row(scored, "R")["required"] - row(scored, "R")["observed"] == pytest.approx(0.6)
    unknown = score_gaps(people({"A": [1, 1], "B": [0, 0, 0, 0]}), UNITS)
    assert row(unknown, "R")["value"] == pytest.approx(2 / 6)
    assert np.isnan(row(unknown, "R")["people"])


def test_a_unit_counted_whole_still_has_rating_noise() -> None:
    gaps = people({"A": [0.5, 1.0, 1.5, 0.8], "B": [0.2, 0.4, 0.9, 1.1]})
    whole = row(score_gaps(gaps, UNITS, people=headcount(A=4, B=4)), "A")
    half_width = (whole["high"] - whole["low"]) / 2
    assert half_width == pytest.approx(1.96 * np.sqrt(0.04 / 4), rel=0.01)
    partly = row(score_gaps(gaps, UNITS, people=headcount(A=40, B=40)), "A")
    endless = row(score_gaps(gaps, UNITS), "A")
    assert whole["high"] < partly["high"] < endless["high"]


def test_everybody_alike_is_not_certainty() -> None:
    scored = score_gaps(people({"A": [1, 1, 1, 1], "B": [0, 1, 2, 1]}), UNITS)
    assert row(scored, "A")["high"] - row(scored, "A")["low"] > 0.1
    assert row(scored, "A")["need_low"] < row(scored, "A")["need_share"]


def test_one_rated_person_borrows_the_typical_variance() -> None:
    gaps = people({"A": [1.0], "B": [0.0, 1.0, 2.0, 1.0, 0.5]})
    units = pd.concat([UNITS, pd.DataFrame({"unit_id": ["C"], "parent_id": ["R"]})])
    gaps = pd.concat([gaps, people({"C": [0.1, 1.2, 0.9, 1.4]})])
    one = row(score_gaps(gaps, units), "A")
    assert np.isfinite(one[["low", "high"]].astype(float)).all() and one["low"] < 0


def test_a_lone_person_without_anything_to_borrow_has_no_interval() -> None:
    one = row(score_gaps(people({"A": [1.0]}), UNITS), "A")
    assert one["value"] == 1 and np.isnan(one["low"]) and one["category"] == "unclear"


@pytest.mark.slow
def test_a_gap_that_may_be_none_is_not_called_one() -> None:
    scored = score_gaps(people({"A": [0.6, -0.4, 0.5, -0.5], "B": [1.0, 1.1, 0.9, 1.0]}), UNITS)
    assert row(scored, "A")["category"] == "unclear"
    assert row(scored, "B")["category"] == "low"


def test_categories_keep_their_edges() -> None:
    values = pd.Series([0.1 + 0.2 - 0.3, 1 + 1e-12, 1.001, 2.0, np.nan])
    assert categorise_gaps(values, (0, 1, 2)).fillna("").tolist() == [
        "none",
        "low",
        "medium",
        "medium",
        "",
    ]


def test_share_in_need_counts_from_the_threshold() -> None:
    exact = people({"A": [0.5, 0.49, 0.1 + 0.4, 2.0]}, noise=float("nan"))
    assert row(score_gaps(exact, UNITS, need_from=0.5), "A")["need_share"] == 0.75
    noisy = people({"A": [0.5, 0.5, 0.5, 2.0]}, noise=0.05)
    assert 0.5 < row(score_gaps(noisy, UNITS, need_from=0.5), "A")["need_share"] < 0.75


def test_a_parent_of_a_unit_with_unknown_variance_has_no_interval() -> None:
    scored = score_gaps(people({"A": [2.0], "B": [1, 0, 2]}), UNITS, people=headcount(A=50, B=3))
    assert np.isfinite(row(scored, "B")["low"])
    assert row(scored, "R")["value"] == pytest.approx((50 * 2 + 3 * 1) / 53)
    assert np.isnan(row(scored, "R")["low"]) and row(scored, "R")["category"] == "unclear"


@pytest.mark.slow
def test_a_need_stays_on_its_scale() -> None:
    stated = people({"A": [5, 5, 4, 5]}).assign(
        required=np.nan, noise_variance=np.nan, gap_definition="stated need"
    )
    assert row(score_gaps(stated, UNITS, need_from=4), "A")["high"] == 5.0


def test_a_competency_that_a_post_does_not_require_is_left_out() -> None:
    observed = pd.DataFrame(
        {"staff_id": ["A", "B"], "competency_id": "M.1", "observed": 2.0, "noise_variance": 0.1}
    ).assign(n_ratings=1)
    staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "A", "position_id": ["P", "Q"]})
    standards = pd.DataFrame(
        {"position_id": ["P"], "competency_id": ["M.1"], "required_level": [3.0]}
    )
    scored = score_person_gaps(observed, standards, staff)
    assert scored["staff_id"].tolist() == ["A"] and scored["gap"].tolist() == [1.0]
    counted = count_people(staff, standards, pd.DataFrame({"competency_id": ["M.1"]}))
    assert counted["people"].tolist() == [1]
    with pytest.raises(AnalysisError, match="No person has both sides"):
        score_person_gaps(observed, standards.assign(position_id="Z"), staff)
    with pytest.raises(AnalysisError, match="no definition"):
        score_person_gaps(observed, standards, staff, definition="gap")


def test_definitions_travel_with_the_result() -> None:
    observed = pd.DataFrame({"staff_id": ["A"], "competency_id": ["M.1"], "observed": [2.0]})
    observed = observed.assign(noise_variance=0.1, n_ratings=1)
    staff = pd.DataFrame({"staff_id": ["A"], "unit_id": ["A"]})
    wanted = observed.assign(observed=5.0)
    lan = score_person_gaps(observed, wanted, staff, definition="need minus mastery")
    assert lan[["gap", "noise_variance", "gap_definition"]].values.tolist() == [
        [3.0, 0.2, "need minus mastery"]
    ]
    stated = score_person_gaps(wanted, wanted, staff, definition="stated need")
    assert stated["gap"].tolist() == [5.0] and stated["required"].isna().all()


def test_staff_in_service() -> None:
    staff = pd.DataFrame(
        {
            "staff_id": list("ABCD"),
            "first_cycle": [None, "2026", None, "2024"],
            "last_cycle": [None, None, "2025", "2026"],
        }
    )
    assert select_staff(staff, "2025")["staff_id"].tolist() == ["A", "C", "D"]
    assert select_staff(staff, "2026")["staff_id"].tolist() == ["A", "B", "D"]


values = st.lists(st.integers(-8, 12).map(lambda k: k / 4), min_size=2, max_size=9)


@pytest.mark.slow
@settings(max_examples=cases(10, 60), deadline=None)
@given(a=values, b=values, seed=st.integers(0, 99), shift=st.sampled_from([-1.0, 0.25, 2.0]))
def test_properties(a: list[float], b: list[float], seed: int, shift: float) -> None:
    gaps, sizes = people({"A": a, "B": b}), headcount(A=12, B=9)
    scored = score_gaps(gaps, UNITS, people=sizes, need_from=0.5)
    shuffled = gaps.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(score_gaps(shuffled, UNITS, people=sizes), scored)
    renamed = gaps.assign(staff_id=[f"X{i}" for i in range(len(gaps))])
    pd.testing.assert_frame_equal(score_gaps(renamed, UNITS, people=sizes), scored)
    moved = gaps.assign(gap=gaps["gap"] + shift, required=gaps["required"] + shift)
    after = score_gaps(moved, UNITS, people=sizes, need_from=0.5 + shift)
    for column in ("value", "low", "high"):
        assert after[column].tolist() == pytest.approx((scored[column] + shift).tolist(), abs=1e-9)
    assert after["need_share"].tolist() == pytest.approx(scored["need_share"].tolist())
    doubled = gaps.assign(gap=gaps["gap"] * 2, noise_variance=gaps["noise_variance"] * 4)
    wide = score_gaps(doubled, UNITS, people=sizes, need_from=1.0)
    if gaps.groupby("unit_id")["gap"].var().min() > 0.4:  # else the variance of rounding steps in
        widths = (scored["high"] - scored["low"]) * 2
        assert (wide["high"] - wide["low"]).tolist() == pytest.approx(widths.tolist(), rel=1e-6)
    assert (scored["low"] < scored["value"]).all() and (scored["value"] < scored["high"]).all()
    assert scored[["need_low", "need_high"]].stack().between(0, 1).all()


@pytest.mark.slow
@settings(max_examples=cases(10, 30), deadline=None)
@given(a=values, b=values)
def test_duplicating_everybody_keeps_the_mean_and_narrows_the_interval(a, b) -> None:
    gaps = people({"A": a, "B": b})
    twice = pd.concat([gaps, gaps.assign(staff_id=gaps["staff_id"] + "x")])
    one, two = score_gaps(gaps, UNITS), score_gaps(twice, UNITS)
    assert two["value"].tolist() == pytest.approx(one["value"].tolist())
    if gaps["gap"].groupby(gaps["unit_id"]).var().min() > 0:
        assert row(two, "R")["high"] <= row(one, "R")["high"] + 1e-9
