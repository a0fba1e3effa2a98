"""Do the questions of the reaction form tell one participant's view from another's reliably."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.answer_means import NO_VARIANCE, TOO_FEW
from cakra_analysis.evaluation.reaction import REACTION, select_answers
from cakra_analysis.intervals import alpha_interval

NONE = (np.nan, np.nan, np.nan)


def score_reaction_reliability(
    reactions: pd.DataFrame,
    questions: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: str = "course_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return Cronbach's alpha of the reaction form.

    Parameters
    ----------
    reactions, questions, sessions, by, confidence : DataFrame, DataFrame, DataFrame, str, float
        As for ``score_reactions``; all questions of the block are taken to point the same way.

    Returns
    -------
    DataFrame
        One row a group, sorted: ``value`` (alpha, at most 1, below 0 possible), ``low``, ``high``,
        ``level``, ``items`` asked, ``constant`` (of these, set aside: all answers alike), ``n``
        complete forms, ``dropped`` (an answer missing), ``method``: "alpha; Feldt F", "too few"
        (three forms and two questions are the least) or "no variance", these two without figures.

    Raises
    ------
    AnalysisError
        When ``by`` is neither course_id nor session_id.

    Notes
    -----
    alpha = k / (k - 1) (1 - sum s_j^2 / s_sum^2); ends 1 - (1 - alpha) F(p; n-1, (n-1)(k-1)). Forms
    of a session resemble each other, which the interval leaves out. It does *not* show that the
    questions measure one thing. Feldt (1965), Psychometrika 30, 357-370. Pinned by
    ``tests/test_evaluation_reaction.py`` against R's psych.

    Examples
    --------
    >>> levels = {"R.1": [1, 2, 3, 4], "R.2": [2, 1, 3, 4]}
    >>> reactions = pd.DataFrame(levels).rename_axis("respondent").reset_index()
    >>> reactions = reactions.melt("respondent", var_name="question_id", value_name="level")
    >>> questions = pd.DataFrame({"question_id": list(levels), "block": "reaction",
    ...                           "scale_id": "s"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> score_reaction_reliability(reactions.assign(session_id="S"), questions, sessions)[
    ...     ["value", "n"]].round(3).values.tolist()
    [[0.889, 4.0]]
    """
    rows = select_answers(reactions, questions, sessions, REACTION, by)
    found = []
    for group, answers in rows.groupby(by, observed=True):
        wide = answers.pivot(
            index=["session_id", "respondent"], columns="question_id", values="level"
        )
        complete = wide.dropna()
        varying = complete.columns[complete.nunique() > 1]
        row = {by: group, "items": wide.shape[1], "constant": wide.shape[1] - len(varying)}
        row |= {"n": len(complete), "dropped": len(wide) - len(complete)}
        (value, low, high), method = _alpha(complete[varying], confidence)
        found.append(row | {"value": value, "low": low, "high": high, "method": method})
    columns = [by, "value", "low", "high", "level", "items", "constant", "n", "dropped", "method"]
    return pd.DataFrame(found, columns=columns).assign(level=confidence)


def _alpha(items: pd.DataFrame, confidence: float) -> tuple[tuple[float, float, float], str]:
    n, k = items.shape
    if n < 3 or k < 2:
        return NONE, TOO_FEW
    found = alpha_interval(items, confidence)
    return (found, "alpha; Feldt F") if np.isfinite(found[0]) else (NONE, NO_VARIANCE)
