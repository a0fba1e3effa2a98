"""The command line: plain lines, never a traceback, and counts that are counts of rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.cli import main
from cakra_analysis.console.evidence import keep_rows
from cakra_analysis.contracts import contracts
from cakra_analysis.errors import AnalysisError, DataError, refuse_unknown
from tests.conftest import edit, many_ratings
from tests.test_report_plan import ENTRY, plan


def test_markup_in_a_cell_is_text(folder: Path, capsys) -> None:
    for row, value in ((2, "[/b]"), (3, "[red]3")):
        edit(folder, "ratings", row, "level", value)
    assert main(["check", str(folder)]) == 1
    printed = capsys.readouterr().out
    assert "[/b]" in printed and "[red]3" in printed


def test_a_row_with_two_faults_is_one_row(folder: Path, capsys) -> None:
    edit(folder, "ratings", 2, "level", "9")
    edit(folder, "ratings", 2, "source", "boss")
    assert main(["check", str(folder)]) == 1
    assert "2 problems; 1 row set aside." in capsys.readouterr().out


def test_staff_without_a_post_are_seen_and_kept(folder: Path, capsys) -> None:
    edit(folder, "staff", 3, "position_id", "")
    assert main(["check", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "holds no post" in printed and "1 problem; 0 rows set aside." in printed


def test_a_rare_cycle_is_passed_over_and_said(folder: Path, tmp_path_factory, capsys) -> None:
    many_ratings(folder)
    edit(folder, "ratings", 3, "cycle", "2062")
    main(["check", str(folder)])
    said = "Cycle 2062 has 1 of 150 ratings; is it mistyped? The latest cycle is taken to be 2026."
    assert said in capsys.readouterr().out.replace("\n", " ")
    main(["check", str(folder), "--lang", "id"])
    assert "Siklus terbaru dianggap 2026." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "call",
    [
        ["report", "--workers", "-1"],
        ["report", "--workers", "two"],
        ["synthetic", "--to", "x", "--seed", "-1"],
        ["synthetic", "--to", "x", "--staff", "-5"],
    ],
)
def test_numbers_below_nothing_are_refused(call: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as left:
        main(call)
    assert left.value.code == 2
    assert "is not a whole number of 0 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    "call",
    [
        ["cycle", "URL"],
        ["import", "URL", "--suggest"],
        ["audit", "URL"],
        ["status", "URL"],
        ["report", "URL"],
        ["check", "x", "--marked", "URL"],
        ["check", "URL"],
        ["db", "publish", "duckdb:///x", "--reports", "URL"],
    ],
)
def test_a_password_in_a_url_is_never_printed(call: list[str], monkeypatch, capsys) -> None:
    monkeypatch.setenv("CAKRA_DATABASE", "")
    url = "postgresql://ana:rahasia@127.0.0.1:1/asn"
    assert main([url if part == "URL" else part for part in call]) == 2
    said = capsys.readouterr()
    assert "ana@127.0.0.1" in said.err and "rahasia" not in said.out + said.err


@pytest.mark.slow
def test_paths_that_cannot_be_used_are_said(folder: Path, tmp_path_factory, capsys) -> None:
    where = tmp_path_factory.mktemp("plan")
    file = plan(where, ENTRY, data=folder)
    for to in (file, file / "below"):
        assert main(["report", str(file), "--to", str(to)]) == 2
        assert "reports cannot be written here: " in capsys.readouterr().err
    assert main(["report", str(where)]) == 2
    assert "this plan cannot be read: Is a directory." in capsys.readouterr().err
    assert main(["check", str(folder), "--to", str(where / "no" / "x.csv")]) == 2
    assert "cannot be written: No such file" in capsys.readouterr().err
    assert main(["synthetic", "--to", str(file), "--staff", "120"]) == 2
    assert f"{file}" in capsys.readouterr().err


def test_unknown_codes_are_told_what_is_known() -> None:
    refuse_unknown("cycle", "2026", ["2025", "2026"])
    with pytest.raises(AnalysisError) as few:
        refuse_unknown("cycle", "1999", ["2025", "2026"])
    assert few.value.allowed == "Known are: 2025, 2026."
    with pytest.raises(AnalysisError) as many:
        refuse_unknown("unit", "U-5O", [f"U-{n}" for n in range(60)])
    assert many.value.allowed.startswith("Among others: U-0") and "U-12" not in many.value.allowed
    assert "Did you mean" in many.value.do


def test_evidence_kept_nowhere_says_what_to_do(tmp_path: Path) -> None:
    rows = pd.DataFrame(columns=list(contracts()["evaluations"].columns))
    with pytest.raises(DataError, match=r"cannot be written: No such file") as caught:
        keep_rows(rows, tmp_path / "none" / "e.csv")
    assert "a folder that is there" in caught.value.do


def test_no_value_in_the_list_of_problems_is_a_formula(folder: Path, tmp_path_factory) -> None:
    file = tmp_path_factory.mktemp("list") / "problems.csv"
    edit(folder, "ratings", 2, "level", '=HYPERLINK("http://x")')
    assert main(["check", str(folder), "--to", str(file)]) == 1
    problems = pd.read_csv(file)
    assert problems["value"].tolist()[0].startswith("'=")
    assert not problems.astype("str").map(lambda text: text[0] in "=+-@").any(axis=None)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["e.csv"], "There is no mapping."),
        (["e.csv", "m.toml", "--to", "x"], "The mapping comes first"),
        (["m.toml", "e.csv"], "There is no folder to write."),
        (["m.toml", "e.csv", "--suggest"], "the export alone is given"),
        (["m.toml", "e.csv", "--to", "x", "--form", "f.xlsx"], "--form goes with --suggest"),
    ],
)
def test_an_import_in_another_order_is_told_the_right_one(given, told, capsys) -> None:
    assert main(["import", *given]) == 2
    said = capsys.readouterr().err
    assert told in said and "cakra import MAPPING.toml EXPORT --to FOLDER" in said
