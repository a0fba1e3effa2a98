"""What is known of each course, side by side, in the words that the rules use."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.improvement.codes import keep_codes
from cakra_analysis.improvement.rules import FACTS

ENDS = ("value", "low", "high")


def gather_facts(
    effects: pd.DataFrame,
    courses: pd.DataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    transfer: pd.DataFrame | None = None,
    satisfaction: pd.DataFrame | None = None,
    gaps: pd.DataFrame | None = None,
    coverage: pd.DataFrame | None = None,
    information: pd.DataFrame | None = None,
    codes: pd.Series | None = None,
) -> pd.DataFrame:
    """Return what the rules may ask about each course.

    Parameters
    ----------
    effects : DataFrame
        From ``update_effects``: course_id, competency_id, value, low, high, evaluations, status,
        and perhaps data_low, data_high.
    courses : DataFrame
        course_id, competency_id: the course's own competency; an effect on another one is not
        judged.
    verdicts : DataFrame, optional
        This cycle's published verdicts: course_id, verdict, grade.
    transfer, satisfaction : DataFrame, optional
        Published, by course: value, low, high (change at work as supervisors see it; 1-5).
    gaps : DataFrame, optional
        Published gaps of the unit: competency_id, value, low.
    coverage : DataFrame, optional
        course_id, ``value``: share of those in need who completed it (0-1).
    information : DataFrame, optional
        course_id, value, low: what evaluating it would be worth.
    codes : Series, optional
        From ``find_codes``: what is known of one offer under several codes is put under the latest.

    Returns
    -------
    DataFrame
        One row a course of ``courses`` (with ``codes``: an offer), in their order: course_id,
        competency_id and the columns ``FACTS`` of ``rules.py``, missing where nothing is known or
        it was suppressed; ``verdict`` is ``none`` where this cycle did not evaluate the course;
        ``known`` is the status of the effect.

    Examples
    --------
    >>> effects = pd.DataFrame({"course_id": ["C"], "competency_id": ["M.1"], "value": [0.3],
    ...     "low": [0.1], "high": [0.5], "evaluations": [2], "status": ["evaluated"]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "competency_id": ["M.1"]})
    >>> gather_facts(effects, courses)[["effect_low", "verdict", "known"]].values.tolist()
    [[0.1, 'none', 'evaluated']]
    """
    own = ["course_id", "competency_id"]
    if codes is not None:
        effects = keep_codes(effects, codes, by="competency_id")
        tables = (courses, verdicts, transfer, satisfaction, coverage, information)
        courses, verdicts, transfer, satisfaction, coverage, information = (
            None if table is None else keep_codes(table, codes) for table in tables
        )
    found = courses[own].merge(effects, on=own, how="left", validate="one_to_one")
    told = pd.DataFrame(index=pd.Index(found["course_id"], name="course_id"))
    told["competency_id"] = found["competency_id"].to_numpy()
    told["evaluations"], told["known"] = found["evaluations"].to_numpy(), found["status"].to_numpy()
    _add(told, found, "effect", "course_id")
    for end in ("data_low", "data_high"):
        told[end] = found.reindex(columns=[end])[end].to_numpy(float)
    _add(told, transfer, "transfer", "course_id")
    _add(told, satisfaction, "reaction", "course_id")
    _add(told, coverage, "coverage", "course_id", ENDS[:1])
    _add(told, information, "worth", "course_id", ENDS[:2])
    _add(told, gaps, "gap", "competency_id", ENDS[:2])
    judged = pd.DataFrame() if verdicts is None else verdicts.set_index("course_id")
    for name in ("verdict", "grade"):
        told[name] = judged[name].reindex(told.index) if name in judged else None
    absent = ~told.index.isin(judged.index)
    told["verdict"] = told["verdict"].astype("object").mask(absent, "none")
    return told.reset_index()[[*own, *FACTS]]


def _add(
    told: pd.DataFrame,
    table: pd.DataFrame | None,
    name: str,
    by: str,
    ends: tuple[str, ...] = ENDS,
) -> None:
    """Add a figure and its interval; missing where there is no table or no row."""
    key = told.index if by == "course_id" else pd.Index(told[by])
    rows = None if table is None else table.dropna(subset=[by]).set_index(by)
    for end in ends:
        column = name if end == "value" else f"{name}_{end}"
        told[column] = float("nan") if rows is None else rows[end].reindex(key).to_numpy(float)
