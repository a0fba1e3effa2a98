"""Changes in standard deviations, with bootstrap intervals: all are functions of five sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

FEWEST = 5  # people, below which a bootstrap says nothing
CHUNK = 2_000_000  # scores drawn at a time
MEASURES = ["d_av", "d_rm", "glass", "g_av"]


def estimate_changes(
    pre: np.ndarray,
    post: np.ndarray,
    *,
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Return the change of the same people in standard deviations, on four yardsticks.

    Parameters
    ----------
    pre, post : ndarray of float
        Two scores of each person, none missing.
    confidence : float
        Of the intervals.
    seed : int
        Of the bootstrap.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        One row a ``measure`` (d_av, d_rm, glass, g_av): ``value``, ``low``, ``high`` (standard
        deviations), ``method``. Missing with method "too few" (value: below two people; interval:
        below five) or "no variance".

    Notes
    -----
    Formulas: ``score_paired``. BCa: the share of resampled values below the value, and a third
    moment of the leave-one-out values, move the percentiles. Resamples in which the yardstick is
    zero are left out. It takes people as independent. Efron (1987), JASA 82, 171-185. Pinned by
    ``tests/test_evaluation_effect_sizes.py``.

    Examples
    --------
    >>> pre, post = np.array([50.0, 55, 60, 45, 70]), np.array([68.0, 70, 72, 60, 80])
    >>> estimate_changes(pre, post).round(2).values.tolist()[0]
    ['d_av', 1.66, 0.97, 3.04, 'BCa bootstrap over people']
    """
    n = len(pre)
    table = pd.DataFrame({"measure": MEASURES, "value": np.nan, "low": np.nan, "high": np.nan})
    if n < 2:
        return table.assign(method="too few")
    # Deviations from the means lose no digits in the sums of squares.
    shift = float(np.mean(post) - np.mean(pre))
    scores = np.stack([pre - np.mean(pre), post - np.mean(post)])
    own = _products(scores)
    whole = _sizes(own.sum(axis=1, keepdims=True), n, shift)[:, 0]
    known = np.isfinite(whole)
    table["value"] = np.where(known, whole, np.nan)
    if n < FEWEST:
        return table.assign(method=np.where(known, "too few", "no variance"))
    drawn = _sizes(_resample(scores, np.random.default_rng(seed), resamples), n, shift)
    left = _sizes(own.sum(axis=1, keepdims=True) - own, n - 1, shift)
    ends = [
        _bca(*parts, confidence) if np.isfinite(parts[0]) else (np.nan, np.nan)
        for parts in zip(whole, drawn, left, strict=True)
    ]
    table[["low", "high"]] = ends
    return table.assign(method=np.where(known, "BCa bootstrap over people", "no variance"))


def _products(scores: np.ndarray) -> np.ndarray:
    """What is added up: both scores, their squares and their product."""
    a, b = scores
    return np.stack([a, b, a * a, b * b, a * b])


def _resample(scores: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """The five sums of each resample, people drawn with replacement."""
    n = scores.shape[1]
    sums, done = np.empty((5, resamples)), 0
    while done < resamples:
        count = min(max(CHUNK // n, 1), resamples - done)
        a, b = scores[:, rng.integers(n, size=(count, n))]
        squares = [np.einsum("ij,ij->i", *pair) for pair in ((a, a), (b, b), (a, b))]
        sums[:, done : done + count] = [a.sum(axis=1), b.sum(axis=1), *squares]
        done += count
    return sums


def _sizes(sums: np.ndarray, n: int, shift: float) -> np.ndarray:
    """The four measures, a row each, from sums of deviations; not finite without variance."""
    a, b, aa, bb, ab = sums
    var_pre, var_post = (aa - a * a / n) / (n - 1), (bb - b * b / n) / (n - 1)
    both = (ab - a * b / n) / (n - 1)
    change, differing = shift + (b - a) / n, var_pre + var_post - 2 * both
    # What is left of a variance of zero is rounding.
    var_pre, var_post, differing = (
        np.where(v > 1e-9, v, 0.0) for v in (var_pre, var_post, differing)
    )
    sd_pre, sd_post = np.sqrt(var_pre), np.sqrt(var_post)
    with np.errstate(divide="ignore", invalid="ignore"):
        average = change / ((sd_pre + sd_post) / 2)
        apart = np.sqrt(2 * (1 - both / (sd_pre * sd_post)))
        repeated = change / np.sqrt(differing) * apart
        sizes = np.stack([average, repeated, change / sd_pre, small_sample(n - 1) * average])
    return np.where(np.isfinite(sizes), sizes, np.nan)


def small_sample(df: int) -> float:
    """Return by what a standardised difference from a small sample is multiplied.

    Parameters
    ----------
    df : int
        Degrees of freedom of the standard deviation.

    Returns
    -------
    float
        J = 1 - 3 / (4 df - 1), below 1.

    Examples
    --------
    >>> round(small_sample(9), 6)
    0.914286
    """
    return 1 - 3 / (4 * df - 1)


def _bca(
    value: float, drawn: np.ndarray, left: np.ndarray, confidence: float
) -> tuple[float, float]:
    drawn, left = drawn[np.isfinite(drawn)], left[np.isfinite(left)]
    if not len(drawn) or not len(left):
        return np.nan, np.nan
    below = ((drawn < value).mean() + (drawn <= value).mean()) / 2
    apart = left.mean() - left
    spread = (apart**2).sum() ** 1.5
    skew = (apart**3).sum() / (6 * spread) if spread > 0 else 0.0
    edge = 0.5 / len(drawn)
    start = stats.norm.ppf(np.clip(below, edge, 1 - edge))
    moved = start + stats.norm.ppf([(1 - confidence) / 2, (1 + confidence) / 2])
    low, high = np.quantile(drawn, stats.norm.cdf(start + moved / (1 - skew * moved)))
    return float(low), float(high)
