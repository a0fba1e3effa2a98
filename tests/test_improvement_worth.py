"""What is said to be worth measuring is what is named."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import improvement
from cakra_analysis.words import say

ROWS = pd.DataFrame({"course_id": ["A", "B"], "name_id": ["Satu", "Dua"], "name_en": ["One", "Two"],
                     "value": [3.0, 2.0], "low": [-1.0, 1.0], "high": [7.0, 3.0],
                     "share": 0.01, "method": "m"})  # fmt: skip


def test_the_course_described_is_the_first_that_is_named() -> None:
    found = improvement.find_worth(ROWS)
    assert found.key == "improvement.worth.sure" and found.values["value"] == 2.0
    assert found.values["name"] == found.values["names"][0]


def test_where_nothing_is_worth_measuring_no_course_is_called_the_highest() -> None:
    nothing = improvement.find_worth(ROWS.assign(value=0.0, low=0.0, high=0.0))
    assert nothing.key == "improvement.worth.zero"
    assert improvement.find_worth(ROWS.head(1)).key == "improvement.worth.open"
    for lang in ("id", "en"):
        assert all(say(nothing, lang, part) for part in ("title", "head", "text"))
