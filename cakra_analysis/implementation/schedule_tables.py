"""A timetable and its calendar as a reader is shown them."""

from __future__ import annotations

import pandas as pd


def list_schedule(
    meetings: pd.DataFrame, offers: pd.DataFrame, venues: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a session: when it begins and ends, where, and for how many.

    Parameters
    ----------
    meetings : DataFrame
        From ``plan_timetable``.
    offers : DataFrame
        course_id, name_id, name_en.
    venues : DataFrame
        venue_id, name.

    Returns
    -------
    DataFrame
        Sorted by first day: session_id, course_id, name_id, name_en, ``start``, ``end`` (ISO
        dates), ``meetings`` (days), ``venue`` (missing online), ``seats``. No trainer: they are
        persons.

    Examples
    --------
    >>> meetings = pd.DataFrame({"session_id": "C-A01", "course_id": "C", "venue_id": "V",
    ...                          "date": pd.to_datetime(["2027-01-11", "2027-01-12"]), "seats": 9})
    >>> offers = pd.DataFrame({"course_id": ["C"], "name_id": "Kursus", "name_en": "Course"})
    >>> venues = pd.DataFrame({"venue_id": ["V"], "name": ["Aula"]})
    >>> list_schedule(meetings, offers, venues)[["start", "end", "venue"]].values.tolist()
    [['2027-01-11', '2027-01-12', 'Aula']]
    """
    dates = pd.to_datetime(meetings["date"])
    rows = meetings.assign(
        date=dates, venue=meetings["venue_id"].map(venues.set_index("venue_id")["name"])
    )
    table = rows.groupby(["session_id", "course_id"], as_index=False).agg(
        start=("date", "min"),
        end=("date", "max"),
        meetings=("date", "size"),
        venue=("venue", "first"),
        seats=("seats", "first"),
    )
    table = table.merge(offers[["course_id", "name_id", "name_en"]], on="course_id", how="left")
    table = table.sort_values(["start", "session_id"], ignore_index=True)
    for end in ("start", "end"):
        table[end] = table[end].dt.strftime("%Y-%m-%d")
    return table


def list_closed(days: pd.DataFrame) -> pd.DataFrame:
    """Return the working days that are closed, with their reasons.

    Parameters
    ----------
    days : DataFrame
        From ``list_days``.

    Returns
    -------
    DataFrame
        ``date`` (ISO), ``reason_id``, ``reason_en``, ``confirmed`` (yes or no).
    """
    closed = days[(days["strength"] == "hard") & (days["weekday"] < 5)]
    return pd.DataFrame(
        {
            "date": pd.to_datetime(closed["date"]).dt.strftime("%Y-%m-%d"),
            "reason_id": closed["name_id"],
            "reason_en": closed["name_en"],
            "confirmed": closed["confirmed"].map({True: "yes", False: "no"}),
        }
    ).reset_index(drop=True)


def find_data_day(sessions: pd.DataFrame, follow_ups: pd.DataFrame) -> pd.Timestamp:
    """Return the last day that the tables tell of, against which steps are due or overdue.

    Parameters
    ----------
    sessions : DataFrame
        end.
    follow_ups : DataFrame
        done.

    Returns
    -------
    Timestamp
        So that a page says the same on whatever day it is built.
    """
    days = pd.to_datetime(pd.concat([sessions["end"], follow_ups["done"]]).dropna())
    return pd.Timestamp(days.max()) if len(days) else pd.Timestamp("1970-01-01")
