"""Intervals of a mean and of a share, given their variance, and of a reliability."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def t_interval(
    value: pd.Series, variance: pd.Series, df: pd.Series, confidence: float
) -> tuple[pd.Series, pd.Series]:
    """Return the ends of value +- t * sqrt(variance).

    Parameters
    ----------
    value, variance, df : Series
        Estimate, its variance and its degrees of freedom.
    confidence : float
        For instance 0.95.

    Returns
    -------
    tuple of Series
        Lower and upper end, in the unit of ``value``.
    """
    half = stats.t.ppf((1 + confidence) / 2, df.clip(lower=1)) * np.sqrt(variance)
    return value - half, value + half


def share_interval(
    share: pd.Series, variance: pd.Series, confidence: float
) -> tuple[pd.Series, pd.Series]:
    """Return the ends of a share's interval.

    Parameters
    ----------
    share : Series
        0-1; a mean of chances, not a count, so it is seldom exactly 0 or 1.
    variance : Series
        Of the share.
    confidence : float
        For instance 0.95.

    Returns
    -------
    tuple of Series
        Lower and upper end, cut off at 0 and 1.
    """
    half = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(variance)
    return (share - half).clip(lower=0.0), (share + half).clip(upper=1.0)


def alpha_interval(items: pd.DataFrame, confidence: float = 0.95) -> tuple[float, float, float]:
    """Return Cronbach's alpha of a form's items and the ends of its interval.

    Parameters
    ----------
    items : DataFrame
        One row a complete form, one column an item; at least two of each.
    confidence : float
        For instance 0.95.

    Returns
    -------
    tuple of float
        alpha, lower and upper end; NaN where the sums do not vary.

    Notes
    -----
    alpha = k / (k - 1) (1 - sum s_j^2 / s_sum^2), ends 1 - (1 - alpha) F(p; n - 1, (n - 1)(k - 1)):
    Feldt (1965), Psychometrika 30, 357-370. Pinned by ``tests/test_needs_reliability.py``.

    Examples
    --------
    >>> alpha_interval(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]}))[0]
    1.0
    """
    n, k = items.shape
    total, parts = items.sum(axis=1).var(), items.var().sum()
    alpha = k / (k - 1) * (1 - parts / total) if total > 1e-12 * parts else np.nan
    tails = [(1 + confidence) / 2, (1 - confidence) / 2]
    low, high = 1 - (1 - alpha) * stats.f.ppf(tails, n - 1, (n - 1) * (k - 1))
    return float(alpha), float(low), float(high)
