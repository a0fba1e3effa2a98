"""A good timetable quickly: place one session after the other, then take some off and try again."""

from __future__ import annotations

import time

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .timetable_board import Board, cost_choice
from .timetable_problem import Choice, Problem

LARGEST_RUIN = 25


def search(
    problem: Problem, *, rounds: int, seed: int, bound: int, until: float
) -> tuple[list[Choice | None], int]:
    """Build a timetable and improve it until it meets the bound or the rounds are over.

    Parameters
    ----------
    problem : Problem
        What is to be placed.
    rounds : int
        How often some sessions are taken off and placed anew; 0 gives the plain greedy plan.
    seed : int
        Seed of the draws.
    bound : int
        No plan costs less; on reaching it the search ends.
    until : float
        ``time.perf_counter()`` at which it ends whatever happens.

    Returns
    -------
    tuple of list and int
        Each session's place (None where none was found) and the points of the plan.
    """
    board = Board(problem)
    rng = np.random.default_rng(seed)
    order = _order_tasks(problem)
    _fill(board, order, None)
    best, cheapest = list(board.choices), _least(problem)
    now, kin = board.cost(), _find_kin(problem)
    for _ in range(rounds):
        if now <= (0, bound) or time.perf_counter() > until:
            break
        lifted = _ruin(board, cheapest, kin, rng)
        _fill(board, _shuffle(order, lifted, problem, rng), rng)
        then = board.cost()
        if then <= now:
            now, best = then, list(board.choices)
        else:
            _restore(board, best)
    return best, now[1]


def _order_tasks(problem: Problem) -> list[int]:
    """The least free first; what others require before them."""
    free = [len(t.starts) * len(t.venues) * len(t.trainers) / t.days for t in problem.tasks]
    depth = [0] * len(free)
    for _ in range(len({task.course_id for task in problem.tasks})):
        for place, task in enumerate(problem.tasks):
            if task.needs:
                depth[place] = 1 + max(depth[other] for other in task.needs if other != place)
        if max(depth, default=0) > len(free):
            break  # a circle: no order will do
    return sorted(range(len(free)), key=lambda i: (depth[i], free[i], i))


def _shuffle(order: list[int], lifted: list[int], problem: Problem, rng: Generator) -> list[int]:
    """A new order of those lifted: at random, or the dearest last choice first."""
    drawn = [lifted[i] for i in rng.permutation(len(lifted))]
    if any(problem.tasks[i].needs for i in lifted):
        rank = {place: i for i, place in enumerate(order)}
        loose = [i for i in drawn if not problem.tasks[i].needs]
        return loose + sorted((i for i in drawn if problem.tasks[i].needs), key=rank.__getitem__)
    return drawn


def _fill(board: Board, order: list[int], rng: Generator | None) -> None:
    for place in order:
        if board.choices[place] is None:
            choice, _ = board.find(place, rng)
            if choice is not None:
                board.put(place, choice)


def _least(problem: Problem) -> list[int]:
    """What each session would cost if it were alone."""
    parts = [(t.start_cost, t.venue_cost, t.trainer_cost) for t in problem.tasks]
    return [sum(int(p.min()) if len(p) else 0 for p in three) for three in parts]


def _ruin(board: Board, cheapest: list[int], kin: NDArray[np.bool_], rng: Generator) -> list[int]:
    """Take off a session that stands badly, those in its way, and a few more."""
    problem, count = board.problem, len(board.choices)
    regret = np.array(
        [
            cost_choice(problem, i, choice) - cheapest[i] if choice is not None else 10**8
            for i, choice in enumerate(board.choices)
        ],
        dtype=float,
    )
    weight = regret + 1 + regret.mean() * 0.1
    first = int(rng.choice(count, p=weight / weight.sum()))
    share = kin[first] + 0.05
    share[first] = 0
    most = min(count - 1, int(rng.integers(2, LARGEST_RUIN + 1)))
    if not most:
        share[first] = 1
    others = rng.choice(count, size=most, replace=False, p=share / share.sum()).tolist()
    before = {i for i, choice in enumerate(board.choices) if choice is not None}
    for place in [first, *others]:
        board.lift(place)
    after = {i for i, choice in enumerate(board.choices) if choice is not None}
    return sorted((before - after) | (set(range(count)) - before))


def _find_kin(problem: Problem) -> NDArray[np.bool_]:
    """Whether two sessions may want the same trainer or the same unit's people."""
    tasks = problem.tasks
    shares = np.zeros((len(tasks), len(problem.trainer_ids) + len(problem.unit_ids)))
    for place, task in enumerate(tasks):
        shares[place, task.trainers[task.trainers >= 0]] = 1
        shares[place, [len(problem.trainer_ids) + unit for unit, _ in task.units]] = 1
    return shares @ shares.T > 0


def _restore(board: Board, choices: list[Choice | None]) -> None:
    for place, choice in enumerate(choices):
        if board.choices[place] is not None and board.choices[place] != choice:
            board.lift(place)
    for place, choice in enumerate(choices):
        if choice is not None and board.choices[place] is None:
            board.put(place, choice)
