"""A timetable as arrays: what each session may choose from, and what every choice costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .timetable_closed import Closed
from .timetable_inputs import NOWHERE, RULES, Inputs
from .timetable_options import find_trainers, find_venues, is_fixed
from .timetable_patterns import find_patterns

Whole = NDArray[np.int64]


class Choice(NamedTuple):
    """Places in the lists of one task: of the start, the room, the trainer."""

    start: int
    venue: int
    trainer: int


@dataclass(frozen=True)
class Task:
    """One session: ``starts`` are its possible sets of days (a row each, in days of the year).

    ``venues`` and ``trainers`` are places in the problem's lists, -1 where none is needed; costs
    are of the whole session. ``needs`` are the tasks of which one must have ended before.
    """

    session_id: str
    course_id: str
    seats: int
    starts: Whole
    start_cost: Whole
    venues: Whole
    venue_cost: Whole
    trainers: Whole
    trainer_cost: Whole
    units: tuple[tuple[int, int], ...]
    needs: tuple[int, ...]
    present: Choice | None

    @property
    def days(self) -> int:
        """Number of meetings."""
        return int(self.starts.shape[1])


@dataclass(frozen=True)
class Problem:
    """All sessions and what they share; ``*_soft`` are points of a day in a soft closure."""

    dates: pd.DatetimeIndex
    soft: NDArray[np.bool_]
    tasks: tuple[Task, ...]
    venue_ids: tuple[str, ...]
    trainer_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    venue_open: NDArray[np.bool_]
    trainer_open: NDArray[np.bool_]
    venue_soft: Whole
    trainer_soft: Whole
    most_away: Whole
    month: Whole
    month_most: Whole
    crowded: int
    rules: frozenset[str]


def frame_problem(inputs: Inputs, rules: frozenset[str] = frozenset(RULES)) -> Problem:
    """Work out what each session may choose from under a set of rules.

    Leaving out a rule only ever adds choices, so that a conflict can be narrowed down.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold; names of ``RULES``.

    Returns
    -------
    Problem
        Tasks in the order of the sessions' codes.
    """
    days = inputs.days
    closed = Closed(inputs, rules)
    venue_ids = tuple(inputs.venues["venue_id"].astype(str))
    trainer_ids = tuple(sorted(set(inputs.trainers["trainer_id"].astype(str))))
    unit_ids = tuple(inputs.unit_people["unit_id"].astype(str))
    people = inputs.unit_people["people"].to_numpy(int)
    # A whole person: a hair under one through floating point must not cost a seat.
    most = np.maximum(1, np.floor(inputs.away * people + 1e-9).astype(int))
    tasks = _list_tasks(inputs, rules, closed, (venue_ids, trainer_ids, unit_ids))
    month = (days["date"].dt.year * 12 + days["date"].dt.month).rank(method="dense").astype(int) - 1
    return Problem(
        dates=pd.DatetimeIndex(days["date"]),
        soft=days["strength"].eq("soft").to_numpy(),
        tasks=tasks,
        venue_ids=venue_ids,
        trainer_ids=trainer_ids,
        unit_ids=unit_ids,
        venue_open=closed.open_days("venue", venue_ids),
        trainer_open=closed.open_days("trainer", trainer_ids),
        venue_soft=closed.soft_days("venue", venue_ids),
        trainer_soft=closed.soft_days("trainer", trainer_ids),
        most_away=most,
        month=month.to_numpy(),
        month_most=_share_months(inputs, month.to_numpy(), sum(task.days for task in tasks)),
        crowded=inputs.points.crowded,
        rules=rules,
    )


def _share_months(inputs: Inputs, month: Whole, meetings: int) -> Whole:
    """How many meetings a month holds before it is crowded: its share by open days, and some."""
    is_open = inputs.days["strength"].eq("open").to_numpy()
    share = np.bincount(month, is_open) / max(1, is_open.sum())
    return np.ceil(inputs.points.room_for_month * meetings * share).astype(np.int64)


Codes = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _list_tasks(
    inputs: Inputs, rules: frozenset[str], closed: Closed, codes: Codes
) -> tuple[Task, ...]:
    sessions = inputs.sessions.sort_values("session_id")
    offers = inputs.offers.set_index("course_id")
    by_course: dict[str, list[int]] = {}
    for place, course in enumerate(sessions["course_id"]):
        by_course.setdefault(course, []).append(place)
    units = _list_units(inputs, codes[2])
    tasks = []
    for _, session in sessions.iterrows():
        offer = offers.loc[session["course_id"]]
        first = offer["requires"]
        code = str(session["session_id"])
        bound = "requires" in rules and pd.notna(first) and first not in inputs.met
        needs = tuple(by_course.get(first, ())) if bound and code not in inputs.begun else ()
        here = () if offer["route"] in inputs.online_routes else units.get(code, ())
        tasks.append(_make_task(inputs, rules, closed, codes, session, offer, here, needs))
    return tuple(tasks)


def _list_units(
    inputs: Inputs, unit_ids: tuple[str, ...]
) -> dict[str, tuple[tuple[int, int], ...]]:
    place = {unit: i for i, unit in enumerate(unit_ids)}
    rows = inputs.session_units
    rows = rows[rows["unit_id"].isin(place) & rows["seats"].gt(0)]
    return {
        str(session): tuple(
            (place[str(unit)], int(seats))
            for unit, seats in zip(part["unit_id"], part["seats"], strict=True)
        )
        for session, part in rows.groupby("session_id", sort=True)
    }


def _make_task(
    inputs: Inputs,
    rules: frozenset[str],
    closed: Closed,
    codes: Codes,
    session: pd.Series,
    offer: pd.Series,
    units: tuple[tuple[int, int], ...],
    needs: tuple[int, ...],
) -> Task:
    code, course = str(session["session_id"]), str(session["course_id"])
    now = inputs.present.get(code)
    starts = find_patterns(inputs, rules, closed, session, offer, [u for u, _ in units], now)
    venues, rents = find_venues(inputs, rules, session, offer)
    trainers, fees = find_trainers(inputs, rules, course, offer, codes[1])
    meetings = starts.shape[1]
    present = None
    if now is not None:
        stay = _place(starts, venues, trainers, closed.index_dates(now.dates), now, codes)
        if is_fixed(now, rules):
            starts, venues, trainers, rents, fees = _only(
                stay, starts, venues, trainers, rents, fees
            )
            stay = (0, 0, 0) if min(stay) >= 0 else stay
        if min(stay) >= 0 and code not in inputs.barred:
            present = Choice(*stay)
    return Task(
        session_id=code,
        course_id=course,
        seats=int(session["seats"]),
        starts=starts,
        start_cost=closed.cost_days(starts, [u for u, _ in units]),
        venues=venues,
        venue_cost=rents * meetings,
        trainers=trainers,
        trainer_cost=fees * meetings,
        units=units,
        needs=needs,
        present=present,
    )


def _place(
    starts: Whole, venues: Whole, trainers: Whole, dates: Whole | None, now: object, codes: Codes
) -> tuple[int, int, int]:
    """Where the present dates, room and trainer stand in the lists; -1 for what is not allowed."""
    room = codes[0].index(now.venue_id) if now.venue_id in codes[0] else NOWHERE  # type: ignore[attr-defined]
    who = codes[1].index(now.trainer_id) if now.trainer_id in codes[1] else NOWHERE  # type: ignore[attr-defined]
    fits = dates is not None and len(dates) == starts.shape[1]
    same = np.flatnonzero((starts == dates).all(axis=1)) if fits else np.array([], dtype=int)
    found = [same, np.flatnonzero(venues == room), np.flatnonzero(trainers == who)]
    start, venue, trainer = (int(place[0]) if len(place) else -1 for place in found)
    return start, venue, trainer


def _only(
    stay: tuple[int, int, int],
    starts: Whole,
    venues: Whole,
    trainers: Whole,
    rents: Whole,
    fees: Whole,
) -> tuple[Whole, Whole, Whole, Whole, Whole]:
    """Keep what a fixed session has now; nothing, where that is not allowed."""
    start, venue, trainer = (slice(i, i + 1) if i >= 0 else slice(0, 0) for i in stay)
    return starts[start], venues[venue], trainers[trainer], rents[venue], fees[trainer]
