"""Seats that units do not use, given to others after everybody else is chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cakra_analysis.design.nomination_choice import Choice, choose
from cakra_analysis.design.nomination_pairs import NEAR, PENALTY, Pairs
from cakra_analysis.design.nomination_rows import Columns
from cakra_analysis.design.nomination_slots import Ints, Slots


def share_rest(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], first: Choice, time_limit: float
) -> tuple[Choice, Slots]:
    """Return the choice with the seats that were left given to people of any unit.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    slots : Slots
        Sessions.
    floors : dict of name to array of int
        Fewest places, courses by levels.
    first : Choice
        The choice within the units' seats, which stands.
    time_limit : float
        Most seconds for the solvers.

    Returns
    -------
    tuple
        Both rounds together, its bound given the first round plus what was open there; and the
        sessions with their seats open to all. A course that requires one not yet completed is
        left out of this round.
    """
    person, slot = first.chosen.person, first.chosen.slot
    course = slots.course[slot]
    left = slots.seats - np.bincount(slot, minlength=len(slots.ids))
    units = slots.cells.shape[1]
    rest = replace(slots, seats=left, cells=np.repeat(left[:, None], units, axis=1))
    clash = np.array([[len(a & b) for b in slots.dates] for a in slots.dates], np.int64)
    there = np.zeros((len(pairs.staff), len(slots.ids)), np.int64)
    there[person, slot] = 1
    allowed = (there @ clash == 0) & (left > 0)
    member = slots.course[:, None] == np.arange(len(pairs.courses))
    reach = (allowed.astype(np.int64) @ member.astype(np.int64)) > 0
    used = np.bincount(person, weights=pairs.hours[course], minlength=len(pairs.staff))
    taken = np.zeros_like(pairs.open)
    taken[person, course] = True
    room = pairs.room - used
    free = pairs.free & ~taken & pairs.has & reach & (pairs.hours <= room[:, None] + NEAR)
    others = replace(
        pairs,
        open=free & (pairs.score > NEAR),
        room=room,
        most=pairs.most - np.bincount(person, minlength=len(pairs.staff)),
    )
    second = choose(
        others, rest, _reduce(pairs, floors, person, course), allowed=allowed,
        time_limit=time_limit,
    )  # fmt: skip
    chosen = Columns(np.r_[person, second.chosen.person], np.r_[slot, second.chosen.slot])
    penalty = PENALTY * pairs.score.max(initial=NEAR)
    gained = first.value + penalty * first.missing
    value = gained + second.value
    bound = value + (second.bound - second.value) + (first.bound - first.value)
    opened = replace(slots, cells=np.repeat(slots.seats[:, None], units, axis=1))
    return Choice(chosen, value, bound, second.missing, first.method), opened


def _reduce(pairs: Pairs, floors: dict[str, Ints], person: Ints, course: Ints) -> dict[str, Ints]:
    """What the floors still ask for."""
    left = {}
    for name, floor in floors.items():
        level, got = pairs.groups[name][person], np.zeros_like(floor)
        np.add.at(got, (course[level >= 0], level[level >= 0]), 1)
        left[name] = (floor - got).clip(min=0)
    return left
