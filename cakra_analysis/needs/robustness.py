"""How far an order hangs on weights that somebody declared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.order import TOLERANCE, share_on_top


def score_robustness(
    parts: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    noise: float = 0.2,
    draws: int = 1000,
    seed: int = 0,
    top: int = 3,
) -> pd.DataFrame:
    """Try how far the order hangs on the declared weights: each is shaken, the data stay.

    Parameters
    ----------
    parts : DataFrame
        One row a competency and part of the score (a group, a source), all on one scale:
        competency_id, ``part``, ``value``.
    weights : mapping of str to float
        Declared weight of each part, 0 or more.
    noise : float
        Largest relative change of a weight, 0-1.
    draws : int
        Number of trials.
    seed : int
        Of the trials.
    top : int
        How many are "the first".

    Returns
    -------
    DataFrame
        One row a competency, sorted: ``value`` (weighted mean over the parts it has, declared
        weights), ``rank``, ``rank_low`` and ``rank_high`` (smallest and largest in any trial),
        ``top_share`` (0-1), ``n`` (parts), ``method``. Nothing but n where none of its parts has a
        weight. It says nothing about sampling error.

    Raises
    ------
    AnalysisError
        When a part has no weight, or the weights cannot be used.

    Notes
    -----
    w_p u_p / sum(w u), u uniform on 1 +- noise. Saisana, Saltelli & Tarantola (2005), J. R.
    Statist. Soc. A 168, 307-323. Pinned by ``tests/test_needs_ranks.py``.

    Examples
    --------
    >>> parts = pd.DataFrame({"competency_id": ["M.1", "M.1", "M.2", "M.2"],
    ...                       "part": ["public", "private"] * 2, "value": [3.0, 1.0, 1.0, 2.9]})
    >>> score_robustness(parts, {"public": 1, "private": 1}, top=1)["rank_high"].tolist()
    [2.0, 2.0]
    """
    wide = parts.pivot(index="competency_id", columns="part", values="value").sort_index()
    declared = np.array([weights.get(part, np.nan) for part in wide.columns], dtype=float)
    if not (declared >= 0).all() or not declared.sum() > 0 or not 0 <= noise < 1:
        raise AnalysisError(
            "The weights of the parts cannot be used.",
            allowed="A weight of 0 or more for every part, one above 0; noise from 0 to below 1.",
        )
    kept = wide[(wide.notna().to_numpy() @ declared) > 0]
    values, there = kept.fillna(0.0).to_numpy(), kept.notna().to_numpy()
    rng = np.random.default_rng(seed)
    shaken = declared * rng.uniform(1 - noise, 1 + noise, (draws, len(declared)))
    shaken = np.vstack([declared, shaken])
    scores = (shaken @ values.T) / (shaken @ there.T)
    ranks = _ranks(scores)
    table = {"value": scores[0], "rank": ranks[0], "rank_low": ranks.min(axis=0)}
    table |= {"rank_high": ranks.max(axis=0), "top_share": share_on_top(scores[1:], top)}
    found = pd.DataFrame(table, index=kept.index).reindex(wide.index)
    found = found.assign(
        n=wide.notna().sum(axis=1), method=f"declared weights times 1 +- {noise:g}"
    )
    return found.reset_index()


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Mean ranks in each row, as ``rank_values`` gives them."""
    difference = scores[:, None, :] - scores[:, :, None]
    larger = (difference > TOLERANCE).sum(axis=2)
    return larger + ((np.abs(difference) <= TOLERANCE).sum(axis=2) + 1) / 2
