"""The effect of each course on its own competency, ready to be published."""

from __future__ import annotations

import pandas as pd


def select_own(effects: pd.DataFrame, courses: pd.DataFrame, *, staff: int) -> pd.DataFrame:
    """Return one row a course: what it does to the competency that it is held for.

    Parameters
    ----------
    effects : DataFrame
        From ``update_effects``.
    courses : DataFrame
        course_id, competency_id.
    staff : int
        People whom a claim that nobody measured is about: everybody.

    Returns
    -------
    DataFrame
        The columns of ``effects``, courses that were evaluated first, then by value, largest first;
        ``people`` (of its evaluations, or all staff) and ``fewest`` (those on the smaller
        side of its evaluations, under whichever code and in whichever cycle they were held; 0
        without any): a claim tells about nobody.

    Examples
    --------
    >>> effects = pd.DataFrame({"course_id": ["C", "D"], "competency_id": ["M.1", "M.1"],
    ...     "value": [0.1, 0.5], "evaluations": [1, 0], "n": [60, 0], "fewest": [25, 0]})
    >>> courses = effects[["course_id", "competency_id"]]
    >>> own = select_own(effects, courses, staff=600)
    >>> own[["course_id", "people", "fewest"]].values.tolist()
    [['C', 60, 25], ['D', 600, 0]]
    """
    keys = ["course_id", "competency_id"]
    own = courses.reindex(columns=keys).dropna().merge(effects, on=keys, validate="one_to_one")
    known = own["evaluations"] > 0
    own = own.assign(people=own["n"].where(known, staff), known=known)
    order = ["known", "value", "course_id"]
    own = own.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return own.drop(columns="known")
