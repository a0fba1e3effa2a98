"""Several sources rate one person: combine them by declared weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError

CELL = ["staff_id", "competency_id"]


def combine_ratings(
    ratings: pd.DataFrame, *, weights: Mapping[str, float], value: str = "level"
) -> pd.DataFrame:
    """Combine the sources' ratings of each person and competency into one level.

    The weighted mean over the sources that answered. A source that is missing would shift the mean
    where sources differ in leniency, so each rating is first moved by its source's mean
    difference to the full mix, estimated per competency from the people whom several sources rated.
    The mean of everybody is not moved: leniency that all sources share stays in the number.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; columns staff_id, competency_id, source and ``value`` (0-5, missing = not
        answered). One cycle only: a person is rated once by a rater.
    weights : mapping of str to float
        Weight of each source; a source with weight 0 or without a weight is left out.
    value : str
        Column to combine, ``level`` or ``need``.

    Returns
    -------
    DataFrame
        One row a person and competency, sorted by both: ``observed`` (0-5), ``n_ratings``,
        ``n_sources``, ``noise_variance`` (variance of ``observed`` that rating noise alone causes,
        in squared levels; missing where nobody had two sources).

    Raises
    ------
    AnalysisError
        When no rating is left.

    Notes
    -----
    y_is = cell_i + leniency_s + e_is, fitted per competency by least squares over cells i and
    sources s; observed_i = sum_s w_s (y_is - leniency_s) / sum_s w_s, with the leniencies centred
    so that their weighted mean is zero. The number is *not* an assessed level where only
    perceptions were collected. Additive two-way model: Searle, Casella & McCulloch (1992),
    Variance Components, ch. 5. Pinned by ``tests/test_needs_gaps.py``.

    Examples
    --------
    >>> rows = [("A", "M.1", "self", 4), ("A", "M.1", "supervisor", 3)]
    >>> rows += [("B", "M.1", "self", 3), ("B", "M.1", "supervisor", 2)]
    >>> frame = pd.DataFrame(rows, columns=["staff_id", "competency_id", "source", "level"])
    >>> combine_ratings(frame, weights={"self": 1, "supervisor": 1})["observed"].tolist()
    [3.5, 2.5]
    """
    used = {source: w for source, w in weights.items() if w > 0}
    kept = ratings[ratings[value].notna() & ratings["source"].isin(list(used))]
    if kept.empty:
        allowed = f"Sources with a weight are: {', '.join(used)}."
        raise AnalysisError(f'No rating with a "{value}" is left to combine.', allowed=allowed)
    by_source = kept.groupby([*CELL, "source"], observed=True)[value].agg(["mean", "size"])
    parts = []
    for competency, rows in by_source.groupby(level="competency_id", observed=True):
        wide = rows["mean"].unstack("source")
        counts = rows["size"].unstack("source").fillna(0)
        parts.append(_combine(wide, counts, np.array([used[s] for s in wide.columns])))
        parts[-1]["competency_id"] = competency
    combined = pd.concat(parts).reset_index(level="competency_id", drop=True).reset_index()
    columns = [*CELL, "observed", "n_ratings", "n_sources", "noise_variance"]
    return combined[columns].sort_values(CELL, ignore_index=True)


def list_sources(ratings: pd.DataFrame, weights: Mapping[str, float]) -> list[str]:
    """Return the sources that rated and have a weight, in the order of the weights.

    Parameters
    ----------
    ratings : DataFrame
        One cycle: source.
    weights : mapping of str to float
        Weight of each source.

    Returns
    -------
    list of str
        Names of sources.

    Examples
    --------
    >>> list_sources(pd.DataFrame({"source": ["peer", "self"]}), {"self": 1, "peer": 1, "other": 1})
    ['self', 'peer']
    """
    rated = set(ratings["source"])
    return [source for source, weight in weights.items() if weight > 0 and source in rated]


def combine_sides(
    ratings: pd.DataFrame,
    standards: pd.DataFrame,
    *,
    definition: str,
    weights: Mapping[str, float],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two sides of a gap by its definition, for ``score_person_gaps``.

    Parameters
    ----------
    ratings : DataFrame
        One cycle: staff_id, competency_id, source, level, and need where the definition reads it
        (a stated need, or an importance).
    standards : DataFrame
        position_id, competency_id, required_level.
    definition : str
        One of ``gaps.DEFINITIONS``.
    weights : mapping of str to float
        Weight of each source.

    Returns
    -------
    tuple of DataFrame
        Observed side and wanted side.

    Raises
    ------
    AnalysisError
        When the ratings lack what the definition reads.
    """
    reads = {"standard minus observed": "level", "stated need": "need"}.get(definition)
    if reads != "level" and "need" not in ratings:
        raise AnalysisError(
            f'The gap is defined as "{definition}", but the ratings have no column "need".',
            do="Add the column, or change gap_definition in the table about.",
        )
    if reads:
        return combine_ratings(ratings, weights=weights, value=reads), standards
    return (
        combine_ratings(ratings, weights=weights),
        combine_ratings(ratings, weights=weights, value="need"),
    )


def _combine(wide: pd.DataFrame, counts: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """One competency: ``wide`` and ``counts`` have a row a person and a column a source."""
    levels, present = wide.to_numpy(dtype=float), wide.notna().to_numpy()
    leniency, variance = fit_leniency(levels, counts.to_numpy(dtype=float), weights)
    share = np.where(present, weights, 0.0)
    share /= share.sum(axis=1, keepdims=True)
    raters = np.maximum(counts.to_numpy(dtype=float), 1)
    return pd.DataFrame(
        {
            "observed": np.nansum(share * (levels - leniency), axis=1),
            "n_ratings": counts.sum(axis=1).astype(int).to_numpy(),
            "n_sources": present.sum(axis=1),
            "noise_variance": (share**2 / raters) @ variance,
        },
        index=wide.index,
    )


def fit_leniency(
    levels: np.ndarray, raters: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the additive model of people and sources.

    Parameters
    ----------
    levels : ndarray, shape (people, sources)
        Mean level by source; NaN where a source did not answer.
    raters : ndarray, shape (people, sources)
        Number of raters behind each mean.
    weights : ndarray, shape (sources,)
        Declared weights; the weighted mean of the leniencies is zero.

    Returns
    -------
    tuple of ndarray, each of shape (sources,)
        Leniency in levels (0 where it cannot be told), and the variance of a single rating around
        people and sources (NaN where no two people have two sources).

    Notes
    -----
    With k_i sources, a residual has the mean square v_s (1 - 2/k_i) + sum_t v_t / k_i^2, each v
    divided by its number of raters; summed over people this is a small linear system for v. Where
    it does not tell the sources apart (two sources only), they share the variance equally.
    """
    present = ~np.isnan(levels)
    several = present.sum(axis=1) >= 2
    if several.sum() < 2:
        return np.zeros(levels.shape[1]), np.full(levels.shape[1], np.nan)
    mask, y = present[several].astype(float), np.nan_to_num(levels[several])
    size = mask.sum(axis=1, keepdims=True)
    centred = (y - y.sum(axis=1, keepdims=True) / size) * mask
    normal = np.diag(mask.sum(axis=0)) - (mask / size).T @ mask
    leniency = np.linalg.pinv(normal) @ centred.sum(axis=0)
    rest = (centred - (leniency - (mask @ leniency)[:, None] / size)) * mask
    single = mask / np.maximum(raters[several], 1)
    system = np.diag((single * (1 - 2 / size)).sum(axis=0)) + (mask / size**2).T @ single
    squares = (rest**2).sum(axis=0) * len(rest) / (len(rest) - 1)
    variance = np.linalg.lstsq(system, squares, rcond=1e-9)[0]
    return leniency - np.average(leniency, weights=weights), np.maximum(variance, 0.0)
