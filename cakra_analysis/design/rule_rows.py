"""The rows of each rule of a portfolio."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from cakra_analysis.design.model import MILLION, Model, Rows, _Builder, list_costs
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.rules import Rules

Maker = Callable[[_Builder, Problem, Rules, Model], None]


def add_rules(model: Model, problem: Problem, rules: Rules) -> Model:
    """Return the model with the rows of every rule that says something.

    Parameters
    ----------
    model : Model
        From ``build_model``.
    problem : Problem
        The same.
    rules : Rules
        The same.

    Returns
    -------
    Model
        ``rows`` also has the keys of the rules.
    """
    found: dict[str, Rows] = dict(model.rows)
    for key, make in MAKERS.items():
        rows = _Builder(len(model.upper))
        make(rows, problem, rules, model)
        if rows.height:
            found[key] = rows.build()
    model.rows.update(found)
    return model


def _budget(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    if np.isfinite(rules.budget_idr):
        each = np.concatenate(list_costs(problem, rules)) / MILLION
        rows.add(0, np.arange(2 * model.courses), each)
        rows.bound(1, -np.inf, rules.budget_idr / MILLION)


def _seats(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    del rules
    course = np.arange(model.courses)
    rows.add(course, model.courses + course, 1.0)
    rows.add(course, course, -problem.offers["seats_most"].to_numpy(float))
    rows.bound(model.courses, -np.inf, 0)


def _minimum(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    del rules
    course = np.arange(model.courses)
    rows.add(course, model.courses + course, 1.0)
    rows.add(course, course, -problem.offers["seats_least"].to_numpy(float))
    rows.bound(model.courses, 0, np.inf)


def _sessions_most(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    del rules
    course = np.arange(model.courses)
    rows.add(course, course, 1.0)
    rows.bound(model.courses, -np.inf, problem.offers["sessions_most"].to_numpy(float))


def _least_jp(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    debt = problem.groups["debt_jp"].to_numpy() * rules.least_share
    _by_group(rows, model, debt > 0, problem.credit_jp, low=debt)


def _most_jp(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    del rules
    room = problem.groups["room_jp"].to_numpy()
    hours = np.broadcast_to(problem.offers["hours_jp"].to_numpy(), problem.seats_all.shape)
    _by_group(rows, model, np.isfinite(room), hours, high=room)


def _courses_most(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    most = problem.groups["people"].to_numpy() * float(rules.courses_most)
    # A person takes each course once, so fewer courses than the limit keep it by themselves.
    binds = problem.seats_all.sum(axis=1) > most
    _by_group(rows, model, binds, np.ones(problem.seats_all.shape), high=most)


def _by_group(
    rows: _Builder,
    model: Model,
    groups: np.ndarray,
    values: np.ndarray,
    *,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
) -> None:
    row = rows.height + np.cumsum(groups) - 1
    at = np.nonzero(groups[model.seat_group])[0]
    group, course = model.seat_group[at], model.seat_course[at]
    rows.add(row[group], model.first_seat + at, values[group, course])
    rows.bound(
        int(groups.sum()),
        -np.inf if low is None else low[groups],
        np.inf if high is None else high[groups],
    )


def _modes(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    hours, mode = problem.offers["hours_jp"].to_numpy(), problem.offers["mode"].to_numpy()
    asked = [(name, share) for name, share in rules.modes.items() if share > 0]
    for at, (name, share) in enumerate(asked):
        rows.add(at, model.courses + np.arange(model.courses), hours * ((mode == name) - share))
    if asked:
        rows.bound(len(asked), 0, np.inf)


def _fair(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    if rules.fair <= 0:
        return
    code, units = pd.factorize(problem.groups["unit_id"])
    people = problem.groups["people"].to_numpy()
    share = np.bincount(code, people) / people.sum() * rules.fair
    seat = model.first_seat + np.arange(len(model.seat_group))
    rows.add(code[model.seat_group], seat, 1.0)
    unit, course = np.meshgrid(np.arange(len(units)), np.arange(model.courses), indexing="ij")
    rows.add(unit.ravel(), model.courses + course.ravel(), -share[unit.ravel()])
    rows.bound(len(units), 0, np.inf)


def _away(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    """No session calls more of a unit than may be away on a day, or no day could hold it."""
    if rules.away >= 1:
        return
    code, units = pd.factorize(problem.groups["unit_id"])
    people = np.bincount(code, problem.groups["people"].to_numpy())
    most = np.maximum(1, np.floor(rules.away * people + 1e-9))
    online = problem.offers["route"].isin(rules.online_routes).to_numpy()
    called = np.nonzero(~online)[0]
    place = np.full(model.courses, -1)
    place[called] = np.arange(len(called))
    at = np.nonzero(place[model.seat_course] >= 0)[0]
    unit = code[model.seat_group[at]]
    row = unit * len(called) + place[model.seat_course[at]]
    rows.add(row, model.first_seat + at, 1.0)
    unit, course = np.meshgrid(np.arange(len(units)), np.arange(len(called)), indexing="ij")
    rows.add(
        unit.ravel() * len(called) + course.ravel(), called[course.ravel()], -most[unit.ravel()]
    )
    rows.bound(len(units) * len(called), -np.inf, 0)


def _priorities(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    del model
    names = problem.competencies["competency_id"]
    for at, name in enumerate(rules.priorities):
        trains = names.iloc[problem.pairs["competency"]].to_numpy() == name
        rows.add(at, problem.pairs.loc[trains, "course"].to_numpy(), 1.0)
    if rules.priorities:
        rows.bound(len(rules.priorities), 1, np.inf)


def _requires(rows: _Builder, problem: Problem, rules: Rules, model: Model) -> None:
    """Nobody sits in a course before what it requires: done before, or in this plan."""
    del rules
    groups = len(problem.groups)
    before = pd.Index(problem.offers["course_id"]).get_indexer(problem.offers["requires"])
    asks = np.nonzero(problem.offers["requires"].notna().to_numpy())[0]
    for at, course in enumerate(asks):
        for other, sign in ((course, 1.0), (before[course], -1.0)):
            seat = np.nonzero(model.seat_course == other)[0]
            rows.add(at * groups + model.seat_group[seat], model.first_seat + seat, sign)
        rows.bound(groups, -np.inf, problem.completed[:, course])


MAKERS: dict[str, Maker] = {
    "budget": _budget,
    "least_jp": _least_jp,
    "most_jp": _most_jp,
    "priorities": _priorities,
    "modes": _modes,
    "fair": _fair,
    "away": _away,
    "courses_most": _courses_most,
    "seats": _seats,
    "minimum": _minimum,
    "sessions_most": _sessions_most,
    "requires": _requires,
}
