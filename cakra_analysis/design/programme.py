"""A plan's courses and the effects it counts on, as a reader is shown them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cakra_analysis.design.portfolio import Portfolio
from cakra_analysis.design.regret import Regret

NAMES = ["course_id", "name_id", "name_en"]


def list_budgets(
    budget_idr: float, step_idr: float, *, steps: Sequence[int] = (-4, -2, 0, 1, 2, 4)
) -> list[float]:
    """Return the budgets of a frontier: some steps below a budget, itself, and some above.

    Parameters
    ----------
    budget_idr, step_idr : float
        Rupiah.
    steps : sequence of int
        How many steps off.

    Returns
    -------
    list of float
        Rising; none of 0 or below.

    Examples
    --------
    >>> list_budgets(100.0, 30.0)
    [40.0, 100.0, 130.0, 160.0, 220.0]
    """
    return [b for b in sorted(budget_idr + step * step_idr for step in steps) if b > 0]


def describe_courses(
    plan: Portfolio, offers: pd.DataFrame, regret: Regret | None = None
) -> pd.DataFrame:
    """Return the courses of a plan with their names.

    Parameters
    ----------
    plan : Portfolio
        From ``plan_portfolio``.
    offers : DataFrame
        ``list_offers``.
    regret : Regret, optional
        From ``score_regret``, of the same plan.

    Returns
    -------
    DataFrame
        One row a course held, what closes most first: course_id, name_id, name_en, mode,
        ``hours_jp`` (of one participant), sessions, seats, cost_idr, ``value`` (weighted levels
        closed), ``in_draws`` (0-1, share of the draws that hold it; missing without ``regret``).
    """
    about = offers[[*NAMES, "mode", "hours_jp"]]
    table = plan.sessions.drop(columns="hours_jp").merge(about, on="course_id", validate="1:1")
    kept = {} if regret is None else regret.courses.set_index("course_id")["share"]
    table = table.rename(columns={"closed": "value"})
    table["in_draws"] = table["course_id"].map(kept).astype(float)
    shown = ["mode", "hours_jp", "sessions", "seats", "cost_idr", "value", "in_draws"]
    table = table[[*NAMES, *shown]]
    return table.sort_values(["value", "course_id"], ascending=[False, True], ignore_index=True)


def describe_effects(
    effects: pd.DataFrame, offers: pd.DataFrame, competencies: pd.DataFrame, *, staff: int
) -> pd.DataFrame:
    """Return what each course on offer is expected to do, and how that is known.

    Parameters
    ----------
    effects : DataFrame
        The table ``course_effects``; from ``update_effects`` with claim and data, what the
        catalogue says and what was measured.
    offers : DataFrame
        ``list_offers``.
    competencies : DataFrame
        competency_id, name_id, name_en.
    staff : int
        People whom a claim that nobody measured is about: everybody.

    Returns
    -------
    DataFrame
        One row an effect, sorted: course_id, competency_id, name_id, name_en (course),
        ``item_id``, ``item_en`` (competency), ``claim``, ``data`` (levels; missing where nobody
        measured), ``value`` (levels: what is planned with), low, high, basis, confirmed,
        ``people`` (of its evaluations, or all staff) and ``fewest`` (on their smaller side; 0
        without any).
    """
    items = competencies.set_index("competency_id")
    table = effects.merge(offers[NAMES], on="course_id", validate="many_to_one")
    for lang in ("id", "en"):
        table[f"item_{lang}"] = table["competency_id"].map(items[f"name_{lang}"])
    table = table.rename(columns={"effect": "value", "source": "basis"})
    order = ["course_id", "competency_id", *NAMES[1:], "item_id", "item_en", "claim", "data",
             "value", "low", "high", "basis", "confirmed", "people", "fewest"]  # fmt: skip
    told = table.reindex(columns=["evaluations", "n", "fewest"]).fillna(0).astype(int)
    people = told["n"].where(told["evaluations"] > 0, staff)
    table = table.assign(people=people, fewest=told["fewest"])
    table = table.reindex(columns=order).fillna({"claim": table["value"]})
    return table.sort_values(["course_id", "competency_id"], ignore_index=True)
