"""Every learning activity of a person with its learning hours (JP), each counted once."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import AnalysisError

COLUMNS = ["staff_id", "year", "source", "route", "course_id", "kind", "status", "given_jp",
           "hours_jp", "repeated", "rated", "confirmed"]  # fmt: skip
REPEATS = ("same", "keep")


def list_activities(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    records: pd.DataFrame,
    conversion: pd.DataFrame,
    *,
    repeats: str = "same",
) -> pd.DataFrame:
    """Return every course attended and every other activity recorded, with its learning hours.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped; absent is left out), hours_jp (JP
        attended) where it is known.
    sessions : DataFrame
        session_id, course_id, cycle.
    courses : DataFrame
        course_id, hours_jp; kind and route where they are known.
    records : DataFrame
        staff_id, cycle, route, quantity (units of the route, or JP for routes by programme).
    conversion : DataFrame
        route, hours_jp (JP a unit; 1 JP = 45 minutes), confirmed (yes, no).
    repeats : str
        What is done with a record of an activity that stands in attendance too: ``same`` counts it
        once, ``keep`` counts both.

    Returns
    -------
    DataFrame
        One row an activity, sorted by person, year, source and route: staff_id, ``year`` (first
        four characters of the cycle), ``source`` (course, record), route, course_id, kind, status
        (of attendance; completed for records), ``given_jp`` (what the activity is worth),
        ``hours_jp`` (what counts: 0 for a course not completed and for a repeated record),
        ``repeated``, ``rated`` (the route has a rate), ``confirmed`` (its rate is confirmed).

    Raises
    ------
    AnalysisError
        When ``repeats`` is unknown.

    Notes
    -----
    A course completed is worth the JP attended, or its own length where they were not recorded. A
    record is worth quantity times JP a unit. No table says which record is which course, so a
    record is *taken as* a course of the same person, year and route with the same JP (the course's
    length or the JP attended); each course absorbs one record at most. A course without a route
    counts as not confirmed. Pinned by ``tests/test_implementation_delivery.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": ["A"],
    ...                            "status": ["completed"], "hours_jp": [10.0]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": ["C"], "cycle": ["2026"]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "route": ["workshop"], "hours_jp": [10.0]})
    >>> records = pd.DataFrame({"staff_id": "A", "cycle": "2026", "route": "workshop",
    ...                         "quantity": [2, 1]})
    >>> rates = pd.DataFrame({"route": ["workshop"], "hours_jp": [5.0], "confirmed": ["yes"]})
    >>> list_activities(attendance, sessions, courses, records, rates)["hours_jp"].tolist()
    [10.0, 0.0, 5.0]
    """
    if repeats not in REPEATS:
        raise AnalysisError(
            f'"{repeats}" is no way to treat what is recorded twice.',
            allowed=f"Ways are: {', '.join(REPEATS)}.",
        )
    attended = _list_attended(attendance, sessions, courses)
    other = _list_recorded(records, conversion)
    twice = _find_repeated(attended, other) if repeats == "same" else other.index[:0]
    other = other.assign(repeated=other.index.isin(twice))
    other["hours_jp"] = other["given_jp"].mask(other["repeated"], 0.0)
    both = [part for part in (attended, other) if len(part)]
    rows = pd.concat(both or [attended], ignore_index=True)
    sure = set(conversion.loc[conversion["confirmed"] == "yes", "route"])
    rows["rated"] = rows["rated"].astype(bool)
    rows["confirmed"] = rows["route"].isin(sure)
    order = ["staff_id", "year", "source", "route", "course_id", "repeated", "given_jp"]
    return rows.sort_values(order, ascending=[True] * 5 + [False, True]).reset_index(drop=True)[
        COLUMNS
    ]


def _list_attended(
    attendance: pd.DataFrame, sessions: pd.DataFrame, courses: pd.DataFrame
) -> pd.DataFrame:
    about = courses[["course_id"]].assign(
        **{name: courses.get(name) for name in ("route", "kind")}, length=courses["hours_jp"]
    )
    came = attendance["status"].isin(["completed", "dropped"])
    rows = attendance.loc[came, ["session_id", "staff_id", "status"]]
    rows["attended"] = attendance["hours_jp"].astype(float) if "hours_jp" in attendance else None
    rows = rows.merge(
        sessions[["session_id", "course_id", "cycle"]], on="session_id", validate="many_to_one"
    ).merge(about, on="course_id", validate="many_to_one")
    given = rows["attended"].astype(float).fillna(rows["length"].astype(float))
    done = rows["status"] == "completed"
    return rows.assign(
        year=rows["cycle"].astype("str").str[:4],
        source="course",
        given_jp=given,
        hours_jp=given.where(done, 0.0),
        repeated=False,
        rated=True,
    )[[*COLUMNS[:-1], "length"]]


def _list_recorded(records: pd.DataFrame, conversion: pd.DataFrame) -> pd.DataFrame:
    rate = records["route"].map(conversion.set_index("route")["hours_jp"]).astype(float)
    return pd.DataFrame(
        {
            "staff_id": records["staff_id"],
            "year": records["cycle"].astype("str").str[:4],
            "source": "record",
            "route": records["route"],
            "course_id": None,
            "kind": None,
            "status": "completed",
            "given_jp": (records["quantity"].astype(float) * rate).fillna(0.0),
            "rated": rate.notna(),
        }
    ).reset_index(drop=True)


def _find_repeated(attended: pd.DataFrame, recorded: pd.DataFrame) -> pd.Index:
    """Records that say the same as a completed course; each course absorbs one at most."""
    keys = ["staff_id", "year", "route"]
    left = attended[(attended["status"] == "completed") & attended["route"].notna()]
    left = left.assign(of=range(len(left)))
    open_ = recorded.loc[recorded["given_jp"] > 0, [*keys, "given_jp"]].assign(
        at=lambda r: r.index, jp=lambda r: r["given_jp"].round(2)
    )
    found: list[int] = []
    for worth in ("length", "given_jp"):
        free = left.assign(jp=left[worth].astype(float).round(2))[[*keys, "jp", "of"]]
        same = [*keys, "jp"]
        free["turn"] = free.groupby(same, observed=True).cumcount()
        open_["turn"] = open_.groupby(same, observed=True).cumcount()
        pairs = free.merge(open_, on=[*same, "turn"], validate="one_to_one")
        found += pairs["at"].tolist()
        left, open_ = left[~left["of"].isin(pairs["of"])], open_[~open_["at"].isin(pairs["at"])]
    return pd.Index(found)
