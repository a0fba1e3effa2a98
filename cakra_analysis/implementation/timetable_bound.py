"""What no timetable can cost less than: days counted instead of placed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .timetable_inputs import NOWHERE
from .timetable_packing import count_windows
from .timetable_problem import Problem, Task

NODES = 200  # of HiGHS' tree; a count, not seconds, so that the bound is the same everywhere
MARGIN = 1e-6  # relative; what floating point may have added to the bound
IMPOSSIBLE = 2**50  # points; rooms or trainers do not suffice even by count
INFEASIBLE = 2  # HiGHS' status


def find_bound(problem: Problem) -> int:
    """Find points that no timetable can go below.

    Days are counted, not placed. Each session s takes a number of soft days k, a room v and a
    trainer t: ``min sum d[s,k] z[s,k] + r[s,v] x[s,v,k] + f[s,t] y[s,t,k]`` where
    ``sum_k z[s,k] = 1``, ``sum_v x[s,v,k] = z[s,k] = sum_t y[s,t,k]``, and d[s,k] is the least
    points of a set of days with k soft ones. A room is used on no more days than it is open, on
    no more days that are not soft than it has, and by no more sessions of one kind than it has
    separate sets of days of that kind; so is a trainer. A timetable keeps all of this, so it
    costs no less. Solved by HiGHS.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    int
        Points; ``IMPOSSIBLE`` if rooms or trainers do not suffice by count.
    """
    tasks = problem.tasks
    if not tasks:
        return 0
    if any(not (len(t.starts) and len(t.venues) and len(t.trainers)) for t in tasks):
        return IMPOSSIBLE
    dates = [_split_days(problem, task) for task in tasks]
    model = _Model(problem, dates)
    model.add("room_once", [(t.venues, t.venue_cost) for t in tasks], problem.venue_open)
    model.add("trainer_once", [(t.trainers, t.trainer_cost) for t in tasks], problem.trainer_open)
    return model.solve()


Days = dict[int, tuple[NDArray[np.int64], int]]


def _split_days(problem: Problem, task: Task) -> Days:
    """By the number of soft days: the sets of days, and the least points of one."""
    if not task.starts.size:
        return {}
    soft = problem.soft[task.starts].sum(axis=1)
    return {
        int(k): (task.starts[soft == k], int(task.start_cost[soft == k].min()))
        for k in np.unique(soft)
    }


class _Model:
    """The counting programme, row by row."""

    def __init__(self, problem: Problem, dates: list[Days]) -> None:
        self.problem, self.dates = problem, dates
        self.cost: list[float] = []
        self.rows: list[tuple[list[int], list[float], float, float]] = []
        self.kinds: dict[tuple[int, int], int] = {}
        for task, split in enumerate(dates):
            places = []
            for soft, (_, least) in split.items():
                self.kinds[task, soft] = len(self.cost)
                places.append(len(self.cost))
                self.cost.append(float(least))
            self.rows.append((places, [1.0] * len(places), 1, 1))

    def add(
        self,
        rule: str,
        wishes: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
        is_open: NDArray[np.bool_],
    ) -> None:
        """Add the rooms (or trainers) that each session may have, and what they can take."""
        by_place: dict[int, list[tuple[int, int, int]]] = {}
        for (task, soft), kind in self.kinds.items():
            places, cost = wishes[task]
            if len(places) and places[0] == NOWHERE:
                continue
            first = len(self.cost)
            self.cost += [float(c) for c in cost]
            columns = list(range(first, len(self.cost)))
            self.rows.append(([kind, *columns], [-1.0] + [1.0] * len(columns), 0, 0))
            for column, place in zip(columns, places.tolist(), strict=True):
                by_place.setdefault(place, []).append((column, task, soft))
        if rule in self.problem.rules:
            for place, held in by_place.items():
                self._limit(held, is_open[place])

    def _limit(self, held: list[tuple[int, int, int]], is_open: NDArray[np.bool_]) -> None:
        used = np.zeros(len(is_open), dtype=bool)
        for _, task, soft in held:
            used[self.dates[task][soft][0]] = True
        columns = [column for column, _, _ in held]
        length = [float(self.problem.tasks[task].days) for _, task, _ in held]
        plain = [float(self.problem.tasks[task].days - soft) for _, task, soft in held]
        free = used & is_open
        self.rows.append((columns, length, 0, float(free.sum())))
        self.rows.append((columns, plain, 0, float((free & ~self.problem.soft).sum())))
        # With the shape: the same bytes are two sets of one day, or one set of two days.
        alike: dict[tuple[object, bytes], list[tuple[int, int, int]]] = {}
        for one in held:
            starts = self.dates[one[1]][one[2]][0]
            alike.setdefault((starts.shape, starts.tobytes()), []).append(one)
        for few in alike.values():
            windows = count_windows(self.dates[few[0][1]][few[0][2]][0], is_open)
            if windows < len(few):
                self.rows.append(([c for c, _, _ in few], [1.0] * len(few), 0, float(windows)))

    def solve(self) -> int:
        """Solve it; the bound of HiGHS, rounded down."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        cost = np.array(self.cost)
        unit = max(1.0, float(cost.max()))  # HiGHS likes numbers near one
        which = np.repeat(np.arange(len(self.rows)), [len(row[0]) for row in self.rows])
        columns = np.concatenate([np.array(row[0], dtype=int) for row in self.rows])
        values = np.concatenate([row[1] for row in self.rows])
        shape = (len(self.rows), len(cost))
        matrix = coo_array((values, (which, columns)), shape=shape).tocsr()
        low, high = (np.array([row[i] for row in self.rows]) for i in (2, 3))
        solved = milp(
            cost / unit,
            constraints=LinearConstraint(matrix, low, high),
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, 1),
            options={"node_limit": NODES, "mip_rel_gap": 1e-4},
        )
        if solved.status == INFEASIBLE:
            return IMPOSSIBLE
        bound = getattr(solved, "mip_dual_bound", None)
        if bound is None or not np.isfinite(bound):
            return 0
        return int(np.floor(bound * unit * (1 - MARGIN)))
