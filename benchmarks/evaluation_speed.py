"""All of stage 4 on 200 sessions, 6,000 participants: ``python -m benchmarks.evaluation_speed``."""

from __future__ import annotations

import time

import pandas as pd

from cakra_analysis import evaluation as e
from cakra_analysis.synthetic import make_region, training

STAFF = 7600  # their eight courses then have about 200 sessions
SEATS = 30  # 6,000 participants over 200 sessions


def make_tables() -> dict[str, pd.DataFrame]:
    """A region whose courses have 200 sessions together, with 30 participants in each."""
    usual, training.SESSION_SIZE = training.SESSION_SIZE, SEATS
    try:
        region = make_region(3, staff=STAFF, cycles=1, with_levels=False, mistakes=False)
    finally:
        training.SESSION_SIZE = usual
    return dict(region.tables)


def measure_stage() -> str:
    """Run every function that the notebook calls, and tell the seconds of each level."""
    t = make_tables()
    sessions, attendance, tests = t["sessions"], t["attendance"], t["tests"]
    start, told = time.perf_counter(), []

    def lap(name: str) -> None:
        nonlocal start
        told.append(f"{name} {time.perf_counter() - start:.1f}")
        start = time.perf_counter()

    pairs = e.pair_people(tests, attendance, sessions)
    people = e.gather_people(pairs, t["staff"], t["units"])
    design = e.describe_design(sessions, people)
    effects = e.estimate_courses(people, design)
    checks, _ = e.check_courses(people, effects)
    e.judge_courses(effects, e.grade_evidence(design, checks))
    e.estimate_subgroups(people)
    lap("effects and checks")
    e.score_learning(tests, attendance, sessions)
    e.score_attrition(tests, attendance, sessions)
    e.score_regression(tests, attendance, sessions)
    e.bound_courses(people)
    for by in ("session_id", "trainer"):
        e.score_groups(pairs, by=by)
    lap("learning")
    forms, questions = t["reactions"], t["questions"]
    e.score_reactions(forms, questions, t["scales"], sessions)
    e.score_satisfaction(forms, questions, sessions)
    e.score_recommend(forms, questions, sessions)
    e.score_reaction_reliability(forms, questions, sessions)
    e.find_themes(t["comments"])
    lap("reaction")
    e.score_behaviour(t["transfer"], sessions, attendance)
    e.score_ptia(t["transfer"])
    e.check_window(t["transfer"], t["courses"], sessions, attendance)
    e.count_barriers(t["transfer_answers"], questions)
    e.find_blocking(t["transfer_answers"], t["transfer"], questions)
    lap("transfer")
    series = e.score_ikm_by_period(t["service_answers"])
    rollout = e.find_rollout(series, attendance, sessions, t["staff"])
    e.estimate_service_effect(series, rollout)
    e.estimate_trends(series)
    costs = e.score_cost(t["costs"], sessions, attendance, t["courses"], effects.query("decides"))
    e.score_return(t["benefits"], costs)
    lap("service and value")
    people_count = attendance["staff_id"].count()
    return (
        f"{len(sessions)} sessions, {people_count:,} participations, {len(tests):,} scores; "
        f"seconds: {'; '.join(told)}."
    )


if __name__ == "__main__":
    print(measure_stage())
