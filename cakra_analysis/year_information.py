"""Which course's evaluation would most change the plan that follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from cakra_analysis import design, evaluation, improvement
from cakra_analysis.dataset import Dataset
from cakra_analysis.design.closure import close_with, weigh_closed
from cakra_analysis.design.problem import draw_effects, use_effects
from cakra_analysis.design.seats import need_seats
from cakra_analysis.errors import AnalysisError
from cakra_analysis.once import once
from cakra_analysis.settings import Settings
from cakra_analysis.year import Year
from cakra_analysis.year_evidence import find_levels

KEY = ["course_id", "competency_id"]
TURN = 1.2  # standard deviations by which an effect is moved for that plan
GAP = 0.02  # gap to the best plan at which such a search stops


@once
def rank_evaluations(
    tables: Dataset,
    year: Year,
    problem: design.Problem,
    plan: design.Portfolio,
    *,
    cycle: str,
    settings: Settings,
    draws: int = 500,
    searched: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return which courses should be measured first, by what knowing would add to the next plan.

    Parameters
    ----------
    tables : Dataset
        ratings, competencies, courses.
    year : Year
        From ``gather_year``.
    problem : Problem
        From ``make_problem``.
    plan : Portfolio
        From ``plan_with``: what is going to be held, and so can be evaluated.
    cycle : str
        As for ``gather_year``.
    settings : Settings
        The sections ``evaluation`` and ``improvement``.
    draws : int
        Draws of the effects.
    searched : int, optional
        For how many courses, the least certain and largest first, another plan is looked for; as
        ``improvement.searched`` says if missing.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        From ``score_information``, with the columns of ``list_studies`` and ``searched`` (whether
        a plan was looked for that is best if the course is other than expected).

    Raises
    ------
    CakraError
        When levels cannot be worked out, or no plan keeps the rules.

    Notes
    -----
    Candidates: the plan, and for each searched course the plan that is best if its tested effect
    is 1.2 standard deviations lower (a course that the plan holds) or higher (one that it does
    not). Pinned by ``tests/test_improvement_information.py``.
    """
    levels = find_levels(tables, cycle=cycle, settings=settings)
    studies = list_studies(year, problem, plan, levels, settings=settings)
    tested = _place(problem, studies)
    reach = _reach(problem, tested)
    most = settings.improvement.searched if searched is None else searched
    looked = np.argsort(-reach, kind="stable")[:most]
    looked = looked[reach[looked] > 0]
    plans = [plan, *(_turn(problem, plan, int(tested[at])) for at in looked)]
    effects = draw_effects(problem, draws, seed)
    studies = studies.assign(searched=np.isin(np.arange(len(studies)), looked))
    return improvement.score_information(
        _score_plans(problem, plans, effects),
        _list_draws(problem, effects),
        studies,
        whole_gap=problem.whole_gap,
        seed=seed,
    )


def list_studies(
    year: Year,
    problem: design.Problem,
    plan: design.Portfolio,
    levels: pd.Series,
    *,
    settings: Settings,
) -> pd.DataFrame:
    """Return the evaluation that each course on offer could get next year.

    Parameters
    ----------
    year : Year
        From ``gather_year``: effects with status.
    problem : Problem
        From ``make_problem``.
    plan : Portfolio
        What is going to be held.
    levels : Series
        From ``find_levels``.
    settings : Settings
        ``evaluation.icc``; the weights of grades.

    Returns
    -------
    DataFrame
        One row a course, sorted: course_id, competency_id (of its largest expected effect),
        ``status`` (of that effect), ``held`` (by the plan), ``n_trained`` (its seats, or one full
        session as a pilot), ``n_comparison``, ``sessions``, ``grade`` (A where as many people as
        are trained lose a lot, else B), ``error`` (standard error, levels; missing where nobody
        can tell), ``cost_idr`` (of the pilot; 0 where the plan holds the course).

    Raises
    ------
    AnalysisError
        As ``plan_power``.

    Notes
    -----
    error = smallest effect / (z_level + z_power) x levels of a standard deviation / sqrt(weight of
    the grade), the smallest effect from ``plan_power``.
    """
    effects = year.effects[year.effects["course_id"].isin(problem.offers["course_id"])]
    first = effects.sort_values(["effect", *KEY], ascending=[False, True, True])
    table = first.drop_duplicates("course_id").sort_values("course_id", ignore_index=True)
    table = table[[*KEY, "status"]]
    sizes = _size(problem, plan).reindex(table["course_id"]).reset_index(drop=True)
    table = table.join(sizes)
    power = evaluation.plan_power(table, icc=settings.evaluation.icc)
    z = norm.ppf((1 + power["level"]) / 2) + norm.ppf(power["power"])
    weight = table["grade"].map(dict(settings.improvement.grades)).astype(float)
    spread = table["competency_id"].map(levels).astype(float)
    error = power["value"] / z * spread / np.sqrt(weight.where(weight > 0))
    return table.assign(error=error)


def _size(problem: design.Problem, plan: design.Portfolio) -> pd.DataFrame:
    """People trained and compared by course, and what a pilot costs."""
    offers = problem.offers.set_index("course_id")
    held = plan.sessions.set_index("course_id").reindex(offers.index)
    is_held = held["seats"].notna()
    seats = held["seats"].where(is_held, offers["seats_most"]).astype(int)
    wanting = pd.Series(problem.seats_need.sum(axis=0), index=offers.index)
    waiting = (wanting - seats).clip(lower=0).astype(int)
    by_lot = waiting >= seats
    pilot = offers["cost_session_idr"] + offers["cost_seat_idr"] * seats
    return pd.DataFrame(
        {
            "held": is_held,
            "n_trained": seats,
            "n_comparison": seats,
            "sessions": held["sessions"].fillna(1).astype(int),
            "grade": by_lot.map({True: "A", False: "B"}),
            "cost_idr": pilot.where(~is_held, 0.0),
        }
    )


def _place(problem: design.Problem, studies: pd.DataFrame) -> np.ndarray:
    """Position of each study's effect among the problem's pairs; -1 where it is in none."""
    pairs = pd.MultiIndex.from_frame(_name_pairs(problem))
    return pairs.get_indexer(pd.MultiIndex.from_frame(studies[KEY]))


def _name_pairs(problem: design.Problem) -> pd.DataFrame:
    pairs = problem.pairs
    course = problem.offers["course_id"].to_numpy()[pairs["course"]]
    competency = problem.competencies["competency_id"].to_numpy()[pairs["competency"]]
    return pd.DataFrame({"course_id": course, "competency_id": competency})


def _reach(problem: design.Problem, tested: np.ndarray) -> np.ndarray:
    """How far each course may change what closes: its uncertainty, weight and people in need."""
    pairs = problem.pairs.iloc[tested.clip(min=0)]
    spread = (pairs["high"] - pairs["low"]).fillna(0.0).to_numpy()
    weight = problem.competencies["weight"].to_numpy()[pairs["competency"]]
    offers = problem.offers.iloc[pairs["course"]]
    seats = (offers["seats_most"] * offers["sessions_most"]).to_numpy(float)
    people = np.minimum(problem.seats_need.sum(axis=0)[pairs["course"]], seats)
    return np.where(tested >= 0, spread * weight * people, 0.0)


def _turn(problem: design.Problem, plan: design.Portfolio, at: int) -> design.Portfolio:
    """The plan that is best if one effect is worse than expected, or better where none is held."""
    pair = problem.pairs.iloc[at]
    course = problem.offers["course_id"].iloc[int(pair["course"])]
    side = -1 if course in set(plan.sessions["course_id"]) else 1
    effects = problem.pairs["effect"].to_numpy(float).copy()
    effects[at] += side * TURN * (pair["high"] - pair["low"]) / (2 * norm.ppf(0.975))
    try:
        return design.plan_with(use_effects(problem, effects), plan.rules, gap=GAP, time_limit=20)
    except AnalysisError:  # not solved in time; the plan itself shows that there is one
        return replace(plan)


def _score_plans(
    problem: design.Problem, plans: list[design.Portfolio], effects: np.ndarray
) -> pd.DataFrame:
    """What each plan closes in each draw."""
    seats = [need_seats(problem, plan) for plan in plans]
    rules = plans[0].rules
    rows = []
    for draw, each in enumerate(effects):
        drawn = use_effects(problem, each)
        rows += [
            (number, draw, weigh_closed(drawn, close_with(drawn, rules, taken)))
            for number, taken in enumerate(seats)
        ]
    return pd.DataFrame(rows, columns=["plan", "draw", "value"])


def _list_draws(problem: design.Problem, effects: np.ndarray) -> pd.DataFrame:
    names = _name_pairs(problem)
    draws = len(effects)
    table = pd.concat([names] * draws, ignore_index=True)
    return table.assign(draw=np.repeat(np.arange(draws), len(names)), effect=effects.ravel())
