"""What the courses of a cycle did for each unit's own people, counted up the tree of units."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.answer_means import mean_by
from cakra_analysis.evaluation.pairs import STATUSES
from cakra_analysis.evaluation.transfer import BEHAVIOUR, find_alumni, pair_occasions
from cakra_analysis.tree import climb

ESTIMATE = ["value", "low", "high", "level", "n"]


def count_participation(
    attendance: pd.DataFrame, sessions: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """Count each unit's people in the courses, their completions and their learning hours.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent), hours_jp where it is known.
    sessions : DataFrame
        session_id, course_id; sessions of the cycle, others' rows are left out.
    staff : DataFrame
        staff_id, unit_id (present unit).
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    DataFrame
        One row a unit with anybody listed, sorted: ``courses`` (different ones that its people
        completed), ``completed`` (completions; who completed two courses counts twice),
        ``hours_jp`` (learning hours of these), ``n`` (people listed, each once).

    Notes
    -----
    A completion is a person and course, however often the person sat in it; hours are those of
    the completed sessions. Pinned by ``tests/test_evaluation_units.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AB"), "hours_jp": [8, 0],
    ...                            "status": ["completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": ["C"]})
    >>> staff = pd.DataFrame({"staff_id": list("AB"), "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["R", "U"], "parent_id": [None, "R"]})
    >>> count_participation(attendance, sessions, staff, units).values.tolist()
    [['R', 1, 1, 8.0, 2], ['U', 1, 1, 8.0, 2]]
    """
    rows = climb(_place(attendance, sessions, staff), units)
    done = rows[rows["status"] == "completed"]
    done = done.assign(hours_jp=done.get("hours_jp", float("nan")))
    each = done.drop_duplicates(["unit_id", "staff_id", "course_id"]).groupby("unit_id")
    table = rows.groupby("unit_id")["staff_id"].nunique().rename("n").to_frame()
    table = table.assign(
        courses=each["course_id"].nunique(),
        completed=each.size(),
        hours_jp=done.astype({"hours_jp": float}).groupby("unit_id")["hours_jp"].sum(min_count=1),
    )
    table = table.fillna(0).astype({"courses": int, "completed": int}).reset_index()
    return table[["unit_id", "courses", "completed", "hours_jp", "n"]]


def count_completers(
    attendance: pd.DataFrame, sessions: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """Count each unit's people who completed a course, course by course.

    Parameters
    ----------
    attendance, sessions, staff, units : DataFrame
        As for ``count_participation``.

    Returns
    -------
    DataFrame
        One row a unit and course, sorted: ``n`` (people, each once).

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AB"), "hours_jp": [8, 0],
    ...                            "status": ["completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": ["C"]})
    >>> staff = pd.DataFrame({"staff_id": list("AB"), "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> count_completers(attendance, sessions, staff, units).values.tolist()
    [['U', 'C', 1]]
    """
    rows = climb(_place(attendance, sessions, staff), units)
    done = rows[rows["status"] == "completed"]
    people = done.groupby(["unit_id", "course_id"], observed=True)["staff_id"].nunique()
    return people[people > 0].rename("n").reset_index()


def score_unit_gains(
    pairs: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how far the test scores of each unit's people rose, and how far others' did there.

    Parameters
    ----------
    pairs : DataFrame
        From ``pair_people``: staff_id, course_id, status, gain.
    staff : DataFrame
        staff_id, unit_id.
    units : DataFrame
        unit_id, parent_id.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a unit, sorted: ``value`` (mean gain, points; a person's courses averaged first),
        ``low``, ``high``, ``level``, ``n`` (people who completed with both scores), ``expected``
        (mean gain of everybody in the same courses), ``against`` (value less expected) with
        ``against_low`` and ``against_high``, ``method``.

    Notes
    -----
    A unit whose people sat in courses with large gains gains much without being any better, so
    ``against`` takes each person's gain less the mean gain of the course. Intervals: t over people;
    what people of one session share is not allowed for. A rise is *not* the effect of a course.
    Pinned by ``tests/test_evaluation_units.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": list("ABCD"), "course_id": "C", "status": "completed",
    ...                       "gain": [4.0, 6.0, 1.0, 1.0]})
    >>> staff = pd.DataFrame({"staff_id": list("ABCD"), "unit_id": list("UUVV")})
    >>> units = pd.DataFrame({"unit_id": ["U", "V"], "parent_id": [None, None]})
    >>> score_unit_gains(pairs, staff, units)[["unit_id", "value", "expected"]].values.tolist()
    [['U', 5.0, 3.0], ['V', 1.0, 3.0]]
    """
    rows = pairs[(pairs["status"] == "completed") & pairs["gain"].notna()]
    usual = rows.groupby("course_id", observed=True)["gain"].transform("mean")
    rows = rows.assign(expected=usual, against=rows["gain"] - usual)
    people = rows.groupby("staff_id")[["gain", "expected", "against"]].mean().reset_index()
    people = _climb(people, staff, units)
    table = mean_by(people, ["unit_id"], "gain", confidence=confidence)
    apart = mean_by(people, ["unit_id"], "against", confidence=confidence)
    names = {"value": "against", "low": "against_low", "high": "against_high"}
    table = table.join(apart[[*names]].rename(columns=names))
    table["expected"] = people.groupby("unit_id")["expected"].mean()
    columns = [*ESTIMATE, "expected", *names.values(), "method"]
    return table.reset_index()[["unit_id", *columns]]


def score_unit_transfer(
    transfer: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    *,
    source: str = "supervisor",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how far the behaviour of each unit's alumni changed at work.

    Parameters
    ----------
    transfer, sessions, attendance : DataFrame
        As for ``score_behaviour``.
    staff : DataFrame
        staff_id, unit_id.
    units : DataFrame
        unit_id, parent_id.
    source : str
        Who saw it.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit, sorted: ``value`` (mean change, levels of 1-4, over the four aspects of
        behaviour; a person's courses averaged first), ``low``, ``high``, ``level``, ``n`` (alumni
        rated), ``method``.

    Raises
    ------
    DataError
        When a level is not on the scale 1-4.

    Notes
    -----
    As ``score_behaviour``, counted by unit: before is mostly rated looking back, and a change is
    *not* the course's effect. Pinned by ``tests/test_evaluation_units.py``.

    Examples
    --------
    >>> transfer = pd.DataFrame({"staff_id": list("AABB"), "occasion": ["before", "after"] * 2})
    >>> transfer = transfer.assign(course_id="C", source="supervisor", rater="X",
    ...                            aspect="application", level=[1, 3, 2, 3])
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-01"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AB"),
    ...                            "status": "completed"})
    >>> staff = pd.DataFrame({"staff_id": list("AB"), "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_unit_transfer(transfer, sessions, attendance, staff, units)["value"].tolist()
    [1.5]
    """
    pairs = pair_occasions(transfer[transfer["source"] == source])
    pairs = pairs[pairs["aspect"].isin(BEHAVIOUR) & pairs["change"].notna()]
    alumni = find_alumni(sessions, attendance)[["staff_id", "course_id"]]
    pairs = pairs.merge(alumni, on=["staff_id", "course_id"], validate="many_to_one")
    keys = ["staff_id", "course_id", "aspect"]
    people = pairs.groupby(keys)["change"].mean().groupby(["staff_id", "course_id"]).mean()
    people = people.groupby("staff_id").mean().reset_index()
    rows = _climb(people, staff, units)
    return mean_by(rows, ["unit_id"], "change", confidence=confidence).reset_index()[
        ["unit_id", *ESTIMATE, "method"]
    ]


def _place(attendance: pd.DataFrame, sessions: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Attendance in the given sessions, with the course and the person's unit."""
    rows = attendance[attendance["status"].isin(STATUSES)].merge(
        sessions[["session_id", "course_id"]], on="session_id", validate="many_to_one"
    )
    return rows.merge(staff[["staff_id", "unit_id"]], on="staff_id", validate="many_to_one")


def _climb(people: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """One row a person and unit that the person counts for."""
    placed = people.merge(staff[["staff_id", "unit_id"]], on="staff_id", validate="one_to_one")
    return climb(placed, units)
