"""An error about a header shows no row of answers that stands in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.errors import MappingError
from cakra_analysis.intake import import_survey
from tests.test_intake_suggest import write

MAPPING = """cycle = "2026"
{header}
[about]
name_id = "A"
name_en = "A"
gap_definition = "stated need"
[person]
column = "{person}"
[unit]
root = "Semua"
[[grids]]
starts_with = "Kebutuhan"
becomes = "need"
scale = "angka_5"
code = "K1"
"""
ROWS = ["Budi Santoso,0370-123456,Dinas Satu,4", "Ani Lestari,0370-654321,Dinas Dua,5"]
HEADER = "Nama Lengkap,Telp Kantor,Unit Kerja,Kebutuhan data"


@pytest.mark.parametrize("person", ["Nama Lengkap", "Budi Santosa"])
def test_a_header_one_row_higher_shows_nobody(tmp_path: Path, person: str) -> None:
    (tmp_path / "m.toml").write_text(MAPPING.format(header="header = 2", person=person))
    with pytest.raises(MappingError) as caught:
        import_survey(tmp_path / "m.toml", write(tmp_path, HEADER, *ROWS))
    told = str(caught.value)
    assert "row 2 is the header" in told
    assert "Santoso" not in told and "0370" not in told and "Dinas" not in told


def test_only_known_headers_are_listed(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(MAPPING.format(header="", person="Sandi"))
    with pytest.raises(MappingError) as caught:
        import_survey(tmp_path / "m.toml", write(tmp_path, HEADER, *ROWS))
    assert "Of its 4 columns these have known names: Nama Lengkap, Unit Kerja." in str(caught.value)
