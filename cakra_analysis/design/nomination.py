"""Named people to the seats of sessions: the largest benefit that the rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cakra_analysis.design.nomination_choice import CLOSE, choose
from cakra_analysis.design.nomination_hours import list_hours
from cakra_analysis.design.nomination_input import Request, read_pairs
from cakra_analysis.design.nomination_pairs import set_floors
from cakra_analysis.design.nomination_reasons import list_empty, list_seats, list_waiting
from cakra_analysis.design.nomination_rest import share_rest
from cakra_analysis.design.nomination_slots import join_courses, read_slots
from cakra_analysis.errors import AnalysisError


@dataclass(frozen=True)
class Nomination:
    """Who is put forward for which session, and why.

    Attributes
    ----------
    seats : DataFrame
        One row a nomination: session_id, course_id, staff_id, place ("seat"), order (1 = largest
        benefit in the session), benefit (weighted levels expected to close), reason, gap (levels,
        of competency_id, which has the largest part in the benefit), competency_id,
        hours_lacking (JP to the least of the year). Reasons: "largest_gap" (among the highest in
        the unit's eligible), "jp_debt" (by the bonus for a debt of hours), "fairness_sex",
        "fairness_grade", "fairness_<other column>" (a floor that would else not be kept), "lot",
        "prerequisite_path" (needs it for a later course), "unused_seat" (of another unit),
        "next_in_line" (those before cannot come).
    waiting : DataFrame
        One row a person waiting for a course: course_id, staff_id, place ("waiting"), order,
        benefit, reason why not, and the numbers as in ``seats``. Reasons, the first that holds:
        "prerequisite", "lot", "most_jp", "most_courses", "full", "unit_full", "double_booking",
        "not_proven" (a seat is free that the solver found no time to use).
    empty : DataFrame
        One row a session with seats left: session_id, course_id, seats, empty, reason
        ("nobody_left", or the commonest reason among those who wait for the course).
    ledger : DataFrame
        One row a person: staff_id, unit_id, status, jp_held, jp_planned, least (PNS), most (PPPK),
        reached (least reached; missing where there is none).
    value, bound, gap : float
        Benefit with bonus less penalties for missing fairness; what no choice exceeds; the
        relative distance (0-1).
    status : str
        "optimal", or "feasible" if the gap is not closed.
    benefit : float
        Weighted levels expected to close.
    missing : int
        Places that fairness asks for and nobody could fill.
    method : str
        What settled it: "flow", "programme", or "greedy" (no time for better).
    """

    seats: pd.DataFrame
    waiting: pd.DataFrame
    empty: pd.DataFrame
    ledger: pd.DataFrame
    value: float
    bound: float
    gap: float
    status: str
    benefit: float
    missing: int
    method: str


def nominate(
    gaps_by_person: pd.DataFrame,
    people: pd.DataFrame,
    offers: pd.DataFrame,
    effects: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    weights: pd.DataFrame,
    courses_most: int,
    least_jp: float,
    most_jp_pppk: float,
    session_units: pd.DataFrame | None = None,
    meetings: pd.DataFrame | None = None,
    completed: pd.DataFrame | None = None,
    lots: pd.DataFrame | None = None,
    debt_weight: float = 1.0,
    fair: Sequence[str] = ("sex", "job_class"),
    tolerance: float = 0.1,
    share_unused: bool = False,
    waiting_most: int | None = None,
    seed: int = 0,
    time_limit: float = 8.0,
) -> Nomination:
    """Return who goes to which session so that the most weighted gap is expected to close.

    Parameters
    ----------
    gaps_by_person : DataFrame
        staff_id, competency_id, gap (levels; missing or not above 0 = no need).
    people : DataFrame
        One row a person: staff_id, unit_id, status, optional hours_jp (counted so far, missing =
        0) and the columns of ``fair``.
    offers : DataFrame
        ``list_offers``: course_id, hours_jp, requires.
    effects : DataFrame
        course_id, competency_id, effect (levels).
    sessions : DataFrame
        session_id, course_id, seats.
    weights : DataFrame
        competency_id, weight.
    courses_most : int
        Most courses of one person.
    least_jp, most_jp_pppk : float
        JP a year: least of PNS, most of PPPK.
    session_units : DataFrame, optional
        session_id, unit_id, seats; without it seats are open to all units.
    meetings : DataFrame, optional
        session_id, date; a session without a date collides with none and is before none.
    completed : DataFrame, optional
        staff_id, course_id of what people have completed.
    lots : DataFrame, optional
        ``draw_lots(...).people``: in these courses only those drawn are seated.
    debt_weight : float
        Bonus, in median benefits, for a course that closes the whole debt of hours of a PNS. With
        it even who has nothing else to gain is seated where nobody gains more; 0 for none.
    fair : sequence of str
        Columns of ``people`` in which the chosen are like the eligible.
    tolerance : float
        How far a level's share may fall below that among the eligible (0-1).
    share_unused : bool
        Give seats that a unit does not use to others, after everybody else is chosen.
    waiting_most : int, optional
        Longest waiting list of a course; as many as it has seats if not given.
    seed : int
        Breaks ties, so that no code comes first for ever.
    time_limit : float
        Most seconds for the solvers.

    Returns
    -------
    Nomination
        Always one: seats may stay empty. A place missing to fairness weighs as much as two of the
        largest scores.

    Raises
    ------
    AnalysisError
        When a session's course is not on offer, or a code stands twice.

    Notes
    -----
    Maximise sum of score over the chosen; score = sum_k w_k min(effect_k, gap_k) + debt_weight
    median(benefit) min(JP, debt) / least. Exact: seats, units' seats, courses a person, JP of PPPK,
    no two courses on one day, nothing twice, what a course requires, floors of ``set_floors``. It
    is a plan by expected gain, *not* a judgement of people. Same value whatever the order of rows.
    Pinned by ``tests/test_design_nomination.py`` against all possible choices.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": ["A", "B"], "competency_id": "K", "gap": [0.5, 2.0]})
    >>> people = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U", "status": "PNS"})
    >>> offers = pd.DataFrame({"course_id": ["C"], "hours_jp": [10], "requires": [None]})
    >>> effects = pd.DataFrame({"course_id": ["C"], "competency_id": ["K"], "effect": [1.0]})
    >>> sessions = pd.DataFrame({"session_id": ["C-1"], "course_id": ["C"], "seats": [1]})
    >>> weights = pd.DataFrame({"competency_id": ["K"], "weight": [1.0]})
    >>> limits = {"courses_most": 2, "least_jp": 20, "most_jp_pppk": 24}
    >>> found = nominate(gaps, people, offers, effects, sessions, weights=weights, **limits)
    >>> found.seats[["staff_id", "benefit", "reason"]].values.tolist()
    [['B', 1.0, 'largest_gap']]
    """
    _check(people, offers, sessions)
    asked = Request(
        gaps_by_person, people, offers, effects, weights, sessions, session_units, meetings,
        completed, lots, tuple(fair), courses_most, least_jp, most_jp_pppk, debt_weight, seed,
    )  # fmt: skip
    found = _nominate(asked, tolerance, share_unused, time_limit)
    return replace(found, waiting=_cut(found.waiting, sessions, waiting_most))


def _nominate(asked: Request, tolerance: float, share: bool, time_limit: float) -> Nomination:
    """All but the length of the waiting list."""
    slots = read_slots(
        asked.sessions,
        asked.session_units,
        asked.meetings,
        courses=asked.courses,
        units=asked.units,
    )
    courses = join_courses(slots)[0]
    pairs, names, drawn = read_pairs(asked, courses)
    floors = set_floors(pairs, courses, tolerance)
    allowed, share = slots.cells.T[pairs.unit] > 0, share and asked.session_units is not None
    limit = time_limit * (0.6 if share else 1.0)
    found = choose(pairs, slots, floors, allowed=allowed, time_limit=limit)
    first, final = found.chosen, slots
    if share:
        found, final = share_rest(pairs, slots, floors, found, time_limit - limit)
    chosen = found.chosen
    waiting = list_waiting(pairs, final, chosen, drawn, names)
    gap = (found.bound - found.value) / max(abs(found.bound), 1e-9)
    return Nomination(
        list_seats(pairs, final, floors, chosen, first, drawn, names),
        waiting,
        list_empty(final, pairs.courses, chosen, waiting),
        list_hours(pairs, asked, slots, chosen),
        found.value,
        found.bound,
        gap,
        "optimal" if gap <= CLOSE else "feasible",
        float(pairs.benefit[chosen.person, slots.course[chosen.slot]].sum()),
        found.missing,
        found.method,
    )


def _check(people: pd.DataFrame, offers: pd.DataFrame, sessions: pd.DataFrame) -> None:
    for table, key in ((people, "staff_id"), (offers, "course_id"), (sessions, "session_id")):
        twice = table.loc[table[key].duplicated(), key]
        if len(twice):
            raise AnalysisError(f"{len(twice)} rows repeat a {key}.", allowed="One row each.")
    unknown = sorted(set(sessions["course_id"]) - set(offers["course_id"]))
    if unknown:
        raise AnalysisError(
            f"Sessions of courses that are not on offer: {', '.join(map(str, unknown[:5]))}.",
            do="Add the course to courses, or leave its sessions out.",
        )


def _cut(waiting: pd.DataFrame, sessions: pd.DataFrame, most: int | None) -> pd.DataFrame:
    """A waiting list as long as the course has seats is as long as it is of use."""
    seats = sessions.groupby("course_id")["seats"].sum()
    limit = waiting["course_id"].map(seats) if most is None else most
    return waiting[waiting["order"] <= limit].reset_index(drop=True)
