"""Job-person match: the vectors of the domain notes, and the categories' edges."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis.needs import score_job_match, score_match_by_unit


def match(achieved: list[float], *, cap: bool = True) -> pd.Series:
    frame = pd.DataFrame({"staff_id": "A", "unit_id": "U", "required": 3.0, "observed": achieved})
    return score_job_match(frame, cap=cap).iloc[0]


@pytest.mark.parametrize(
    ("achieved", "cap", "percent", "filling", "mapping"),
    [
        ([3, 3, 2, 2, 3, 2, 3, 2, 3], True, 85.185, "MS", "CO"),  # vector 6
        ([4, 3, 2, 2, 3, 2, 3, 2, 3], False, 88.889, "MS", "CO"),  # vector 7
        ([4, 3, 2, 2, 3, 2, 3, 2, 3], True, 85.185, "MS", "CO"),
        ([2.7] * 9, True, 90.0, "MS", "O"),
        ([2.4] * 9, True, 80.0, "MS", "CO"),
        ([2.34] * 9, True, 78.0, "MMS", "CO"),
        ([2.04] * 9, True, 68.0, "MMS", "KO"),
        ([2.0] * 9, True, 66.667, "KMS", "KO"),
        ([5] * 9, False, 166.667, "MS", "O"),
    ],
)
def test_vectors(achieved, cap, percent, filling, mapping) -> None:
    result = match(achieved, cap=cap)
    assert result["job_match"] == pytest.approx(percent, abs=5e-4)
    assert (result["filling"], result["mapping"], result["capped"]) == (filling, mapping, cap)


def test_without_standards_nobody_has_a_match() -> None:
    frame = pd.DataFrame(
        {"staff_id": ["A"], "unit_id": ["U"], "required": [None], "observed": [2.0]}
    )
    people = score_job_match(frame)
    units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    assert people.empty and score_match_by_unit(people, units).empty
