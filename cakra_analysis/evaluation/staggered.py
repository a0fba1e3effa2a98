"""Trained against not yet trained when training starts at different times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.periods import number_periods

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
EVENT, OVERALL, BEFORE, JOINT = "event", "overall", "before", "before joint"
METHOD = "not yet trained as comparison (Callaway & Sant'Anna); jackknife, t"
TINY = 1e-18
COLUMNS = ["kind", "event_time", "value", "low", "high", "level", "n", "n_comparison", "p"]


class _Panel(NamedTuple):
    """Outcomes by unit (rows) and period (columns without holes)."""

    outcome: Floats
    time: NDArray[np.int64]
    first: Floats  # infinite: never trained
    cluster: NDArray[np.int64]


class _Sums(NamedTuple):
    """Per event time (columns): what is left when a cluster is left out; the last row is all."""

    total: Floats  # sum over trained units of their difference
    people: Floats  # how many they are
    trained: Flags  # unit x event time
    other: Flags


def estimate_staggered(
    panel: pd.DataFrame,
    *,
    unit: str = "unit_id",
    period: str = "period",
    outcome: str = "value",
    first: str = "first_trained",
    cluster: str | None = None,
    base: int = 1,
    leads: int = 12,
    lags: int = 12,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the effect of training by time since training, against those not yet trained.

    Parameters
    ----------
    panel : DataFrame
        One row a unit (or person) and period; holes and missing outcomes are allowed.
    unit, period, outcome, first : str
        Names of the columns; periods are months ("2026-03") or whole numbers, ``first`` is the
        unit's first trained period, missing = never.
    cluster : str, optional
        What is drawn together, for instance the session; missing = the unit by itself.
    base : int
        A unit is compared with its mean over its last ``base`` observed periods before training.
    leads, lags : int
        Event times from -leads to lags.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row an event time (kind "event"; 0 = the first trained period), then "overall" (all
        trained unit-periods from 0 to ``lags``), "before" (event times before the base: should be
        about 0) and "before joint" (no value; ``p`` of their being all 0): ``kind``,
        ``event_time``, ``value`` (unit of the outcome), ``low``, ``high``, ``level``, ``n``
        (trained units), ``n_comparison`` (units they are compared with), ``p`` (two-sided),
        ``method``. Interval missing with fewer than two clusters on a side ("too few"). Empty
        where nobody can be compared.

    Raises
    ------
    DataError
        When rows or a column are lacking, or a unit has a period twice or two first periods.
    AnalysisError
        When ``base`` or ``leads`` is below 1 or ``lags`` below 0.

    Notes
    -----
    Unit i first trained in g, t = g + e: d_ie = (y_it - mean_B y_i) - mean_j (y_jt - mean_B y_j),
    B the base periods of i, j the units observed in t and all of B with first period after
    max(t, g), so that nobody already trained is a comparison; value_e = mean_i d_ie. With base = 1
    and no holes these are ATT(g, t) weighted by group size. Variance: delete one cluster, trained
    and comparison apart, (m - 1) / m sum (value_-k - mean)^2 each; degrees of freedom by
    Satterthwaite (two groups, two periods: Welch's t). "before joint" is the smallest p of the
    leads times their number (Bonferroni). Rests on parallel trends, which "before" can refute but
    *not* prove. Callaway & Sant'Anna (2021), J. Econometrics 225, 200-230. Pinned by
    ``tests/test_evaluation_event_study.py``.

    Examples
    --------
    >>> panel = pd.DataFrame({"unit_id": list("AABBCCDD"), "period": [1, 2] * 4,
    ...                       "value": [1, 5, 2, 5, 1, 2, 3, 5],
    ...                       "first_trained": [2] * 4 + [None] * 4})
    >>> found = estimate_staggered(panel)
    >>> found[["kind", "value", "n", "n_comparison"]].values.tolist()[:2]
    [['event', 0.0, 2, 2], ['event', 2.0, 2, 2]]
    """
    if base < 1 or leads < 1 or lags < 0:
        raise AnalysisError("An event study needs base >= 1, leads >= 1 and lags >= 0.")
    data = _read(panel, unit, period, outcome, first, cluster)
    sums = _compare(data, base, leads, lags)
    steps = np.arange(-leads, lags + 1)
    rows: list[dict[str, object]] = []
    for place, step in enumerate(steps):
        rows.append({"kind": EVENT, "event_time": step} | _row(data, sums, [place], confidence))
    early = np.flatnonzero(steps < -base)
    rows.append({"kind": OVERALL} | _row(data, sums, np.flatnonzero(steps >= 0), confidence))
    rows.append({"kind": BEFORE} | _row(data, sums, early, confidence))
    tested = pd.Series([rows[i]["p"] for i in early], dtype=float).dropna()
    joint = min(1.0, tested.min() * len(tested)) if len(tested) else np.nan
    rows.append({**rows[-1], "kind": JOINT, "value": np.nan, "low": np.nan, "high": np.nan})
    rows[-1]["p"] = joint
    table = pd.DataFrame(rows, columns=[*COLUMNS, "method"])
    table["event_time"] = table["event_time"].astype("Int64")
    return table[table["n"] > 0].reset_index(drop=True)


def _read(
    panel: pd.DataFrame, unit: str, period: str, outcome: str, first: str, cluster: str | None
) -> _Panel:
    if panel.empty:
        raise DataError("The panel has no rows.")
    lacking = [c for c in (unit, period, outcome, first, cluster or unit) if c not in panel]
    if lacking:
        raise DataError(f"The panel lacks {', '.join(lacking)}.")
    group = panel[cluster].fillna(panel[unit]) if cluster else panel[unit]
    rows = pd.DataFrame({"unit": panel[unit], "time": number_periods(panel[period])})
    rows = rows.assign(y=panel[outcome].astype(float), cluster=group)
    rows["first"] = number_periods(panel[first]).fillna(np.inf)
    one = rows.groupby("unit", observed=True)[["first", "cluster"]].nunique()
    if rows.duplicated(["unit", "time"]).any() or (one > 1).to_numpy().any():
        raise DataError("A unit has a period twice, two first periods or two clusters.")
    wide = rows.pivot(index="unit", columns="time", values="y")
    time = np.arange(wide.columns.min(), wide.columns.max() + 1).astype(int)
    of_unit = rows.drop_duplicates("unit").set_index("unit").loc[wide.index]
    codes = pd.factorize(of_unit["cluster"])[0]
    start = of_unit["first"].to_numpy()
    return _Panel(wide.reindex(columns=time).to_numpy(), time, start, codes)


def _alike(data: _Panel, base: int) -> Iterator[tuple[float, Floats, Flags]]:
    """First period, every unit's outcomes less its mean over the base, and who is alike in both."""
    seen = ~np.isnan(data.outcome) & (data.time < data.first[:, None])
    seen &= np.isfinite(data.first)[:, None]
    later = seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    kept = seen & (later <= base)
    keys = np.column_stack([data.first, kept])
    for key in np.unique(keys[kept.any(axis=1)], axis=0):
        before = data.outcome[:, key[1:].astype(bool)].mean(axis=1, keepdims=True)
        yield float(key[0]), data.outcome - before, (keys == key).all(axis=1)


def _compare(data: _Panel, base: int, leads: int, lags: int) -> _Sums:
    """Add up the differences of the trained units by event time, leaving out each cluster."""
    units, clusters, width = len(data.first), data.cluster.max() + 1, leads + lags + 1
    total, count = np.zeros((2, clusters + 1, width))
    trained, other = np.zeros((2, units, width), dtype=bool)
    for first, change, members in _alike(data, base):
        step = (data.time - first).astype(int) + leads
        inside = (step >= 0) & (step < width)
        change, at = change[:, inside], step[inside]
        free = data.first[:, None] > np.maximum(data.time[inside], first)
        known = ~np.isnan(change)
        one, two = known & members[:, None], known & free
        size, mean = _leave_out(change, one, data.cluster, clusters)
        others, level = _leave_out(change, two, data.cluster, clusters)
        usable = (size > 0) & (others > 0)
        total[:, at] += np.where(usable, size * (mean - level), 0.0)
        count[:, at] += np.where(usable, size, 0.0)
        trained[:, at] |= one & usable[-1]
        other[:, at] |= two & usable[-1]
    return _Sums(total, count, trained, other)


def _leave_out(
    change: Floats, kept: Flags, cluster: NDArray[np.int64], clusters: int
) -> tuple[Floats, Floats]:
    """Count and mean of the kept cells per period without each cluster; the last row is all."""
    sums, counts = np.zeros((2, clusters + 1, change.shape[1]))
    np.add.at(sums, cluster, np.where(kept, change, 0.0))
    np.add.at(counts, cluster, kept)
    sums, counts = sums.sum(axis=0) - sums, counts.sum(axis=0) - counts
    return counts, sums / np.where(counts > 0, counts, 1.0)


def _row(data: _Panel, sums: _Sums, places: object, confidence: float) -> dict[str, object]:
    """One figure over some event times, with its jackknife interval."""
    at = np.asarray(places, dtype=int)
    trained = sums.trained[:, at].any(axis=1)
    other = sums.other[:, at].any(axis=1) & ~trained
    with np.errstate(invalid="ignore"):
        values = sums.total[:, at].sum(axis=1) / sums.people[:, at].sum(axis=1)
    one = np.unique(data.cluster[trained])
    two = np.setdiff1d(data.cluster[other], one)
    # Where nearly all are trained in the end, they are one another's comparison: a single side.
    sides = [one, two] if len(two) > 1 else [np.union1d(one, two)]
    parts = [_spread(values[side]) for side in sides]
    variance = sum(part[0] for part in parts)
    row = {"value": values[-1], "n": int(trained.sum()), "level": confidence, "method": METHOD}
    row["n_comparison"] = int(sums.other[:, at].any(axis=1).sum())
    if np.isnan(variance) or variance < TINY:
        why = "too few" if np.isnan(variance) else "base, or no variance"
        return row | {"low": np.nan, "high": np.nan, "p": np.nan, "method": f"{METHOD}; {why}"}
    df = variance**2 / sum(part[0] ** 2 / part[1] for part in parts)
    half = stats.t.ppf((1 + confidence) / 2, df) * np.sqrt(variance)
    p = 2 * stats.t.sf(abs(values[-1]) / np.sqrt(variance), df)
    return row | {"low": values[-1] - half, "high": values[-1] + half, "p": float(p)}


def _spread(values: Floats) -> tuple[float, float]:
    """Jackknife variance and degrees of freedom of one side; missing below two clusters."""
    m = len(values)
    if m < 2:
        return np.nan, np.nan
    return float((m - 1) / m * ((values - values.mean()) ** 2).sum()), m - 1.0
