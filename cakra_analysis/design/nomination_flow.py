"""The relaxation of a nomination that is a min-cost flow: seats, units and courses a person."""

from __future__ import annotations

import numpy as np

from cakra_analysis.design.nomination_pairs import Pairs
from cakra_analysis.design.nomination_rows import Columns
from cakra_analysis.design.nomination_slots import Slots

FINE = 100_000_000  # steps in which the largest score is counted, as a flow needs whole costs


def solve_flow(pairs: Pairs, slots: Slots, columns: Columns) -> tuple[Columns, float]:
    """Return the best choice that keeps seats, units' seats and most courses a person.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    slots : Slots
        Courses, or sessions.
    columns : Columns
        What may be chosen.

    Returns
    -------
    tuple
        The chosen, and a bound on the score of any choice that keeps these rules.

    Raises
    ------
    RuntimeError
        If the solver of OR-Tools fails, which a flow with room for everybody cannot make it do.

    Notes
    -----
    Source to person (most courses), to unit's seats in the course (1), to course (the unit's
    seats), to sink (seats); and past everybody at no cost, since a seat may stay empty.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    cell, cells = _number(columns.slot * slots.cells.shape[1] + pairs.unit[columns.person])
    person, people = _number(columns.person)
    slot = cells // slots.cells.shape[1]
    used = np.unique(slot)
    first_cell, first_slot = 2 + len(people), 2 + len(people) + len(cells)
    course = first_slot + np.searchsorted(used, slot)
    score = pairs.score[columns.person, slots.course[columns.slot]]
    step = max(score.max(initial=0.0), 1e-9) / FINE
    total = int(slots.seats[used].sum())
    flow, one = SimpleMinCostFlow(), np.ones(len(person), np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        2 + person, first_cell + cell, one, -np.round(score / step).astype(np.int64)
    )
    sources, sinks = np.zeros(len(people), np.int64), np.ones(len(used), np.int64)
    for tail, head, most in (
        (sources, 2 + np.arange(len(people)), pairs.most[people]),
        (first_cell + np.arange(len(cells)), course, slots.cells.ravel()[cells]),
        (first_slot + np.arange(len(used)), sinks, slots.seats[used]),
        (sources[:1], sinks[:1], np.array([total])),
    ):
        cost = np.zeros(len(tail), np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, most, cost)
    flow.set_node_supply(0, total)
    flow.set_node_supply(1, -total)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("The min-cost flow of a nomination was not solved.")
    chosen = flow.flows(arcs) > 0
    # Each of at most `total` costs is rounded by half a step.
    bound = -flow.optimal_cost() * step + step / 2 * total
    return Columns(columns.person[chosen], columns.slot[chosen]), bound


def _number(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keys, place = np.unique(key, return_inverse=True)
    return place, keys
