"""Why each is put forward, why each other waits, and why a seat stays empty."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.design.nomination_pairs import NEAR, Pairs
from cakra_analysis.design.nomination_rows import Columns
from cakra_analysis.design.nomination_slots import Bools, Floats, Ints, Slots

WAITS = (
    "prerequisite",
    "lot",
    "most_jp",
    "most_courses",
    "full",
    "unit_full",
    "double_booking",
    "not_proven",
)
FAIRNESS = {"job_class": "fairness_grade"}
NUMBERS = ["order", "benefit", "reason", "gap", "competency_id", "hours_lacking"]


def list_seats(
    pairs: Pairs,
    slots: Slots,
    floors: dict[str, Ints],
    chosen: Columns,
    first: Columns,
    drawn: Ints,
    names: pd.Index,
) -> pd.DataFrame:
    """Return the nominations with their reasons.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    slots : Slots
        Sessions.
    floors : dict of name to array of int
        Fewest places, courses by levels.
    chosen, first : Columns
        Who goes where; before the unused seats were shared.
    drawn : array of int
        People by courses: 0 = no lot in this course.
    names : Index
        Competencies by position.

    Returns
    -------
    DataFrame
        ``Nomination.seats``.
    """
    person, course = chosen.person, slots.course[chosen.slot]
    table = _describe(pairs, person, course, names)
    table.insert(0, "session_id", slots.ids[chosen.slot])
    pair = person * len(pairs.courses) + course
    early = np.isin(pair, first.person * len(pairs.courses) + slots.course[first.slot])
    path = pairs.score[person, course] <= NEAR
    gains = pairs.benefit[person, course] > NEAR
    tests = {
        "prerequisite_path": path,
        "lot": drawn[person, course] > 0,
        "unused_seat": ~early,
        "largest_gap": gains & _is_among(pairs, slots, pairs.benefit, person, course),
        "jp_debt": ~gains | _is_among(pairs, slots, pairs.score, person, course),
    }
    for name, floor in floors.items():
        level = pairs.groups[name][person]
        got = np.zeros_like(floor)
        np.add.at(got, (course[level >= 0], level[level >= 0]), 1)
        tight = (got <= floor) & (floor > 0)
        at = tight[course, level] if floor.shape[1] else np.zeros(len(person), bool)
        tests[FAIRNESS.get(name, f"fairness_{name}")] = (level >= 0) & at
    keys = np.array([*tests, "next_in_line"], object)
    table["reason"] = keys[np.argmax([*tests.values(), np.ones(len(person), bool)], axis=0)]
    table = _rank(table, "session_id")
    table["place"] = "seat"
    return table[["session_id", "course_id", "staff_id", "place", *NUMBERS]]


def list_waiting(
    pairs: Pairs, slots: Slots, chosen: Columns, drawn: Ints, names: pd.Index
) -> pd.DataFrame:
    """Return everybody with something to gain and no seat, course by course.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    slots : Slots
        Sessions.
    chosen : Columns
        Who goes where.
    drawn : array of int
        People by courses: -1 = not drawn.
    names : Index
        Competencies by position.

    Returns
    -------
    DataFrame
        ``Nomination.waiting``, uncut. Who lacks what the course requires comes last in the order.
    """
    seated = np.zeros_like(pairs.open)
    course = slots.course[chosen.slot]
    seated[chosen.person, course] = True
    unit_seats = np.zeros((len(pairs.courses), slots.cells.shape[1]), np.int64)
    np.add.at(unit_seats, slots.course, slots.cells)
    worth = (pairs.benefit > NEAR) & ~pairs.held & ~seated & (unit_seats.T[pairs.unit] > 0)
    person, course = np.nonzero(worth)
    table = _describe(pairs, person, course, names)
    reason = _find_waits(pairs, slots, chosen, seated, drawn, person, course)
    table["reason"] = np.array(WAITS, object)[reason]
    table["last"] = reason == 0
    table = _rank(table, "course_id", "last")
    table["place"] = "waiting"
    return table[["course_id", "staff_id", "place", *NUMBERS]]


def list_empty(
    slots: Slots, courses: np.ndarray, chosen: Columns, waiting: pd.DataFrame
) -> pd.DataFrame:
    """Return the sessions with seats left, and why nobody has them.

    Parameters
    ----------
    slots : Slots
        Sessions.
    courses : array
        Codes of the courses.
    chosen : Columns
        Who goes where.
    waiting : DataFrame
        ``list_waiting``.

    Returns
    -------
    DataFrame
        ``Nomination.empty``.
    """
    filled = np.bincount(chosen.slot, minlength=len(slots.ids))
    table = pd.DataFrame({"session_id": slots.ids, "course_id": courses[slots.course]})
    table = table.assign(seats=slots.seats, empty=slots.seats - filled)
    counts = waiting.groupby(["course_id", "reason"]).size().reset_index(name="people")
    counts = counts.sort_values(["people", "reason"], ascending=[False, True])
    common = counts.drop_duplicates("course_id").set_index("course_id")["reason"]
    table["reason"] = [common.get(c, "nobody_left") for c in table["course_id"]]
    return table[table["empty"] > 0].reset_index(drop=True)


def _describe(pairs: Pairs, person: Ints, course: Ints, names: pd.Index) -> pd.DataFrame:
    cause = pairs.cause[person, course]
    codes = np.array([*names, None], object)
    return pd.DataFrame(
        {
            "course_id": pairs.courses[course],
            "staff_id": pairs.staff[person],
            "benefit": pairs.benefit[person, course],
            "score": pairs.score[person, course],
            "gap": np.where(cause >= 0, pairs.gap[person, course], np.nan),
            "competency_id": codes[cause],
            "hours_lacking": pairs.lacking[person],
        }
    )


def _rank(table: pd.DataFrame, group: str, *first: str) -> pd.DataFrame:
    keys = [group, *first, "score", "staff_id"]
    down = [True] * (1 + len(first)) + [False, True]
    table = table.sort_values(keys, ascending=down).reset_index(drop=True)
    table["order"] = table.groupby(group).cumcount() + 1
    return table


def _is_among(pairs: Pairs, slots: Slots, value: Floats, person: Ints, course: Ints) -> Bools:
    """Whether each is among the highest of the course, in the own unit where it has own seats."""
    units = slots.cells.shape[1]
    own = np.zeros(len(pairs.courses), bool)
    own[slots.course[(slots.cells < slots.seats[:, None]).any(axis=1)]] = True
    people, courses = np.nonzero(pairs.open & (pairs.benefit > NEAR))
    cell = courses * units + np.where(own[courses], pairs.unit[people], 0)
    size = len(pairs.courses) * units
    order = np.lexsort([-value[people, courses], cell])
    start = np.searchsorted(cell[order], np.arange(size), "left")
    end = np.searchsorted(cell[order], np.arange(size), "right")
    mine = course * units + np.where(own[course], pairs.unit[person], 0)
    taken = np.bincount(mine[pairs.benefit[person, course] > NEAR], minlength=size)
    last = np.clip(start + taken - 1, 0, np.maximum(end - 1, 0))
    ranked = np.append(value[people, courses][order], np.inf)
    return np.asarray(value[person, course] >= ranked[last[mine]] - NEAR, bool)


def _find_waits(
    pairs: Pairs,
    slots: Slots,
    chosen: Columns,
    seated: Bools,
    drawn: Ints,
    person: Ints,
    course: Ints,
) -> Ints:
    """Position in ``WAITS`` of the first reason that holds for each."""
    went = slots.course[chosen.slot]
    used = np.bincount(chosen.person, weights=pairs.hours[went], minlength=len(pairs.staff))
    count = np.bincount(chosen.person, minlength=len(pairs.staff))
    left = slots.seats - np.bincount(chosen.slot, minlength=len(slots.ids))
    inside = np.zeros_like(slots.cells)
    np.add.at(inside, (chosen.slot, pairs.unit[chosen.person]), 1)
    room = np.minimum(left[:, None], slots.cells - inside)
    total = np.bincount(slots.course, weights=left, minlength=len(pairs.courses))
    unit_room = np.zeros((len(pairs.courses), slots.cells.shape[1]), np.int64)
    np.maximum.at(unit_room, slots.course, room)
    required = pairs.requires[course]
    later = ~pairs.has[person, course]
    clash = np.array([[bool(a & b) for b in slots.dates] for a in slots.dates], bool)
    there = np.zeros((len(pairs.staff), len(slots.ids)), np.int64)
    there[chosen.person, chosen.slot] = 1
    busy = (there @ clash.astype(np.int64)) > 0
    closed = busy | (room.T[pairs.unit] <= 0)
    member = slots.course[:, None] == np.arange(len(pairs.courses))
    opened = ((~closed).astype(np.int64) @ member.astype(np.int64)) > 0
    tests = [
        later & ~((required >= 0) & seated[person, np.maximum(required, 0)]),
        drawn[person, course] < 0,
        used[person] + pairs.hours[course] > pairs.room[person] + NEAR,
        count[person] >= pairs.most[person],
        total[course] <= 0,
        unit_room[course, pairs.unit[person]] <= 0,
        later | ~opened[person, course],
        np.ones(len(person), bool),
    ]
    return np.asarray(np.argmax(tests, axis=0), np.int64)
