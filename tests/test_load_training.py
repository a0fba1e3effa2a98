"""Damage to the tables of courses: one broken cell a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.contracts import contracts
from cakra_analysis.errors import DataError
from cakra_analysis.load import load
from tests.conftest import edit, write_rows

ELEMENTS = list(contracts()["service_answers"].columns)[3:]
TABLES = {
    "courses": [
        ["course_id", "name_id", "name_en", "kind", "hours_jp"],
        ["C1", "Layanan", "Service", "technical", "10"],
    ],
    "sessions": [
        ["session_id", "course_id", "cycle", "start", "end", "assignment"],
        ["S1", "C1", "2026", "2026-02-02", "2026-02-03", "lot"],
        ["S2", "C1", "2026", "2026-03-02", "2026-03-03", "lot"],
    ],
    "scales": [
        ["scale_id", "level", "label_id", "label_en"],
        *[["agree", str(level), str(level), str(level)] for level in range(1, 6)],
        *[["ten", str(level), str(level), str(level)] for level in range(11)],
    ],
    "questions": [
        ["question_id", "block", "name_id", "name_en", "scale_id"],
        ["R1", "reaction", "Jelas", "Clear", "agree"],
        ["N1", "recommend", "Rekomendasi", "Recommend", "ten"],
    ],
    "reactions": [
        ["session_id", "respondent", "question_id", "level"],
        ["S1", "1", "R1", "4"],
        ["S1", "1", "N1", "9"],
        ["S1", "2", "R1", ""],
    ],
    "service_answers": [
        ["respondent_id", "unit_id", "period", *ELEMENTS],
        ["K1", "A", "2026-03", *"333333333"],
        ["K2", "A", "2026-04", *"44444444", ""],
    ],
    "tests": [
        ["staff_id", "course_id", "occasion", "score"],
        ["P-AAAAAAAAAAA2", "C1", "pre", "60,5"],
        ["P-AAAAAAAAAAA2", "C1", "post", "80"],
    ],
}


@pytest.fixture
def trained(folder: Path) -> Path:
    for name, rows in TABLES.items():
        write_rows(folder / f"{name}.csv", rows)
    return folder


def test_tables_of_courses_load(trained: Path) -> None:
    data = load(trained)
    assert data.problems.empty
    assert data["tests"]["score"].tolist() == [60.5, 80.0]
    assert data["attendance"].empty and "status" in data["attendance"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "row", "column", "value", "rule"),
    [
        ("reactions", 2, "level", "9", "off_scale"),
        ("reactions", 2, "level", "0", "off_scale"),
        ("reactions", 3, "level", "11", "too_high"),
        ("sessions", 3, "end", "3 Februari 2026", "not_a_date"),
        ("sessions", 3, "start", "2026-02-30", "not_a_date"),
        ("sessions", 3, "assignment", "undian", "not_allowed"),
        ("tests", 3, "score", "101", "above_highest"),
        ("tests", 3, "score", "-1", "too_low"),
        ("service_answers", 3, "period", "2026-Q2", "not_a_month"),
        ("service_answers", 3, "cost", "5", "too_high"),
        ("tests", 3, "occasion", "pre", "duplicate"),
        ("tests", 3, "staff_id", "P-CCCCCCCCCCC4", "unknown"),
    ],
)
def test_a_bad_cell_is_set_aside_and_named(
    trained: Path, table: str, row: int, column: str, value: str, rule: str
) -> None:
    before = len(load(trained)[table])
    edit(trained, table, row, column, value)
    data = load(trained)
    found = data.problems.query("table == @table and row == @row and rule == @rule")
    assert len(found) == 1
    assert len(data[table]) == before - 1
    assert "{" not in found["message_en"].item() + found["message_id"].item()


def test_reactions_without_their_questions_are_one_error(trained: Path) -> None:
    (trained / "questions.csv").unlink()
    with pytest.raises(DataError, match="refers to the table questions, which is missing"):
        load(trained)


@pytest.mark.slow
def test_a_comment_never_shows_in_the_list_of_problems(trained: Path) -> None:
    rows = [["session_id", "respondent", "text"], ["S9", "1", "Pak Contoh, 0812"]]
    rows.append(["S1", "2", "baik"])
    write_rows(trained / "comments.csv", rows)
    problems = load(trained).problems
    assert "Contoh" not in problems.to_csv()
