"""A proposed mapping: right where the export tells, a question where it does not, nobody named."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cakra_analysis.cli import main
from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.intake import answer_questions, import_survey, suggest_mapping, write_import
from cakra_analysis.load import load
from tests.conftest import ROOT, SIB

GOOGLE = ROOT / "docs" / "examples" / "google-forms" / "jawaban.csv"
NIP = "19700101199001100"


def write(folder: Path, header: str, *rows: str, name: str = "e.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def apply(folder: Path, file: Path, text: str):
    mapping = folder / "m.toml"
    mapping.write_text(text, encoding="utf-8")
    return import_survey(mapping, file)


@pytest.mark.slow
def test_a_proposal_answered_makes_a_data_set(tmp_path: Path) -> None:
    made = suggest_mapping(GOOGLE)
    assert made.tool == "google" and made.reasons == ['it has the column "Cap waktu"']
    assert [(q.key, q.answers) for q in made.questions] == [
        ("person.duplicates", ["last", "first", "refuse"])
    ]
    result = apply(tmp_path, GOOGLE, answer_questions(made.text, {"person.duplicates": "last"}))
    assert len(result.tables["staff"]) == 11 and result.unused == []
    assert {"Studi banding", "Entahlah"} <= set(result.unplaced["value"])
    assert sum(result.cells.values()) == 12 * 11
    write_import(result, tmp_path / "out")
    data = load(tmp_path / "out")
    assert data["competencies"]["name_id"].tolist() == [
        "Pelayanan publik",
        "Pengelolaan data",
        "Penulisan laporan",
    ]
    assert data["questions"]["name_id"].tolist() == ["Kelas, tatap muka", "Magang", "E-learning"]
    by_hand = import_survey(GOOGLE.parent / "mapping.toml", GOOGLE)
    same = ["competency_id", "level", "need"]
    assert by_hand.tables["ratings"][same].equals(result.tables["ratings"][same])


def test_an_open_question_is_refused_with_its_line(tmp_path: Path) -> None:
    made = suggest_mapping(GOOGLE)
    with pytest.raises(MappingError) as caught:
        apply(tmp_path, GOOGLE, made.text)
    assert "1 question is not answered yet" in str(caught.value)
    assert f"line {made.questions[0].line}: duplicates = " in str(caught.value)
    with pytest.raises(MappingError, match="no open question"):
        answer_questions(made.text, {"scale": "angka_5"})


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (["STS", "TS", "S", "SS"], ["setuju_5", "setuju_4"]),
        (["STS", "TS", "N", "S"], None),
        (["1", "2", "3", "4"], ["angka_5", "angka_4"]),
        (["1", "2", "4", "5"], None),
        (["Tidak Setuju", "Setuju", "Sangat Setuju", "Setuju"], ["setuju_5", "setuju_4"]),
        (["Tidak mampu", "Mampu", "Sangat mampu", "Mampu"], ["mampu_5", "mampu_4"]),
        (["Tidak mampu", "Cukup mampu", "Mampu", "Mampu"], None),
    ],
)
def test_four_or_five_steps_are_asked_unless_the_answers_tell(
    tmp_path: Path, answers: list[str], asked: list[str] | None
) -> None:
    rows = [f"{n},Unit {n % 2},{a},{a}" for n, a in enumerate(answers * 3)]
    made = suggest_mapping(
        write(tmp_path, "id,Unit Kerja,Kebutuhan [Data],Kebutuhan [Surat]", *rows)
    )
    found = {q.key: q.answers for q in made.questions}.get("grids.0.scale")
    assert found == asked


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (["3/4/2026 10.05.33", "5/6/2026 09.00.00"], ["day first", "month first"]),
        (["13/4/2026 10.05.33", "5/6/2026 09.00.00"], None),
        (["4/13/2026 10:05:33", "5/6/2026 9:00:00"], None),
        (["2026-04-03 10:05:33", "46142.42"], None),
        (["4/4/2026 10.05.33", "5/5/2026 09.00.00"], None),
    ],
)
def test_day_or_month_first_is_asked_unless_a_date_tells(
    tmp_path: Path, days: list[str], asked: list[str] | None
) -> None:
    rows = [f"{day},Unit {n % 2},{n % 5 + 1}" for n, day in enumerate(days * 5)]
    made = suggest_mapping(write(tmp_path, "Timestamp,Unit Kerja,Kebutuhan data", *rows))
    assert {q.key: q.answers for q in made.questions}.get("times.dates") == asked


def test_nobody_is_named_in_a_proposal(tmp_path: Path, capsys) -> None:
    rows = [
        f"{NIP}{n % 10},Budi Santoso {n},budi{n}@contoh.id,0812345678{n % 10}0,Unit {n % 2},"
        f"Pak Budi Santoso baik {n},{n % 5 + 1}"
        for n in range(10)
    ]
    header = "NIP,Nama,Surel,HP,Unit Kerja,Saran,Kebutuhan data"
    file = write(tmp_path, header, *rows)
    made = suggest_mapping(file)
    for secret in (NIP, "Santoso", "@contoh", "08123"):
        assert secret not in made.text
    assert "pseudonym = true" in made.text
    assert main(["import", str(file), "--suggest", "--to", str(tmp_path / "m.toml")]) == 0
    said = capsys.readouterr().out
    assert "Santoso" not in said and NIP not in said and "To answer in line" in said
    assert main(["import", str(file), "--suggest", "--to", str(tmp_path / "m.toml")]) == 2
    assert "there already" in capsys.readouterr().err


def test_a_file_without_a_header_is_refused_and_nobody_named(tmp_path: Path) -> None:
    rows = [f"{NIP}{n},Budi Santoso,Dinas,Baik,Perlu" for n in range(3)]
    with pytest.raises(DataError) as caught:
        suggest_mapping(write(tmp_path, *rows))
    assert "taken for the header" in str(caught.value) and NIP not in str(caught.value)


def test_a_form_gives_labels_and_options(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (
        ("type", "name", "label::Indonesia"),
        ("select_one opd", "opd", "Perangkat Daerah"),
        ("select_multiple cara", "cara", "Cara belajar"),
        ("select_one lima", "kebutuhan_k1", "Integritas"),
        ("select_one lima", "kebutuhan_k2", "Kerja sama"),
    ):
        book.active.append(row)
    choices = book.create_sheet("choices")
    choices.append(("list_name", "name", "label::Indonesia"))
    for name, label in (("d1", "Dinas Satu"), ("d2", "Dinas Dua")):
        choices.append(("opd", name, label))
    for name, label in (("kelas", "Kelas tatap muka"), ("magang", "Magang")):
        choices.append(("cara", name, label))
    for step in range(1, 6):
        choices.append(("lima", str(step), f"Tingkat {step}"))
    book.save(tmp_path / "form.xlsx")
    rows = [f"u{n};{n};d{n % 2 + 1};kelas magang;{n % 3 + 1};{n % 3 + 1}" for n in range(8)]
    file = write(tmp_path, "_uuid;_id;opd;cara;g/kebutuhan_k1;g/kebutuhan_k2", *rows)
    made = suggest_mapping(file, form=tmp_path / "form.xlsx")
    assert made.tool == "kobo" and [q.key for q in made.questions] == ["cycle"]
    result = apply(tmp_path, file, answer_questions(made.text, {"cycle": "2026"}))
    assert result.tables["competencies"]["name_id"].tolist() == ["Integritas", "Kerja sama"]
    assert result.tables["questions"]["name_id"].tolist() == ["Kelas tatap muka", "Magang"]
    assert result.tables["units"]["name"].tolist()[1:] == ["Dinas Satu", "Dinas Dua"]


def test_rows_that_are_not_complete_or_were_refused_are_left_out(tmp_path: Path) -> None:
    rows = [f"{n},2026-04-0{n + 1} 09:00:00,1,id,{n % 5 + 1},{n % 5 + 1}" for n in range(8)]
    rows[2] = "2,,1,id,3,3"
    header = "id,submitdate,lastpage,startlanguage,Kebutuhan[SQ001],Kebutuhan[SQ002]"
    file = write(tmp_path, header, *rows)
    made = suggest_mapping(file)
    assert made.tool == "limesurvey"
    answers = {q.key: q.answers[-1] for q in made.questions}
    result = apply(tmp_path, file, answer_questions(made.text, answers))
    assert result.left_out.index.tolist() == [4]
    assert 'LEFT OUT: row 4 (not complete: "submitdate" is blank)' in result.report()


@pytest.mark.slow
@pytest.mark.skipif(not SIB.exists(), reason="../shared/data/sib-2026 is not here")
def test_the_real_survey_is_proposed_as_a_person_would_map_it(tmp_path: Path) -> None:
    made = suggest_mapping(SIB)
    assert made.tool == "microsoft" and [q.key for q in made.questions] == ["unit.column"]
    stage = next(a for a in made.questions[0].answers if "career stage" in a)
    result = apply(tmp_path, SIB, answer_questions(made.text, {"unit.column": stage}))
    by_hand = import_survey(ROOT / "docs" / "examples" / "sib-2026" / "mapping.toml", SIB)
    assert result.unplaced.empty
    assert name_needs(result.tables) == name_needs(by_hand.tables)
    answers = [r.tables["answers"]["level"].value_counts().to_dict() for r in (result, by_hand)]
    assert answers[0] == answers[1]


def name_needs(tables) -> list[list[object]]:
    names = tables["competencies"].set_index("competency_id")["name_id"]
    ratings = tables["ratings"]
    named = ratings.assign(name=ratings["competency_id"].map(names))
    return sorted(named[["staff_id", "name", "need"]].values.tolist())


@pytest.mark.parametrize(
    ("header", "options", "reason"),
    [
        ("Bentuk pelatihan yang diminati", ["Kelas A", "Kelas B"], "by words of its header"),
        ("Apa yang Anda minati", ["E-learning", "Magang"], "most options are ways to learn"),
        ("Apa yang Anda minati", ["Merah", "Biru"], ""),
    ],
)
def test_ways_to_learn_are_known_by_header_or_options(
    tmp_path: Path, header: str, options: list[str], reason: str
) -> None:
    answers = [options[0], "; ".join(options), options[1]] * 4
    rows = [f"{n},{given},{n % 5 + 1}" for n, given in enumerate(answers)]
    text = suggest_mapping(write(tmp_path, f"id,{header},Kebutuhan data", *rows)).text
    assert ('becomes = "learning_format"' in text) == bool(reason) and reason in text
