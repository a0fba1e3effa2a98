"""What a portfolio, its frontier and its regret say, in no language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.design.portfolio import Portfolio
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.regret import Regret
from cakra_analysis.design.scenarios import summarise_plan
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

MILLION = 1e6
METHOD = "mixed-integer programme"
LITTLE = 0.001  # of the whole gap; a step that buys less buys nothing more
ROBUST = 0.05  # expected regret up to which a plan counts as robust
OFTEN = 0.8  # share of the draws from which on a course counts as sure


def find_portfolio(problem: Problem, plan: Portfolio) -> Finding:
    """Find what a plan holds and closes.

    Parameters
    ----------
    problem : Problem
        The plan's.
    plan : Portfolio
        From ``plan_portfolio``.

    Returns
    -------
    Finding
        ``design.portfolio.planned`` (proved to be within the gap asked for), ``.limit`` (time ran
        out first) or ``.empty`` (nothing is held); values courses, sessions, seats, people (most
        that can have a seat), units, hours (JP over participants), cost and budget (million
        rupiah), closed (levels, not weighted), lacking (levels), share (of the weighted gap, 0-1),
        off (proved gap to the best, relative).
    """
    values = summarise_plan(problem, plan)
    shown = ("courses", "sessions", "seats", "people", "units", "closed", "share")
    said = {name: values[name] for name in shown}
    said |= {"hours": values["hours_jp"], "cost": plan.cost_idr / MILLION, "off": plan.gap}
    said |= {"budget": plan.rules.budget_idr / MILLION, "lacking": float(problem.gaps.sum())}
    kind = "limit" if plan.status == "limit" else "planned" if values["seats"] else "empty"
    n = int(problem.groups["people"].sum())
    return Finding(f"design.portfolio.{kind}", said, METHOD, n)


def find_next_step(frontier: pd.DataFrame, *, budget_idr: float) -> Finding:
    """Find what the next step of money buys.

    Parameters
    ----------
    frontier : DataFrame
        From ``trace_frontier``.
    budget_idr : float
        From where the step is taken: the row of the largest budget up to it.

    Returns
    -------
    Finding
        ``design.frontier.next.more``; ``.little`` (less than 0.1 percent of the whole gap, or less
        than what the search may be off: nothing that can be told); ``.none`` (no plan at this
        budget, or no row after it). Values budget and step (million rupiah), share and next_share
        (of the weighted gap, 0-1), value and next_value (weighted levels), per (million rupiah a
        weighted level of the step), low and high (share, band of this budget).
    """
    rows = frontier[frontier["budget_idr"] <= budget_idr]
    if rows.empty or pd.isna(rows["next_value"].iloc[-1]):
        return Finding("design.frontier.next.none", {"budget": budget_idr / MILLION})
    row = rows.iloc[-1]
    whole = row["value"] / row["share"] if row["share"] > 0 else np.nan
    step = row["next_idr"] / MILLION
    values = {"budget": row["budget_idr"] / MILLION, "step": step, "share": row["share"]}
    values |= {name: row[name] for name in ("value", "next_value")}
    values |= {"next_share": row["next_value"] / whole}
    values |= {name: row[name] / whole for name in ("low", "high")}
    values["per"] = step / row["next_value"] if row["next_value"] > 0 else np.nan
    little = row["next_value"] < LITTLE * whole or row["next_value"] <= row["bound"] - row["value"]
    kind = "little" if little else "more"
    return Finding(f"design.frontier.next.{kind}", values, str(row["method"]), int(row["n"]))


def find_regret(regret: Regret, offers: pd.DataFrame) -> Finding:
    """Find how much the choice depends on effects that nobody knows exactly.

    Parameters
    ----------
    regret : Regret
        From ``score_regret``.
    offers : DataFrame
        ``list_offers``, for names.

    Returns
    -------
    Finding
        ``design.regret.robust`` (expected regret of at most 5 percent) or ``.depends``; values
        regret, low, high (shares 0-1), most (if every draw were solved to its bound), sure
        (planned courses held in at least four draws in five), count (planned courses), names (up
        to three planned courses that are held least often), n
        (draws).
    """
    courses = regret.courses[regret.courses["planned"]]
    unsure = courses.nsmallest(3, "share")
    names = offers.set_index("course_id").loc[unsure["course_id"]]
    values: dict[str, Any] = {
        "regret": regret.value,
        "low": regret.low,
        "high": regret.high,
        "most": regret.most,
    }
    values |= {"sure": int((courses["share"] >= OFTEN).sum()), "count": len(courses)}
    values |= {"names": [name_item(row) for row in names.itertuples()], "n": regret.n}
    kind = "robust" if regret.value <= ROBUST else "depends"
    return Finding(f"design.regret.{kind}", values, "normal draws of every effect", regret.n)


def score_fair(problem: Problem, plan: Portfolio) -> pd.DataFrame:
    """Return each unit's seats beside what its number of people would give.

    Parameters
    ----------
    problem : Problem
        The plan's.
    plan : Portfolio
        From ``plan_portfolio``.

    Returns
    -------
    DataFrame
        One row a unit, sorted: ``unit_id``, ``people``, ``seats``, ``even`` (seats by number of
        people), ``ratio`` (seats / even), ``gap`` and ``closed`` (levels), ``share`` (closed of
        the gap, 0-1).
    """
    people = problem.groups.groupby("unit_id", observed=True)["people"].sum()
    seats = plan.seats.groupby("unit_id", observed=True)["seats"].sum()
    table = pd.DataFrame({"people": people, "seats": seats.reindex(people.index).fillna(0)})
    table["seats"] = table["seats"].astype(int)
    table["even"] = table["people"] / table["people"].sum() * table["seats"].sum()
    table["ratio"] = table["seats"] / table["even"].where(table["even"] > 0)
    closed = plan.closed.groupby("unit_id", observed=True)[["gap", "closed"]].sum()
    table = table.join(closed).fillna({"gap": 0.0, "closed": 0.0})
    table["share"] = table["closed"] / table["gap"].where(table["gap"] > 0)
    return table.reset_index()


def find_fair(seats_by_unit: pd.DataFrame, units: pd.DataFrame) -> Finding:
    """Find whether every unit is served.

    Parameters
    ----------
    seats_by_unit : DataFrame
        A published ``score_fair`` table.
    units : DataFrame
        unit_id, name.

    Returns
    -------
    Finding
        ``design.fair.even`` (every unit has at least 0.8 of its even share), ``.kept`` (the
        lowest is named), ``.missed`` (some unit has no seat) or ``.none`` (nothing is held);
        values count (units), served, ratio (lowest), name (of it), highest, share and share_high
        (lowest and highest share of a unit's gap closed).
    """
    table = seats_by_unit[seats_by_unit["ratio"].notna()]
    if table.empty:
        return Finding("design.fair.none")
    low = table.loc[table["ratio"].idxmin()]
    names = units.set_index("unit_id")["name"]
    values: dict[str, Any] = {"count": len(table), "served": int((table["seats"] > 0).sum())}
    values |= {"ratio": low["ratio"], "name": str(names.get(low["unit_id"], low["unit_id"]))}
    values |= {"highest": table["ratio"].max()}
    values |= {"share": table["share"].min(), "share_high": table["share"].max()}
    even = low["ratio"] >= OFTEN
    kind = "missed" if values["served"] < len(table) else "even" if even else "kept"
    return Finding(f"design.fair.{kind}", values, METHOD, int(table["people"].sum()))
