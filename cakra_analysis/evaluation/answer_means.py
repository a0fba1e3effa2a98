"""Means of answers whose intervals respect that people sat in sessions, and how answers spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.intervals import t_interval

STEPS = 5
FEWEST_CLUSTERS = 3
PLAIN, CLUSTERED = "plain t", "clustered t (CR2)"
TOO_FEW, NO_VARIANCE = "too few", "no variance"


def mean_by(
    rows: pd.DataFrame,
    by: Sequence[str],
    column: str,
    *,
    cluster: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean of every group, with an interval for rows that come in clusters.

    Parameters
    ----------
    rows : DataFrame
        One row a form or person: ``by``, ``column`` (not missing), ``cluster``.
    by : sequence of str
        Columns that make a group.
    column : str
        Column to average.
    cluster : str, optional
        Column of the cluster, for instance session_id; without it rows stand alone.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a group, sorted, ``by`` as index: ``value`` (unit of ``column``), ``low``, ``high``,
        ``level``, ``n`` (rows), ``clusters``, ``method``: "clustered t (CR2)" from three clusters
        on, else "plain t" (what sessions have in common is then not allowed for). "too few" (one
        row) and "no variance" (all alike) have no interval.

    Notes
    -----
    V = sum_g S_g^2 / (1 - n_g / n) / n^2, S_g the sum of cluster g's deviations from the mean; t
    with n^2 / (sum n_g^2 + (sum q_g)^2 - sum q_g^2) degrees of freedom, q_g = n_g^2 / (n - n_g):
    the CR2 variance and its Satterthwaite degrees, written out for a mean. With three or four
    clusters it is *not* exact. Bell & McCaffrey (2002), Survey Methodology 28, 169-181. Pinned by
    ``tests/test_evaluation_reaction.py`` against R's estimatr.

    Examples
    --------
    >>> rows = pd.DataFrame({"g": "A", "s": list("xxyyzz"), "y": [1, 2, 3, 3, 5, 4]})
    >>> mean_by(rows, ["g"], "y", cluster="s")[["value", "n", "method"]].values.tolist()
    [[3.0, 6, 'clustered t (CR2)']]
    """
    keys = list(by)
    rows = rows.assign(**{column: rows[column].astype(float)})
    table = rows.groupby(keys, observed=True)[column].agg(value="mean", variance="var", n="size")
    table = table.assign(variance=table["variance"] / table["n"], df=table["n"] - 1.0)
    same = table["variance"] < 1e-12
    table = table.assign(clusters=table["n"], method=PLAIN)
    if cluster is not None:
        own = _cluster_variance(rows, keys, column, cluster, table)
        table["clusters"] = own["clusters"]
        used = (own["clusters"] >= FEWEST_CLUSTERS) & (own["variance"] > 1e-12)
        table.loc[used, ["variance", "df"]] = own.loc[used, ["variance", "df"]]
        table.loc[used, "method"] = CLUSTERED
    low, high = t_interval(table["value"], table["variance"].mask(same), table["df"], confidence)
    method = table["method"].mask(same, NO_VARIANCE).mask(table["n"] < 2, TOO_FEW)
    table = table.assign(low=low, high=high, level=confidence, method=method)
    return table[["value", "low", "high", "level", "n", "clusters", "method"]]


def _cluster_variance(
    rows: pd.DataFrame, keys: list[str], column: str, cluster: str, whole: pd.DataFrame
) -> pd.DataFrame:
    """Variance and degrees of freedom of every group's mean, and its number of clusters."""
    within = list(dict.fromkeys([*keys, cluster]))
    sums = rows.groupby(within, observed=True)[column].agg(["sum", "size"])
    sums = sums.reset_index().join(whole[["value", "n"]], on=keys, validate="many_to_one")
    size, n = sums["size"].astype(float), sums["n"].astype(float)
    off = (sums["sum"] - size * sums["value"]) ** 2
    rest = (n - size).where(n > size)  # missing where there is but one cluster
    pull = size**2 / rest
    parts = sums[keys].assign(
        variance=off / rest / n, squares=size**2, pull=pull, pull2=pull**2, clusters=1
    )
    total = parts.groupby(keys, observed=True).sum()
    df = whole["n"] ** 2 / (total["squares"] + total["pull"] ** 2 - total["pull2"])
    return total[["variance", "clusters"]].assign(df=df)


def spread_levels(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the share of each answer in every group.

    Parameters
    ----------
    rows : DataFrame
        One row an answer: ``by``, level, steps (number of answers of its scale; at most 5).
    by : sequence of str
        Columns that make a group.

    Returns
    -------
    DataFrame
        One row a group, sorted, ``by`` as index: ``share_1`` ... ``share_5`` (0-1),
        ``neutral_share`` (the middle answer; 0 where the scale has none), ``agree_share`` (the two
        highest answers, never the lowest).

    Raises
    ------
    DataError
        When an answer does not stand on its scale.

    Examples
    --------
    >>> rows = pd.DataFrame({"g": "A", "level": [5, 4, 3, 3], "steps": 5})
    >>> spread_levels(rows, ["g"])[["share_5", "neutral_share", "agree_share"]].values.tolist()
    [[0.25, 0.5, 0.5]]
    """
    level, steps = rows["level"].astype(float), rows["steps"].astype(float)
    for own in steps.unique():
        check_levels(level[steps == own], 1, min(STEPS, own))
    shares = {f"share_{k}": (level == k).astype(float) for k in range(1, STEPS + 1)}
    shares["neutral_share"] = (level == (steps + 1) / 2).astype(float)
    shares["agree_share"] = (level > (steps - 2).clip(lower=1)).astype(float)
    spread = rows[list(by)].assign(**shares)
    return spread.groupby(list(by), observed=True)[list(shares)].mean()


def check_levels(level: pd.Series, low: float, high: float) -> None:
    """Refuse answers that do not stand on their scale.

    Parameters
    ----------
    level : Series
        Answers, none missing.
    low, high : float
        Ends of the scale.

    Raises
    ------
    DataError
        When one is outside, or not a whole number.
    """
    wrong = level[~level.between(low, high) | (np.floor(level) != level)]
    if len(wrong):
        raise DataError(
            f"{len(wrong)} answers are not on their scale, for instance {wrong.iloc[0]:g}.",
            allowed=f"Answers are whole numbers from {low:g} to {high:g}.",
            do="Check the column level, and the scale of the question.",
        )
