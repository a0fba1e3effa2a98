"""How strong something unmeasured must be to explain an effect away."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

LARGEST_GAMMA = 100.0


def score_evalue(effect: float, low: float, high: float) -> pd.DataFrame:
    """Return how strong an unmeasured cause must be to explain a standardised effect away.

    Parameters
    ----------
    effect, low, high : float
        Standardised effect (in standard deviations of the outcome) and the ends of its interval.

    Returns
    -------
    DataFrame
        One row: ``value`` (E-value of the effect), ``limit`` (of the interval's end nearer to
        none; 1 where the interval holds it), at least 1.

    Notes
    -----
    RR = exp(0.91 |d|), E = RR + sqrt(RR (RR - 1)): the risk ratio by which something unmeasured
    would have to go with both being trained and the outcome. A large value does *not* prove that
    nothing is hidden. VanderWeele & Ding (2017), Annals of Internal Medicine 167, 268-274. Pinned
    by ``tests/test_evaluation_sensitivity.py``.

    Examples
    --------
    >>> score_evalue(0.5, -0.1, 1.1).round(2).values.tolist()
    [[2.53, 1.0]]
    """
    near = low if effect >= 0 else -high
    ends = np.array([abs(effect), max(near, 0.0)])
    ratio = np.exp(0.91 * ends)
    value, limit = ratio + np.sqrt(ratio * (ratio - 1))
    return pd.DataFrame([{"value": float(value), "limit": float(limit)}])


def bound_rosenbaum(
    differences: np.ndarray, *, gamma: float | None = None, alpha: float = 0.05
) -> pd.DataFrame:
    """Return how much a hidden bias between paired people could change the sign test of an effect.

    Parameters
    ----------
    differences : ndarray of float, shape (pairs,)
        Outcome of the trained less that of the match; zeros are left out.
    gamma : float, optional
        Odds by which one of a pair may have been likelier to be trained; missing: the largest at
        which the effect still stands is sought.
    alpha : float
        Level of the one-sided test, in the direction of the differences.

    Returns
    -------
    DataFrame
        One row: ``value`` (gamma; missing where the effect is none even without hidden bias),
        ``p_low`` and ``p_high`` (bounds of the one-sided p-value at that gamma), ``n`` (pairs).

    Notes
    -----
    Wilcoxon's signed ranks: mean p S and variance p (1 - p) S2 with S the sum of the ranks, S2 of
    their squares, p = gamma / (1 + gamma) above and 1 / (1 + gamma) below. Rosenbaum (2002),
    Observational Studies, section 4.3. For paired people only, *not* for weighted ones. Pinned by
    ``tests/test_evaluation_sensitivity.py``.

    Examples
    --------
    >>> found = bound_rosenbaum(np.arange(1.0, 21.0), gamma=1.0)
    >>> found["p_low"].item() == found["p_high"].item() < 0.001
    True
    """
    gaps = differences[differences != 0]
    if len(gaps) == 0:
        row = {"value": np.nan, "p_low": np.nan, "p_high": np.nan, "n": 0}
        return pd.DataFrame([row])
    gaps = gaps if gaps.sum() >= 0 else -gaps
    ranks = stats.rankdata(abs(gaps))

    def bounds(odds: float) -> tuple[float, float]:
        ends = []
        for share in (1 / (1 + odds), odds / (1 + odds)):
            spread = np.sqrt(share * (1 - share) * (ranks**2).sum())
            ends.append(
                float(stats.norm.sf((ranks[gaps > 0].sum() - share * ranks.sum()) / spread))
            )
        return ends[0], ends[1]

    found = gamma
    if found is None:
        if bounds(1.0)[1] > alpha:
            found = np.nan
        elif bounds(LARGEST_GAMMA)[1] < alpha:
            found = LARGEST_GAMMA
        else:
            found = optimize.brentq(lambda g: bounds(g)[1] - alpha, 1.0, LARGEST_GAMMA)
    low, high = bounds(found) if np.isfinite(found) else bounds(1.0)
    return pd.DataFrame([{"value": found, "p_low": low, "p_high": high, "n": len(gaps)}])
