"""Service where staff were trained against service where they were not yet."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.event_study import estimate_event_study, find_trained_units
from cakra_analysis.evaluation.service_trend import estimate_interruption


def find_rollout(
    series: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    staff: pd.DataFrame,
    *,
    share: float = 0.3,
) -> pd.DataFrame:
    """Return the course that reached most units with an index, and when it reached each.

    Parameters
    ----------
    series : DataFrame
        From ``score_ikm_by_period``: unit_id.
    attendance : DataFrame
        session_id, staff_id, status.
    sessions : DataFrame
        session_id, course_id, end.
    staff : DataFrame
        staff_id, unit_id.
    share : float
        A unit counts as trained once this share of its staff has completed the course, 0-1.

    Returns
    -------
    DataFrame
        One row a unit trained, as from ``find_trained_units``, with course_id; empty where no
        course reached a unit. The course is the one that reached most units, the first by its code
        among equals: it is chosen by whom it reached, *never* by what followed.

    Examples
    --------
    >>> series = pd.DataFrame({"unit_id": ["U"], "period": ["2026-03"], "value": [80.0]})
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": "A", "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": ["2026-03-04"]})
    >>> staff = pd.DataFrame({"staff_id": ["A"], "unit_id": "U"})
    >>> find_rollout(series, attendance, sessions, staff)[["course_id", "unit_id"]].values.tolist()
    [['C', 'U']]
    """
    best = pd.DataFrame(columns=["unit_id", "first_trained", "share", "n", "course_id"])
    for course in sorted(sessions["course_id"].unique()):
        units = find_trained_units(attendance, sessions, staff, course=course, share=share)
        units = units[units["unit_id"].isin(series["unit_id"]) & units["first_trained"].notna()]
        if len(units) > len(best):
            best = units.assign(course_id=course)
    return best.reset_index(drop=True)


def estimate_service_effect(
    series: pd.DataFrame, rollout: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return by how much the index moved in trained units, month by month and in all.

    Parameters
    ----------
    series : DataFrame
        From ``score_ikm_by_period``: unit_id, period, value; units without others below them.
    rollout : DataFrame
        From ``find_rollout``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        As from ``estimate_event_study``, in points of the index; empty where no unit was trained.

    Notes
    -----
    Units count alike, whatever their number of forms. Pinned by
    ``tests/test_evaluation_impact.py`` (the planted effect of the synthetic region).

    Examples
    --------
    >>> series = pd.DataFrame({"unit_id": ["U"], "period": ["2026-03"], "value": [80.0]})
    >>> rollout = pd.DataFrame({"unit_id": [], "first_trained": []})
    >>> estimate_service_effect(series, rollout).empty
    True
    """
    panel = series.merge(
        rollout[["unit_id", "first_trained"]], on="unit_id", how="left", validate="many_to_one"
    )
    if rollout.empty or panel.empty:
        names = ["kind", "event_time", "value", "low", "high", "level", "n", "n_comparison", "p",
                 "method"]  # fmt: skip
        return pd.DataFrame(columns=names)
    return estimate_event_study(panel, first="first_trained", confidence=confidence)


def estimate_single_unit(
    series: pd.DataFrame, rollout: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return whether the only unit's index jumped when its training started.

    Parameters
    ----------
    series : DataFrame
        From ``score_ikm_by_period``, month by month.
    rollout : DataFrame
        From ``find_rollout``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        As from ``estimate_interruption``; empty where several units have an index, which are
        compared with each other instead, or none was trained.

    Examples
    --------
    >>> series = pd.DataFrame({"unit_id": list("UV"), "period": "2026-03", "value": 80.0})
    >>> estimate_single_unit(series, pd.DataFrame({"unit_id": ["U"]})).empty
    True
    """
    if series["unit_id"].nunique() != 1 or len(rollout) != 1:
        return pd.DataFrame(columns=["effect", "value", "low", "high", "level", "n", "periods"])
    start = str(rollout["first_trained"].iloc[0])
    return estimate_interruption(series, start=start, confidence=confidence)
