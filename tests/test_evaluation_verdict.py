"""The published scale: each verdict and each grade from a case made for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.evaluation.verdict import grade_evidence, judge_courses

DESIGN = {"course_id": "C", "assignment": "applied", "n_trained": 40, "n_comparison": 60}
DESIGN |= {"lost_trained": 0.1, "lost_comparison": 0.1, "n": 100}
CHECKS = {"course_id": "C", "worst_after": 0.08, "outside": 0.0}
CHECKS |= {"placebo_low": -1.0, "placebo_high": 2.0, "n": 90}


def grade(design: dict[str, object], checks: dict[str, object]) -> tuple[str, str]:
    table = grade_evidence(pd.DataFrame([DESIGN | design]), pd.DataFrame([CHECKS | checks]))
    return table["grade"].item(), table["reason"].item()


@pytest.mark.parametrize(
    ("design", "checks", "wanted"),
    [
        ({"assignment": "lot"}, {}, ("A", "")),
        ({}, {}, ("B", "")),
        ({"assignment": "wait list"}, {}, ("B", "")),
        ({"assignment": "lot"}, {"placebo_low": np.nan, "placebo_high": np.nan}, ("A", "")),
        ({}, {"placebo_low": np.nan, "placebo_high": np.nan}, ("C", "no_placebo")),
        ({}, {"placebo_low": 0.2}, ("C", "placebo")),
        ({}, {"worst_after": 0.3}, ("C", "imbalance")),
        # Sides of 40 and 60 drawn by lot differ by 0.2 standard errors; three of them are chance.
        ({"assignment": "lot"}, {"worst_after": 0.6}, ("A", "")),
        ({"assignment": "lot"}, {"worst_after": 0.62}, ("C", "imbalance")),
        (
            {"assignment": "lot", "n_trained": 4000, "n_comparison": 6000},
            {"worst_after": 0.26},
            ("C", "imbalance"),
        ),
        ({"assignment": "lot"}, {"worst_after": np.nan}, ("C", "imbalance")),
        ({}, {"outside": 0.2}, ("C", "overlap")),
        ({"lost_trained": 0.4, "lost_comparison": 0.35}, {}, ("C", "lost")),
        ({"lost_trained": 0.3}, {}, ("C", "unequal_loss")),
        ({"assignment": "lot", "lost_trained": 0.3}, {}, ("C", "unequal_loss")),
        ({"n_comparison": 0}, {}, ("D", "no_comparison")),
        ({"n_trained": 0, "n_comparison": 0}, {}, ("E", "no_scores")),
    ],
)
def test_grades(
    design: dict[str, object], checks: dict[str, object], wanted: tuple[str, str]
) -> None:
    assert grade(design, checks) == wanted


def judge(value: float, half: float, letter: str = "B") -> str:
    effects = pd.DataFrame(
        {"course_id": ["C"] * 2, "decides": [True, False], "method": ["aipw", "naive"]}
        | {"value": [10 * value, 9.0], "low": [10 * (value - half), 8.0], "level": 0.95, "n": 90}
        | {"high": [10 * (value + half), 10.0], "d": value, "d_low": value - half}
        | {"d_high": value + half}
    )
    grades = pd.DataFrame({"course_id": ["C"], "grade": [letter], "reason": [""]})
    found = judge_courses(effects, grades).iloc[0]
    assert found["gain"] == 9.0  # told beside it, never used
    return str(found["verdict"])


@pytest.mark.parametrize(
    ("value", "half", "letter", "verdict"),
    [
        (0.6, 0.3, "A", "works"),
        (0.6, 0.3, "B", "works"),
        (0.6, 0.3, "C", "promising"),
        (0.15, 0.1, "A", "promising"),
        (0.3, 0.32, "B", "promising"),
        (0.3, 0.6, "B", "cannot_tell"),
        (0.0, 0.3, "B", "no_sign"),
        (0.0, 0.3, "C", "cannot_tell"),
        (0.0, 0.6, "B", "cannot_tell"),
        (-0.5, 0.3, "B", "harmful"),
        (-0.5, 0.3, "C", "cannot_tell"),
        (0.9, 0.1, "D", "cannot_tell"),
        (np.nan, np.nan, "B", "cannot_tell"),
    ],
)
def test_verdicts(value: float, half: float, letter: str, verdict: str) -> None:
    assert judge(value, half, letter) == verdict


@pytest.mark.slow
def test_a_stricter_scale_never_turns_a_weaker_verdict_into_works() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        value, half = rng.normal(0.2, 0.4), rng.uniform(0.05, 0.6)
        if judge(value, half, "C") == "works" or (
            value - half <= 0 and judge(value, half) == "works"
        ):
            pytest.fail("works needs a sound comparison and an interval above zero")
