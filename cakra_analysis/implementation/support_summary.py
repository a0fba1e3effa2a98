"""How far the support of participants has come, by course and by unit, without a person."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cakra_analysis.implementation.support import Support
from cakra_analysis.tree import climb

DONE = ("done", "late")
PLACES = ["participants", "with_plan", "with_mentor", "full", "due", "done", "late", "overdue"]
COLUMNS = ["n", *PLACES, "plan_share", "mentor_share", "done_share"]


@dataclass(frozen=True)
class SupportSummary:
    """How far the support has come.

    Attributes
    ----------
    by_course, by_unit : DataFrame
        One row a course, or a unit with all units below it, sorted: its code, ``n`` (people, each
        once), ``participants`` (people and courses), ``with_plan`` (action plan done),
        ``with_mentor``, ``full`` (without a mentor as none had room), ``due`` (steps whose day has
        come, of the survey its first, or that are done), ``done`` (of these), ``late`` (of these,
        after their last day), ``overdue`` (not done, last day past), ``plan_share``,
        ``mentor_share`` (of participants), ``done_share`` (of due; missing of none); then
        ``due_STEP``, ``done_STEP`` and ``overdue_STEP`` for each step.
    by_step : DataFrame
        One row a step, in the order of the steps: step, ``due``, ``done``, ``late``, ``overdue``,
        ``value`` (done / due), ``n`` (people whose step is due).
    """

    by_course: pd.DataFrame
    by_unit: pd.DataFrame
    by_step: pd.DataFrame


def summarise_support(support: Support, units: pd.DataFrame) -> SupportSummary:
    """Count how far the support has come, by course, by unit and by step.

    Parameters
    ----------
    support : Support
        From ``plan_support``.
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    SupportSummary
        Tables without persons, fit to be published. Full counts of what was recorded.

    Notes
    -----
    A survey is due from the first day of its window and overdue after the last. Pinned by
    ``tests/test_implementation_support.py``.
    """
    steps = _mark(support.steps)
    names = list(dict.fromkeys(steps["step"]))
    plans = steps.loc[steps["step"] == "action_plan", ["session_id", "staff_id", "done"]]
    people = support.people.merge(
        plans.rename(columns={"done": "with_plan"}),
        on=["session_id", "staff_id"],
        validate="one_to_one",
    )
    people = people.assign(
        participants=1,
        with_mentor=people["mentor_id"].notna(),
        full=people["why"] == "full",
    )
    by_course = _count(people, steps, names, "course_id")
    by_unit = _count(climb(people, units), climb(steps, units), names, "unit_id")
    groups = steps.groupby("step")
    by_step = groups[["due", "done", "late", "overdue"]].sum().astype(int)
    known = steps[steps["due"]].groupby("step")["staff_id"].nunique()
    by_step = by_step.assign(value=by_step["done"] / by_step["due"].where(by_step["due"] > 0))
    by_step["n"] = known.reindex(by_step.index, fill_value=0).astype(int)
    return SupportSummary(by_course, by_unit, by_step.reindex(names).reset_index())


def _mark(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps with their state as yes and no."""
    state = steps["state"]
    done, over = state.isin(DONE), state == "overdue"
    ripe = state == "due"
    return steps.drop(columns=["due", "last", "state"]).assign(
        due=done | over | ripe, done=done, late=state == "late", overdue=over
    )


def _count(people: pd.DataFrame, steps: pd.DataFrame, names: list[str], by: str) -> pd.DataFrame:
    groups = people.groupby(by)
    own = ["participants", "with_plan", "with_mentor", "full"]
    table = groups[own].sum().astype(int).join(groups["staff_id"].nunique().rename("n"))
    marks = ["due", "done", "late", "overdue"]
    table = table.join(steps.groupby(by)[marks].sum().astype(int))
    table = table.assign(
        plan_share=table["with_plan"] / table["participants"],
        mentor_share=table["with_mentor"] / table["participants"],
        done_share=table["done"] / table["due"].where(table["due"] > 0),
    )
    parts: dict[str, pd.Series] = {}
    for name in names:
        sums = steps[steps["step"] == name].groupby(by)[["due", "done", "overdue"]].sum()
        parts |= {f"{mark}_{name}": sums[mark].astype(int) for mark in sums}
    return table[COLUMNS].assign(**parts).rename_axis(by).reset_index()
