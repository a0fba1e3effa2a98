"""IKM and its elements: the printed example, the limits of the categories, trend and break."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.service import score_elements, score_ikm
from cakra_analysis.evaluation.service_findings import (
    find_elements,
    find_interruption,
    find_service,
    find_service_effect,
    find_service_trend,
    find_service_units,
)
from cakra_analysis.evaluation.service_trend import (
    estimate_interruption,
    estimate_trends,
    score_ikm_by_period,
)
from cakra_analysis.evaluation.skm import ELEMENTS, categorise_ikm
from cakra_analysis.privacy import publish
from cakra_analysis.words import say
from tests.sizes import cases

NAMES = list(ELEMENTS)
TOTALS = [105, 101, 100, 116, 102, 105, 106, 105, 115]  # domain.md 3.2, n = 29
MONTHS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]


def printed() -> pd.DataFrame:
    """Twenty-nine forms with the printed totals: threes, and fours or twos for the rest."""
    columns = {}
    for name, total in zip(NAMES, TOTALS, strict=True):
        extra = total - 3 * 29
        columns[name] = [4] * extra + [3] * (29 - extra)
    return pd.DataFrame(columns).assign(unit_id="U", period="2026-03")


def drawn(seed: int, forms: int = 300, units: str = "ABC", empty: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    level = np.clip(
        np.round(rng.normal(3.2, 0.5, (forms, 1)) + rng.normal(0, 0.5, (forms, 9))), 1, 4
    )
    level[rng.random(level.shape) < empty] = np.nan
    answers = pd.DataFrame(level, columns=NAMES)
    return answers.assign(unit_id=rng.choice(list(units), forms), period="2026-03")


@pytest.mark.parametrize(("weight", "wanted"), [("exact", 91.48), ("0.11", 90.56)])
def test_the_printed_example(weight: str, wanted: float) -> None:
    row = score_ikm(printed(), weight=weight).iloc[0]
    assert round(row["value"], 2) == wanted
    assert (row["category"], row["n"]) == ("A", 29)
    assert ("1/9" if weight == "exact" else "0.11") in row["method"]


@pytest.mark.parametrize(
    ("value", "category"),
    [
        *((64.99, "D"), (64.995, "C"), (65.00, "C"), (76.60, "C"), (76.605, "B"), (76.61, "B")),
        *((76.604999, "C"), (88.30, "B"), (88.305, "A"), (88.31, "A"), (25.0, "D"), (100.0, "A")),
        (24.75, "D"),  # all ones with the weight 0.11
        (76.60499999999999, "B"),  # what 76.605 may look like after a division
    ],
)
def test_the_limits_of_the_categories(value: float, category: str) -> None:
    assert categorise_ikm(value) == category


def test_no_index_has_no_category() -> None:
    assert categorise_ikm(float("nan")) is None
    for wrong in (3.66, 101.0):  # an index still on 1-4
        with pytest.raises(AnalysisError, match="between 25 and 100"):
            categorise_ikm(wrong)


def test_the_error_is_the_plain_formula_on_complete_forms() -> None:
    answers = drawn(1).query("unit_id == 'A'")
    row = score_ikm(answers).iloc[0]
    means, n = answers[NAMES].mean(axis=1) * 25, len(answers)
    half = stats.t.ppf(0.975, n - 1) * means.std() / np.sqrt(n)
    assert [row["low"], row["high"]] == pytest.approx([means.mean() - half, means.mean() + half])
    served = pd.DataFrame({"unit_id": ["A"], "population": [4 * n]})
    row = score_ikm(answers, population=served).iloc[0]
    assert row["high"] - row["value"] == pytest.approx(half * np.sqrt(3 * n / (4 * n - 1)))
    assert row["method"].endswith("finite population")
    everybody = score_ikm(answers, population=served.assign(population=n)).iloc[0]
    assert everybody["low"] == pytest.approx(everybody["value"])
    wrong = score_ikm(answers, population=served.assign(population=n - 1)).iloc[0]
    assert wrong["high"] - wrong["value"] == pytest.approx(half)  # cannot be: not used


def test_elements_are_bound_by_name() -> None:
    answers = drawn(2, empty=0.1)
    shuffled = answers[["facilities", *NAMES[:-1], "unit_id", "period"]].sample(
        frac=1, random_state=1
    )
    pd.testing.assert_frame_equal(score_ikm(answers), score_ikm(shuffled))
    pd.testing.assert_frame_equal(score_elements(answers), score_elements(shuffled))
    codes = score_elements(answers).query("unit_id == 'A'").set_index("element")["code"]
    assert codes[["complaints", "facilities"]].tolist() == ["U8", "U9"]


def test_every_element_has_its_own_answers() -> None:
    answers = drawn(3, empty=0.2)
    elements = score_elements(answers)
    index = score_ikm(answers).set_index("unit_id")["value"]
    assert index.tolist() == pytest.approx(
        (25 * elements.groupby("unit_id")["value"].mean()).tolist()
    )
    one = elements[(elements["unit_id"] == "A") & (elements["element"] == "cost")].iloc[0]
    given = answers.loc[answers["unit_id"] == "A", "cost"].dropna()
    assert (one["value"], one["n"]) == (pytest.approx(given.mean()), len(given))


def test_three_elements_are_flagged_and_ties_stay_together() -> None:
    answers = printed()
    flagged = score_elements(answers).query("lowest")["element"].tolist()
    assert flagged == ["procedure", "time", "product"]
    answers["cost"] = answers["product"]
    assert len(score_elements(answers).query("lowest")) == 4


def test_extra_elements_share_the_weight() -> None:
    answers = printed().assign(safety=3)
    row = score_ikm(answers, elements=[*NAMES, "safety"]).iloc[0]
    assert row["value"] == pytest.approx((sum(TOTALS) / 29 + 3) / 10 * 25)
    assert "1/10" in row["method"]
    last = score_elements(answers, elements=[*NAMES, "safety"]).iloc[-1]
    assert (last["code"], last["name_id"]) == ("U10", "safety")
    with pytest.raises(AnalysisError, match="nine elements"):
        score_ikm(answers, elements=[*NAMES, "safety"], weight="0.11")


def test_too_little_is_missing_and_says_why() -> None:
    answers = drawn(4)
    single = score_ikm(answers.head(1)).iloc[0]
    assert pd.isna(single["low"]) and "too few" in single["method"] and pd.notna(single["value"])
    same = answers.head(20).assign(**dict.fromkeys(NAMES, 4), unit_id="U")
    row = score_ikm(same).iloc[0]
    assert pd.isna(row["low"]) and "no variance" in row["method"] and row["value"] == 100
    unanswered = score_ikm(answers.assign(complaints=np.nan))
    assert unanswered["value"].isna().all() and unanswered["category"].isna().all()
    blank = score_ikm(pd.concat([answers, answers.assign(**dict.fromkeys(NAMES, np.nan))]))
    pd.testing.assert_frame_equal(blank, score_ikm(answers))
    with pytest.raises(DataError, match="facilities"):
        score_ikm(answers.drop(columns="facilities"))
    with pytest.raises(DataError, match="scale"):
        score_ikm(answers.replace({"time": {4: 5}}))


def test_a_unit_above_has_the_forms_below() -> None:
    units = pd.DataFrame({"unit_id": ["R", "A", "B", "C"], "parent_id": [None, "R", "R", "R"]})
    answers = drawn(5)
    table = score_ikm(answers, units=units).set_index("unit_id")
    assert table.loc["R", "value"] == score_ikm(answers.assign(unit_id="R"))["value"].item()
    assert table.loc["R", "n"] == len(answers)


@pytest.mark.slow
@pytest.mark.parametrize("empty", [0.0, 0.25])
def test_intervals_cover_the_true_index(empty: float) -> None:
    truth = score_ikm(drawn(99, 400_000, "U"))["value"].item()
    runs = [score_ikm(drawn(seed, 60, "U", empty)) for seed in range(cases(150, 400))]
    table = pd.concat(runs)
    assert 0.93 <= ((table["low"] <= truth) & (truth <= table["high"])).mean() <= 0.97


def test_quarters_pool_their_forms() -> None:
    answers = drawn(6).assign(period=[MONTHS[i % 12] for i in range(300)])
    table = score_ikm_by_period(answers, step="quarter")
    assert sorted(table["period"].unique()) == ["2025-01", "2025-04", "2025-07", "2025-10"]
    assert score_ikm_by_period(answers, step="year")["n"].sum() == len(answers)
    assert score_ikm_by_period(answers, step="half")["period"].nunique() == 2
    with pytest.raises(AnalysisError, match="Steps are"):
        score_ikm_by_period(answers, step="week")
    with pytest.raises(DataError, match="no month"):
        score_ikm_by_period(answers.assign(period="2026-13"))


def series(seed: int, *, slope: float = 0.0, jump: float = 0.0, turn: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    noise = np.zeros(24)
    for month in range(24):
        noise[month] = 0.3 * noise[month - 1] + rng.normal(0, 1.5)
    years = np.arange(24) / 12
    value = 75 + slope * years + noise + (jump + turn * (years - 1)) * (years >= 1)
    return pd.DataFrame({"unit_id": "U", "period": MONTHS, "value": value, "n": 40})


def test_a_straight_line_is_found_whatever_the_order() -> None:
    given = series(0).assign(value=60 + np.arange(24) * 0.5)
    row = estimate_trends(given.sample(frac=1, random_state=3)).iloc[0]
    assert row["value"] == pytest.approx(6) and row["method"] == "no variance"
    few = estimate_trends(given.head(3)).iloc[0]
    assert pd.isna(few["value"]) and (few["method"], few["periods"]) == ("too few", 3)
    given["value"] += series(1)["value"]
    one, other = estimate_trends(given), estimate_trends(given.assign(value=given["value"] * 2 + 9))
    assert (other[["value", "low", "high"]] / 2).to_numpy() == pytest.approx(
        one[["value", "low", "high"]].to_numpy()
    )


def test_a_planted_break_is_found() -> None:
    table = estimate_interruption(series(2, slope=2, jump=8, turn=-3), start="2026-01")
    found = table.set_index("effect")
    for effect, truth in {"level": 8, "slope": -3, "before": 2}.items():
        assert found.loc[effect, "low"] <= truth <= found.loc[effect, "high"]
    assert found.loc["level", "low"] > 0 and "weaker evidence" in found["method"].iloc[0]
    early = estimate_interruption(series(2), start="2025-04")
    assert early["value"].isna().all() and early["method"].str.endswith("too few").all()
    with pytest.raises(DataError, match="several units"):
        estimate_interruption(
            pd.concat([series(1), series(2).assign(unit_id="V")]), start="2026-01"
        )


@pytest.mark.slow
def test_trend_and_break_cover_the_truth_with_correlated_months() -> None:
    runs = range(cases(200, 400))
    trends = [estimate_trends(series(seed, slope=2)).iloc[0] for seed in runs]
    jumps = [estimate_interruption(series(s, jump=3), start="2026-01") for s in runs]
    covered = np.mean([row["low"] <= 2 <= row["high"] for row in trends])
    jumped = np.mean([t["low"][0] <= 3 <= t["high"][0] for t in jumps])
    # Errors that follow one another (0.3) make both a little too narrow.
    assert 0.90 <= covered <= 0.97
    assert 0.90 <= jumped <= 0.97


@pytest.mark.slow
def test_units_that_do_not_differ_are_seldom_said_to() -> None:
    units, apart, runs = "ABCDEFGHIJKLMNOPQRST", 0, cases(60, 150)
    for seed in range(runs):
        table = score_ikm(drawn(seed, 800, units)).assign(unit="U")
        apart += find_service_units(table).key.endswith("apart")
    assert apart / runs <= 0.1


def test_findings_speak_of_the_published_table() -> None:
    answers = drawn(7)
    named = score_ikm(answers).assign(unit=lambda t: "Unit " + t["unit_id"])
    shown = publish(named, "results", audience="internal").table
    found = find_service(shown, unit="A")
    assert found.key in {"evaluation.service.sure", "evaluation.service.open"}
    assert found.values["value"] == shown.set_index("unit_id").loc["A", "value"]
    assert find_service(shown, unit="X").key == "evaluation.service.none"
    few = publish(
        score_ikm(answers.groupby("unit_id").head(2)), "results", audience="internal"
    ).table
    assert find_service(few, unit="A").key == "evaluation.service.hidden"
    assert find_service_units(few).key == "evaluation.service.units.hidden"
    assert find_service_units(shown).key == "evaluation.service.units.close"
    elements = find_elements(score_elements(printed()), unit="U")
    assert elements.key == "evaluation.service.elements.below"
    assert elements.values["name"]["en"] == "Completion time"
    for finding in (found, find_service_units(shown), elements):
        assert "{" not in say(finding, "id") + say(finding, "en", "title")


@pytest.mark.parametrize(
    ("low", "high", "before", "key"),
    [
        (1.0, 3.0, 0.5, "better"),
        (-3.0, -1.0, 0.5, "worse"),
        (-1.0, 3.0, 0.5, "unclear"),
        (1.0, 3.0, 0.01, "doubtful"),
        (np.nan, np.nan, np.nan, "few"),
    ],
)
def test_an_effect_is_said_only_as_far_as_it_goes(low, high, before, key) -> None:
    events = pd.DataFrame({"kind": ["overall", "before"], "value": [(low + high) / 2, 0.0]})
    events = events.assign(low=[low, -1.0], high=[high, 1.0], p=[0.01, before], n=8)
    finding = find_service_effect(events.assign(n_comparison=9, method="m"))
    assert finding.key == f"evaluation.service.effect.{key}"
    assert say(finding, "id") and say(finding, "en")
    assert find_service_effect(events.head(0)).key == "evaluation.service.effect.none"


@pytest.mark.parametrize(
    ("slope", "jump", "trend", "break_"),
    [(12.0, 9.0, "rising", "up"), (-12.0, -9.0, "falling", "down"), (0.0, 0.0, "unclear", "level")],
)
def test_trend_and_break_are_said(slope, jump, trend, break_) -> None:
    found = find_service_trend(estimate_trends(series(5, slope=slope)), unit="U")
    assert found.key == f"evaluation.service.trend.{trend}" and say(found, "id")
    found = find_interruption(estimate_interruption(series(5, jump=jump), start="2026-01"))
    assert found.key == f"evaluation.service.jump.{break_}" and say(found, "en")
    assert find_service_trend(estimate_trends(series(5).head(2)), unit="U").key.endswith("hidden")
    few = estimate_interruption(series(5), start="2025-02")
    assert find_interruption(few).key == "evaluation.service.jump.few"
