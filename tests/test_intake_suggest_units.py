"""Units and groups in a proposed mapping: no answer that one person wrote is shown."""

from __future__ import annotations

from pathlib import Path

from cakra_analysis.intake import answer_questions, suggest_mapping
from tests.test_intake_suggest import apply, write


def test_a_stakeholder_who_names_himself_is_not_shown(tmp_path: Path) -> None:
    who = ["Masyarakat umum", "Pelaku usaha", "Akademisi"] * 4
    who.append("Lainnya: Pak Budi Santoso 0812-3456-7890 budi@x.id")
    rows = [f"{n},{name},{n % 5 + 1},{n % 4 + 1}" for n, name in enumerate(who)]
    header = "id,Kelompok,Kepentingan [Data],Kinerja layanan [Data]"
    made = suggest_mapping(write(tmp_path, header, *rows))
    told = made.text + "".join(q.key + q.said for q in made.questions)
    assert '"Masyarakat umum" = "public"' in told and "# 1 answers are not shown" in told
    assert not [secret for secret in ("Budi", "0812", "budi@") if secret in told]


def test_a_group_that_one_person_wrote_is_not_asked_about(tmp_path: Path) -> None:
    who = ["Masyarakat umum", "Pelaku usaha", "Mitra", "Mitra", "Akademisi", "Budi Santoso"]
    rows = [f"{n},{name},{n % 5 + 1},{n % 4 + 1}" for n, name in enumerate(who)]
    header = "id,Kelompok,Kepentingan [Data],Kinerja [Data]"
    made = suggest_mapping(write(tmp_path, header, *rows))
    told = made.text + "".join(q.key + q.said for q in made.questions)
    assert "Budi" not in told and "# 1 answers are not shown" in told
    assert 'Akademisi = "academia"' in made.text and 'Mitra = "?"' in made.text


def test_what_one_person_wrote_as_unit_is_not_shown_and_is_reported(tmp_path: Path) -> None:
    who = ["Dinas Satu", "Dinas Dua"] * 5 + ["Budi Santoso", "dinas satu"]
    rows = [f"{n},{name},{n % 5 + 1}" for n, name in enumerate(who)]
    file = write(tmp_path, "id,Unit Kerja,Kebutuhan data", *rows)
    made = suggest_mapping(file)
    assert "Budi Santoso" not in made.text and "# 1 answers are not shown" in made.text
    result = apply(tmp_path, file, answer_questions(made.text, {"cycle": "2026"}))
    assert result.regrouped["row"].tolist() == [12]
    assert result.tables["units"]["name"].tolist()[-1] == "Unit lain"
