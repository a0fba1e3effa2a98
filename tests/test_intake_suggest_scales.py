"""Scales and grids in a proposed mapping: nothing that the file leaves open is taken unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.intake import answer_questions, suggest_mapping
from tests.test_intake_suggest import apply, write

PERLU = ("Tidak perlu", "Kurang perlu", "Cukup perlu", "Perlu", "Sangat perlu")


@pytest.mark.parametrize(
    "words",
    [
        PERLU,
        tuple(word.replace("erlu", "enting") for word in PERLU),
        ("Tidak mampu", "Kurang mampu", "Cukup mampu", "Mampu", "Sangat mampu"),
        ("Tidak puas", "Kurang puas", "Cukup puas", "Puas", "Sangat puas"),
        ("Tidak baik", "Kurang baik", "Cukup baik", "Baik", "Sangat baik"),
        ("Not important", "Slightly important", "Neutral", "Important", "Very important"),
    ],
)
def test_two_answers_of_one_step_are_asked(tmp_path: Path, words: tuple[str, ...]) -> None:
    rows = [f"{n},Unit {n % 2},{a},{a}" for n, a in enumerate(words * 3)]
    made = suggest_mapping(
        write(tmp_path, "id,Unit Kerja,Kebutuhan [Data],Kebutuhan [Surat]", *rows)
    )
    asked = {q.key: q.answers[0] for q in made.questions if q.key.startswith("scales.own_1")}
    assert asked == {f"scales.own_1.levels.{word}": n for n, word in enumerate(words, 1)}


def test_four_steps_from_very_little_are_offered(tmp_path: Path) -> None:
    words = ("Sangat tidak perlu", "Tidak perlu", "Perlu", "Sangat perlu")
    rows = [f"{n},Unit {n % 2},{a},{a}" for n, a in enumerate(words * 3)]
    file = write(tmp_path, "id,Unit Kerja,Kebutuhan [Data],Kebutuhan [Surat]", *rows)
    made = suggest_mapping(file)
    asked = {q.key: q.answers for q in made.questions}
    assert asked["grids.0.scale"] == ["perlu_5", "perlu_imbang_4"]
    answers = {key: of_it[0] for key, of_it in asked.items() if of_it} | {"cycle": "2026"}
    answers["grids.0.scale"] = "perlu_imbang_4"
    result = apply(tmp_path, file, answer_questions(made.text, answers))
    assert result.tables["ratings"]["need"].tolist()[:8] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_scale_that_is_asked_of_one_grid_is_asked_of_each(tmp_path: Path) -> None:
    header = "id,Unit Kerja,Kebutuhan [Data],Kebutuhan [Surat],Butuh [A],Butuh [B]"
    some = PERLU[0], PERLU[2], PERLU[4]
    rows = [f"{n},Unit {n % 2},{a},{a},{some[n % 3]},Perlu" for n, a in enumerate(PERLU * 4)]
    made = suggest_mapping(write(tmp_path, header, *rows))
    assert 'scale = "own_2"' in made.text and 'scale = "perlu_5"' not in made.text


def test_an_import_says_which_answers_became_one_level(tmp_path: Path) -> None:
    rows = [f"{n},Unit {n % 2},{a},{a}" for n, a in enumerate(PERLU[2:] * 3)]
    file = write(tmp_path, "id,Unit Kerja,Kebutuhan [Data],Kebutuhan [Surat]", *rows)
    made = suggest_mapping(file)
    assert [q.key for q in made.questions] == ["cycle"]
    text = answer_questions(made.text, {"cycle": "2026"})
    assert not any("are all level" in line for line in apply(tmp_path, file, text).notes)
    more = "\n".join(["9,Unit 1,Tidak perlu,Kurang perlu", "10,Unit 1,Perlu,Perlu"])
    file.write_text(file.read_text(encoding="utf-8").replace("0,Unit", "99,Unit", 1) + more)
    result = apply(tmp_path, file, text)
    assert 'Scale perlu_5: "Tidak perlu", "Kurang perlu" are all level 2.' in result.notes


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("Tingkat penguasaan kompetensi yang dibutuhkan jabatan", ["need", "level"]),
        ("Seberapa mampu Anda menerapkan metode", ["learning_format", "level"]),
        ("Kebutuhan pelatihan format dan bentuk laporan", ["learning_format", "need"]),
    ],
)
def test_a_header_that_says_two_things_is_asked(
    tmp_path: Path, header: str, first: list[str]
) -> None:
    rows = [f"{n},Unit {n % 2},{n % 5 + 1},{n % 5 + 1}" for n in range(10)]
    made = suggest_mapping(
        write(tmp_path, f"id,Unit Kerja,{header} [Data],{header} [Surat]", *rows)
    )
    asked = {q.key: q.answers for q in made.questions}
    assert asked["grids.0.becomes"] == [*first, "ignore"]


@pytest.mark.parametrize("headers", [["Butuh [A]", "Butuh [B]"], ["Kebutuhan A", "Kebutuhan B"]])
@pytest.mark.parametrize("rows", [["1,7", "5,2", "4,1"] * 4, ["1,0", "5,5", "4,3"] * 4])
def test_a_grid_of_more_than_five_steps_is_left_whole(
    tmp_path: Path, headers: list[str], rows: list[str]
) -> None:
    lines = [f"{n},Unit {n % 2},{row}" for n, row in enumerate(rows)]
    made = suggest_mapping(write(tmp_path, ",".join(["id,Unit Kerja", *headers]), *lines))
    assert "[[grids]]" not in made.text
    assert made.text.count("numbers beyond 1 to 5") == 2


def test_one_number_beyond_the_scale_is_another_scale(tmp_path: Path) -> None:
    rows = [f"{n},Unit {n % 2},{6 if n == 9 else n % 5 + 1}" for n in range(20)]
    made = suggest_mapping(write(tmp_path, "id,Unit Kerja,Kebutuhan data", *rows))
    assert "[[grids]]" not in made.text


def test_items_that_everybody_rated_one_stay_in_their_grid(tmp_path: Path) -> None:
    rows = [f"{n},Unit {n % 2},1,1,{n % 5 + 1},{5 - n % 5}" for n in range(10)]
    header = ",".join(f"Kebutuhan [{item}]" for item in ("Etika", "Hukum", "Data", "Surat"))
    made = suggest_mapping(write(tmp_path, f"id,Unit Kerja,{header}", *rows))
    assert 'starts_with = "Kebutuhan"' in made.text and "# 4 columns." in made.text
    assert "[[choices]]" not in made.text
