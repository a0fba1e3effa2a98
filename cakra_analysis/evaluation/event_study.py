"""Did service improve where staff were trained: units trained against units not yet trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.periods import number_periods
from cakra_analysis.evaluation.staggered import COLUMNS, OVERALL, estimate_staggered
from cakra_analysis.tree import climb

PLACEBO = "placebo"


def find_trained_units(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    staff: pd.DataFrame,
    *,
    course: str,
    share: float = 0.3,
    units: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return in which month enough of a unit's staff had completed a course.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status.
    sessions : DataFrame
        session_id, course_id, end ("2026-03-14").
    staff : DataFrame
        staff_id, unit_id; everybody in service, also those never trained.
    course : str
        Code of the course.
    share : float
        From this share of the staff on (above 0, at most 1) a unit counts as trained.
    units : DataFrame, optional
        unit_id, parent_id; with it a unit's staff are also those of the units below it.

    Returns
    -------
    DataFrame
        One row a unit with staff, sorted by unit_id: ``first_trained`` ("2026-05"; missing = never
        reached the share), ``share`` (of the staff who have completed it by now, 0-1), ``n``
        (staff).

    Raises
    ------
    AnalysisError
        When ``share`` is not within 0-1, or no session is of this course.

    Notes
    -----
    A person counts from the month in which the first completed session ended. The share is of
    today's staff: who moved away is *not* counted. Pinned by
    ``tests/test_evaluation_event_study.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": ["A"], "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-14"})
    >>> staff = pd.DataFrame({"staff_id": list("ABC"), "unit_id": ["U", "U", "V"]})
    >>> find_trained_units(attendance, sessions, staff, course="C").values.tolist()
    [['U', '2026-03', 0.5, 2], ['V', nan, 0.0, 1]]
    """
    if not 0 < share <= 1:
        raise AnalysisError(f"A share of {share} cannot be reached.", allowed="Above 0, at most 1.")
    held = sessions.loc[sessions["course_id"] == course, ["session_id", "end"]].dropna()
    if held.empty:
        raise AnalysisError(f'No session is of the course "{course}".')
    done = attendance[attendance["status"] == "completed"].merge(held, validate="many_to_one")
    month = done["end"].astype(str).str[:7].groupby(done["staff_id"], observed=True).min()
    people = staff[["staff_id", "unit_id"]] if units is None else climb(staff, units)
    people = people.assign(month=people["staff_id"].map(month)).sort_values(["unit_id", "month"])
    groups = people.groupby("unit_id", observed=True)
    reached = (groups.cumcount() + 1) / groups["month"].transform("size")
    enough = people[people["month"].notna() & (reached >= share - 1e-9)]
    table = groups["month"].agg(share=lambda m: m.notna().mean(), n="size")
    table.insert(0, "first_trained", enough.groupby("unit_id", observed=True)["month"].min())
    return table.reset_index()


def estimate_event_study(
    panel: pd.DataFrame,
    *,
    unit: str = "unit_id",
    period: str = "period",
    outcome: str = "value",
    first: str = "first_trained",
    base: int = 3,
    leads: int = 12,
    lags: int = 12,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how a service outcome moved with the months since a unit was trained.

    Parameters
    ----------
    panel : DataFrame
        One row a unit and month, for instance ``score_ikm`` with ``first_trained`` of
        ``find_trained_units``; holes are allowed.
    unit, period, outcome, first : str
        Names of the columns.
    base : int
        Months before training that a unit is compared with (their mean; the last observed ones).
    leads, lags : int
        Months before and after training to look at.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        As ``estimate_staggered``, one row a month since training and the rows "overall", "before",
        "before joint", and "placebo" (as if trained ``base`` months earlier, with the months from
        the real training on left out: should be about 0). ``n`` counts units.

    Raises
    ------
    DataError
        As ``estimate_staggered``.

    Notes
    -----
    See ``estimate_staggered``; units weigh the same, however many answered. With few units the
    intervals are wide and "no sign" is *not* "no effect". Callaway & Sant'Anna (2021),
    J. Econometrics 225, 200-230. Pinned by ``tests/test_evaluation_event_study.py``.

    Examples
    --------
    >>> rows = [(u, f"2026-0{m}", 75.0 + m + (2 if u in "AB" and m > 4 else 0))
    ...         for u in "ABCD" for m in range(1, 7)]
    >>> panel = pd.DataFrame(rows, columns=["unit_id", "period", "value"])
    >>> panel["first_trained"] = panel["unit_id"].map({"A": "2026-05", "B": "2026-05"})
    >>> found = estimate_event_study(panel).set_index("kind")
    >>> found.loc["overall", ["value", "n", "n_comparison"]].tolist()
    [2.0, 2.0, 2.0]
    """
    names: dict[str, Any] = {"unit": unit, "period": period, "outcome": outcome, "first": first}
    options: dict[str, Any] = {"base": base, "leads": leads, "lags": lags}
    table = estimate_staggered(panel, **names, **options, confidence=confidence)
    placebo = estimate_placebo(panel, **names, shift=base, base=base, confidence=confidence)
    return pd.concat([table, placebo], ignore_index=True) if len(placebo) else table


def estimate_placebo(
    panel: pd.DataFrame,
    *,
    unit: str = "unit_id",
    period: str = "period",
    outcome: str = "value",
    first: str = "first_trained",
    cluster: str | None = None,
    shift: int = 3,
    base: int = 3,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the "effect" of a training that had not taken place yet.

    Parameters
    ----------
    panel : DataFrame
        As for ``estimate_staggered``.
    unit, period, outcome, first : str
        Names of the columns.
    cluster : str, optional
        What is drawn together.
    shift : int
        How many periods before the real training it is pretended to start.
    base : int
        As for ``estimate_staggered``.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row of kind "placebo", columns as ``estimate_staggered``; its value should be about 0.
        Empty where no unit has periods before the pretended start.

    Raises
    ------
    AnalysisError
        When ``shift`` is below 1.

    Notes
    -----
    ``estimate_staggered`` with first - shift, on the periods before the real first one. A placebo
    of about 0 supports parallel trends, it does *not* prove them. Pinned by
    ``tests/test_evaluation_event_study.py``.

    Examples
    --------
    >>> panel = pd.DataFrame({"unit_id": list("AAABBBCCC"), "period": [1, 2, 3] * 3,
    ...                       "value": [1, 3, 9, 1, 1, 1, 2, 2, 2],
    ...                       "first_trained": [3] * 3 + [None] * 6})
    >>> estimate_placebo(panel, shift=1, base=1)["value"].tolist()
    [2.0]
    """
    if shift < 1:
        raise AnalysisError("A placebo starts at least one period before the training.")
    lacking = [c for c in (unit, period, outcome, first) if c not in panel]
    if lacking:
        raise DataError(f"The panel lacks {', '.join(lacking)}.")
    start, time = number_periods(panel[first]), number_periods(panel[period])
    rows = panel.assign(**{first: start - shift, period: time})[~(time >= start)]
    if rows.empty:
        return pd.DataFrame(columns=[*COLUMNS, "method"])
    names: dict[str, Any] = {"unit": unit, "period": period, "outcome": outcome, "first": first}
    found = estimate_staggered(
        rows, **names, cluster=cluster, base=base, lags=shift - 1, leads=1, confidence=confidence
    )
    kept = found[found["kind"] == OVERALL].reset_index(drop=True)
    return kept.assign(kind=PLACEBO, event_time=np.nan).astype({"event_time": "Int64"})
