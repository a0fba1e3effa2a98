"""The steps of a participant's support: when each is due, and what state it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

KEYS = ["session_id", "staff_id"]
STEPS = ["session_id", "course_id", "staff_id", "unit_id", "step", "due", "last", "done", "state"]


def read_days(days: pd.Series) -> pd.Series:
    """Return days written as ISO text or dates as timestamps.

    Parameters
    ----------
    days : Series
        May be missing.

    Returns
    -------
    Series
        What cannot be read is missing.
    """
    return pd.to_datetime(days.astype("object"), errors="coerce").astype("datetime64[ns]")


def list_steps(
    people: pd.DataFrame,
    *,
    plan_days: int,
    follow_days: Sequence[float],
    grace_days: int,
    windows: Mapping[str, Sequence[float]],
    days: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the steps of each participant and when they are due.

    Parameters
    ----------
    people : DataFrame
        session_id, course_id, staff_id, unit_id, kind, end.
    plan_days : int
        As for ``plan_support``.
    follow_days : sequence of float
        As for ``plan_support``.
    grace_days : int
        As for ``plan_support``.
    windows : mapping of str to tuple of float
        As for ``plan_support``.
    days : DataFrame, optional
        As for ``plan_support``.

    Returns
    -------
    DataFrame
        One row a participant, session and step, in the order of ``people`` and of the steps:
        session_id, course_id, staff_id, unit_id, step, due, last.
    """
    after = {"action_plan": (plan_days, 0)}
    after |= {f"day_{int(k)}": (int(k), grace_days) for k in sorted(follow_days)}
    parts = []
    for step, (wait, grace) in after.items():
        due = move_to_open(people["end"] + pd.Timedelta(days=wait), days)
        parts.append(people.assign(step=step, due=due, last=due + pd.Timedelta(days=grace)))
    edges = []
    for place in (0, 1):
        moved = people["end"].copy()
        for kind, window in windows.items():
            own = people["kind"] == kind
            moved[own] = people.loc[own, "end"] + pd.DateOffset(months=int(window[place]))
        edges.append(moved)
    opens = move_to_open(edges[0], days)
    parts.append(
        people.assign(step="survey", due=opens, last=edges[1].where(edges[1] > opens, opens))
    )
    rows = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return rows[STEPS[:-2]]


def move_to_open(dates: pd.Series, days: pd.DataFrame | None) -> pd.Series:
    """Return each date, or the next one that is open.

    Parameters
    ----------
    dates : Series
        Timestamps.
    days : DataFrame, optional
        date, strength (open, soft, hard).

    Returns
    -------
    Series
        Dates outside of ``days``, or with no open day after them, stay.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.date_range("2026-06-16", periods=3),
    ...                      "strength": ["open", "hard", "open"]})
    >>> move_to_open(pd.Series(pd.to_datetime(["2026-06-17", "2026-07-01"])), days).dt.day.tolist()
    [18, 1]
    """
    if days is None or days.empty or dates.empty:
        return dates
    known = read_days(days["date"])
    free = np.sort(known[days["strength"] == "open"].to_numpy())
    place = np.searchsorted(free, dates.astype("datetime64[ns]").to_numpy())
    inside = dates.between(known.min(), known.max()).to_numpy() & (place < len(free))
    moved = dates.copy()
    moved[inside] = free[place[inside]]
    return moved


def mark_steps(
    steps: pd.DataFrame, follow_ups: pd.DataFrame, *, today: pd.Timestamp
) -> pd.DataFrame:
    """Return the steps with when they were done and what state they are in.

    Parameters
    ----------
    steps : DataFrame
        As ``Support.steps``; done and state may be absent.
    follow_ups : DataFrame
        session_id, staff_id, step, done.
    today : Timestamp
        Day of the account.

    Returns
    -------
    DataFrame
        Same rows and order, columns as ``Support.steps``.
    """
    told = follow_ups[[*KEYS, "step", "done"]].astype(dict.fromkeys((*KEYS, "step"), "object"))
    rows = steps.drop(columns=["done", "state"], errors="ignore")
    rows = rows.merge(told, on=[*KEYS, "step"], how="left", validate="one_to_one")
    rows["done"] = read_days(rows["done"])
    state = pd.Series("ahead", index=rows.index).mask(rows["due"] <= today, "due")
    state = state.mask(rows["last"] < today, "overdue").mask(rows["done"].notna(), "done")
    rows["state"] = state.mask(rows["done"] > rows["last"], "late")
    return rows[STEPS]
