"""Signals on a control chart, by declared rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FAR, PAIR, RUN = "far", "pair", "run"


@dataclass(frozen=True)
class Rules:
    """When a point of a control chart is a signal.

    Attributes
    ----------
    far : float
        One point beyond so many standard errors.
    pair : float
        Two of three points in a row beyond so many on one side; 0 = not asked.
    run : int
        So many points in a row on one side of the centre; 0 = not asked.
    """

    far: float = 3.0
    pair: float = 2.0
    run: int = 8


def find_signals(z: np.ndarray, rules: Rules | None = None) -> list[str]:
    """Return what each point of a control chart signals.

    Parameters
    ----------
    z : ndarray of float
        Points in the order of time: distance from the centre in standard errors.
    rules : Rules, optional
        When a point is a signal.

    Returns
    -------
    list of str
        A point at which a rule is met: ``far``, ``pair`` or ``run``, the first of these that
        holds; an empty text for no signal.

    Notes
    -----
    Rules 1, 2 and 4 of the Western Electric handbook (1956). On a stable process with known limits
    they give one false signal in about 122 points, 0.8%: Champ & Woodall (1987), Technometrics 29,
    393-399. Pinned by ``tests/test_improvement_control.py``.

    Examples
    --------
    >>> find_signals(np.array([0.1, 2.3, 0.5, 2.1, -3.2]))
    ['', '', '', 'pair', 'far']
    """
    rules = rules or Rules()
    signals = []
    for place, value in enumerate(z):
        side = np.sign(value)
        own = side * z[: place + 1]
        if own[-1] > rules.far:
            signals.append(FAR)
        elif rules.pair and own[-1] > rules.pair and (own[-3:] > rules.pair).sum() >= 2:
            signals.append(PAIR)
        elif rules.run and len(own) >= rules.run and (own[-rules.run :] > 0).all():
            signals.append(RUN)
        else:
            signals.append("")
    return signals
