"""Rows that every whole plan keeps and many divisible ones do not, so that bounds are closer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from cakra_analysis.design.closure import close_gaps
from cakra_analysis.design.model import Model, Rows
from cakra_analysis.design.problem import Array, Problem
from cakra_analysis.design.rules import Rules

BROKEN = 1e-4  # levels by which a row must be broken to be worth keeping
STEP = 1e-7
SAFE = 1e-5  # added to slopes, so that rounding never cuts off a whole plan


def cut_kinks(problem: Problem, rules: Rules, model: Model, columns: Array) -> Rows | None:
    """Return rows that a divisible plan breaks, and no whole plan does.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        Its overlap is used.
    model : Model
        Theirs.
    columns : array
        A solution with divisible seats.

    Returns
    -------
    Rows or None
        None where nothing is broken.

    Notes
    -----
    A gap's closure f bends where overlap sets in; seats x of one course are whole, so between n
    and n + 1 of them f can be replaced by its chord. With u levels a seat and what the other
    courses give, r >= 0: f(u x + r) <= f(u n) + (f(u (n + 1)) - f(u n)) (x - n) + f'(u n) r. For
    x <= n by f's tangent at u n, for x > n by its chord. A mixed-integer rounding cut, Nemhauser &
    Wolsey (1988), Integer and Combinatorial Optimization, section II.1.7. Pinned by
    ``tests/test_design_portfolio.py`` (brute force).
    """
    found = pd.concat([_find_broken(problem, rules, model, columns, at) for at in _pairs(problem)])
    if found.empty:
        return None
    return _build(problem, model, found.reset_index(drop=True))


def _pairs(problem: Problem) -> range:
    return range(len(problem.pairs))


def _find_broken(
    problem: Problem, rules: Rules, model: Model, columns: Array, at: int
) -> pd.DataFrame:
    """Groups in which one course's seats are divided where the closure of one gap bends."""
    course, competency = (int(problem.pairs[c].iloc[at]) for c in ("course", "competency"))
    cell, each, gap = model.cells[:, competency], problem.usable[:, at], problem.gaps[:, competency]
    seats = _seats(model, columns)
    raw = _given(problem, seats, competency)
    n = np.floor(seats[:, course] + STEP)
    low, near, high = (_close(rules, each * n + x, gap) for x in (0, STEP, each))
    slope = np.minimum((near - low) / STEP + SAFE, max(rules.overlap_factors))
    chord, others = high - low, raw - each * seats[:, course]
    most = low + chord * (seats[:, course] - n) + slope * others
    pieces = columns[model.first_piece :]
    closed = np.bincount(model.piece_cell, pieces, minlength=model.cells.max() + 1)
    broken = closed[np.maximum(cell, 0)] - most > BROKEN
    here = np.nonzero(broken & (cell >= 0) & (each > 0))[0]
    table = {"group": here, "cell": cell[here], "chord": chord[here], "slope": slope[here]}
    return pd.DataFrame(table | {"high": (low - chord * n)[here], "at": at})


def _seats(model: Model, columns: Array) -> Array:
    known = model.seat_columns >= 0
    return np.where(known, columns[np.maximum(model.seat_columns, 0)], 0.0)


def _given(problem: Problem, seats: Array, competency: int) -> Array:
    trains = np.nonzero((problem.pairs["competency"] == competency).to_numpy())[0]
    courses = problem.pairs["course"].to_numpy()[trains]
    given: Array = (problem.usable[:, trains] * seats[:, courses]).sum(axis=1)
    return given


def _close(rules: Rules, raw: Array, gap: Array) -> Array:
    return close_gaps(raw, gap, shares=rules.overlap_shares, factors=rules.overlap_factors)


def _build(problem: Problem, model: Model, found: pd.DataFrame) -> Rows:
    """Pieces of the gap less chord x seats less slope x what the others give."""
    piece = pd.DataFrame({"cell": model.piece_cell, "column": np.arange(len(model.piece_cell))})
    piece["column"] += model.first_piece
    rows = found.reset_index(names="row")
    parts = [rows[["row", "cell"]].merge(piece, on="cell").assign(value=1.0)]
    courses, competencies = (problem.pairs[c].to_numpy() for c in ("course", "competency"))
    for at, own in rows.groupby("at"):
        for other in np.nonzero(competencies == competencies[at])[0]:
            group = own["group"].to_numpy()
            given = own["slope"] * problem.usable[group, other]
            value = -(own["chord"] if other == at else given)
            column = model.seat_columns[group, courses[other]]
            part = pd.DataFrame({"row": own["row"], "column": column, "value": value})
            parts.append(part[(part["column"] >= 0) & (part["value"] != 0)])
    entries = pd.concat(parts)
    shape = (len(found), len(model.worth))
    where = (entries["row"].to_numpy(), entries["column"].to_numpy(int))
    matrix = csr_array(coo_array((entries["value"].to_numpy(), where), shape=shape))
    return Rows(matrix, np.full(len(found), -np.inf), found["high"].to_numpy())
