"""Small units borrow strength: each unit's gap drawn towards the mean of its siblings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from cakra_analysis.tree import ancestors

FEWEST = 3
METHOD = "empirical Bayes towards the siblings' mean; REML, finite units, estimated variance"
KEPT = "as it is: nothing to borrow from"


def shrink_gaps(
    gaps: pd.DataFrame, units: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Draw each unit's mean gap towards its siblings' mean, the more the less is known of it.

    Parameters
    ----------
    gaps : DataFrame
        From ``score_gaps``: unit_id, competency_id, value, low, high, level, n, people (NaN = not
        known: the unit counts as endless), anchor_variance where there is one.
    units : DataFrame
        unit_id, parent_id (missing at the top).
    confidence : float
        Of the intervals, raw and shrunk.

    Returns
    -------
    DataFrame
        One row a unit and competency, in the order of ``gaps``: ``value`` with ``low`` and
        ``high`` (raw), ``shrunk`` with ``shrunk_low`` and ``shrunk_high``, all in levels;
        ``weight`` (0-1, how much of the raw difference to the siblings' mean was kept), n,
        ``level``, ``method``. As they are (weight 1) come back the top, an only child, a unit
        without an interval or with one of no width, and units of which fewer than four tell how
        much units differ.

    Notes
    -----
    y_i ~ N(theta_i, v_i), theta_i ~ N(mu_p, A + S^2 / N_i) for the units under a parent p: units
    differ by A, and the N_i people whom a unit happens to have add S^2 / N_i. v_i comes from the
    raw interval and so keeps its finite-population correction; S^2 from v n = S^2 (1 - n/N) +
    noise over the units without children; A by REML per competency over all units on one level of
    the tree, then drawn to the A that fits all competencies, by as much of what they differ as is
    chance (25 units tell little of a variance). With B_i = v_i / (v_i + A_i): shrunk =
    y_i - B_i (y_i - mu_p), variance A_i B_i + B_i^2 var(mu_p) + 2 v_i^2 / (v_i + A_i)^3 var(A), the
    last term for not knowing A:
    Prasad & Rao (1990), JASA 85, 163-171; Datta & Lahiri (2000), Statistica Sinica 10, 613-627.
    mu_p counts units by what is known of them, not by their staff, so it is *not* the parent's own
    row, and shrunk units no longer add up to it. Pinned by ``tests/test_needs_shrinkage.py`` (the
    numbers of lme4 for balanced data) and ``benchmarks/ranks.py``.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": list("RABCDE"), "parent_id": [None, *"RRRRR"]})
    >>> gaps = pd.DataFrame({"unit_id": list("ABCDE"), "competency_id": "M.1", "n": 5,
    ...     "value": [0.0, 0.5, 1.0, 1.5, 2.0], "people": np.nan, "level": 0.95})
    >>> gaps = gaps.assign(low=gaps["value"] - 0.98, high=gaps["value"] + 0.98)
    >>> shrink_gaps(gaps, units)["shrunk"].round(2).tolist()
    [0.4, 0.7, 1.0, 1.3, 1.6]
    """
    above = ancestors(units)
    rows = gaps.reset_index(drop=True)
    rows = rows.assign(
        parent=rows["unit_id"].map(units.set_index("unit_id")["parent_id"]),
        depth=rows["unit_id"].map(above.groupby("unit_id")["steps"].max()),
        inner=rows["unit_id"].isin(units["parent_id"].dropna()),
        variance=((rows["high"] - rows["low"]) / 2 / _quantile(rows["level"])) ** 2,
    )
    # What the anchor is off is the same for all siblings: no reason to draw them together.
    common = rows.get("anchor_variance", pd.Series(0.0, index=rows.index))
    rows["own_variance"] = (rows["variance"] - common).clip(lower=0.0)
    rows["of_people"] = _person_variance(rows) / rows["people"]
    usable = rows[rows["parent"].notna() & (rows["own_variance"] > 1e-12)]
    usable = usable[usable.groupby(["competency_id", "parent"])["value"].transform("size") > 1]
    parts = []
    for _, level in usable.groupby("depth"):
        by_competency = level.groupby("competency_id", observed=True)
        groups = [group for _, group in by_competency if _spare(group) >= FEWEST]
        parts += _shrink(groups) if groups else []
    done = pd.concat(parts) if parts else pd.DataFrame(columns=["shrunk", "spread", "weight"])
    done = done.reindex(rows.index).astype(float)
    wide = stats.norm.ppf((1 + confidence) / 2)
    raw = wide * np.sqrt(rows["variance"])
    left = done["shrunk"].isna()
    value = done["shrunk"].fillna(rows["value"])
    half = (wide * np.sqrt(done["spread"] + common)).where(~left, raw)
    return rows[["unit_id", "competency_id", "value"]].assign(
        low=rows["value"] - raw,
        high=rows["value"] + raw,
        shrunk=value,
        shrunk_low=value - half,
        shrunk_high=value + half,
        weight=done["weight"].fillna(1.0),
        n=rows["n"],
        level=confidence,
        method=np.where(left, KEPT, METHOD),
    )


def _quantile(level: pd.Series) -> np.ndarray:
    return stats.norm.ppf((1 + level.to_numpy(dtype=float)) / 2)


def _spare(group: pd.DataFrame) -> int:
    """Degrees of freedom that tell how much units differ."""
    return len(group) - group["parent"].nunique()


def _person_variance(rows: pd.DataFrame) -> pd.Series:
    """Variance between people per competency, S^2, told from noise by the correction n/N."""
    found = {}
    known = rows[~rows["inner"] & rows["people"].notna() & rows["variance"].notna()]
    for competency, cells in known.groupby("competency_id", observed=True):
        missed = 1 - (cells["n"] / cells["people"]).to_numpy(dtype=float)
        both = np.column_stack([missed, np.ones(len(cells))])
        spread = (cells["own_variance"] * cells["n"]).to_numpy()
        found[competency] = optimize.nnls(both, spread)[0][0]
    return rows["competency_id"].astype("object").map(found).astype(float)


def _shrink(groups: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Shrunk values of the units on one level of the tree, a table a competency."""
    cells = []
    for group in groups:
        y, v, extra = (
            group[name].fillna(0.0).to_numpy(dtype=float)
            for name in ("value", "own_variance", "of_people")
        )
        cells.append((y, v, extra, pd.factorize(group["parent"])[0]))
    tables = []
    for group, (shrunk, spread, pull) in zip(groups, _draw(cells), strict=True):
        table = {"shrunk": shrunk, "spread": spread, "weight": 1 - pull}
        tables.append(pd.DataFrame(table, index=group.index))
    return tables


def _draw(
    groups: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Posterior means and variances, and how far each was pulled; a group a competency."""
    between, error = _moderate([(y, v + extra, parent) for y, v, extra, parent in groups])
    priors = [a + group[2] for a, group in zip(between, groups, strict=True)]
    precisions = [1 / (prior + group[1]) for prior, group in zip(priors, groups, strict=True)]
    parents = [_average(g[0], p, g[3]) for g, p in zip(groups, precisions, strict=True)]
    means, unsure = [mean for mean, _ in parents], [1 / total for _, total in parents]
    many = [i for i, mean in enumerate(means) if len(mean) > FEWEST]
    if many:  # the parents' means are drawn towards theirs in turn
        zeros = [np.zeros(len(means[i])) for i in many]
        tops = [(means[i], unsure[i], z, z.astype(int)) for i, z in zip(many, zeros, strict=True)]
        for i, (mean, variance, _) in zip(many, _draw(tops), strict=True):
            means[i], unsure[i] = mean, variance
    drawn = []
    for i, (y, v, _, parent) in enumerate(groups):
        pull = v * precisions[i]
        spread = priors[i] * pull + pull**2 * unsure[i][parent]
        spread += 2 * v**2 * precisions[i] ** 3 * error[i]
        drawn.append((y - pull * (y - means[i][parent]), spread, pull))
    return drawn


def _average(
    y: np.ndarray, precision: np.ndarray, parent: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean of the siblings under each parent, and the sum of their precisions."""
    sums = np.bincount(parent, precision)
    return np.bincount(parent, precision * y) / sums, sums


def _moderate(
    groups: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Variance between siblings of each competency, drawn to that of all; and its own variance."""
    own = np.array([_between([group]) for group in groups])
    common = _between(groups) if len(groups) > 1 else own[0]
    error = np.array([2 / ((1 / (common + v)) ** 2).sum() for _, v, _ in groups])
    if len(groups) < 2:
        return own, error
    differ = max(float(np.var(own, ddof=1) - error.mean()), 0.0)
    weight = differ / (differ + error)
    return weight * own + (1 - weight) * common, error * np.maximum(weight, 1 / len(groups))


def _between(groups: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
    """REML estimate of the variance between siblings that all groups share, 0 or more."""

    def objective(between: float) -> float:
        total = 0.0
        for y, v, parent in groups:
            precision = 1 / (between + v)
            mean, sums = _average(y, precision, parent)
            total += float((precision * (y - mean[parent]) ** 2).sum())
            total += float(np.log(sums).sum() - np.log(precision).sum())
        return total

    largest = max(2 * float(np.ptp(y)) ** 2 + 1e-9 for y, _, _ in groups)
    options = {"xatol": 1e-10 * largest}
    found = optimize.minimize_scalar(
        objective, bounds=(0.0, largest), method="bounded", options=options
    )
    return float(found.x) if found.fun < objective(0.0) else 0.0
