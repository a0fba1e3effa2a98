"""Intervals that are right for small units, counted almost whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, special

from cakra_analysis.needs.leniency import ROUNDING
from cakra_analysis.needs.raters import PERCEPTION


def moderate_variances(variances: np.ndarray, degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw the variances of small groups towards the typical variance of all groups.

    A unit of four gives a variance on three degrees of freedom, which is hardly known. All units
    together tell how large variances usually are and how much they differ; each unit's variance
    becomes a weighted mean of its own and the typical one, and gains degrees of freedom.

    Parameters
    ----------
    variances : ndarray, shape (groups,)
        Sample variances; NaN for a group of one.
    degrees : ndarray, shape (groups,)
        Their degrees of freedom, n - 1.

    Returns
    -------
    tuple of ndarray
        Moderated variances and their degrees of freedom (infinite where the groups do not differ).
        With fewer than two groups of two or more, the variances come back as they are.

    Notes
    -----
    s~^2 = (d0 s0^2 + d s^2) / (d0 + d), t with d0 + d degrees of freedom. d0 and s0^2 are fitted
    by moments of log s^2: Smyth (2004), Stat. Appl. Genet. Mol. Biol. 3(1) art. 3, sec. 6.2. A
    variance of zero (everybody alike) would make the logarithm fail and is raised to a tenth of
    the median for the fit. Pinned by ``tests/test_needs_intervals.py``.

    Examples
    --------
    >>> s2, df = moderate_variances(np.array([0.2, 1.0, 0.6, 0.4]), np.array([3, 3, 30, 60]))
    >>> bool(s2[0] > 0.2 and s2[1] < 1.0)
    True
    """
    usable = (degrees > 0) & np.isfinite(variances)
    if usable.sum() < 2 or not (variances[usable] > 0).any():
        return variances, degrees.astype(float)
    own, d = variances[usable], degrees[usable].astype(float)
    floor = 0.1 * np.median(own[own > 0])
    e = np.log(np.maximum(own, floor)) - special.digamma(d / 2) + np.log(d / 2)
    # Large groups know their variance best, so they count for more in the typical one.
    weight = 1 / special.polygamma(1, d / 2)
    mean = np.average(e, weights=weight)
    scatter = (e - mean) ** 2 - special.polygamma(1, d / 2) * (1 - weight / weight.sum())
    excess = float(np.average(scatter, weights=weight))
    prior_df = _inverse_trigamma(excess) * 2 if excess > 1e-6 else np.inf
    if not np.isfinite(prior_df):
        typical = np.average(own, weights=d)
        return np.full(len(variances), typical), np.full(len(variances), d.sum())
    typical = np.exp(mean + special.digamma(prior_df / 2) - np.log(prior_df / 2))
    filled = np.where(usable, variances, 0.0)
    weight_own = np.where(usable, degrees, 0)
    return (
        (prior_df * typical + weight_own * filled) / (prior_df + weight_own),
        np.minimum(prior_df + weight_own, d.sum()),
    )


def _inverse_trigamma(value: float) -> float:
    """Solve trigamma(x) = value."""
    return float(optimize.brentq(lambda x: special.polygamma(1, x) - value, 1e-6, 1e8))


def moderate_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Moderate the variances of units, competency by competency.

    Parameters
    ----------
    cells : DataFrame
        One row a unit and competency, indexed by both (competency_id is the second level): ``n``
        and ``variance``.

    Returns
    -------
    DataFrame
        Same index: ``variance`` and ``df`` of ``moderate_variances``.
    """
    parts = []
    for _, rows in cells.groupby(level="competency_id", observed=True):
        n = rows["n"].to_numpy(dtype=float)
        variance, df = moderate_variances(rows["variance"].to_numpy(dtype=float), n - 1)
        parts.append(pd.DataFrame({"variance": variance, "df": df}, index=rows.index))
    return pd.concat(parts).reindex(cells.index)


def estimate_variance(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the variance of each unit's mean around the mean of the whole unit without noise.

    Parameters
    ----------
    cells : DataFrame
        One row a unit and competency, indexed by both (competency_id is the second level): ``n``,
        ``people`` (NaN = not known), ``variance`` of the people's values, ``noise`` (mean noise
        variance; NaN = not known) and ``noise_df``.

    Returns
    -------
    DataFrame
        Same index: ``mean_variance`` and its degrees of freedom ``df``.

    Notes
    -----
    V = S_g^2 (1 - n/N) / n + noise / n with S_g^2 = max(s~^2 - noise, 0). s~^2 is at least the
    variance of rounding to whole levels, so people who are all alike are no certainty. Whom we did
    not ask matters less the more of the unit we asked, and not at all when we asked everybody;
    rating noise stays. Where the noise is not known nothing is taken off, which errs on the wide
    side. Finite population: Cochran (1977), Sampling Techniques, sec. 2.6; degrees of freedom:
    Satterthwaite (1946).
    """
    n = cells["n"].to_numpy(dtype=float)
    moderated = moderate_cells(cells)
    s2 = np.maximum(moderated["variance"].to_numpy(), ROUNDING)
    df = moderated["df"].to_numpy()
    people = cells["people"].to_numpy(dtype=float)
    noise = cells["noise"].to_numpy(dtype=float)
    asked = np.where(np.isnan(people) | np.isnan(noise), 0.0, n / people)
    noise = np.where(np.isnan(noise), 0.0, noise)
    between = np.maximum(s2 - noise, 0.0) * (1 - np.clip(asked, 0, 1)) / n
    own = noise / n
    total = between + own
    with np.errstate(divide="ignore", invalid="ignore"):
        known = own**2 / np.nan_to_num(cells["noise_df"].to_numpy(dtype=float), nan=np.inf)
        degrees = total**2 / (between**2 / df + known)
    return pd.DataFrame({"mean_variance": total, "df": degrees}, index=cells.index)


def add_anchor(table: pd.DataFrame, gaps_by_person: pd.DataFrame) -> pd.DataFrame:
    """Add to each unit's variance the error that the anchor brings to everybody alike.

    Parameters
    ----------
    table : DataFrame
        One row a unit and competency, indexed by both: mean_variance, df, need_variance, and
        ``slope``, how much need_share rises for each level that all gaps rise.
    gaps_by_person : DataFrame
        From ``score_person_gaps``: competency_id, basis, anchor_variance; without them nobody was
        assessed.

    Returns
    -------
    DataFrame
        Same rows: mean_variance, df and need_variance with the anchor's error; basis,
        anchor_variance.

    Notes
    -----
    mean_variance + a and need_variance + slope^2 a, whatever the unit's size: a shift of all does
    not average out. a is known well enough (``leniency.trace_anchor``), so Satterthwaite's degrees
    of freedom rise by ((mean_variance + a) / mean_variance)^2.
    """
    if "basis" not in gaps_by_person:
        return table.assign(basis=PERCEPTION, anchor_variance=0.0)
    columns = ["basis", "anchor_variance"]
    common = gaps_by_person.groupby("competency_id", observed=True)[columns].first()
    table = table.join(common, on="competency_id", validate="many_to_one")
    total = table["mean_variance"] + table["anchor_variance"]
    share = (table["mean_variance"] / total).where(total > 0, 1.0)
    return table.assign(
        mean_variance=total,
        df=table["df"] / share**2,
        need_variance=table["need_variance"] + table["slope"] ** 2 * table["anchor_variance"],
    )
