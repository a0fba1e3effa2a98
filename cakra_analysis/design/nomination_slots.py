"""What a person can be put into: sessions, or a course as a whole, with seats, units and dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Slots:
    """Sessions (or courses) that people can be put into, by position.

    Attributes
    ----------
    ids : array
        Their codes.
    course : array of int
        Position of each one's course.
    seats : array of int
        How many people it takes.
    cells : array of int, slots by units
        How many of each unit.
    dates : tuple of frozenset of int
        Days on which it meets; empty = not known, collides with nothing.
    before : array of bool, slots by slots
        Whether the row's slot is over before the column's begins.
    """

    ids: npt.NDArray[np.object_]
    course: Ints
    seats: Ints
    cells: Ints
    dates: tuple[frozenset[int], ...]
    before: Bools


def read_slots(
    sessions: pd.DataFrame,
    session_units: pd.DataFrame | None,
    meetings: pd.DataFrame | None,
    *,
    courses: pd.Index,
    units: pd.Index,
) -> Slots:
    """Return the sessions as slots, in the order of their codes.

    Parameters
    ----------
    sessions : DataFrame
        session_id, course_id, seats.
    session_units : DataFrame or None
        session_id, unit_id, seats; None = a session's seats are open to every unit.
    meetings : DataFrame or None
        session_id, date.
    courses, units : Index
        Codes by position.

    Returns
    -------
    Slots
        One a session.
    """
    rows = sessions.sort_values("session_id")
    seats = rows["seats"].to_numpy(np.int64)
    cells = np.repeat(seats[:, None], len(units), axis=1)
    if session_units is not None:
        given = session_units[session_units["unit_id"].isin(units)]
        wide = given.pivot_table("seats", "session_id", "unit_id", aggfunc="sum", fill_value=0)
        wide = wide.reindex(index=rows["session_id"], columns=units, fill_value=0)
        cells = np.minimum(cells, wide.to_numpy(np.int64))
    dates = _read_dates(meetings, rows["session_id"])
    return Slots(
        rows["session_id"].to_numpy(object),
        courses.get_indexer(rows["course_id"]).astype(np.int64),
        seats,
        cells,
        dates,
        _order(dates),
    )


def join_sessions(sessions: Slots, group: Ints) -> Slots:
    """Return groups of sessions of one course as one slot each, which keeps fewer rules.

    Parameters
    ----------
    sessions : Slots
        One a session.
    group : array of int
        Position of each session's group, from 0.

    Returns
    -------
    Slots
        One a group: seats added up, only the days on which every session of it meets, and before
        another if any session is before any of the other.
    """
    count, size = int(group.max(initial=-1)) + 1, len(group)
    member = np.zeros((count, size), np.int64)
    member[group, np.arange(size)] = 1
    course = np.zeros(count, np.int64)
    course[group] = sessions.course
    dates = tuple(
        frozenset.intersection(*(sessions.dates[i] for i in np.flatnonzero(row))) for row in member
    )
    before = (member @ sessions.before.astype(np.int64) @ member.T) > 0
    ids = np.arange(count).astype(object)
    return Slots(ids, course, member @ sessions.seats, member @ sessions.cells, dates, before)


def join_courses(sessions: Slots, apart: Bools | None = None) -> tuple[Slots, Ints]:
    """Return one slot a course, but the sessions one by one of the courses that stay apart.

    Parameters
    ----------
    sessions : Slots
        One a session.
    apart : array of bool, optional
        Courses whose sessions stay apart.

    Returns
    -------
    tuple
        Slots, and the slot of each session.
    """
    key = sessions.course * (len(sessions.ids) + 1)
    if apart is not None:
        key = key + np.where(apart[sessions.course], 1 + np.arange(len(sessions.ids)), 0)
    group = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return join_sessions(sessions, group), group


def _read_dates(
    meetings: pd.DataFrame | None, session_ids: pd.Series
) -> tuple[frozenset[int], ...]:
    if meetings is None or meetings.empty:
        return (frozenset(),) * len(session_ids)
    days = pd.to_datetime(meetings["date"]).map(pd.Timestamp.toordinal)
    by_session = days.groupby(meetings["session_id"].to_numpy()).agg(frozenset).to_dict()
    return tuple(by_session.get(s, frozenset()) for s in session_ids)


def _order(dates: tuple[frozenset[int], ...]) -> Bools:
    """Whether one ends before the other begins; without dates neither is known."""
    first = np.array([min(d, default=-1) for d in dates])
    last = np.array([max(d, default=np.iinfo(np.int64).max) for d in dates])
    return np.asarray(last[:, None] < first[None, :], bool)
