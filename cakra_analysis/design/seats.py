"""The seats of a plan as an array again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.design.groups import GROUP
from cakra_analysis.design.portfolio import Portfolio
from cakra_analysis.design.problem import Array, Problem


def need_seats(problem: Problem, plan: Portfolio) -> Array:
    """Return a plan's seats of people in need.

    Parameters
    ----------
    problem : Problem
        The plan's.
    plan : Portfolio
        From ``plan_portfolio``.

    Returns
    -------
    array of group x course
        Seats.
    """
    groups = pd.MultiIndex.from_frame(problem.groups[GROUP])
    group = groups.get_indexer(pd.MultiIndex.from_frame(plan.seats[GROUP]))
    course = pd.Index(problem.offers["course_id"]).get_indexer(plan.seats["course_id"])
    seats = np.zeros(problem.seats_all.shape)
    seats[group, course] = plan.seats["in_need"].to_numpy()
    return seats
