"""Which course answers which need, and whether that course works: two stages side by side."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

ORDER = ["works", "promising", "cannot_tell", "no_sign", "harmful"]  # the best course first
MOST = 5


def match_courses(
    gaps: pd.DataFrame, courses: pd.DataFrame, effects: pd.DataFrame, *, most: int = MOST
) -> pd.DataFrame:
    """Return the largest gaps with the best course held for each.

    Parameters
    ----------
    gaps : DataFrame
        One unit's published gaps with names: competency_id, value, n, name_id, name_en.
    courses : DataFrame
        course_id, competency_id, name_id, name_en: the courses held.
    effects : DataFrame
        Published verdicts: course_id, verdict (missing = suppressed).
    most : int
        How many gaps.

    Returns
    -------
    DataFrame
        One row a competency, largest gap first: unit_id, competency_id, value, n, name_id, name_en,
        ``answer_id`` and ``answer_en`` (name of the course with the best verdict; missing where
        none was held), ``verdict``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"competency_id": ["M.1"], "value": [0.6], "n": 40, "name_id": "Mutu",
    ...                      "name_en": "Quality"})
    >>> courses = pd.DataFrame({"course_id": ["C1", "C2"], "competency_id": "M.1",
    ...                         "name_id": ["A", "B"], "name_en": ["A", "B"]})
    >>> effects = pd.DataFrame({"course_id": ["C1", "C2"], "verdict": ["no_sign", "works"]})
    >>> match_courses(gaps, courses, effects)[["name_en", "answer_en", "verdict"]].values.tolist()
    [['Quality', 'B', 'works']]
    """
    columns = ["unit_id", "competency_id", "value", "n", "name_id", "name_en"]
    shown = gaps[gaps["value"].notna()].reindex(columns=columns)
    shown = shown.sort_values("value", ascending=False, kind="stable").head(most)
    held = courses.reindex(columns=["course_id", "competency_id", "name_id", "name_en"])
    held = held.rename(columns={"name_id": "answer_id", "name_en": "answer_en"})
    judged = effects.reindex(columns=["course_id", "verdict"])
    held = held.merge(judged, on="course_id", how="left", validate="one_to_one")
    place = held["verdict"].map({v: i for i, v in enumerate(ORDER)}).fillna(len(ORDER))
    best = held.assign(place=place).sort_values("place", kind="stable")
    best = best.drop_duplicates("competency_id").drop(columns=["place", "course_id"])
    return shown.merge(best, on="competency_id", how="left", validate="many_to_one")


def find_answer(matched: pd.DataFrame, *, held: bool = True) -> Finding:
    """Say whether a course answers the largest gap, and whether it works.

    Parameters
    ----------
    matched : DataFrame
        Published ``match_courses``.
    held : bool
        Whether it is known which courses were held.

    Returns
    -------
    Finding
        ``brief.answer.<works|promising|cannot_tell|no_sign|harmful|unknown>`` by the verdict of the
        course for the largest gap, ``.missing`` where none was held, ``.hidden`` where there is no
        gap to show, ``.none`` where it is not known which courses were held.

    Examples
    --------
    >>> row = {"name_id": "Mutu", "name_en": "Quality", "value": 0.6, "n": 40, "verdict": "works",
    ...        "answer_id": "A", "answer_en": "A"}
    >>> find_answer(pd.DataFrame([row])).key
    'brief.answer.works'
    """
    if not held:
        return Finding("brief.answer.none")
    shown = matched[matched["value"].notna()]
    if shown.empty:
        return Finding("brief.answer.hidden")
    row = shown.iloc[0]
    values = {"name": name_item(row), "value": float(row["value"])}
    if pd.isna(row["answer_id"]):
        return Finding("brief.answer.missing", values, n=int(row["n"]))
    values["course"] = {"id": row["answer_id"], "en": row["answer_en"]}
    verdict = row["verdict"] if pd.notna(row["verdict"]) else "unknown"
    return Finding(f"brief.answer.{verdict}", values, n=int(row["n"]))


def join_verdicts(counts: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return how many of a unit's people completed each course, with the course's verdict.

    Parameters
    ----------
    counts : DataFrame
        One unit's published ``count_completers`` with names.
    effects : DataFrame
        Published verdicts: course_id, verdict.

    Returns
    -------
    DataFrame
        course_id, name_id, name_en, n, ``verdict``; most people first, without suppressed ones.

    Examples
    --------
    >>> counts = pd.DataFrame({"course_id": ["C1"], "name_id": "A", "name_en": "A", "n": [9]})
    >>> effects = pd.DataFrame({"course_id": ["C1"], "verdict": ["works"]})
    >>> join_verdicts(counts, effects)["verdict"].tolist()
    ['works']
    """
    own = counts.reindex(columns=["course_id", "name_id", "name_en", "n"])
    judged = effects.reindex(columns=["course_id", "verdict"])
    own = own[own["n"].notna()]
    rows = own.merge(judged, on="course_id", how="left", validate="one_to_one")
    return rows.sort_values("n", ascending=False, kind="stable", ignore_index=True)
