"""After a closure or a cancellation: a plan that keeps the rules and moves the least."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.routes import ONLINE

from .replan_moved import list_moved
from .replan_moves import find_fewest, hold, stands, weigh_moves
from .timetable_conflict import raise_conflict
from .timetable_inputs import NEEDED, Inputs, TimetablePoints, gather, read_present
from .timetable_problem import frame_problem
from .timetable_solve import solve
from .timetable_tables import MEETINGS, list_meetings


@dataclass(frozen=True)
class Replan:
    """A changed plan.

    Attributes
    ----------
    meetings : DataFrame
        The whole plan, past meetings included; columns as in ``plan_timetable``.
    moved : DataFrame
        One row a moved session: session_id, course_id, changed (date, venue, trainer; joined by
        ";"), from_date, to_date (first meeting that is still ahead), from_venue_id, to_venue_id,
        from_trainer_id, to_trainer_id, why (rules broken where it stood, joined by ";";
        "cancelled", or "made_way" for one that stood well but had to make room).
    value, bound : int
        Sessions moved, and the least that any plan could move.
    gap : float
        (value - bound) / bound; 0 is proven least.
    status : str
        ``optimal`` (no plan moves fewer, and none moves those by less) or ``feasible``.
    """

    meetings: pd.DataFrame
    moved: pd.DataFrame
    value: int
    bound: int
    gap: float
    status: str


def replan_timetable(
    meetings: pd.DataFrame,
    session_units: pd.DataFrame,
    offers: pd.DataFrame,
    venues: pd.DataFrame,
    trainers: pd.DataFrame,
    days: pd.DataFrame,
    *,
    unit_people: pd.DataFrame,
    from_date: pd.Timestamp | str,
    closures: pd.DataFrame | None = None,
    cancelled: tuple[str, ...] = (),
    away: float = 0.25,
    day_jp: float = 10.0,
    ramadan_jp: float = 6.0,
    online_routes: tuple[str, ...] = ONLINE,
    accessible_only: bool = False,
    points: TimetablePoints | None = None,
    seconds: float = 60.0,
    seed: int = 0,
) -> Replan:
    """Move as few sessions as the rules allow, and those as little as possible.

    A session is moved if the date, room or trainer of any meeting changes. Meetings before
    ``from_date`` stay, and so do sessions marked fixed; of a session under way only the meetings
    ahead can move, together. Fewest moved sessions come first; of these a moved date weighs four,
    a room two, a trainer one; then the nearest dates and the cheapest places.

    Sessions that break a rule where they stand must move, so that their number is a bound. If all
    others can stay, it is met and the answer is exact; else CP-SAT looks for the fewest.

    Parameters
    ----------
    meetings : DataFrame
        The plan so far: session_id, meeting, course_id, date, venue_id, trainer_id, seats, fixed.
    session_units, offers, venues, trainers, days : DataFrame
        As for ``plan_timetable``, with what has changed since.
    unit_people : DataFrame
        unit_id, people.
    from_date : Timestamp or str
        First day that can still be changed.
    closures : DataFrame, optional
        The contract's table, with what has changed since.
    cancelled : tuple of str
        Sessions that cannot be held as planned: their days ahead must become others.
    away, day_jp, ramadan_jp : float
        As for ``plan_timetable``.
    online_routes : tuple of str
        Routes that need no room.
    accessible_only : bool
        Whether only rooms open to users of a wheelchair may be used.
    points : TimetablePoints, optional
        What a new place is judged by where moves weigh the same.
    seconds : float
        About the most that it may take.
    seed : int
        Seed of the solver.

    Returns
    -------
    Replan
        The new plan and what moved.

    Raises
    ------
    ConflictError
        If no plan keeps all rules; names the fewest rules that cannot be kept together.
    AnalysisError
        If a table lacks a column, or no answer was found in time.

    Notes
    -----
    Pinned by ``tests/test_implementation_replan.py``: the number moved equals brute force.
    """
    begin = pd.Timestamp(from_date)
    past, ahead = _split(meetings, begin)
    sessions = _list_ahead(past, ahead, offers, begin)
    tables = (sessions, session_units, offers, venues, trainers, days, unit_people)
    over = set(past["session_id"]) - set(ahead["session_id"])
    inputs = Inputs(
        **gather(dict(zip(NEEDED, tables, strict=True)), closures, away),
        away=away,
        day_jp=day_jp,
        ramadan_jp=ramadan_jp,
        online_routes=tuple(online_routes),
        accessible_only=accessible_only,
        points=replace(points or TimetablePoints(), crowded=0),
        present=read_present(ahead),
        barred=frozenset(cancelled),
        met=frozenset(past.loc[past["session_id"].isin(over), "course_id"]),
        begun=frozenset(past["session_id"]) - over,
    )
    return _move(inputs, past, ahead, seconds, seed)


def _split(meetings: pd.DataFrame, begin: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The meetings that were held, and those ahead."""
    table = meetings.assign(date=pd.to_datetime(meetings["date"]))
    if "fixed" not in table:
        table["fixed"] = "no"
    return table[table["date"] < begin], table[table["date"] >= begin]


def _list_ahead(
    past: pd.DataFrame, ahead: pd.DataFrame, offers: pd.DataFrame, begin: pd.Timestamp
) -> pd.DataFrame:
    """The sessions with meetings ahead: how many, and from which day on."""
    sessions = ahead.groupby("session_id", as_index=False).agg(
        course_id=("course_id", "first"), seats=("seats", "max"), meeting_days=("meeting", "size")
    )
    spacing = offers.set_index("course_id").get("spacing_days", pd.Series(dtype=float)).fillna(0)
    last = past.groupby("session_id")["date"].max().reindex(sessions["session_id"])
    apart = sessions["course_id"].map(spacing).fillna(0).astype(float).clip(lower=1)
    earliest = pd.Series(last.to_numpy()) + pd.to_timedelta(apart, unit="D")
    sessions["after"] = earliest.where(earliest > begin, begin)
    return sessions


def _move(
    inputs: Inputs, past: pd.DataFrame, ahead: pd.DataFrame, seconds: float, seed: int
) -> Replan:
    problem = weigh_moves(inputs, frame_problem(inputs))
    everybody = range(len(problem.tasks))
    hit = {place for place in everybody if not stands(problem, place)}
    solved = solve(hold(problem, hit), seconds=seconds, seed=seed)
    found, bound = len(hit), len(hit)
    if solved.choices is not None:
        problem = hold(problem, hit)
    else:
        solved = find_fewest(problem, seconds=seconds, seed=seed)
        found, bound = solved.value, max(bound, solved.bound)
    if solved.status == "infeasible":
        raise_conflict(inputs, seconds=seconds, seed=seed)
    if solved.choices is None:
        raise AnalysisError(
            f"No new timetable was found in {seconds:g} seconds, nor a proof that there is none.",
            do="Allow more: `seconds` in [implementation] of the settings, or --seconds.",
        )
    after = _number(list_meetings(inputs, problem, solved.choices), ahead)
    whole = pd.concat([past, after] if len(past) else [after])
    return Replan(
        meetings=whole[list(MEETINGS)].sort_values(["session_id", "meeting"], ignore_index=True),
        moved=list_moved(inputs, ahead, after),
        value=found,
        bound=bound,
        gap=(found - bound) / bound if bound else float(found > 0),
        status=solved.status,
    )


def _number(after: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Meetings keep their numbers, which go on from those that were held."""
    first = ahead.groupby("session_id")["meeting"].min()
    return after.assign(meeting=after["meeting"] + after["session_id"].map(first) - 1)
