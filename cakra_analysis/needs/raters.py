"""Several sources rate one person: combine them by declared weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.contracts import STANDARD, STATED
from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.leniency import fit_leniency

CELL = ["staff_id", "competency_id"]


def combine_ratings(
    ratings: pd.DataFrame, *, weights: Mapping[str, float], value: str = "level"
) -> pd.DataFrame:
    """Combine the sources' ratings of each person and competency into one level.

    The weighted mean over the sources that answered. A source that is missing would shift the mean
    where sources differ in leniency, so each rating is first moved by its source's mean
    difference to the usual mix (the sources that at least half of the people have), estimated per
    competency from the people whom several sources rated. Somebody whom the usual sources rated is
    not moved; leniency that all sources share stays in the number.

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
        in squared levels; missing where nobody had two sources), ``noise_df`` (its degrees of
        freedom).

    Raises
    ------
    AnalysisError
        When no rating is left.

    Notes
    -----
    y_is = cell_i + leniency_s + e_is, fitted per competency by least squares over cells i and
    sources s; observed_i = sum_s w_s (y_is - leniency_s) / sum_s w_s, with the leniencies centred
    so that their weighted mean over the usual sources is zero. The number is *not* an assessed
    level where only perceptions were collected. Additive two-way model: Searle, Casella & McCulloch
    (1992), Variance Components, ch. 5. Pinned by ``tests/test_needs_raters.py``.

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
    columns = [*CELL, "observed", "n_ratings", "n_sources", "noise_variance", "noise_df"]
    return combined[columns].sort_values(CELL, ignore_index=True)


def list_weights(ratings: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of the sources that rated, in their order.

    Parameters
    ----------
    ratings : DataFrame
        One cycle: source.
    weights : mapping of str to float
        Weight of each source.

    Returns
    -------
    dict of str to float
        Without the sources that did not rate and those with weight 0.

    Examples
    --------
    >>> list_weights(pd.DataFrame({"source": ["peer", "self"]}), {"self": 1, "peer": 2, "other": 1})
    {'self': 1, 'peer': 2}
    """
    rated = set(ratings["source"])
    return {source: w for source, w in weights.items() if w > 0 and source in rated}


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
        One of ``contracts.DEFINITIONS``.
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
    reads = {STANDARD: "level", STATED: "need"}.get(definition)
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
    raters = np.maximum(counts.to_numpy(dtype=float), 1)
    leniency, variance, df = fit_leniency(levels, raters, weights)
    share = np.where(present, weights, 0.0)
    share /= share.sum(axis=1, keepdims=True)
    return pd.DataFrame(
        {
            "observed": np.nansum(share * (levels - leniency), axis=1),
            "n_ratings": counts.sum(axis=1).astype(int).to_numpy(),
            "n_sources": present.sum(axis=1),
            "noise_variance": (share**2 / raters) @ variance,
            "noise_df": df,
        },
        index=wide.index,
    )
