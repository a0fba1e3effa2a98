"""Several sources rate one person: combine them by declared weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.contracts import STANDARD, STATED
from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.leniency import fit_leniency, moderate_shifts, trace_anchor

CELL = ["staff_id", "competency_id"]
ASSESSED, PERCEPTION = "assessed", "perception"


def combine_ratings(
    ratings: pd.DataFrame,
    *,
    weights: Mapping[str, float],
    value: str = "level",
    anchor: str | None = "assessor",
    least_anchored: int = 20,
) -> pd.DataFrame:
    """Combine the sources' ratings of each person and competency into one level.

    The weighted mean over the sources that answered. A source that is missing would shift the mean
    where sources differ in leniency, so each rating is first moved by its source's mean
    difference to the anchor, estimated per competency from the people whom several sources rated.
    Where too few were assessed there is no anchor but the usual mix (the sources that at least half
    of the people have): somebody whom the usual sources rated is not moved, and leniency that all
    sources share stays in the number.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; columns staff_id, competency_id, source and ``value`` (0-5, missing = not
        answered). One cycle only: a person is rated once by a rater.
    weights : mapping of str to float
        Weight of each source; a source with weight 0 or without a weight is left out.
    value : str
        Column to combine, ``level`` or ``need``.
    anchor : str, optional
        Source that counts as neither mild nor strict. A ``need`` has none: nobody can assess it.
    least_anchored : int
        Fewest people whom the anchor and another source rated for a competency to be anchored.

    Returns
    -------
    DataFrame
        One row a person and competency, sorted by both: ``observed`` (0-5), ``n_ratings``,
        ``n_sources``, ``noise_variance`` (variance of ``observed`` that rating noise alone causes,
        in squared levels; missing where nobody had two sources), ``noise_df`` (its degrees of
        freedom), ``basis`` (what the level is, by competency: ``assessed``, brought to the anchor,
        or ``perception``), ``anchor_variance`` (squared levels: of an error that the anchor brings
        to everybody alike; 0 for a perception).

    Raises
    ------
    AnalysisError
        When no rating is left.

    Notes
    -----
    y_is = cell_i + leniency_s + e_is, fitted per competency by least squares over cells i and
    sources s; observed_i = sum_s w_s (y_is - leniency_s) / sum_s w_s, with the leniencies centred
    so that the anchor's, or their weighted mean over the usual sources, is zero. A perception is
    *not* an assessed level: how far all sources are off together nobody can tell from it. How far
    the others lie above the anchor is moderated over competencies (``moderate_shifts``). Additive
    two-way model: Searle, Casella & McCulloch (1992), Variance Components, ch. 5.
    Pinned by ``tests/test_needs_raters.py``.

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
        number = None
        if value == "level" and _count_anchored(wide, anchor) >= least_anchored:
            number = list(wide.columns).index(anchor)
        parts.append(_combine(wide, counts, np.array([used[s] for s in wide.columns]), number))
        parts[-1]["competency_id"] = competency
    combined = pd.concat(_settle(parts)).reset_index(level="competency_id", drop=True).reset_index()
    columns = [*CELL, "observed", "n_ratings", "n_sources", "noise_variance", "noise_df"]
    columns += ["basis", "anchor_variance"]
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
    # Both sides come from the same raters; an anchor for one of them would tear them apart.
    return (
        combine_ratings(ratings, weights=weights, anchor=None),
        combine_ratings(ratings, weights=weights, value="need"),
    )


def _count_anchored(wide: pd.DataFrame, anchor: str | None) -> int:
    """People whom the anchor and another source rated; where there is no other source, all."""
    if anchor not in wide:
        return 0
    linked = wide.drop(columns=anchor).notna().any(axis=1) | (wide.shape[1] == 1)
    return int((wide[anchor].notna() & linked).sum())


def _combine(
    wide: pd.DataFrame, counts: pd.DataFrame, weights: np.ndarray, anchor: int | None
) -> pd.DataFrame:
    """One competency; ``wide`` and ``counts`` have a row a person and a column a source."""
    levels, present = wide.to_numpy(dtype=float), wide.notna().to_numpy()
    raters = np.maximum(counts.to_numpy(dtype=float), 1)
    leniency, variance, df = fit_leniency(levels, raters, weights, anchor=anchor)
    share = np.where(present, weights, 0.0)
    share /= share.sum(axis=1, keepdims=True)
    mix = share.mean(axis=0)
    moved, trace = np.zeros(len(levels)), np.zeros(len(levels))
    if anchor is not None and levels.shape[1] > 1:
        moved, trace = 1 - share[:, anchor], trace_anchor(levels, leniency, mix, anchor)
    return pd.DataFrame(
        {
            "observed": np.nansum(share * (levels - leniency), axis=1),
            "n_ratings": counts.sum(axis=1).astype(int).to_numpy(),
            "n_sources": present.sum(axis=1),
            "noise_variance": (share**2 / raters) @ variance,
            "noise_df": df,
            "basis": PERCEPTION if anchor is None else ASSESSED,
            "anchor_variance": 0.0,
            "moved": moved,
            "shift": mix @ leniency,
            "trace": trace,
        },
        index=wide.index,
    )


def _settle(parts: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Moderate the shifts of the anchored competencies, and note how far they may be off."""
    anchored = [i for i, part in enumerate(parts) if (part["moved"] > 0).any()]
    if not anchored:
        return parts
    traces = pd.concat([parts[i]["trace"] for i in anchored], axis=1).fillna(0.0).to_numpy()
    shifts = np.array([parts[i]["shift"].iloc[0] for i in anchored])
    settled, variances = moderate_shifts(shifts, traces.T @ traces)
    for i, change, variance in zip(anchored, settled - shifts, variances, strict=True):
        moved = parts[i]["moved"]
        observed = parts[i]["observed"] - change * moved / moved.mean()
        parts[i] = parts[i].assign(observed=observed, anchor_variance=variance)
    return parts
