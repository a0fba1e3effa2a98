"""Intervals of a mean and of a share, given their variance."""

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
