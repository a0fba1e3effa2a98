"""What helps a participant to apply what was learnt: plan, mentor, follow-up, survey, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.implementation.intakes import assign_intakes, count_loads
from cakra_analysis.implementation.support_steps import (
    KEYS,
    STEPS,
    list_steps,
    mark_steps,
    read_days,
)

WINDOWS: Mapping[str, tuple[float, float]] = {"technical": (3, 12), "managerial": (6, 12)}
PEOPLE = ["session_id", "course_id", "staff_id", "unit_id", "end", "mentor_id", "why"]


@dataclass(frozen=True)
class Support:
    """The support of everybody who completed a course. It holds persons: for working lists only.

    Attributes
    ----------
    people : DataFrame
        One row a participant and session, sorted: session_id, course_id, staff_id, unit_id, end
        (last day of the course), mentor_id and why, as ``assign_mentors`` gives them.
    steps : DataFrame
        One row a participant, session and step, sorted: session_id, course_id, staff_id, unit_id,
        ``step`` (action_plan, day_30, ..., survey), ``due`` (the day; of the survey the first),
        ``last`` (day after which it is overdue), ``done`` (missing if not yet), ``state``:
        ``done``, ``late`` (done after its last day), ``overdue``, ``due`` (today or, for the
        survey, within its window), ``ahead``.
    mentors : DataFrame
        One row a mentor, sorted: mentor_id, ``most``, ``busiest`` (people mentored at a time at the
        most), ``now`` (people mentored today).
    """

    people: pd.DataFrame
    steps: pd.DataFrame
    mentors: pd.DataFrame


def plan_support(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    staff: pd.DataFrame,
    mentors: pd.DataFrame,
    follow_ups: pd.DataFrame,
    *,
    today: pd.Timestamp,
    units: pd.DataFrame | None = None,
    days: pd.DataFrame | None = None,
    plan_days: int = 14,
    follow_days: Sequence[float] = (30, 60, 90),
    grace_days: int = 0,
    windows: Mapping[str, Sequence[float]] = WINDOWS,
    own_supervisor: bool = False,
) -> Support:
    """Plan the support of everybody who completed a course, and see how far it has come.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status; only who completed is supported.
    sessions : DataFrame
        session_id, course_id, end (ISO text or date).
    courses : DataFrame
        course_id, kind.
    staff : DataFrame
        staff_id, unit_id; supervisor_id where it is recorded.
    mentors : DataFrame
        staff_id, most; may be empty.
    follow_ups : DataFrame
        session_id, staff_id, step, done; may be empty.
    today : Timestamp
        Day against which steps are due or overdue.
    units : DataFrame, optional
        unit_id, parent_id; as for ``assign_mentors``.
    days : DataFrame, optional
        date, strength, as ``list_days`` gives them; a date that is not ``open`` moves to the next
        one that is. Dates outside of it stay.
    plan_days : int
        Days after the course by which the action plan is due. [I]
    follow_days : sequence of float
        Days after the course of each follow-up.
    grace_days : int
        Days after which a follow-up not yet done is overdue. [I]
    windows : mapping of str to tuple of float
        Months after the course of the post-training survey, by kind of course, both ends included.
    own_supervisor : bool
        As for ``assign_mentors``.

    Returns
    -------
    Support
        People with their mentor, steps with their dates and state, and the load of the mentors.

    Raises
    ------
    AnalysisError
        When a course is of a kind that has no window.

    Notes
    -----
    Mentors are assigned course end by course end, as it happens: who has one keeps them, each
    intake is spread exactly given whom the mentors have then, and a mentor is free again after the
    last follow-up. Pinned by ``tests/test_implementation_support.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": ["A"], "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": ["2026-03-01"]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "kind": ["technical"]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "M"], "unit_id": "U"})
    >>> mentors = pd.DataFrame({"staff_id": ["M"], "most": [2]})
    >>> none = pd.DataFrame(columns=["session_id", "staff_id", "step", "done"])
    >>> today = pd.Timestamp("2026-04-02")
    >>> plan = plan_support(attendance, sessions, courses, staff, mentors, none, today=today)
    >>> plan.people["mentor_id"].item(), plan.steps["state"].tolist()
    ('M', ['overdue', 'overdue', 'ahead', 'ahead', 'ahead'])
    """
    people = _list_people(attendance, sessions, courses, staff, windows)
    longest = max([0.0, *follow_days])
    who = assign_intakes(
        people, mentors, staff, units, longest=longest, own_supervisor=own_supervisor
    )
    people = people.merge(who, on=KEYS, validate="one_to_one")
    people = people.sort_values(KEYS, ignore_index=True)
    steps = list_steps(
        people,
        plan_days=plan_days,
        follow_days=follow_days,
        grace_days=grace_days,
        windows=windows,
        days=days,
    )
    return Support(
        people[PEOPLE],
        mark_steps(steps, follow_ups, today=today),
        count_loads(people, mentors, longest=longest, today=today),
    )


def list_overdue(
    support: Support, follow_ups: pd.DataFrame, *, today: pd.Timestamp
) -> pd.DataFrame:
    """Return what is overdue, longest first.

    Parameters
    ----------
    support : Support
        From ``plan_support``.
    follow_ups : DataFrame
        session_id, staff_id, step, done; what has been done by now.
    today : Timestamp
        Day of the list.

    Returns
    -------
    DataFrame
        One row a participant, session and step: session_id, course_id, staff_id, unit_id, step,
        ``last``, ``days`` (since then), ``mentor_id``. It holds persons: a working list.
    """
    rows = mark_steps(support.steps, follow_ups, today=today)
    rows = rows[rows["state"] == "overdue"]
    rows = rows.merge(support.people[[*KEYS, "mentor_id"]], on=KEYS, validate="many_to_one")
    rows = rows.assign(days=(today - rows["last"]).dt.days)
    rows = rows.sort_values(["days", *KEYS, "step"], ascending=[False, True, True, True])
    columns = [*STEPS[:5], "last", "days", "mentor_id"]
    return rows.reset_index(drop=True)[columns]


def _list_people(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    staff: pd.DataFrame,
    windows: Mapping[str, Sequence[float]],
) -> pd.DataFrame:
    """One row a completion: its course and kind, its last day and the person's unit."""
    done = attendance.loc[attendance["status"] == "completed", KEYS]
    rows = done.merge(
        sessions[["session_id", "course_id", "end"]], on="session_id", validate="many_to_one"
    )
    rows = rows.merge(courses[["course_id", "kind"]], on="course_id", validate="many_to_one")
    rows = rows.merge(staff[["staff_id", "unit_id"]], on="staff_id", validate="many_to_one")
    unknown = sorted(set(rows["kind"].fillna("(missing)")) - set(windows))
    if unknown:
        raise AnalysisError(
            f'Courses of kind "{unknown[0]}" have no window for the survey after the course.',
            allowed=f"Kinds with a window are: {', '.join(windows)}.",
            do="Correct the kind of the course, or give its window in months.",
        )
    names = ["session_id", "course_id", "staff_id", "unit_id", "kind"]
    rows = rows.assign(end=read_days(rows["end"])).astype(dict.fromkeys(names, "object"))
    return rows[rows["end"].notna()]
