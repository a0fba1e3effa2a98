"""How many sessions of one kind fit side by side in one room's year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def count_windows(starts: NDArray[np.int64], is_open: NDArray[np.bool_]) -> int:
    """Count how many sets of days can be chosen at most so that no day is used twice.

    A set of days in a row counts as the stretch from its first to its last day only where no other
    set can lie between its days; then taking the earliest end each time is exact. Otherwise the
    days are counted: no more sets than days divided by the days of a set.

    Parameters
    ----------
    starts : ndarray of int
        Sets of days, a row each, rising.
    is_open : ndarray of bool
        Days on which the room can be used.

    Returns
    -------
    int
        No more sets than this fit.

    Examples
    --------
    >>> count_windows(np.array([[0, 1], [1, 2], [2, 3]]), np.ones(4, dtype=bool))
    2
    >>> count_windows(np.array([[0, 1], [1, 2], [2, 3]]), np.array([True, False, True, True]))
    1
    """
    kept = starts[is_open[starts].all(axis=1)]
    if not len(kept):
        return 0
    days = np.unique(kept)
    count = len(days) // kept.shape[1]
    rank = np.searchsorted(days, kept)
    if (np.diff(rank, axis=1) == 1).all():
        chosen, last = 0, -1
        for row in kept[np.argsort(kept[:, -1], kind="stable")]:
            if row[0] > last:
                chosen, last = chosen + 1, int(row[-1])
        return min(chosen, count)
    return count
