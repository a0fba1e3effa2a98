"""How lenient each source of ratings is, and how noisy."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

# A rating is a whole level, so even a perfect rater errs by the rounding.
ROUNDING = 1 / 12
# Competencies that tell how much leniency differs between them.
FEWEST = 4


def fit_leniency(
    levels: np.ndarray, raters: np.ndarray, weights: np.ndarray, *, anchor: int | None = None
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
    anchor : int, optional
        Column of the source that counts as neither mild nor strict.

    Returns
    -------
    tuple of ndarray, ndarray and float
        Leniency of each source in levels (0 where it cannot be told), centred so that the anchor's
        is zero, or without one the weighted mean over the sources that at least half of the people
        have; the variance of a single rating around people and sources, at least that of rounding
        (NaN where no two people have two sources); its degrees of freedom.

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
    mask, size, normal = _pattern(levels[several])
    leniency = np.linalg.pinv(normal) @ _deviations(levels[several], 0.0).sum(axis=0)
    rest = _deviations(levels[several], leniency)
    single = mask / raters[several]
    system = np.diag((single * (1 - 2 / size)).sum(axis=0)) + (mask / size**2).T @ single
    df = float(mask.sum() - len(mask) - np.linalg.matrix_rank(normal))
    squares = (rest**2).sum(axis=0) * (mask.sum() - len(mask)) / max(df, 1)
    variance = np.linalg.lstsq(system, squares, rcond=1e-9)[0]
    usual = present.mean(axis=0) >= 0.5
    if anchor is not None:
        usual = np.arange(sources) == anchor
    centre = _centre(leniency, mask, weights * usual, weights)
    return leniency - centre, np.maximum(variance, ROUNDING), max(df, 1.0)


def trace_anchor(
    levels: np.ndarray, leniency: np.ndarray, mix: np.ndarray, anchor: int
) -> np.ndarray:
    """Return what each person adds to the error of bringing a mix of sources to the anchor.

    Parameters
    ----------
    levels : ndarray, shape (people, sources)
        As for ``fit_leniency``.
    leniency : ndarray, shape (sources,)
        Of ``fit_leniency``.
    mix : ndarray, shape (sources,)
        Mean share of each source in the combined level; adds up to 1.
    anchor : int
        Column of the anchor.

    Returns
    -------
    ndarray, shape (people,)
        In levels; the sum of squares is the variance of what everybody is moved by, an error that
        does not average out. Sums of products are covariances between competencies.

    Notes
    -----
    r_i' N^- (mix - anchor), N the normal matrix and r_i a person's residuals: White (1980),
    Econometrica 48, 817-838; halo, and sources that differ more at an end of the scale, are in it.
    Squares times n / (n - 3), n people whom the anchor and others rated: the variance of the t that
    so few people make of it.

    Examples
    --------
    >>> levels = np.array([[4.0, 3.0], [3.0, 2.5], [5.0, 4.0], [2.0, 0.5], [3.0, 2.0]])
    >>> trace = trace_anchor(levels, np.array([1.0, 0.0]), np.array([1.0, 0.0]), 1)
    >>> round(float(trace @ trace), 3)
    0.05
    """
    several = (~np.isnan(levels)).sum(axis=1) >= 2
    shared = levels[several]
    mask, _, normal = _pattern(shared)
    contrast = mix - (np.arange(len(mix)) == anchor)
    n = mask[:, anchor].sum()
    trace = np.zeros(len(levels))
    trace[several] = _deviations(shared, leniency) @ np.linalg.pinv(normal) @ contrast
    return trace * np.sqrt(n / (n - 3) if n > 3 else np.inf)


def moderate_shifts(shifts: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw the competencies' distances to the anchor together, by as much as they differ by chance.

    Parameters
    ----------
    shifts : ndarray, shape (competencies,)
        How far the usual mix lies above the anchor, in levels.
    covariance : ndarray, shape (competencies, competencies)
        Of the shifts.

    Returns
    -------
    tuple of ndarray
        Moderated shifts and their variances; with fewer than four competencies as they are.

    Notes
    -----
    Raters are mild by habit more than by topic, and a few assessed people tell the mean of all
    competencies better than any one. With s^2 the sampling variance of the differences and t^2 that
    of the true ones (by moments): mean + B (d - mean), B = t^2 / (t^2 + s^2), variance
    var(mean) + B s^2 (m - 1) / m + 4 s^4 / (t^2 + s^2) / (m - 1), the last for not knowing t^2:
    Prasad & Rao (1990), JASA 85, 163-171.

    Examples
    --------
    >>> shifts, variances = moderate_shifts(np.array([0.1, 0.2, 0.15, 0.15]), np.eye(4) * 0.01)
    >>> shifts.round(3).tolist()
    [0.15, 0.15, 0.15, 0.15]
    """
    m, own = len(shifts), np.diag(covariance)
    if m < FEWEST:
        return shifts, own
    common = (covariance.sum() - own.sum()) / (m * (m - 1))
    chance = max(float(own.mean() - common), 1e-12)
    true = max(float(np.var(shifts, ddof=1)) - chance, 0.0)
    kept = true / (true + chance)
    variance = covariance.mean() + kept * chance * (m - 1) / m
    variance += 4 * chance**2 / (true + chance) / (m - 1)
    return shifts.mean() + kept * (shifts - shifts.mean()), np.full(m, variance)


def _pattern(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who has which source, how many each has, and the normal matrix of the leniencies."""
    mask = (~np.isnan(levels)).astype(float)
    size = mask.sum(axis=1, keepdims=True)
    return mask, size, np.diag(mask.sum(axis=0)) - (mask / size).T @ mask


def _deviations(levels: np.ndarray, leniency: np.ndarray | float) -> np.ndarray:
    """How far each rating less the leniency lies from the person's mean; 0 where there is none."""
    rest = levels - leniency
    return np.nan_to_num(rest - np.nanmean(rest, axis=1, keepdims=True))


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
