"""How the satisfaction index moves: by period, its trend, and a break in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.periods import number_periods
from cakra_analysis.evaluation.service import score_ikm
from cakra_analysis.evaluation.skm import ELEMENTS

STEPS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FEWEST_PERIODS = 4  # for a line with an error of its own
FEWEST_EACH_SIDE = 6  # months before and after: a convention, below it no slope can be told
MOST_ALIKE = 0.9  # correlation of neighbouring months that is reckoned with at most
ONE_UNIT = "segmented regression; Newey-West or AR(1); one unit: weaker evidence"


def score_ikm_by_period(
    answers: pd.DataFrame,
    *,
    step: str = "month",
    weight: str = "exact",
    elements: Sequence[str] = tuple(ELEMENTS),
    units: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the satisfaction index of every unit by month, quarter, half year or year.

    Parameters
    ----------
    answers : DataFrame
        As for ``score_ikm``; ``period`` is a month ("2026-03").
    step : str
        "month", "quarter", "half" or "year".
    weight : str
        As for ``score_ikm``.
    elements : sequence of str
        As for ``score_ikm``.
    units : DataFrame, optional
        As for ``score_ikm``.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit and period with answers, sorted, as ``score_ikm``; ``period`` is the first
        month of the step.

    Raises
    ------
    AnalysisError
        When the step is unknown.

    Notes
    -----
    All forms of the step are pooled; it is *not* the mean of its months. PermenPANRB 14/2017.
    Pinned by ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> answers = pd.DataFrame([[3] * 9, [4] * 9], columns=list(ELEMENTS))
    >>> answers = answers.assign(unit_id="U", period=["2026-04", "2026-06"])
    >>> score_ikm_by_period(answers, step="quarter")[["period", "value"]].values.tolist()
    [['2026-04', 87.5]]
    """
    if step not in STEPS:
        raise AnalysisError(f'"{step}" is not a step.', allowed=f"Steps are: {', '.join(STEPS)}.")
    months = number_periods(answers["period"])
    start = months - months % 12 + months % 12 // STEPS[step] * STEPS[step]
    text = {m: f"{int(m) // 12:04d}-{int(m) % 12 + 1:02d}" for m in start.dropna().unique()}
    return score_ikm(
        answers.assign(period=start.map(text)),
        weight=weight,
        elements=elements,
        units=units,
        confidence=confidence,
    )


def estimate_trends(series: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return by how many points a year the index of each unit rises or falls.

    Parameters
    ----------
    series : DataFrame
        From ``score_ikm_by_period``: unit_id, period, value, n.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit, sorted: ``value`` (points a year), ``low``, ``high``, ``level``, ``n``
        (forms), ``periods``, ``method``. Missing below four periods ("too few"); interval missing
        where the line fits exactly ("no variance").

    Notes
    -----
    Weighted least squares of the index on years, weights the forms of the period. Error: the larger
    of Newey & West's with floor(4 (T/100)^(2/9)) lags, too narrow with few periods, and the plain
    one times sqrt((1 + r) / (1 - r)), r the residuals' correlation with the period before, less
    its bias; t on T - 2. Covers about 92% where months are correlated by 0.3, 90% at 0.5. A
    straight line, *not* the seasons; and a trend is no effect of training. Newey & West (1987),
    Econometrica 55, 703-708. Pinned by ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> series = pd.DataFrame({"unit_id": "U", "period": [f"2026-0{m}" for m in range(1, 7)],
    ...                        "value": [70.0, 71.5, 71.8, 73.1, 74.0, 75.2], "n": 40})
    >>> estimate_trends(series)[["value", "low", "high"]].round(1).values.tolist()
    [[11.9, 9.8, 14.0]]
    """
    rows = []
    for unit, given in series.dropna(subset=["value"]).groupby("unit_id", observed=True):
        given = given.assign(month=number_periods(given["period"])).sort_values("month")
        years = (given["month"] - given["month"].mean()) / 12
        row = {"unit_id": unit, "n": int(given["n"].sum()), "periods": len(given)}
        row |= {"value": np.nan, "low": np.nan, "high": np.nan, "method": "too few"}
        if len(given) >= FEWEST_PERIODS:
            columns = np.column_stack([np.ones(len(given)), years])
            found = _regress(given["value"], columns, given["n"], confidence)[1]
            row |= found | {"method": "weighted line; Newey-West or AR(1), the wider"}
            row["method"] = row["method"] if pd.notna(row["low"]) else "no variance"
        rows.append(row)
    columns_out = ["unit_id", "value", "low", "high", "level", "n", "periods", "method"]
    return pd.DataFrame(rows, columns=columns_out).assign(level=confidence)[columns_out]


def estimate_interruption(
    series: pd.DataFrame, *, start: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Return whether one unit's index jumped or turned when something started.

    Parameters
    ----------
    series : DataFrame
        One unit, one row a month: period, value, n; holes are allowed.
    start : str
        First month with the new state ("2026-05").
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        Three rows: ``effect`` "level" (jump at the start, points), "slope" (change of the trend,
        points a year), "before" (trend before, points a year); ``value``, ``low``, ``high``,
        ``level``, ``n`` (forms), ``periods``, ``method``. Missing with fewer than six months on a
        side ("too few").

    Raises
    ------
    DataError
        When the series has several units.

    Notes
    -----
    y_t = b0 + b1 t + b2 1(t >= start) + b3 (t - start) 1(t >= start), weights the forms of the
    month; errors as in ``estimate_trends`` on T - 4. One unit has no comparison: whatever else
    began that month is in the figure, so it is *weaker* evidence than ``estimate_event_study``.
    Wagner et al. (2002), J. Clinical Pharmacy and Therapeutics 27, 299-309. Pinned by
    ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> months = [f"{y}-{m:02d}" for y in (2025, 2026) for m in range(1, 13)]
    >>> wave = [0.3 * (-1) ** (m // 2) for m in range(24)]
    >>> series = pd.DataFrame({"period": months, "value": 75.0 + np.array(wave), "n": 50})
    >>> series["value"] += 3 * (series["period"] >= "2026-01")
    >>> estimate_interruption(series, start="2026-01")[["effect", "value"]].round(1).values.tolist()
    [['level', 3.3], ['slope', -0.0], ['before', -0.3]]
    """
    if "unit_id" in series and series["unit_id"].nunique() > 1:
        raise DataError("The series has several units.", do="Give one, or use an event study.")
    given = series.dropna(subset=["value"])
    given = given.assign(month=number_periods(given["period"])).sort_values("month")
    since = (given["month"] - number_periods(pd.Series([start])).iloc[0]) / 12
    after = (since >= 0).astype(float)
    names = ["level", "slope", "before"]
    table = pd.DataFrame({"effect": names, "value": np.nan, "low": np.nan, "high": np.nan})
    table = table.assign(level=confidence, n=int(given["n"].sum()), periods=len(given))
    if min(after.sum(), len(after) - after.sum()) < FEWEST_EACH_SIDE:
        return table.assign(method=f"{ONE_UNIT}; too few")
    columns = np.column_stack([np.ones(len(given)), after, since * after, since])
    found = pd.DataFrame(_regress(given["value"], columns, given["n"], confidence)[1:])
    exact = f"{ONE_UNIT}; no variance"
    return table.assign(**found, method=np.where(found["low"].isna(), exact, ONE_UNIT))


def _regress(
    value: pd.Series, columns: Any, weights: pd.Series, confidence: float
) -> list[dict[str, float]]:
    """Weighted least squares; by column the larger of the Newey-West and the AR(1) error."""
    from scipy import stats
    from statsmodels.regression.linear_model import WLS

    fitted = WLS(value.to_numpy(dtype=float), columns, weights=weights.to_numpy(dtype=float)).fit()
    if np.allclose(fitted.resid, 0, atol=1e-9):
        return [{"value": v, "low": np.nan, "high": np.nan} for v in fitted.params]
    periods, width = columns.shape
    lags = int(4 * (periods / 100) ** (2 / 9))
    robust = fitted.get_robustcov_results("HAC", maxlags=lags, use_correction=True, use_t=True)
    left = fitted.wresid
    found = (left[1:] @ left[:-1]) / (left @ left)
    # Residuals of a fitted line look less alike than the errors are: bias of order 1 / T.
    alike = np.clip(found + (width + 3 * found) / periods, 0, MOST_ALIKE)
    error = np.maximum(robust.bse, fitted.bse * np.sqrt((1 + alike) / (1 - alike)))
    half = stats.t.ppf((1 + confidence) / 2, periods - width) * error
    rows = zip(fitted.params, half, strict=True)
    return [{"value": v, "low": v - h, "high": v + h} for v, h in rows]
