"""What a calendar, a timetable and a changed timetable say, in no language."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.results import Finding

from .calendar import near_estimated
from .replan import Replan
from .timetable import Timetable


def find_calendar(days: pd.DataFrame, meetings: pd.DataFrame | None = None) -> Finding:
    """Find how much room a year leaves, and what an estimated holiday could still upset.

    Parameters
    ----------
    days : DataFrame
        What ``list_days`` gives.
    meetings : DataFrame, optional
        A plan: session_id, date.

    Returns
    -------
    Finding
        ``implementation.calendar.sure`` (every hard date is confirmed), ``.clear`` (some is
        estimated, but no session stands within a day of one) or ``.near``; values year, open, soft,
        hard (days), ramadan (working days of it), estimated (hard weekdays whose date is
        estimated), first, last (of these, ISO dates; only if there are any), near (sessions
        within a day of one).
    """
    working = days["weekday"] < 5
    late = days[(days["strength"] == "hard") & ~days["confirmed"] & working]
    counts = days["strength"].value_counts()
    values: dict[str, Any] = {name: int(counts.get(name, 0)) for name in ("open", "soft", "hard")}
    values |= {"year": str(days["date"].dt.year.iloc[0]), "estimated": len(late), "near": 0}
    values["ramadan"] = int((days["ramadan"] & (days["strength"] != "hard")).sum())
    if late.empty:
        return Finding("implementation.calendar.sure", values)
    dates = late["date"].dt.strftime("%Y-%m-%d")
    values |= {"first": dates.iloc[0], "last": dates.iloc[-1]}
    if meetings is not None and len(meetings):
        beside = pd.to_datetime(meetings["date"]).isin(near_estimated(days)["date"])
        values["near"] = int(meetings.loc[beside, "session_id"].nunique())
    kind = "near" if values["near"] else "clear"
    return Finding(f"implementation.calendar.{kind}", values)


def find_placed(plan: Timetable, venues: pd.DataFrame, days: pd.DataFrame) -> Finding:
    """Find what a timetable places, and how good it is known to be.

    Parameters
    ----------
    plan : Timetable
        The plan.
    venues : DataFrame
        venue_id, kind.
    days : DataFrame
        What ``list_days`` gives.

    Returns
    -------
    Finding
        ``implementation.timetable.placed.optimal`` (proven), ``.placed.feasible`` (within
        ``gap`` of its bound) or ``implementation.timetable.none``; values sessions, meetings,
        first, last (ISO dates), soft (meetings on soft days), government (share of the meetings in
        a room that are in one of the government; NaN if none is in a room), online (meetings
        without a room), busiest (largest share of a unit away on a day, 0-1), gap (relative, 0-1).
    """
    meetings = plan.meetings
    if meetings.empty:
        return Finding("implementation.timetable.none")
    dates = pd.to_datetime(meetings["date"])
    soft = dates.isin(days.loc[days["strength"] == "soft", "date"])
    rooms = meetings["venue_id"].dropna()
    kinds = rooms.map(venues.set_index("venue_id")["kind"])
    values = {
        "sessions": int(meetings["session_id"].nunique()),
        "meetings": len(meetings),
        "first": dates.min().date().isoformat(),
        "last": dates.max().date().isoformat(),
        "soft": int(soft.sum()),
        "government": float(kinds.eq("government").mean()) if len(kinds) else float("nan"),
        "online": int(meetings["venue_id"].isna().sum()),
        "busiest": float(plan.loads["share"].max()) if len(plan.loads) else 0.0,
        "gap": plan.gap,
    }
    method = "exact" if plan.status == "optimal" else "search"
    return Finding(f"implementation.timetable.placed.{plan.status}", values, method)


def find_replanned(plan: Replan) -> Finding:
    """Find how many sessions a changed plan moves, against the least possible.

    Parameters
    ----------
    plan : Replan
        The changed plan.

    Returns
    -------
    Finding
        ``implementation.timetable.replanned.none`` (nothing had to move), ``.least`` (no plan moves
        fewer) or ``.more``; values moved, least (no plan moves fewer than this), dates, venues,
        trainers (sessions whose dates, room, trainer changed), way (sessions that stood well and
        made way), sessions (all of the plan).
    """
    changed = plan.moved["changed"].str.split(";")
    values = {
        "moved": plan.value,
        "least": plan.bound,
        "dates": int(changed.map(lambda kinds: "date" in kinds).sum()),
        "venues": int(changed.map(lambda kinds: "venue" in kinds).sum()),
        "trainers": int(changed.map(lambda kinds: "trainer" in kinds).sum()),
        "way": int(plan.moved["why"].eq("made_way").sum()),
        "sessions": int(plan.meetings["session_id"].nunique()),
    }
    kind = "none" if not plan.value else "least" if plan.value <= plan.bound else "more"
    return Finding(f"implementation.timetable.replanned.{kind}", values)
