"""Scores that put needs in order, each by its own rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.order import TOLERANCE, rank_values

PAIR = ["staff_id", "competency_id"]
MWDS, RDS = "mean weighted discrepancy (Borich)", "ranked discrepancy"
PNI, PNI_MODIFIED = "priority needs index", "priority needs index, modified"
WEIGHTED = "weighted gap"


def score_mwds(pairs: pd.DataFrame) -> pd.DataFrame:
    """Score needs by Borich's mean weighted discrepancy.

    Parameters
    ----------
    pairs : DataFrame
        One row a person and competency: staff_id, competency_id, ``required`` (importance, stated
        need or standard) and ``observed``, both on one scale. Half a pair is left out. So for
        every score of this file.

    Returns
    -------
    DataFrame
        One row a competency, sorted: ``value`` (-4 to 20 on a scale of 1-5), ``n`` (complete
        pairs), ``rank`` (1 = largest need, ties by mean rank), ``method``, ``reason`` (why there is
        no value, or empty). So from every score of this file; it is *not* an estimate with an
        interval: how sure an order is says ``rank_needs``.

    Notes
    -----
    MWDS = sum_i (I_i - A_i) Ibar / n = (Ibar - Abar) Ibar, with Ibar over the same pairs. Borich
    (1980), J. Teacher Education 31(3), 39-42. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": list("ABCDE"), "competency_id": "M.1",
    ...                       "required": [5, 4, 5, 4, 5], "observed": [3, 3, 4, 4, 2]})
    >>> score_mwds(pairs)[["value", "n"]].round(2).values.tolist()
    [[6.44, 5.0]]
    """
    means = _means(pairs)
    return _finish(means, (means["required"] - means["observed"]) * means["required"], MWDS)


def score_rds(pairs: pd.DataFrame) -> pd.DataFrame:
    """Score needs by the ranked discrepancy: who is above less who is below what is wanted.

    Parameters
    ----------
    pairs : DataFrame
        As for ``score_mwds``; the order of the levels is all that is read.

    Returns
    -------
    DataFrame
        As from ``score_mwds``; ``value`` -100 (everybody is short) to 100.

    Notes
    -----
    RDS = 100 (count(A > I) - count(A < I)) / n; closer than 1e-9 counts as equal. Narine & Harder
    (2021), Advancements in Agricultural Development 2(3), 96-111. Pinned by
    ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": list("ABCDE"), "competency_id": "M.1",
    ...                       "required": [5, 4, 5, 4, 5], "observed": [3, 3, 4, 4, 2]})
    >>> score_rds(pairs)["value"].tolist()
    [-80.0]
    """
    means = _means(pairs)
    return _finish(means, 100 * means["above"], RDS, need=-means["above"])


def score_pni(pairs: pd.DataFrame) -> pd.DataFrame:
    """Score needs by the priority needs index: the mean gap times the mean wanted level.

    Parameters
    ----------
    pairs : DataFrame
        As for ``score_mwds``.

    Returns
    -------
    DataFrame
        As from ``score_mwds``, and the same number: the two differ in name, not in order.

    Notes
    -----
    PNI = (I - D) I with means I (wanted) and D (observed). Wongwanich (2019), Needs Assessment
    Research. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": ["A"], "competency_id": ["M.1"],
    ...                       "required": [4.54], "observed": [3.92]})
    >>> score_pni(pairs)["value"].round(4).tolist()
    [2.8148]
    """
    means = _means(pairs)
    return _finish(means, (means["required"] - means["observed"]) * means["required"], PNI)


def score_pni_modified(pairs: pd.DataFrame, *, least_observed: float = 0.5) -> pd.DataFrame:
    """Score needs by the modified priority needs index: the mean gap relative to what is there.

    Parameters
    ----------
    pairs : DataFrame
        As for ``score_mwds``, on a scale that does not hold 0.
    least_observed : float
        Below this mean the ratio explodes and is not given; in units of the scale.

    Returns
    -------
    DataFrame
        As from ``score_mwds``; no value, and the reason, where the observed mean is too small.

    Notes
    -----
    PNI_modified = (I - D) / D. It depends on where the scale starts. Wongwanich (2019), Needs
    Assessment Research. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": ["A", "A"], "competency_id": ["M.1", "M.2"],
    ...                       "required": [4.54, 2.0], "observed": [3.92, 0.0]})
    >>> score_pni_modified(pairs)["value"].round(4).tolist()
    [0.1582, nan]
    """
    means = _means(pairs)
    large = means["observed"] >= max(least_observed, TOLERANCE)
    ratio = (means["required"] - means["observed"]) / means["observed"].where(large)
    return _finish(means, ratio, PNI_MODIFIED, reason="observed mean near zero")


def score_weighted_gap(pairs: pd.DataFrame, *, weights: pd.DataFrame) -> pd.DataFrame:
    """Score needs by the mean gap times a declared weight of the competency.

    Parameters
    ----------
    pairs : DataFrame
        As for ``score_mwds``.
    weights : DataFrame
        competency_id, ``weight`` (0 or more); every competency of the pairs once.

    Returns
    -------
    DataFrame
        As from ``score_mwds``; ``value`` in levels, since the weights are divided by their mean.

    Raises
    ------
    AnalysisError
        When a weight is missing, given twice or negative, or all are zero.

    Notes
    -----
    value_k = (I_k - A_k) w_k / mean(w). A weight is a decision, not a finding. McKim & Saucier
    (2011), J. Extension 49(2), 2TOT8. Pinned by ``tests/test_needs_priorities.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": ["A", "A"], "competency_id": ["M.1", "M.2"],
    ...                       "required": [3, 3], "observed": [2, 1]})
    >>> weights = pd.DataFrame({"competency_id": ["M.1", "M.2"], "weight": [3, 1]})
    >>> score_weighted_gap(pairs, weights=weights)["value"].tolist()
    [1.5, 1.0]
    """
    means = _means(pairs)
    given = weights.set_index("competency_id")["weight"].astype(float)
    if (
        given.index.has_duplicates
        or not (given >= 0).all()
        or not means.index.isin(given.index).all()
    ):
        raise AnalysisError(
            "The weights of the competencies do not fit.",
            allowed="Each competency that is scored has one weight of 0 or more.",
        )
    weight = given.reindex(means.index)
    if weight.sum() <= 0:
        raise AnalysisError("All weights of the competencies are 0.")
    gap = means["required"] - means["observed"]
    return _finish(means, gap * weight / weight.mean(), WEIGHTED)


def _means(pairs: pd.DataFrame) -> pd.DataFrame:
    """Per competency: complete pairs, both means over them, share above less share below."""
    if pairs.duplicated(PAIR).any():
        raise AnalysisError(
            "A person has two pairs for one competency.",
            do="Combine the ratings of a person first (combine_ratings).",
        )
    sides = pairs[["required", "observed"]].astype(float)
    rows = sides.where(sides.notna().all(axis=1)).assign(competency_id=pairs["competency_id"])
    surplus = rows["observed"] - rows["required"]
    rows["above"] = np.sign(surplus.mask(surplus.abs() <= TOLERANCE, 0.0))
    groups = rows.groupby("competency_id", observed=True)
    return groups.mean().assign(n=groups["above"].count())


def _finish(
    means: pd.DataFrame,
    value: pd.Series,
    method: str,
    *,
    need: pd.Series | None = None,
    reason: str = "",
) -> pd.DataFrame:
    """The table that every score returns; ``need`` orders where a large value is no large need."""
    why = np.where(means["n"] == 0, "no complete pair", np.where(value.isna(), reason, ""))
    ranks = rank_values((value if need is None else need).to_numpy(dtype=float))
    table = pd.DataFrame({"value": value, "n": means["n"], "rank": ranks})
    return table.assign(method=method, reason=why).rename_axis("competency_id").reset_index()
