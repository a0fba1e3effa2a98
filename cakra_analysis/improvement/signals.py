"""Signals on a control chart, by declared rules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

FAR, PAIR, RUN = "far", "pair", "run"
RULES = {"sessions": 8.0, FAR: 3.0, PAIR: 2.0, RUN: 8.0}


def find_signals(z: np.ndarray, rules: Mapping[str, float] | None = None) -> list[str]:
    """Return what each point of a control chart signals.

    Parameters
    ----------
    z : ndarray of float
        Points in the order of time: distance from the centre in standard errors.
    rules : mapping of str to float, optional
        ``far``: one point beyond so many standard errors; ``pair``: two of three in a row beyond so
        many on one side; ``run``: so many in a row on one side. 0 leaves out the last two.

    Returns
    -------
    list of str
        A point at which a rule is met: ``far``, ``pair`` or ``run``, the first of these that
        holds; an empty text for no signal.

    Notes
    -----
    By default rules 1, 2 and 4 of the Western Electric handbook (1956). On a stable process with
    known limits they give one false signal in about 122 points, 0.8%: Champ & Woodall
    (1987), Technometrics 29, 393-399. Pinned by ``tests/test_improvement_control.py``.

    Examples
    --------
    >>> find_signals(np.array([0.1, 2.3, 0.5, 2.1, -3.2]))
    ['', '', '', 'pair', 'far']
    """
    rules = rules or RULES
    far, pair, run = rules[FAR], rules[PAIR], int(rules[RUN])
    signals = np.full(len(z), "", dtype=object)
    for own in (z, -z):
        if run:
            signals[_count_last(own > 0, run) == run] = RUN
        if pair:
            signals[(own > pair) & (_count_last(own > pair, 3) >= 2)] = PAIR
        signals[own > far] = FAR
    return [str(signal) for signal in signals]


def _count_last(marks: np.ndarray, length: int) -> np.ndarray:
    """How many of the last points up to each one are marked."""
    return np.convolve(marks.astype(int), np.ones(length, dtype=int))[: len(marks)]
