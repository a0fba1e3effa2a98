"""One broken file per rule: bad rows are set aside and named, broken structure is one error."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cakra_analysis.contracts import STANDARD, contracts, facts
from cakra_analysis.dictionary import write_dictionary
from cakra_analysis.errors import DataError
from cakra_analysis.load import load
from cakra_analysis.needs import person_gaps
from tests.conftest import ROOT, edit, write_rows


def test_a_clean_folder_has_no_problems(folder: Path) -> None:
    data = load(folder)
    assert data.problems.empty
    assert data["ratings"]["rater"].tolist() == ["1", "1", "1"]
    assert data["staff"]["staff_id"].tolist() == ["P-AAAAAAAAAAA2", "P-BBBBBBBBBBB3"]
    assert data.cycles == ["2026"]
    assert data.root == "R"
    assert data["stakeholders"].empty and "group" in data["stakeholders"]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "rule"),
    [
        ("ratings", 2, "level", "7", "too_high"),
        ("ratings", 3, "level", "-1", "too_low"),
        ("ratings", 3, "level", "2,5", "not_whole"),
        ("ratings", 2, "level", "dua", "not_a_number"),
        ("ratings", 4, "source", "boss", "not_allowed"),
        ("ratings", 2, "cycle", "", "blank"),
        ("ratings", 2, "cycle", "2026-01-01 00:00:00", "not_a_cycle"),
        ("ratings", 2, "cycle", "20226", "not_a_cycle"),
        ("staff", 3, "first_cycle", "Q1", "not_a_cycle"),
        ("ratings", 3, "level", "2.000", "not_a_number"),
        ("ratings", 3, "level", "=VLOOKUP(A1,B:C,2)", "formula"),
        ("ratings", 3, "level", "#N/A", "error_value"),
        ("units", 3, "name", "#REF!", "error_value"),
        ("ratings", 3, "staff_id", "P-CCCCCCCCCCC4", "unknown"),
        ("ratings", 2, "competency_id", "M.9", "unknown"),
        ("standards", 2, "required_level", "6", "too_high"),
        ("standards", 2, "required_level", "", "blank"),
        ("staff", 3, "sex", "x", "not_allowed"),
        ("staff", 3, "unit_id", "Z", "unknown"),
        ("staff", 3, "staff_id", "198609262015051000", "rounded_nip"),
        ("staff", 3, "staff_id", "1.98609E+17", "rounded_nip"),
        ("staff", 3, "staff_id", "P-AAAAAAAAAAA2", "duplicate"),
        ("units", 3, "name", "", "blank"),
        ("competencies", 2, "group", "lunak", "not_allowed"),
    ],
)
def test_a_bad_cell_is_reported_by_table_row_column_and_rule(
    folder: Path, table: str, row: int, column: str, value: str, rule: str
) -> None:
    if column == "first_cycle":
        staff = pd.read_csv(folder / "staff.csv", dtype=str).assign(first_cycle="")
        staff.to_csv(folder / "staff.csv", index=False)
    if table in ("standards", "competencies", "units"):  # so that a good row is left
        frame = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        extra = frame.iloc[[-1]].copy()
        extra.iloc[0, 0] = {"standards": "P", "competencies": "M.2", "units": "B"}[table]
        if table == "standards":
            write_rows(
                folder / "competencies.csv",
                [["competency_id", "name_id", "name_en", "group"]]
                + [[c, c, c, "teknis"] for c in ("M.1", "M.2")],
            )
            extra["competency_id"] = "M.2"
        pd.concat([frame, extra]).to_csv(folder / f"{table}.csv", index=False)
    if table == "units":
        edit(folder, "units", 3, "unit_id", "C")
        row = 3
        edit(folder, "staff", 2, "unit_id", "B")
        edit(folder, "staff", 3, "unit_id", "B")
    if table == "competencies":
        edit(folder, "ratings", 2, "competency_id", "M.2")
        edit(folder, "standards", 2, "competency_id", "M.2")
    edit(folder, table, row, column, value)
    problems = load(folder).problems
    mine = problems[(problems["table"] == table) & (problems["row"] == row)]
    assert rule in mine["rule"].tolist()
    found = mine[mine["rule"] == rule].iloc[0]
    assert found["message_id"] and found["message_en"] and "{" not in found["message_en"]


def test_bad_rows_are_set_aside_and_good_rows_kept(folder: Path) -> None:
    edit(folder, "ratings", 2, "level", "9")
    data = load(folder)
    assert len(data["ratings"]) == 2
    assert data.rows == sum(len(t) for t in data.tables.values()) + 1


def test_one_cell_is_reported_once_for_its_first_reason(folder: Path) -> None:
    edit(folder, "standards", 2, "required_level", "two")
    write_rows(
        folder / "standards.csv",
        [
            ["position_id", "competency_id", "required_level"],
            ["P", "M.1", "two"],
        ],
    )
    assert load(folder).problems["rule"].tolist() == ["not_a_number"]


def test_row_numbers_are_the_spreadsheets_even_after_blank_lines(folder: Path) -> None:
    lines = (folder / "ratings.csv").read_text().splitlines()
    lines[2] = lines[2][:-1] + "8"
    (folder / "ratings.csv").write_text("\n".join([*lines[:2], "", *lines[2:]]))
    problems = load(folder).problems
    assert problems[["row", "value"]].values.tolist() == [[4, "8"]]


def test_identifiers_of_persons_are_masked_in_problems(folder: Path) -> None:
    edit(folder, "staff", 3, "staff_id", "198609262015051000")
    problems = load(folder).problems
    assert "198609262015051000" not in problems.to_csv()
    assert problems.loc[problems["rule"] == "rounded_nip", "value"].item() == "19…000"


def test_unknown_units_take_their_children_with_them(folder: Path) -> None:
    write_rows(
        folder / "units.csv",
        [
            ["unit_id", "parent_id", "name"],
            ["R", "", "Region"],
            ["A", "R", "A"],
            ["X", "nowhere", "X"],
            ["Y", "X", "Y"],
        ],
    )
    data = load(folder)
    assert data["units"]["unit_id"].tolist() == ["R", "A"]
    assert data.problems["row"].tolist() == [4, 5]


def test_numbers_with_a_decimal_comma_are_read(folder: Path) -> None:
    write_rows(
        folder / "regional_indicators.csv",
        [
            ["indicator_id", "year", "name_id", "name_en", "value", "unit", "source"],
            ["I", "2026", "x", "x", "84,25", "%", "x"],
        ],
    )
    assert load(folder)["regional_indicators"]["value"].tolist() == [84.25]


def test_semicolons_bom_apostrophes_and_blanks_are_read(folder: Path) -> None:
    text = "staff_id;unit_id;position_id;sex\n"
    text += "'P-AAAAAAAAAAA2; A ;P;male\n`P-BBBBBBBBBBB3;A;P;\n"
    (folder / "staff.csv").write_text("\ufeff" + text, encoding="utf-8")
    data = load(folder)
    assert data.problems.empty
    assert data["staff"]["staff_id"].tolist() == ["P-AAAAAAAAAAA2", "P-BBBBBBBBBBB3"]


def break_file(folder: Path, name: str) -> None:
    files = {
        "missing column": lambda: write_rows(folder / "standards.csv", [["position_id"], ["P"]]),
        "unknown column": lambda: write_rows(
            folder / "positions.csv",
            [["position_id", "name", "job_class", "jenis"], ["P", "L", "Pengawas", "x"]],
        ),
        "unknown table": lambda: write_rows(folder / "rating.csv", [["a"], ["b"]]),
        "missing table": lambda: (folder / "units.csv").unlink(),
        "no header": lambda: (folder / "units.csv").write_text("\n\n"),
        "empty file": lambda: (folder / "units.csv").write_text(""),
        "header twice": lambda: (folder / "units.csv").write_text("unit_id,unit_id,name\nR,,x\n"),
        "wide row": lambda: (folder / "units.csv").write_text(
            "unit_id,parent_id,name\nR,,Region\nA,R,A,extra\n"
        ),
        "wide first row": lambda: (folder / "units.csv").write_text(
            "unit_id,parent_id,name\nR,,Region,extra\nA,R,A\n"
        ),
        "latin-1": lambda: (folder / "units.csv").write_bytes(
            "unit_id,parent_id,name\nR,,Pé\n".encode("latin-1")
        ),
        "workbook inside": lambda: openpyxl.Workbook().save(folder / "data.xlsx"),
        "not parquet": lambda: (
            (folder / "units.csv").unlink(),
            (folder / "units.parquet").write_text("no"),
        ),
        "twice": lambda: pd.DataFrame({"unit_id": ["R"]}).to_parquet(folder / "units.parquet"),
        "two roots": lambda: edit(folder, "units", 3, "parent_id", ""),
        "no root": lambda: edit(folder, "units", 2, "parent_id", "A"),
        "wrong region": lambda: [edit(folder, "staff", r, "unit_id", "ZZ") for r in (2, 3)],
        "missing reference": lambda: (folder / "positions.csv").unlink(),
    }  # fmt: skip
    files[name]()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing column", ['standards.csv: the column "competency_id" is missing', "Columns of"]),
        ("unknown column", ['positions.csv: the column "jenis" is not known']),
        ("unknown table", ['rating.csv: "rating" is not a table', 'Did you mean "ratings"?']),
        ("missing table", ["the table units is missing"]),
        ("no header", ["units.csv: the first row is empty"]),
        ("empty file", ["units.csv: the first row is empty"]),
        ("header twice", ['units.csv: the column "unit_id" is there twice']),
        ("wide row", ["units.csv: a row has more cells than the header", "line 3"]),
        ("wide first row", ["units.csv: a row has more cells than the header"]),
        ("latin-1", ["units.csv: this is not text in UTF-8", "Save it again as CSV UTF-8"]),
        ("workbook inside", ["holds the workbook data.xlsx"]),
        ("not parquet", ["units.parquet: this is not a Parquet file"]),
        ("twice", ["table units is there twice"]),
        ("two roots", ["2 units have no parent", "Exactly one unit"]),
        ("no root", ["0 units have no parent"]),
        ("wrong region", ["staff.csv: no unit_id of the 2 rows stands in table units"]),
        ("missing reference", ["refers to the table positions, which is missing"]),
    ],
)
def test_broken_structure_is_one_clear_error_that_names_the_file(
    folder: Path, name: str, said: list[str]
) -> None:
    break_file(folder, name)
    with pytest.raises(DataError) as caught:
        load(folder)
    for words in said:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: p / "nowhere", "no such file or folder"),
        (lambda p: p, "holds no .csv or .parquet file"),
        (lambda p: (p / "a.txt").write_text("x") and p / "a.txt", 'from a ".txt" file'),
        (lambda p: (p / "a.xlsx").write_text("x") and p / "a.xlsx", "not an Excel workbook"),
    ],
)
def test_a_wrong_path_says_what_is_wanted(tmp_path: Path, make, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(make(tmp_path))


def test_a_tree_that_bites_its_tail_is_refused(folder: Path) -> None:
    write_rows(
        folder / "units.csv",
        [["unit_id", "parent_id", "name"], ["R", "", "R"], ["A", "B", "A"], ["B", "A", "B"]],
    )
    with pytest.raises(DataError, match="its own ancestor"):
        load(folder)


def to_workbook(folder: Path, file: Path) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for csv in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(csv.stem)
        frame = pd.read_csv(csv, dtype=str, keep_default_na=False)
        sheet.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            sheet.append([cell or None for cell in row])
    book.create_sheet("_notes").append(["left out"])
    book.save(file)
    return book


@pytest.mark.slow
def test_a_workbook_and_parquet_give_what_the_folder_gives(folder: Path, tmp_path: Path) -> None:
    whole = load(folder)
    file = tmp_path / "out" / "data.xlsx"
    file.parent.mkdir()
    to_workbook(folder, file)
    other = load(file)
    assert other.problems.empty
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(other[name], table)
    parquet = tmp_path / "parquet"
    parquet.mkdir()
    for name, table in whole.tables.items():
        table.to_parquet(parquet / f"{name}.parquet")
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(load(parquet)[name], table)


def test_an_nip_that_a_workbook_turned_into_a_number_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.xlsx"
    book = to_workbook(folder, file)
    book["staff"]["A3"] = 199001012020122002
    book.save(file)
    problems = load(file).problems
    refused = problems[problems["rule"] == "number_cell"]
    assert refused[["table", "row"]].values.tolist() == [["staff", 3]]
    assert "stored as a number" in refused["message_en"].item()
    # Its ratings refer to a person who was set aside, so they are set aside too, and said.
    assert set(problems.loc[problems["table"] == "ratings", "rule"]) == {"unknown"}


def test_a_number_too_long_for_a_workbook_is_no_name(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    book = to_workbook(folder, file)
    book["positions"].append(["Q", 199001012020122002, "Pengawas"])
    book["units"]["C3"] = 2026
    book.save(file)
    data = load(file)
    told = data.problems[["table", "row", "column", "rule", "value"]].values.tolist()
    assert ["positions", 3, "name", "cut_number", "1.…"] in told
    assert data["units"]["name"].tolist()[1] == "2026"


def test_a_numeric_identifier_column_in_parquet_is_refused(folder: Path) -> None:
    staff = pd.read_csv(folder / "staff.csv", dtype=str)
    (folder / "staff.csv").unlink()
    staff["staff_id"] = [1.0, 2.0]
    staff.to_parquet(folder / "staff.parquet")
    with pytest.raises(
        DataError, match="no staff_id of the 3 rows stands in table staff"
    ) as caught:
        load(folder)
    assert "column staff_id: the identifier was stored as a number" in str(caught.value)


def test_the_data_dictionary_is_made_from_the_contracts() -> None:
    assert (ROOT / "data" / "README.md").read_text(encoding="utf-8") == write_dictionary()


def test_every_contract_says_what_its_columns_mean_in_both_languages() -> None:
    for table in contracts().values():
        assert table.row["id"] and table.row["en"] and table.key
        for column in table.columns.values():
            assert column.id and column.en
            if column.refers:
                other, key = column.refers.split(".")
                assert key in contracts()[other].columns


def test_cycles_of_every_form_are_read(folder: Path) -> None:
    for row, cycle in ((2, "2026"), (3, "2026-S1"), (4, "2025-12")):
        edit(folder, "ratings", row, "cycle", cycle)
    data = load(folder)
    assert data.problems.empty and data.cycles == ["2025-12", "2026", "2026-S1"]
    assert data.latest == "2026-S1" and data.rare_cycles == {}


def test_whole_numbers_may_end_in_nought(folder: Path) -> None:
    for row, level in ((2, "2,0"), (3, "1.0")):
        edit(folder, "ratings", row, "level", level)
    assert load(folder)["ratings"]["level"].tolist()[:2] == [2.0, 1.0]


def test_a_thousands_dot_is_not_guessed(folder: Path) -> None:
    rows = [["sex", "female", "12.000"], ["sex", "male", "11500"]]
    columns = ["variable", "category", "population"]
    write_rows(folder / "population_margins.csv", [columns, *rows])
    data = load(folder)
    assert data["population_margins"]["population"].tolist() == [11500]
    assert "without a thousands separator" in data.problems["message_en"].item()


def test_a_row_that_ends_early_is_set_aside(folder: Path) -> None:
    file = folder / "ratings.csv"
    lines = file.read_text().splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0]
    file.write_text("\n".join([*lines, ""]))
    data = load(folder)
    assert data.problems[["row", "column", "rule"]].values.tolist() == [[2, "level", "short_row"]]
    assert len(data["ratings"]) == 2  # the blank level that has its comma stays unanswered


def test_values_that_may_tell_who_somebody_is_are_masked(folder: Path) -> None:
    add = [["P-DDDDDDDDDDD5", "A", "P", "male"], ["3", "A", "P", "male"]]
    staff = pd.read_csv(folder / "staff.csv", dtype=str)
    pd.concat([staff, pd.DataFrame(add, columns=staff.columns)]).to_csv(
        folder / "staff.csv", index=False
    )
    cells = {
        ("staff", 4, "unit_id"): "198609262015051001",
        ("staff", 5, "sex"): "I Made Budi Santoso",
        ("ratings", 3, "competency_id"): "0812-3456-7890",
        ("ratings", 4, "level"): "Ni Luh",
    }
    for (table, row, column), value in cells.items():
        edit(folder, table, row, column, value)
    problems = load(folder).problems
    assert {"19…", "I …", "08…", "Ni…"} <= set(problems["value"])
    for value in cells.values():
        assert value not in problems.to_csv()


def test_a_raters_number_is_masked(folder: Path) -> None:
    rater = "P-EEEEEEEEEEE6"
    columns = ["staff_id", "competency_id", "cycle", "source", "rater", "level"]
    rows = [["P-AAAAAAAAAAA2", "M.1", "2026", "supervisor", rater, level] for level in "23"]
    write_rows(folder / "ratings.csv", [columns, *rows])
    problems = load(folder).problems
    assert problems["rule"].tolist() == ["duplicate"] and problems["value"].tolist() == ["P-…EE6"]


def test_problems_stand_in_the_order_of_cause(folder: Path) -> None:
    edit(folder, "staff", 3, "unit_id", "Z")
    problems = load(folder).problems
    assert problems["table"].tolist() == ["staff", "ratings", "ratings"]
    assert problems["row"].tolist() == [3, 3, 4]


def test_rows_set_aside_are_counted_once(folder: Path) -> None:
    edit(folder, "ratings", 2, "level", "9")
    edit(folder, "ratings", 2, "source", "boss")
    edit(folder, "staff", 3, "position_id", "")
    data = load(folder)
    assert data.problems["rule"].tolist() == ["no_post", "too_high", "not_allowed"]
    assert data.set_aside == 1 and len(data["staff"]) == 2
    assert data.rows == sum(len(t) for t in data.tables.values()) + 1


def test_the_cause_of_lost_references_is_said(folder: Path) -> None:
    for row in (2, 3):
        edit(folder, "staff", row, "staff_id", f"1.9860926201505{row}E+17")
    with pytest.raises(DataError) as caught:
        load(folder)
    said = str(caught.value)
    assert "no staff_id of the 3 rows stands in table staff" in said
    assert "Set aside in table staff: 2 rows, the first is row 2; column staff_id: a " in said


def test_a_top_unit_that_was_set_aside_is_named_as_the_cause(folder: Path) -> None:
    edit(folder, "units", 2, "name", "")
    with pytest.raises(DataError, match="units: 1 rows, the first is row 2; column name: this"):
        load(folder)


def test_a_quote_that_swallows_rows_shows_none_of_them(folder: Path) -> None:
    edit(folder, "ratings", 2, "level", "2\nN1,M.1")
    assert load(folder).problems["value"].tolist() == ["2 …"]


def about(folder: Path, **facts: str) -> None:
    write_rows(folder / "about.csv", [["key", "value"], *[[k, v] for k, v in facts.items()]])


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("population", "Listed", 'Did you mean "listed"?'),
        ("gap_definition", "Stated needs", 'Did you mean "stated need"?'),
        ("synthetic", "true", "It must be one of: no; yes."),
    ],
)
def test_a_fact_has_one_of_its_values(folder: Path, fact: str, value: str, said: str) -> None:
    about(folder, **{fact: value})
    with pytest.raises(DataError) as caught:
        load(folder)
    assert f'about.csv: {fact} is "{value}".' in str(caught.value) and said in str(caught.value)


def test_facts_are_read(folder: Path) -> None:
    data = load(folder)
    assert (data.listed, data.synthetic, data.name) == (True, False, "Region")
    about(folder, population="unknown", synthetic="yes", name_en="Here")
    data = load(folder)
    assert (data.listed, data.synthetic, data.name) == (False, True, "Here")


def test_definitions_are_those_that_gaps_are_scored_by() -> None:
    assert facts()["gap_definition"] == person_gaps.DEFINITIONS
    assert STANDARD == person_gaps.STANDARD


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (
            "standard minus observed",
            "the table positions and the table standards and the column position_id of the table "
            "staff are missing",
        ),
        ("need minus mastery", "the column need of the table ratings is missing"),
        ("stated need", "the column need of the table ratings is missing"),
    ],
)
def test_what_the_definition_of_a_gap_needs_is_asked_for(folder, definition, said) -> None:
    for name in ("positions", "standards"):
        (folder / f"{name}.csv").unlink()
    staff = pd.read_csv(folder / "staff.csv", dtype=str).drop(columns="position_id")
    staff.to_csv(folder / "staff.csv", index=False)
    about(folder, gap_definition=definition)
    with pytest.raises(DataError) as caught:
        load(folder)
    assert said in str(caught.value) and "gap_definition" in str(caught.value)


def test_formulas_of_a_workbook_count_by_their_results(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    book = to_workbook(folder, file)
    book["ratings"]["E2"] = "=1+1"  # openpyxl saves a formula without its result
    book.save(file)
    problems = load(file).problems
    assert problems[["table", "row", "value", "rule"]].values.tolist() == [
        ["ratings", 2, "=1+1", "formula"]
    ]
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "saved.xlsx", "w") as new:
        for name in old.namelist():  # what Excel saves for =IF(A1="","",...): an empty text
            sheet = old.read(name).replace(b'<c r="E2"><f>', b'<c r="E2" t="str"><f>')
            new.writestr(name, sheet)
    data = load(tmp_path / "saved.xlsx")
    assert data.problems.empty and data["ratings"]["level"].isna().sum() == 2


def test_a_cycle_that_excel_turned_into_a_date_is_set_aside(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    book = to_workbook(folder, file)
    book["ratings"]["C2"] = datetime(2026, 1, 1)
    book.save(file)
    problems = load(file).problems
    assert problems[["row", "value", "rule"]].values.tolist() == [[2, "2026-01-01", "not_a_cycle"]]
