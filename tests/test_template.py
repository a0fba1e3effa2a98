"""The workbook to fill in: it loads as it stands, and helps whoever fills it in."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook

from cakra_analysis.cli import main
from cakra_analysis.contracts import contracts
from cakra_analysis.errors import DataError
from cakra_analysis.load import load
from cakra_analysis.needs import score_answers
from cakra_analysis.template import list_purposes, write_template
from cakra_analysis.template.faults import find_faults
from cakra_analysis.template.purposes import choose_columns, choose_tables, read_examples

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
BESIDE = 50  # columns


def make(file: Path, purpose: str = "needs", lang: str = "id") -> Workbook:
    file.write_bytes(write_template(purpose, lang=lang))
    return openpyxl.load_workbook(file)


def put(book: Workbook, table: str, row: int, **cells: object) -> None:
    """Type into a row, by the names of the columns."""
    heads = {cell.value: cell.column for cell in book[table][1]}
    for column, value in cells.items():
        book[table].cell(row, heads[column]).value = value


def fill(book: Workbook, folder: Path) -> None:
    """Type a folder of CSV files into the workbook."""
    for file in folder.glob("*.csv"):
        with file.open(newline="") as stream:
            for row, cells in enumerate(csv.DictReader(stream), start=2):
                put(book, file.stem, row, **{c: value or None for c, value in cells.items()})


def office(file: Path, to: Path) -> Path:
    """Let LibreOffice open a workbook, work out its formulas and save it again."""
    (to / "saved").mkdir(exist_ok=True)
    home = f"-env:UserInstallation=file://{to / 'profile'}"
    call = [OFFICE, home, "--headless", "--convert-to", "xlsx", "--outdir", str(to / "saved")]
    subprocess.run([*call, str(file)], check=True, capture_output=True, timeout=120)
    return to / "saved" / file.name


@pytest.mark.slow
def test_filled_in_it_loads_without_a_problem(folder: Path, tmp_path_factory) -> None:
    file = tmp_path_factory.mktemp("filled") / "data.xlsx"
    book = make(file, lang="en")
    fill(book, folder)
    book.save(file)
    data, plain = load(file), load(folder)
    assert data.problems.empty
    assert {n: len(t) for n, t in data.tables.items() if n != "about"} == {
        n: len(t) for n, t in plain.tables.items() if n != "about"
    }
    assert data["staff"]["staff_id"].tolist() == plain["staff"]["staff_id"].tolist()
    assert data["ratings"]["rater"].tolist() == ["1", "1", "1"]  # a blank cell is the usual value


@pytest.mark.parametrize("purpose", ["needs", pytest.param("all", marks=pytest.mark.slow)])
def test_the_examples_are_a_data_set(tmp_path: Path, purpose: str) -> None:
    file = tmp_path / "data.xlsx"
    book = make(file, purpose)
    write_examples(book, purpose)
    book.save(file)
    assert load(file).problems.empty


def test_as_it_is_made_it_holds_no_data(tmp_path: Path) -> None:
    make(tmp_path / "data.xlsx")
    with pytest.raises(DataError, match="table ratings is missing, or has no row"):
        load(tmp_path / "data.xlsx")


def write_examples(book: Workbook, purpose: str) -> None:
    tables = choose_tables(purpose)
    for table in tables:
        names = [c.name for c in choose_columns(contracts()[table], tables)]
        for row, example in enumerate(read_examples(table), start=2):
            put(book, table, row, **{c: v for c, v in example.items() if c in names})


@pytest.mark.parametrize("purpose", list_purposes())
def test_what_a_purpose_holds_hangs_together(purpose: str) -> None:
    tables = choose_tables(purpose)
    assert list(tables) == [n for n in contracts() if n in tables]
    assert {n for n, c in contracts().items() if c.required} <= set(tables)
    for table in tables:
        for column in choose_columns(contracts()[table], tables):
            assert not column.refers or column.refers.split(".")[0] in tables
    assert purpose != "all" or list(tables) == list(contracts())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_guide_says_what_must_be_said(tmp_path: Path, lang: str) -> None:
    book = make(tmp_path / "x.xlsx", lang=lang)
    guide, *_ = book.worksheets
    assert guide.title == {"id": "_petunjuk", "en": "_guide"}[lang]
    text = " ".join(str(c.value) for row in guide.iter_rows() for c in row if c.value)
    assert all(word in text for word in ("NIP", "cakra pseudonymise", "cakra check", "ratings"))
    assert "{" not in text
    links = [c.hyperlink.location for row in guide.iter_rows() for c in row if c.hyperlink]
    assert links == [f"'{n}'!A1" for n in book.sheetnames if n[0] != "_"]


@pytest.mark.slow
def test_cells_of_codes_and_dates_are_text_and_headings_explain(tmp_path: Path) -> None:
    book = make(tmp_path / "x.xlsx", "all", "en")
    for name, contract in contracts().items():
        heads = {cell.value: cell for cell in book[name][1]}
        assert list(heads) == list(contract.columns)
        for column in contract.columns.values():
            form = book[name].column_dimensions[heads[column.name].column_letter].number_format
            assert (form == "@") == (column.kind in ("identifier", "cycle", "month", "date"))
            said = heads[column.name].comment.text
            assert column.id in said and column.en in said
    assert book["ratings"].freeze_panes == "B2"
    assert "from 0 to 5" in book["ratings"]["F1"].comment.text


@pytest.mark.slow
def test_drop_downs_offer_the_choices_and_the_codes_of_other_sheets(tmp_path: Path) -> None:
    book = make(tmp_path / "x.xlsx", "all")
    for name, contract in contracts().items():
        checks = {str(c.sqref): c for c in book[name].data_validations.dataValidation}
        letters = {cell.value: cell.column_letter for cell in book[name][1]}
        for column in contract.columns.values():
            check = checks.get(f"{letters[column.name]}2:{letters[column.name]}10000")
            if column.allowed:
                assert [*choices(book, check.formula1)] == list(column.allowed)
            elif column.refers:
                named = re.findall(r"key_\w+", check.formula1)[0]
                table, key = column.refers.split(".")
                sheet, cells = next(iter(book.defined_names[named].destinations))
                assert sheet == table
                assert book[sheet][cells.split(":")[0].replace("$2", "1")].value == key


def choices(book: Workbook, name: str) -> list[str]:
    sheet, cells = next(iter(book.defined_names[name].destinations))
    return [cell.value for (cell,) in book[sheet][cells]]


@pytest.mark.slow
def test_a_file_is_never_written_over_unless_told(tmp_path: Path, capsys) -> None:
    file = tmp_path / "data.xlsx"
    assert main(["template", str(file), "--lang", "en"]) == 0
    assert "its first sheet tells" in capsys.readouterr().out
    file.write_text("my work")
    assert main(["template", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "my work"
    assert main(["template", str(file), "--force", "--for", "all"]) == 0
    assert "ratings" in openpyxl.load_workbook(file).sheetnames
    assert main(["template", str(tmp_path / "data.csv")]) == 2
    assert "Let the name end in .xlsx." in capsys.readouterr().err


FAULTS = {
    ("units", 3): {"unit_id": ("01", "duplicate"), "parent_id": ("9", "unknown")},
    ("positions", 2): {"job_class": ("pengawas", "wrong"), "name": (" ", "blank")},
    ("staff", 2): {"sex": ("Female", "wrong"), "first_cycle": ("2026-13", "wrong")},
    ("staff", 3): {"staff_id": (7, "wrong"), "unit_id": (None, "blank")},
    ("standards", 2): {"required_level": (9, "wrong"), "position_id": ("Z", "unknown")},
    ("ratings", 2): {"level": (2.5, "wrong"), "cycle": ("Q1", "wrong")},
    ("ratings", 3): {"level": ("dua", "wrong"), "source": ("boss", "wrong")},
    ("sessions", 2): {"start": ("2026-02-30", "wrong"), "end": ("3/4/2026", "wrong")},
    ("service_answers", 2): {"period": ("2026-13", "wrong"), "time": (5, "wrong")},
    ("benefits", 2): {"attributed": (1.5, "wrong"), "low_idr": (-1, "wrong")},
}


@pytest.mark.slow
@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
def test_in_libreoffice_colours_show_faults_and_drop_downs_stay(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    for file in (good, bad):
        book = make(file, "all")
        write_examples(book, "all")
        for (table, row), cells in FAULTS.items() if file == bad else ():
            put(book, table, row, **{column: value for column, (value, _) in cells.items()})
        write_formulas(book)
        book.save(file)
    clean, mended = (
        openpyxl.load_workbook(office(f, tmp_path), data_only=True) for f in (good, bad)
    )
    assert {place: fault for place, fault in read_faults(clean).items() if fault} == {}
    wanted = {
        (t, r, c): fault for (t, r), cells in FAULTS.items() for c, (_, fault) in cells.items()
    }
    assert {place: read_faults(mended)[place] for place in wanted} == wanted
    made = openpyxl.load_workbook(good)
    for table in contracts():
        checks = [b[table].data_validations.dataValidation for b in (clean, made)]
        kept, given = ({str(c.sqref).partition(":")[0] for c in side} for side in checks)
        assert kept == given


def write_formulas(book: Workbook) -> None:
    """Beside each table, in the order of its columns, the first fault of each cell in words."""
    for table, contract in contracts().items():
        sheet = book[table]
        letters = {cell.value: cell.column_letter for cell in sheet[1]}
        for column, letter in letters.items():
            words = '""'
            for fault, formula in reversed(
                find_faults(contract, contract.columns[column], letters).items()
            ):
                words = f'IF({formula},"{fault}",{words})'
            for row in range(2, 5):
                place = f"{get_column_letter(column_index_from_string(letter) + BESIDE)}{row}"
                sheet[place] = Translator(f"={words}", f"{letter}2").translate_formula(
                    f"{letter}{row}"
                )


def read_faults(book: Workbook) -> dict[tuple[str, int, str], str]:
    return {
        (table, row, column): book[table].cell(row, place + BESIDE).value or ""
        for table, contract in contracts().items()
        for place, column in enumerate(contract.columns, start=1)
        for row in range(2, 5)
    }


def test_a_needs_workbook_without_a_questionnaire_has_no_answers(folder: Path) -> None:
    data = load(folder)  # neither questions nor scales: nobody was asked what they wish
    tables = (data[name] for name in ("answers", "questions", "scales", "staff", "units"))
    assert score_answers(*tables, block="barrier").empty
