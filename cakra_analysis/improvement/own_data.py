"""What was measured of each thing, counted by how good and how old the evidence is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.claims import NORMAL, THING, find_offers
from cakra_analysis.improvement.cycles import count_age

KEY = ["course_id", "competency_id", "cycle"]
# Share of its own precision that an evaluation of each grade counts with. [I]
GRADES: Mapping[str, float] = {"A": 1.0, "B": 0.7, "C": 0.3, "D": 0.0, "E": 0.0}
DECAY = 0.8  # [I] of the weight that is left after another cycle
POOLED = [*THING, "data", "variance", "evaluations", "last_cycle", "n", "fewest"]


def weigh_evaluations(
    evaluations: pd.DataFrame,
    courses: pd.DataFrame,
    *,
    cycle: str,
    grades: Mapping[str, float] = GRADES,
    decay: float = DECAY,
) -> pd.DataFrame:
    """Return the evaluations that count, each with the variance that it counts with.

    Parameters
    ----------
    evaluations : DataFrame
        course_id, competency_id, cycle, effect, low, high (levels; a 95 percent interval), grade,
        n (people), and perhaps fewest (on the smaller side).
    courses : DataFrame
        course_id, and perhaps offer_id.
    cycle : str
        What ended after it is not read; age is counted from it.
    grades : mapping of str to float
        Weight of each grade, 0-1; evaluations of weight 0 are left out.
    decay : float
        Weight left after one more cycle, above 0 to 1.

    Returns
    -------
    DataFrame
        The rows up to the cycle with a weight above 0, by offer, newest first: their columns with
        ``offer_id``, ``age`` (cycles), ``variance`` (squared levels) and ``fewest`` (``n`` where
        nobody knows).

    Raises
    ------
    AnalysisError
        When a grade or a weight is unknown or impossible, a row stands twice, or an interval is
        missing, has no width or does not hold its effect.

    Notes
    -----
    v = ((high - low) / (2 z))^2 / (grade weight x decay^age): a poor or old evaluation counts as
    one with a wider interval, its effect untouched (a power prior: Ibrahim & Chen 2000,
    Statistical Science 15, 46-60). Pinned by
    ``tests/test_improvement_evidence.py``.

    Examples
    --------
    >>> row = {"course_id": "C", "competency_id": "K", "effect": 0.2, "low": 0.0, "high": 0.4,
    ...        "n": 40}
    >>> told = pd.DataFrame([row | {"cycle": "2026", "grade": "A"}])
    >>> found = weigh_evaluations(told, pd.DataFrame({"course_id": ["C"]}), cycle="2028")
    >>> found[["age", "variance"]].round(4).values.tolist()
    [[2.0, 0.0163]]
    """
    _check(evaluations, grades, decay)
    age = count_age(evaluations["cycle"], cycle=cycle)
    weight = evaluations["grade"].map(dict(grades)).astype(float) * decay**age
    error = (evaluations["high"] - evaluations["low"]).astype(float) / (2 * NORMAL)
    with np.errstate(divide="ignore"):
        variance = error**2 / weight
    offers = find_offers(evaluations["course_id"], courses)
    smaller = evaluations.reindex(columns=["fewest"])["fewest"].astype(float)
    smaller = smaller.fillna(evaluations["n"])
    rows = evaluations.assign(offer_id=offers, age=age, variance=variance, fewest=smaller)
    rows = rows[np.isfinite(variance) & (age >= -1e-9)]
    return rows.sort_values([*THING, "age", "course_id"], ignore_index=True)


def pool_evaluations(weighed: pd.DataFrame) -> pd.DataFrame:
    """Return what all evaluations of a thing say together.

    Parameters
    ----------
    weighed : DataFrame
        From ``weigh_evaluations``.

    Returns
    -------
    DataFrame
        One row an offer and competency, sorted: ``data`` (levels) and ``variance`` (squared
        levels) of the mean by 1 / variance, ``evaluations`` (how many), ``last_cycle``, ``n``
        (people of all of them), ``fewest`` (the smallest side of any of them).

    Examples
    --------
    >>> rows = pd.DataFrame({"offer_id": "C", "competency_id": "K", "cycle": ["2026", "2025"],
    ...                      "effect": [0.2, 0.4], "variance": [0.01, 0.03], "n": [30, 20],
    ...                      "fewest": [9, 6]})
    >>> pool_evaluations(rows)[["data", "variance", "n"]].round(4).values.tolist()
    [[0.25, 0.0075, 50.0]]
    """
    precision = 1 / weighed["variance"]
    rows = weighed.assign(precision=precision, told=precision * weighed["effect"])
    pooled = rows.groupby(THING, as_index=False).agg(
        precision=("precision", "sum"),
        told=("told", "sum"),
        evaluations=("effect", "size"),
        last_cycle=("cycle", "first"),
        n=("n", "sum"),
        fewest=("fewest", "min"),
    )
    data = pooled["told"] / pooled["precision"]
    return pooled.assign(data=data, variance=1 / pooled["precision"])[POOLED]


def _check(evaluations: pd.DataFrame, grades: Mapping[str, float], decay: float) -> None:
    if not 0 < decay <= 1 or not all(0 <= weight <= 1 for weight in grades.values()):
        raise AnalysisError(
            "Evidence cannot be weighed like this.",
            allowed="The weight of a grade lies between 0 and 1, decay above 0 and at most at 1.",
        )
    unknown = ~evaluations["grade"].isin(list(grades))
    twice = evaluations.duplicated(KEY)
    low, high = evaluations["low"].astype(float), evaluations["high"].astype(float)
    told = evaluations["effect"].astype(float)
    apart = (high > low) & np.isfinite(high - low) & (low <= told) & (told <= high)
    told_of = (
        (unknown, "has a grade that is none", f"Grades are {', '.join(grades)}."),
        (twice, "stands twice", "One row a course, competency and cycle."),
        (~apart, "has no interval around its effect", "low <= effect <= high, and low < high."),
    )
    for wrong, what, allowed in told_of:
        if wrong.any():
            row = evaluations[wrong].iloc[0]
            where = f"{row['course_id']} on {row['competency_id']} in {row['cycle']}"
            raise AnalysisError(
                f"The evaluation of {where} {what}.",
                allowed=allowed,
                do="Mend the table evaluations, or take the row out.",
            )
