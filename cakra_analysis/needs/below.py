"""Which of hundreds of cells may be called below standard."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.needs.labels import gap_style

HALF = 0.5  # a need that fewer state is no need of all


def adjust_below(gaps: pd.DataFrame, *, rate: float = 0.05) -> pd.DataFrame:
    """Mark the units and competencies below standard so that few of the marks are false.

    Parameters
    ----------
    gaps : DataFrame
        From ``score_gaps``: value, low, high, level, and ``df`` where it is known. All cells of
        one family together: what a reader will look over, not page by page.
    rate : float
        Largest expected share of false marks among the marks, 0-1.

    Returns
    -------
    DataFrame
        ``gaps`` with ``p_value`` (one-sided, against a gap of 0 or less; missing where there is no
        interval) and ``below`` (False where it cannot be told); ``category``, where it is there, is
        ``unclear`` for a mean above 0 that is not marked.

    Notes
    -----
    z = value / standard error, the error taken from the interval; t with ``df``, else normal.
    Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289-300, sec. 3.1: the i-th smallest of
    m p-values against i rate / m. Controlled is the false discovery rate, the expected share of
    false marks among the marks, for cells that are independent or positively dependent, as a unit
    and the units below it are; *not* the chance of one false mark anywhere, and not the share in
    any one unit. Pinned by ``tests/test_needs_ranks.py`` and ``benchmarks/ranks.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"value": [1.0, 0.3, 0.3], "low": [0.6, 0.0, -0.1],
    ...                      "high": [1.4, 0.6, 0.7], "level": 0.95})
    >>> adjust_below(gaps)["below"].tolist()
    [True, True, False]
    """
    df = gaps["df"] if "df" in gaps else pd.Series(np.inf, index=gaps.index)
    error = (gaps["high"] - gaps["low"]) / 2 / stats.t.ppf((1 + gaps["level"]) / 2, df)
    # Without any spread the sign decides.
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(error > 0, gaps["value"] / error, np.where(gaps["value"] > 0, np.inf, 0))
    p = np.where(error.isna(), np.nan, stats.t.sf(ratio, df))
    known = np.sort(p[~np.isnan(p)])
    passed = np.flatnonzero(known <= rate * np.arange(1, len(known) + 1) / max(len(known), 1))
    limit = known[passed[-1]] if len(passed) else -1.0
    found = gaps.assign(p_value=p, below=p <= limit)
    if "category" in found:  # a size that may be none is not called one
        doubtful = (found["value"] > 0) & ~found["below"]
        found["category"] = found["category"].mask(doubtful, "unclear")
    return found


def mark_needs(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows stand for a need beyond doubt.

    Parameters
    ----------
    rows : DataFrame
        Rows of a ``score_gaps`` table that have a value.

    Returns
    -------
    Series of bool
        Below standard: marked by ``adjust_below``, else by the interval. A stated need: half or
        more of those who answered state it.
    """
    if len(rows) and gap_style(rows["gap_definition"].iloc[0]) == "need":
        return rows["need_share"] >= HALF
    return rows["below"].astype(bool) if "below" in rows else rows["low"] > 0
