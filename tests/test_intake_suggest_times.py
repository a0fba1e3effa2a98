"""Times in a proposed mapping: two kinds of dates in one column are asked."""

from __future__ import annotations

from pathlib import Path

from cakra_analysis.intake import suggest_mapping
from tests.test_intake_suggest import write


def test_dates_beside_texts_of_dates_are_asked(tmp_path: Path) -> None:
    days = ["13/4/2026 10:05:33", "2026-03-04 10:05:33"] * 5
    rows = [f"{day},Unit {n % 2},{n % 5 + 1}" for n, day in enumerate(days)]
    made = suggest_mapping(write(tmp_path, "Timestamp,Unit Kerja,Kebutuhan data", *rows))
    asked = {q.key: q for q in made.questions}["times.dates"]
    assert asked.answers == ["day first"]
    assert "5 cells are dates (year first) and 5 are texts" in asked.said
