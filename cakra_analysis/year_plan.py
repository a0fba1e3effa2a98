"""A year's plan in one go: programme, timetable, and people in seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cakra_analysis import design, implementation
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import AnalysisError
from cakra_analysis.once import once
from cakra_analysis.settings import Settings
from cakra_analysis.year import Year
from cakra_analysis.year_problem import make_problem

NEAR = 0.005  # gap to the best programme at which the search stops


@dataclass(frozen=True)
class YearPlan:
    """What is held, when and where.

    Attributes
    ----------
    problem : Problem
        Groups of people and courses on offer.
    portfolio : Portfolio
        What is held for whom.
    sessions, session_units : DataFrame
        From ``list_sessions``.
    days : DataFrame
        The year's calendar.
    timetable : Timetable
        When, where and by whom.
    called : DataFrame
        The rows of ``session_units`` that call people away from their post.
    """

    problem: design.Problem
    portfolio: design.Portfolio
    sessions: pd.DataFrame
    session_units: pd.DataFrame
    days: pd.DataFrame
    timetable: implementation.Timetable
    called: pd.DataFrame


def make_days(tables: Dataset, year: Year, *, settings: Settings) -> pd.DataFrame:
    """Return the calendar of the year.

    Parameters
    ----------
    tables : Dataset
        With ``closures``.
    year : Year
        From ``gather_year``.
    settings : Settings
        The section ``implementation``.

    Returns
    -------
    DataFrame
        From ``list_days``.
    """
    chosen = settings.implementation
    return implementation.list_days(
        year.year,
        closures=tables["closures"],
        galungan=chosen.galungan,
        kuningan=chosen.kuningan,
        saraswati=chosen.saraswati,
        pagerwesi=chosen.pagerwesi,
        avoid_friday=chosen.avoid_friday,
    )


@once
def plan_year(tables: Dataset, year: Year, rules: design.Rules, *, settings: Settings) -> YearPlan:
    """Choose the programme and give every session its days, venue and trainer.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    year : Year
        From ``gather_year``.
    rules : Rules
        From ``make_rules``.
    settings : Settings
        The sections ``learning`` and ``implementation``.

    Returns
    -------
    YearPlan
        Programme and timetable.

    Raises
    ------
    ConflictError
        When no programme or no timetable keeps all rules.
    AnalysisError
        As ``plan_with`` and ``plan_timetable``.
    """
    problem = make_problem(year, settings=settings)
    portfolio = once(design.plan_with)(problem, rules, gap=NEAR)
    sessions, session_units = design.list_sessions(portfolio, year.offers)
    days = make_days(tables, year, settings=settings)
    timetable = implementation.plan_timetable(
        sessions,
        session_units,
        year.offers,
        tables["venues"],
        tables["trainers"],
        days,
        unit_people=year.sizes,
        closures=tables["closures"],
        away=settings.implementation.away,
        day_jp=settings.implementation.day_jp,
        ramadan_jp=settings.implementation.ramadan_jp,
        seconds=settings.implementation.seconds,
    )
    called = implementation.list_called(session_units, sessions, year.offers)
    return YearPlan(problem, portfolio, sessions, session_units, days, timetable, called)


def draw_year(
    year: Year, plan: YearPlan, courses: Sequence[str], *, seed: int | None = None
) -> design.Lots:
    """Draw lots for the seats of some courses, so that those who wait can be compared.

    Parameters
    ----------
    year : Year
        From ``gather_year``.
    plan : YearPlan
        From ``plan_year``.
    courses : sequence of str
        Codes of courses that the plan holds.
    seed : int, optional
        Of the draw; the year of the plan unless given.

    Returns
    -------
    Lots
        From ``draw_lots``, each unit's people among its own seats.

    Raises
    ------
    AnalysisError
        When the plan does not hold one of the courses.
    """
    held = sorted(set(plan.sessions["course_id"]))
    if strangers := [code for code in courses if code not in held]:
        raise AnalysisError(
            f'No lots can be drawn for "{strangers[0]}": the plan does not hold it.',
            allowed=f"It holds: {', '.join(held)}.",
        )
    sessions = plan.sessions[plan.sessions["course_id"].isin(courses)]
    seats = plan.session_units.merge(sessions[["session_id", "course_id"]], on="session_id")
    seats = seats.groupby(["course_id", "unit_id"], as_index=False)["seats"].sum()
    eligible = design.list_eligible(
        year.gaps, year.people, year.effects, weights=year.weights, completed=year.completed
    )
    return design.draw_lots(eligible, seats, seed=year.year if seed is None else seed)


@once
def nominate_year(
    year: Year, plan: YearPlan, *, settings: Settings, lots: design.Lots | None = None
) -> design.Nomination:
    """Put named (pseudonymised) people into the seats of a plan.

    Parameters
    ----------
    year : Year
        From ``gather_year``.
    plan : YearPlan
        From ``plan_year``.
    settings : Settings
        The sections ``design`` and ``learning``.
    lots : Lots, optional
        From ``draw_year``: in these courses only those drawn are seated.

    Returns
    -------
    Nomination
        From ``nominate``, with waiting lists that hold everybody.
    """
    given = (year.gaps, year.people, year.offers, year.effects, plan.sessions)
    return design.nominate(
        *given,
        weights=year.weights,
        courses_most=settings.design.courses_most,
        least_jp=settings.learning.least_jp,
        most_jp_pppk=settings.learning.most_jp_pppk,
        session_units=plan.session_units,
        meetings=plan.timetable.meetings,
        completed=year.completed,
        lots=None if lots is None else lots.people,
        share_unused=True,
        waiting_most=len(year.people),
        time_limit=settings.implementation.seconds,
    )


def support_year(
    tables: Dataset, staff: pd.DataFrame, *, cycle: str, settings: Settings
) -> tuple[implementation.Support, pd.Timestamp]:
    """Plan the support of those who completed a course in a cycle, as far as the data tell.

    Parameters
    ----------
    tables : Dataset
        With the courses of the cycle, ``mentors`` and ``follow_ups``.
    staff : DataFrame
        Whose support: staff_id, unit_id, supervisor_id.
    cycle : str
        The cycle.
    settings : Settings
        The sections ``implementation`` and ``evaluation``.

    Returns
    -------
    tuple of Support and Timestamp
        From ``plan_support``, and the last day that the data tell of.
    """
    sessions = tables["sessions"][tables["sessions"]["cycle"] == cycle]
    chosen, windows = settings.implementation, settings.evaluation
    today = implementation.find_data_day(sessions, tables["follow_ups"])
    support = implementation.plan_support(
        tables["attendance"],
        sessions,
        tables["courses"],
        staff,
        tables["mentors"],
        tables["follow_ups"],
        today=today,
        units=tables["units"],
        follow_days=chosen.follow_days,
        windows={"technical": windows.technical, "managerial": windows.managerial},
        own_supervisor=chosen.own_supervisor,
    )
    return support, today
