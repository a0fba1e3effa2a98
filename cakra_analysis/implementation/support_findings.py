"""What the support of participants says, in no language."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.results import Finding


def find_action_plans(by_unit: pd.DataFrame, unit: str) -> Finding:
    """Find how many participants have an action plan.

    Parameters
    ----------
    by_unit : DataFrame
        Published ``summarise_support(...).by_unit``.
    unit : str
        Code of the unit that the page is about.

    Returns
    -------
    Finding
        ``implementation.support.plans.all``, ``.some``, ``.nobody``, ``.hidden`` or ``.none``
        (nobody completed a course); values participants, with_plan, share, people.
    """
    return _find_share(by_unit, unit, "plans", "with_plan", "plan_share")


def find_mentors(by_unit: pd.DataFrame, unit: str) -> Finding:
    """Find how many participants have a mentor.

    Parameters
    ----------
    by_unit : DataFrame
        Published ``summarise_support(...).by_unit``.
    unit : str
        Code of the unit that the page is about.

    Returns
    -------
    Finding
        ``implementation.support.mentors.all``, ``.some``, ``.nobody``, ``.hidden`` or ``.none``;
        values participants, with_mentor, without, full (of these, as no mentor had room; a dash if
        too few to tell), share, people.
    """
    found = _find_share(by_unit, unit, "mentors", "with_mentor", "mentor_share")
    if "share" not in found.values:
        return found
    full = by_unit.loc[by_unit["unit_id"] == unit, "full"].iloc[0]
    values = dict(found.values)
    values["without"] = values["participants"] - values["with_mentor"]
    values["full"] = "–" if pd.isna(full) else full
    return Finding(found.key, values, found.method, found.n)


def find_overdue(by_unit: pd.DataFrame, by_step: pd.DataFrame, unit: str) -> Finding:
    """Find how many steps of support are overdue, and which most.

    Parameters
    ----------
    by_unit : DataFrame
        Published ``summarise_support(...).by_unit``.
    by_step : DataFrame
        Published ``summarise_support(...).by_step``, of the same people.
    unit : str
        Code of the unit that the page is about.

    Returns
    -------
    Finding
        ``implementation.support.overdue.some``, ``.nothing``, ``.early`` (no step is due yet),
        ``.hidden`` or ``.none``; values due, done, late, overdue, share (done of due), people; with
        any step shown also step (its code, ``day_30`` for instance), step_overdue, step_share
        (overdue of due) of the step with the most overdue.
    """
    rows = by_unit[by_unit["unit_id"] == unit]
    key = "implementation.support.overdue"
    if rows.empty:
        return Finding(f"{key}.none")
    row = rows.iloc[0]
    if pd.isna(row["n"]) or pd.isna(row["overdue"]):
        return Finding(f"{key}.hidden")
    values = {name: row[name] for name in ("due", "done", "late", "overdue")}
    values |= {"share": row["done_share"], "people": int(row["n"])}
    if row["due"] == 0:
        return Finding(f"{key}.early", values, "count", int(row["n"]))
    shown = by_step[by_step["overdue"].fillna(0) > 0]
    if len(shown):
        worst = shown.loc[shown["overdue"].astype(float).idxmax()]
        values |= {"step": worst["step"], "step_overdue": worst["overdue"]}
        values["step_share"] = worst["overdue"] / worst["due"]
    kind = "some" if row["overdue"] > 0 else "nothing"
    return Finding(f"{key}.{kind}", values, "count", int(row["n"]))


def _find_share(by_unit: pd.DataFrame, unit: str, part: str, count: str, share: str) -> Finding:
    key = f"implementation.support.{part}"
    rows = by_unit[by_unit["unit_id"] == unit]
    if rows.empty:
        return Finding(f"{key}.none")
    row = rows.iloc[0]
    if pd.isna(row["n"]) or pd.isna(row[share]):
        return Finding(f"{key}.hidden")
    values = {name: row[name] for name in ("participants", count)}
    values |= {"share": row[share], "people": int(row["n"])}
    kind = "all" if row[share] >= 1 else "some" if row[share] > 0 else "nobody"
    return Finding(f"{key}.{kind}", values, "count", int(row["n"]))
