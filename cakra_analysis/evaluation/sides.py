"""Trained and untrained side by side: their scores, and every method's answer."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from cakra_analysis.evaluation.covariates import select_complete
from cakra_analysis.intervals import t_interval


def score_sides(people: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return mean scores before and after of the trained and of those compared.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a course and group, sorted: ``group`` (trained, comparison), ``before``, ``after``
        (points), ``low``, ``high`` (interval of after), ``level``, ``n`` (people with both),
        ``method``.

    Notes
    -----
    t intervals over people. Neither line alone tells of an effect. Pinned by
    ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True, True, False, False],
    ...                        "before": [1.0, 3, 2, 4], "after": [4.0, 6, 3, 5]})
    >>> score_sides(people)[["group", "before", "after"]].values.tolist()
    [['trained', 2.0, 5.0], ['comparison', 3.0, 4.0]]
    """
    kept = select_complete(people)
    groups = kept.groupby(["course_id", "treated"])
    table = groups["after"].agg(after="mean", variance="var", n="size")
    table["before"] = groups["before"].mean()
    low, high = t_interval(
        table["after"], table["variance"] / table["n"], table["n"] - 1, confidence
    )
    table = table.assign(low=low, high=high, level=confidence, method="means; t").reset_index()
    table["group"] = table["treated"].map({True: "trained", False: "comparison"})
    table = table.sort_values(["course_id", "treated"], ascending=[True, False], ignore_index=True)
    return table[["course_id", "group", "before", "after", "low", "high", "level", "n", "method"]]


def spread_methods(effects: pd.DataFrame) -> pd.DataFrame:
    """Return every method's estimate in a column of its own.

    Parameters
    ----------
    effects : DataFrame
        From ``estimate_courses``.

    Returns
    -------
    DataFrame
        One row a course, in order: a column a method (points), ``decides`` (which one decides),
        ``n`` (people of the deciding one).

    Examples
    --------
    >>> effects = pd.DataFrame({"course_id": "C", "method": ["did", "aipw"], "value": [1.0, 2.0],
    ...                         "decides": [False, True], "n": [8, 9]})
    >>> spread_methods(effects).values.tolist()
    [['C', 1.0, 2.0, 'aipw', 9]]
    """
    order = effects["method"].drop_duplicates()
    wide = effects.pivot(index="course_id", columns="method", values="value")[list(order)]
    decided = effects[effects["decides"]].set_index("course_id")
    wide = wide.assign(decides=decided["method"], n=decided["n"]).rename_axis(columns=None)
    return wide.loc[effects["course_id"].drop_duplicates()].reset_index()


def spread_sources(behaviour: pd.DataFrame) -> pd.DataFrame:
    """Return each course's change of behaviour at work, a column a source.

    Parameters
    ----------
    behaviour : DataFrame
        From ``score_behaviour``; the rows of all aspects together count.

    Returns
    -------
    DataFrame
        One row a course, sorted: ``change_<source>`` (mean change, levels), ``supervisor_low`` and
        ``supervisor_high`` (interval of the supervisors' view), ``answered`` (share of the alumni
        whom a supervisor rated, 0-1), ``n`` (alumni of the source that rated fewest).

    Examples
    --------
    >>> behaviour = pd.DataFrame({"course_id": "C", "source": ["self", "supervisor"],
    ...     "aspect": "all", "value": [0.5, 0.3], "low": 0.1, "high": 0.6, "answered": 0.5,
    ...     "n": [9, 7]})
    >>> spread_sources(behaviour)[["change_self", "change_supervisor", "n"]].values.tolist()
    [[0.5, 0.3, 7.0]]
    """
    rows = behaviour[behaviour["aspect"] == "all"]
    wide = rows.pivot(index="course_id", columns="source", values="value").add_prefix("change_")
    told = rows[rows["source"] == "supervisor"].set_index("course_id")
    wide = wide.assign(
        supervisor_low=told["low"],
        supervisor_high=told["high"],
        answered=told["answered"],
        n=rows.groupby("course_id")["n"].min(),
    )
    return wide.rename_axis(columns=None).reset_index()


def correlate_occasions(people: pd.DataFrame) -> float:
    """Return how steady scores are: the correlation of before and after without a course.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.

    Returns
    -------
    float
        Of the untrained within courses, 0-1; 0.5 where fewer than ten have both scores.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": False, "before": range(10),
    ...                        "after": range(10)})
    >>> round(correlate_occasions(people), 9)
    1.0
    """
    rows = people[~people["treated"].astype(bool) & people["after"].notna()]
    if len(rows) < 10:
        return 0.5
    scores = rows[["before", "after"]].astype(float)
    within = scores - scores.groupby(rows["course_id"]).transform("mean")
    found = within["before"].corr(within["after"])
    return float(min(max(found, 0.0), 1.0)) if pd.notna(found) else 0.5


def adjust_scores(people: pd.DataFrame) -> pd.DataFrame:
    """Return people whose score after is what lies above what the untrained would expect of it.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``; courses with fewer than ten untrained people with both scores are
        left out.

    Returns
    -------
    DataFrame
        Same columns; ``after`` less the line that the untrained of the course follow from before
        to after (points), so that the sides' difference is one at equal scores before.

    Notes
    -----
    after - (a + b before), a and b by least squares over the untrained: for bounds that must be
    of the adjusted difference. Pinned by ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [False] * 10 + [True],
    ...                        "before": [*range(10), 4], "after": [*range(10), 9.0]})
    >>> float(adjust_scores(people)["after"].iloc[-1].round(9))
    5.0
    """
    kept = []
    for _, mine in people.groupby("course_id", sort=True):
        known = mine[~mine["treated"].astype(bool) & mine["after"].notna()]
        if len(known) >= 10 and known["before"].nunique() > 1:
            line = stats.linregress(known["before"].astype(float), known["after"].astype(float))
            expected = line.intercept + line.slope * mine["before"]
            kept.append(mine.assign(after=mine["after"] - expected))
    return pd.concat(kept, ignore_index=True) if kept else people.head(0)
