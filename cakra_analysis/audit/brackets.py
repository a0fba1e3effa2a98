"""Between what a number lies that was not published, from all that were: linear programming."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cakra_analysis.audit.forest import UNKNOWN, Forest
from cakra_analysis.audit.release import Range

# Unknown are the people of a row who stand in no row below it, and the sum of their figures.


def bracket_people(forest: Forest, places: Sequence[int]) -> Range | None:
    """Return between what the number of people lies who are in some rows and in none below them.

    Parameters
    ----------
    forest : Forest
        The rows.
    places : sequence of int
        Places of the rows whose own people are counted together.

    Returns
    -------
    (float, float) or None
        None where the published numbers contradict each other.

    Notes
    -----
    Maximise and minimise ``sum(x[places])`` subject to ``low <= sum(x below a row) <= high`` for
    every shown row and ``x >= 0``. The system is that of a tree, so with whole limits the ends are
    whole numbers. Pinned by ``tests/test_audit_arithmetic.py``, against trying every tree.

    Examples
    --------
    >>> from cakra_analysis.audit.forest import Row
    >>> rows = [Row(-1, (20, 20)), Row(0, (16, 16)), Row(0)]
    >>> bracket_people(Forest(rows, {}), [2])
    (0.0, 4.0)
    """
    size = len(forest.rows)
    lines, limits = [], []
    for place, row in enumerate(forest.rows):
        if row.people is not None:
            inside = _mark(size, forest.below(place))
            lines += [inside, -inside]
            limits += [row.people[1], -row.people[0]]
    return _bracket(_mark(size, places), lines, limits, [UNKNOWN] * size)


def bracket_mean(forest: Forest, places: Sequence[int], column: str) -> Range | None:
    """Return between what a mean lies of the people who are in some rows and in none below them.

    Parameters
    ----------
    forest : Forest
        The rows.
    places : sequence of int
        Places of the rows whose own people are taken together.
    column : str
        A mean that adds up.

    Returns
    -------
    (float, float) or None
        None where the published numbers contradict each other, or nobody can be there.

    Notes
    -----
    Unknown are the people x and the sums s of each row's own: ``low x <= s <= high x`` with the
    ends of the scale, and for a shown row ``m_low sum(x) <= sum(s) <= m_high sum(x)`` over what is
    below it, m being its mean with what rounding left open. The mean ``sum(s) / sum(x)`` of the
    places, at least one person, is made linear by scaling that ``sum(x) = 1`` (Charnes and Cooper,
    1962). Pinned by ``tests/test_audit_arithmetic.py``, against trying every tree.

    Examples
    --------
    >>> from cakra_analysis.audit.forest import Row
    >>> rows = [Row(-1, (20, 20), (20, 20), {"m": (.9, .9)}), Row(0, (10, 10), (10, 10), {"m": (.8, .8)})]
    >>> bracket_mean(Forest([*rows, Row(0)], {"m": (0, 1)}), [2], "m")
    (1.0, 1.0)
    """  # noqa: E501
    size, (low, high) = len(forest.rows), forest.scales[column]
    nobody, lines = np.zeros(size), []
    for place, row in enumerate(forest.rows):
        alone, inside = _mark(size, [place]), _mark(size, forest.below(place))
        lines += [[*(low * alone), *-alone, 0.0], [*(-high * alone), *alone, 0.0]]
        if row.weight is not None:
            lines.append([*-inside, *nobody, row.weight[0]])
            if math.isfinite(row.weight[1]):
                lines.append([*inside, *nobody, -row.weight[1]])
        if row.shown and column in row.means:
            least, most = row.means[column]
            lines += [[*(least * inside), *-inside, 0.0], [*(-most * inside), *inside, 0.0]]
    free = (-math.inf, math.inf)
    limits = [UNKNOWN] * size + [free] * size + [(0.0, 1.0)]  # the scale: at least one person
    aim = np.array([*nobody, *_mark(size, places), 0.0])
    together = np.array([*_mark(size, places), *nobody, 0.0])
    return _bracket(aim, lines, [0.0] * len(lines), limits, together)


def _mark(size: int, places: Sequence[int]) -> np.ndarray:
    marked = np.zeros(size)
    marked[list(places)] = 1.0
    return marked


def _bracket(
    aim: np.ndarray,
    lines: Sequence[Any],
    most: Sequence[float],
    limits: Sequence[Range],
    together: np.ndarray | None = None,
) -> Range | None:
    """Solve for the least and the most of an aim; ``together`` must come to 1."""
    from scipy.optimize import linprog

    ends = []
    for sign in (1, -1):
        solved = linprog(
            sign * aim,
            A_ub=np.array(lines) if lines else None,
            b_ub=np.array(most) if lines else None,
            A_eq=None if together is None else together[None, :],
            b_eq=None if together is None else [1.0],
            bounds=limits,
            method="highs",
        )
        if solved.status == 3:  # without an end
            ends.append(sign * -math.inf)
        elif solved.x is None:
            return None
        else:
            ends.append(float(aim @ solved.x))
    return round(min(ends), 6) + 0.0, round(max(ends), 6) + 0.0
