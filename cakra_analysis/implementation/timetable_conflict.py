"""Why no timetable can be made: the fewest rules that cannot be kept together, in words.

CP-SAT could name a conflict by its assumptions, but with presolve on that core is not to be
trusted (OR-Tools issue 5141), and it is seldom the smallest. So nothing is assumed here: a rule is
left out, the whole question is asked again, and what the conflict does not need is dropped.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple, NoReturn

from cakra_analysis.errors import ConflictError

from .timetable_board import Board
from .timetable_bound import IMPOSSIBLE, find_bound
from .timetable_inputs import RULES, Inputs
from .timetable_problem import Problem, frame_problem
from .timetable_reasons import tell_alone, tell_together
from .timetable_search import search
from .timetable_solve import solve

TRIES = 40  # questions asked at most while narrowing down to few sessions
ROUNDS = 20


class Conflict(NamedTuple):
    """The rules, the sessions that meet them, and whether fewer rules were ruled out."""

    rules: tuple[str, ...]
    session_ids: tuple[str, ...]
    proven: bool


def raise_conflict(inputs: Inputs, *, seconds: float, seed: int) -> NoReturn:
    """Say why there is no timetable.

    Parameters
    ----------
    inputs : Inputs
        Tables for which no timetable keeps all rules.
    seconds : float
        For each question at most.
    seed : int
        Seed of the solver.

    Raises
    ------
    ConflictError
        Always.
    """
    conflict = find_conflict(inputs, seconds=seconds, seed=seed)
    few = inputs.keep(frozenset(conflict.session_ids))
    tell = tell_alone if len(conflict.session_ids) == 1 else tell_together
    last = "Without any one of these rules there is a timetable." if conflict.proven else ""
    raise ConflictError(
        tell(few, conflict.rules),
        allowed="Rules: " + "; ".join(RULES[rule] for rule in conflict.rules) + ". " + last,
        do="Change what one of these rules rests on: fewer seats or sessions, another room, "
        "trainer or day.",
        rules=conflict.rules,
    )


def find_conflict(inputs: Inputs, *, seconds: float, seed: int) -> Conflict:
    """Find the fewest rules that cannot be kept together.

    If a session has no place even alone, the smallest set among those of all such sessions is
    taken; else the set starts with all rules. Then each rule is left out in turn, and stays out if
    there is still no timetable: what remains is irreducible.

    Parameters
    ----------
    inputs : Inputs
        Tables for which no timetable keeps all rules.
    seconds : float
        For each question at most.
    seed : int
        Seed of the solver.

    Returns
    -------
    Conflict
        The rules in the order of ``RULES``, the sessions concerned.
    """
    rules = _find_alone(inputs) or frozenset(RULES)
    proven = True
    for rule in reversed(RULES):
        if rule in rules:
            answer = can_place(inputs, rules - {rule}, seconds=seconds, seed=seed)
            rules = rules - {rule} if answer is False else rules
            proven &= answer is not None
    sessions = _narrow(inputs, rules, seconds, seed)
    return Conflict(tuple(rule for rule in RULES if rule in rules), sessions, proven)


def can_place(inputs: Inputs, rules: frozenset[str], *, seconds: float, seed: int) -> bool | None:
    """Tell whether a timetable keeps some rules.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold.
    seconds : float
        At most.
    seed : int
        Seed of the solver.

    Returns
    -------
    bool or None
        None if neither a plan nor a proof was found.
    """
    problem = frame_problem(inputs, rules)
    if _is_short(problem):
        return False
    found, _ = search(problem, rounds=ROUNDS, seed=seed, bound=2**62, until=float("inf"))
    if None not in found:
        return True
    status = solve(problem, seconds=seconds, seed=seed, only_feasible=True).status
    return {"infeasible": False, "unknown": None}.get(status, True)


def _is_short(problem: Problem) -> bool:
    """Whether it is plain that there is no plan: a session alone, or days by count."""
    return any(_stuck(problem)) or find_bound(problem) >= IMPOSSIBLE


def _stuck(problem: Problem) -> list[bool]:
    """Whether each session has no place even on an empty board (what it requires aside)."""
    free = problem_without_needs(problem)
    board = Board(free)
    return [board.find(place)[0] is None for place in range(len(free.tasks))]


def problem_without_needs(problem: Problem) -> Problem:
    """Forget which course requires which.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    Problem
        The same, each session for itself.
    """
    from dataclasses import replace

    return replace(problem, tasks=tuple(replace(task, needs=()) for task in problem.tasks))


def _find_alone(inputs: Inputs) -> frozenset[str] | None:
    """Find the fewest rules that leave some session without a place of its own."""
    problem = frame_problem(inputs)
    stuck = [
        task.session_id
        for task, is_stuck in zip(problem.tasks, _stuck(problem), strict=True)
        if is_stuck
    ]
    best: frozenset[str] | None = None
    for session in stuck[:TRIES]:
        alone = inputs.keep(frozenset({session}))
        rules = _shrink_alone(alone)
        most = len(rules) if best is None else min(len(rules), len(best))
        smaller = (
            frozenset(few)
            for size in range(1, most)
            for few in combinations([r for r in RULES if r != "requires"], size)
            if any(_stuck(frame_problem(alone, frozenset(few))))
        )
        rules = next(smaller, rules)
        best = rules if best is None or len(rules) < len(best) else best
        if len(best) == 1:
            break
    return best


def _shrink_alone(alone: Inputs) -> frozenset[str]:
    rules = frozenset(RULES)
    for rule in reversed(RULES):
        if any(_stuck(frame_problem(alone, rules - {rule}))):
            rules -= {rule}
    return rules


def _narrow(inputs: Inputs, rules: frozenset[str], seconds: float, seed: int) -> tuple[str, ...]:
    """Find few sessions that meet the conflict: halves first, then one by one."""
    problem = frame_problem(inputs, rules)
    kept = [task.session_id for task in problem.tasks]
    for session, is_stuck in zip(kept, _stuck(problem), strict=True):
        if is_stuck:
            return (session,)
    # What shows by count is narrowed by count: quick, however many sessions there are.
    plain = _is_short(problem)
    tries, size = 0, max(1, len(kept) // 2)
    while tries < TRIES:
        for begin in range(0, len(kept), size):
            rest = kept[:begin] + kept[begin + size :]
            tries += 1
            if rest and _fails(inputs.keep(frozenset(rest)), rules, plain, seconds / 4, seed):
                kept = rest
                break
        else:
            if size == 1:
                break
            size = max(1, size // 2)
    return tuple(kept)


def _fails(inputs: Inputs, rules: frozenset[str], plain: bool, seconds: float, seed: int) -> bool:
    if plain:
        return _is_short(frame_problem(inputs, rules))
    return can_place(inputs, rules, seconds=seconds, seed=seed) is False
