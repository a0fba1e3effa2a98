"""Files that would fill the memory, or that no reader expects: one clear error."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.identifiers import find_damaged, find_raw
from cakra_analysis.intake import import_survey
from cakra_analysis.load import load
from cakra_analysis.sources import read_csv
from cakra_analysis.workbook import read_cells, read_workbook
from tests.exports.make import FOLDER


@pytest.fixture
def rebuild(tmp_path: Path) -> Callable[..., Path]:
    """A workbook whose sheets are changed by their bytes."""

    def change(old: bytes, new: bytes, count: int = 0) -> Path:
        out = io.BytesIO()
        source = FOLDER / "agency-formulas-kept.xlsx"
        with zipfile.ZipFile(source) as book, zipfile.ZipFile(out, "w", 8) as made:
            for name in book.namelist():
                part = book.read(name)
                if name.startswith("xl/worksheets/"):
                    part = re.sub(old, new, part, count=count)
                made.writestr(name, part)
        (tmp_path / "book.xlsx").write_bytes(out.getvalue())
        return tmp_path / "book.xlsx"

    return change


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(rebuild) -> None:
    file = rebuild(rb"<sheetData>", b"<sheetData>" + b" " * 60_000_000)
    assert file.stat().st_size < 200_000
    with pytest.raises(DataError, match="would fill the memory"):
        read_workbook(file)


def test_what_is_formatted_far_away_does_not_count(rebuild) -> None:
    file = rebuild(rb"</sheetData>", b'<row r="900"><c r="ZZ900"/></row></sheetData>')
    assert [len(sheet.rows) for sheet in read_cells(file).values()] == [7]
    assert {len(row) for sheet in read_cells(file).values() for row in sheet.rows} == {7}


def test_a_sheet_larger_than_any_is_refused(rebuild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cakra_analysis.workbook.MOST_CELLS", 60_000)
    file = rebuild(
        rb"</sheetData>", b'<row r="90"><c r="ZZ90" t="n"><v>1</v></c></row></sheetData>'
    )
    with pytest.raises(DataError, match="90 rows and 702 columns"):
        read_cells(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"<sheetData>", b"<sheetData><row>"),
        (rb"</worksheet>", b""),
        (rb"^", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"),
    ],
)
def test_a_damaged_workbook_is_one_clear_error(rebuild, old: bytes, new: bytes) -> None:
    file = rebuild(old, new, 1)
    with pytest.raises(DataError, match="not an Excel workbook"):
        read_workbook(file)
    file.unlink()  # it is closed


def test_a_persons_number_is_not_shown_where_a_cell_cannot_be_read(rebuild) -> None:
    file = rebuild(rb"<v>4</v>", b"<v>197001011990011001x</v>")
    with pytest.raises(DataError) as caught:
        read_workbook(file)
    assert not re.search(r"\d{6}", str(caught.value))


def test_a_quote_that_is_never_closed_is_one_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    pd.DataFrame({"a": ["1", "x" * 200_000], "b": ["2", ""]}).to_csv(file, index=False)
    with pytest.raises(DataError, match="this is not a table"):
        read_csv(file)


def test_a_row_of_persons_in_the_headers_place_is_not_shown(tmp_path: Path) -> None:
    number = "197001011990011001"
    for table, header in (("staff", [number, "A", "B"]), ("units", [number, number, "C"])):
        (folder := tmp_path / table).mkdir()
        pd.DataFrame(columns=header).to_csv(folder / f"{table}.csv", index=False)
        with pytest.raises(DataError) as caught:
            load(folder)
        assert "…" in str(caught.value) and number not in str(caught.value)


def test_an_export_without_its_header_shows_nobody(tmp_path: Path) -> None:
    rows = (FOLDER / "google-hostile.csv").read_bytes().split(b"\r\n")
    (tmp_path / "e.csv").write_bytes(b"\r\n".join(rows[1:]))
    mapping = FOLDER.parent / "mappings" / "google-hostile.toml"
    with pytest.raises(MappingError, match="holds answers") as caught:
        import_survey(mapping, tmp_path / "e.csv")
    assert not re.search(r"\d{16}", str(caught.value))


def test_a_workbook_that_may_not_be_read_is_said_to_be_so(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    with pytest.raises(DataError, match="this file cannot be read") as caught:
        read_workbook(tmp_path / "book.xlsx")
    assert caught.value.do.startswith("Close it")


def test_a_name_in_the_first_row_may_hold_a_line_break(tmp_path: Path) -> None:
    file = tmp_path / "about.csv"
    file.write_text('"key\n",value\npopulation,listed\n')
    cells = read_csv(file).cells
    assert [*cells.columns] == ["key", "value"]
    assert cells["value"].tolist() == ["listed"]


def test_a_text_without_end_is_looked_at_in_a_moment() -> None:
    texts = pd.Series(["a" * 200_000, "x" * 200_000 + " Budi@x.id"])
    assert find_raw(texts).tolist() == [False, True]
    assert find_damaged(texts).tolist() == [False, False]
