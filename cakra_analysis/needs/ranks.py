"""How sure the order of needs is: intervals of ranks and the chance to be among the first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.order import TOLERANCE, rank_values, share_on_top

PERSON = ["unit_id", "staff_id"]


def rank_needs(
    gaps_by_person: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    stakeholder_scores: pd.DataFrame | None = None,
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    top: int = 3,
) -> pd.DataFrame:
    """Rank competencies by mean gap, each with a rank interval and the chance to be on top.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``: staff_id, competency_id, unit_id, gap, noise_variance;
        anchor_variance where there is one. Only those whom the ranking is about.
    people : DataFrame, optional
        As for ``score_gaps``: how many staff each unit has. Without it units count by who was
        rated and as endless.
    stakeholder_scores : DataFrame, optional
        competency_id, ``value`` (importance, above 0), ``standard_error``: the importance rows of
        ``combine_groups``, whose errors come from sampling within groups. Each gap is then
        multiplied by its competency's importance relative to the mean of all.
    resamples : int
        Draws of the bootstrap.
    seed : int
        Of the draws.
    confidence : float
        Of each competency's rank interval by itself.
    top : int
        How many are "the first".

    Returns
    -------
    DataFrame
        One row a competency, sorted: ``value`` (mean gap, levels), ``rank`` (1 = largest, ties by
        mean rank), ``rank_low``, ``rank_high``, ``top_share`` (0-1; adds up to ``top``), ``n``
        (people rated), ``level``, ``method``.

    Raises
    ------
    AnalysisError
        When nothing is given, a person is given twice, or a competency has no importance.

    Notes
    -----
    Multiplier bootstrap: each person's deviations from the unit's means in all competencies
    together times one random number, scaled by sqrt(1 - n/N (1 - noise/S^2)), so that only rating
    noise is left of a unit rated whole; noise is taken to go across competencies as the gaps do.
    An anchor's error is added to its competency alone: too wide where the errors go together. With
    normal numbers the sums over people are normal with covariance sum_i psi_i psi_i', which is
    drawn from directly (divided by sqrt(chi^2/df)): the order of rows and names do not matter.
    A percentile interval of bootstrapped ranks fails near ties. Hence: j's differences to all
    others get simultaneous intervals from the largest studentised difference, stepping down;
    rank_low = 1 + those surely above, rank_high = all less those surely below. Mogstad, Romano,
    Shaikh & Wilhelm (2024), Review of Economic Studies 91(1), 476-518. One competency's interval
    holds at ``confidence``, *not* all of them at once; ``top_share`` is a share of draws, no proof.
    Pinned by ``tests/test_needs_ranks.py`` and ``benchmarks/ranks.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": list("ABCD") * 2, "unit_id": "U", "noise_variance": 0.1,
    ...     "competency_id": ["M.1"] * 4 + ["M.2"] * 4, "gap": [0, 0.2, 0.1, 0, 2, 1.8, 2.1, 1.9]})
    >>> rank_needs(gaps, top=1)[["rank", "rank_low", "rank_high", "top_share"]].values.tolist()
    [[2.0, 2.0, 2.0, 0.0], [1.0, 1.0, 1.0, 1.0]]
    """
    value, covariance, n, df = _estimate(gaps_by_person, people)
    codes = n.index
    method = "multiplier bootstrap of persons within units; simultaneous differences, stepdown"
    if stakeholder_scores is not None:
        value, covariance = _weigh(value, covariance, codes, stakeholder_scores)
        method += "; gaps weighted by stakeholders' importance"
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal((resamples, len(value))) @ _root(covariance)
    draws /= np.sqrt(rng.chisquare(df, resamples) / df)[:, None]
    error = np.sqrt(np.maximum(_spread(covariance), 0.0))
    bounds = [_rank_interval(j, value, draws, error, confidence) for j in range(len(value))]
    low, high = np.array(bounds).T
    table = {"value": value, "rank": rank_values(value), "rank_low": low, "rank_high": high}
    table |= {"top_share": share_on_top(value + draws, top), "n": n.to_numpy()}
    ranked = pd.DataFrame(table).assign(level=confidence, method=method)
    ranked.insert(0, "competency_id", codes)
    return ranked


def _estimate(
    gaps: pd.DataFrame, people: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray, pd.Series, int]:
    """Mean gaps, their covariance, people rated, and degrees of freedom."""
    rows = gaps[gaps["gap"].notna()]
    if rows.empty or rows.duplicated([*PERSON, "competency_id"]).any():
        raise AnalysisError(
            "Needs are ranked from one gap a person and competency, and one at least."
        )
    wide = rows.pivot(index=PERSON, columns="competency_id", values="gap").sort_index()
    unit, names = pd.factorize(wide.index.get_level_values("unit_id"))
    y, there = wide.to_numpy(dtype=float), wide.notna().to_numpy()
    n = _sums(there, unit)
    size, asked = n, np.zeros_like(n)
    if people is not None:
        known = people.pivot(index="unit_id", columns="competency_id", values="people")
        known = known.reindex(index=names, columns=wide.columns).to_numpy(dtype=float)
        size = np.where(n > 0, np.fmax(known, n), 0.0)
        asked = np.where(np.isnan(known), 0.0, n / np.maximum(size, 1))
    mean = _sums(np.where(there, y, 0.0), unit) / np.maximum(n, 1)
    share = size / size.sum(axis=0)
    value = (share * mean).sum(axis=0)
    # Somebody alone in a unit has nobody to differ from there, so from everybody.
    centre = np.where(n > 1, mean, value)[unit]
    deviation = np.where(there, y - centre, 0.0)
    square = (deviation**2).sum(axis=0) / np.maximum((n - (n > 1)).sum(axis=0), 1)
    noise = rows.groupby("competency_id", observed=True)["noise_variance"].mean()
    noise = noise.reindex(wide.columns).to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        reliable = np.nan_to_num(1 - np.clip(noise / square, 0, 1))
    scale = share / np.maximum(n, 1) * np.sqrt(n / np.maximum(n - 1, 1) * (1 - asked * reliable))
    influence = deviation * scale[unit]
    covariance = influence.T @ influence + np.diag(_anchor(rows, wide.columns))
    counts = pd.Series(there.sum(axis=0), index=wide.columns)
    return value, covariance, counts, max(len(wide) - len(names), 1)


def _anchor(rows: pd.DataFrame, codes: pd.Index) -> np.ndarray:
    """What each competency's anchor may be off; it blurs the order however many were rated."""
    if "anchor_variance" not in rows:
        return np.zeros(len(codes))
    common = rows.groupby("competency_id", observed=True)["anchor_variance"].first()
    return common.reindex(codes).to_numpy(dtype=float)


def _sums(values: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Sums by unit, shape (units, competencies)."""
    return np.column_stack([np.bincount(unit, column) for column in values.T])


def _weigh(
    value: np.ndarray, covariance: np.ndarray, codes: pd.Index, scores: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Gaps times relative importance, and their covariance by the delta method."""
    given = scores.set_index("competency_id")[["value", "standard_error"]]
    if given.index.has_duplicates or not (given["value"].reindex(codes) > 0).all():
        raise AnalysisError("Each competency that is ranked needs one importance above 0.")
    importance, error = given.reindex(codes).to_numpy(dtype=float).T
    mean = importance.mean()
    relative = importance / mean
    slope = value[:, None] * (np.eye(len(value)) - relative[:, None] / len(value)) / mean
    added = (slope * np.nan_to_num(error) ** 2) @ slope.T
    return value * relative, covariance * np.outer(relative, relative) + added


def _root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric square root, which does not jump when a matrix is nearly singular."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def _spread(covariance: np.ndarray) -> np.ndarray:
    """Variances of all differences."""
    own = np.diag(covariance)
    return own[:, None] + own[None, :] - 2 * covariance


def _rank_interval(
    j: int, value: np.ndarray, draws: np.ndarray, error: np.ndarray, confidence: float
) -> tuple[int, int]:
    """Ranks that competency j may have."""
    difference, scale = value - value[j], np.maximum(error[j], TOLERANCE)
    open_ = np.arange(len(value)) != j
    sure = np.zeros(len(value), dtype=bool)
    largest = np.abs(draws - draws[:, [j]]) / scale
    while open_.any():
        limit = np.quantile(largest[:, open_].max(axis=1), confidence)
        found = open_ & (np.abs(difference) > np.maximum(limit * scale, TOLERANCE))
        if not found.any():
            break
        sure |= found
        open_ &= ~found
    above, below = (sure & (difference > 0)).sum(), (sure & (difference < 0)).sum()
    return 1 + int(above), len(value) - int(below)
