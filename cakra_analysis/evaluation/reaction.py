"""Level 1: did they like it. Answers on the form of a session, and would they recommend it."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import AnalysisError, DataError, suggest
from cakra_analysis.evaluation.answer_means import check_levels, mean_by, spread_levels
from cakra_analysis.names import add_names

GROUPS = ("course_id", "session_id")
REACTION, RECOMMEND = "reaction", "recommend"
PROMOTER, DETRACTOR = 9, 6  # from, up to; Reichheld (2003)
ESTIMATE = ["value", "low", "high", "level", "n", "sessions"]


def score_reactions(
    reactions: pd.DataFrame,
    questions: pd.DataFrame,
    scales: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: str = "course_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how the participants of a course or session answered each question on it.

    Parameters
    ----------
    reactions : DataFrame
        session_id, respondent, question_id, level (1-5; missing = not answered).
    questions : DataFrame
        question_id, block ("reaction" is read), scale_id, name_id, name_en.
    scales : DataFrame
        scale_id, level, label_id, label_en.
    sessions : DataFrame
        session_id, course_id.
    by : str
        ``course_id`` or ``session_id``.
    confidence : float
        Of the interval of the mean.

    Returns
    -------
    DataFrame
        One row a group and question, by group, highest mean first: ``value`` (mean answer),
        ``low``, ``high``, ``level``, ``n`` (answers), ``sessions``, ``share_1`` ... ``share_5``
        (0-1), ``agree_share`` (the two highest answers), ``neutral_share``, label_id and label_en
        (the answers' texts, a line each), block, ``method``, name_id, name_en.

    Raises
    ------
    AnalysisError
        When ``by`` is neither.
    DataError
        When an answer is not on its scale.

    Notes
    -----
    Mean and interval: ``mean_by``, clustered in sessions where a course has three. Only who
    answered counts; liking is *not* learning: Alliger et al. (1997), Personnel Psychology 50,
    341-358. Pinned by ``tests/test_evaluation_reaction.py``.

    Examples
    --------
    >>> reactions = pd.DataFrame({"session_id": "S", "respondent": [1, 2, 3],
    ...                           "question_id": "R.1", "level": [5, 4, 3]})
    >>> questions = pd.DataFrame({"question_id": ["R.1"], "block": "reaction", "scale_id": "s",
    ...                           "name_id": "Materi", "name_en": "Content"})
    >>> scales = pd.DataFrame({"scale_id": "s", "level": range(1, 6), "label_id": list("abcde"),
    ...                        "label_en": list("vwxyz")})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> score_reactions(reactions, questions, scales, sessions)[
    ...     ["value", "n", "agree_share"]].round(2).values.tolist()
    [[4.0, 3.0, 0.67]]
    """
    rows = select_answers(reactions, questions, sessions, REACTION, by)
    rows = rows.assign(steps=rows["scale_id"].map(scales.groupby("scale_id").size()))
    keys = [by, "question_id", "scale_id"]
    table = mean_by(rows, keys, "level", cluster="session_id", confidence=confidence)
    table = table.join(spread_levels(rows, keys), validate="one_to_one").reset_index()
    ordered = scales.sort_values("level").groupby("scale_id")
    texts = ordered[["label_id", "label_en"]].agg("\n".join)
    table = table.join(texts, on="scale_id", validate="many_to_one")
    table = add_names(table, items=questions).assign(block=REACTION)
    order = [by, "value", "question_id"]
    table = table.sort_values(order, ascending=[True, False, True], ignore_index=True)
    table = table.rename(columns={"clusters": "sessions"})
    shares = [c for c in table if c.startswith("share_")] + ["agree_share", "neutral_share"]
    words = ["label_id", "label_en", "block", "method", "name_id", "name_en"]
    return table[[by, "question_id", "scale_id", *ESTIMATE, *shares, *words]]


def score_satisfaction(
    reactions: pd.DataFrame,
    questions: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: str = "course_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean over all questions on a course or session: one figure a group.

    Parameters
    ----------
    reactions, questions, sessions, by, confidence : DataFrame, DataFrame, DataFrame, str, float
        As for ``score_reactions``.

    Returns
    -------
    DataFrame
        One row a group, sorted: ``value`` (mean answer, 1-5), ``low``, ``high``, ``level``, ``n``
        (forms), ``sessions``, ``method``.

    Raises
    ------
    AnalysisError
        When ``by`` is neither course_id nor session_id.
    DataError
        When an answer is not on its scale.

    Notes
    -----
    A form counts once, with the mean of the questions it answers; then ``mean_by``. Comparable only
    where courses were asked the same questions. Pinned by ``tests/test_evaluation_reaction.py``.

    Examples
    --------
    >>> reactions = pd.DataFrame({"session_id": "S", "respondent": [1, 1, 2],
    ...                           "question_id": ["R.1", "R.2", "R.1"], "level": [5, 3, 3]})
    >>> questions = pd.DataFrame({"question_id": ["R.1", "R.2"], "block": "reaction",
    ...                           "scale_id": "s"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> score_satisfaction(reactions, questions, sessions)[["value", "n"]].values.tolist()
    [[3.5, 2.0]]
    """
    rows = select_answers(reactions, questions, sessions, REACTION, by)
    if rows["scale_id"].nunique() > 1:
        raise DataError(
            "The reaction questions have more than one scale; their answers have no common mean.",
            do="Ask them on one scale, or look at score_reactions, question by question.",
        )
    check_levels(rows["level"], 1, 5)
    keys = list(dict.fromkeys([by, "session_id", "respondent"]))
    forms = rows.groupby(keys, observed=True)["level"].mean().reset_index()
    table = mean_by(forms, [by], "level", cluster="session_id", confidence=confidence)
    table = table.reset_index().rename(columns={"clusters": "sessions"})
    return table[[by, *ESTIMATE, "method"]]


def score_recommend(
    reactions: pd.DataFrame,
    questions: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: str = "course_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the net promoter score: how many more would recommend it than would not.

    Parameters
    ----------
    reactions, questions, sessions, by, confidence : DataFrame, DataFrame, DataFrame, str, float
        As for ``score_reactions``; level is 0-10, and the block "recommend" is read.

    Returns
    -------
    DataFrame
        One row a group and question of the block, sorted: ``value`` (-100 to 100), ``low``,
        ``high`` (cut off there), ``level``, ``n`` (answers), ``sessions``, ``share_promoters``
        (9-10), ``share_passives`` (7-8), ``share_detractors`` (0-6), ``method``.

    Raises
    ------
    AnalysisError
        When ``by`` is neither course_id nor session_id.
    DataError
        When an answer is not on the scale 0-10.

    Notes
    -----
    value = 100 (p - d), the mean of +100, 0, -100; variance of a multinomial difference,
    (p + d - (p - d)^2) / (n - 1), or ``mean_by``'s clustered one from three sessions on. It throws
    away most of the answer, so it is a *wide* measure, and its limits were set for customers.
    Reichheld (2003), Harvard Business Review 81(12), 46-54. Pinned by
    ``tests/test_evaluation_reaction.py``.

    Examples
    --------
    >>> reactions = pd.DataFrame({"session_id": "S", "respondent": range(4), "question_id": "N",
    ...                           "level": [10, 9, 7, 3]})
    >>> questions = pd.DataFrame({"question_id": ["N"], "block": "recommend", "scale_id": "n"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> score_recommend(reactions, questions, sessions)[["value", "n"]].values.tolist()
    [[25.0, 4.0]]
    """
    rows = select_answers(reactions, questions, sessions, RECOMMEND, by)
    level = rows["level"]
    check_levels(level, 0, 10)
    promoter, detractor = level >= PROMOTER, level <= DETRACTOR
    rows = rows.assign(
        score=100.0 * promoter - 100.0 * detractor,
        share_promoters=promoter.astype(float),
        share_passives=(~promoter & ~detractor).astype(float),
        share_detractors=detractor.astype(float),
    )
    keys = [by, "question_id"]
    shares = [c for c in rows if c.startswith("share_")]
    table = mean_by(rows, keys, "score", cluster="session_id", confidence=confidence)
    table = table.assign(low=table["low"].clip(lower=-100), high=table["high"].clip(upper=100))
    table = table.join(rows.groupby(keys, observed=True)[shares].mean(), validate="one_to_one")
    table = table.reset_index().rename(columns={"clusters": "sessions"})
    return table[[*keys, *ESTIMATE, *shares, "method"]]


def select_answers(
    reactions: pd.DataFrame, questions: pd.DataFrame, sessions: pd.DataFrame, block: str, by: str
) -> pd.DataFrame:
    """Return the answers to a block of questions, with the course of their session.

    Parameters
    ----------
    reactions, questions, sessions : DataFrame
        As for ``score_reactions``.
    block, by : str
        Block to read; ``course_id`` or ``session_id``.

    Returns
    -------
    DataFrame
        session_id, respondent, question_id, level, scale_id, course_id; answered ones only.

    Raises
    ------
    AnalysisError
        When ``by`` is neither.
    """
    if by not in GROUPS:
        raise AnalysisError(
            f'Reactions cannot be grouped by "{by}".',
            allowed=f"Groups are: {', '.join(GROUPS)}.",
            do=suggest(by, GROUPS),
        )
    asked = questions.loc[questions["block"] == block, ["question_id", "scale_id"]]
    columns = ["session_id", "respondent", "question_id", "level"]
    rows = reactions.loc[reactions["level"].notna(), columns]
    rows = rows.merge(asked, on="question_id", validate="many_to_one")
    courses = sessions[["session_id", "course_id"]]
    rows = rows.merge(courses, on="session_id", validate="many_to_one")
    return rows.assign(level=rows["level"].astype(float))
