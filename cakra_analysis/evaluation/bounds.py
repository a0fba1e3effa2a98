"""Between which bounds an effect lies when the trained and the others were lost unequally."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from cakra_analysis.evaluation.clusters import code_clusters

FEWEST = 3  # clusters of an arm, as for every cluster-robust error here
TOO_FEW, FEW_CLUSTERS = "too few", "bounds without an interval: too few clusters"
METHOD = "Lee bounds; Imbens and Manski interval, bootstrap over clusters"


def bound_courses(
    people: pd.DataFrame, *, confidence: float = 0.95, seed: int = 0, resamples: int = 500
) -> pd.DataFrame:
    """Return each course's bounds, where both sides lost unequal shares of their people.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``; courses without anybody to compare are left out.
    confidence : float
        Of the interval.
    seed : int
        Of the bootstrap.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        One row a course, sorted: course_id and the columns of ``bound_effect``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True] * 9 + [False] * 9,
    ...                        "after": [*range(2, 11), *range(9)]})
    >>> bound_courses(people, resamples=20)[["value", "lower", "upper"]].values.tolist()
    [[2.0, 2.0, 2.0]]
    """
    options = {"confidence": confidence, "seed": seed, "resamples": resamples}
    rows = [
        bound_effect(mine, **options).assign(course_id=course)  # type: ignore[arg-type]
        for course, mine in people.groupby("course_id", sort=True)
        if mine["treated"].nunique() > 1
    ]
    empty = bound_effect(people.head(0), resamples=1).head(0).assign(course_id="")
    table = pd.concat(rows, ignore_index=True) if rows else empty
    return table[["course_id", *(name for name in table if name != "course_id")]]


def bound_effect(
    people: pd.DataFrame,
    *,
    outcome: str = "after",
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 500,
) -> pd.DataFrame:
    """Return between which bounds the effect lies on those who would have stayed either way.

    Parameters
    ----------
    people : DataFrame
        Everybody who was assigned, one row a person: treated (bool), ``outcome`` (missing = lost);
        cluster where people were assigned together (missing = on one's own).
    outcome : str
        Column of the outcome: a score, or a gain.
    confidence : float
        Of the interval.
    seed, resamples : int
        Of the bootstrap over clusters.

    Returns
    -------
    DataFrame
        One row: ``value`` (difference of those who stayed, treated less others, nothing trimmed),
        ``lower``, ``upper`` (the bounds), ``low``, ``high`` (interval of the effect), all in units
        of the outcome; ``level``, ``n`` (people with an outcome), ``lost_treated``,
        ``lost_untreated``, ``trimmed`` (shares, 0-1), ``method``; missing with "too few" (below
        two with an outcome in an arm); no interval below three clusters in an arm.

    Notes
    -----
    With the shares seen s1 and s0, the group that lost less, say the treated, is cut to the share
    s0 / s1 of its outcomes: its lowest for ``lower``, its highest for ``upper``. Interval: lower -
    c e1 to upper + c e2, the bootstrap's standard errors e, c from coverage of the effect at the
    nearer bound. It holds if lot decided and training moves people in one direction only, to stay
    or to leave; without a lot the bounds repair losses, *not* selection. Lee (2009), Review of
    Economic Studies 76, 1071-1102; Imbens & Manski (2004), Econometrica 72, 1845-1857. Pinned by
    ``tests/test_evaluation_attrition.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True] * 4 + [False] * 4,
    ...                        "after": [60, 70, 80, 90, 50, 60, 70, np.nan]})
    >>> bound_effect(people)[["value", "lower", "upper", "trimmed"]].values.tolist()
    [[15.0, 10.0, 20.0, 0.25]]
    """
    y = people[outcome].to_numpy(dtype=float)
    treated = people["treated"].to_numpy(dtype=bool)
    seen = ~np.isnan(y)
    one = np.ones((1, len(y)))
    lost = {
        f"lost_{name}": float(1 - seen[arm].mean()) if arm.any() else np.nan
        for name, arm in (("treated", treated), ("untreated", ~treated))
    }
    row = {"value": np.nan, "lower": np.nan, "upper": np.nan, "low": np.nan, "high": np.nan}
    row |= {"level": confidence, "n": int(seen.sum()), **lost, "trimmed": np.nan}
    if min((seen & treated).sum(), (seen & ~treated).sum()) < 2:
        return pd.DataFrame([row | {"method": TOO_FEW}])
    lower, upper = (bound[0] for bound in _bounds(y, seen, treated, one))
    shares = [1 - share for share in lost.values()]
    row |= {"value": float(y[seen & treated].mean() - y[seen & ~treated].mean())}
    row |= {"lower": lower, "upper": upper, "trimmed": 1 - min(shares) / max(shares)}
    codes = code_clusters(people)
    if min(len(np.unique(codes[arm])) for arm in (treated, ~treated)) < FEWEST:
        return pd.DataFrame([row | {"method": FEW_CLUSTERS}])
    weights = _draw_clusters(codes, treated, np.random.default_rng(seed), resamples)
    errors = [np.nanstd(bound, ddof=1) for bound in _bounds(y, seen, treated, weights)]
    c = _critical((upper - lower) / max(*errors, 1e-12), confidence)
    row |= {"low": lower - c * errors[0], "high": upper + c * errors[1]}
    return pd.DataFrame([row | {"method": METHOD}])


def _bounds(
    y: np.ndarray, seen: np.ndarray, treated: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound by row of weights; the group that is to be trimmed shows by itself."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [
            weights[:, arm & seen].sum(axis=1) / weights[:, arm].sum(axis=1)
            for arm in (treated, ~treated)
        ]
        keep = [np.minimum(1, shares[1] / shares[0]), np.minimum(1, shares[0] / shares[1])]
        (low1, high1), (low0, high0) = (
            _trim(y[arm & seen], weights[:, arm & seen], share)
            for arm, share in zip((treated, ~treated), keep, strict=True)
        )
    return low1 - high0, high1 - low0


def _trim(y: np.ndarray, weights: np.ndarray, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of the lowest and of the highest share of the outcomes, one at the edge in part."""
    means = []
    for order in (np.argsort(y, kind="stable"), np.argsort(-y, kind="stable")):
        w = weights[:, order]
        room = keep[:, None] * w.sum(axis=1, keepdims=True) - (np.cumsum(w, axis=1) - w)
        kept = np.clip(room, 0, w)
        means.append((kept * y[order]).sum(axis=1) / kept.sum(axis=1))
    return means[0], means[1]


def _draw_clusters(
    codes: np.ndarray, treated: np.ndarray, rng: np.random.Generator, resamples: int
) -> np.ndarray:
    """How often each person is drawn; clusters of treated, of others and mixed ones apart."""
    share = np.bincount(codes, treated) / np.bincount(codes)
    kind = np.select([share == 0, share == 1], [0, 1], 2)
    counts = np.zeros((resamples, len(share)))
    for k in np.unique(kind):
        size = int((kind == k).sum())
        counts[:, kind == k] = rng.multinomial(size, np.full(size, 1 / size), size=resamples)
    return counts[:, codes]


def _critical(width: float, confidence: float) -> float:
    """From the two-sided quantile (a point) to the one-sided one (bounds far apart)."""

    def excess(c: float) -> float:
        return float(stats.norm.cdf(c + width) - stats.norm.cdf(-c)) - confidence

    return float(optimize.brentq(excess, 0.0, 10.0))
