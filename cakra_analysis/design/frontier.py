"""What more or less money would close, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.design.closure import close_with, weigh_closed
from cakra_analysis.design.portfolio import Portfolio, plan_with
from cakra_analysis.design.problem import Array, Problem, draw_effects, use_effects
from cakra_analysis.design.rules import Rules
from cakra_analysis.design.seats import need_seats
from cakra_analysis.errors import AnalysisError, ConflictError

LEVEL = 0.95
METHOD = "normal draws of every effect; the plan stays"
COLUMNS = ("value", "low", "high", "bound", "gap", "share", "closed", "cost_idr")


def trace_frontier(
    problem: Problem,
    *,
    budgets: Sequence[float],
    rules: Rules,
    draws: int = 200,
    seed: int = 0,
    time_limit: float = 30.0,
    gap: float = 0.001,
    known: Iterable[Portfolio] = (),
) -> pd.DataFrame:
    """Return what each budget would close, and what the next step of money buys.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    budgets : sequence of float
        Rupiah.
    rules : Rules
        All but its budget is used.
    draws : int
        Draws of the effects for the band.
    seed : int
        Of the draws.
    time_limit : float
        Seconds for each budget.
    gap : float
        Relative gap to optimal at which each search may stop.
    known : iterable of Portfolio
        As for ``plan_with``.

    Returns
    -------
    DataFrame
        One row a budget, rising: ``budget_idr``, ``value`` (weighted levels closed), ``low``,
        ``high`` (95 percent of the draws), ``level``, ``bound``, ``gap``, ``share`` (value of the
        whole weighted gap, 0-1), ``closed`` (levels, not weighted), ``cost_idr``, ``status``,
        ``next_idr`` (to the row after), ``next_value`` (what that buys in weighted levels; missing
        in the last row), ``n`` (draws), ``method``, ``reason``. Where no plan is possible, or none
        was found, the numbers are missing and ``reason`` says why.

    Raises
    ------
    AnalysisError
        When no budget is given or a rule says nothing sensible.

    Notes
    -----
    Who can pay less can pay more: where a search ends below the plan of a smaller budget that
    plan stands, and a bound is never above the bound of a larger budget. The band is of the plan
    as it is, with other effects; it holds *not* what is unsure about the gaps. Drawn effects that
    pass somebody's gap are cut there, so the middle of the draws lies a little below ``value``.
    Pinned by ``tests/test_design_portfolio.py``.
    """
    if not len(budgets):
        raise AnalysisError("No budget is given.", allowed="At least one.")
    known = list(known)
    effects = draw_effects(problem, draws, seed)
    rows: list[dict[str, Any]] = []
    best: Portfolio | None = None
    for budget in sorted(set(map(float, budgets))):
        asked = replace(rules, budget_idr=budget)
        plan, reason = _try(problem, asked, time_limit, gap, known)
        if plan is None or (best is not None and best.value > plan.value):
            bound = plan.bound if plan else np.inf
            plan = best and _carry(best, bound)
        best = plan or best
        rows.append({"budget_idr": budget, **_row(problem, plan, effects)} | {"reason": reason})
    table = pd.DataFrame(rows)
    table["bound"] = table["bound"][::-1].cummin()[::-1]
    table["gap"] = (table["bound"] - table["value"]) / table["value"].where(table["value"] > 0)
    table["next_idr"] = table["budget_idr"].diff().shift(-1)
    table["next_value"] = table["value"].diff().shift(-1)
    return table.assign(level=LEVEL, n=draws, method=METHOD)


def _carry(plan: Portfolio, bound: float) -> Portfolio:
    return replace(plan, bound=max(bound, plan.value), status="within")


def _try(
    problem: Problem, rules: Rules, time_limit: float, gap: float, known: Iterable[Portfolio]
) -> tuple[Portfolio | None, str]:
    try:
        return plan_with(problem, rules, time_limit=time_limit, gap=gap, known=known), ""
    except ConflictError as error:
        return None, "conflict: " + ", ".join(error.rules)
    except AnalysisError as error:
        if "seconds" not in error.found:
            raise
        return None, "no plan found in time"


def _row(problem: Problem, plan: Portfolio | None, effects: Array) -> dict[str, Any]:
    if plan is None:
        return dict.fromkeys(COLUMNS, np.nan) | {"status": ""}
    values = score_draws(problem, plan, effects)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {
        "value": plan.value,
        "low": low,
        "high": high,
        "bound": plan.bound,
        "share": plan.value / plan.whole_gap if plan.whole_gap else np.nan,
        "closed": float(plan.closed["closed"].sum()),
        "cost_idr": plan.cost_idr,
        "status": plan.status,
    }


def score_draws(problem: Problem, plan: Portfolio, effects: Array) -> Array:
    """Return what a plan closes if the effects are others.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    plan : Portfolio
        Its seats stay as they are.
    effects : array of draw x pair
        From ``draw_effects``.

    Returns
    -------
    array of draw
        Weighted levels closed.
    """
    seats = need_seats(problem, plan)
    others = (use_effects(problem, row) for row in effects)
    return np.array([weigh_closed(p, close_with(p, plan.rules, seats)) for p in others])
