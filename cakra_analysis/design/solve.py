"""HiGHS on the portfolio's programme, with what it has proved."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from cakra_analysis.design.model import Model, Rows, stack_rows
from cakra_analysis.design.problem import Array
from cakra_analysis.design.relax import relax
from cakra_analysis.design.solution import LEAST_LEFT, Solution

LARGE = 1500  # whole seats from which on they are first taken as divisible
PART = 0.6  # of the time that is left, for each step at most
LOSS = 0.04  # levels that a seat may lose to be thought of
MEMORY = 1e-9
Cut = Callable[[Array], Rows | None]


def solve(
    model: Model,
    *,
    keep: Collection[str] | None = None,
    worth: Array | None = None,
    lower: Array | None = None,
    upper: Array | None = None,
    whole: Array | None = None,
    extra: Rows | None = None,
    time_limit: float = 60.0,
    gap: float = 1e-3,
) -> Solution:
    """Solve a programme once.

    Parameters
    ----------
    model : Model
        With the rows of the rules.
    keep : collection of str, optional
        Rules to keep; all without it.
    worth, lower, upper, whole : array, optional
        In place of the model's; ``lower`` is otherwise 0.
    extra : Rows, optional
        To be kept too.
    time_limit : float
        Seconds.
    gap : float
        Relative gap to optimal at which HiGHS may stop.

    Returns
    -------
    Solution
        The best found.
    """
    from scipy.optimize import Bounds, LinearConstraint, OptimizeWarning, milp

    worth = model.worth if worth is None else worth
    parts = [r for key, r in model.rows.items() if not key or keep is None or key in keep]
    rows = stack_rows(parts if extra is None else [*parts, extra])
    low = np.zeros(len(worth)) if lower is None else lower
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)
        found = milp(
            -worth,
            integrality=model.whole if whole is None else whole,
            bounds=Bounds(low, model.upper if upper is None else upper),
            constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
            options={"time_limit": max(time_limit, 0.1), "mip_rel_gap": gap},
        )
    if found.status == 2:
        return Solution("infeasible", None, -np.inf)
    state = "done" if found.status == 0 else "limit"
    bound = getattr(found, "mip_dual_bound", None)
    if bound is None:  # without whole columns there is no tree, and what was found is the best
        bound = found.fun if found.status == 0 else None
    return Solution(state, found.x, np.inf if bound is None else -float(bound))


def search(model: Model, *, cut: Cut | None = None, time_limit: float, gap: float) -> Solution:
    """Search the best plan: at once if small, else near the best divisible one first.

    Parameters
    ----------
    model : Model
        With the rows of the rules.
    cut : callable, optional
        Gives rows that a divisible solution breaks and no whole plan does.
    time_limit : float
        Seconds, all in all.
    gap : float
        Relative gap to optimal that is asked for.

    Returns
    -------
    Solution
        The best found with a bound that is proved.

    Notes
    -----
    With sessions and seats divisible the programme is linear, and no plan is better than its
    bound; rows that only divisible seats break bring it closer. Then, step by step: sessions whole
    near that, seats still divisible and none where, by their reduced cost, a seat would lose more
    than ``LOSS``; then these sessions and seats whole, rounded up or down; then at most one beyond
    that. Then the same with whole sessions anywhere, which brings the bound closer; then the whole
    programme. It ends as soon as a plan lies within ``gap`` of the bound, or with the best one
    when the time is over.
    """
    end = time.monotonic() + time_limit
    if model.first_piece - model.first_seat < LARGE:
        return solve(model, time_limit=time_limit, gap=gap)
    first, reduced = relax(model, time_limit=time_limit)
    if first.columns is None:
        return first
    broken = cut(first.columns) if cut else None
    if broken is not None:
        model = replace(model, rows=model.rows | {"": stack_rows([model.rows[""], broken])})
        closer, lost = relax(model, time_limit=PART * (end - time.monotonic()))
        if closer.columns is not None:
            first, reduced = closer, lost
    columns = np.asarray(first.columns)
    likely = _list_likely(model, columns, reduced)
    best = Solution("limit", None, first.bound)
    held = _hold_near(model, columns, likely, end, gap)
    best = _round(model, best, held, likely, end, gap)
    if not reaches(model, best, gap):
        held = _hold(model, end, gap)  # of all sessions and seats, so no plan is better
        best = replace(best, bound=min(best.bound, held.bound))
        best = _round(model, best, held, likely, end, gap)
    if reaches(model, best, gap):
        return Solution("done", best.columns, best.bound)
    left = end - time.monotonic()
    if left < LEAST_LEFT:
        return best
    return _better(model, best, solve(model, time_limit=left, gap=gap))


def _list_likely(model: Model, columns: Array, reduced: Array) -> Array:
    """Upper ends that leave no seat where a divisible plan would lose much by it."""
    seats, upper = slice(model.first_seat, model.first_piece), model.upper.copy()
    upper[seats] *= (reduced[seats] < LOSS) | (columns[seats] > MEMORY)
    return upper


def _hold_near(model: Model, columns: Array, likely: Array, end: float, gap: float) -> Solution:
    """Sessions whole near a divisible plan, seats still divisible."""
    lower, upper = np.zeros(len(columns)), likely.copy()
    near = columns[: model.courses]
    lower[: model.courses] = np.maximum(np.floor(near + 1e-6) - 1, 0)
    upper[: model.courses] = np.minimum(np.ceil(near - 1e-6) + 1, upper[: model.courses])
    return _hold(model, end, gap, lower=lower, upper=upper)


def _hold(
    model: Model, end: float, gap: float, *, lower: Array | None = None, upper: Array | None = None
) -> Solution:
    """Sessions whole, seats still divisible."""
    whole = model.whole.copy()
    whole[model.courses :] = 0
    limit = PART * (end - time.monotonic())
    return solve(model, whole=whole, lower=lower, upper=upper, time_limit=limit, gap=gap / 5)


def _round(
    model: Model, best: Solution, held: Solution, likely: Array, end: float, gap: float
) -> Solution:
    """The best plan known, or a better one with the sessions held and whole seats near theirs."""
    if held.columns is None:
        return best
    seats, own = slice(model.first_seat, model.first_piece), held.columns[: model.courses]
    near = held.columns[seats]
    lower, upper = np.zeros(len(likely)), likely.copy()
    lower[: model.courses] = upper[: model.courses] = np.round(own)
    for beyond in (0, 1):
        used = likely[seats] if beyond else near > MEMORY
        lower[seats] = np.maximum(np.floor(near + 1e-6) - beyond, 0)
        most = np.where(used, np.ceil(near - 1e-6) + beyond, 0)
        upper[seats] = np.minimum(most, model.upper[seats])
        limit = PART * (end - time.monotonic())
        found = solve(model, lower=lower, upper=upper, time_limit=limit, gap=gap / 5).columns
        if found is not None:
            best = _better(model, best, Solution("limit", found, best.bound))
        if reaches(model, best, gap):
            break
    return best


def reaches(model: Model, solution: Solution, gap: float) -> bool:
    """Return whether a solution is proved to lie within a relative gap.

    Parameters
    ----------
    model : Model
        Its worth is used.
    solution : Solution
        With columns.
    gap : float
        Relative.

    Returns
    -------
    bool
        Whether it does.
    """
    if solution.columns is None:
        return False
    value = float(model.worth @ solution.columns)
    return solution.bound - value <= gap * abs(value) + MEMORY


def _better(model: Model, one: Solution, other: Solution) -> Solution:
    if other.state == "infeasible":
        return other
    bound = min(one.bound, other.bound)
    known = [s for s in (other, one) if s.columns is not None]
    if not known:
        return Solution("limit", None, bound)
    best = max(known, key=lambda s: float(model.worth @ s.columns))
    state = "done" if other.state == "done" else "limit"
    return Solution(state, best.columns, bound)
