"""What the courses as they were held could have shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.power import chance_to_show, plan_power

USUAL_EFFECT = 0.63  # mean effect on learning in 234 studies: Arthur et al. (2003)


def find_group_sizes(
    attendance: pd.DataFrame, sessions: pd.DataFrame, tests: pd.DataFrame
) -> pd.DataFrame:
    """Return how many people of a course can be compared before and after.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status.
    sessions : DataFrame
        session_id, course_id.
    tests : DataFrame
        staff_id, course_id, occasion, score.

    Returns
    -------
    DataFrame
        One row a course with sessions, sorted by course_id: ``n_trained`` (completed it and have
        both, pre and post), ``n_comparison`` (have both but did not attend), ``sessions`` (with
        such people; at least 1).

    Notes
    -----
    Who attended without completing is in *neither* group. Pinned by
    ``tests/test_evaluation_power.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": "A", "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> tests = pd.DataFrame({"staff_id": list("AABB"), "course_id": "C", "score": 60,
    ...                       "occasion": ["pre", "post"] * 2})
    >>> find_group_sizes(attendance, sessions, tests).values.tolist()
    [['C', 1, 1, 1]]
    """
    keys = ["staff_id", "course_id"]
    scored = tests[tests["occasion"].isin(["pre", "post"]) & tests["score"].notna()]
    both = scored.groupby(keys, observed=True)["occasion"].nunique().eq(2)
    tested = both[both].reset_index()[keys]
    came = attendance.merge(sessions[["session_id", "course_id"]], validate="many_to_one")
    came = came[came["status"] != "absent"]
    done = came[came["status"] == "completed"].drop_duplicates(keys)
    trained = done[[*keys, "session_id"]].merge(tested, validate="one_to_one")
    groups = trained.groupby("course_id", observed=True)
    outside = tested.merge(came[keys].drop_duplicates(), how="left", indicator=True)
    outside = outside[outside["_merge"] == "left_only"].groupby("course_id", observed=True)
    table = pd.DataFrame({"course_id": np.sort(sessions["course_id"].unique())})
    columns = {"n_trained": groups.size(), "n_comparison": outside.size()}
    columns |= {"sessions": groups["session_id"].nunique().clip(lower=1)}
    for name, counts in columns.items():
        table[name] = table["course_id"].map(counts).fillna(int(name == "sessions")).astype(int)
    return table


def score_power(
    groups: pd.DataFrame,
    *,
    usual_effect: float = USUAL_EFFECT,
    correlation: float = 0.5,
    icc: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
    sd: float | None = None,
) -> pd.DataFrame:
    """Return the smallest effect that every course could have shown.

    Parameters
    ----------
    groups : DataFrame
        One row a course: course_id, n_trained, n_comparison, sessions; from ``find_group_sizes``.
    usual_effect : float
        What a usual course does, in standard deviations.
    correlation, icc, alpha, power : float
        As for ``plan_power``.
    sd : float, optional
        Standard deviation of the score, for the effect in points.

    Returns
    -------
    DataFrame
        As ``plan_power``, one row a course, with ``chance_usual`` (0-1, that an effect of the usual
        size would have been found). ``n``: people of both groups.

    Raises
    ------
    AnalysisError
        As ``plan_power``.

    Notes
    -----
    From the sizes alone, so it is *not* the power "observed" from a result, which says nothing new.
    Usual effect on learning: Arthur et al. (2003), J. Applied Psychology 88, 234-245. Pinned by
    ``tests/test_evaluation_power.py``.

    Examples
    --------
    >>> groups = pd.DataFrame({"course_id": ["C"], "n_trained": 20, "n_comparison": 20})
    >>> score_power(groups)[["value", "chance_usual"]].round(2).values.tolist()
    [[0.79, 0.61]]
    """
    options = {"correlation": correlation, "icc": icc, "alpha": alpha}
    table = plan_power(groups, **options, power=power, sd=sd)
    chance = [chance_to_show(usual_effect, row, **options) for row in groups.to_dict("records")]
    table.insert(table.columns.get_loc("n"), "chance_usual", chance)
    return table
