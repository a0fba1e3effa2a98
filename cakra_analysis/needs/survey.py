"""The staff survey's other scaled questions: preferred learning formats, barriers."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.intervals import t_interval
from cakra_analysis.names import add_names, name_item
from cakra_analysis.results import Finding
from cakra_analysis.tree import climb

NAMED = 2
LONGEST = 7  # steps of the longest scale
HIGH = 2  # its two highest answers count as agreement, but never the lowest
SEPARATOR = "\n"


def score_answers(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    scales: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    *,
    block: str,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how a unit's staff answered each question of a block.

    Parameters
    ----------
    answers : DataFrame
        One cycle: staff_id, question_id, level (1 up to the scale's end).
    questions : DataFrame
        question_id, block, scale_id, name_id, name_en.
    scales : DataFrame
        scale_id, level, label_id, label_en.
    staff, units : DataFrame
        staff_id, unit_id; unit_id, parent_id.
    block : str
        ``learning_format`` or ``barrier``.
    confidence : float
        Of the interval of the mean.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it) and question: ``value`` (mean answer), low, high,
        level, ``n``, ``share_1`` ... ``share_7`` (0-1), ``agree_share`` (the two highest answers,
        of a scale of two the higher one), label_id and label_en (the answers' texts, a line each),
        block, method, name_id, name_en; by unit, then highest mean first. Empty where the block
        was not asked.

    Notes
    -----
    Mean +- t * sd / sqrt(n). Those who answered are taken as they are: no correction for who did
    not answer, none for a finite unit.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff_id": list("ABC"), "question_id": "F.1", "level": [5, 4, 3]})
    >>> questions = pd.DataFrame({"question_id": ["F.1"], "block": "barrier", "scale_id": "s",
    ...                           "name_id": "Jarak", "name_en": "Distance"})
    >>> scales = pd.DataFrame({"scale_id": "s", "level": [1], "label_id": ["x"], "label_en": ["y"]})
    >>> staff = pd.DataFrame({"staff_id": list("ABC"), "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> table = score_answers(answers, questions, scales, staff, units, block="barrier")
    >>> table[["value", "n", "share_5"]].round(2).values.tolist()
    [[4.0, 3.0, 0.33]]
    """
    rows = _count(answers, questions, scales, staff, block)
    rows = climb(rows, units)
    shares = [f"share_{answer}" for answer in range(1, LONGEST + 1)]
    groups = rows.groupby(["unit_id", "question_id", "scale_id"], observed=True)
    table = groups["level"].agg(value="mean", sd="std", n="size")
    table = table.join(groups[[*shares, "agree_share"]].mean()).reset_index()
    low, high = t_interval(
        table["value"], table.pop("sd") ** 2 / table["n"], table["n"] - 1, confidence
    )
    table = table.assign(
        low=low,
        high=high,
        level=confidence,
        block=block,
        method="mean and t interval of those who answered",
    )
    texts = (
        scales.sort_values("level")
        .groupby("scale_id")[["label_id", "label_en"]]
        .agg(SEPARATOR.join)
    )
    table = add_names(table.join(texts, on="scale_id", validate="many_to_one"), items=questions)
    order = ["unit_id", "value", "question_id"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def _count(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    scales: pd.DataFrame,
    staff: pd.DataFrame,
    block: str,
) -> pd.DataFrame:
    """The answers of a block with their units, and a column for each answer that was given."""
    asked = questions.loc[questions["block"] == block, ["question_id", "scale_id"]]
    rows = answers[answers["level"].notna()].merge(asked, on="question_id", validate="many_to_one")
    rows = rows.merge(staff[["staff_id", "unit_id"]], on="staff_id", validate="many_to_one")
    sizes = scales.groupby("scale_id").size()
    steps = rows["scale_id"].map(sizes).astype("float64")  # text where nothing was asked
    for answer in range(1, LONGEST + 1):
        rows[f"share_{answer}"] = (rows["level"] == answer).astype(float)
    return rows.assign(agree_share=(rows["level"] > (steps - HIGH).clip(lower=1)).astype(float))


def find_top_answers(answers: pd.DataFrame, *, unit: str, block: str) -> Finding:
    """Find the answers chosen most in a block of questions.

    Parameters
    ----------
    answers : DataFrame
        A published ``score_answers`` table with names.
    unit : str
        Code of the unit.
    block : str
        ``learning_format`` or ``barrier``.

    Returns
    -------
    Finding
        ``needs.<block>.shown`` with the names of the first two and their ``agree_share``;
        ``needs.<block>.hidden`` with too few answers; ``needs.<block>.none`` when not asked.
    """
    rows = answers[answers["unit_id"] == unit] if len(answers) else answers
    if rows.empty:
        return Finding(f"needs.{block}.none")
    shown = rows[rows["value"].notna()].sort_values("agree_share", ascending=False)
    if shown.empty:
        return Finding(f"needs.{block}.hidden")
    names = [name_item(row) for row in shown.itertuples()]
    values = {
        "names": names[:NAMED],
        "share": shown["agree_share"].iloc[0],
        "shares": shown["agree_share"].head(NAMED).tolist(),
        "last": names[-1],
        "last_share": shown["agree_share"].iloc[-1],
        "n": int(shown["n"].max()),
    }
    return Finding(f"needs.{block}.shown", values, shown["method"].iloc[0], values["n"])
