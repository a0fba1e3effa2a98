"""Nominations by course and by unit, without anybody's code."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cakra_analysis.design.nomination import Nomination


@dataclass(frozen=True)
class NominationSummary:
    """What ``privacy.publish`` takes; ``n`` is how many people are behind a row.

    Attributes
    ----------
    courses : DataFrame
        One row a course: course_id, eligible (seated or waiting), seats, filled, waiting, benefit
        (mean of the seated), female (share), debt (share of the seated PNS who lack hours),
        reason (commonest of the seated), n (= filled).
    units : DataFrame
        One row a unit: unit_id, people, nominated (people with a seat), share, n (= people).
    reasons : DataFrame
        One row a course, place and reason: course_id, place, reason, n.
    """

    courses: pd.DataFrame
    units: pd.DataFrame
    reasons: pd.DataFrame


def summarise_nominations(
    nomination: Nomination, people: pd.DataFrame, sessions: pd.DataFrame
) -> NominationSummary:
    """Return counts and shares by course, by unit and by reason.

    Parameters
    ----------
    nomination : Nomination
        Made with ``waiting_most`` so large that nobody is cut off, if ``eligible`` and ``waiting``
        are to count everybody.
    people : DataFrame
        staff_id, unit_id, optional sex.
    sessions : DataFrame
        session_id, course_id, seats.

    Returns
    -------
    NominationSummary
        Of every course with sessions and every unit with people.

    Raises
    ------
    MergeError
        When a person stands twice in ``people``.
    """
    columns = ["staff_id", *(c for c in ("sex",) if c in people)]
    seats = nomination.seats.merge(
        people[columns], on="staff_id", how="left", validate="many_to_one"
    )
    known = seats["sex"].isin(["female", "male"]) if "sex" in seats else False
    seats["female"] = (seats["sex"] == "female").where(known) if "sex" in seats else float("nan")
    seats["debt"] = seats["hours_lacking"] > 0
    by_course = seats.groupby("course_id")
    table = sessions.groupby("course_id").agg(seats=("seats", "sum"))
    table["filled"] = by_course.size()
    table["waiting"] = nomination.waiting.groupby("course_id").size()
    table = table.fillna({"filled": 0, "waiting": 0}).astype(int)
    table.insert(0, "eligible", table["filled"] + table["waiting"])
    table["benefit"] = by_course["benefit"].mean()
    table["female"] = by_course["female"].mean()
    table["debt"] = by_course["debt"].mean()
    table["reason"] = by_course["reason"].agg(lambda r: r.mode().iloc[0])
    table["n"] = table["filled"]
    both = pd.concat([nomination.seats, nomination.waiting])
    reasons = both.groupby(["course_id", "place", "reason"]).size().reset_index(name="n")
    return NominationSummary(table.reset_index(), _sum_units(nomination, people), reasons)


def _sum_units(nomination: Nomination, people: pd.DataFrame) -> pd.DataFrame:
    rows = people.assign(nominated=people["staff_id"].isin(nomination.seats["staff_id"]))
    table = rows.groupby("unit_id").agg(people=("staff_id", "size"), nominated=("nominated", "sum"))
    table["share"] = table["nominated"] / table["people"]
    return table.assign(n=table["people"]).reset_index()
