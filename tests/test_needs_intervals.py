"""Intervals: the moderated variance, and coverage of planted truth (the small version)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.coverage import measure_coverage
from benchmarks.needs import measure_true_coverage
from cakra_analysis.intervals import share_interval, t_interval
from cakra_analysis.needs.intervals import add_anchor, moderate_variances
from tests.sizes import cases


def test_equal_variances_are_pooled() -> None:
    rng = np.random.default_rng(1)
    degrees = np.array([3] * 60)
    variances = rng.chisquare(3, 60) / 3 * 0.5
    moderated, df = moderate_variances(variances, degrees)
    assert np.std(moderated) < 0.25 * np.std(variances)
    assert np.mean(moderated) == pytest.approx(0.5, rel=0.25) and (df > 20).all()


def test_variances_that_really_differ_are_left_alone() -> None:
    rng = np.random.default_rng(2)
    true = np.exp(rng.normal(0, 1.5, 80))
    degrees = np.full(80, 40)
    variances = true * rng.chisquare(40, 80) / 40
    moderated, df = moderate_variances(variances, degrees)
    assert np.corrcoef(np.log(moderated), np.log(variances))[0, 1] > 0.99
    assert (df < 60).all()


def test_a_group_of_one_gets_the_typical_variance_and_few_groups_none() -> None:
    moderated, df = moderate_variances(np.array([np.nan, 0.4, 0.6, 0.5]), np.array([0, 9, 9, 9]))
    assert 0.4 < moderated[0] < 0.6 and df[0] > 3
    lone, df = moderate_variances(np.array([np.nan, 0.4]), np.array([0, 9]))
    assert np.isnan(lone[0]) and lone[1] == 0.4 and df.tolist() == [0, 9]


def test_t_interval_is_students() -> None:
    low, high = t_interval(pd.Series([1.0]), pd.Series([0.25]), pd.Series([3.0]), 0.95)
    assert (low.item(), high.item()) == pytest.approx(stats.t.interval(0.95, 3, 1.0, 0.5))


def test_share_interval_stays_between_none_and_all() -> None:
    low, high = share_interval(pd.Series([0.5, 0.02]), pd.Series([0.01, 0.01]), 0.95)
    assert (low[0], high[0]) == pytest.approx((0.304, 0.696), abs=1e-3)
    assert low[1] == 0 and high[1] == pytest.approx(0.216, abs=1e-3)


def test_units_that_hardly_differ_do_not_stop_the_fit() -> None:
    variances = np.array([0.5, 0.5001, 0.4999, 0.5])
    moderated, _ = moderate_variances(variances, np.array([30, 30, 30, 30]))
    assert moderated == pytest.approx(np.full(4, 0.5), abs=1e-3)


@pytest.mark.slow
def test_intervals_cover_the_planted_truth_at_their_rate() -> None:
    runs = cases(8, 24)
    table = measure_coverage(range(runs), staff=(616, 1900))
    assert table["cells"].sum() > 400 * runs
    assert table["coverage"].between(0.93, 0.97).all(), table
    whole = table["coverage"] @ table["cells"] / table["cells"].sum()
    assert 0.94 < whole < 0.96


def test_an_anchors_error_is_added_whatever_the_size() -> None:
    index = pd.MultiIndex.from_product([["U", "V"], ["M.1", "M.2"]])
    index.names = ["unit_id", "competency_id"]
    table = pd.DataFrame({"mean_variance": [0.04, 0.04, 0.0, np.nan], "df": 6.0}, index=index)
    table = table.assign(need_variance=0.01, slope=0.5)
    common = {"M.1": 0.04, "M.2": 0.0}
    people = pd.DataFrame({"competency_id": ["M.1", "M.2"], "basis": ["assessed", "perception"]})
    people["anchor_variance"] = people["competency_id"].map(common)
    wider = add_anchor(table, people)
    assert wider["mean_variance"].head(3).tolist() == pytest.approx([0.08, 0.04, 0.04])
    assert np.isnan(wider["mean_variance"].iloc[3])
    assert wider["df"].head(2).tolist() == pytest.approx([24, 6])
    assert wider["need_variance"].head(2).tolist() == pytest.approx([0.02, 0.01])
    assert wider["basis"].tolist() == ["assessed", "perception"] * 2
    plain = add_anchor(table, people[["competency_id"]])
    pd.testing.assert_frame_equal(plain[list(table)], table)
    assert set(plain["basis"]) == {"perception"}


@pytest.mark.slow
def test_a_fifth_assessed_covers_the_true_gap_and_nobody_assessed_does_not() -> None:
    runs = cases(3, 6)
    table = measure_true_coverage(range(runs), staff=(616,))
    whole = table["coverage"] @ table["cells"] / table["cells"].sum()
    assert 0.93 <= whole <= 0.97, table
    assert table["mean_error"].abs().max() < 0.15 / np.sqrt(runs)
    plain = measure_true_coverage(range(2), staff=(616,), assessors=0.0)
    assert plain.loc["31-60", "coverage"] < 0.7 and plain.loc["31-60", "mean_error"] < -0.1
