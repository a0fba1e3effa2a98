"""Which of hundreds of changes may be called one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

BETTER, WORSE, UNCLEAR = "better", "worse", "unclear"


def judge_changes(trend: pd.DataFrame, *, rate: float = 0.05) -> pd.DataFrame:
    """Tell which changes on the same people are beyond doubt, so that few of the marks are false.

    Parameters
    ----------
    trend : DataFrame
        From ``score_trend`` or ``score_same_units``: period, value, low, high, level, n; all units
        and competencies that a reader will look over.
    rate : float
        Largest expected share of false marks among the marks of one period, 0-1.

    Returns
    -------
    DataFrame
        Same rows and order, with ``p_value`` (two-sided; missing where there is no interval) and
        ``verdict``: ``better`` (the gap fell), ``worse``, ``unclear``; missing where there is no
        figure.

    Notes
    -----
    z = value / standard error, the error taken from the interval; Benjamini & Hochberg (1995) by
    period, as for the needs, and the sign then tells the direction: Benjamini & Yekutieli (2005),
    JASA 100, 71-81. A change is also *not* called one where its own interval holds zero. Pinned by
    ``tests/test_improvement_trend.py``.

    Examples
    --------
    >>> trend = pd.DataFrame({"period": "2025-2026", "value": [-0.4, -0.2, 0.5], "level": 0.95,
    ...                       "low": [-0.6, -0.4, 0.3], "high": [-0.2, 0.0, 0.7], "n": 40})
    >>> judge_changes(trend)["verdict"].tolist()
    ['better', 'unclear', 'worse']
    """
    df = (trend["n"] - 1).clip(lower=1)
    error = (trend["high"] - trend["low"]) / 2 / stats.t.ppf((1 + trend["level"]) / 2, df)
    known = error > 0
    p = pd.Series(2 * stats.t.sf(abs(trend["value"]) / error.where(known), df), index=trend.index)
    adjusted = p.copy()
    for _, mine in p[known].groupby(trend.loc[known, "period"]):
        adjusted[mine.index] = stats.false_discovery_control(mine, method="bh")
    sure = (adjusted <= rate) & ((trend["low"] > 0) | (trend["high"] < 0))
    side = np.where(trend["value"] < 0, BETTER, WORSE)
    verdict = pd.Series(np.where(sure, side, UNCLEAR), index=trend.index, dtype="object")
    return trend.assign(p_value=p, verdict=verdict.where(trend["value"].notna()))
