"""Run the constraint programme of a timetable: always the same answer for the same tables."""

from __future__ import annotations

from typing import Any

from .timetable_model import WORK, Solved, Variables, build, sort_twins
from .timetable_problem import Choice, Problem


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    hint: list[Choice] | None = None,
    only_feasible: bool = False,
    at_least: int = 0,
) -> Solved:
    """Place all sessions at the fewest points, or only find out whether that can be done.

    Parameters
    ----------
    problem : Problem
        The problem.
    seconds : float
        Wall time at most; a limit on the solver's own count of work comes first as a rule.
    seed : int
        Seed of the solver.
    hint : list of Choice, optional
        A plan to start from.
    only_feasible : bool
        Stop at the first plan that keeps the rules; points do not matter.
    at_least : int
        A bound on the points known from elsewhere.

    Returns
    -------
    Solved
        Plan, points, bound and status.
    """
    if any(not (len(t.starts) and len(t.venues) and len(t.trainers)) for t in problem.tasks):
        return Solved(None, 0, 0, "infeasible")
    variables = build(problem)
    if hint is not None:
        _hint(variables, sort_twins(problem, hint))
    if not only_feasible:
        total = sum(variables.cost)
        variables.model.minimize(total)
        if at_least > 0 and variables.cost:
            variables.model.add(total >= at_least)
    return run(variables, seconds=seconds, seed=seed)


def run(variables: Variables, *, seconds: float, seed: int) -> Solved:
    """Run the solver on a model with its objective.

    Parameters
    ----------
    variables : Variables
        The model.
    seconds : float
        Wall time at most.
    seed : int
        Seed of the solver.

    Returns
    -------
    Solved
        Plan, value and bound of the objective, status.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    # One worker and a count of work: several workers would race and differ from run to run.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = seconds * WORK
    solver.parameters.max_time_in_seconds = seconds
    found = solver.solve(variables.model)
    status = {
        cp_model.OPTIMAL: "optimal",
        cp_model.FEASIBLE: "feasible",
        cp_model.INFEASIBLE: "infeasible",
    }.get(found, "unknown")
    if status not in {"optimal", "feasible"}:
        return Solved(None, 0, 0, status)
    kinds = (variables.start, variables.venue, variables.trainer)
    choices = [
        Choice(*(_true(solver, kind[i]) for kind in kinds)) for i in range(len(variables.start))
    ]
    bound = round(solver.best_objective_bound)
    return Solved(choices, round(solver.objective_value), bound, status)


def _true(solver: Any, literals: list[Any]) -> int:
    return next(i for i, literal in enumerate(literals) if solver.boolean_value(literal))


def _hint(variables: Variables, hint: list[Choice]) -> None:
    for place, choice in enumerate(hint):
        kinds = (variables.start, variables.venue, variables.trainer)
        for kind, chosen in zip(kinds, choice, strict=True):
            for i, literal in enumerate(kind[place]):
                variables.model.add_hint(literal, int(i == chosen))
