"""What a move weighs, and the plan with the fewest of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .timetable_board import Board
from .timetable_inputs import NOWHERE, Inputs, Present
from .timetable_model import Solved, build
from .timetable_problem import Choice, Problem, Task
from .timetable_solve import run

# Points; what follows a move (days away, the new place's own points) stays below the least of them.
DATE, ROOM, TRAINER = 400_000, 200_000, 100_000
PER_DAY, MOST_DAYS = 10, 365
PER_POINT, MOST_POINTS = 10_000, 1_000  # the new place: one for each 10,000 of its own points


def weigh_moves(inputs: Inputs, problem: Problem) -> Problem:
    """Replace the points of a plan by the weight of leaving the present one.

    Parameters
    ----------
    inputs : Inputs
        Tells where each session stands.
    problem : Problem
        The problem.

    Returns
    -------
    Problem
        The same choices; staying costs nothing.
    """
    tasks = [_weigh(problem, task, inputs.present[task.session_id]) for task in problem.tasks]
    nothing = np.zeros_like(problem.venue_soft), np.zeros_like(problem.trainer_soft)
    return replace(
        problem, tasks=tuple(tasks), venue_soft=nothing[0], trainer_soft=nothing[1], crowded=0
    )


def _weigh(problem: Problem, task: Task, now: Present) -> Task:
    dates = problem.dates.get_indexer(pd.DatetimeIndex(now.dates))
    same = (task.starts == dates).all(axis=1)
    apart = np.abs(task.starts[:, 0] - dates[0]).clip(max=MOST_DAYS)
    room = find_place(problem.venue_ids, now.venue_id)
    who = find_place(problem.trainer_ids, now.trainer_id)
    days = DATE + PER_DAY * apart
    return replace(
        task,
        start_cost=_unless(same, days, task.start_cost),
        venue_cost=_unless(task.venues == room, ROOM, task.venue_cost),
        trainer_cost=_unless(task.trainers == who, TRAINER, task.trainer_cost),
    )


def _unless(
    same: NDArray[np.bool_], weight: NDArray[np.int64] | int, points: NDArray[np.int64]
) -> NDArray[np.int64]:
    moved = weight + np.minimum(points // PER_POINT, MOST_POINTS)
    return np.where(same, 0, moved).astype(np.int64)


def find_place(codes: tuple[str, ...], code: str | None) -> int:
    """Find where a code stands in a list.

    Parameters
    ----------
    codes : tuple of str
        The list.
    code : str or None
        The code.

    Returns
    -------
    int
        Its place; -1 if it is not there.

    Examples
    --------
    >>> find_place(("V1", "V2"), "V2"), find_place(("V1", "V2"), None)
    (1, -1)
    """
    return codes.index(code) if code in codes else NOWHERE


def hold(problem: Problem, free: set[int]) -> Problem:
    """Leave all but some sessions no choice but to stay.

    Parameters
    ----------
    problem : Problem
        The problem.
    free : set of int
        Places of the sessions that may move.

    Returns
    -------
    Problem
        The others have one set of days, one room, one trainer.
    """
    tasks = [
        task if place in free or task.present is None else keep_only(task, task.present)
        for place, task in enumerate(problem.tasks)
    ]
    return replace(problem, tasks=tuple(tasks))


def keep_only(task: Task, choice: Choice) -> Task:
    """Reduce a session to one choice.

    Parameters
    ----------
    task : Task
        The session.
    choice : Choice
        What it keeps.

    Returns
    -------
    Task
        With that choice alone.
    """
    start, venue, trainer = (slice(i, i + 1) for i in choice)
    return replace(
        task,
        starts=task.starts[start],
        start_cost=task.start_cost[start],
        venues=task.venues[venue],
        venue_cost=task.venue_cost[venue],
        trainers=task.trainers[trainer],
        trainer_cost=task.trainer_cost[trainer],
        present=Choice(0, 0, 0),
    )


def stands(problem: Problem, place: int) -> bool:
    """Tell whether a session may stay where it is, other sessions aside.

    Parameters
    ----------
    problem : Problem
        The problem.
    place : int
        Place of the session.

    Returns
    -------
    bool
        False if its days, room or trainer are no longer allowed.
    """
    task = problem.tasks[place]
    if task.present is None:
        return False
    alone = replace(keep_only(task, task.present), needs=())
    return Board(replace(problem, tasks=(alone,))).find(0)[0] is not None


def find_fewest(problem: Problem, *, seconds: float, seed: int) -> Solved:
    """Find a plan that moves the fewest sessions, and those by the least weight.

    ``min B sum m[s] + weights`` where m[s] = 1 if session s has other days, another room or another
    trainer, and B is above the sum of all weights.

    Parameters
    ----------
    problem : Problem
        With the weights of ``weigh_moves``.
    seconds : float
        Wall time at most.
    seed : int
        Seed of the solver.

    Returns
    -------
    Solved
        ``value`` and ``bound`` count moved sessions.
    """
    if any(not (len(t.starts) and len(t.venues) and len(t.trainers)) for t in problem.tasks):
        return Solved(None, 0, 0, "infeasible")
    variables = build(problem)
    model, moved = variables.model, []
    for place, task in enumerate(problem.tasks):
        if task.present is None:
            moved.append(1)
            continue
        flag = model.new_bool_var("")
        kinds = (variables.start, variables.venue, variables.trainer)
        for kind, stay in zip(kinds, task.present, strict=True):
            model.add_bool_or(flag, kind[place][stay])
            for i, literal in enumerate(kind[place]):
                model.add_hint(literal, int(i == stay))
        moved.append(flag)
    parts = ((t.start_cost, t.venue_cost, t.trainer_cost) for t in problem.tasks)
    most = 1 + sum(int(part.max()) for three in parts for part in three)
    model.minimize(most * sum(moved) + sum(variables.cost))
    solved = run(variables, seconds=seconds, seed=seed)
    return solved._replace(value=solved.value // most, bound=solved.bound // most)
