"""The copy of a data set with its problems marked: on the right cells, and it loads again."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cakra_analysis.cli import main
from cakra_analysis.errors import DataError
from cakra_analysis.load import load
from cakra_analysis.marked import AUTHOR, LINE, mark_problems
from tests.conftest import edit, write_rows

NIP = "198609262015051000"
MISTAKES = [  # table, row, column, what is typed, what the comment says
    ("ratings", 2, "level", "9", "di atas batas tertinggi 5"),
    ("ratings", 3, "source", "boss", "bukan salah satu pilihan"),
    ("ratings", 3, "cycle", "Q1", "bukan siklus"),
    ("standards", 3, "required_level", "dua", "bukan angka"),
    ("units", 4, "parent_id", "nowhere", "tidak ada di tabel units"),
    ("positions", 3, "name", "", "wajib diisi"),
    ("staff", 4, "staff_id", NIP, "NIP telah dibulatkan"),
    ("competencies", 3, "competency_id", "M.1", "kunci (competency_id) yang sama"),
]


@pytest.fixture
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("beside")


@pytest.fixture
def wrong(folder: Path) -> Path:
    """The tiny data set with a row more in most tables, and a mistake in it."""
    for table in ("units", "positions", "staff", "competencies", "standards"):
        frame = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        more = frame.iloc[[-1]].copy()
        more.iloc[0, 0] = "X"
        more["name"] = "=1+1" if table == "units" else more.get("name")
        write_rows(
            folder / f"{table}.csv",
            [list(frame), *frame.values.tolist(), more[list(frame)].iloc[0].tolist()],
        )
    edit(folder, "standards", 3, "position_id", "P")
    edit(folder, "standards", 3, "competency_id", "M.1")
    edit(folder, "units", 4, "name", "New")
    for table, row, column, value, _ in MISTAKES:
        edit(folder, table, row, column, value)
    return folder


def to_book(folder: Path, file: Path) -> Path:
    """The same tables as a workbook, one blank row in the middle of ratings left as it is."""
    with pd.ExcelWriter(file) as writer:
        for table in sorted(folder.glob("*.csv")):
            cells = pd.read_csv(table, dtype=str, keep_default_na=False)
            cells.where(cells != "").to_excel(writer, sheet_name=table.stem, index=False)
    return file


def read_marks(file: Path) -> dict[tuple[str, int, str], str]:
    marks = {}
    for sheet in openpyxl.load_workbook(file).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.comment):
            column = str(sheet.cell(1, cell.column).value)
            marks[sheet.title, cell.row, column] = cell.comment.text
            assert cell.fill.fgColor.rgb in ("00EFB3A1", "00FBE8B5")
    return marks


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["workbook", "folder"])
def test_each_mistake_is_marked_on_its_cell(wrong: Path, beside: Path, kind: str) -> None:
    path = to_book(wrong, beside / "data.xlsx") if kind == "workbook" else wrong
    marked = beside / "marked.xlsx"
    assert main(["check", str(path), "--marked", str(marked), "--lang", "id"]) == 1
    marks = read_marks(marked)
    assert set(marks) == {mistake[:3] for mistake in MISTAKES}
    for table, row, column, _, said in MISTAKES:
        assert said in marks[table, row, column]


def test_the_list_comes_first_and_links_to_the_cells(wrong: Path, beside: Path) -> None:
    problems = load(wrong).problems
    file = beside / "marked.xlsx"
    file.write_bytes(mark_problems(wrong, problems, lang="en"))
    book = openpyxl.load_workbook(file)
    first, *others = book.worksheets
    assert first.title == "_problems"
    assert first["A1"].value == f"{len(problems)} problems in {len(MISTAKES) - 1} rows"
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == ["_problems"]
    for row in first.iter_rows(min_row=5):
        place, table, number, column, _, message = row
        assert place.hyperlink.location == f"'{table.value}'!{place.value}"
        cell = book[table.value][place.value]
        assert cell.row == number.value and message.value in cell.comment.text
        assert book[table.value].cell(1, cell.column).value == column.value
    shown = " ".join(str(c.value) for row in first.iter_rows() for c in row)
    assert NIP not in shown and "19…000" in shown  # as `cakra check` prints it
    assert NIP not in " ".join(read_marks(file).values())
    assert {s.title for s in others} == {f.stem for f in wrong.glob("*.csv")}


@pytest.mark.slow
def test_mended_and_saved_it_loads_and_a_second_copy_has_no_old_marks(
    wrong: Path, beside: Path
) -> None:
    once, twice = beside / "once.xlsx", beside / "twice.xlsx"
    once.write_bytes(mark_problems(wrong, load(wrong).problems, lang="id"))
    book = openpyxl.load_workbook(once)
    good = {"level": 3, "source": "peer", "cycle": "2026", "required_level": 2, "name": "Staf"}
    good |= {"parent_id": "R", "staff_id": "P-CCCCCCCCCCC4", "competency_id": "M.2"}
    for table, row, column, *_ in MISTAKES:
        heads = {cell.value: cell.column for cell in book[table][1]}
        book[table].cell(row, heads[column]).value = good[column]
    book["standards"]["B3"] = "M.2"
    book["ratings"]["E4"] = 7  # a new mistake
    book.save(once)
    problems = load(once).problems
    assert problems[["table", "row", "column"]].values.tolist() == [["ratings", 4, "level"]]
    twice.write_bytes(mark_problems(once, problems, lang="en"))
    assert list(read_marks(twice)) == [("ratings", 4, "level")]
    assert "_masalah" not in openpyxl.load_workbook(twice).sheetnames
    book = openpyxl.load_workbook(twice)
    book["ratings"]["E4"] = None
    book.save(twice)
    assert load(twice).problems.empty


def test_a_text_that_looks_like_a_formula_stays_a_text(folder: Path, beside: Path) -> None:
    edit(folder, "units", 2, "name", "=HYPERLINK(1)")
    edit(folder, "units", 3, "kind", "")
    write_rows(
        folder / "units.csv",
        [["unit_id", "parent_id", "name"], ["R", "", "Region"], ["A", "R", "A"], ["B", "R", "=1"]],
    )
    file = beside / "marked.xlsx"
    file.write_bytes(mark_problems(folder, load(folder).problems))
    assert openpyxl.load_workbook(file)["units"]["C4"].data_type == "s"


@pytest.mark.slow
def test_comments_of_others_stay(folder: Path, beside: Path) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    edit(folder, "ratings", 2, "level", "9")
    edit(folder, "ratings", 3, "level", "9")
    file = to_book(folder, beside / "data.xlsx")
    book = openpyxl.load_workbook(file)
    book["ratings"]["E2"].comment = Comment("ask Budi", "somebody")
    book["ratings"]["E2"].fill = PatternFill("solid", fgColor="00FF00")
    book["ratings"]["A1"].comment = Comment("a heading", "somebody")
    book.save(file)
    for _ in range(2):  # the second time over the first copy
        file.write_bytes(mark_problems(file, load(file).problems))
        cells = openpyxl.load_workbook(file)["ratings"]
        assert cells["E2"].comment.text.startswith(f"ask Budi\n{LINE}\n")
        assert cells["E2"].comment.text.count("\n") == 2
        assert cells["E2"].comment.author == "somebody"
        assert cells["E3"].comment.author == AUTHOR
        assert cells["E2"].fill.fgColor.rgb == "0000FF00"
        assert cells["A1"].comment.text == "a heading"
    file.write_bytes(mark_problems(file, load(file).problems.iloc[:0]))
    cells = openpyxl.load_workbook(file)["ratings"]
    assert (cells["E2"].comment.text, cells["E3"].comment) == ("ask Budi", None)
    assert (cells["E2"].fill.fgColor.rgb, cells["E3"].fill.fill_type) == ("0000FF00", None)


def test_a_text_too_long_for_a_cell_is_not_cut(folder: Path) -> None:
    edit(folder, "units", 2, "name", "x" * 32_768)
    with pytest.raises(DataError, match="row 2, column name: this text is too long"):
        mark_problems(folder, load(folder).problems)


def test_nobodys_work_is_written_over(wrong: Path, beside: Path, capsys) -> None:
    marked = beside / "marked.xlsx"
    marked.write_text("mended by hand")
    call = ["check", str(wrong), "--marked", str(marked)]
    assert main(call) == 2
    assert "is there already" in capsys.readouterr().err
    assert marked.read_text() == "mended by hand"
    assert main([*call, "--force"]) == 1
    assert "a copy with every problem marked" in " ".join(capsys.readouterr().out.split())


def test_what_is_checked_is_never_written_over(wrong: Path, beside: Path, capsys) -> None:
    book = to_book(wrong, beside / "data.xlsx")
    before = book.read_bytes()
    ratings = (wrong / "ratings.csv").read_bytes()
    for call in (
        [str(wrong), "--to", str(wrong / "ratings.csv")],
        [str(book), "--to", str(book)],
        [str(book), "--marked", str(beside / ".." / beside.name / "data.xlsx"), "--force"],
    ):
        assert main(["check", *call]) == 2
        assert "where the data set itself lies" in capsys.readouterr().err
    assert book.read_bytes() == before and (wrong / "ratings.csv").read_bytes() == ratings


def test_a_full_disk_loses_nothing(wrong: Path, beside: Path, monkeypatch, capsys) -> None:
    marked = beside / "marked.xlsx"
    marked.write_text("mended by hand")

    def fail(file: Path, _: bytes) -> int:
        file.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    assert main(["check", str(wrong), "--marked", str(marked), "--force"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert [f.name for f in beside.iterdir()] == ["marked.xlsx"]
    assert marked.read_text() == "mended by hand"


def test_without_a_problem_there_is_nothing_to_mark(folder: Path, beside: Path, capsys) -> None:
    marked = beside / "marked.xlsx"
    assert main(["check", str(folder), "--marked", str(marked)]) == 0
    said = " ".join(capsys.readouterr().out.split())  # a long path breaks the line anywhere
    assert "No problems." in said and "no copy was written" in said and "removed" not in said
    assert not marked.exists()
    marked.write_text("an old copy")
    assert main(["check", str(folder), "--marked", str(marked)]) == 2  # it is not ours to remove
    assert marked.exists() and capsys.readouterr().err
    assert main(["check", str(folder), "--marked", str(marked), "--force"]) == 0
    assert "the old one was removed" in " ".join(capsys.readouterr().out.split())
    assert not marked.exists()


@pytest.mark.slow
def test_what_the_terminal_says_is_in_the_language(wrong: Path, beside: Path, capsys) -> None:
    made = str(beside / "isian.xlsx")
    assert main(["template", made, "--lang", "id"]) == 0
    assert main(["check", str(wrong), "--marked", str(beside / "m.xlsx"), "--lang", "id"]) == 1
    said = capsys.readouterr().out
    assert "disisihkan" in said and "yang salah" in said and "Sudah diisi?" in said
    said = said.replace(str(beside), "").replace("\n", " ")
    english = "the|is|a|copy|every|problems?|rows?|set|aside|what|wrong|sheet|tells|filled"
    assert re.findall(rf"(?i)(?<![-\w])(?:{english})(?![-\w])", said) == []
