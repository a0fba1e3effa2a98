"""Power: printed numbers, statsmodels, simulation, and what a design cannot show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from cakra_analysis.errors import AnalysisError
from cakra_analysis.evaluation.course_power import score_power
from cakra_analysis.evaluation.power import chance_to_show, plan_power, plan_sizes
from cakra_analysis.evaluation.value_findings import find_power, find_powerless
from cakra_analysis.privacy import publish
from cakra_analysis.words import say


def smallest(trained: float, comparison: float, **options) -> float:
    keys = {"sessions"}
    design = {"n_trained": trained, "n_comparison": comparison}
    design |= {k: v for k, v in options.items() if k in keys}
    rest = {k: v for k, v in options.items() if k not in keys}
    return plan_power(pd.DataFrame([design]), **{"correlation": 0.0} | rest)["value"].item()


def test_group_sizes_printed_by_cohen() -> None:
    # Cohen (1992), Psychological Bulletin 112, table 2: alpha .05, power .80; 393 is his rounding.
    assert plan_sizes([0.2, 0.5, 0.8], correlation=0)["n_trained"].tolist() == [394, 64, 26]


@pytest.mark.parametrize(("trained", "comparison"), [(64, 64), (12, 40), (200, 25), (3, 3)])
def test_the_numbers_of_statsmodels(trained: int, comparison: int) -> None:
    found = smallest(trained, comparison)
    ratio = comparison / trained
    wanted = TTestIndPower().solve_power(None, trained, 0.05, 0.8, ratio)
    assert found == pytest.approx(float(wanted), abs=1e-6)
    single = smallest(trained, 0, correlation=0.7)
    paired = float(TTestPower().solve_power(None, trained, 0.05, 0.8))
    assert single == pytest.approx(paired * np.sqrt(2 * 0.3), abs=1e-6)


def test_more_is_seen_with_more_people_and_less_noise() -> None:
    sizes = [smallest(n, n) for n in (10, 20, 40, 80)]
    assert sizes == sorted(sizes, reverse=True)
    assert smallest(40, 40, correlation=0.8) < 0.65 * smallest(40, 40)
    clustered = [smallest(80, 80, icc=icc, sessions=8) for icc in (0.0, 0.05, 0.2)]
    assert clustered == sorted(clustered) and clustered[2] > 1.3 * clustered[0]
    assert smallest(50, 50, dropout=0.2) == pytest.approx(smallest(40, 40))
    assert smallest(30, 30, power=0.9) > smallest(30, 30) > smallest(30, 30, alpha=0.1)


def test_points_are_the_effect_times_sd() -> None:
    row = plan_power(pd.DataFrame({"n_trained": [20], "n_comparison": 20}), sd=12.0).iloc[0]
    assert row["value_points"] == pytest.approx(12 * row["value"])
    assert (row["n"], row["level"], row["power"]) == (40, 0.95, 0.8)
    assert pd.isna(plan_power(pd.DataFrame({"n_trained": [20]}))["value_points"].item())


def test_one_session_cannot_be_told_from_its_trainer() -> None:
    row = plan_power(pd.DataFrame({"n_trained": [20], "n_comparison": 20, "sessions": 1}), icc=0.1)
    assert "one session" in row["method"].item()


def test_too_few_is_missing() -> None:
    designs = pd.DataFrame({"n_trained": [1, 0, 2, np.nan], "n_comparison": [1, 5, 0, 5]})
    table = plan_power(designs, correlation=0)
    assert table["value"].isna().tolist() == [True, True, False, True]
    assert table["method"][0].endswith("too few") and len(designs.columns) == 2
    for wrong in ({"icc": 1.0}, {"dropout": -0.1}, {"correlation": 1.0}, {"power": 0.01}):
        with pytest.raises(AnalysisError):
            plan_power(designs, **wrong)
    for sizes in ([0.0], [1e-4]):
        with pytest.raises(AnalysisError):
            plan_sizes(sizes)


def test_sizes_and_power_are_one_another() -> None:
    options = {"correlation": 0.6, "icc": 0.08, "dropout": 0.15}
    for row in plan_sizes([0.3, 0.6], session_size=15, **options).to_dict("records"):
        assert row["n_trained"] == 15 * row["sessions"] and row["n"] == 2 * row["n_trained"]
        assert row["power"] >= 0.8
        assert chance_to_show(row["effect"], row, **options) == pytest.approx(row["power"])
        fewer = {"n_trained": row["n_trained"] - 15, "sessions": row["sessions"] - 1}
        fewer["n_comparison"] = fewer["n_trained"]
        assert chance_to_show(row["effect"], fewer, **options) < 0.8
    assert plan_sizes([0.5], correlation=0, dropout=0.2)["n_trained"].item() == 80


@pytest.mark.slow
@pytest.mark.parametrize(("icc", "sessions"), [(0.0, 1), (0.1, 10)])
def test_the_promised_power_is_reached_in_simulation(icc: float, sessions: int) -> None:
    trained, other, correlation = 100, 60, 0.6
    design = {"n_trained": [trained], "n_comparison": other, "sessions": sessions}
    effect = plan_power(pd.DataFrame(design), correlation=correlation, icc=icc)["value"].item()
    rng, found, runs = np.random.default_rng(1), 0, 3000
    left = 1 - correlation**2  # variance that the score before leaves
    for _ in range(runs):
        session = np.repeat(rng.normal(0, np.sqrt(icc * left), sessions), trained // sessions)
        one = effect + session + rng.normal(0, np.sqrt((1 - icc) * left), trained)
        two = rng.normal(0, np.sqrt(left), other)
        if icc:  # sessions' means against people: Welch
            one = one.reshape(sessions, -1).mean(axis=1)
        found += stats.ttest_ind(one, two, equal_var=not icc).pvalue < 0.05
    assert found / runs == pytest.approx(0.8, abs=0.035)


def test_findings_of_the_published_table() -> None:
    groups = pd.DataFrame({"course_id": list("CDE"), "n_trained": [150, 20, 2], "sessions": 1})
    groups = groups.assign(n_comparison=[150, 20, 1], name_id=["Arsip", "Etika", "Data"])
    table = score_power(groups.assign(name_en=["Archives", "Ethics", "Data"]))
    assert table["chance_usual"].is_monotonic_decreasing
    assert table["value"].head(2).is_monotonic_increasing and pd.isna(table["value"][2])
    shown = publish(table, "results", audience="internal").table
    found = find_power(shown)
    assert found.key == "evaluation.power.partly"
    assert (found.values["able"], found.values["count"]) == (1, 2)
    weak = find_powerless(shown)
    assert [n["en"] for n in weak.values["names"]] == ["Ethics"]
    for rows, key in ((shown.head(1), "enough"), (shown[1:2], "small"), (shown[2:], "hidden")):
        assert find_power(rows).key == f"evaluation.power.{key}"
        assert say(find_power(rows), "id") and say(find_power(rows), "en")
    assert find_powerless(shown.head(1)).key == "evaluation.power.none" == find_power(shown[:0]).key
    assert "“Etika”" in say(weak, "id", "title")
