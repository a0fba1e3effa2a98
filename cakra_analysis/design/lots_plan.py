"""What a draw of lots buys: the smallest effect that its comparison is likely to show."""

from __future__ import annotations

import pandas as pd


def list_designs(courses: pd.DataFrame, sessions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the draws as designs, in the shape that ``plan_power`` of the evaluation reads.

    Parameters
    ----------
    courses : DataFrame
        ``Lots.courses``.
    sessions : DataFrame, optional
        session_id, course_id; one session a course without it.

    Returns
    -------
    DataFrame
        One row a course with a draw: course_id, n_trained (in by lot), n_comparison (lost the
        draw), sessions.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": ["C", "D"], "drawn": [20, 0], "waiting": [30, 0]})
    >>> list_designs(courses).values.tolist()
    [['C', 20, 30, 1]]
    """
    rows = courses[(courses["drawn"] > 0) & (courses["waiting"] > 0)]
    table = rows[["course_id"]].assign(n_trained=rows["drawn"], n_comparison=rows["waiting"])
    number = {} if sessions is None else sessions.groupby("course_id").size().to_dict()
    table["sessions"] = [int(number.get(c, 1)) for c in table["course_id"]]
    return table.sort_values("course_id", ignore_index=True)


def plan_lots(courses: pd.DataFrame, powers: pd.DataFrame) -> pd.DataFrame:
    """Return by course what the draw costs beside what it lets the evaluation show.

    Parameters
    ----------
    courses : DataFrame
        ``Lots.courses``.
    powers : DataFrame
        What ``plan_power`` made of ``list_designs``: course_id, value, level, power, method.

    Returns
    -------
    DataFrame
        ``courses`` with value (smallest effect likely to be shown, standard deviations), level,
        power and method; missing for a course without a draw.

    Raises
    ------
    MergeError
        When a course has several rows in ``powers``.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": ["C", "D"], "n": [50, 9]})
    >>> powers = pd.DataFrame({"course_id": ["C"], "value": [0.7], "level": [0.95]})
    >>> plan_lots(courses, powers.assign(power=0.8, method="t test"))["value"].tolist()
    [0.7, nan]
    """
    found = powers[["course_id", "value", "level", "power", "method"]]
    table = courses.merge(found, on="course_id", how="left", validate="one_to_one")
    return table.sort_values("course_id", ignore_index=True)
