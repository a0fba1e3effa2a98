"""What an evaluation is worth before it is made, against choices that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from cakra_analysis import design
from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement import score_information, score_perfect_information
from cakra_analysis.settings import Settings
from cakra_analysis.year_information import list_studies, rank_evaluations

DRAWS = 4000
STUDY = pd.DataFrame({"course_id": ["C"], "competency_id": "K", "error": 1.0})


def unit_loss(mean: float, sd: float) -> float:
    """E[max(x, 0)] - max(E x, 0) of x ~ N(mean, sd^2): the unit normal loss."""
    u = abs(mean) / sd
    return sd * (norm.pdf(u) - u * norm.sf(u))


def two_plans(mean: float, *, seed: int = 3, n: int = DRAWS, other: float = 1.0) -> tuple:
    """Plan A closes the effect of C and something else, plan B nothing for sure."""
    rng = np.random.default_rng(seed)
    effect, noise = rng.normal(mean, 1, n), rng.normal(0, other, n)
    values = pd.DataFrame({"plan": "A", "draw": range(n), "value": effect + noise})
    values = pd.concat([values, values.assign(plan="B", value=0.0)])
    table = pd.DataFrame({"draw": range(n), "course_id": "C", "competency_id": "K"})
    return values, table.assign(effect=effect)


@pytest.mark.parametrize("mean", [0.3, -0.3, 1.0])
def test_two_plans_are_the_unit_normal_loss(mean: float) -> None:
    """The worked example: an evaluation as unsure as the effect itself shows half its variance."""
    found = score_information(*two_plans(mean), STUDY, whole_gap=10.0).iloc[0]
    assert found["most"] == pytest.approx(unit_loss(mean, 1.0), abs=0.025)
    assert found["value"] == pytest.approx(unit_loss(mean, np.sqrt(0.5)), abs=0.025)
    assert found["low"] < unit_loss(mean, np.sqrt(0.5)) < found["high"]
    assert found["share"] == pytest.approx(found["value"] / 10)
    assert (found["n"], found["rank"], found["reason"]) == (DRAWS, 1, "")


def test_knowing_everything_is_the_unit_normal_loss_of_all() -> None:
    values, _ = two_plans(0.3)
    found = score_perfect_information(values).iloc[0]
    assert found["low"] < unit_loss(0.3, np.sqrt(2)) < found["high"]
    assert found["value"] == pytest.approx(unit_loss(0.3, np.sqrt(2)), abs=0.03)


@pytest.mark.slow
def test_an_exact_evaluation_is_worth_knowing_the_effect_and_a_vague_one_nothing() -> None:
    studies = pd.concat([STUDY.assign(error=error) for error in (0.0, 0.5, 2.0, 50.0)])
    data = two_plans(0.3)
    found = [score_information(*data, row.to_frame().T, whole_gap=10).iloc[0]
             for _, row in studies.iterrows()]  # fmt: skip
    assert found[0]["value"] == pytest.approx(found[0]["most"], abs=0.01)
    assert [row["value"] for row in found] == sorted((r["value"] for r in found), reverse=True)
    assert found[-1]["value"] < 0.02


def test_what_cannot_change_the_plan_is_worth_nothing_and_says_why() -> None:
    values, effects = two_plans(8.0, n=400)
    studies = pd.concat([STUDY, STUDY.assign(course_id="D"), STUDY.assign(course_id="E")])
    fixed = effects.assign(course_id="D", effect=0.4)
    found = score_information(
        values, pd.concat([effects, fixed]), studies, whole_gap=10.0
    ).set_index("course_id")
    assert found["reason"].to_dict() == {"C": "same_plan", "D": "known", "E": "no_effect"}
    assert (found[["value", "low", "high"]] == 0).all(axis=None) and set(found["rank"]) == {1}
    none = score_information(*two_plans(0.3), STUDY.assign(error=np.nan), whole_gap=10.0).iloc[0]
    assert none["reason"] == "no_study" and none["value"] == 0 and none["most"] > 0.2


def test_the_largest_value_comes_first_in_whatever_order_it_was_asked() -> None:
    values, effects = two_plans(0.3, n=1000, other=0.0)
    rng = np.random.default_rng(9)
    small = effects.assign(course_id="B", effect=rng.normal(0, 0.1, 1000))
    values.loc[values["plan"] == "A", "value"] += small["effect"].to_numpy()
    studies = pd.concat([STUDY.assign(course_id="B", error=0.1), STUDY], ignore_index=True)
    both = pd.concat([effects, small])
    first = score_information(values, both, studies, whole_gap=10.0)
    assert first["course_id"].tolist() == ["C", "B"]
    shuffled = [table.sample(frac=1, random_state=2) for table in (values, both, studies)]
    again = score_information(*shuffled, whole_gap=10.0)
    pd.testing.assert_frame_equal(first, again)


def test_tables_that_do_not_belong_together_are_refused() -> None:
    values, effects = two_plans(0.3, n=100)
    with pytest.raises(AnalysisError, match="cannot be compared"):
        score_information(values[1:], effects, STUDY, whole_gap=1.0)
    with pytest.raises(AnalysisError, match="no effects"):
        score_information(values, effects[1:], STUDY, whole_gap=1.0)
    with pytest.raises(AnalysisError, match="cannot be compared"):
        score_perfect_information(two_plans(0.3, n=20)[0])


@pytest.fixture(scope="module")
def chosen():
    """Money for one session: A is sure, B promises as much and may do far more or nothing."""
    staff = [f"S{i:02}" for i in range(40)]
    people = pd.DataFrame({"staff_id": staff, "unit_id": "U", "status": "PNS", "segment": 1})
    gaps = pd.DataFrame({"staff_id": staff, "competency_id": "K", "gap": 1.5})
    names = ["A", "B", "C", "D"]
    courses = pd.DataFrame({"course_id": names, "hours_jp": 10.0, "seats_most": 20})
    courses = courses.assign(sessions_most=1, cost_session_idr=1e6, cost_seat_idr=0.0)
    offers = design.list_offers(courses)
    effects = pd.DataFrame(
        {
            "course_id": names,
            "competency_id": "K",
            "effect": [0.5, 0.45, 0.1, -0.1],
            "low": [0.45, -0.35, 0.08, -0.2],
            "high": [0.55, 1.25, 0.12, 0.0],
            "status": ["evaluated", "claim", "claim", "evaluated"],
        }
    )
    problem = design.gather_problem(gaps, people, offers, effects, least_jp=0)
    rules = design.Rules(budget_idr=1.2e6, fair=0.0, away=1.0)
    plan = design.plan_with(problem, rules)
    settings = Settings()
    fixed = replace(settings, improvement=replace(settings.improvement, levels_per_sd=0.8))
    tables = {"competencies": pd.DataFrame({"competency_id": ["K"]})}
    return tables, SimpleNamespace(effects=effects), problem, plan, fixed


@pytest.mark.slow
def test_the_course_that_may_do_far_more_is_to_be_measured_first(chosen) -> None:
    tables, year, problem, plan, settings = chosen
    assert plan.sessions["course_id"].tolist() == ["A"]
    found = rank_evaluations(tables, year, problem, plan, cycle="2026", settings=settings)
    assert found["course_id"].iloc[0] == "B"
    rest = found.set_index("course_id")
    # Twenty seats; with no error at all B is worth the unit normal loss of B less A.
    sd = np.hypot(0.8, 0.05) / norm.ppf(0.975)
    assert 0.5 * 20 * unit_loss(0.05, sd) < rest.loc["B", "value"] < 20 * unit_loss(0.05, sd)
    assert rest.loc["B", "value"] > 3 * rest.loc[["A", "C", "D"], "value"].max()
    assert rest.loc["D", "reason"] == "no_effect" and rest.loc["A", "status"] == "evaluated"
    again = rank_evaluations(tables, year, problem, plan, cycle="2026", settings=settings)
    pd.testing.assert_frame_equal(found, again)


def test_an_evaluation_is_as_sure_as_its_people_and_its_grade_allow(chosen) -> None:
    _, year, problem, plan, settings = chosen
    levels = pd.Series({"K": 0.8})
    table = list_studies(year, problem, plan, levels, settings=settings).set_index("course_id")
    assert table["held"].tolist() == [True, False, False, False]
    assert table["cost_idr"].tolist() == [0.0, 1e6, 1e6, 1e6]
    # Twenty of forty lose the lot; t test of 20 and 20 with r = 0.5 before: 0.27 sd.
    assert table.loc["A", ["grade", "n_trained", "n_comparison"]].tolist() == ["A", 20, 20]
    assert table.loc["A", "error"] == pytest.approx(0.8 * np.sqrt(0.75 / 10), rel=0.05)
    poor = replace(settings, improvement=replace(settings.improvement, grades={"A": 0.25, "B": 0}))
    wider = list_studies(year, problem, plan, levels, settings=poor).set_index("course_id")
    assert wider.loc["A", "error"] == pytest.approx(2 * table.loc["A", "error"])
