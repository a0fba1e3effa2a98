"""What the gaps of units picked for being large fall by without anybody doing anything."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def read_variance(gaps: pd.DataFrame) -> pd.Series:
    """Return the sampling variance behind each mean gap, read off its interval.

    Parameters
    ----------
    gaps : DataFrame
        low, high, level, and ``df`` (missing = a normal interval).

    Returns
    -------
    Series
        Squared levels; missing where there is no interval.

    Examples
    --------
    >>> gap = pd.DataFrame({"low": [0.02], "high": [0.98], "level": [0.95]})
    >>> read_variance(gap).round(3).tolist()
    [0.06]
    """
    df = gaps["df"] if "df" in gaps else pd.Series(np.inf, index=gaps.index)
    half = stats.t.ppf((1 + gaps["level"].astype(float)) / 2, df.fillna(np.inf).astype(float))
    return ((gaps["high"] - gaps["low"]) / 2 / half) ** 2


def expect_regression(cells: pd.DataFrame) -> pd.DataFrame:
    """Return how far each cell's gap is expected to fall back towards the mean of its competency.

    Parameters
    ----------
    cells : DataFrame
        One row a unit and competency: competency_id, ``before`` (mean gap, levels) and
        ``variance`` (its sampling variance).

    Returns
    -------
    DataFrame
        The same rows with ``middle`` (mean of the competency's cells), ``spread`` (variance between
        cells that is no noise, squared levels, the same for all), ``reliability`` (0-1) and
        ``regression`` (expected fall, levels; positive for a cell above its middle).

    Notes
    -----
    regression = (1 - reliability) (before - middle), reliability = spread / (spread + variance),
    spread = variance of the cells within their competencies less the mean sampling variance, not
    below 0. It is what to expect of a cell that was picked *because* it was large; of cells picked
    for another reason it says nothing. Davis (1976), American J. Epidemiology 104, 493-498;
    Barnett, van der Pols & Dobson (2005), International J. Epidemiology 34, 215-220. Pinned by
    ``tests/test_improvement_actions.py``; by hand in ``docs/methods.md``.

    Examples
    --------
    >>> cells = pd.DataFrame({"competency_id": "M.1", "before": [1.1, 0.5, 0.2], "variance": 0.05})
    >>> expect_regression(cells)[["reliability", "regression"]].round(3).values.tolist()
    [[0.762, 0.119], [0.762, -0.024], [0.762, -0.095]]
    """
    of_item = cells.groupby("competency_id", observed=True)["before"]
    middle = of_item.transform("mean")
    free = len(cells) - of_item.ngroups
    total = ((cells["before"] - middle) ** 2).sum() / free if free > 0 else 0.0
    spread = max(total - cells["variance"].mean(), 0.0)
    whole = spread + cells["variance"]
    # A cell without any noise is what it is, whatever the others do.
    reliability = (spread / whole.where(whole > 0)).fillna(1.0)
    return cells.assign(
        middle=middle,
        spread=spread,
        reliability=reliability,
        regression=(1 - reliability) * (cells["before"] - middle),
    )
