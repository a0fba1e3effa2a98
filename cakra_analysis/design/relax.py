"""The portfolio's programme with sessions and seats divisible, and the bound that it proves."""

from __future__ import annotations

import numpy as np
from scipy.sparse import vstack

from cakra_analysis.design.model import Model, stack_rows
from cakra_analysis.design.problem import Array
from cakra_analysis.design.solution import LEAST_LEFT, Solution


def relax(model: Model, *, time_limit: float) -> tuple[Solution, Array]:
    """Solve the programme as if sessions and seats were divisible.

    Parameters
    ----------
    model : Model
        With the rows of the rules.
    time_limit : float
        Seconds.

    Returns
    -------
    tuple
        The solution, and what one more of each column would lose (reduced cost, 0 or more).
    """
    from scipy.optimize import linprog

    rows = stack_rows(list(model.rows.values()))
    equal = rows.low == rows.high
    above, below = np.isfinite(rows.high) & ~equal, np.isfinite(rows.low) & ~equal
    found = linprog(
        -model.worth,
        A_ub=vstack([rows.matrix[above], -rows.matrix[below]], format="csr"),
        b_ub=np.concatenate([rows.high[above], -rows.low[below]]),
        A_eq=rows.matrix[equal],
        b_eq=rows.low[equal],
        bounds=np.column_stack([np.zeros(len(model.upper)), model.upper]),
        method="highs-ds",
        options={"time_limit": max(time_limit, LEAST_LEFT)},
    )
    if found.status == 2:
        return Solution("infeasible", None, -np.inf), np.zeros(0)
    if found.status != 0:
        return Solution("limit", None, np.inf), np.zeros(0)
    return Solution("done", found.x, -float(found.fun)), np.maximum(found.lower.marginals, 0)
