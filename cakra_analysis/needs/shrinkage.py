"""Small units borrow strength: each unit's gap drawn towards the mean of its siblings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from cakra_analysis.needs.tree import ancestors

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
        known: the unit counts as endless).
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
    the tree. With B_i = v_i / (v_i + A_i): shrunk = y_i - B_i (y_i - mu_p), variance
    A_i B_i + B_i^2 var(mu_p) + 2 v_i^2 / (v_i + A_i)^3 var(A), the last term for not knowing A:
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
    rows["of_people"] = _person_variance(rows) / rows["people"]
    usable = rows[rows["parent"].notna() & (rows["variance"] > 1e-12)]
    usable = usable[usable.groupby(["competency_id", "parent"])["value"].transform("size") > 1]
    groups = usable.groupby(["competency_id", "depth"], observed=True)
    parts = [_shrink(group) for _, group in groups if _spare(group) >= FEWEST]
    done = pd.concat(parts) if parts else pd.DataFrame(columns=["shrunk", "spread", "weight"])
    done = done.reindex(rows.index).astype(float)
    wide = stats.norm.ppf((1 + confidence) / 2)
    raw = wide * np.sqrt(rows["variance"])
    left = done["shrunk"].isna()
    value = done["shrunk"].fillna(rows["value"])
    half = (wide * done["spread"]).where(~left, raw)
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
        found[competency] = optimize.nnls(both, (cells["variance"] * cells["n"]).to_numpy())[0][0]
    return rows["competency_id"].astype("object").map(found).astype(float)


def _shrink(group: pd.DataFrame) -> pd.DataFrame:
    """Shrunk values of the units on one level of the tree in one competency."""
    y, v = (group[name].to_numpy(dtype=float) for name in ("value", "variance"))
    extra = group["of_people"].fillna(0.0).to_numpy(dtype=float)
    shrunk, spread, pull = _draw(y, v, extra, pd.factorize(group["parent"])[0])
    table = {"shrunk": shrunk, "spread": np.sqrt(spread), "weight": 1 - pull}
    return pd.DataFrame(table, index=group.index)


def _draw(
    y: np.ndarray, v: np.ndarray, extra: np.ndarray, parent: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior means and variances, and how far each was pulled."""
    prior = _between(y, v + extra, parent) + extra
    precision = 1 / (prior + v)
    sums = np.bincount(parent, precision)
    mean, unsure = np.bincount(parent, precision * y) / sums, 1 / sums
    if len(mean) > FEWEST:
        nothing = np.zeros(len(mean))
        mean, unsure, _ = _draw(mean, unsure, nothing, nothing.astype(int))
    pull = v * precision
    spread = prior * pull + pull**2 * unsure[parent]
    spread += 2 * v**2 * precision**3 * 2 / (precision**2).sum()
    return y - pull * (y - mean[parent]), spread, pull


def _between(y: np.ndarray, v: np.ndarray, parent: np.ndarray) -> float:
    """REML estimate of the variance between siblings, 0 or more."""

    def objective(between: float) -> float:
        precision = 1 / (between + v)
        sums = np.bincount(parent, precision)
        mean = np.bincount(parent, precision * y) / sums
        squares = precision * (y - mean[parent]) ** 2
        return float(squares.sum() - np.log(precision).sum() + np.log(sums).sum())

    largest = 2 * float(np.ptp(y)) ** 2 + 1e-9
    options = {"xatol": 1e-10 * largest}
    found = optimize.minimize_scalar(
        objective, bounds=(0.0, largest), method="bounded", options=options
    )
    return float(found.x) if found.fun < objective(0.0) else 0.0
