"""The linear relaxation over all pairs, by adding pairs that its prices show to be worth it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from cakra_analysis.design.nomination_pairs import Pairs
from cakra_analysis.design.nomination_rows import Columns, Programme, build_programme
from cakra_analysis.design.nomination_slots import Bools, Floats, Ints, Slots

FEW = 3_000  # pairs that are all taken at once
WORTH = 1e-7
CLOSE = 3e-4  # of the bound: what the pairs left out may be worth together


@dataclass(frozen=True)
class Relaxed:
    """Optimum of the relaxation: a bound, and what each pair would be worth at its prices.

    ``worth`` (people by slots) is how much the bound may rise at most by a pair that is not
    chosen, below 0 = falls; pairs that cannot be chosen have minus infinity. ``taken`` were looked
    at one by one.
    """

    bound: float
    worth: Floats
    taken: Bools


def relax(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], opened: Bools, seconds: float
) -> Relaxed | None:
    """Return the optimum of the relaxation over all open pairs.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    slots : Slots
        Courses, or sessions.
    floors : dict of name to array of int
        Fewest places, courses by levels.
    opened : array of bool
        People by slots: may be chosen.
    seconds : float
        Most wall time.

    Returns
    -------
    Relaxed or None
        None if the time was too short.

    Notes
    -----
    Prices (duals) of the rules over the pairs taken so far are right for all pairs once no other
    pair is worth more than it uses; until then such pairs are added (column generation). What all
    that are left out are worth together is added to the bound.
    """
    end = time.monotonic() + seconds
    taken, best = _start(pairs, slots, floors, opened), None
    while (left := end - time.monotonic()) > 0:
        columns = Columns(*np.nonzero(taken))
        programme = build_programme(pairs, slots, floors, columns)
        found = linprog(
            -programme.gain,
            programme.matrix if programme.rows.count else None,
            programme.upper if programme.rows.count else None,
            bounds=np.column_stack([np.zeros_like(programme.most), programme.most]),
            method="highs",
            options={"time_limit": left},
        )
        if found.status != 0:
            break
        worth = np.where(opened, _price(pairs, slots, floors, programme, found), -np.inf)
        size = len(columns.person)
        worth[taken] = -(found.lower.marginals + found.upper.marginals)[:size]
        worth, more = _link(pairs, slots, worth, taken)
        if best is None or more - found.fun < best.bound:
            best = Relaxed(-float(found.fun) + more, worth, taken)
        if more <= CLOSE * abs(found.fun):
            break
        taken = _lead(pairs, slots, taken | (worth > WORTH), opened)
    return best


def _link(pairs: Pairs, slots: Slots, worth: Floats, taken: Bools) -> tuple[Floats, float]:
    """Take from a pair left out what the course that it requires would lose.

    Returns what each is worth then, and all those left out together.
    """
    worth = worth.copy()
    deps = [c for c in range(len(pairs.courses)) if pairs.requires[c] >= 0]
    of = {c: np.flatnonzero(slots.course == c) for c in range(len(pairs.courses))}
    need, wanted = {}, {r: np.zeros(len(worth)) for r in of}
    for c in deps:
        out = ~taken[:, of[c]] & ~pairs.has[:, [c]]
        part = np.where(out, worth[:, of[c]], 0.0).max(axis=1, initial=0.0)
        need[c] = part
        wanted[pairs.requires[c]] += part
    more, later = 0.0, np.zeros_like(taken)
    given = {r: np.minimum(worth[:, of[r]].max(axis=1, initial=-np.inf), 0.0) for r in of}
    for c in deps:
        r = pairs.requires[c]
        price = np.maximum(-given[r] - (wanted[r] - need[c]), 0.0)[:, None]
        out = ~taken[:, of[c]] & ~pairs.has[:, [c]]
        worth[:, of[c]] = np.where(out, worth[:, of[c]] - price, worth[:, of[c]])
        later[:, of[c]] = out
    for r in set(pairs.requires[deps]):
        more += float(np.maximum(wanted[r] + given[r], 0.0).sum())
        out = ~taken[:, of[r]]
        worth[:, of[r]] += np.where(out, np.minimum(wanted[r], -given[r])[:, None], 0.0)
    left = ~taken & ~later & (worth > 0)
    return worth, more + float(worth[left].sum())


def _start(pairs: Pairs, slots: Slots, floors: dict[str, Ints], opened: Bools) -> Bools:
    """The highest scores in every unit of a slot, and of every level that has a floor."""
    if opened.sum() <= FEW:
        return opened.copy()
    taken = np.zeros_like(opened)
    for s, c in enumerate(slots.course):
        who = np.flatnonzero(opened[:, s])
        who = who[np.argsort(-pairs.score[who, c], kind="stable")]
        unit = pairs.unit[who]
        taken[who[_rank(unit) < 2 * slots.cells[s, unit] + 2], s] = True
        for name, floor in floors.items():
            level = pairs.groups[name][who]
            most = np.where(level >= 0, floor[c, level], 0)
            taken[who[_rank(level) < 2 * most], s] = True
    return _lead(pairs, slots, taken, opened)


def _rank(group: Ints) -> Ints:
    """Place of each within its group, from 0, in the order given."""
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], group[order], "left")
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - start
    return rank


def _lead(pairs: Pairs, slots: Slots, taken: Bools, opened: Bools) -> Bools:
    """With a pair also what its course requires, where the person lacks it."""
    taken = taken.copy()
    for _ in range(int((pairs.requires >= 0).sum())):
        for s in np.flatnonzero(pairs.requires[slots.course] >= 0):
            c = slots.course[s]
            of = np.flatnonzero(slots.course == pairs.requires[c])
            need = taken[:, s] & ~pairs.has[:, c]
            taken[:, of] |= need[:, None] & opened[:, of]
    return taken


def _price(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], programme: Programme, found: Any
) -> Floats:
    """Score of every pair less the prices of what it uses, but for the order of courses.

    That makes a pair look worth more than it is, never less, so that the bound holds.
    """
    people, of = len(pairs.staff), programme.rows.of
    price = -found.ineqlin.marginals if programme.rows.count else np.zeros(0)
    course = slots.course
    worth = pairs.score[:, course] - _spread(of["person"], price, people)[:, None]
    worth -= _spread(of["jp"], price, people)[:, None] * pairs.hours[course]
    worth -= _spread(of["slot"], price, len(course))
    cells = _spread(of["cell"], price, slots.cells.size).reshape(slots.cells.shape)
    worth -= cells.T[pairs.unit]
    once = _spread(of["once"], price, pairs.score.size).reshape(pairs.score.shape)
    worth -= once[:, course]
    days = sorted(frozenset().union(*slots.dates))
    if days:
        met = np.array([[day in dates for dates in slots.dates] for day in days], float)
        worth -= _spread(of["date"], price, people * len(days)).reshape(people, -1) @ met
    for name, floor in floors.items():
        bonus = _spread(of[f"fair {name}"], price, floor.size).reshape(floor.shape)
        level = pairs.groups[name]
        if floor.shape[1]:
            worth += np.where((level >= 0)[:, None], bonus.T[level][:, course], 0.0)
    return worth


def _spread(rows: tuple[int, Ints], price: Floats, size: int) -> Floats:
    start, keys = rows
    full = np.zeros(size)
    full[keys] = price[start : start + len(keys)]
    return full
