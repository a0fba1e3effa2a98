"""Plans side by side: other budgets, or other rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.design.groups import GROUP
from cakra_analysis.design.portfolio import Portfolio, plan_with
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.rules import Rules
from cakra_analysis.errors import ConflictError

NUMBERS = (
    "courses",
    "sessions",
    "seats",
    "people",
    "units",
    "hours_jp",
    "cost_idr",
    "value",
    "bound",
    "gap",
    "share",
    "closed",
)


def compare_scenarios(
    problem: Problem,
    *,
    rules: Rules,
    scenarios: Mapping[str, Mapping[str, Any]],
    time_limit: float = 30.0,
    gap: float = 0.001,
    known: Iterable[Portfolio] = (),
) -> tuple[pd.DataFrame, dict[str, Portfolio]]:
    """Return several plans side by side.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        What all scenarios share.
    scenarios : mapping
        By name, what differs: ``{"lean": {"budget_idr": 3e8}, "fair": {"fair": 0.9}}``.
    time_limit : float
        Seconds for each.
    gap : float
        Relative gap to optimal at which each search may stop.
    known : iterable of Portfolio
        As for ``plan_with``.

    Returns
    -------
    tuple
        A table with one row a scenario in the order given, and the plans by name (none where no
        plan is possible). Columns: ``scenario``, ``budget_idr``, ``courses``, ``sessions``,
        ``seats``, ``people`` (most that can have a seat: seats of a group, at most its people),
        ``units`` (with a seat), ``hours_jp``, ``cost_idr``, ``value`` (weighted levels closed),
        ``bound``, ``gap``, ``share`` (value of the whole weighted gap), ``closed`` (levels),
        ``status``, ``reason`` (the rules in conflict, by their keys).

    Raises
    ------
    AnalysisError
        When a rule says nothing sensible, or no plan was found in time.
    """
    rows, plans, known = [], {}, list(known)
    for name, changes in scenarios.items():
        asked = replace(rules, **changes)
        row = {"scenario": name, "budget_idr": asked.budget_idr}
        try:
            plans[name] = plan_with(problem, asked, time_limit=time_limit, gap=gap, known=known)
            rows.append(row | summarise_plan(problem, plans[name]) | {"reason": ""})
        except ConflictError as error:
            empty = dict.fromkeys(NUMBERS, np.nan)
            rows.append(row | empty | {"status": "", "reason": ", ".join(error.rules)})
    return pd.DataFrame(rows), plans


def summarise_plan(problem: Problem, plan: Portfolio) -> dict[str, Any]:
    """Return a plan in numbers.

    Parameters
    ----------
    problem : Problem
        The plan's.
    plan : Portfolio
        From ``plan_portfolio``.

    Returns
    -------
    dict
        The columns of ``compare_scenarios``.
    """
    seats = plan.seats.groupby(GROUP, observed=True)["seats"].sum()
    people = problem.groups.set_index(GROUP)["people"].reindex(seats.index)
    return {
        "courses": len(plan.sessions),
        "sessions": int(plan.sessions["sessions"].sum()),
        "seats": int(plan.sessions["seats"].sum()),
        "people": int(np.minimum(seats, people).sum()),
        "units": int(plan.seats["unit_id"].nunique()),
        "hours_jp": float(plan.sessions["hours_jp"].sum()),
        "cost_idr": plan.cost_idr,
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "share": plan.value / plan.whole_gap if plan.whole_gap else float("nan"),
        "closed": float(plan.closed["closed"].sum()),
        "status": plan.status,
    }
