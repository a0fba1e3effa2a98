"""A timetable as tables: meetings, who is away, what is used, what it costs, and for charts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .timetable_board import Board
from .timetable_inputs import NOWHERE, Inputs
from .timetable_problem import Choice, Problem

MEETINGS = (
    "session_id",
    "meeting",
    "course_id",
    "date",
    "venue_id",
    "trainer_id",
    "seats",
    "fixed",
)


def list_meetings(inputs: Inputs, problem: Problem, choices: list[Choice]) -> pd.DataFrame:
    """List the meetings of a plan.

    Parameters
    ----------
    inputs : Inputs
        Tells which sessions are fixed.
    problem : Problem
        The problem.
    choices : list of Choice
        A place for each session.

    Returns
    -------
    DataFrame
        The columns of the contract's ``planned_sessions``; venue_id and trainer_id None where a
        course needs none; sorted by session and meeting.
    """
    rows = []
    for task, choice in zip(problem.tasks, choices, strict=True):
        venue, trainer = task.venues[choice.venue], task.trainers[choice.trainer]
        room = None if venue == NOWHERE else problem.venue_ids[venue]
        who = None if trainer == NOWHERE else problem.trainer_ids[trainer]
        now = inputs.present.get(task.session_id)
        fixed = "yes" if now is not None and now.fixed else "no"
        for number, day in enumerate(task.starts[choice.start], start=1):
            date = problem.dates[day]
            rows.append(
                (task.session_id, number, task.course_id, date, room, who, task.seats, fixed)
            )
    meetings = pd.DataFrame(rows, columns=list(MEETINGS))
    meetings["date"] = pd.to_datetime(meetings["date"])
    return meetings.sort_values(["session_id", "meeting"], ignore_index=True)


def list_loads(
    meetings: pd.DataFrame, session_units: pd.DataFrame, unit_people: pd.DataFrame
) -> pd.DataFrame:
    """Count who is away from each unit on each day.

    Parameters
    ----------
    meetings : DataFrame
        session_id, date.
    session_units : DataFrame
        session_id, unit_id, seats.
    unit_people : DataFrame
        unit_id, people.

    Returns
    -------
    DataFrame
        unit_id, date, away, people, share (0-1; of the seats set aside, not of those who came),
        only days on which somebody is away; sorted by unit and date.

    Examples
    --------
    >>> meetings = pd.DataFrame({"session_id": ["A"], "date": pd.to_datetime(["2026-06-02"])})
    >>> units = pd.DataFrame({"session_id": ["A"], "unit_id": ["U1"], "seats": [2]})
    >>> people = pd.DataFrame({"unit_id": ["U1"], "people": [8]})
    >>> list_loads(meetings, units, people)["share"].tolist()
    [0.25]
    """
    calls = meetings[["session_id", "date"]].merge(
        session_units[["session_id", "unit_id", "seats"]], on="session_id", validate="m:m"
    )
    loads = calls.groupby(["unit_id", "date"], as_index=False)["seats"].sum()
    loads = loads[loads["seats"] > 0].rename(columns={"seats": "away"})
    loads = loads.merge(unit_people[["unit_id", "people"]], on="unit_id", validate="m:1")
    loads["share"] = loads["away"] / loads["people"]
    return loads.sort_values(["unit_id", "date"], ignore_index=True)


def list_use(problem: Problem, meetings: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Count the days on which each room and trainer is used.

    Parameters
    ----------
    problem : Problem
        The problem.
    meetings : DataFrame
        The plan.
    days : DataFrame
        The calendar.

    Returns
    -------
    DataFrame
        kind (venue, trainer), code, used (days), open (days that are not hard and not closed),
        share (used of open, 0-1); sorted by kind, then most used first.
    """
    usable = days["strength"].ne("hard").to_numpy()
    parts = []
    kinds = (
        ("venue", problem.venue_ids, problem.venue_open),
        ("trainer", problem.trainer_ids, problem.trainer_open),
    )
    for kind, codes, is_open in kinds:
        used = meetings.groupby(f"{kind}_id")["date"].nunique().reindex(list(codes), fill_value=0)
        part = pd.DataFrame({"kind": kind, "code": list(codes), "used": used.to_numpy()})
        parts.append(part.assign(open=(is_open & usable).sum(axis=1)))
    use = pd.concat(parts)
    use["share"] = np.where(use["open"] > 0, use["used"] / use["open"].clip(lower=1), np.nan)
    return use.sort_values(
        ["kind", "used", "code"], ascending=[False, False, True], ignore_index=True
    )


def list_costs(inputs: Inputs, problem: Problem, choices: list[Choice]) -> pd.DataFrame:
    """Split the points of a plan into their parts.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    problem : Problem
        The problem.
    choices : list of Choice
        A place for each session.

    Returns
    -------
    DataFrame
        part (venues: rent; trainers: fees; travel; kind: campus and private rooms over those of
        the government; soft: soft days and closures; crowded: months above their share), points
        (whole points; venues and trainers are rupiah).
    """
    rooms, points, board = inputs.venues, inputs.points, Board(problem)
    kinds = rooms["kind"].map({"campus": points.campus_day, "private": points.private_day})
    extra, rent = kinds.fillna(0).to_numpy(float), rooms["cost_day_idr"].to_numpy(float)
    total = dict.fromkeys(("venues", "trainers", "kind"), 0.0)
    travel = 0
    for place, (task, choice) in enumerate(zip(problem.tasks, choices, strict=True)):
        board.put(place, choice)
        total["trainers"] += int(task.trainer_cost[choice.trainer])
        venue = task.venues[choice.venue]
        if venue != NOWHERE:
            total["venues"] += rent[venue] * task.days
            total["kind"] += extra[venue] * task.days
            travel += int(task.venue_cost[choice.venue])
    whole = board.cost()[1]
    crowded = board.crowd_points()
    total = {part: round(value) for part, value in total.items()}
    total["travel"] = travel - total["venues"] - total["kind"]
    total["crowded"] = crowded
    total["soft"] = whole - sum(total.values())
    return pd.DataFrame({"part": list(total), "points": list(total.values())})


def list_gantt(meetings: pd.DataFrame, offers: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """List the meetings with their courses' names, for a chart of the year.

    Parameters
    ----------
    meetings : DataFrame
        The plan.
    offers : DataFrame
        course_id, name_id, name_en.
    days : DataFrame
        The calendar.

    Returns
    -------
    DataFrame
        course_id, name_id, name_en, session_id, meeting, date, strength (of the day); sorted by
        the course's first day, session, meeting.
    """
    names = offers[["course_id", "name_id", "name_en"]]
    table = meetings[["course_id", "session_id", "meeting", "date"]].copy()
    table["date"] = pd.to_datetime(table["date"])
    table = table.merge(names, on="course_id", how="left", validate="m:1")
    table = table.merge(days[["date", "strength"]], on="date", how="left", validate="m:1")
    table["first"] = table.groupby("course_id")["date"].transform("min")
    table = table.sort_values(["first", "course_id", "session_id", "meeting"], ignore_index=True)
    columns = ["course_id", "name_id", "name_en", "session_id", "meeting", "date", "strength"]
    return table[columns]


def count_load(
    meetings: pd.DataFrame, session_units: pd.DataFrame, unit_people: pd.DataFrame
) -> pd.DataFrame:
    """Find each unit's fullest day of every week, for a chart.

    Parameters
    ----------
    meetings : DataFrame
        session_id, date.
    session_units : DataFrame
        session_id, unit_id, seats.
    unit_people : DataFrame
        unit_id, people.

    Returns
    -------
    DataFrame
        unit_id, week (its Monday), share (largest share away on a day of it, 0-1), n (people of
        the unit); only weeks in which somebody is away; sorted by unit and week.
    """
    loads = list_loads(meetings, session_units, unit_people)
    loads["week"] = loads["date"] - pd.to_timedelta(loads["date"].dt.day_of_week, unit="D")
    weeks = loads.groupby(["unit_id", "week"], as_index=False).agg(
        share=("share", "max"), n=("people", "first")
    )
    return weeks.sort_values(["unit_id", "week"], ignore_index=True)
