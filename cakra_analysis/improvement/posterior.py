"""A claim and what was measured become one: normal throughout, the spreads integrated out."""

from __future__ import annotations

import numpy as np
import pandas as pd

Array = np.ndarray
POINTS = 12  # of each spread; together 144 models, weighted by how likely each makes the data


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
    keys = pd.MultiIndex.from_frame(things[["offer_id", "competency_id"]])
    at = keys.get_indexer(pd.MultiIndex.from_frame(pooled[["offer_id", "competency_id"]]))
    shared, method, course = _share(things)
    size = np.outer(claim, claim)
    told = (size * (shared * bool(bias) + (method + course) * bool(spread)) != 0)[:, at].any(axis=1)
    told[at] = True
    from scipy.stats import halfnorm

    points = halfnorm.ppf((np.arange(POINTS) + 0.5) / POINTS) * spread if spread else np.zeros(1)
    models = [
        _update(
            claim,
            size * (bias**2 * shared + a**2 * method + b**2 * course) + np.diag(own),
            at,
            pooled["data"].to_numpy(float),
            pooled["variance"].to_numpy(float),
        )
        for a in points
        for b in points
    ]
    means, variances, trusts, likely = (np.array(part) for part in zip(*models, strict=True))
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    mean = weight @ means
    variance = weight @ (variances + means**2) - mean**2
    return things.assign(mean=mean, variance=variance, trust=weight @ trusts, told=told)


def _share(things: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Whether two claims have the same source, how far the same method, and the same course."""
    offer = things["offer_id"]
    route, mode = things["route"].fillna("of " + offer), things["mode"].fillna("of " + offer)
    method = (_same(route) + _same(mode)) / 2
    return _same(things["basis"]), method, _same(offer)


def _same(codes: pd.Series) -> Array:
    values = pd.factorize(codes)[0]
    return (values[:, None] == values[None, :]).astype(float)


def _update(
    prior: Array, spread: Array, at: Array, data: Array, variance: Array
) -> tuple[Array, Array, Array, float]:
    """Mean, variance, weight of the own data, and how likely the data are (its logarithm)."""
    from scipy.linalg import cho_factor, cho_solve

    trust = np.zeros(len(prior))
    if not len(at):
        return prior, np.diag(spread), trust, 0.0
    factor = cho_factor(spread[np.ix_(at, at)] + np.diag(variance), lower=True)
    gain = cho_solve(factor, spread[at]).T
    off = data - prior[at]
    trust[at] = gain[at, np.arange(len(at))]
    likely = -np.log(np.diag(factor[0])).sum() - off @ cho_solve(factor, off) / 2
    explained = np.einsum("ij,ij->i", gain, spread[:, at])
    return prior + gain @ off, np.diag(spread) - explained, trust, float(likely)
