"""What is lost if the effects are others: would another plan have been better."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.design.frontier import score_draws
from cakra_analysis.design.portfolio import Portfolio, plan_with
from cakra_analysis.design.problem import Problem, draw_effects, use_effects
from cakra_analysis.errors import AnalysisError

MIN_VALUE = 1e-9


@dataclass(frozen=True)
class Regret:
    """What not knowing the effects costs.

    Attributes
    ----------
    draws : DataFrame
        One row a draw: ``draw``, ``value`` (weighted levels that this plan closes), ``best`` (what
        the plan made for the draw closes), ``bound`` (no plan closes more), ``regret`` (share of
        the best that is lost, 0-1).
    courses : DataFrame
        One row a course that this plan or any draw's holds: ``course_id``, ``planned``, ``share``
        (of the draws whose plan holds it, 0-1), ``n`` (draws).
    value, low, high : float
        Expected regret and the 95 percent range of the draws' regret.
    most : float
        Expected regret if every draw's plan were as good as its bound.
    n : int
        Draws that were solved.
    asked : int
        Draws that were asked for.
    """

    draws: pd.DataFrame
    courses: pd.DataFrame
    value: float
    low: float
    high: float
    most: float
    n: int
    asked: int


def score_regret(
    problem: Problem,
    portfolio: Portfolio,
    *,
    draws: int = 30,
    seed: int = 0,
    gap: float = 0.005,
    time_each: float = 10.0,
    time_limit: float = 120.0,
) -> Regret:
    """Score how much a plan may lose by not knowing the effects.

    Parameters
    ----------
    problem : Problem
        The plan's.
    portfolio : Portfolio
        From ``plan_portfolio``; its rules are kept by every other plan.
    draws : int
        Draws of the effects, each with a plan of its own.
    seed : int
        Of the draws.
    gap : float
        Relative gap to optimal at which each search may stop.
    time_each, time_limit : float
        Seconds for one draw and for all; no further draw is begun after that.

    Returns
    -------
    Regret
        Over the draws that were solved: ``n`` of ``asked``.

    Raises
    ------
    AnalysisError
        When not one draw was solved.

    Notes
    -----
    regret_d = (best_d - value_d) / best_d, with value_d of this plan and best_d of the better of
    this plan and the one made for draw d. Each course and competency is drawn by itself, so what
    is unsure about all courses alike is *not* in it. Savage (1951), JASA 46, 55-67. Pinned by
    ``tests/test_design_portfolio.py``.
    """
    effects = draw_effects(problem, draws, seed)
    values = score_draws(problem, portfolio, effects)
    start, rows, held = time.monotonic(), [], []
    for at, effect in enumerate(effects):
        left = time_limit - (time.monotonic() - start)
        if left <= 0:
            break
        seconds = min(time_each, left)
        try:
            drawn = use_effects(problem, effect)
            plan = plan_with(drawn, portfolio.rules, time_limit=seconds, gap=gap)
        except AnalysisError:  # not solved in time; this plan shows that there is one
            continue
        best = max(plan.value, values[at])
        rows.append((at, values[at], best, max(plan.bound, best)))
        held.append(plan.sessions["course_id"])
    if not rows:
        raise AnalysisError("Not one draw was solved in time.", do="Allow more seconds each.")
    table = pd.DataFrame(rows, columns=["draw", "value", "best", "bound"])
    table["regret"] = 1 - table["value"] / table["best"].clip(lower=MIN_VALUE)
    table.loc[table["best"] <= MIN_VALUE, "regret"] = 0.0
    return _sum_up(table, _count(portfolio, held), draws)


def _count(portfolio: Portfolio, held: list[pd.Series]) -> pd.DataFrame:
    share = pd.concat(held).value_counts() / len(held)
    planned = set(portfolio.sessions["course_id"])
    names = sorted(planned | set(share.index))
    table = pd.DataFrame({"course_id": names, "planned": [name in planned for name in names]})
    return table.assign(share=table["course_id"].map(share).fillna(0.0).astype(float), n=len(held))


def _sum_up(table: pd.DataFrame, courses: pd.DataFrame, asked: int) -> Regret:
    low, high = np.quantile(table["regret"], [0.025, 0.975])
    most = 1 - table["value"] / table["bound"].clip(lower=MIN_VALUE)
    return Regret(
        draws=table,
        courses=courses,
        value=float(table["regret"].mean()),
        low=float(low),
        high=float(high),
        most=float(most.where(table["bound"] > MIN_VALUE, 0.0).mean()),
        n=len(table),
        asked=asked,
    )
