"""The verdicts on a cycle's courses, worked out once for all that follow from them."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import evaluation
from cakra_analysis.dataset import Dataset
from cakra_analysis.once import once
from cakra_analysis.settings import Settings

JUDGED = ["course_id", "verdict", "grade", "reason", "value", "low", "high", "level", "method", "n",
          "fewest"]  # fmt: skip


@once
def judge_cycle(tables: Dataset, *, cycle: str, settings: Settings) -> pd.DataFrame:
    """Return the verdict on each course of a cycle, by the method fixed for its kind of evidence.

    Parameters
    ----------
    tables : Dataset
        courses, sessions, attendance, tests, traits, staff, units.
    cycle : str
        The cycle in which the courses were held.
    settings : Settings
        The section ``evaluation``.

    Returns
    -------
    DataFrame
        From ``judge_courses``, one row a course with a competency that was tested, sorted, and
        ``fewest``: people on the smaller side, by which it is to be published.

    Raises
    ------
    DataError
        When a course was held under one code in several cycles.
    """
    sessions = tables["sessions"]
    sessions = sessions[sessions["cycle"] == cycle]
    attendance = tables["attendance"].merge(sessions[["session_id"]], on="session_id")
    tests = evaluation.select_tests(tables["tests"], tables["sessions"], cycle=cycle)
    tests = tests[tests["course_id"].isin(list_aims(tables)["course_id"])]
    if tests.empty:
        return pd.DataFrame(columns=JUDGED)
    pairs = evaluation.pair_people(tests, attendance, sessions)
    people = evaluation.gather_people(pairs, tables["staff"], tables["units"], tables["traits"])
    judged = _decide(people, sessions, sorted(tables["traits"]["trait"].unique()), settings)
    judged = evaluation.add_fewest(judged, people)[JUDGED]
    return judged.sort_values("course_id", ignore_index=True)


def _decide(
    people: pd.DataFrame, sessions: pd.DataFrame, traits: list[str], settings: Settings
) -> pd.DataFrame:
    """Each course's effect by the method fixed for it, the grade of the evidence, the verdict."""
    design = evaluation.describe_design(sessions, people)
    design = design[design["course_id"].isin(people["course_id"])]
    by_method = design.groupby(design["assignment"].map(evaluation.choose_method))
    effects = pd.concat(
        evaluation.estimate_courses(people, part, traits=traits, methods=[str(method)])
        for method, part in by_method
    )
    checks, _ = evaluation.check_courses(
        people, effects, traits=traits, imbalance=settings.evaluation.imbalance
    )
    grades = evaluation.grade_evidence(design, checks, most_lost=settings.evaluation.most_lost)
    limits = {name: getattr(settings.evaluation, name) for name in ("smallest", "excluded")}
    return evaluation.judge_courses(effects, grades, **limits)


def list_aims(tables: Dataset) -> pd.DataFrame:
    """Return the competency that each course aims at.

    Parameters
    ----------
    tables : Dataset
        courses.

    Returns
    -------
    DataFrame
        course_id, competency_id; without courses that name none, of which nothing can be said.
    """
    return tables["courses"].reindex(columns=["course_id", "competency_id"]).dropna()
