"""Why no plan keeps all rules, and what would help."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack

from cakra_analysis.design.model import MILLION, Model, Rows, build_model, list_costs
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.rule_rows import add_rules
from cakra_analysis.design.rules import RULES, Rules
from cakra_analysis.design.solve import solve
from cakra_analysis.errors import ConflictError

# Seconds for one question of whether rules can be kept together.
FEWEST_SECONDS = 5.0
WORDS = {
    "budget": "the budget of Rp {budget:,.0f} million",
    "least_jp": "the least learning hours of every PNS (the plan carries {least_share:.0%} of what"
    " is missing)",
    "most_jp": "the most learning hours of PPPK",
    "priorities": "a session for each first priority ({priorities})",
    "modes": "the least shares of the ways of learning ({modes})",
    "fair": "at least {fair:.0%} of its share of the seats for every unit",
    "away": "at most {away:.0%} of a unit in one session",
    "courses_most": "at most {courses_most} courses a person",
    "seats": "the most seats of a session",
    "minimum": "the fewest people of a session",
    "sessions_most": "the most sessions of a course in the year",
    "requires": "courses that must come first",
}
DO = {
    "most_jp": "offer shorter courses to PPPK",
    "priorities": "offer a course for each priority, or take one out",
    "modes": "lower the least shares, or offer more of these ways of learning",
    "fair": "lower the fair share",
    "away": "let more of a unit be away at once",
    "courses_most": "allow more courses a person",
    "seats": "allow larger sessions",
    "minimum": "allow smaller sessions",
    "sessions_most": "allow more sessions",
    "requires": "offer the course that must come first",
}


def explain_conflict(
    problem: Problem, rules: Rules, model: Model, *, time_limit: float = 60.0
) -> ConflictError:
    """Return the error that says which rules cannot be kept together.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        That cannot all be kept.
    model : Model
        Theirs.
    time_limit : float
        Seconds for each question put to the solver.

    Returns
    -------
    ConflictError
        Its ``rules`` are the fewest in conflict: all together cannot be kept, without any one of
        them the others can.

    Notes
    -----
    A deletion filter: each rule is left out in turn, and stays out if the others still conflict.
    Where the solver cannot tell in time the rule is kept, and the message says so. Chinneck
    (2008), Feasibility and Infeasibility in Optimization, section 6.2.
    """
    kept, sure = find_conflict(model, time_limit=time_limit)
    said = WORDS | {}
    values = vars(rules) | {
        "budget": rules.budget_idr / MILLION,
        "modes": ", ".join(f"{name} {share:.0%}" for name, share in rules.modes.items()),
        "priorities": ", ".join(rules.priorities),
    }
    names = [said[key].format(**values) for key in kept]
    together = "These cannot be kept together: " if len(names) > 1 else "This cannot be kept: "
    found = "No plan keeps all rules. " + together + "; ".join(names) + "."
    if not sure:
        found += " Time ran out before it was proved that no fewer conflict."
    helps = _help(problem, rules, kept, time_limit)
    return ConflictError(found, do="What would help: " + "; or ".join(helps) + ".", rules=kept)


def find_conflict(model: Model, *, time_limit: float = 60.0) -> tuple[tuple[str, ...], bool]:
    """Find the fewest rules of a model that cannot be kept together.

    Parameters
    ----------
    model : Model
        Without a plan.
    time_limit : float
        Seconds for each question.

    Returns
    -------
    tuple
        The keys in the order of ``RULES``, and whether it is proved that none can be left out.
    """
    kept, sure = [key for key in RULES if key in model.rows], True
    for key in reversed(tuple(kept)):
        rest = [other for other in kept if other != key]
        answer = can_keep(model, rest, time_limit=time_limit)
        if answer is False:
            kept = rest
        sure = sure and answer is not None
    return tuple(kept), sure


def can_keep(model: Model, keep: Collection[str], *, time_limit: float = 60.0) -> bool | None:
    """Return whether some plan keeps these rules; None if that cannot be told in time.

    Parameters
    ----------
    model : Model
        With the rows of its rules.
    keep : collection of str
        Keys of the rules.
    time_limit : float
        Seconds.

    Returns
    -------
    bool or None
        The answer.
    """
    nothing = np.zeros(len(model.worth))
    # Without a plan that takes seats as divisible there is none with whole ones, and it is quick.
    parts = solve(model, keep=keep, worth=nothing, whole=nothing, time_limit=time_limit)
    if parts.state == "infeasible":
        return False
    found = solve(model, keep=keep, worth=nothing, time_limit=time_limit)
    if found.state == "infeasible":
        return False
    return True if found.columns is not None else None


def find_least_budget(
    problem: Problem, rules: Rules, *, keep: Collection[str] = RULES, time_limit: float = 60.0
) -> float:
    """Find the least money with which the other rules can be kept.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        The budget in it is not used.
    keep : collection of str
        Rules to keep besides.
    time_limit : float
        Seconds.

    Returns
    -------
    float
        Rupiah of the cheapest plan found (within 0.1 percent of the least if time allows); NaN
        without a plan.
    """
    rules = replace(rules, budget_idr=np.inf)
    model = add_rules(build_model(problem, rules), problem, rules)
    each = np.concatenate(list_costs(problem, rules)) / MILLION
    worth = np.concatenate([-each, np.zeros(len(model.worth) - len(each))])
    found = solve(model, keep=set(keep) - {"budget"}, worth=worth, time_limit=time_limit)
    return float("nan") if found.columns is None else _whole_cost(each, found.columns)


def find_most_share(
    problem: Problem, rules: Rules, *, keep: Collection[str] = RULES, time_limit: float = 60.0
) -> float:
    """Find the largest share of every group's JP debt that a plan can carry.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    rules : Rules
        The least_share in it is not used.
    keep : collection of str
        Rules to keep besides.
    time_limit : float
        Seconds.

    Returns
    -------
    float
        A share (0-1) that some plan carries; NaN without a plan.
    """
    rules = replace(rules, least_share=1.0)
    model = add_rules(build_model(problem, rules), problem, rules)
    owed = model.rows.pop("least_jp", None)
    if owed is None:
        return 1.0
    kept = [r for key, r in model.rows.items() if not key or key in keep]
    column = csr_array(-owed.low[:, None])
    rows = {
        "": _widen(kept),
        "least_jp": Rows(_beside(owed.matrix, column), 0 * owed.low, owed.high),
    }
    wide = replace(
        model,
        worth=np.append(np.zeros(len(model.worth)), 1.0),
        upper=np.append(model.upper, 1.0),
        whole=np.append(model.whole, 0),
        rows=rows,
    )
    found = solve(wide, time_limit=time_limit, gap=0.01)
    return float("nan") if found.columns is None else float(found.columns[-1])


def _widen(parts: list[Rows]) -> Rows:
    from cakra_analysis.design.model import stack_rows

    rows = stack_rows(parts)
    return Rows(_beside(rows.matrix, csr_array((rows.matrix.shape[0], 1))), rows.low, rows.high)


def _beside(matrix: csr_array, column: csr_array) -> csr_array:
    return csr_array(hstack([matrix, column], format="csr"))


def _whole_cost(each: np.ndarray, columns: np.ndarray) -> float:
    return float(each @ np.round(columns[: len(each)])) * MILLION


def _help(problem: Problem, rules: Rules, kept: tuple[str, ...], time_limit: float) -> list[str]:
    helps: list[str] = []
    for keep, rest in ((RULES, "all other rules"), (kept, "the other rules named here")):
        if "budget" in kept and not any("budget" in text for text in helps):
            least = find_least_budget(problem, rules, keep=keep, time_limit=time_limit)
            if not np.isnan(least):
                helps.append(f"a budget of Rp {np.ceil(least / MILLION):,.0f} million keeps {rest}")
        if "least_jp" in kept and not any("carry" in text for text in helps):
            share = find_most_share(problem, rules, keep=keep, time_limit=time_limit)
            if share >= 0.01:
                helps.append(
                    f"a plan that keeps {rest} can carry {np.floor(share * 100):.0f}% of the hours"
                )
    if "least_jp" in kept and not helps:
        helps.append("let the plan carry less of the hours (least_share)")
    return helps + [DO[key] for key in kept if key in DO]
