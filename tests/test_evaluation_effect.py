"""Effects of a course: R's numbers, LaLonde's experiment, planted truth, what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from benchmarks.nsw import COVARIATES, nsw_people
from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.covariates import code_covariates
from cakra_analysis.evaluation.effect import METHODS, estimate_effect
from cakra_analysis.evaluation.matching import match_nearest
from cakra_analysis.evaluation.propensity import predict_apart, weigh
from cakra_analysis.evaluation.robust import fit_clustered
from tests.conftest import ROOT

GOLDENS = ROOT / "tests" / "goldens"
PEOPLE = pd.read_csv(GOLDENS / "evaluation_people.csv")
WANTED = pd.read_csv(GOLDENS / "evaluation_robust.csv").set_index("what")
KNOWN = ["age", "female"]


def draw(seed: int, effect: float = 4.0, n: int = 300) -> pd.DataFrame:
    """People picked for low scores, whose trained ones would have gained 2 without the course."""
    rng = np.random.default_rng(seed)
    before = rng.normal(60, 10, n)
    treated = rng.random(n) < 1 / (1 + np.exp((before - 60) / 10))
    after = 20 + 0.7 * before + effect * treated + rng.normal(0, 6, n)
    return pd.DataFrame({"treated": treated, "before": before, "after": after})


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("difference by cluster", {"method": "difference"}),
        ("did", {"method": "did"}),
        ("ancova", {"method": "ancova"}),
        ("matching", {"method": "matching"}),
    ],
)
def test_value_error_and_interval_equal_r(what: str, options: dict[str, str]) -> None:
    found = estimate_effect(PEOPLE, covariates=KNOWN, **options).iloc[0]
    names = ["value", "error", "df", "low", "high"]
    assert found[names].tolist() == pytest.approx(WANTED.loc[what, names].tolist(), abs=1e-6)


def test_without_clusters_the_error_is_hc2() -> None:
    found = estimate_effect(PEOPLE, method="difference", cluster=None).iloc[0]
    wanted = WANTED.loc["difference"]
    assert found[["value", "error"]].tolist() == pytest.approx([*wanted[["value", "error"]]])


@pytest.mark.parametrize("estimand", ["att", "ate"])
def test_weighting_equals_r(estimand: str) -> None:
    found = estimate_effect(
        PEOPLE, method="weighting", estimand=estimand, covariates=KNOWN, ridge=0
    )
    wanted = WANTED.loc[f"weighting {estimand}"]
    assert found["value"].item() == pytest.approx(wanted["value"], abs=1e-6)
    # R's plain cluster error counts too few clusters as enough; ours must not be smaller.
    assert wanted["error"] < found["error"].item() < 1.1 * wanted["error"]


def test_lalondes_experiment() -> None:
    """Known answers of least squares, by statsmodels and by us."""
    people = nsw_people("experiment")
    assert len(people) == 445
    plain = sm.OLS(people["after"], sm.add_constant(people[["treat"]])).fit()
    assert plain.params["treat"] == pytest.approx(1794.34, abs=0.01)
    assert plain.bse["treat"] == pytest.approx(632.85, abs=0.01)
    held = ["age", "age2", "educ", "nodegree", "black", "hisp", "re74", "re75"]
    adjusted = sm.OLS(people["after"], sm.add_constant(people[["treat", *held]])).fit()
    assert adjusted.params["treat"] == pytest.approx(1672.20, abs=0.5)
    assert adjusted.bse["treat"] == pytest.approx(638.40, abs=0.5)
    ours = estimate_effect(people, method="difference", cluster=None)["value"].item()
    assert ours == pytest.approx(plain.params["treat"])
    ours = estimate_effect(people, method="ancova", covariates=COVARIATES, cluster=None)
    assert ours["value"].item() == pytest.approx(adjusted.params["treat"])


@pytest.mark.slow
def test_another_comparison_group_misleads_until_adjusted() -> None:
    """Trained men against a survey's people: the raw difference has the wrong sign."""
    people = nsw_people("cps")
    found = pd.concat(
        estimate_effect(people, method=m, covariates=COVARIATES, cluster=None) for m in METHODS
    ).set_index("method")
    assert found.loc["difference", "value"] == pytest.approx(-8497.5, abs=1)
    for method in ("weighting", "aipw", "matching"):
        assert found.loc[method, "low"] < 1794.34 < found.loc[method, "high"]


def test_matching_takes_the_nearest_free_person_and_keeps_the_caliper() -> None:
    chance = np.array([0.7, 0.6, 0.62, 0.3, 0.1])
    treated = np.array([True, True, False, False, False])
    trained, matches = match_nearest(chance, treated)
    assert (trained.tolist(), matches.tolist()) == ([0, 1], [2, 3])
    trained, matches = match_nearest(chance, treated, caliper=0.4)
    assert (trained.tolist(), matches.tolist()) == ([0], [2])


@pytest.mark.slow
@pytest.mark.parametrize("method", ["did", "ancova", "weighting", "aipw", "matching"])
def test_nobody_asks_in_which_order_or_unit_people_come(method: str) -> None:
    people = draw(3)
    if method == "aipw":  # its folds are drawn by the order of people
        one, other = draw(3), draw(3)
    else:
        one, other = people, people.sample(frac=1, random_state=1)
    scaled = other.assign(after=10 * other["after"] + 5, before=10 * other["before"] + 5)
    a, b, c = (estimate_effect(p, method=method).iloc[0] for p in (one, other, scaled))
    assert a["value"] == pytest.approx(b["value"])
    assert [10 * a["value"], 10 * a["low"]] == pytest.approx([c["value"], c["low"]])


@pytest.mark.slow
@pytest.mark.parametrize("method", ["ancova", "weighting", "aipw"])
def test_selection_on_the_score_before_is_undone(method: str) -> None:
    found = pd.concat(estimate_effect(draw(s), method=method) for s in range(12))
    assert found["value"].mean() == pytest.approx(4.0, abs=0.6)
    naive = pd.concat(estimate_effect(draw(s), method="naive") for s in range(12))
    assert naive["value"].mean() > 6.0


def test_ate_and_att_differ_where_the_weak_gain_more() -> None:
    people = draw(5, effect=0.0, n=2000)
    gain = 8 - 0.2 * (people["before"] - 60)
    people["after"] += gain * people["treated"]
    att, ate = (estimate_effect(people, estimand=e)["value"].item() for e in ("att", "ate"))
    assert att == pytest.approx(gain[people["treated"]].mean(), abs=0.7)
    assert ate == pytest.approx(gain.mean(), abs=0.7)
    assert att > ate + 0.5


def test_predictions_come_from_other_people() -> None:
    """With outcomes of pure noise a model that has seen a person would look better than chance."""
    rng = np.random.default_rng(0)
    columns = rng.standard_normal((60, 30))
    treated, noise = np.arange(60) % 2 == 0, rng.standard_normal(60)
    _, without, _ = predict_apart(columns, treated, noise, np.arange(60), rng=rng)
    held = ~treated
    assert np.corrcoef(without[held], noise[held])[0, 1] < 0.4


def test_a_cluster_is_never_cut_in_two() -> None:
    rng = np.random.default_rng(1)
    cluster = np.repeat(np.arange(12), 10)
    treated = cluster < 6
    outcome = cluster.astype(float)
    _, without, _ = predict_apart(np.zeros((120, 2)), treated, outcome, cluster, rng=rng)
    assert all(len(np.unique(without[cluster == c].round(9))) <= 4 for c in range(12))


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (draw(1).assign(treated=True), "fewer than five people on a side"),
        (draw(1).assign(treated=False), "fewer than five people on a side"),
        (draw(1).assign(after=np.nan), "fewer than five people on a side"),
        (draw(1).assign(cluster=lambda p: p["treated"]), "too few clusters, or no differences"),
    ],
)
def test_where_there_is_nobody_to_compare_there_is_no_value(
    people: pd.DataFrame, reason: str
) -> None:
    found = estimate_effect(people, method="ancova").iloc[0]
    assert found["reason"] == reason
    assert np.isnan(found[["low", "high", "p"]].astype(float)).all()


def test_lost_people_are_counted() -> None:
    people = draw(1)
    people.loc[:29, "after"] = np.nan
    found = estimate_effect(people, method="did").iloc[0]
    assert (found["n"], found["lost"]) == (270, pytest.approx(0.1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "aiwp"}, "Did you mean"),
        ({"estimand": "atc"}, "It is one of: att, ate"),
        ({"covariates": ["age"]}, "Columns are: treated, before, after"),
    ],
)
def test_what_is_unknown_is_one_clear_error(options: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        estimate_effect(draw(1), **options)
    with pytest.raises(DataError, match="no column after"):
        estimate_effect(draw(1).drop(columns="after"))


def test_gaps_and_texts_become_columns() -> None:
    people = pd.DataFrame(
        {"age": [30.0, np.nan] * 10, "job": ["a"] * 12 + ["b"] * 6 + ["c", None], "one": 1}
    )
    columns = code_covariates(people, ["age", "job", "one"])
    assert list(columns) == ["age missing", "job=b"] or list(columns) == [
        "age missing",
        "job=b",
        "job=other",
    ]
    assert columns.notna().all().all()


def test_weights_balance_exactly_where_the_chance_is_known() -> None:
    treated = np.array([True, False, False, True])
    chance = np.array([0.5, 0.5, 0.75, 0.75])
    assert weigh(treated, chance).tolist() == [1, 1, 3, 1]
    assert weigh(treated, chance, "ate").tolist() == pytest.approx([2, 2, 4, 4 / 3])


def test_a_cluster_explained_wholly_by_a_column_weighs_nothing() -> None:
    y = np.array([1.0, 2.0, 3.0, 4.0, 9.0, 9.5])
    alone = np.array([0, 0, 0, 0, 1.0, 1.0])
    columns = np.column_stack([np.ones(6), [0, 1, 0, 1, 0, 0], alone])
    found = fit_clustered(y, columns, np.array([0, 1, 2, 3, 4, 4]))
    assert found.value == pytest.approx(1.0)
    assert np.isfinite(found.error)
