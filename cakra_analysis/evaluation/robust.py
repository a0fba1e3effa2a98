"""Least squares with errors that are right for few clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

TINY = 1e-9


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of a regression.

    Attributes
    ----------
    value, error : float
        Estimate and its standard error, in the unit of the outcome; NaN where not estimable.
    df : float
        Degrees of freedom of its t distribution.
    clusters : int
        Number of clusters.
    """

    value: float
    error: float
    df: float
    clusters: int

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the ends of the t interval."""
        half = float(stats.t.ppf((1 + confidence) / 2, self.df)) * self.error
        return self.value - half, self.value + half

    @property
    def p(self) -> float:
        """Two-sided p-value of no effect."""
        return float(2 * stats.t.sf(abs(self.value) / self.error, self.df))


def fit_clustered(
    outcome: np.ndarray,
    columns: np.ndarray,
    cluster: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    place: int = 1,
) -> Coefficient:
    """Return one coefficient of a (weighted) least-squares fit with its cluster-robust error.

    Parameters
    ----------
    outcome : ndarray of float, shape (people,)
        What is explained.
    columns : ndarray of float, shape (people, coefficients)
        The constant first; columns that say the same twice are allowed.
    cluster : ndarray, shape (people,)
        Who belongs together; a code of one's own = independent of everybody.
    weights : ndarray of float, shape (people,), optional
        Not negative.
    place : int
        Which column's coefficient.

    Returns
    -------
    Coefficient
        With Bell and McCaffrey's error (CR2) and degrees of freedom, both under equal and
        independent errors as the working model.

    Notes
    -----
    V = M (sum_g X_g' A_g e_g e_g' A_g X_g) M, M = (X'X)^-1, A_g = (I - H_gg)^(-1/2); rows times the
    square root of the weight first. df = (tr G)^2 / tr(G^2), G_gh = z_g' (I - H)_gh z_h, z_g = A_g
    X_g M c. With every person a cluster this is HC2. Bell & McCaffrey (2002), Survey Methodology
    28, 169-181; Pustejovsky & Tipton (2018), JBES 36, 672-683. Pinned by
    ``tests/test_evaluation_robust.py`` (the numbers of R's estimatr).

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 3.0, 5.0])
    >>> x = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    >>> found = fit_clustered(y, x, np.arange(4))
    >>> found.value, round(found.error, 4), round(found.df, 4)
    (2.5, 1.118, 2.0)
    """
    root = np.sqrt(np.ones(len(outcome)) if weights is None else weights)
    y, x = outcome * root, columns * root[:, None]
    bread = np.linalg.pinv(x.T @ x, hermitian=True, rcond=1e-12)
    beta = bread @ (x.T @ y)
    residual = y - x @ beta
    direction = bread[:, place]
    codes, groups = pd.factorize(cluster)
    pulled = _pull(x, bread, x @ direction, codes, len(groups))
    score = np.bincount(codes, pulled * residual, len(groups))
    own = np.bincount(codes, pulled**2, len(groups))
    seen = np.column_stack([np.bincount(codes, pulled * c, len(groups)) for c in x.T])
    across = seen @ bread
    overlap = (across * seen).sum(axis=1)
    trace = (own - overlap).sum()
    inner = seen.T @ across
    square = (own**2).sum() - 2 * (own * overlap).sum() + (inner * inner.T).sum()
    error = float(np.sqrt((score**2).sum()))
    if len(groups) < 3 or trace < TINY or square < TINY**2 or error == 0:
        return Coefficient(float(beta[place]), np.nan, np.nan, len(groups))
    return Coefficient(float(beta[place]), error, float(trace**2 / square), len(groups))


def _pull(
    x: np.ndarray, bread: np.ndarray, along: np.ndarray, codes: np.ndarray, count: int
) -> np.ndarray:
    """A_g X_g M c of every row; a cluster that its own column explains wholly weighs nothing."""
    hat = np.einsum("ij,jk,ik->i", x, bread, x)
    sizes = np.bincount(codes, minlength=count)
    single = sizes[codes] == 1
    room = np.clip(1 - hat, 0, None)
    pulled = np.where(single & (room > TINY), along / np.sqrt(np.maximum(room, TINY)), 0.0)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(sizes)
    for group in np.flatnonzero(sizes > 1):
        rows = order[ends[group] - sizes[group] : ends[group]]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - x[rows] @ bread @ x[rows].T)
        scale = np.where(values > TINY, 1 / np.sqrt(np.maximum(values, TINY)), 0.0)
        pulled[rows] = vectors @ (scale * (vectors.T @ along[rows]))
    return pulled
