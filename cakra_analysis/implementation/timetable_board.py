"""A timetable in the making: what is taken, and the cheapest place left for a session."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .timetable_inputs import NOWHERE
from .timetable_problem import Choice, Problem, Task

FAR = np.int64(2**60)  # points of what cannot be


class Board:
    """Sessions with the places they have, and everything those places take.

    Parameters
    ----------
    problem : Problem
        What is to be placed.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.choices: list[Choice | None] = [None] * len(problem.tasks)
        size = len(problem.dates)
        self.rooms_taken = np.zeros_like(problem.venue_open)
        self.trainers_taken = np.zeros_like(problem.trainer_open)
        self.away = np.zeros((len(problem.unit_ids), size), dtype=np.int64)
        self.in_month = np.zeros(len(problem.month_most), dtype=np.int64)
        self._order = [_count_in_month(problem, task) for task in problem.tasks]
        self.followers: dict[int, list[int]] = {}
        for place, task in enumerate(problem.tasks):
            for other in task.needs:
                self.followers.setdefault(other, []).append(place)

    def days_of(self, place: int) -> NDArray[np.int64] | None:
        """Give the days that a session has now.

        Parameters
        ----------
        place : int
            Place of the task.

        Returns
        -------
        ndarray of int or None
            None if it has none.
        """
        choice = self.choices[place]
        return None if choice is None else self.problem.tasks[place].starts[choice.start]

    def put(self, place: int, choice: Choice) -> None:
        """Place a session.

        Parameters
        ----------
        place : int
            Place of the task.
        choice : Choice
            Where.
        """
        self.choices[place] = choice
        self._take(place, choice, 1)

    def lift(self, place: int) -> None:
        """Take a session off the board, and those that may no longer stand without it.

        Parameters
        ----------
        place : int
            Place of the task.
        """
        choice = self.choices[place]
        if choice is None:
            return
        self._take(place, choice, -1)
        self.choices[place] = None
        for other in self.followers.get(place, ()):
            days = self.days_of(other)
            if days is not None and days[0] <= self._first_end(self.problem.tasks[other]):
                self.lift(other)

    def _take(self, place: int, choice: Choice, sign: int) -> None:
        problem, task = self.problem, self.problem.tasks[place]
        days = task.starts[choice.start]
        venue, trainer = task.venues[choice.venue], task.trainers[choice.trainer]
        if venue != NOWHERE and "room_once" in problem.rules:
            self.rooms_taken[venue, days] = sign > 0
        if trainer != NOWHERE and "trainer_once" in problem.rules:
            self.trainers_taken[trainer, days] = sign > 0
        for unit, seats in task.units:
            self.away[unit, days] += sign * seats
        np.add.at(self.in_month, problem.month[days], sign)

    def _first_end(self, task: Task) -> int:
        """Day on which the first session of the required course ends; the year's end if none."""
        ends = [days[-1] for i in task.needs if (days := self.days_of(i)) is not None]
        return int(min(ends)) if ends else len(self.problem.dates)

    def find(self, place: int, rng: Generator | None = None) -> tuple[Choice | None, int]:
        """Find the cheapest free place for a session.

        Parameters
        ----------
        place : int
            Place of the task.
        rng : Generator, optional
            Draws among equals; without it the earliest is taken.

        Returns
        -------
        tuple of Choice or None, and int
            The place and its points, the crowding of its months included.
        """
        problem, task = self.problem, self.problem.tasks[place]
        starts = task.starts
        if not (len(starts) and len(task.venues) and len(task.trainers)):
            return None, int(FAR)
        cost = task.start_cost + self._crowd(place)
        if task.units and "away" in problem.rules:
            over = np.zeros(len(problem.dates), dtype=bool)
            for unit, seats in task.units:
                over |= self.away[unit] + seats > problem.most_away[unit]
            cost = np.where(over[starts].any(axis=1), FAR, cost)
        if task.needs:
            cost = np.where(starts[:, 0] <= self._first_end(task), FAR, cost)
        shut = self.rooms_taken | ~problem.venue_open
        rooms = _cost_places(starts, task.venues, task.venue_cost, shut, problem.venue_soft)
        shut = self.trainers_taken | ~problem.trainer_open
        people = _cost_places(starts, task.trainers, task.trainer_cost, shut, problem.trainer_soft)
        total = np.minimum(cost, FAR) + rooms.min(axis=0) + people.min(axis=0)
        least = total.min()
        if least >= FAR:
            return None, int(FAR)
        equal = np.flatnonzero(total == least)
        start = int(equal[0] if rng is None else rng.choice(equal))
        room, who = int(rooms[:, start].argmin()), int(people[:, start].argmin())
        return Choice(start, room, who), int(least)

    def _crowd(self, place: int) -> NDArray[np.int64]:
        months, rank = self._order[place]
        over = self.in_month[months] + rank >= self.problem.month_most[months]
        return over.sum(axis=1) * np.int64(self.problem.crowded)

    def cost(self) -> tuple[int, int]:
        """Count what has no place, and the points of what has.

        Returns
        -------
        tuple of int
            Sessions without a place, points.
        """
        placed = [(i, c) for i, c in enumerate(self.choices) if c is not None]
        points = sum(cost_choice(self.problem, i, choice) for i, choice in placed)
        return len(self.choices) - len(placed), points + self.crowd_points()

    def crowd_points(self) -> int:
        """Count the points of crowded months.

        Returns
        -------
        int
            Points.
        """
        over = np.maximum(0, self.in_month - self.problem.month_most).sum()
        return int(over * self.problem.crowded)


def _count_in_month(problem: Problem, task: Task) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The month of each meeting, and how many earlier meetings of the set are in the same."""
    months = problem.month[task.starts]
    rank = np.zeros_like(months)
    for before, here in pairwise(range(months.shape[1])):
        same = months[:, here] == months[:, before]
        rank[:, here] = np.where(same, rank[:, before] + 1, 0)
    return months, rank


def _cost_places(
    starts: NDArray[np.int64],
    places: NDArray[np.int64],
    cost: NDArray[np.int64],
    shut: NDArray[np.bool_],
    soft: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Points of each room (or trainer) with each set of days: one row a room."""
    if places[0] == NOWHERE:
        return np.zeros((1, len(starts)), dtype=np.int64)
    barred = shut[places][:, starts].any(axis=2)
    points = np.broadcast_to(cost[:, None], barred.shape)
    if soft[places].any():
        points = points + soft[places][:, starts].sum(axis=2)
    return np.where(barred, FAR, points)


def cost_choice(problem: Problem, place: int, choice: Choice) -> int:
    """Count the points of one session's place, crowding aside.

    Parameters
    ----------
    problem : Problem
        The problem.
    place : int
        Place of the task.
    choice : Choice
        Where it stands.

    Returns
    -------
    int
        Points.
    """
    task = problem.tasks[place]
    days = task.starts[choice.start]
    venue, trainer = task.venues[choice.venue], task.trainers[choice.trainer]
    points = task.start_cost[choice.start]
    points += task.venue_cost[choice.venue] + task.trainer_cost[choice.trainer]
    if venue != NOWHERE:
        points += problem.venue_soft[venue, days].sum()
    if trainer != NOWHERE:
        points += problem.trainer_soft[trainer, days].sum()
    return int(points)
