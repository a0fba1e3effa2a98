"""How much of a gap closes when courses overlap: less and less with every further seat."""

from __future__ import annotations

import numpy as np

from cakra_analysis.design.problem import Array, Problem
from cakra_analysis.design.rules import Rules


def close_gaps(
    raw: Array, gaps: Array, *, shares: tuple[float, ...], factors: tuple[float, ...]
) -> Array:
    """Return what closes of each gap.

    Parameters
    ----------
    raw : array
        Levels that the seats would close if courses did not overlap.
    gaps : array
        Levels lacking; same shape.
    shares, factors : tuple of float
        The first share of the gap closes with the first factor, and so on.

    Returns
    -------
    array
        Levels closed: never more than ``raw`` or the gap.

    Notes
    -----
    A piece that closes share s of the gap G at factor f takes s * G / f of ``raw``. Factors fall,
    so what closes is a concave function of ``raw``. Pinned by ``tests/test_design_portfolio.py``.

    Examples
    --------
    >>> raw, gaps = np.array([0.5, 1.5, 9.0]), np.array([2.0, 2.0, 2.0])
    >>> close_gaps(raw, gaps, shares=(0.5, 0.3, 0.2), factors=(1, 0.5, 0.25)).tolist()
    [0.5, 1.25, 2.0]
    """
    left, closed = np.array(raw, dtype=float), np.zeros(np.shape(raw))
    for share, factor in zip(shares, factors, strict=True):
        if factor > 0:
            piece = np.minimum(share * gaps, left * factor)
            closed, left = closed + piece, left - piece / factor
    return closed


def close_with(problem: Problem, rules: Rules, seats_need: Array) -> Array:
    """Return the levels closed, by group and competency, by seats of people in need.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        Its overlap is used.
    seats_need : array of group x course
        Seats of people who gain.

    Returns
    -------
    array of group x competency
        Levels closed, not weighted.
    """
    taken = problem.usable * seats_need[:, problem.pairs["course"].to_numpy()]
    raw = np.zeros(problem.gaps.shape)
    np.add.at(raw.T, problem.pairs["competency"].to_numpy(), taken.T)
    shares, factors = rules.overlap_shares, rules.overlap_factors
    return close_gaps(raw, problem.gaps, shares=shares, factors=factors)


def weigh_closed(problem: Problem, closed: Array) -> float:
    """Return the weighted levels closed.

    Parameters
    ----------
    problem : Problem
        Its weights are used.
    closed : array of group x competency
        From ``close_with``.

    Returns
    -------
    float
        What a portfolio is chosen by.
    """
    return float((closed @ problem.competencies["weight"].to_numpy()).sum())
