"""What the evaluation of a cycle finds, in levels: the rows of the table ``evaluations``."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import evaluation
from cakra_analysis.cycles.held import POINTS, Held
from cakra_analysis.cycles.world import World
from cakra_analysis.settings import Settings

COLUMNS = ["course_id", "competency_id", "cycle", "effect", "low", "high", "grade", "n", "source"]


def measure(world: World, held: Held, settings: Settings) -> pd.DataFrame:
    """Evaluate a cycle's courses from its tests and attendance, and from nothing else.

    Parameters
    ----------
    world : World
        Staff, units and courses on offer; the truth is not read.
    held : Held
        From ``hold``.
    settings : Settings
        The section ``evaluation``.

    Returns
    -------
    DataFrame
        One row a course with an estimate, sorted, as the table ``evaluations`` has it: course_id,
        competency_id, cycle, ``effect``, ``low``, ``high`` (levels, 95%), ``grade``, ``n``,
        source. The method is the one that the way of choosing participants fixes.

    Notes
    -----
    Points are turned into levels with ``POINTS``, the scale that the tests were made with. Reports
    on a real region do not know it: there an effect in standard deviations of the test is times
    the spread of ratings in levels (``year_evidence.find_levels``). Tests cost nothing here.
    """
    if held.tests.empty:
        return pd.DataFrame(columns=COLUMNS)
    pairs = evaluation.pair_people(held.tests, held.attendance, held.sessions)
    people = evaluation.gather_people(pairs, world.staff, world.units)
    design = evaluation.describe_design(held.sessions, people)
    effects = _estimate(people, design)
    checks, _ = evaluation.check_courses(people, effects, imbalance=settings.evaluation.imbalance)
    grades = evaluation.grade_evidence(design, checks, most_lost=settings.evaluation.most_lost)
    found = effects[effects["low"].notna()]
    found = found.merge(grades[["course_id", "grade"]], on="course_id", validate="one_to_one")
    found = found.merge(
        world.offers[["course_id", "competency_id"]], on="course_id", validate="one_to_one"
    )
    ends = {"effect": "value", "low": "low", "high": "high"}
    table = found.assign(**{name: found[column] / POINTS for name, column in ends.items()})
    cycle = held.sessions["cycle"].iloc[0] if len(held.sessions) else ""
    table = table.assign(cycle=cycle, source="cakra cycle --demo")
    return table[COLUMNS].sort_values("course_id", ignore_index=True)


def _estimate(people: pd.DataFrame, design: pd.DataFrame) -> pd.DataFrame:
    """Each course by the method that decides about it."""
    method = design["assignment"].map(evaluation.choose_method)
    parts = [
        evaluation.estimate_courses(people, part, methods=(str(name),))
        for name, part in design.groupby(method, sort=True)
    ]
    return pd.concat(parts, ignore_index=True)
