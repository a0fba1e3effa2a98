"""What is built again and why: keys, ledger, cadence, what is remembered of a plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError
from cakra_analysis.load import hold, load
from cakra_analysis.report.due import is_due
from cakra_analysis.report.keys import digest, find_differences, find_parts
from cakra_analysis.report.ledger import Ledger, keep_current, read_current
from cakra_analysis.report.log import read_last, write_line
from cakra_analysis.report.prepare import prepare
from cakra_analysis.report.publish import page_path, write_whole
from cakra_analysis.report.reads import Digests, read_declaration
from cakra_analysis.report.reasons import describe_reasons
from cakra_analysis.report.records import keep_failure, keep_success
from cakra_analysis.report.run import Run
from cakra_analysis.report.work import Choice, choose_work, digest_reads
from tests.conftest import edit
from tests.test_report_plan import ENTRY, notebook, plan

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PARTS = {"notebook": "n", "table:ratings": "r"}


def run(unit: str = "A", **fields: object) -> Run:
    given = {"data": "", "cycle": "2026", "unit": unit, "lang": "id", "audience": "leadership"}
    given |= {"settings": ""} | fields.pop("parameters", {})
    return Run(Path("nb/01_x.ipynb"), given, f"Unit {unit}", **{"formats": ()} | fields)


def stand(to: Path, one: Run, data: dict[str, str], *, when: datetime = NOW) -> None:
    """Put a report there as a build would, made from what it reads."""
    parts = find_parts(one, data, other={})
    kept = {"title": "T", "parts": parts, "content": f"said of {one.name}"}
    keep_success(to, one, {"html": "page"}, kept, when.isoformat())


def choose(to: Path, runs: list[Run], data: dict[str, str], *, now: datetime = NOW) -> Choice:
    digests = {one.name: data for one in runs}
    names = {one.name for one in runs}
    return choose_work(runs, digests, Ledger(to), to, names=names, now=now, can_print=lambda: False)


def reasons(choice: Choice) -> list[tuple[str, ...]]:
    return [work.reasons for work in choice.works]


def test_what_stands_is_not_made_again(tmp_path: Path) -> None:
    assert reasons(choose(tmp_path, [run()], {"table:ratings": "r"})) == [("new",)]
    stand(tmp_path, run(), {"table:ratings": "r"})
    again = choose(tmp_path, [run()], {"table:ratings": "r"})
    assert not again.works and again.fresh == [run()]


def test_each_part_is_told_as_the_reason(tmp_path: Path) -> None:
    data = {"table:ratings": "r", "table:units": "u"}
    stand(tmp_path, run(), data)
    changed = choose(tmp_path, [run()], {**data, "table:units": "v"}).works[0]
    assert changed.reasons == ("table:units",) and changed.standing == "said of 2026/01-x/A.id"
    named = replace(run(), unit_name="Another name")
    (work,) = choose(tmp_path, [named], data).works
    assert work.reasons == ("parameters",) and not work.standing  # made anew, whatever it says
    paths = run(parameters={"data": "/elsewhere", "withheld": "x"})
    assert not choose(tmp_path, [paths], data).works  # where data lie is not what they say


def test_a_notebook_or_settings_file_that_changed_is_a_reason(tmp_path: Path) -> None:
    for part in ("notebook", "settings"):
        file = tmp_path / f"{part}.x"
        file.write_text("one")
        parameters = {"settings": str(file)} if part == "settings" else {}
        one = replace(run(parameters=parameters), notebook=file if part == "notebook" else Path())
        before = find_parts(one, {}, other={})
        other = tmp_path / "b" / f"{part}.x"
        other.parent.mkdir(exist_ok=True)
        other.write_text("two")
        parameters = {"settings": str(other)} if part == "settings" else {}
        two = replace(run(parameters=parameters), notebook=other if part == "notebook" else Path())
        assert find_differences(before, find_parts(two, {}, other={})) == [part]


@pytest.mark.parametrize("harm", ["gone", "shorter", "no page", "no record", "bad record"])
def test_a_report_that_is_not_whole_is_made_again(tmp_path: Path, harm: str) -> None:
    one = run(formats=("xlsx",))
    parts = find_parts(one, {}, other={})
    kept = {"parts": parts, "content": "c"}
    keep_success(tmp_path, one, {"html": "page", "xlsx": b"book"}, kept, NOW.isoformat())
    page = page_path(tmp_path, one)
    assert not choose(tmp_path, [one], {}).works
    ledger = Ledger(tmp_path)
    ledger.find(one)
    ledger.save()
    match harm:
        case "gone":
            page.with_suffix(".xlsx").unlink()
        case "shorter":
            page.with_suffix(".xlsx").write_bytes(b"bo")
        case "no page":
            page.unlink()
        case "no record":
            page.with_suffix(".json").unlink()
        case "bad record":
            page.with_suffix(".json").write_text('{"files": 3')
    (work,) = choose(tmp_path, [one], {}).works
    assert work.reasons == (("new" if harm == "no page" else "torn"),) and not work.standing


@pytest.mark.parametrize("text", ["", "{", "[]", '{"2026/01-x/A.id": 3}', "\x00\xff"])
def test_a_damaged_ledger_is_made_again_from_the_reports(tmp_path: Path, text: str) -> None:
    stand(tmp_path, run(), {"data": "d"})
    ledger = Ledger(tmp_path)
    assert ledger.find(run())
    ledger.save()
    path = tmp_path / ".cakra/ledger.json"
    assert "2026/01-x/A.id" in path.read_text()
    path.write_text(text, encoding="latin-1")
    assert not choose(tmp_path, [run()], {"data": "d"}).works


def test_a_missing_format_is_made_once_the_machine_can(tmp_path: Path) -> None:
    one = run(formats=("pdf", "docx"))  # docx is for the official outline only
    stand(tmp_path, one, {})
    assert not choose(tmp_path, [one], {}).works
    names = {one.name}
    can = choose_work(
        [one], {one.name: {}}, Ledger(tmp_path), tmp_path,
        names=names, now=NOW, can_print=lambda: True,
    )  # fmt: skip
    assert reasons(can) == [("format",)]


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    stand(tmp_path, run(), {"data": "d"})
    keep_failure(tmp_path, run(), "why", "", NOW.isoformat())
    (work,) = choose(tmp_path, [run()], {"data": "d"}).works
    assert work.reasons == ("failed",) and work.standing


def test_cadence_waits_for_data_but_not_for_code(tmp_path: Path) -> None:
    one = run(cadence="monthly")
    stand(tmp_path, one, {"data": "d"}, when=NOW)
    later, next_month = NOW + timedelta(days=3), NOW + timedelta(days=10)
    assert choose(tmp_path, [one], {"data": "e"}, now=later).waiting == [one]
    assert choose(tmp_path, [one], {"data": "d"}, now=later).fresh == [one]
    assert reasons(choose(tmp_path, [one], {"data": "e"}, now=next_month)) == [("data", "due")]
    (due,) = choose(tmp_path, [one], {"data": "d"}, now=next_month).works
    assert due.reasons == ("due",) and not due.standing  # a new month's report bears its date
    renamed = replace(one, unit_name="New")
    assert reasons(choose(tmp_path, [renamed], {"data": "e"}, now=later)) == [
        ("parameters", "data")
    ]


def test_a_clock_that_jumped_does_not_stop_a_cadence(tmp_path: Path) -> None:
    one = run(cadence="quarterly")
    stand(tmp_path, one, {}, when=NOW + timedelta(days=400))
    assert reasons(choose(tmp_path, [one], {})) == [("clock",)]


@pytest.mark.parametrize(
    ("cadence", "last", "now", "due"),
    [
        ("monthly", "2026-01-31T23:00+08:00", "2026-02-01T01:00+08:00", True),
        ("monthly", "2026-01-01T23:00+08:00", "2026-01-31T01:00+08:00", False),
        ("monthly", "2025-12-31T23:00+00:00", "2026-01-01T07:30+08:00", False),  # the same hour
        ("quarterly", "2026-01-01T00:00+08:00", "2026-03-31T00:00+08:00", False),
        ("quarterly", "2026-03-31T00:00+08:00", "2026-04-01T00:00+08:00", True),
        ("quarterly", "2024-12-31T00:00+08:00", "2026-10-01T00:00+08:00", True),
        ("on data", "2020-01-01T00:00+08:00", "2026-04-01T00:00+08:00", False),
    ],
)
def test_when_a_report_is_due(cadence: str, last: str, now: str, due: bool) -> None:
    assert is_due(cadence, datetime.fromisoformat(last), datetime.fromisoformat(now)) is due


def test_what_reads_reports_follows_what_they_say(tmp_path: Path) -> None:
    first = [run("A"), run("B"), run("A", parameters={"audience": "public"})]
    reader = replace(run("A"), notebook=Path("nb/06_x.ipynb"))
    for one in first:
        stand(tmp_path, one, {})
    whole = {one.name for one in first}

    def told(current: set[str] = whole) -> str:
        found = digest_reads([reader], first, Ledger(tmp_path), tmp_path, current)
        return found[reader.name]["reports"]

    before = told()
    assert told() == before and told(whole - {first[1].name}) != before
    keep_failure(tmp_path, first[2], "why", "", NOW.isoformat())
    assert told() == before  # for another audience
    keep_failure(tmp_path, first[1], "why", "", NOW.isoformat())
    assert told() != before


@pytest.fixture
def made(small) -> Dataset:
    return Dataset(small.tables, pd.DataFrame(), Path(), "fingerprint")


def change(data: Dataset, table: str, row: int, column: str, value: object) -> Dataset:
    tables = {name: frame.copy() for name, frame in data.tables.items()}
    tables[table].loc[row, column] = value
    return replace(data, tables=tables)


@pytest.mark.slow
def test_only_the_rows_a_unit_needs_count(made: Dataset) -> None:
    reads = {"units": "all", "ratings": "unit", "courses": "all"}
    whole = {"units": "all", "ratings": "cycle"}
    staff = made["staff"].set_index("staff_id")["unit_id"]
    parents = made["units"].set_index("unit_id")["parent_id"].to_dict()
    own = str(staff[made["ratings"].loc[0, "staff_id"]])
    above, at = {own}, own
    while at := parents.get(at):
        above.add(at)
    level = 5 - int(made["ratings"].loc[0, "level"])
    changed = change(made, "ratings", 0, "level", level)
    cycle = str(made["ratings"].loc[0, "cycle"])
    before, after = Digests(made), Digests(changed)
    moved = set()
    for unit in made["units"]["unit_id"]:
        one = run(unit, parameters={"cycle": cycle})
        assert before.of(one, whole) != after.of(one, whole)
        differs = find_differences(before.of(one, reads), after.of(one, reads))
        assert set(differs) <= {"table:ratings"}
        moved |= {unit} if differs else set()
    assert moved == above and len(moved) < len(made["units"])
    other = run(own, parameters={"cycle": "1999"})
    assert before.of(other, whole) == after.of(other, whole)  # another cycle's report


def test_a_notebook_that_says_nothing_depends_on_everything(tmp_path: Path, made: Dataset) -> None:
    silent = notebook(tmp_path / "a.ipynb")
    assert read_declaration(silent) == {}
    assert Digests(made).of(run(), {}) == {"data": made.fingerprint}


@pytest.mark.parametrize(
    ("reads", "said"),
    [({"rating": "all"}, 'Did you mean "ratings"'), ({"ratings": "units"}, 'Did you mean "unit"')],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, reads: dict, said: str) -> None:
    file = notebook(tmp_path / "a.ipynb")
    content = json.loads(file.read_text())
    content["metadata"]["cakra"] = {"reads": reads}
    file.write_text(json.dumps(content))
    with pytest.raises(PlanError, match=said):
        read_declaration(file)


@pytest.mark.slow
def test_a_plan_is_remembered_until_a_file_changes(folder: Path, tmp_path_factory) -> None:
    where = tmp_path_factory.mktemp("remembered")
    file = plan(where, ENTRY + 'cadence = "monthly"\nminutes = 2\n', data=folder)
    first = prepare(file, where)
    remembered = where / ".cakra/plan.json"
    text = remembered.read_text()
    remembered.write_text(text.replace("Unit A", "Unit remembered"))
    again = prepare(file, where)
    assert [r.unit_name for r in again.runs] == ["Region", "Unit remembered"]
    assert again.runs[0] == first.runs[0] and again.runs[0].minutes == 2.0
    assert again.digests == first.digests
    edit(folder, "units", 3, "name", "Unit new")
    assert [r.unit_name for r in prepare(file, where).runs] == ["Region", "Unit new"]
    for damage in ("", "[]", '{"inputs": 1}', text[:-30]):
        remembered.write_text(damage)
        assert [r.unit_name for r in prepare(file, where).runs] == ["Region", "Unit new"]


def test_other_languages_or_data_are_another_plan(folder: Path, tmp_path_factory) -> None:
    where = tmp_path_factory.mktemp("options")
    file = plan(where, ENTRY, data=folder)
    assert len(prepare(file, where).runs) == 2
    assert len(prepare(file, where, languages=["id", "en"]).runs) == 4
    assert len(prepare(file, where).runs) == 2


def test_a_stage_whose_tables_were_never_there_is_left_out(folder: Path, tmp_path_factory) -> None:
    where = tmp_path_factory.mktemp("stages")
    file = plan(where, ENTRY + '[[report]]\nnotebook = "02_y"\nunits = "root"\n', data=folder)

    def needs(*tables: str | list[str]) -> list[str]:
        path = notebook(where / "nb" / "02_y.ipynb")
        content = json.loads(path.read_text())
        content["metadata"]["cakra"] = {"needs": tables}
        path.write_text(json.dumps(content))
        made = prepare(file, where)
        assert made == prepare(file, where)  # remembered or not
        return [note for note in made.notes if "left out" in note] + [r.name for r in made.runs]

    whole = ["2026/01-x/R.id", "2026/01-x/A.id", "2026/02-y/R.id"]
    assert needs() == needs("staff", ["tests", "ratings"]) == whole
    said, *runs = needs("staff", "courses", ["tests", "attendance"])
    assert said == "left out, as the data have no courses, no tests or attendance: 02_y"
    assert runs == whole[:2]
    earlier = replace(run(parameters={"cycle": "2025"}), notebook=Path("02_y.ipynb"))
    failed = page_path(where, earlier).with_suffix(".failed.html")
    write_whole(failed, "x")
    assert needs("courses")[1:] == whole[:2]
    keep_success(where, earlier, {"html": "x"}, {}, "2026")
    assert needs("courses") == whole  # it had a page before, so its tables were lost
    file.write_text(file.read_text().replace(ENTRY, ""))
    page_path(where, earlier).unlink()
    assert needs("courses") == whole[2:]  # nothing else was asked for
    with pytest.raises(PlanError, match='Did you mean "courses"'):
        needs("course")


@pytest.mark.slow
def test_a_held_data_set_serves_once_and_only_unchanged(folder: Path) -> None:
    data = load(folder)
    hold(data)
    assert load(folder).tables is data.tables and load(folder).tables is not data.tables
    hold(data)
    edit(folder, "units", 3, "name", "Another")
    assert load(folder).unit_name("A") == "Another"


def test_the_log_survives_a_torn_line(tmp_path: Path) -> None:
    assert read_last(tmp_path) == ({}, [])
    write_line(tmp_path, {"kind": "run", "build": "1", "run": "a"})
    write_line(tmp_path, {"kind": "build", "build": "1", "built": 1})
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write('{"kind": "run", "bu')  # a writer that was killed
    write_line(tmp_path, {"kind": "run", "build": "2", "run": "b"})
    write_line(tmp_path, {"kind": "build", "build": "2", "built": 0})
    last, runs = read_last(tmp_path)
    assert last["build"] == "2" and [entry["run"] for entry in runs] == ["b"]


def test_which_reports_are_up_to_date_is_written_down(tmp_path: Path) -> None:
    assert read_current(tmp_path) == set()
    keep_current(tmp_path, {"b", "a"})
    assert read_current(tmp_path) == {"a", "b"}


def test_reasons_are_words() -> None:
    every = ["new", "torn", "failed", "format", "due", "clock", "asked", "held", "notebook"]
    every += ["parameters", "settings", "library", "data", "reports"]
    for reason in every:
        assert describe_reasons([reason]) != reason or reason == "new"
    assert digest("a") == digest(b"a") and pd.Series(every).is_unique
