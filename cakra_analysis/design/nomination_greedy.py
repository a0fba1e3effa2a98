"""A choice that keeps all rules, without a solver: what is shown if the solvers have no time."""

from __future__ import annotations

import numpy as np

from cakra_analysis.design.nomination_pairs import NEAR, Pairs
from cakra_analysis.design.nomination_rows import Columns
from cakra_analysis.design.nomination_slots import Bools, Ints, Slots


def choose_greedily(
    pairs: Pairs, sessions: Slots, floors: dict[str, Ints], allowed: Bools
) -> Columns:
    """Return the choice by largest score first; those whom a floor asks for come before others.

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

    Returns
    -------
    Columns
        Keeps every rule; floors as far as it goes. What requires a course not yet completed is
        left out.
    """
    person, course = np.nonzero(pairs.open & pairs.has & (pairs.score > NEAR))
    order = np.argsort(-pairs.score[person, course], kind="stable")
    left, cells = sessions.seats.copy(), sessions.cells.copy()
    room, most = pairs.room.copy(), pairs.most.copy()
    of = [np.flatnonzero(sessions.course == c) for c in range(len(pairs.courses))]
    busy: dict[int, frozenset[int]] = {}
    wanted = {name: floor.copy() for name, floor in floors.items()}
    done, chosen = np.zeros_like(pairs.open), []
    for asked in (True, False):
        for i in order:
            p, c = int(person[i]), int(course[i])
            if done[p, c] or most[p] < 1 or pairs.hours[c] > room[p] + NEAR:
                continue
            levels = [(w, pairs.groups[name][p]) for name, w in wanted.items()]
            if asked and not any(k >= 0 and w[c, k] > 0 for w, k in levels):
                continue
            u, days = pairs.unit[p], busy.get(p, frozenset())
            fits = of[c][(left[of[c]] > 0) & (cells[of[c], u] > 0) & allowed[p, of[c]]]
            s = next((int(s) for s in fits if not days & sessions.dates[s]), -1)
            if s < 0:
                continue
            chosen.append((p, s))
            done[p, c], busy[p] = True, days | sessions.dates[s]
            left[s], cells[s, u], most[p] = left[s] - 1, cells[s, u] - 1, most[p] - 1
            room[p] -= pairs.hours[c]
            for w, k in levels:
                w[c, k] -= int(k >= 0)
    both = np.array(chosen, np.int64).reshape(-1, 2)
    return Columns(both[:, 0], both[:, 1])
