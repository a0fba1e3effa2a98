"""Orders with ties, and how far two orders agree."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError

TOLERANCE = 1e-9


def rank_values(values: np.ndarray, *, tolerance: float = TOLERANCE) -> np.ndarray:
    """Return ranks, 1 for the largest; what differs by no more than the tolerance is a tie.

    Parameters
    ----------
    values : ndarray, shape (items,)
        NaN = no value.
    tolerance : float
        In the unit of the values; binary rounding must not decide an order.

    Returns
    -------
    ndarray of float, shape (items,)
        Mean ranks; NaN where there is no value.

    Examples
    --------
    >>> rank_values(np.array([0.1 + 0.2, 0.3, 2.0, np.nan])).tolist()
    [2.5, 2.5, 1.0, nan]
    """
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(-values[known], kind="stable")]
    tie = np.cumsum(np.append(0, -np.diff(values[order]) > tolerance)) if len(order) else order
    places = pd.Series(np.arange(1.0, len(order) + 1)).groupby(tie).transform("mean")
    ranks = np.full(len(values), np.nan)
    ranks[order] = places
    return ranks


def share_on_top(scores: np.ndarray, top: int) -> np.ndarray:
    """Return how often each item is among the first.

    Parameters
    ----------
    scores : ndarray, shape (trials, items)
        Largest first.
    top : int
        How many are "the first".

    Returns
    -------
    ndarray of float, shape (items,)
        0-1; they add up to ``top``, since a tie at the limit is shared out.

    Examples
    --------
    >>> share_on_top(np.array([[3.0, 2.0, 2.0], [3.0, 1.0, 2.0]]), 2).tolist()
    [1.0, 0.25, 0.75]
    """
    top = min(top, scores.shape[1])
    limit = np.sort(scores, axis=1)[:, [-top]]
    above = scores > limit + TOLERANCE
    tied = ~above & (scores >= limit - TOLERANCE)
    left = top - above.sum(axis=1, keepdims=True)
    return (above + tied * left / tied.sum(axis=1, keepdims=True)).mean(axis=0)


def compare_scores(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return how far the orders of several scores agree, two by two.

    Parameters
    ----------
    *tables : DataFrame
        Two or more score tables: competency_id, ``rank``, ``method``.

    Returns
    -------
    DataFrame
        One row a pair of methods, in the order given: ``method_a``, ``method_b``, ``value``
        (Spearman's rho, -1 to 1; missing with fewer than three competencies or where all are
        tied), ``n`` (competencies that both rank), ``method``.

    Raises
    ------
    AnalysisError
        When fewer than two tables are given.

    Notes
    -----
    Pearson's correlation of mean ranks, so ties are right; ranks anew over the competencies that
    both rank. The competencies are no sample, so there is no interval. Spearman (1904), Am. J.
    Psychology 15, 72-101. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> one = pd.DataFrame({"competency_id": list("ABC"), "rank": [1.0, 2.0, 3.0], "method": "x"})
    >>> two = pd.DataFrame({"competency_id": list("BAC"), "rank": [1.0, 2.0, 3.0], "method": "y"})
    >>> compare_scores(one, two)["value"].round(3).tolist()
    [0.5]
    """
    if len(tables) < 2:
        raise AnalysisError("Two or more score tables are needed to compare them.")
    rows = []
    for one, two in itertools.combinations(tables, 2):
        both = one.merge(two, on="competency_id", suffixes=("_a", "_b"), validate="one_to_one")
        both = both.dropna(subset=["rank_a", "rank_b"])
        a, b = (rank_values(-both[side].to_numpy(dtype=float)) for side in ("rank_a", "rank_b"))
        known = len(both) >= 3 and np.ptp(a) > 0 and np.ptp(b) > 0
        rho = float(np.corrcoef(a, b)[0, 1]) if known else np.nan
        names = (table["method"].iloc[0] if len(table) else "" for table in (one, two))
        rows.append((*names, rho, len(both), "Spearman's rho"))
    return pd.DataFrame(rows, columns=["method_a", "method_b", "value", "n", "method"])
