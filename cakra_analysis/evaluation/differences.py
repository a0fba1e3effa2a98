"""Gains by trainer, place or session, and whether they differ by more than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.mixed import MixedFit, fit_mixed
from cakra_analysis.intervals import t_interval

FEWEST = 4  # groups, below which nothing is told of how much groups differ
GROUPS = ["trainer", "venue", "session_id"]
COLUMNS = ["value", "low", "high", "level", "n", "shrunk", "shrunk_low", "shrunk_high", "weight"]
COLUMNS += ["overall", "between", "variance_share", "p_between", "method"]


def score_groups(
    gains: pd.DataFrame,
    *,
    by: str = "trainer",
    within: str | None = "session_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return each group's mean gain, drawn to the mean of all the more the less is known of it.

    Parameters
    ----------
    gains : DataFrame
        One row a person and course, for instance from ``pair_people``: ``by``, pre, gain; course_id
        and ``within`` where there are any; where there is a status, completers count only.
    by : str
        trainer, venue or session_id.
    within : str, optional
        Smaller groups inside those of ``by`` that differ too, so that a trainer with two lucky
        sessions is no better trainer. Left out where it is no column or is ``by``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a group, sorted: ``by``, ``value`` (mean gain, points) with ``low``, ``high`` (t
        over people), ``level``, ``n`` (people); ``shrunk`` with ``shrunk_low`` and ``shrunk_high``
        (points, at the mean pre-score and mix of courses); ``weight`` (0-1, how much of a group's
        difference was kept); and the same in every row: ``overall`` (points), ``between`` (standard
        deviation of groups, points), ``variance_share`` (of groups, 0-1), ``p_between`` (of no
        difference), ``method``. Below four groups or without variance nothing is shrunk: missing.

    Raises
    ------
    DataError
        When ``by`` is no such column.

    Notes
    -----
    gain = b0 + b1 (pre - mean pre) + course + u_group (+ u_within) + e by REML; shrunk = b0 + u.
    weight = A / (A + v), A the variance of groups and v of a group's mean. The intervals count that
    A is estimated: 2 v^2 / (v + A)^3 var(A) is added, after Prasad & Rao (1990), JASA 85, 163-171,
    but a shrunk mean never counts as less sure than a raw one. Where A is zero all are the mean.
    p_between: likelihood ratio, half a chi-square. A group that gains more need *not* be the better
    one: its people were not drawn by lot. Robinson (1991), Statistical Science 6, 15-32. Pinned by
    ``tests/test_evaluation_differences.py`` (lme4).

    Examples
    --------
    >>> gains = pd.DataFrame({"trainer": list("AABBCCDD"), "pre": [50.0, 60] * 4,
    ...                       "gain": [4.0, 6, 9, 11, 14, 16, 19, 21]})
    >>> score_groups(gains)[["trainer", "value", "shrunk"]].round(1).values.tolist()
    [['A', 5.0, 5.0], ['B', 10.0, 10.0], ['C', 15.0, 15.0], ['D', 20.0, 20.0]]
    """
    if by not in GROUPS or by not in gains:
        raise DataError(
            f'"{by}" is not a column by which gains can be compared.',
            allowed=f"Columns are: {', '.join(g for g in GROUPS if g in gains)}.",
        )
    rows = gains[gains["status"] == "completed"] if "status" in gains else gains
    rows = rows[rows[[by, "pre", "gain"]].notna().all(axis=1)]
    table = rows.groupby(by, observed=True)["gain"].agg(value="mean", variance="var", n="size")
    spread = (table["variance"] / table["n"]).where(table["variance"] > 1e-12)
    low, high = t_interval(table["value"], spread, table["n"] - 1, confidence)
    table = table.assign(low=low, high=high, level=confidence)
    inner = within if within in rows and within != by else None
    method = _refuse(table, rows)
    if not method:
        table = table.assign(**_draw(rows, by, inner, confidence))
        method = "mixed model, REML; pre-score held constant"
        method += "; sessions within groups" if inner else ""
    return table.assign(method=method).reindex(columns=COLUMNS).rename_axis(by).reset_index()


def _refuse(table: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Why there is no model, or an empty text."""
    if len(table) < FEWEST or len(rows) < len(table) + FEWEST:
        return "too few groups"
    return "no variance" if rows["gain"].std() < 1e-9 else ""


def _draw(
    rows: pd.DataFrame, by: str, within: str | None, confidence: float
) -> dict[str, np.ndarray | float]:
    """Columns of the mixed model, a row a group in the order of its code."""
    gain, columns = rows["gain"].to_numpy(dtype=float), _columns(rows)
    codes = [pd.factorize(rows[by], sort=True)[0]]
    inner = [] if within is None else [_inside(rows, by, within)]
    fit, none = fit_mixed(gain, columns, codes + inner), fit_mixed(gain, columns, inner)
    between, v = float(fit.variances[0]), _noise(fit, codes[0], inner)
    shrunk = fit.fixed[0] + fit.groups[0]
    at_mean = np.eye(columns.shape[1])[0]
    spread = np.array([fit.spread(at_mean, place) for place in range(len(shrunk))])
    unsure = 2 * v**2 / (v + between) ** 3 * 2 / (1 / (between + v) ** 2).sum()
    spread += np.minimum(unsure, np.maximum(v - spread, 0.0))
    half = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(spread)
    ratio = max(none.deviance - fit.deviance, 0.0)
    return {
        "shrunk": shrunk,
        "shrunk_low": shrunk - half,
        "shrunk_high": shrunk + half,
        "weight": between / (between + v),
        "overall": float(fit.fixed[0]),
        "between": float(np.sqrt(between)),
        "variance_share": between / (float(fit.variances.sum()) + fit.residual),
        "p_between": float(stats.chi2.sf(ratio, 1)) / 2 if ratio > 1e-9 else 1.0,
    }


def _columns(rows: pd.DataFrame) -> np.ndarray:
    """The constant, the pre-score and the courses, so centred that the constant is the mean."""
    parts = rows[["pre"]].astype(float)
    if "course_id" in rows:
        courses = pd.get_dummies(rows["course_id"].astype(str), dtype=float).iloc[:, 1:]
        parts = pd.concat([parts, courses], axis=1)
    kept = np.ones((len(rows), 1))
    for _, column in (parts - parts.mean()).items():
        more = np.column_stack([kept, column])
        kept = more if np.linalg.matrix_rank(more) > kept.shape[1] else kept
    return kept


def _inside(rows: pd.DataFrame, by: str, within: str) -> np.ndarray:
    """A session with two trainers is two groups."""
    return rows.groupby([by, within], observed=True, dropna=False).ngroup().to_numpy()


def _noise(fit: MixedFit, code: np.ndarray, inner: list[np.ndarray]) -> np.ndarray:
    """Variance of each group's mean around the group's own truth."""
    if not inner:
        return fit.residual / np.bincount(code)
    size = np.bincount(inner[0])
    outer = pd.Series(code).groupby(inner[0]).first().to_numpy()
    known = 1 / (fit.variances[1] + fit.residual / size)
    return 1 / np.bincount(outer, known)
