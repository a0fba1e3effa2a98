"""The best choice of people for seats, with a bound: by flow if that is enough, else exactly."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from cakra_analysis.design.nomination_flow import solve_flow
from cakra_analysis.design.nomination_greedy import choose_greedily
from cakra_analysis.design.nomination_linear import relax
from cakra_analysis.design.nomination_pairs import PENALTY, Pairs
from cakra_analysis.design.nomination_rows import Columns, build_programme
from cakra_analysis.design.nomination_slots import Bools, Ints, Slots, join_courses

MOST_ARCS = 3_000_000
# Pairs are tried whose choice lowers the bound by less than so many usual scores; then more.
STEPS = (1e-6, 0.03, 0.3)
NEARBY = 0.1  # the same, for those who may take the place of somebody who finds none
ENOUGH = 1e-3  # relative: near enough to look for sessions before the last pairs are tried
POOR = 0.01  # relative: then a choice without a solver may be better
CLOSE = 1e-6  # relative to the value: proven to be the best


@dataclass(frozen=True)
class Choice:
    """The chosen (slots are sessions), with their score less penalties.

    No choice's is above ``bound``; ``missing`` places to fairness; ``method`` that settled it.
    """

    chosen: Columns
    value: float
    bound: float
    missing: int
    method: str


def choose(
    pairs: Pairs,
    sessions: Slots,
    floors: dict[str, Ints],
    *,
    allowed: Bools,
    time_limit: float,
) -> Choice:
    """Return the choice with the highest score that keeps all rules.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    sessions : Slots
        One a session.
    floors : dict of name to array of int
        Fewest places, courses by levels.
    allowed : array of bool
        People by sessions: may the person be put there.
    time_limit : float
        Most seconds of wall time for the solvers.

    Returns
    -------
    Choice
        With the proven bound.

    Notes
    -----
    Courses first (a course as a whole keeps fewer rules than its sessions, so its best score is a
    bound), then the chosen are placed in sessions. Courses in which somebody finds no place are
    taken session by session in the next round; those that require another are from the start.
    """
    end = time.monotonic() + time_limit
    apart = np.zeros(len(pairs.courses), bool)
    linked = np.flatnonzero(pairs.requires >= 0)
    apart[linked] = apart[pairs.requires[linked]] = True
    nobody = Columns(*np.nonzero(np.zeros_like(allowed)))
    best, bound, method = nobody, np.inf, "none"
    value, enough = _score(pairs, sessions, floors, nobody), ENOUGH
    while True:
        slots, group = join_courses(sessions, apart)
        opened = _open(pairs, slots, group, allowed)
        chosen, near, limit, how = _choose_slots(pairs, slots, floors, opened, end, enough)
        bound = min(bound, limit)
        placed, lost = _place(pairs, sessions, slots, group, floors, allowed, chosen, near, end)
        score = _score(pairs, sessions, floors, placed)
        if score > value or method == "none":
            best, value, method = placed, score, how
        if bound - value <= CLOSE * abs(bound) or time.monotonic() > end:
            break
        if not (lost & ~apart).any():
            lost = _find_met(pairs, sessions, slots, chosen, placed) & ~apart
        if not (lost & ~apart).any():
            if enough == 0:
                break
            enough = 0.0
        apart |= lost
    # On no seat more than the largest score is gained.
    bound = min(bound, float(pairs.score.max(initial=0.0) * sessions.seats.sum()))
    if bound - value > POOR * abs(bound):
        other = choose_greedily(pairs, sessions, floors, allowed)
        score = _score(pairs, sessions, floors, other)
        best, value, method = (other, score, "greedy") if score > value else (best, value, method)
    return Choice(best, value, max(bound, value), _missing(pairs, sessions, floors, best), method)


def _place(
    pairs: Pairs, sessions: Slots, slots: Slots, group: Ints, floors: dict[str, Ints],
    allowed: Bools, chosen: Columns, near: Columns, end: float,
) -> tuple[Columns, Bools]:  # fmt: skip
    """Put the chosen into sessions, others where one finds no place; courses where one did not."""
    columns = _expand(chosen, group, allowed)
    placed = _solve(pairs, sessions, floors, columns, end)[0]
    if len(placed.person) == len(chosen.person):
        return placed, np.zeros(len(pairs.courses), bool)
    lost = _find_lost(pairs, sessions, slots, chosen, placed)
    some = lost[slots.course[near.slot]]
    others = _expand(Columns(near.person[some], near.slot[some]), group, allowed)
    return _solve(pairs, sessions, floors, _unite(placed, others), end)[0], lost


def _unite(one: Columns, other: Columns) -> Columns:
    both = np.unique(np.c_[np.r_[one.person, other.person], np.r_[one.slot, other.slot]], axis=0)
    return Columns(both[:, 0], both[:, 1])


def _open(pairs: Pairs, slots: Slots, group: Ints, allowed: Bools) -> Bools:
    """Whether a person may be put into some session of a slot."""
    member = group[:, None] == np.arange(len(slots.ids))
    reach = (allowed.astype(np.int64) @ member.astype(np.int64)) > 0
    return pairs.open[:, slots.course] & reach


def _find_lost(
    pairs: Pairs, sessions: Slots, slots: Slots, chosen: Columns, placed: Columns
) -> Bools:
    """The courses in which somebody chosen was not placed."""
    lost = np.zeros_like(pairs.open)
    lost[chosen.person, slots.course[chosen.slot]] = True
    lost[placed.person, sessions.course[placed.slot]] = False
    return np.asarray(lost.any(axis=0), bool)


def _find_met(
    pairs: Pairs, sessions: Slots, slots: Slots, chosen: Columns, placed: Columns
) -> Bools:
    """All courses of the people who were not placed wherever chosen."""
    wanted, got = np.zeros_like(pairs.open), np.zeros_like(pairs.open)
    wanted[chosen.person, slots.course[chosen.slot]] = True
    got[placed.person, sessions.course[placed.slot]] = True
    return np.asarray(wanted[(wanted & ~got).any(axis=1)].any(axis=0), bool)


def _choose_slots(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], opened: Bools, end: float, enough: float
) -> tuple[Columns, Columns, float, str]:
    """The best choice of slots, what comes near it, a bound, and what settled it."""
    everything = Columns(*np.nonzero(opened))
    if not len(everything.person):
        return everything, everything, 0.0, "none eligible"
    chosen, bound = Columns(everything.person[:0], everything.slot[:0]), np.inf
    if len(everything.person) <= MOST_ARCS:
        chosen, bound = solve_flow(pairs, slots, everything)
        if _keeps(pairs, slots, floors, chosen):
            return chosen, everything, bound, "flow"
    relaxed = relax(pairs, slots, floors, opened, (end - time.monotonic()) * 0.6)
    if relaxed is None:  # no time for more than to place whom the flow chose
        return chosen, chosen, bound, "flow"
    bound, usual = min(bound, relaxed.bound), float(pairs.score[pairs.open].mean())
    best, value, step = everything, -np.inf, STEPS[0]
    for after in (*STEPS[1:], 0.0, 0.0):
        columns = Columns(*np.nonzero(relaxed.worth > -step * usual))
        found, limit = _solve(pairs, slots, floors, columns, end)
        score = _score(pairs, slots, floors, found)
        best, value = (found, score) if score > value else (best, value)
        # A choice with a pair that was left out is not above this.
        rest = relaxed.bound - step * usual
        bound = min(bound, max(limit, rest, value))
        close = bound - value <= max(enough, CLOSE) * abs(bound)
        if close or rest <= value or time.monotonic() > end:
            break
        needed = (relaxed.bound - value) / usual + CLOSE
        step = min(after, needed) if after else needed
    near = Columns(*np.nonzero(relaxed.worth > -NEARBY * usual))
    return best, near, bound, "programme"


def _expand(chosen: Columns, group: Ints, allowed: Bools) -> Columns:
    """Each chosen pair with each session of its slot that the person may be put into."""
    order = np.argsort(group, kind="stable")
    low = np.searchsorted(group[order], chosen.slot, "left")
    count = np.searchsorted(group[order], chosen.slot, "right") - low
    at = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    person, slot = chosen.person[at], order[low[at] + within]
    fits = allowed[person, slot]
    return Columns(person[fits], slot[fits])


def _solve(
    pairs: Pairs, slots: Slots, floors: dict[str, Ints], columns: Columns, end: float
) -> tuple[Columns, float]:
    """The best of these columns, and the bound over them; nobody if the time was too short."""
    nobody = Columns(columns.person[:0], columns.slot[:0])
    if not len(columns.person):
        return nobody, _score(pairs, slots, floors, nobody)
    programme = build_programme(pairs, slots, floors, columns)
    if not programme.rows.count:
        return columns, float(programme.gain.sum())
    found = milp(
        -programme.gain,
        constraints=LinearConstraint(programme.matrix, -np.inf, programme.upper),
        integrality=np.r_[np.ones(len(columns.person)), np.zeros(_floors(programme.most, columns))],
        bounds=Bounds(0, programme.most),
        options={"time_limit": max(end - time.monotonic(), 0.5), "mip_rel_gap": 1e-7},
    )
    limit = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
    if found.x is None:
        return nobody, limit
    some = found.x[: len(columns.person)] > 0.5
    return Columns(columns.person[some], columns.slot[some]), limit


def _floors(most: np.ndarray, columns: Columns) -> int:
    return len(most) - len(columns.person)


def _keeps(pairs: Pairs, slots: Slots, floors: dict[str, Ints], chosen: Columns) -> bool:
    """Whether a choice breaks no rule and no floor."""
    programme = build_programme(pairs, slots, floors, chosen)
    x = np.r_[np.ones(len(chosen.person)), np.zeros(_floors(programme.most, chosen))]
    return bool((programme.matrix @ x <= programme.upper + 1e-9).all())


def _missing(pairs: Pairs, slots: Slots, floors: dict[str, Ints], chosen: Columns) -> int:
    course, lacking = slots.course[chosen.slot], 0
    for name, floor in floors.items():
        level = pairs.groups[name][chosen.person]
        got = np.zeros_like(floor)
        np.add.at(got, (course[level >= 0], level[level >= 0]), 1)
        lacking += int((floor - got).clip(min=0).sum())
    return lacking


def _score(pairs: Pairs, slots: Slots, floors: dict[str, Ints], chosen: Columns) -> float:
    gain = float(pairs.score[chosen.person, slots.course[chosen.slot]].sum())
    penalty = PENALTY * pairs.score.max(initial=1e-9)
    return gain - penalty * _missing(pairs, slots, floors, chosen)
