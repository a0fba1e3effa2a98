"""Balance, overlap and placebo: hand-made cases, LaLonde's comparison group, false alarms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.nsw import COVARIATES, nsw_people
from cakra_analysis.evaluation.balance import check_balance, check_overlap
from cakra_analysis.evaluation.placebo import check_placebo


def draw(seed: int, *, lean: float = 0.0, n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    true = rng.normal(60, 10, n)
    earlier, before, after = (true + rng.normal(0, 5, n) for _ in range(3))
    treated = rng.random(n) < 1 / (1 + np.exp(-lean * (before - 60) / 10))
    table = {"treated": treated, "earlier": earlier, "before": before, "after": after}
    return pd.DataFrame(table)


def test_differences_by_hand() -> None:
    people = pd.DataFrame(
        {"treated": [True] * 3 + [False] * 3, "before": [2.0, 4, 6, 1, 2, 3], "after": 0.0}
    )
    row = check_balance(people).iloc[0]
    assert row["smd_before"] == pytest.approx((4 - 2) / 2)
    pooled = check_balance(people, estimand="ate").iloc[0]
    assert pooled["smd_before"] == pytest.approx(2 / np.sqrt((4 + 1) / 2))


def test_weighting_brings_the_sides_together() -> None:
    row = check_balance(draw(1, lean=-1.0, n=600)).iloc[0]
    assert row["smd_before"] < -0.5 and row["over_before"]
    assert abs(row["smd_after"]) < 0.1 and not row["over_after"]


def test_a_lopsided_comparison_is_called_out() -> None:
    """The survey's people earned eight times as much before: more than a standard deviation."""
    balance = check_balance(nsw_people("cps"), covariates=COVARIATES).set_index("covariate")
    assert balance.loc["before", "smd_before"] < -3
    assert balance["over_before"].sum() >= 7
    fair = check_balance(nsw_people("experiment"), covariates=COVARIATES)
    assert fair["smd_before"].abs().max() < 0.35


def test_overlap_counts_the_trained_without_comparison() -> None:
    people = pd.DataFrame({"treated": [True] * 20 + [False] * 20, "after": 0.0})
    apart = people.assign(before=np.r_[np.linspace(5, 9, 20), np.linspace(0, 5.2, 20)])
    near = people.assign(before=np.r_[np.linspace(0, 5, 20), np.linspace(0, 5, 20)])
    assert check_overlap(apart)["outside"].item() > 0.7
    assert check_overlap(near)["outside"].item() == 0.0
    assert check_overlap(near)["effective_n"].item() == pytest.approx(20, abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("lean", [0.0, -1.0])
def test_placebo_keeps_quiet_where_the_score_before_tells_all(lean: float) -> None:
    tables = [check_placebo(draw(s, lean=lean), method="ancova") for s in range(40)]
    placebos = pd.concat(tables).query("check == 'placebo'")
    alarms = (placebos["low"] > 0) | (placebos["high"] < 0)
    assert alarms.sum() <= 6


def test_trend_speaks_up_where_people_were_picked_for_a_bad_day() -> None:
    trend = check_placebo(draw(2, lean=-2.0, n=800), method="ancova").set_index("check")
    assert trend.loc["trend", "high"] < 0


def test_placebo_speaks_up_where_something_hidden_picked_them() -> None:
    rng = np.random.default_rng(3)
    people = draw(3, n=600)
    hidden = people["earlier"] + rng.normal(0, 3, len(people))
    people["treated"] = hidden > 60
    found = check_placebo(people, method="ancova").set_index("check")
    assert found.loc["placebo", "low"] > 0


def test_without_an_earlier_score_it_says_so() -> None:
    found = check_placebo(draw(4).drop(columns="earlier"))
    assert found["reason"].tolist() == ["no earlier score"] * 2
    assert found["value"].isna().all()


def test_nobody_to_compare_gives_empty_tables() -> None:
    people = draw(5).assign(treated=True)
    assert check_balance(people).empty and check_overlap(people).empty
