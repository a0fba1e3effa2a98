"""Who sat which test of which course, and in which session: one row a person and course."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import DataError

OCCASIONS = ["earlier", "pre", "then", "post", "retention"]
COMPARISON = "comparison"
STATUSES = ["completed", "dropped", "absent"]  # who came twice counts by the best of them


def pair_tests(tests: pd.DataFrame, *, first: str = "pre", second: str = "post") -> pd.DataFrame:
    """Return each person's scores beside each other.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion (earlier, pre, then, post, retention), score.
    first, second : str
        Occasions between which the gain is taken.

    Returns
    -------
    DataFrame
        One row a person and course with any test, sorted: staff_id, course_id, ``earlier``,
        ``pre``, ``then``, ``post``, ``retention`` (points; missing = not sat), ``gain`` (second
        less first).

    Raises
    ------
    DataError
        When an occasion is unknown, or a person has two scores for one.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("AAB"), "course_id": "C.1",
    ...                       "occasion": ["pre", "post", "pre"], "score": [50.0, 70.0, 60.0]})
    >>> pair_tests(tests)[["staff_id", "pre", "post", "gain"]].values.tolist()
    [['A', 50.0, 70.0, 20.0], ['B', 60.0, nan, nan]]
    """
    unknown = {first, second, *tests["occasion"].dropna()} - set(OCCASIONS)
    if unknown:
        raise DataError(
            f'"{min(unknown)}" is not an occasion of a test.',
            allowed=f"Occasions are: {', '.join(OCCASIONS)}.",
        )
    keys = ["staff_id", "course_id", "occasion"]
    twice = tests[tests.duplicated(keys)]
    if len(twice):
        raise DataError(
            f"{len(twice)} test scores stand twice, the first of course "
            f"{twice['course_id'].iloc[0]}, occasion {twice['occasion'].iloc[0]}.",
            allowed="A person has one score for a course and occasion.",
        )
    wide = tests.astype({"score": float}).pivot(
        index=["staff_id", "course_id"], columns="occasion", values="score"
    )
    wide = wide.reindex(columns=OCCASIONS).rename_axis(columns=None).sort_index()
    return wide.assign(gain=wide[second] - wide[first]).reset_index()


def pair_people(
    tests: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    first: str = "pre",
    second: str = "post",
) -> pd.DataFrame:
    """Return each person's scores with what became of them in the course.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion, score.
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent).
    sessions : DataFrame
        session_id, course_id, perhaps trainer and venue.
    first, second : str
        Occasions between which the gain is taken.

    Returns
    -------
    DataFrame
        The rows of ``pair_tests`` with ``status`` (completed, dropped, absent, or comparison: no
        attendance in a session of the course), ``session_id``, ``trainer`` and ``venue`` (missing
        for comparison people). Who was in two sessions of a course counts in the one that was
        completed, else the first by its code.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("AAB"), "course_id": "C.1",
    ...                       "occasion": ["pre", "post", "pre"], "score": [50.0, 70.0, 60.0]})
    >>> attendance = pd.DataFrame({"session_id": ["S1"], "staff_id": "A", "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S1"], "course_id": "C.1", "trainer": "T1",
    ...                          "venue": "V1"})
    >>> pair_people(tests, attendance, sessions)[["staff_id", "status"]].values.tolist()
    [['A', 'completed'], ['B', 'comparison']]
    """
    where = sessions.reindex(columns=["session_id", "course_id", "trainer", "venue"])
    came = attendance[["session_id", "staff_id", "status"]].merge(
        where, on="session_id", validate="many_to_one"
    )
    order = came["status"].astype("object").map({s: place for place, s in enumerate(STATUSES)})
    came = came.assign(order=order).sort_values(["order", "session_id"], kind="stable")
    came = came.drop_duplicates(["staff_id", "course_id"]).drop(columns="order")
    people = pair_tests(tests, first=first, second=second).merge(
        came, on=["staff_id", "course_id"], how="left", validate="one_to_one"
    )
    return people.assign(status=people["status"].astype("object").fillna(COMPARISON))
