"""Who could go to which course, what that is expected to close, and which rules bind alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cakra_analysis.design.nomination_slots import Bools, Floats, Ints, Slots

PENALTY = 2.0  # largest scores that one place missing to fairness weighs as much as
NEAR = 1e-9


@dataclass(frozen=True)
class Pairs:
    """People (rows) by courses (columns), all by position.

    Attributes
    ----------
    staff, courses : array
        Codes.
    unit : array of int
        Each person's unit.
    benefit, score : array
        Weighted levels expected to close; the same with the bonus for a debt of hours.
    gap, cause : array
        Gap and position of the competency with the largest part of the benefit.
    open : array of bool
        May be chosen, as far as rules tell that bind the pair alone.
    free : array of bool
        The same without seats and without what the course requires.
    has, held : array of bool
        Has what the course requires; has completed the course.
    requires : array of int
        Required course, -1 = none, -2 = one that is not in this plan.
    hours : array
        JP of each course.
    room, lacking : array
        JP that each person may still have; that each lacks of the least.
    most : array of int
        Courses that each person may still have.
    groups : dict of name to array of int
        Level of each person in what must be fair; -1 = not known.
    """

    staff: npt.NDArray[np.object_]
    courses: npt.NDArray[np.object_]
    unit: Ints
    benefit: Floats
    score: Floats
    gap: Floats
    cause: Ints
    open: Bools
    free: Bools
    has: Bools
    held: Bools
    requires: Ints
    hours: Floats
    room: Floats
    lacking: Floats
    most: Ints
    groups: dict[str, Ints]


def score_pairs(
    gaps: pd.DataFrame,
    effects: pd.DataFrame,
    weights: pd.DataFrame,
    *,
    staff: pd.Index,
    courses: pd.Index,
) -> tuple[Floats, Floats, Ints, pd.Index]:
    """Return what each course is expected to close of each person's gaps.

    Parameters
    ----------
    gaps : DataFrame
        staff_id, competency_id, gap.
    effects : DataFrame
        course_id, competency_id, effect.
    weights : DataFrame
        competency_id, weight; a competency without a row weighs nothing.
    staff, courses : Index
        Codes by position.

    Returns
    -------
    tuple
        Benefit, gap and competency (position) of its largest part, each people by courses; and the
        competencies by position.

    Notes
    -----
    benefit = sum over competencies of weight * min(effect, gap), where both are above 0. Courses
    of one person on one competency are not set off against each other.
    """
    weight = weights.set_index("competency_id")["weight"]
    names = pd.Index(sorted(set(effects["competency_id"])))
    wide = gaps[gaps["competency_id"].isin(names) & gaps["staff_id"].isin(staff)]
    wide = wide.pivot_table("gap", "staff_id", "competency_id", aggfunc="mean")
    gap = np.nan_to_num(wide.reindex(index=staff, columns=names).to_numpy(float)).clip(min=0.0)
    shape = (len(staff), len(courses))
    benefit, best, cause_gap = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    cause = np.full(shape, -1, np.int64)
    rows = effects[effects["course_id"].isin(courses)].sort_values(["course_id", "competency_id"])
    for row in rows.itertuples():
        c, k = courses.get_loc(row.course_id), names.get_loc(row.competency_id)
        w = max(float(weight.get(row.competency_id, 0.0)), 0.0)
        part = w * np.minimum(max(float(row.effect), 0.0), gap[:, k])
        benefit[:, c] += part
        larger = part > best[:, c] + NEAR
        best[larger, c], cause_gap[larger, c], cause[larger, c] = part[larger], gap[larger, k], k
    return benefit, cause_gap, cause, names


def find_open(score: Floats, free: Bools, has: Bools, requires: Ints, before: Bools) -> Bools:
    """Return which pairs may be chosen, those that only lead to a course that requires them too.

    Parameters
    ----------
    score : array
        People by courses; above 0 where a seat is of use.
    free : array of bool
        No rule that binds the pair alone forbids it, what the course requires left aside.
    has : array of bool
        Has what the course requires, or it requires nothing.
    requires : array of int
        Required course.
    before : array of bool
        Whether some session of a course is over before some session of the other begins.

    Returns
    -------
    array of bool
        People by courses.
    """
    can = free & has
    inside = [(c, r) for c, r in enumerate(requires) if r >= 0 and before[r, c]]
    for _ in range(len(inside)):  # a chain is at most as long as there are links
        for c, r in inside:
            can[:, c] |= free[:, c] & can[:, r]
    wanted = can & (score > NEAR)
    for _ in range(len(inside)):
        for c, r in inside:
            wanted[:, r] |= wanted[:, c] & ~has[:, c] & can[:, r]
    return wanted


def set_floors(pairs: Pairs, courses: Slots, tolerance: float) -> dict[str, Ints]:
    """Return the fewest places of each level of a group in each course.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    courses : Slots
        One a course.
    tolerance : float
        How far below its share among the eligible a level may be (0-1).

    Returns
    -------
    dict of name to array of int
        Courses by levels.

    Notes
    -----
    In each unit the eligible share its seats by number; t is a level's share of all these seats,
    k their number (not more than the course has). Floor = floor((t - tolerance) k): by rounding
    down it asks for nothing that the units' seats cannot give.
    """
    worth = pairs.open & (pairs.benefit > NEAR)
    units = courses.cells.shape[1]
    floors = {}
    for name, level in pairs.groups.items():
        known, levels = level >= 0, int(level.max(initial=-1)) + 1
        people = np.zeros((len(pairs.courses), units, levels))
        for c in range(len(pairs.courses)):
            who = worth[:, c] & known
            np.add.at(people[c], (pairs.unit[who], level[who]), 1)
        everyone = people.sum(axis=2)
        taken = np.minimum(everyone, courses.cells)
        share = np.divide(taken, everyone, out=np.zeros_like(taken), where=everyone > 0)
        expected = (people * share[:, :, None]).sum(axis=1)
        total = taken.sum(axis=1)
        t = np.divide(
            expected, total[:, None], out=np.zeros_like(expected), where=total[:, None] > 0
        )
        k = np.minimum(total, courses.seats)[:, None]
        floors[name] = np.floor((t - tolerance) * k + NEAR).clip(min=0).astype(np.int64)
    return floors
