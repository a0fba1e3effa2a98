"""From published rows: their pooled mean, and whether the highest and lowest differ at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

MOST_COMPARED = 100  # beyond that the studentised range hardly grows and is slow to compute


def standard_errors(table: pd.DataFrame) -> pd.Series:
    """Return the standard errors behind intervals, few degrees of freedom counting as larger ones.

    Parameters
    ----------
    table : DataFrame
        low, high, level.

    Returns
    -------
    Series
        In the unit of the figures; missing without an interval.

    Notes
    -----
    (high - low) / (2 z): of a t interval this is a little too large, so conclusions are careful.

    Examples
    --------
    >>> table = pd.DataFrame({"low": [-1.96], "high": [1.96], "level": [0.95]})
    >>> round(standard_errors(table).item(), 3)
    1.0
    """
    z = stats.norm.ppf((1 + table["level"].astype(float)) / 2)
    return (table["high"].astype(float) - table["low"].astype(float)) / (2 * z)


def pool_rows(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return one figure over several courses, each counting by the people behind it.

    Parameters
    ----------
    table : DataFrame
        ``by``, value, low, high, level, n; rows without value are left out, one without an
        interval (all alike) counts as without error.
    by : sequence of str
        Columns that stay.

    Returns
    -------
    DataFrame
        One row a group, sorted: ``by``, ``value``, ``low``, ``high``, ``level``, ``n``.

    Notes
    -----
    value = sum n_c v_c / sum n_c, variance sum (n_c / n)^2 s_c^2: courses count as independent.
    Pinned by ``tests/test_evaluation_reaction.py``.

    Examples
    --------
    >>> table = pd.DataFrame({"g": "A", "value": [1.0, 4.0], "low": [0.5, 3.5], "high": [1.5, 4.5],
    ...                       "level": 0.95, "n": [10, 20]})
    >>> pool_rows(table, ["g"])[["value", "n"]].values.tolist()
    [[3.0, 30.0]]
    """
    keys = list(by)
    rows = table[table["value"].notna()]
    n, error = rows["n"].astype(float), standard_errors(rows).fillna(0.0)
    parts = rows[[*keys, "level"]].assign(
        n=n, total=n * rows["value"].astype(float), square=(n * error) ** 2
    )
    sums = parts.groupby([*keys, "level"], observed=True)[["n", "total", "square"]].sum()
    sums = sums.reset_index()
    half = stats.norm.ppf((1 + sums["level"].astype(float)) / 2) * np.sqrt(sums["square"])
    value, half = sums["total"] / sums["n"], half / sums["n"]
    pooled = sums[keys].assign(value=value, low=value - half, high=value + half)
    return pooled.assign(level=sums["level"], n=sums["n"].astype(int))


def differ(table: pd.DataFrame) -> bool:
    """Return whether the highest of several figures is above the lowest beyond chance.

    Parameters
    ----------
    table : DataFrame
        value, low, high, level; rows without value or interval are left out.

    Returns
    -------
    bool
        False with fewer than two figures.

    Notes
    -----
    Tukey and Kramer's studentised range, q = (max - min) / sqrt((s_max^2 + s_min^2) / 2), which
    allows for having picked the two ends of k figures. Figures of the same people, who answer
    alike, count as independent: careful. Kramer (1956), Biometrics 12, 307-310. Pinned by
    ``tests/test_evaluation_reaction.py``.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [1.0, 4.0], "low": [0.5, 3.5], "high": [1.5, 4.5],
    ...                       "level": 0.95})
    >>> differ(table), differ(table.head(1))
    (True, False)
    """
    rows = table[table["value"].notna() & table["low"].notna()]
    if len(rows) < 2:
        return False
    value, error = rows["value"].astype(float), standard_errors(rows)
    ends = [value.idxmax(), value.idxmin()]
    spread = np.sqrt((error[ends] ** 2).sum() / 2)
    if spread <= 0:
        return bool(value.max() > value.min())
    q = (value.max() - value.min()) / spread
    chance = stats.studentized_range.sf(q, min(len(rows), MOST_COMPARED), np.inf)
    return bool(chance < 1 - rows["level"].iloc[0])
