"""Odd headers and answers in a proposed mapping: no question is lost, no text breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.intake import answer_questions, suggest_mapping
from tests.test_intake_suggest import apply, write


@pytest.mark.parametrize("header", ["?", "Unit | Bidang", 'Unit "OPD" \\ asal', "a -- b # = ?"])
def test_an_odd_header_is_asked_and_taken(tmp_path: Path, header: str) -> None:
    rows = [f"Orang {n},Dinas {n % 2},{n % 5 + 1}" for n in range(10)]
    quoted = '"' + header.replace('"', '""') + '"'
    file = write(tmp_path, f"Nama Lengkap,{quoted},Kebutuhan data", *rows)
    made = suggest_mapping(file)
    answers = {q.key: q.answers for q in made.questions}
    if "unit.column" in answers:
        assert answers["unit.column"][0].strip() == header
        said = {"cycle": "2026", "unit.column": answers["unit.column"][0]}
    else:  # a header with a known word needs no question
        said = {"cycle": "2026"}
    result = apply(tmp_path, file, answer_questions(made.text, said))
    assert len(result.tables["units"]) == 3 and header not in result.unused


def test_an_option_that_is_a_question_mark_is_no_open_question(tmp_path: Path) -> None:
    taken = ["?;Kelas", "Kelas;Magang", "?"]
    rows = [f"{n},Unit {n % 2},{taken[n % 3]},{n % 5 + 1}" for n in range(12)]
    file = write(tmp_path, "id,Unit Kerja,Metode belajar,Kebutuhan data", *rows)
    made = suggest_mapping(file)
    assert [q.key for q in made.questions] == ["cycle"]
    result = apply(tmp_path, file, answer_questions(made.text, {"cycle": "2026"}))
    assert result.tables["questions"]["name_id"].tolist() == ["?", "Kelas", "Magang"]
    assert result.unplaced.empty


def test_an_answer_is_written_as_toml_writes_it() -> None:
    text = answer_questions('a = "?"\nb = "?"\n', {"a": 'Unit "OPD" \\ asal', "b": True})
    assert text == 'a = "Unit \\"OPD\\" \\\\ asal"\nb = true\n'


def test_a_mapping_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, "id,Kebutuhan data", *(f"{n},{n % 5 + 1}" for n in range(10)))
    text = answer_questions(suggest_mapping(file).text, {"cycle": "2026"})
    assert len(apply(tmp_path, file, "\ufeff" + text).tables["staff"]) == 10
