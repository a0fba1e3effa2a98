"""The timetable as a constraint programme, solved by OR-Tools CP-SAT."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from .timetable_inputs import NOWHERE
from .timetable_problem import Choice, Problem, Task

# CP-SAT's own measure of work, about a second; so many of them for a second on the wall, so that
# the wall clock seldom decides and the same tables give the same plan.
WORK = 0.5


class Solved(NamedTuple):
    """What the solver found: ``status`` optimal, feasible, infeasible or unknown."""

    choices: list[Choice] | None
    value: int
    bound: int
    status: str


@dataclass
class Variables:
    """The model's variables, one entry a task."""

    model: Any
    start: list[list[Any]] = field(default_factory=list)
    venue: list[list[Any]] = field(default_factory=list)
    trainer: list[list[Any]] = field(default_factory=list)
    day: list[list[Any]] = field(default_factory=list)
    cost: list[Any] = field(default_factory=list)


def build(problem: Problem) -> Variables:
    """Write a problem down as a constraint programme.

    For each session s: one of its sets of days, one room, one trainer. A meeting is an interval of
    one day whose place follows from the set of days; it is present in the room that was chosen.
    No two intervals of a room, or of a trainer, overlap; those of a unit fill at most the number
    that may be away (cumulative). ``cost`` gathers the terms of the objective.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    Variables
        The model and its variables.
    """
    from ortools.sat.python import cp_model

    variables = Variables(cp_model.CpModel())
    for task in problem.tasks:
        _add_task(variables, task)
    rooms = (problem.venue_open, problem.venue_soft, "room_once" in problem.rules)
    people = (problem.trainer_open, problem.trainer_soft, "trainer_once" in problem.rules)
    _share(variables, problem, variables.venue, [t.venues for t in problem.tasks], *rooms)
    _share(variables, problem, variables.trainer, [t.trainers for t in problem.tasks], *people)
    _limit_away(variables, problem)
    _limit_months(variables, problem)
    _order(variables, problem)
    return variables


def _add_task(variables: Variables, task: Task) -> None:
    from ortools.sat.python import cp_model

    model = variables.model
    kinds = (
        (variables.start, task.start_cost),
        (variables.venue, task.venue_cost),
        (variables.trainer, task.trainer_cost),
    )
    for kept, cost in kinds:
        chosen = [model.new_bool_var("") for _ in cost]
        model.add_exactly_one(chosen)
        kept.append(chosen)
        variables.cost += [int(c) * b for c, b in zip(cost, chosen, strict=True) if c]
    days = []
    for meeting in range(task.days):
        places = task.starts[:, meeting].tolist()
        domain = cp_model.Domain.from_values(sorted(set(places)) or [0])
        day = model.new_int_var_from_domain(domain, "")
        model.add(cp_model.LinearExpr.weighted_sum(variables.start[-1], places) == day)
        days.append(day)
    variables.day.append(days)


def _share(
    variables: Variables,
    problem: Problem,
    chosen: list[list[Any]],
    options: list[Any],
    is_open: Any,
    soft: Any,
    once: bool,
) -> None:
    """No room (or trainer) twice a day, none while closed; points for soft closures."""
    from ortools.sat.python import cp_model

    model = variables.model
    held: dict[int, list[list[Any]]] = {}
    for place, (task, codes) in enumerate(zip(problem.tasks, options, strict=True)):
        for literal, code in zip(chosen[place], codes.tolist(), strict=True):
            if code == NOWHERE:
                continue
            meetings = [
                model.new_optional_fixed_size_interval_var(day, 1, literal, "")
                for day in variables.day[place]
            ]
            held.setdefault(code, []).append(meetings)
            points = soft[code][task.starts].sum(axis=1) if task.starts.size else np.zeros(0)
            if points.any():
                most = int(points.max())
                paid = model.new_int_var(0, most, "")
                sets = cp_model.LinearExpr.weighted_sum(variables.start[place], points.tolist())
                model.add(paid >= sets - most * (1 - literal))
                variables.cost.append(paid)
    for code, sessions in held.items():
        shut = [
            model.new_fixed_size_interval_var(int(d), 1, "") for d in np.flatnonzero(~is_open[code])
        ]
        if once:
            model.add_no_overlap([m for meetings in sessions for m in meetings] + shut)
        elif shut:
            for meeting in (m for meetings in sessions for m in meetings):
                model.add_no_overlap([meeting, *shut])


def _limit_away(variables: Variables, problem: Problem) -> None:
    if "away" not in problem.rules:
        return
    calls: dict[int, list[tuple[Any, int]]] = {}
    for place, task in enumerate(problem.tasks):
        for unit, seats in task.units:
            calls.setdefault(unit, []).extend((day, seats) for day in variables.day[place])
    for unit, called in calls.items():
        most = int(problem.most_away[unit])
        if sum(seats for _, seats in called) > most:
            model = variables.model
            meetings = [model.new_fixed_size_interval_var(day, 1, "") for day, _ in called]
            model.add_cumulative(meetings, [seats for _, seats in called], most)


def _limit_months(variables: Variables, problem: Problem) -> None:
    """Points for every meeting above a month's share."""
    from ortools.sat.python import cp_model

    if not problem.crowded:
        return
    total = sum(task.days for task in problem.tasks)
    for month, most in enumerate(problem.month_most.tolist()):
        terms, counts = [], []
        for place, task in enumerate(problem.tasks):
            here = (problem.month[task.starts] == month).sum(axis=1)
            terms += [variables.start[place][i] for i in np.flatnonzero(here)]
            counts += here[here > 0].tolist()
        if sum(counts) and most < total:
            over = variables.model.new_int_var(0, total, "")
            variables.model.add(over >= cp_model.LinearExpr.weighted_sum(terms, counts) - most)
            variables.cost.append(problem.crowded * over)


def _order(variables: Variables, problem: Problem) -> None:
    """What is required comes first; of two sessions that are the same, the first is the earlier."""
    model = variables.model
    for place, task in enumerate(problem.tasks):
        if task.needs:
            after = [model.new_bool_var("") for _ in task.needs]
            for literal, other in zip(after, task.needs, strict=True):
                ends, begins = variables.day[other][-1], variables.day[place][0]
                model.add(ends < begins).only_enforce_if(literal)
            model.add_bool_or(after)
    for one, other in find_twins(problem):
        model.add(variables.day[one][0] <= variables.day[other][0])


def find_twins(problem: Problem) -> list[tuple[int, int]]:
    """Find neighbours among sessions that are the same in everything.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    list of tuple of int
        Places of two such sessions, the earlier code first.
    """
    last: dict[object, int] = {}
    pairs = []
    for place, task in enumerate(problem.tasks):
        if task.present is None and not task.needs:
            arrays = (task.starts, task.start_cost, task.venue_cost, task.trainer_cost)
            alike = (
                task.course_id,
                task.seats,
                task.days,
                task.units,
                *(a.tobytes() for a in arrays),
            )
            if alike in last:
                pairs.append((last[alike], place))
            last[alike] = place
    return pairs


def sort_twins(problem: Problem, choices: list[Choice]) -> list[Choice]:
    """Give sessions that are the same their places in order of date.

    Parameters
    ----------
    problem : Problem
        The problem.
    choices : list of Choice
        A place for each session.

    Returns
    -------
    list of Choice
        The same places; the plan and its points do not change.
    """
    groups: dict[int, list[int]] = {}
    head: dict[int, int] = {}
    for one, other in find_twins(problem):
        head[other] = head.get(one, one)
        groups.setdefault(head[other], [head[other]]).append(other)
    sorted_choices = list(choices)
    for places in groups.values():
        for place, choice in zip(places, sorted(choices[i] for i in places), strict=True):
            sorted_choices[place] = choice
    return sorted_choices
