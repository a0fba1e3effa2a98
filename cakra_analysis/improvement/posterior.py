"""A claim and what was measured become one: normal throughout, the spreads integrated out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import halfnorm

Array = np.ndarray
POINTS = 10  # of each spread; together 100 models, weighted by how likely each makes the data


def find_posterior(
    things: pd.DataFrame, pooled: pd.DataFrame, *, bias: float, spread: float
) -> pd.DataFrame:
    """Return what is to be believed of each thing.

    Parameters
    ----------
    things : DataFrame
        From ``list_claims``.
    pooled : DataFrame
        From ``pool_evaluations``, of these things.
    bias : float
        How far claims may be off together, as a share of the claim (standard deviation).
    spread : float
        How far methods, and courses of a method, may be off on their own, as a share of the claim:
        scale of the half-normal prior of both spreads.

    Returns
    -------
    DataFrame
        The rows of ``things`` with ``mean``, ``variance`` (levels, squared levels), ``trust`` (how
        much the mean rises for each level that the own data rise, 0-1) and ``told`` (whether
        anything measured tells of it).

    Notes
    -----
    See ``update_effects``.

    Examples
    --------
    >>> thing = pd.DataFrame({"offer_id": ["C"], "competency_id": ["K"], "claim": [0.4],
    ...     "sd": [0.1], "route": [None], "mode": [None], "basis": ["no"]})
    >>> pooled = thing[["offer_id", "competency_id"]].assign(data=0.2, variance=0.01)
    >>> find_posterior(thing, pooled, bias=0, spread=0)[["mean", "trust"]].round(2).values.tolist()
    [[0.3, 0.5]]
    """
    claim, own = things["claim"].to_numpy(float), things["sd"].to_numpy(float) ** 2
    if pooled.empty:
        return things.assign(mean=claim, variance=own, trust=0.0, told=False)
    keys = pd.MultiIndex.from_frame(things[["offer_id", "competency_id"]])
    at = keys.get_indexer(pd.MultiIndex.from_frame(pooled[["offer_id", "competency_id"]]))
    shared, method, course = _share(things)
    size = np.outer(claim, claim)
    told = (size * (shared * bool(bias) + (method + course) * bool(spread)) != 0)[:, at].any(axis=1)
    told[at] = True
    points = halfnorm.ppf((np.arange(POINTS) + 0.5) / POINTS) * spread if spread else np.zeros(1)
    by_course = points[:, None, None] ** 2 * (size * course)
    data, noise = pooled["data"].to_numpy(float), pooled["variance"].to_numpy(float)
    models = [
        _update(claim, size * (bias**2 * shared + a**2 * method) + by_course, own, at, data, noise)
        for a in points
    ]
    means, variances, trusts, likely = (np.concatenate(part) for part in zip(*models, strict=True))
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    mean = weight @ means
    variance = weight @ (variances + means**2) - mean**2
    return things.assign(mean=mean, variance=variance, trust=weight @ trusts, told=told)


def _share(things: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Whether two claims have the same source, how far the same method, and the same course."""
    offer = things["offer_id"].astype("object")
    ways = [things[way].astype("object").fillna("of " + offer) for way in ("route", "mode")]
    method = (_same(ways[0]) + _same(ways[1])) / 2
    return _same(things["basis"]), method, _same(offer)


def _same(codes: pd.Series) -> Array:
    values = pd.factorize(codes)[0]
    return (values[:, None] == values[None, :]).astype(float)


def _update(
    prior: Array, shared: Array, own: Array, at: Array, data: Array, noise: Array
) -> tuple[Array, Array, Array, Array]:
    """Mean, variance, weight of the own data, and the logarithm of how likely the data are.

    The first axis of ``shared`` and of every result is models.
    """
    spread = shared + np.diag(own)
    seen = spread[:, at[:, None], at] + np.diag(noise)
    across = spread[:, at, :]
    gain = np.linalg.solve(seen, across)  # model x seen x thing
    off = data - prior[at]
    trust = np.zeros(spread.shape[:2])
    trust[:, at] = np.diagonal(gain[:, :, at], axis1=1, axis2=2)
    fit = off @ np.linalg.solve(seen, off[:, None])[..., 0].T
    likely = -(np.linalg.slogdet(seen)[1] + fit) / 2
    left = np.diagonal(spread, axis1=1, axis2=2) - (gain * across).sum(axis=1)
    return prior + off @ gain, left, trust, likely
