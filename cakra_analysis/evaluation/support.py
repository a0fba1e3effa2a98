"""What helps or hinders using what was learned: the climate at work, and barriers named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.answer_means import (
    NO_VARIANCE,
    STEPS,
    TOO_FEW,
    check_levels,
    mean_by,
    spread_levels,
)
from cakra_analysis.evaluation.transfer import BEHAVIOUR, pair_occasions
from cakra_analysis.names import add_names

SUPPORT, BARRIER = "support", "transfer_barrier"
NAMED_FROM = 4  # an answer of 4 or 5 names a barrier
ASSOCIATION = "difference within courses; cluster-robust t; Holm"
ESTIMATE = ["value", "low", "high", "level", "n"]


def score_support(
    transfer_answers: pd.DataFrame, questions: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how alumni rate the support they get for using what they learned.

    Parameters
    ----------
    transfer_answers : DataFrame
        staff_id, course_id, question_id, level (1-5; missing = not answered).
    questions : DataFrame
        question_id, block ("support" is read), name_id, name_en.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a course and question, by course, highest mean first: ``value`` (mean answer, 1-5),
        ``low``, ``high``, ``level``, ``n`` (alumni), ``share_1`` ... ``share_5``, ``agree_share``
        (answers 4-5), ``neutral_share``, block, ``method``, name_id, name_en.

    Raises
    ------
    DataError
        When an answer is not on the scale 1-5.

    Notes
    -----
    Mean +- t s / sqrt(n). A perception of those who answered. That climate goes with transfer:
    Blume et al. (2010), J. Management 36, 1065-1105. Pinned by
    ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff_id": list("AB"), "course_id": "C", "question_id": "S.1",
    ...                         "level": [5, 4]})
    >>> questions = pd.DataFrame({"question_id": ["S.1"], "block": "support", "name_id": "Atasan",
    ...                           "name_en": "Supervisor"})
    >>> score_support(answers, questions)[["value", "n", "agree_share"]].values.tolist()
    [[4.5, 2.0, 1.0]]
    """
    rows = _select(transfer_answers, questions, SUPPORT).assign(steps=STEPS)
    keys = ["course_id", "question_id"]
    table = mean_by(rows, keys, "level", confidence=confidence)
    shares = spread_levels(rows, keys)
    table = table.join(shares, validate="one_to_one").reset_index()
    table = add_names(table, items=questions).assign(block=SUPPORT)
    order = ["course_id", "value", "question_id"]
    table = table.sort_values(order, ascending=[True, False, True], ignore_index=True)
    return table[[*keys, *ESTIMATE, *shares, "block", "method", "name_id", "name_en"]]


def count_barriers(
    transfer_answers: pd.DataFrame,
    questions: pd.DataFrame,
    *,
    by: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what share of the alumni names each barrier to using what they learned.

    Parameters
    ----------
    transfer_answers, questions : DataFrame
        As for ``score_support``; the block "transfer_barrier" is read.
    by, confidence : str, float
        ``course_id`` for a row a course; without it all courses together, a person then names a
        barrier who names it for any course. Confidence of the interval.

    Returns
    -------
    DataFrame
        One row a (course and) question, most named first: ``value`` (share answering 4 or 5, 0-1),
        ``low``, ``high``, ``level``, ``n`` (people), ``named`` (of these), ``method``, name_id,
        name_en.

    Raises
    ------
    DataError
        When an answer is not on the scale 1-5.

    Notes
    -----
    k / n with Wilson's interval; Wilson (1927), J. American Statistical Association 22, 209-212.
    Pinned by ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff_id": list("ABCD"), "course_id": "C", "question_id": "B.1",
    ...                         "level": [5, 4, 2, 1]})
    >>> questions = pd.DataFrame({"question_id": ["B.1"], "block": "transfer_barrier",
    ...                           "name_id": "Sarana", "name_en": "Tools"})
    >>> count_barriers(answers, questions)[["value", "n"]].values.tolist()
    [[0.5, 4.0]]
    """
    from statsmodels.stats.proportion import proportion_confint

    rows = _select(transfer_answers, questions, BARRIER)
    groups = [*([by] if by else []), "question_id"]
    named = (rows["level"] >= NAMED_FROM).groupby([rows[c] for c in [*groups, "staff_id"]]).any()
    counts = named.groupby(groups).agg(named="sum", n="size")
    low, high = proportion_confint(counts["named"], counts["n"], 1 - confidence, method="wilson")
    table = counts.assign(value=counts["named"] / counts["n"], low=low, high=high)
    table = table.assign(level=confidence, method="share answering 4 or 5; Wilson").reset_index()
    table = add_names(table, items=questions)
    order = [*groups[:-1], "value", "question_id"]
    ascending = [*[True] * len(groups[:-1]), False, True]
    table = table.sort_values(order, ascending=ascending, ignore_index=True)
    return table[[*groups, *ESTIMATE, "named", "method", "name_id", "name_en"]]


def find_blocking(
    transfer_answers: pd.DataFrame,
    transfer: pd.DataFrame,
    questions: pd.DataFrame,
    *,
    source: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return which barriers go with less change of behaviour.

    Parameters
    ----------
    transfer_answers, transfer, questions : DataFrame
        As for ``count_barriers`` and ``score_behaviour``.
    source : str, optional
        Whose view of the change; without it the mean of all sources an alumnus has. With
        "supervisor" the one who names the barrier is not the one who judges the change.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a question, lowest value first: ``value`` (mean change of those who name the barrier
        less that of the others, levels), ``low``, ``high``, ``level``, ``p``, ``p_adjusted``
        (Holm), ``named``, ``others`` (alumni of a course), ``n`` (people in the smaller group: what
        must not be too few), ``method``, name_id, name_en. "too few" below two in a group, "no
        variance" where change or naming does not vary within a course; both without figures.

    Raises
    ------
    DataError
        When an answer or level is not on its scale.

    Notes
    -----
    b of change = course + b named by least squares, variance robust to clustering in persons (one
    may have several courses). An association and *not* a cause: who changes little may also see
    more barriers. Holm (1979), Scandinavian J. Statistics 6, 65-70. Pinned by
    ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff_id": list("ABCDEF"), "course_id": "C", "question_id": "B.1",
    ...                         "level": [5, 4, 4, 1, 1, 2]})
    >>> transfer = pd.DataFrame({"staff_id": list("ABCDEF") * 2, "course_id": "C", "source": "self",
    ...     "rater": None, "occasion": ["before"] * 6 + ["after"] * 6, "aspect": "application",
    ...     "level": [1] * 6 + [1, 2, 1, 3, 2, 3]})
    >>> questions = pd.DataFrame({"question_id": ["B.1"], "block": "transfer_barrier",
    ...                           "name_id": "Sarana", "name_en": "Tools"})
    >>> find_blocking(answers, transfer, questions)[["value", "n"]].round(2).values.tolist()
    [[-1.33, 3.0]]
    """
    from statsmodels.stats.multitest import multipletests

    rows = _select(transfer_answers, questions, BARRIER)
    change = _mean_change(transfer, source)
    rows = rows.merge(change, on=["staff_id", "course_id"], validate="many_to_one")
    rows = rows.assign(named=rows["level"] >= NAMED_FROM)
    found = [
        {"question_id": question} | _associate(own, confidence)
        for question, own in rows.groupby("question_id", observed=True)
    ]
    figures = [*ESTIMATE, "p", "p_adjusted", "named", "others"]
    table = pd.DataFrame(found, columns=["question_id", *figures, "method"])
    table = table.assign(level=confidence, p_adjusted=np.nan)
    known = table["p"].notna()
    if known.any():
        table.loc[known, "p_adjusted"] = multipletests(table.loc[known, "p"], method="holm")[1]
    table = add_names(table, items=questions)
    return table.sort_values(["value", "question_id"], ignore_index=True)


def _select(answers: pd.DataFrame, questions: pd.DataFrame, block: str) -> pd.DataFrame:
    """The answers to a block of questions, none missing, on their scale."""
    asked = questions.loc[questions["block"] == block, "question_id"]
    rows = answers[answers["question_id"].isin(asked) & answers["level"].notna()]
    check_levels(rows["level"].astype(float), 1, STEPS)
    return rows


def _mean_change(transfer: pd.DataFrame, source: str | None) -> pd.DataFrame:
    """Each alumnus's mean change over aspects of behaviour, then raters, then sources."""
    pairs = pair_occasions(transfer)
    wanted = pairs["aspect"].isin(BEHAVIOUR) & pairs["source"].eq(source or pairs["source"])
    keys = ["staff_id", "course_id"]
    by_source = pairs[wanted & pairs["change"].notna()].groupby([*keys, "source"])["change"].mean()
    return by_source.groupby(keys).mean().rename("change").reset_index()


def _associate(rows: pd.DataFrame, confidence: float) -> dict[str, float | str]:
    """One barrier's difference within courses."""
    from statsmodels.regression.linear_model import OLS

    named = rows["named"]
    sides = [rows.loc[named, "staff_id"].nunique(), rows.loc[~named, "staff_id"].nunique()]
    row: dict[str, float | str] = {"named": int(named.sum()), "others": int((~named).sum())}
    row |= {"n": min(sides), "method": ASSOCIATION}
    if min(sides) < 2:
        return row | {"method": TOO_FEW}
    course = pd.get_dummies(rows["course_id"]).astype(float)
    x = named.astype(float).rename("named")
    inside = x - x.groupby(rows["course_id"]).transform("mean")
    spread = rows["change"] - rows.groupby("course_id")["change"].transform("mean")
    if (inside.abs() < 1e-12).all() or (spread.abs() < 1e-12).all():
        return row | {"method": NO_VARIANCE}
    people = pd.factorize(rows["staff_id"])[0]
    fit = OLS(rows["change"], course.assign(named=x)).fit(
        cov_type="cluster", cov_kwds={"groups": people}, use_t=True
    )
    low, high = fit.conf_int(1 - confidence).loc["named"]
    row |= {"value": fit.params["named"], "low": low, "high": high}
    return row | {"p": float(fit.pvalues["named"])}
