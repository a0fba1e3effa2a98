"""Who was put forward, invited, came and completed, by course and by unit."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cakra_analysis.tree import climb

PUT_FORWARD = ("nominated", "invited", "declined")  # "waiting" has no seat yet
INVITED = ("invited", "declined")
CAME = ("completed", "dropped")

COUNTS = ["nominated", "invited", "declined", "waiting", "due", "answered", "came", "completed",
          "moved_up", "uninvited"]  # fmt: skip
COLUMNS = [*COUNTS, "came_share", "completed_share", "n"]


@dataclass(frozen=True)
class Delivery:
    """What became of the people put forward.

    Attributes
    ----------
    by_course : DataFrame
        One row a course with a session, sorted: course_id, ``sessions`` (all), ``held`` (with
        anybody in attendance), and the columns below.
    by_unit : DataFrame
        One row a unit with anybody on a list (with all units below it), sorted: unit_id and the
        columns below.

    Notes
    -----
    Counts are of places, a person in two sessions counts twice: ``nominated`` (put forward, invited
    or not), ``invited`` (of these; who declined was invited too), ``declined``, ``waiting`` (on the
    list, no seat yet), ``due`` (nominated, in sessions held), ``answered`` (of these, came),
    ``came`` (completed or dropped out, nominated or not), ``completed``, ``moved_up`` (came from
    the waiting list), ``uninvited`` (came and stood on no list, of sessions that have one).
    ``came_share`` = answered / due, ``completed_share`` = completed / came (0-1, missing of none).
    ``n`` is people, each once.
    """

    by_course: pd.DataFrame
    by_unit: pd.DataFrame


def count_delivery(
    nominations: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
) -> Delivery:
    """Count who was put forward, invited, came and completed.

    Parameters
    ----------
    nominations : DataFrame
        session_id, staff_id, status (nominated, invited, declined, waiting); may be empty.
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent); may be empty.
    sessions : DataFrame
        session_id, course_id; rows of other sessions are left out.
    courses : DataFrame
        course_id; sessions of other courses are left out.
    staff : DataFrame
        staff_id, unit_id; who is not in it counts by course and in no unit.
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    Delivery
        Tables by course and by unit. Full counts, so without intervals; who came is *not* who
        learnt.

    Notes
    -----
    Pinned by ``tests/test_implementation_delivery.py``.

    Examples
    --------
    >>> nominations = pd.DataFrame({"session_id": "S", "staff_id": list("ABC"),
    ...                             "status": ["invited", "nominated", "waiting"]})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AD"),
    ...                            "status": ["completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": ["C"]})
    >>> staff = pd.DataFrame({"staff_id": list("ABCD"), "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> found = count_delivery(nominations, attendance, sessions, sessions, staff, units).by_course
    >>> found[["nominated", "came", "uninvited", "came_share", "n"]].values.tolist()
    [[2.0, 2.0, 1.0, 0.5, 4.0]]
    """
    own = sessions.loc[
        sessions["course_id"].isin(courses["course_id"]), ["session_id", "course_id"]
    ]
    places = _list_places(nominations, attendance, own)
    met = own["session_id"].isin(attendance["session_id"])
    numbers = own.assign(held=met).groupby("course_id")["held"].agg(["size", "sum"])
    numbers.columns = pd.Index(["sessions", "held"])
    by_course = numbers.join(_count(places, "course_id")).reset_index()
    by_course = by_course.fillna(dict.fromkeys([*COUNTS, "n"], 0))
    placed = places.merge(staff[["staff_id", "unit_id"]], on="staff_id", validate="many_to_one")
    by_unit = _count(climb(placed, units), "unit_id").reset_index()
    whole = dict.fromkeys([*COUNTS, "n"], int)
    return Delivery(by_course.astype({"held": int} | whole), by_unit.astype(whole))


def _list_places(
    nominations: pd.DataFrame, attendance: pd.DataFrame, sessions: pd.DataFrame
) -> pd.DataFrame:
    """One row a person and session on any list, with what is true of it."""
    keys = ["session_id", "staff_id"]
    listed = nominations[[*keys, "status"]].rename(columns={"status": "listed"})
    went = attendance[[*keys, "status"]].rename(columns={"status": "went"})
    rows = listed.merge(went, on=keys, how="outer", validate="one_to_one")
    rows = rows.merge(sessions, on="session_id", validate="many_to_one")
    put, came = rows["listed"].isin(PUT_FORWARD), rows["went"].isin(CAME)
    waits = rows["listed"] == "waiting"
    met = rows["session_id"].isin(attendance["session_id"])
    listing = rows["session_id"].isin(nominations["session_id"])
    truths = {
        "nominated": put,
        "invited": rows["listed"].isin(INVITED),
        "declined": rows["listed"] == "declined",
        "waiting": waits,
        "due": put & met,
        "answered": put & came,
        "came": came,
        "completed": rows["went"] == "completed",
        "moved_up": came & waits,
        "uninvited": came & rows["listed"].isna() & listing,
    }
    return rows[[*keys, "course_id"]].assign(**truths)


def _count(places: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = places.groupby(by, observed=True)
    table = groups[COUNTS].sum().astype(int)
    table = table.assign(
        came_share=table["answered"] / table["due"].where(table["due"] > 0),
        completed_share=table["completed"] / table["came"].where(table["came"] > 0),
        n=groups["staff_id"].nunique(),
    )
    return table[COLUMNS]
