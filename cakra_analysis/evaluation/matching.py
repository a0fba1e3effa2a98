"""Pairs of a trained and an untrained person who were alike before."""

from __future__ import annotations

import numpy as np


def match_nearest(
    chance: np.ndarray, treated: np.ndarray, *, caliper: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of nearest neighbours, each untrained person used once.

    Parameters
    ----------
    chance : ndarray of float, shape (people,)
        Of being trained.
    treated : ndarray of bool, shape (people,)
        Who was.
    caliper : float, optional
        Largest difference of a pair, in standard deviations of the logit of the chance; who has
        nobody so near stays unmatched.

    Returns
    -------
    tuple of ndarray of int, shape (pairs,)
        Row numbers of the trained and of their matches, most likely trained first.

    Notes
    -----
    Greedy one-to-one matching without replacement, from the highest chance down, as MatchIt's
    ``nearest``: Ho, Imai, King & Stuart (2011), JSS 42(8). Who finds no equal is left out, so the
    pairs stand for the matched, *not* for all trained. Pinned by
    ``tests/test_evaluation_effect.py``.

    Examples
    --------
    >>> trained, matches = match_nearest(np.array([0.6, 0.5, 0.55, 0.1]),
    ...                                  np.array([True, False, False, False]))
    >>> trained.tolist(), matches.tolist()
    ([0], [2])
    """
    rows, others = np.flatnonzero(treated), np.flatnonzero(~treated)
    rows = rows[np.argsort(-chance[rows], kind="stable")][: len(others)]
    logit = np.log(chance / (1 - chance)) if caliper is not None else chance
    limit = np.inf if caliper is None else caliper * logit.std(ddof=1)
    free = np.ones(len(others), dtype=bool)
    pairs = []
    for row in rows:
        distance = np.where(free, np.abs(logit[others] - logit[row]), np.inf)
        nearest = int(distance.argmin())
        if distance[nearest] <= limit:
            free[nearest] = False
            pairs.append((row, others[nearest]))
    found = np.array(pairs, dtype=int).reshape(-1, 2)
    return found[:, 0], found[:, 1]
