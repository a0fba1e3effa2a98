"""How many of those who need a course have completed it."""

from __future__ import annotations

import pandas as pd

PAIR = ["staff_id", "competency_id"]


def score_coverage(
    gaps_by_person: pd.DataFrame,
    courses: pd.DataFrame,
    completed: pd.DataFrame,
    *,
    below_from: float = 0.5,
) -> pd.DataFrame:
    """Return the share of those in need of each course's competency who completed the course.

    Parameters
    ----------
    gaps_by_person : DataFrame
        staff_id, competency_id, ``gap`` (levels) of one cycle.
    courses : DataFrame
        course_id, and perhaps competency_id.
    completed : DataFrame
        staff_id, course_id, of whichever cycles are to count.
    below_from : float
        A person is in need from this gap on, in levels.

    Returns
    -------
    DataFrame
        One row a course, in the order of ``courses``: course_id, competency_id, ``value`` (0-1,
        missing where nobody is in need), ``n`` (people in need), ``reached`` (of them, completed).

    Notes
    -----
    Need is counted as rated *after* the course, so whoever it helped out of need has left the
    count: it tells who is left to reach, *not* how many the course served. Pinned by
    ``tests/test_improvement_actions.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": ["A", "B"], "competency_id": "M.1", "gap": [1.0, 0.6]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "competency_id": ["M.1"]})
    >>> done = pd.DataFrame({"staff_id": ["A"], "course_id": ["C"]})
    >>> score_coverage(gaps, courses, done)[["value", "n", "reached"]].values.tolist()
    [[0.5, 2.0, 1.0]]
    """
    needing = gaps_by_person.loc[gaps_by_person["gap"] >= below_from, PAIR].astype("str")
    held = courses.reindex(columns=["course_id", "competency_id"]).astype("str")
    pairs = needing.merge(held, on="competency_id", validate="many_to_many")
    done = completed[["staff_id", "course_id"]].astype("str").drop_duplicates()
    told = pairs.merge(
        done, on=["staff_id", "course_id"], how="left", indicator=True, validate="one_to_one"
    )
    told["came"] = told["_merge"] == "both"
    counts = told.groupby("course_id")["came"].agg(n="size", reached="sum")
    table = held.merge(counts, on="course_id", how="left", validate="one_to_one")
    table = table.fillna({"n": 0, "reached": 0})
    share = (table["reached"] / table["n"]).where(table["n"] > 0)
    return table.assign(value=share)[["course_id", "competency_id", "value", "n", "reached"]]
