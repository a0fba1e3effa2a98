"""A file of any shape becomes one rectangle; what is cut off is said row by row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.intake import import_survey, recognise
from cakra_analysis.intake.shape import shape_sheet
from cakra_analysis.intake.shape_sheet import read_sheets
from tests.conftest import ROOT

EXAMPLES = ROOT / "docs" / "examples"
HEADER = "No;Unit Kerja;Kebutuhan data"


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "e.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    text = 'No;Unit Kerja;Café\n1;Dinas é;"3,5 a"\n2;B;4\n'.replace(";", separator)
    shape = recognise(write(tmp_path, text, encoding)).shape
    assert list(shape.texts) == ["No", "Unit Kerja", "Café"]
    assert shape.texts.values.tolist() == [["1", "Dinas é", "3,5 a"], ["2", "B", "4"]]


def test_excels_own_first_line_names_the_separator(tmp_path: Path) -> None:
    shape = recognise(write(tmp_path, "sep=;\nNo;Unit, nama;Nilai\n1;a, b;3\n")).shape
    assert shape.header == [2] and shape.texts.index.tolist() == [3]


def test_titles_totals_numbering_and_signature_are_cut_and_said(tmp_path: Path) -> None:
    text = (
        f"REKAP TAHUN 2026;;\n;;\n{HEADER}\n1;2;3\n1;A;3\n2;B;4\n{HEADER}\n3;C;5\nJUMLAH;;12\n;;\n"
        ";;Mataram, 3 Maret 2026\n;;Kepala Dinas\n;;Seseorang\n"
    )
    shape = recognise(write(tmp_path, text)).shape
    assert shape.texts["Unit Kerja"].to_dict() == {5: "A", 6: "B", 8: "C"}
    assert shape.cut.values.tolist() == [
        [1, "above the header", 1],
        [4, "numbers of the columns", 3],
        [7, "the header again", 3],
        [9, "a total", 2],
        [11, "a note or signature", 1],
        [12, "a note or signature", 1],
        [13, "a note or signature", 1],
    ]
    kept = shape_sheet(read_sheets(tmp_path / "e.csv")[0], header=[3], cut=False)
    assert kept.texts.index.tolist() == [4, 5, 6, 8, 9, 11, 12, 13]


def test_thin_answers_at_the_end_stay_answers(tmp_path: Path) -> None:
    header = ",".join(["Timestamp", *(f"Q{n}" for n in range(9))])
    text = f"{header}\n{','.join(['1/2/2026', *'123456789'])}\n1/3/2026,Kepala bidang{',' * 8}\n"
    shape = recognise(write(tmp_path, text)).shape
    assert len(shape.texts) == 2 and shape.cut.empty


@pytest.mark.parametrize("merged", [True, False])
def test_a_header_of_two_rows_is_one_name_a_column(tmp_path: Path, merged: bool) -> None:
    book = openpyxl.Workbook()
    book.active.append(["No", "Unit", "Punya", None, "Perlu", None])
    book.active.append([None, None, "Data", "Surat", "Data", "Surat"])
    book.active.append([1, "A", 3, 4, 5, 5])
    if merged:
        for cells in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
            book.active.merge_cells(cells)
    book.save(tmp_path / "e.xlsx")
    shape = recognise(tmp_path / "e.xlsx").shape
    assert shape.header == [1, 2]
    assert list(shape.texts)[2:] == ["Punya: Data", "Punya: Surat", "Perlu: Data", "Perlu: Surat"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}\n1;A;3\n2;B;4;5\n", "row 3 has more cells than the header"),
        (f"{HEADER}\n1;A;3\n2;B, C;4;\n", "row 3 has more cells than the header"),
        ("No;;Nilai;Unit\n1;A;3;x\n2;B;4;x\n", "column 2 has no name"),
        (f'{HEADER}\n1;"A;3\n2;B;4\n', "cannot be told apart"),
        ("\n\n", "the file is empty"),
        ("1;2;3\n4;5;6\n", "no row looks like a header"),
    ],
)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        recognise(write(tmp_path, text))
    assert said in str(caught.value) and (caught.value.allowed or caught.value.do)


def test_eighteen_headers_over_nineteen_cells_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([f"Kolom {n}" for n in range(18)])
    book.active.append(list(range(19)))
    book.save(tmp_path / "e.xlsx")
    with pytest.raises(DataError, match="18 headers, but row 2 has a cell in column 19"):
        recognise(tmp_path / "e.xlsx")


def test_a_separator_after_every_row_moves_nothing(tmp_path: Path) -> None:
    shape = recognise(write(tmp_path, f"{HEADER}\n1;A;3;\n2;B;4;\n")).shape
    assert shape.texts["Kebutuhan data"].tolist() == ["3", "4"]


def test_binary_and_foreign_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(bytes(range(256)) * 5)
    with pytest.raises(DataError, match="this is not a text file"):
        recognise(tmp_path / "e.csv")
    (tmp_path / "e.xlsx").write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(DataError, match="not an Excel workbook"):
        recognise(tmp_path / "e.xlsx")


def test_the_agencys_example_is_read_whole() -> None:
    result = import_survey(
        EXAMPLES / "agency-sheet" / "mapping.toml", EXAMPLES / "agency-sheet" / "rekap.xlsx"
    )
    assert len(result.tables["staff"]) == 10 and result.unplaced.empty
    assert result.cut["row"].tolist() == [1, 2, 6, 17, 19, 20, 21]
    assert result.tables["staff"]["unit_id"].value_counts().to_dict() == {"U02": 6, "U01": 4}
    filled = sum(n for what, n in result.cells.items() if what != "blank")
    book = openpyxl.load_workbook(EXAMPLES / "agency-sheet" / "rekap.xlsx")
    held = [
        cell.value
        for number, row in enumerate(book.active.iter_rows(), start=1)
        for cell in row
        if cell.value is not None and number not in (4, 5)
    ]
    assert filled == len(held) + 2  # two units merged over two rows each


def test_a_header_that_is_not_there_is_refused(tmp_path: Path) -> None:
    sheet = read_sheets(write(tmp_path, f"{HEADER}\n1;A;3\n"))[0]
    for header in ([9], [0], [1, 3]):
        with pytest.raises(MappingError, match="the header cannot be row"):
            shape_sheet(sheet, header=header)
