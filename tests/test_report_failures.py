"""The page of a report that failed: what, where, why, and what a reader does now."""

from __future__ import annotations

import html
import pickle
import re
import shutil
from pathlib import Path

import pytest

from cakra_analysis.cli import main
from cakra_analysis.errors import DataError, RunError
from cakra_analysis.report.causes import find_kind, tell_cause
from cakra_analysis.report.ceiling import Limit
from cakra_analysis.report.failures import split_cell
from cakra_analysis.report.filled import mark_commands
from cakra_analysis.report.index import write_index
from cakra_analysis.report.outcome import CAUSES
from cakra_analysis.report.publish import publish_reports
from cakra_analysis.report.records import keep_failure, keep_success
from cakra_analysis.report.run import Run
from cakra_analysis.words import label
from tests.browser import open_page, visible
from tests.test_report_plan import ENTRY, GOOD, notebook, plan

WHEN, LATER = "2026-01-01T10:00:00+08:00", "2026-02-03T11:30:00+08:00"
KEPT = {"title": "Found", "facts": {}, "findings": [], "tables": []}
CELL = "Siapa yang dinilai? · Who was rated?: from cakra_analysis import needs"
EVIL = """<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }} & 'a'"""


def run(unit: str = "A", *, lang: str = "id", name: str = "Unit A", **more: str) -> Run:
    parameters = {"cycle": "2026", "unit": unit, "lang": lang, "audience": "leadership", **more}
    return Run(Path("01_needs.ipynb"), parameters, name, dataset="Here")


def fail(to: Path, one: Run, *, kind: str = "code", cause: str = "why", cell: str = CELL) -> Path:
    """Note a failure down, write the index, and return the failure's page."""
    keep_failure(to, one, cause, cell, LATER, kind)
    write_index(to, lang="id", dataset="Here")
    return to / f"{one.name}.failed.html"


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", CAUSES)
def test_every_cause_is_told_in_the_readers_language(tmp_path: Path, kind: str, lang: str) -> None:
    page = fail(tmp_path, run(lang=lang), kind=kind, cause="The cause in English.")
    text, source = visible(page), page.read_text()
    assert f'<html lang="{lang}">' in source
    for key in ("happened", "keep"):
        assert str(mark_commands(label(f"failure.{kind}.{key}", lang))) in source
    for fact in (
        "Unit A",
        label("page.cycle", lang, cycle="2026"),
        label("audience.leadership", lang),
    ):
        assert fact in text
    question, other = ["Siapa yang dinilai?", "Who was rated?"][:: 1 if lang == "id" else -1]
    assert question in text and other not in text
    assert ("The cause in English." in text) == (kind != "leak")
    assert ('<dd lang="en">' in source) == (kind != "leak")
    index = visible(tmp_path / "index.html")
    assert label(f"failure.{kind}.reason", "id") in index
    assert "The cause in English." not in index and "from cakra_analysis" not in index


def test_the_last_good_report_is_linked_where_there_is_one(tmp_path: Path) -> None:
    keep_success(tmp_path, run("A"), {"html": "good"}, KEPT, WHEN)
    with_one, without = fail(tmp_path, run("A")), fail(tmp_path, run("B"))
    assert 'href="A.id.html"' in with_one.read_text()
    assert "dari 1 Januari 2026 pukul 10.00" in visible(with_one)
    assert 'href="B.id.html"' not in without.read_text()
    assert label("failure.standing_none", "id") in visible(without)
    for page in (with_one, without):
        assert 'href="../../index.html"' in page.read_text()
        assert "dicoba 3 Februari 2026 pukul 11.30" in visible(page)
        assert f'href="2026/01-needs/{page.name}"' in (tmp_path / "index.html").read_text()
    assert (tmp_path / "2026/01-needs/A.id.html").read_text() == "good"


def test_a_page_that_was_lost_is_not_linked(tmp_path: Path) -> None:
    keep_success(tmp_path, run("A"), {"html": "good"}, KEPT, WHEN)
    (tmp_path / "2026/01-needs/A.id.html").unlink()
    assert 'href="A.id.html"' not in fail(tmp_path, run("A")).read_text()


def test_it_goes_when_the_report_is_well_again(tmp_path: Path) -> None:
    one, staged = run(), tmp_path / ".building"
    page = fail(tmp_path, one)
    keep_success(staged, one, {"html": "good"}, KEPT, LATER)
    publish_reports(staged, tmp_path, [one])
    assert not page.exists() and not page.with_suffix(".json").exists()
    index, _ = write_index(tmp_path, lang="id", dataset="Here")
    assert "failed.html" not in index.read_text()


def test_a_page_without_its_failure_is_taken_away(tmp_path: Path) -> None:
    gone, stays = fail(tmp_path, run("A")), fail(tmp_path, run("B"))
    gone.with_suffix(".json").unlink()
    write_index(tmp_path, lang="id", dataset="Here")
    assert not gone.exists() and stays.exists()


def test_a_failure_outside_the_plan_says_that_it_is_not_tried_again(tmp_path: Path) -> None:
    pages = {unit: fail(tmp_path, run(unit)) for unit in "AB"}
    write_index(tmp_path, lang="id", dataset="Here", planned={run("A").name})
    assert "tidak akan dicoba lagi" not in visible(pages["A"])
    assert "2026/01-needs/B.id.failed.json" in visible(pages["B"])
    assert "tidak akan dicoba lagi" in visible(pages["B"])


def test_an_older_failure_and_an_unknown_notebook_are_shown(tmp_path: Path) -> None:
    one = Run(Path("99_own.ipynb"), run().parameters, "Unit A", dataset="Here")
    page = fail(tmp_path, one, kind="unheard of", cell="")
    text = visible(page)
    assert label("failure.code.happened", "id") in text and "99_own" in text
    assert label("failure.where", "id") not in text and "Baris program" not in text
    assert "99-own/A.id.failed.html" in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_hostile_texts_stay_texts(tmp_path: Path, lang: str) -> None:
    one = run(EVIL, lang=lang, name=EVIL)
    page = fail(tmp_path, one, cause=EVIL, cell=f"{EVIL}?: {EVIL}")
    source = page.read_text()
    assert "<script" not in source and "<img" not in source and "49" not in visible(page)
    assert html.unescape(source).count(EVIL) >= 5
    css = source.split("<style>")[1].split("</style>")[0]
    assert "alert(1)" not in css


def test_it_needs_no_other_file(tmp_path: Path) -> None:
    keep_success(tmp_path, run(), {"html": "good"}, KEPT, WHEN)
    source = fail(tmp_path, run()).read_text()
    found = re.findall(r'(?:src|href)="(?!data:|#)([^"]*)"|url\((?!data:)([^)]*)\)', source)
    assert {a or b for a, b in found} == {"../../index.html", "A.id.html"}
    assert "http" not in source and "<script" not in source and len(source) < 200_000


def test_a_disk_that_refuses_the_page_does_not_end_the_index(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("cakra_analysis.report.failures.write_whole", refuse)
    page = fail(tmp_path, run())
    assert not page.exists()
    assert "failed.html" not in (tmp_path / "index.html").read_text()
    assert label("failure.code.reason", "id") in visible(tmp_path / "index.html")


def test_the_audit_reads_it_and_finds_nothing(tmp_path: Path, capsys) -> None:
    keep_success(tmp_path, run(), {"html": "<p>good</p>"}, KEPT, WHEN)
    cause = tell_cause("DataError", "/srv/data/2026/ratings.csv: no column level")
    fail(tmp_path, run(), cause=cause)
    fail(tmp_path, run("B", name="Unit {{ B }}"))
    assert main(["audit", str(tmp_path)]) == 0, capsys.readouterr().out
    page = fail(tmp_path, run("B"))
    page.write_text(page.read_text().replace("</main>", "<p>import os</p></main>"))
    assert main(["audit", str(tmp_path)]) == 1  # only the line that is noted down may stand there
    assert f"code  2026/01-needs/{page.name}" in capsys.readouterr().out
    page = fail(tmp_path, run("C"), cause="NIP 19860926" + "2015051001")
    assert main(["audit", str(tmp_path)]) == 1
    assert page.name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cell", "question", "line"),
    [
        (CELL, "Siapa yang dinilai? · Who was rated?", "from cakra_analysis import needs"),
        ("Load: x = {1: 2}", "Load", "x = {1: 2}"),
        ("x = {1: 2}", "", "x = {1: 2}"),
        ("f(a): b", "", "f(a): b"),
        ("", "", ""),
    ],
)
def test_a_place_is_question_and_line(cell: str, question: str, line: str) -> None:
    assert split_cell(cell) == (question, line)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DataError", "input"),
        ("SettingsError", "input"),
        ("AnalysisError", "input"),
        ("PrivacyError", "code"),
        ("RunError", "code"),
        ("KeyError", "code"),
        ("_ArrayMemoryError", "memory"),
    ],
)
def test_our_own_errors_are_about_the_input(name: str, kind: str) -> None:
    assert find_kind(name) == kind


def test_a_cause_names_no_folder_of_the_machine() -> None:
    told = tell_cause("DataError", "/home/siti/data/ratings.csv: no column; C:\\data\\x.csv too")
    assert told == "ratings.csv: no column; x.csv too"


def test_errors_travel_between_processes_whole() -> None:
    stopped = pickle.loads(pickle.dumps(Limit(minutes=1).too_long()))
    assert stopped.kind == "time" and "1 minutes" in stopped.found
    error = RunError("found", allowed="cell", do="mend")
    error.kind = "input"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is RunError and vars(again) == vars(error)
    assert str(pickle.loads(pickle.dumps(DataError("found", do="mend")))) == "found\nmend"


@pytest.mark.slow
def test_a_build_tells_its_own_errors_from_those_of_python(folder, tmp_path_factory) -> None:
    where = tmp_path_factory.mktemp("kinds")
    file = plan(where, ENTRY + "formats = []\nunits = 'root'\n", data=folder)
    own = "from cakra_analysis.errors import DataError\nraise DataError('no rows', do='Add some.')"
    for cell, kind in ((own, "input"), ("{}['x']", "code")):
        notebook(where / "nb" / "01_x.ipynb", GOOD, cell)
        assert main(["report", str(file)]) == 1
        text = visible(where / "2026/01-x/R.id.failed.html")
        assert label(f"failure.{kind}.happened", "id") in text and "Apa?" in text
        assert ("no rows Add some." in text) == (kind == "input")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
@pytest.mark.parametrize(
    ("kind", "view"),
    [("input", (360, "screen")), ("leak", (1200, "screen")), ("leak", (1200, "print"))],
)
def test_it_serves_everybody(tmp_path: Path, kind: str, view: tuple[int, str]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    keep_success(tmp_path, run(), {"html": "good"}, KEPT, WHEN)
    file = fail(tmp_path, run(name="x" * 300), kind=kind, cell=f"{'y' * 300}?: {'z' * 300}")
    width, media = view
    for each in (file, tmp_path / "index.html"):
        with open_page(each, width=width) as page:
            page.emulate_media(media=media)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
            if media == "screen":
                assert page.evaluate("document.documentElement.scrollWidth") <= width
