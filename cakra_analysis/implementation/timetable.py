"""When and where each session is held, and by whom: as cheap and as calm as the rules allow."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.routes import ONLINE

from .called import list_called
from .timetable_bound import IMPOSSIBLE, find_bound
from .timetable_conflict import raise_conflict
from .timetable_inputs import Inputs, TimetablePoints, gather, read_present
from .timetable_model import sort_twins
from .timetable_problem import Choice, Problem, frame_problem
from .timetable_search import search
from .timetable_solve import solve
from .timetable_tables import list_costs, list_loads, list_meetings, list_use

ROUNDS = 40  # of the search, for each second allowed
SMALL = 6_000  # sets of days of all sessions together; up to here the solver proves the optimum
ENOUGH = 1e-3  # gap at which a large plan is not improved further


@dataclass(frozen=True)
class Timetable:
    """A plan of the year.

    Attributes
    ----------
    meetings : DataFrame
        One row a meeting: session_id, meeting, course_id, date, venue_id, trainer_id, seats, fixed.
    loads : DataFrame
        unit_id, date, away, people, share.
    use : DataFrame
        kind (venue, trainer), code, used, open, share.
    costs : DataFrame
        part, points.
    value, bound : int
        Points of the plan, and points that no plan can go below.
    gap : float
        (value - bound) / bound; 0 is proven optimal.
    status : str
        ``optimal`` (proven) or ``feasible``.
    """

    meetings: pd.DataFrame
    loads: pd.DataFrame
    use: pd.DataFrame
    costs: pd.DataFrame
    value: int
    bound: int
    gap: float
    status: str


def plan_timetable(
    sessions: pd.DataFrame,
    session_units: pd.DataFrame,
    offers: pd.DataFrame,
    venues: pd.DataFrame,
    trainers: pd.DataFrame,
    days: pd.DataFrame,
    *,
    unit_people: pd.DataFrame,
    closures: pd.DataFrame | None = None,
    away: float = 0.25,
    day_jp: float = 10.0,
    ramadan_jp: float = 6.0,
    earlier: pd.DataFrame | None = None,
    online_routes: tuple[str, ...] = ONLINE,
    accessible_only: bool = False,
    points: TimetablePoints | None = None,
    seconds: float = 20.0,
    seed: int = 0,
) -> Timetable:
    """Give every session its days, room and trainer.

    Rules that always hold are those of ``timetable_inputs.RULES``. A session keeps its room and
    its trainer on all its days. Its first day fixes the others: each next meeting is on the first
    day that is not hard after the course's spacing (0 = the next such day). Online courses need no
    room, and no trainer if none is listed for them, and call nobody away from their post. At
    most ``floor(away * people)`` of a unit are away on a day, one always may be. A course starts
    after at least one session of the course it requires has ended, if that is in the plan.

    Least is ``rent + fees + points`` for campus and private rooms, travel, soft days and crowded
    months (``TimetablePoints``). A greedy plan is improved by taking sessions off and placing
    them anew; small plans, and those without a place for everybody, go to OR-Tools CP-SAT. The
    bound is the better of CP-SAT's and of ``find_bound``. The same tables and seed give the same
    plan.

    Parameters
    ----------
    sessions : DataFrame
        session_id, course_id, seats.
    session_units : DataFrame
        session_id, unit_id, seats.
    offers : DataFrame
        Courses on offer: course_id, route, hours_jp, meeting_days, spacing_days, equipment,
        requires.
    venues, trainers : DataFrame
        The contract's tables.
    days : DataFrame
        What ``list_days`` gives.
    unit_people : DataFrame
        unit_id, people.
    closures : DataFrame, optional
        The contract's table; kinds unit, venue and trainer are read here.
    away : float
        Largest share (0-1) of a unit away on one day.
    day_jp, ramadan_jp : float
        Learning hours (JP) that fit in a day, and in one of Ramadan.
    earlier : DataFrame, optional
        An earlier plan; its sessions marked fixed keep their days, room and trainer.
    online_routes : tuple of str
        Routes that need no room.
    accessible_only : bool
        Whether only rooms open to users of a wheelchair may be used.
    points : TimetablePoints, optional
        What a plan is judged by.
    seconds : float
        Effort; also about the most seconds that it may take.
    seed : int
        Seed of the draws.

    Returns
    -------
    Timetable
        The plan, with its bound and gap.

    Raises
    ------
    ConflictError
        If no plan keeps all rules; names the fewest rules that cannot be kept together.
    AnalysisError
        If a table lacks a column, or neither a plan nor a conflict was found in time.

    Notes
    -----
    Pinned by ``tests/test_implementation_timetable.py``: optima equal brute force on small cases.
    """
    given = {
        "sessions": sessions,
        "session_units": session_units,
        "offers": offers,
        "venues": venues,
    }
    given |= {"trainers": trainers, "days": days, "unit_people": unit_people}
    inputs = Inputs(
        **gather(given, closures, away),
        away=away,
        day_jp=day_jp,
        ramadan_jp=ramadan_jp,
        online_routes=tuple(online_routes),
        accessible_only=accessible_only,
        points=points or TimetablePoints(),
        present={} if earlier is None else read_present(earlier),
    )
    problem = frame_problem(inputs)
    choices, value, bound = _place(inputs, problem, seconds, seed)
    return _tell(inputs, problem, choices, value, bound)


def _place(
    inputs: Inputs, problem: Problem, seconds: float, seed: int
) -> tuple[list[Choice], int, int]:
    began = time.perf_counter()
    bound = find_bound(problem)
    if bound >= IMPOSSIBLE:
        raise_conflict(inputs, seconds=seconds, seed=seed)
    size = sum(len(task.starts) for task in problem.tasks)
    rounds = int(ROUNDS * min(seconds, 2.0) if size <= SMALL else ROUNDS * seconds)
    until = began + 0.7 * seconds
    close = int(bound * (1 + (0 if size <= SMALL else ENOUGH)))
    found, value = search(problem, rounds=rounds, seed=seed, bound=close, until=until)
    plan = [choice for choice in found if choice is not None]
    complete = len(plan) == len(found)
    if complete and (value <= close or size > SMALL):
        return plan, value, min(bound, value)
    rest = max(seconds - (time.perf_counter() - began), 0.3 * seconds)
    solved = solve(
        problem,
        seconds=rest,
        seed=seed,
        hint=plan if complete else None,
        only_feasible=not complete and size > SMALL,
        at_least=bound,
    )
    if solved.status == "infeasible":
        raise_conflict(inputs, seconds=seconds, seed=seed)
    if solved.choices is not None and not (complete and solved.value > value):
        exact = solved.status == "optimal" and (complete or size <= SMALL)
        value = _count(problem, solved.choices)
        return solved.choices, value, value if exact else max(bound, solved.bound)
    if not complete:
        raise AnalysisError(
            f"No timetable was found in {seconds:g} seconds, nor a proof that there is none.",
            do="Allow more (`seconds` in [implementation] of the settings, or --seconds), or "
            "fewer sessions.",
        )
    return plan, value, max(bound, solved.bound)


def _count(problem: Problem, choices: list[Choice]) -> int:
    from .timetable_board import Board

    board = Board(problem)
    for place, choice in enumerate(choices):
        board.put(place, choice)
    return board.cost()[1]


def _tell(
    inputs: Inputs, problem: Problem, choices: list[Choice], value: int, bound: int
) -> Timetable:
    choices = sort_twins(problem, choices)
    meetings = list_meetings(inputs, problem, choices)
    gap = (value - bound) / bound if bound > 0 else float(value > 0)
    return Timetable(
        meetings=meetings,
        loads=list_loads(
            meetings,
            list_called(
                inputs.session_units,
                inputs.sessions,
                inputs.offers,
                online_routes=inputs.online_routes,
            ),
            inputs.unit_people,
        ),
        use=list_use(problem, meetings, inputs.days),
        costs=list_costs(inputs, problem, choices),
        value=value,
        bound=bound,
        gap=gap,
        status="optimal" if value <= bound else "feasible",
    )
