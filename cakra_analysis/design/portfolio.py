"""Which courses, how many sessions, and how many seats for whom: the most gap for the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from cakra_analysis.design.closure import close_with, weigh_closed
from cakra_analysis.design.conflict import explain_conflict
from cakra_analysis.design.cuts import cut_kinks
from cakra_analysis.design.model import Model, build_model
from cakra_analysis.design.portfolio_tables import (
    list_closed,
    list_seats,
    list_sessions_of,
    read_seats,
)
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.rule_rows import add_rules
from cakra_analysis.design.rules import Rules, check_rules
from cakra_analysis.design.solution import Solution
from cakra_analysis.design.solve import search
from cakra_analysis.errors import AnalysisError

OPTIMAL = 1e-4  # a proved gap this small counts as none


@dataclass(frozen=True)
class Portfolio:
    """A year's plan, and how far from the best it can be.

    Attributes
    ----------
    sessions : DataFrame
        One row a course that is held, sorted: course_id, ``sessions``, ``seats``, ``cost_idr``,
        ``hours_jp`` (over participants), ``closed`` (weighted levels, shared out among courses by
        what their seats give before overlap).
    seats : DataFrame
        One row a course and group with seats: course_id, unit_id, segment, status, ``seats``,
        ``in_need`` (of them for people who gain).
    closed : DataFrame
        One row a group and competency with a gap: unit_id, segment, status, competency_id,
        ``people`` (in need), ``gap``, ``closed`` (levels over those people).
    value, bound, gap : float
        Weighted levels closed; what no plan can pass; how far that is above the value, relative
        to it.
    whole_gap : float
        Weighted levels lacking; ``value`` / ``whole_gap`` is the share closed.
    cost_idr : float
        Of it all.
    status : str
        "optimal" (gap proved to be 0.01 percent or less), "within" (the gap asked for is proved),
        "limit" (time ran out: this is the best plan found).
    rules : Rules
        What it keeps.
    """

    sessions: pd.DataFrame
    seats: pd.DataFrame
    closed: pd.DataFrame
    value: float
    bound: float
    gap: float
    whole_gap: float
    cost_idr: float
    status: str
    rules: Rules


def plan_portfolio(
    problem: Problem,
    *,
    budget_idr: float,
    fair: float = 0.5,
    modes: Mapping[str, float] | None = None,
    overlap_shares: Sequence[float] = (0.5, 0.3, 0.2),
    overlap_factors: Sequence[float] = (1.0, 0.5, 0.25),
    courses_most: int = 4,
    priorities: Sequence[str] = (),
    least_share: float = 1.0,
    day_cost_idr: float = 0.0,
    time_limit: float = 60.0,
    gap: float = 0.001,
) -> Portfolio:
    """Plan what to hold for whom.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    budget_idr : float
        Most money; inf for no limit.
    fair : float
        Every unit gets at least this share of the seats it would have by its number of people.
    modes : mapping, optional
        Least share of the learning hours by mode: experience, social, formal.
    overlap_shares, overlap_factors : sequence of float
        Of a group's gap the first share closes with the first factor, and so on.
    courses_most : int
        Most courses of one person.
    priorities : sequence of str
        Competencies of which each is trained by at least one session.
    least_share : float
        How much of every group's JP debt (what its PNS lack to the least hours) the plan must
        carry: 1 all of it; 0.4 leaves three fifths to learning outside the plan; 0 none.
    day_cost_idr : float
        Kept back for venue and trainer for each meeting day, which the timetable prices later.
    time_limit : float
        Seconds.
    gap : float
        Relative gap to optimal at which the search may stop.

    Returns
    -------
    Portfolio
        The best plan found, with its proved bound.

    Raises
    ------
    ConflictError
        When no plan keeps all rules: the fewest that conflict, and what would help.
    AnalysisError
        When an option says nothing sensible, or no plan was found in time.

    Notes
    -----
    Maximise sum_gk w_k closed_gk over whole sessions n_c and seats x_gc, with closed_gk a concave
    function of sum_c u_gck x_gc (``close_gaps``). The rules by their keys: *budget*; *least_jp*;
    *most_jp* (PPPK); *priorities*; *modes*; *fair*; *courses_most*; *seats* (seats <= seats_most
    n); *minimum* (seats >= seats_least n); *sessions_most*; *requires* (a seat only for who has
    done what the course requires, or does in this plan). Hours and courses of one person are kept
    on average over the group; ``nominate`` keeps them for everyone. What is called closed is
    expected from the effects, *not* measured. A mixed-integer programme for HiGHS, Huangfu & Hall
    (2018), Math. Programming Computation 10, 119-142. A search that ends by its time limit may end
    elsewhere on another machine. Pinned by ``tests/test_design_portfolio.py`` (brute force).

    Examples
    --------
    >>> from cakra_analysis.design import gather_problem, list_offers
    >>> people = pd.DataFrame({"staff_id": list("ABC"), "unit_id": "U", "status": "CPNS"})
    >>> gaps = pd.DataFrame({"staff_id": list("ABC"), "competency_id": "M.1", "gap": 2.0})
    >>> offers = list_offers(pd.DataFrame({"course_id": ["C"], "hours_jp": 10, "seats_most": 5,
    ...                                    "cost_session_idr": 1e6, "cost_seat_idr": 1e5}))
    >>> effects = pd.DataFrame({"course_id": ["C"], "competency_id": "M.1", "effect": 1.0})
    >>> plan = plan_portfolio(gather_problem(gaps, people, offers, effects), budget_idr=1.25e6)
    >>> plan.sessions[["sessions", "seats", "closed"]].values.tolist(), plan.status
    ([[1.0, 2.0, 2.0]], 'optimal')
    """
    rules = Rules(
        budget_idr=float(budget_idr),
        fair=float(fair),
        modes=dict(modes or {}),
        overlap_shares=tuple(overlap_shares),
        overlap_factors=tuple(overlap_factors),
        courses_most=int(courses_most),
        priorities=tuple(priorities),
        least_share=float(least_share),
        day_cost_idr=float(day_cost_idr),
    )
    return plan_with(problem, rules, time_limit=time_limit, gap=gap)


def plan_with(
    problem: Problem,
    rules: Rules,
    *,
    time_limit: float = 60.0,
    gap: float = 0.001,
    known: Iterable[Portfolio] = (),
) -> Portfolio:
    """Plan what to hold for whom, the rules in one piece.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        As ``plan_portfolio`` takes them one by one.
    time_limit : float
        Seconds.
    gap : float
        Relative gap to optimal at which the search may stop.

    known : iterable of Portfolio
        Plans of the same problem; one made by the very same rules is returned as it is.

    Returns
    -------
    Portfolio
        As ``plan_portfolio``.

    Raises
    ------
    ConflictError
        When no plan keeps all rules.
    AnalysisError
        When a rule says nothing sensible, or no plan was found in time.
    """
    if made := next((plan for plan in known if plan.rules == rules), None):
        return made
    check_rules(rules)
    model = add_rules(build_model(problem, rules), problem, rules)
    cut = partial(cut_kinks, problem, rules, model)
    found = search(model, cut=cut, time_limit=time_limit, gap=gap)
    if found.state == "infeasible":
        raise explain_conflict(problem, rules, model, time_limit=time_limit)
    if found.columns is None:
        raise AnalysisError(
            f"No plan was found in {time_limit:g} seconds; there may be one.",
            do="Allow more time, a larger gap to optimal, or fewer segments.",
        )
    return _read(problem, rules, model, found, gap)


def _read(problem: Problem, rules: Rules, model: Model, found: Solution, gap: float) -> Portfolio:
    columns = np.asarray(found.columns)
    need, extra = read_seats(problem, model, columns)
    closed = close_with(problem, rules, need)
    value = weigh_closed(problem, closed)
    sessions = list_sessions_of(problem, rules, columns[: model.courses], need, extra)
    bound = max(value, min(found.bound + model.thrift, problem.whole_gap))
    if bound - value <= 2 * model.thrift:  # what thrift blurs counts as nothing
        bound = value
    off = (bound - value) / value if value > 0 else float(bound > value)
    proved = "optimal" if off <= OPTIMAL else "within"
    status = proved if found.state == "done" or off <= gap else "limit"
    return Portfolio(
        sessions=sessions,
        seats=list_seats(problem, need, extra),
        closed=list_closed(problem, closed),
        value=value,
        bound=bound,
        gap=off,
        whole_gap=problem.whole_gap,
        cost_idr=float(sessions["cost_idr"].sum()),
        status=status,
        rules=rules,
    )
