"""The portfolio as a mixed-integer programme: columns, and rows by the rule they keep.

Columns: sessions and seats of each course, seats of each group and course (people in need, then
others), and pieces of each group's gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from cakra_analysis.design.problem import Array, Problem
from cakra_analysis.design.rules import Rules

MILLION = 1e6
# A plan of the same value that costs less is better: so much of the whole value is the budget
# worth. Far below any gap to optimal that is asked for.
THRIFT = 1e-6


@dataclass(frozen=True)
class Rows:
    """Rows of one rule: ``low <= matrix @ columns <= high``."""

    matrix: csr_array
    low: Array
    high: Array


@dataclass(frozen=True)
class Model:
    """A programme to maximise ``worth``; ``rows`` by rule, "" the ones that always hold.

    ``seat_group`` and ``seat_course`` say whose the seat columns are; those up to ``needy`` are
    of people in need. ``cells`` numbers groups and competencies that can close (-1: cannot),
    ``piece_cell`` says to which each piece belongs, ``seat_columns`` where the seats of people in
    need stand (-1: nowhere).
    """

    worth: Array
    upper: Array
    whole: Array
    rows: dict[str, Rows]
    courses: int
    seat_group: Array
    seat_course: Array
    needy: int
    thrift: float
    cells: Array
    piece_cell: Array
    seat_columns: Array

    @property
    def first_seat(self) -> int:
        """Position of the first seat column."""
        return 2 * self.courses

    @property
    def first_piece(self) -> int:
        """Position of the first piece column."""
        return 2 * self.courses + len(self.seat_group)


class _Builder:
    """Collects the entries of the rows of one rule."""

    def __init__(self, width: int) -> None:
        self.width, self.height = width, 0
        self.parts: list[tuple[Array, Array, Array]] = []
        self.low: list[Array] = []
        self.high: list[Array] = []

    def add(self, rows: Any, columns: Any, values: Any) -> None:
        self.parts.append(tuple(np.broadcast_arrays(rows, columns, values)))  # type: ignore[arg-type]

    def bound(self, count: int, low: Any, high: Any) -> None:
        self.height += count
        self.low.append(np.broadcast_to(np.asarray(low, float), count))
        self.high.append(np.broadcast_to(np.asarray(high, float), count))

    def build(self) -> Rows:
        low, high = np.concatenate(self.low), np.concatenate(self.high)
        parts = [*self.parts, (np.zeros(0, int), np.zeros(0, int), np.zeros(0))]
        row, column, value = (np.concatenate(p) for p in zip(*parts, strict=True))
        shape = (self.height, self.width)
        return Rows(csr_array(coo_array((value, (row, column)), shape=shape)), low, high)


def build_model(problem: Problem, rules: Rules) -> Model:
    """Build the programme of a problem and its rules.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        Checked.

    Returns
    -------
    Model
        Its value is the weighted levels closed, less a touch of thrift.

    Notes
    -----
    The rows of each rule stand in ``rule_rows``; those that always hold add up a course's seats
    and let the pieces of a gap take no more than the seats give.
    """
    need, extra = problem.seats_need, problem.seats_all - problem.seats_need
    first, second = np.nonzero(need > 0), np.nonzero(extra > 0)
    group = np.concatenate([first[0], second[0]])
    course = np.concatenate([first[1], second[1]])
    seats = np.concatenate([need[first], extra[second]])
    cells, pieces = _list_pieces(problem, rules)
    courses = len(problem.offers)
    total = np.bincount(course, seats, minlength=courses)
    upper = np.concatenate([np.maximum(total, 1), total, seats, pieces["most"]])
    width = len(upper)
    whole = np.zeros(width)
    whole[:courses] = 1
    whole[2 * courses : 2 * courses + len(seats)] = 1
    worth = np.zeros(width)
    worth[width - len(pieces["most"]) :] = pieces["weight"]
    worth[: 2 * courses] -= _spare(problem, rules, total)
    number = np.full(problem.gaps.shape, -1)
    number[cells] = np.arange(len(cells[0]))
    columns = np.full(need.shape, -1)
    columns[first] = 2 * courses + np.arange(len(first[0]))
    model = Model(
        worth=worth,
        upper=upper,
        whole=whole,
        rows={},
        courses=courses,
        seat_group=group,
        seat_course=course,
        needy=len(first[0]),
        thrift=THRIFT * problem.whole_gap,
        cells=number,
        piece_cell=pieces["cell"],
        seat_columns=columns,
    )
    model.rows[""] = _always(problem, model, pieces)
    return model


def list_costs(problem: Problem, rules: Rules) -> tuple[Array, Array]:
    """Return what a session and a seat of each course cost.

    Parameters
    ----------
    problem : Problem
        Its offers are used.
    rules : Rules
        Its day_cost_idr is used.

    Returns
    -------
    tuple of two arrays
        Rupiah a session (with what is kept back for its meeting days), rupiah a seat.
    """
    offers = problem.offers
    days = offers["meeting_days"].to_numpy() * rules.day_cost_idr
    return offers["cost_session_idr"].to_numpy() + days, offers["cost_seat_idr"].to_numpy()


def _spare(problem: Problem, rules: Rules, total: Array) -> Array:
    """What a session and a seat of each course count against a plan, so that none is idle."""
    scale = rules.budget_idr if 0 < rules.budget_idr < np.inf else _cost_all(problem, rules, total)
    each = np.concatenate(list_costs(problem, rules))
    return np.asarray(THRIFT * problem.whole_gap / max(scale, 1.0) * each)


def _cost_all(problem: Problem, rules: Rules, total: Array) -> float:
    per_session, per_seat = list_costs(problem, rules)
    sessions = np.ceil(total / problem.offers["seats_most"].to_numpy())
    return float(per_session @ sessions + per_seat @ total)


def _list_pieces(problem: Problem, rules: Rules) -> tuple[tuple[Array, Array], dict[str, Array]]:
    """Cells (group, competency) that some seat can close, and their pieces."""
    weight = problem.competencies["weight"].to_numpy()
    can = np.zeros(problem.gaps.shape)
    np.add.at(can.T, problem.pairs["competency"].to_numpy(), problem.usable.T)
    group, competency = np.nonzero((can > 0) & (weight > 0)[None, :])
    cells = (group, competency)
    gap, count = problem.gaps[cells], len(cells[0])
    used = [(s, f) for s, f in zip(rules.overlap_shares, rules.overlap_factors, strict=True) if f]
    pieces = {
        "most": np.concatenate([share * gap for share, _ in used] or [np.zeros(0)]),
        "factor": np.repeat([factor for _, factor in used], count).astype(float),
        "cell": np.tile(np.arange(count), len(used)),
        "weight": np.tile(weight[cells[1]], len(used)),
    }
    return cells, pieces


def _always(problem: Problem, model: Model, pieces: dict[str, Array]) -> Rows:
    rows = _Builder(len(model.upper))
    seat = model.first_seat + np.arange(len(model.seat_group))
    rows.add(model.seat_course, seat, 1.0)
    rows.add(np.arange(model.courses), model.courses + np.arange(model.courses), -1.0)
    rows.bound(model.courses, 0, 0)
    number, column = model.cells, model.seat_columns
    pairs = zip(problem.pairs["course"], problem.pairs["competency"], strict=True)
    for at, (course, competency) in enumerate(pairs):
        here = np.nonzero((problem.usable[:, at] > 0) & (number[:, competency] >= 0))[0]
        rows.add(
            model.courses + number[here, competency],
            column[here, course],
            -problem.usable[here, at],
        )
    piece = model.first_piece + np.arange(len(pieces["cell"]))
    rows.add(model.courses + pieces["cell"], piece, 1 / np.maximum(pieces["factor"], 1e-12))
    rows.bound(int(number.max(initial=-1)) + 1, -np.inf, 0)
    return rows.build()


def stack_rows(parts: list[Rows]) -> Rows:
    """Put rows one below the other.

    Parameters
    ----------
    parts : list of Rows
        Of one width; at least one.

    Returns
    -------
    Rows
        All of them.
    """
    matrix = vstack([p.matrix for p in parts], format="csr")
    low, high = (np.concatenate([getattr(p, side) for p in parts]) for side in ("low", "high"))
    return Rows(csr_array(matrix), low, high)
