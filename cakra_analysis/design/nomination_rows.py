"""The rules of a nomination as rows of a linear programme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from cakra_analysis.design.nomination_pairs import PENALTY, Pairs
from cakra_analysis.design.nomination_slots import Floats, Ints, Slots


@dataclass(frozen=True)
class Columns:
    """Pairs that may be chosen: a person's and a slot's position each."""

    person: Ints
    slot: Ints


@dataclass
class Rows:
    """``matrix @ x <= upper``; after the columns of pairs, one of places missing to each floor.

    ``of`` names the rows: by rule, the position of what each is about.
    """

    upper: list[Floats] = field(default_factory=list)
    parts: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    of: dict[str, tuple[int, Ints]] = field(default_factory=dict)
    count: int = 0

    def add(self, name: str, key: Ints, column: Ints, value: Floats, upper: Floats) -> None:
        """Add a rule of the sort "of each key not more than so much", where it can be broken.

        Parameters
        ----------
        name : str
            The rule.
        key : array of int
            What each entry belongs to.
        column : array of int
            Column of each entry.
        value : array
            What it counts.
        upper : array
            Most, by key.
        """
        keys, row = np.unique(key, return_inverse=True)
        binds = np.bincount(row, weights=value.clip(min=0), minlength=len(keys)) > upper[keys]
        place = np.cumsum(binds) - 1
        inside = binds[row]
        self.parts.append((place[row[inside]] + self.count, column[inside], value[inside]))
        self.upper.append(upper[keys[binds]])
        self.of[name] = (self.count, keys[binds])
        self.count += int(binds.sum())


@dataclass(frozen=True)
class Programme:
    """What the solver gets: maximise ``gain @ x``, ``matrix @ x <= upper``, 0 <= x <= ``most``."""

    gain: Floats
    matrix: sparse.csr_matrix
    upper: Floats
    most: Floats
    rows: Rows


def build_programme(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], columns: Columns
) -> Programme:
    """Return the linear programme over some columns.

    Parameters
    ----------
    pairs : Pairs
        Who could go, and what each may still have.
    slots : Slots
        Sessions, or courses.
    floors : dict of name to array of int
        Fewest places, courses by levels.
    columns : Columns
        What may be chosen.

    Returns
    -------
    Programme
        Its rows hold every rule that these columns could break.
    """
    person, slot = columns.person, columns.slot
    course, at = slots.course[slot], np.arange(len(person))
    one, rows = np.ones(len(person)), Rows()
    units = slots.cells.shape[1]
    rows.add("person", person, at, one, pairs.most.astype(float))
    limited = np.flatnonzero(np.isfinite(pairs.room[person]))
    rows.add("jp", person[limited], limited, pairs.hours[course[limited]], pairs.room)
    rows.add("slot", slot, at, one, slots.seats.astype(float))
    cell = slot * units + pairs.unit[person]
    rows.add("cell", cell, at, one, slots.cells.ravel().astype(float))
    pair = person * len(pairs.courses) + course
    rows.add("once", pair, at, one, np.ones(pairs.score.size))
    _add_dates(rows, slots, columns)
    _add_requirements(rows, pairs, slots, columns)
    wanted = _add_floors(rows, pairs, course, person, floors)
    penalty = np.full(len(wanted), -PENALTY * pairs.score.max(initial=1e-9))
    row, column, value = (np.concatenate(p) for p in zip(*rows.parts, strict=True))
    shape = (rows.count, len(person) + len(wanted))
    matrix = sparse.csr_matrix((value, (row, column)), shape=shape)
    gain = np.concatenate([pairs.score[person, course], penalty])
    most = np.concatenate([one, wanted])
    return Programme(gain, matrix, np.concatenate(rows.upper), most, rows)


def _add_dates(rows: Rows, slots: Slots, columns: Columns) -> None:
    """Nobody is in two places on one day."""
    days = sorted(frozenset().union(*slots.dates))
    place = {day: i for i, day in enumerate(days)}
    count = np.array([len(d) for d in slots.dates], np.int64)
    flat = np.array([place[d] for dates in slots.dates for d in sorted(dates)], np.int64)
    start = np.cumsum(count) - count
    times = count[columns.slot]
    at = np.repeat(np.arange(len(columns.slot)), times)
    within = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    day = flat[start[columns.slot[at]] + within] if len(at) else np.zeros(0, np.int64)
    key = columns.person[at] * max(len(days), 1) + day
    size = int(columns.person.max(initial=0) + 1) * max(len(days), 1)
    rows.add("date", key, at, np.ones(len(at)), np.ones(size))


def _add_requirements(rows: Rows, pairs: Pairs, slots: Slots, columns: Columns) -> None:
    """What a course requires is over by then: of slots up to one, no more than of those before it.

    A person has one slot of a course, so that what holds for each slot may be asked of all up to it
    together, which leaves the relaxation less room.
    """
    course = slots.course[columns.slot]
    missing = (pairs.requires[course] >= 0) & ~pairs.has[columns.person, course]
    later = np.flatnonzero(missing)
    pair = columns.person * len(pairs.courses) + course
    order = np.argsort(pair, kind="stable")
    first = columns.person[later] * len(pairs.courses) + pairs.requires[course[later]]
    ends = [
        np.searchsorted(pair[order], key, side)
        for key in (first, pair[later])
        for side in ("left", "right")
    ]
    key, column, value = [], [], []
    over = slots.before.sum(axis=0)
    for i, a, b, c, d in zip(later, *ends, strict=True):
        before, same = order[a:b], order[c:d]
        before = before[slots.before[columns.slot[before], columns.slot[i]]]
        same = same[over[columns.slot[same]] <= over[columns.slot[i]]]
        key.append(np.full(len(before) + len(same), i))
        column += [same, before]
        value += [np.ones(len(same)), np.full(len(before), -1.0)]
    empty = np.zeros(0, np.int64)
    keys = np.concatenate([empty, *key])
    columns_of = np.concatenate([empty, *column])
    most = np.zeros(len(course))
    rows.add("requires", keys, columns_of, np.concatenate([np.zeros(0), *value]), most)


def _add_floors(
    rows: Rows, pairs: Pairs, course: Ints, person: Ints, floors: dict[str, Ints]
) -> Floats:
    """At least so many of each level, or as many places missing; the most that can be missing."""
    wanted: list[Floats] = []
    extra = len(person)
    for name, floor in floors.items():
        level = pairs.groups[name][person]
        asked = np.flatnonzero(floor.ravel())
        place = np.full(floor.size, -1)
        place[asked] = np.arange(len(asked))
        at = np.flatnonzero(level >= 0)
        row = place[course[at] * floor.shape[1] + level[at]]
        at, row = at[row >= 0], row[row >= 0]
        slack = np.arange(len(asked))
        rows.parts.append(
            (
                np.concatenate([row, slack]) + rows.count,
                np.concatenate([at, extra + slack]),
                np.full(len(row) + len(asked), -1.0),
            )
        )
        rows.upper.append(-floor.ravel()[asked].astype(float))
        rows.of[f"fair {name}"] = (rows.count, asked)
        rows.count += len(asked)
        extra += len(asked)
        wanted.append(floor.ravel()[asked].astype(float))
    return np.concatenate([*wanted, np.zeros(0)])
