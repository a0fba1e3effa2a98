"""How lenient each source of ratings is, and how noisy."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

# A rating is a whole level, so even a perfect rater errs by the rounding.
ROUNDING = 1 / 12


def fit_leniency(
    levels: np.ndarray, raters: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fit the additive model of people and sources.

    Parameters
    ----------
    levels : ndarray, shape (people, sources)
        Mean level by source; NaN where a source did not answer.
    raters : ndarray, shape (people, sources)
        Number of raters behind each mean.
    weights : ndarray, shape (sources,)
        Declared weights.

    Returns
    -------
    tuple of ndarray, ndarray and float
        Leniency of each source in levels (0 where it cannot be told), centred so that the weighted
        mean over the sources that at least half of the people have is zero; the variance of a
        single rating around people and sources, at least that of rounding (NaN where no two people
        have two sources); its degrees of freedom.

    Notes
    -----
    With k_i sources, a residual has the mean square v_s (1 - 2/k_i) + sum_t v_t / k_i^2, each v
    divided by its number of raters; summed over people this is a small linear system for v. Where
    it does not tell the sources apart (two sources only), they share the variance equally.

    Examples
    --------
    >>> levels = np.array([[4.0, 3.0], [3.0, 2.0], [5.0, 4.0]])
    >>> fit_leniency(levels, np.ones((3, 2)), np.array([1.0, 1.0]))[0].round(6).tolist()
    [0.5, -0.5]
    """
    present = ~np.isnan(levels)
    several = present.sum(axis=1) >= 2
    sources = levels.shape[1]
    if several.sum() < 2:
        return np.zeros(sources), np.full(sources, np.nan), float("nan")
    mask, y = present[several].astype(float), np.nan_to_num(levels[several])
    size = mask.sum(axis=1, keepdims=True)
    centred = (y - y.sum(axis=1, keepdims=True) / size) * mask
    normal = np.diag(mask.sum(axis=0)) - (mask / size).T @ mask
    leniency = np.linalg.pinv(normal) @ centred.sum(axis=0)
    rest = (centred - (leniency - (mask @ leniency)[:, None] / size)) * mask
    single = mask / raters[several]
    system = np.diag((single * (1 - 2 / size)).sum(axis=0)) + (mask / size**2).T @ single
    df = float(mask.sum() - len(mask) - np.linalg.matrix_rank(normal))
    squares = (rest**2).sum(axis=0) * (mask.sum() - len(mask)) / max(df, 1)
    variance = np.linalg.lstsq(system, squares, rcond=1e-9)[0]
    usual = present.mean(axis=0) >= 0.5
    centre = _centre(leniency, mask, weights * usual, weights)
    return leniency - centre, np.maximum(variance, ROUNDING), max(df, 1.0)


def _centre(
    leniency: np.ndarray, mask: np.ndarray, usual: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """What to take off each source: the usual mix of the sources that people link to it."""
    _, group = connected_components(mask.T @ mask > 0, directed=False)
    centre = np.zeros(len(leniency))
    for number in np.unique(group):
        own = group == number
        weight = np.where(own, usual if usual[own].sum() > 0 else weights, 0.0)
        centre[own] = leniency @ weight / weight.sum() if own.sum() > 1 else leniency[own]
    return centre
