"""Rows that are no answers are cut off; a row of answers never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.intake import recognise
from tests.test_intake_shape import write

HEADER = "Nama,Unit Kerja,Jabatan,Kebutuhan data,Kebutuhan surat"
BODY = [f"Orang {n},Dinas {n % 2},Staf,{n % 5 + 1},4" for n in range(6)]


def cut_rows(folder: Path, *rows: str) -> list[int]:
    shape = recognise(write(folder, "\n".join(rows) + "\n")).shape
    return list(shape.cut["row"])


@pytest.mark.parametrize(
    "name",
    [
        *("Maksimum", "Minimum", "Modus", "Nilai rata-rata", "Skor total", "Persentase", "Median"),
        *("Std. Deviasi", "Simpangan baku", "Varians", "Nilai Maks.", "TOTAL", "Rata-rata kelas"),
    ],
)
def test_a_summary_is_no_person(tmp_path: Path, name: str) -> None:
    assert cut_rows(tmp_path, HEADER, *BODY, f"{name},,,5,5") == [8]


def test_summaries_below_each_other_with_units_are_cut(tmp_path: Path) -> None:
    sums = ["TOTAL,Dinas 0 dan 1,,4,4", "Maksimum,Dinas 0 dan 1,,5,5", "Minimum,,,1,4"]
    assert cut_rows(tmp_path, HEADER, *BODY, *sums, ",,,,", ",,,,Kepala Dinas") == [8, 9, 10, 12]


@pytest.mark.parametrize(
    "row",
    [
        *("Max Budiman,Dinas 0,Staf,4,4", "Min,Dinas 0,Staf,4,4", "Total Raharjo,Dinas 0,Staf,4,4"),
        *("Median,Dinas 1,,3,3", "1/3/2026 10.00,Total,,4,4"),
    ],
)
def test_a_person_who_is_called_so_stays(tmp_path: Path, row: str) -> None:
    assert cut_rows(tmp_path, HEADER, *BODY[:3], row, *BODY[3:]) == []


def test_a_short_name_at_the_end_stays(tmp_path: Path) -> None:
    assert cut_rows(tmp_path, HEADER, *BODY, "Min,Dinas 0,Staf,4,4") == []


def test_first_answers_that_count_up_stay_answers(tmp_path: Path) -> None:
    assert cut_rows(tmp_path, "A,B,C", "1,2,3", "3,3,4", "5,4,1") == []
    assert cut_rows(tmp_path, HEADER + ",Saran", ",Dinas,,1,2,3".replace("Dinas", ""), *BODY) == []
    assert cut_rows(tmp_path, "A,B,C,D,E,F", "1,2,3,4,5,6", "3,3,4,1,1,1") == [2]


def test_answers_in_part_at_the_end_are_no_signature(tmp_path: Path) -> None:
    wide = ",".join(["Jabatan", *(f"Butuh {n}" for n in range(12))])
    body = [",".join(["Staf", *"345123451234"])] * 3
    last = ["Kepala Bidang,5,4" + "," * 10, "Kepala Seksi,,3" + "," * 10]
    assert cut_rows(tmp_path, wide, *body, *last) == []
    timed = wide.replace("Jabatan", "Waktu")
    late = "2026-03-01T10:00:00,Ketua" + "," * 11
    assert cut_rows(tmp_path, timed, body[0].replace("Staf", "2026-03-01T09:00:00"), late) == []
    assert cut_rows(tmp_path, wide, *body, "Kepala Dinas" + "," * 12) == [5]
