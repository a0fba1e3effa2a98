"""The tables of a portfolio, read from what the solver chose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.design.closure import close_with
from cakra_analysis.design.groups import GROUP
from cakra_analysis.design.model import Model, list_costs
from cakra_analysis.design.problem import Array, Problem
from cakra_analysis.design.rules import Rules


def read_seats(problem: Problem, model: Model, columns: Array) -> tuple[Array, Array]:
    """Return the seats of a solution.

    Parameters
    ----------
    problem : Problem
        The problem.
    model : Model
        Its programme.
    columns : array
        A solution.

    Returns
    -------
    tuple of two arrays of group x course
        Seats of people in need, and of others.
    """
    seats = np.round(columns[model.first_seat : model.first_piece]).astype(int)
    tables = []
    for part in (slice(0, model.needy), slice(model.needy, None)):
        table = np.zeros(problem.seats_all.shape, dtype=int)
        table[model.seat_group[part], model.seat_course[part]] = seats[part]
        tables.append(table)
    return tables[0], tables[1]


def list_sessions_of(
    problem: Problem, rules: Rules, sessions: Array, need: Array, extra: Array
) -> pd.DataFrame:
    """Return what is held, one row a course.

    Parameters
    ----------
    problem : Problem
        The problem.
    rules : Rules
        Its day_cost_idr is used.
    sessions : array of course
        Sessions chosen; one that no seat asks for is not held.
    need, extra : array of group x course
        Seats of people in need, and of others.

    Returns
    -------
    DataFrame
        ``Portfolio.sessions``.
    """
    offers, seats = problem.offers, (need + extra).sum(axis=0)
    chosen = np.round(sessions).astype(int)
    enough = np.ceil(seats / offers["seats_most"].to_numpy()).astype(int)
    held = np.minimum(chosen, enough)
    per_session, per_seat = list_costs(problem, rules)
    table = pd.DataFrame({"course_id": offers["course_id"], "sessions": held, "seats": seats})
    table["cost_idr"] = per_session * held + per_seat * seats
    table["hours_jp"] = offers["hours_jp"].to_numpy() * seats
    table["closed"] = share_closed(problem, rules, need)
    return table[table["seats"] > 0].reset_index(drop=True)


def share_closed(problem: Problem, rules: Rules, need: Array) -> Array:
    """Return the weighted levels closed by course.

    Parameters
    ----------
    problem : Problem
        The problem.
    rules : Rules
        Its overlap is used.
    need : array of group x course
        Seats of people in need.

    Returns
    -------
    array of course
        What overlap takes away is shared in proportion, so they add to the whole.
    """
    course, competency = (problem.pairs[c].to_numpy() for c in ("course", "competency"))
    taken = problem.usable * need[:, course]
    raw = np.zeros(problem.gaps.shape)
    np.add.at(raw.T, competency, taken.T)
    closed = close_with(problem, rules, need)
    rate = np.divide(closed, raw, out=np.zeros(raw.shape), where=raw > 0)
    rate = rate * problem.competencies["weight"].to_numpy()
    each = (taken * rate[:, competency]).sum(axis=0)
    return np.bincount(course, each, minlength=len(problem.offers))


def list_seats(problem: Problem, need: Array, extra: Array) -> pd.DataFrame:
    """Return the seats, one row a course and group.

    Parameters
    ----------
    problem : Problem
        The problem.
    need, extra : array of group x course
        Seats of people in need, and of others.

    Returns
    -------
    DataFrame
        ``Portfolio.seats``.
    """
    course, group = np.nonzero((need + extra).T)
    table = problem.groups[GROUP].iloc[group].reset_index(drop=True)
    table.insert(0, "course_id", problem.offers["course_id"].to_numpy()[course])
    return table.assign(
        seats=(need + extra)[group, course].astype(int), in_need=need[group, course].astype(int)
    )


def list_closed(problem: Problem, closed: Array) -> pd.DataFrame:
    """Return what closes, one row a group and competency with a gap.

    Parameters
    ----------
    problem : Problem
        The problem.
    closed : array of group x competency
        From ``close_with``.

    Returns
    -------
    DataFrame
        ``Portfolio.closed``.
    """
    group, competency = np.nonzero(problem.in_need)
    table = problem.groups[GROUP].iloc[group].reset_index(drop=True)
    return table.assign(
        competency_id=problem.competencies["competency_id"].to_numpy()[competency],
        people=problem.in_need[group, competency].astype(int),
        gap=problem.gaps[group, competency],
        closed=closed[group, competency],
    )
