"""The brief and the unit's sheet: only what was saved, only for whom it was saved, short enough."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cakra_analysis import brief, charts
from cakra_analysis.errors import DataError, PrivacyError
from cakra_analysis.privacy import restore
from cakra_analysis.report import Page, Run, read_saved
from cakra_analysis.results import Finding
from cakra_analysis.settings import PrivacySettings
from cakra_analysis.words import say
from tests.conftest import ROOT

UNITS = pd.DataFrame(
    {
        "unit_id": ["R", "G", "A", "B", "C"],
        "parent_id": [None, "R", "G", "G", "G"],
        "name": ["Region", "Group", "Unit A", "Unit B", "Unit C"],
    }
)
NAME = {"name_id": "Pelayanan publik", "name_en": "Public service"}
LEADING = {"names": [{"id": "Pelayanan publik", "en": "Public service"}], "value": 0.6, "low": 0.5,
           "high": 0.7, "values": [0.6]}  # fmt: skip


def gap(unit: str, value: float | None, n: int | None = 20) -> dict[str, Any]:
    ends = (
        {"low": None, "high": None} if value is None else {"low": value - 0.1, "high": value + 0.1}
    )
    row = {"unit_id": unit, "competency_id": "M.5", "value": value, **ends, "level": 0.95}
    row |= {"n": n if value is not None else None, "required": 3.0, "category": "low"}
    row |= {"gap_definition": "standard minus observed", **NAME}
    return row | {"suppressed": value is None}


def saved_table(name: str, rows: list[dict], keys: list[str], counts: str = "n") -> dict[str, Any]:
    described = {"name": name, "audience": "leadership", "threshold": 5, "counts": counts}
    return {**described, "keys": keys, "rows": rows}


def put(
    folder: Path, notebook: str, unit: str, mark: str = "", lang: str = "id", **changes
) -> Path:
    """Write a record as the builder leaves it."""
    record = {
        "cycle": "2026", "notebook": notebook, "unit": unit, "unit_name": f"Unit {unit}",
        "lang": lang, "audience": "leadership", "when": "2026-11-24T09:00:00+08:00", "title": "T",
        "facts": {"fingerprint": "f1", "threshold": 5, "source": "s", "synthetic": True},
        "findings": [{"key": "needs.leading.gap.one", "part": "title", "text": "x", "n": 20,
                      "values": LEADING}],
        "tables": [saved_table("gaps", [gap(unit, 0.6)], ["unit_id", "competency_id"])],
    } | changes  # fmt: skip
    home = folder / record["cycle"] / notebook.replace("_", "-")
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{unit}{mark}.{lang}.json"
    file.write_text(json.dumps(record))
    return file


def read(folder: Path, **changes):
    given = {"cycle": "2026", "unit": "A", "audience": "leadership", "lang": "id"} | changes
    return read_saved(folder, **given)


def keys(findings: list[Finding]) -> list[str]:
    return [finding.key for finding in findings]


def test_a_finding_comes_back_as_it_stood_and_speaks_both_languages(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A")
    found = read(tmp_path, lang="en").finding("01_needs", "needs.leading")
    assert found == Finding("needs.leading.gap.one", LEADING, n=20)
    assert say(found, "en", "title") == "The largest gap is in public service"
    assert read(tmp_path).finding("01_needs", "needs.lead").key == "saved.none"


def test_a_table_comes_back_published_with_what_was_hidden_still_hidden(tmp_path: Path) -> None:
    rows = [gap("A", 0.6), gap("B", None)]
    put(tmp_path, "01_needs", "A", tables=[saved_table("gaps", rows, ["unit_id"])])
    table = read(tmp_path).table("01_needs", "gaps")
    assert table.table["suppressed"].tolist() == [False, True]
    assert table.table["value"].isna().tolist() == [False, True]
    assert Page("id").table(table, ["name:item:text", "value:value:levels"], caption="c").kind


def test_rows_of_other_units_reports_are_united_only_from_the_same_data(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A")
    put(tmp_path, "01_needs", "G")
    other = {"fingerprint": "f2", "threshold": 5}
    put(tmp_path, "01_needs", "B", facts=other)
    saved = read(tmp_path)
    assert saved.across("01_needs", "gaps").table["unit_id"].tolist() == ["A", "G"]
    assert saved.table("01_needs", "gaps").table["unit_id"].tolist() == ["A"]
    assert saved.across("04_evaluation", "effects").table.empty
    nobody = [saved_table("participation", [], ["unit_id"])]
    put(tmp_path, "04_evaluation", "A", tables=nobody)
    empty = read(tmp_path).across("04_evaluation", "participation").table
    assert empty.empty and "unit_id" in empty


def test_a_missing_stage_is_said(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A")
    told = read(tmp_path).describe(own=["01_needs"], shared=["04_evaluation"])
    assert keys(told) == ["saved.read", "saved.missing"]
    assert "evaluasi pelatihan" in say(told[1], "id")
    assert "`cakra report`" in say(told[1], "en")
    assert "analisis kebutuhan (24 November 2026)" in say(told[0], "id")


def test_other_data_and_a_failed_build_are_said(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A", when="2026-11-25T09:00:00+08:00")
    put(tmp_path, "04_evaluation", "R", facts={"fingerprint": "f0", "threshold": 5})
    failed = {"cycle": "2026", "unit": "A", "audience": "leadership", "cause": "x"}
    (tmp_path / "2026/01-needs/A.id.failed.json").write_text(json.dumps(failed))
    told = read(tmp_path).describe(own=["01_needs"], shared=["04_evaluation"])
    assert keys(told) == ["saved.read", "saved.apart", "saved.stale"]
    assert "training evaluation" in say(told[1], "en")
    assert "needs analysis" in say(told[2], "en")


@pytest.mark.parametrize("mark", ["", ".public"])
def test_another_audience_is_never_read(tmp_path: Path, mark: str) -> None:
    put(tmp_path, "01_needs", "A", mark=mark)  # a leadership record, whatever its file is called
    with pytest.raises(
        DataError, match="there is no report of the cycle 2026 for the audience pub"
    ):
        read(tmp_path, audience="public")


def test_a_table_of_another_audience_in_a_record_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A", mark=".public", audience="public",
        facts={"fingerprint": "f1", "threshold": 10})  # fmt: skip
    with pytest.raises(PrivacyError, match="published for the audience leadership, not for public"):
        read(tmp_path, audience="public").table("01_needs", "gaps")


def test_other_cycles_other_programs_and_nothing_at_all(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A", cycle="2025")
    (tmp_path / "2026/01-needs").mkdir(parents=True)
    (tmp_path / "2026/01-needs/A.id.json").write_text("[1, 2]")
    with pytest.raises(DataError, match="Build them first with `cakra report`"):
        read(tmp_path)


def test_a_threshold_raised_since_then_refuses_or_hides(tmp_path: Path) -> None:
    put(tmp_path, "01_needs", "A")
    with pytest.raises(PrivacyError, match="fewer than 30 people"):
        read(tmp_path, settings=PrivacySettings(leadership=30))
    record = saved_table("gaps", [gap("A", 0.6, 20), gap("B", 0.4, 40)], ["unit_id"])
    shown = restore(record, audience="leadership", settings=PrivacySettings(leadership=30))
    assert shown.table["value"].isna().tolist() == [True, False]


def test_the_other_language_serves_and_lends_no_words(tmp_path: Path) -> None:
    words = {"person": "pegawai", "item": "kompetensi", "confidence": 0.9}
    put(tmp_path, "01_needs", "A",
        facts={"fingerprint": "f1", "threshold": 5, "words": words})  # fmt: skip
    assert read(tmp_path, lang="en").words == {"confidence": 0.9}
    assert read(tmp_path, lang="id").words == words


def test_a_unit_stands_beside_its_parent_and_peers() -> None:
    gaps = pd.DataFrame([gap("G", 0.3), gap("A", 0.6), gap("B", 0.1), gap("C", None)])
    table = brief.set_beside(gaps, UNITS, unit="A")
    row = table.iloc[0]
    assert (row["value"], row["parent"], row["middle"], row["peers"]) == (0.6, 0.3, 0.1, 1)
    ax = charts.plot_beside(table, lang="en")
    points = {line.get_gid(): line.get_xdata()[0] for line in ax.lines if line.get_gid()}
    assert (points["own"], points["parent"], points["peers"]) == (0.6, 0.3, 0.1)
    said = charts.describe_beside(table, lang="en")
    assert "Unit A. Highest: Public service 0.60. In Group: 0.30." in said
    top = brief.set_beside(gaps.assign(unit_id="R").head(1), UNITS, unit="R")
    assert top[["parent", "middle"]].isna().all(axis=None)


def test_hidden_rows_are_marked_in_the_chart() -> None:
    gaps = pd.DataFrame([gap("A", 0.6), gap("A", None) | {"competency_id": "M.6"}])
    ax = charts.plot_beside(brief.set_beside(gaps, UNITS, unit="A"), lang="id", narrow=True)
    assert "disamarkan" in [text.get_text() for text in ax.texts]


def test_results_fall_back_to_the_unit_above_and_name_it() -> None:
    rows = [("R", 1.0, 90), ("G", 2.0, 30), ("A", None, None)]
    table = pd.DataFrame(rows, columns=["unit_id", "value", "n"])
    table = table.assign(low=0.0, high=3.0, level=0.95)
    found = brief.collect_results({"gain": table}, UNITS, unit="A")
    assert found[["unit", "value", "parent"]].values.tolist() == [["Group", 2.0, 1.0]]
    assert brief.collect_results({"gain": table}, UNITS, unit="B").empty  # has no such result


def step(kind: str) -> Finding:
    return Finding(f"evaluation.next.{kind}", {"names": [{"id": kind, "en": kind}]}, n=1)


@pytest.mark.parametrize(
    ("kinds", "key"),
    [
        (["works", "harmful", "promising"], "stop_keep"),
        (["harmful", "no_sign"], "stop"),
        (["works", "cannot_tell"], "keep"),
        (["promising", "no_sign"], "test"),
        (["no_sign", "cannot_tell"], "open"),
        ([], "needs"),
    ],
)
def test_the_headline_is_a_decision(kinds: list[str], key: str) -> None:
    leading = Finding("needs.leading.gap.one", LEADING, n=20)
    found = brief.find_decision(leading, [step(kind) for kind in kinds])
    assert found.key == f"brief.decide.{key}"
    assert all(say(found, lang, "title") for lang in ("id", "en"))


def test_without_an_evaluation_the_headline_is_what_is_said_of_the_gaps() -> None:
    for kind in ("gap.nothing", "need.all", "need.many"):
        leading = Finding(f"needs.leading.{kind}", {"count": 5, "first": "A"}, n=20)
        assert brief.find_decision(leading, []) == leading
    for kind in ("alone", "hidden"):
        found = brief.find_decision(Finding(f"needs.leading.{kind}"), [])
        assert found.key == "brief.decide.hidden"


def test_what_the_next_cycle_changes_stands_in_for_the_evaluations_steps() -> None:
    changes = [Finding(f"improvement.next.{kind}") for kind in ("stop", "revise_method", "widen")]
    told = brief.choose_steps([step("works")], Finding("next.gap"), changes=changes)
    assert keys(told) == ["next.gap", "improvement.next.stop", "improvement.next.widen",
                          "improvement.next.revise_method"]  # fmt: skip
    assert keys(brief.choose_steps([step("works")], changes=[])) == ["evaluation.next.works"]


def test_the_best_course_for_a_need_and_no_course() -> None:
    gaps = pd.DataFrame([gap("A", 0.6), gap("A", 0.2) | {"competency_id": "M.6"}])
    courses = pd.DataFrame({"course_id": ["1", "2"], "competency_id": "M.5", "name_id": ["x", "y"],
                            "name_en": ["x", "y"]})  # fmt: skip
    effects = pd.DataFrame({"course_id": ["1", "2"], "verdict": ["harmful", "promising"]})
    matched = brief.match_courses(gaps, courses, effects)
    assert matched["answer_en"].fillna("").tolist() == ["y", ""]
    assert brief.find_answer(matched).key == "brief.answer.promising"
    assert brief.find_answer(matched.tail(1)).key == "brief.answer.missing"
    assert brief.find_answer(matched, held=False).key.endswith("none")


def test_small_and_absent_units_in_the_sentences() -> None:
    table = pd.DataFrame({"unit_id": ["G", "A"], "n": [30, None], "completed": [40, None],
                          "courses": [5, None], "hours_jp": [400.0, None]})  # fmt: skip
    assert brief.find_participation(table, unit="A").key.endswith("hidden")
    assert brief.find_participation(table, unit="B").key.endswith("nobody")
    assert brief.find_participation(table.head(0), unit="B").key.endswith("none")
    assert brief.find_reached(table, UNITS, unit="A") == "G"
    assert brief.find_reached(table, UNITS, unit="B") == "B"
    told = brief.find_participation(table, unit="G", instead="Group")
    assert "its parent unit, Group" in say(told, "en", person="civil servants")


@pytest.mark.parametrize(
    ("low", "high", "kind"), [(1, 9, "rose"), (-1, 9, "unclear"), (-9, -1, "fell")]
)
def test_verbs_follow_the_interval(low: float, high: float, kind: str) -> None:
    ends = {"value": (low + high) / 2, "low": low, "high": high}
    row = {"unit_id": "A", **ends, "expected": 1.0, "n": 9}
    row |= {"against": ends["value"], "against_low": low, "against_high": high}
    table = pd.DataFrame([row])
    found = [f(table, unit="A") for f in (brief.find_gain, brief.find_against, brief.find_change)]
    assert [f.key.split(".")[-1] for f in found] == [kind] * 3
    assert all(say(f, lang) for f in found for lang in ("id", "en"))


def make(built: Path, notebook: str, unit: str, lang: str) -> tuple[str, dict[str, Any], int]:
    """Run a notebook that reads the reports folder; there is no data where it says."""
    from pypdf import PdfReader

    from cakra_analysis.report.execute import execute
    from cakra_analysis.report.pdf import write_pdf
    from cakra_analysis.report.render import render_page

    given = {"data": "/nowhere", "settings": str(ROOT / "settings.toml"), "cycle": "2026"}
    given |= {"unit": unit, "lang": lang, "audience": "leadership", "reports": str(built)}
    executed = execute(Run(ROOT / f"notebooks/{notebook}.ipynb", given)).notebook
    page = render_page(
        executed, lang=lang, when=datetime.now(UTC), index="i", other={}, downloads={}
    )
    pages = PdfReader(io.BytesIO(write_pdf(page.html))).pages
    return page.html, dict(page.provenance), len(pages)


@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_brief_is_one_page(built: Path, lang: str) -> None:
    html, kept, pages = make(built, "06_brief", "CKR", lang)
    assert pages == 1
    assert html.count("<figure>") == 1
    assert html.count('class="kpi"') == 4
    assert kept["findings"][0]["key"] == "brief.decide.stop_keep"
    assert {"saved.read"} == {f["key"] for f in kept["findings"] if f["key"].startswith("saved")}


@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.parametrize("unit", ["CKR", "KEL-11", "OPD-1"])
def test_a_sheet_is_two_pages_and_shows_only_what_was_published(built: Path, unit: str) -> None:
    html, kept, pages = make(built, "07_unit_sheet", unit, "id")
    assert pages <= 2
    assert "Apa selanjutnya" in html
    sources = [json.loads(f.read_text()) for f in built.glob("2026/0[14]*/*.id.json")]
    rows = [row for s in sources for t in s["tables"] for row in t["rows"]]
    published = {row["value"] for row in rows if row.get("value") is not None}
    for table in kept["tables"]:
        values = [r["value"] for r in table["rows"] if r.get("value") is not None]
        assert set(values) <= published, table["name"]
    counts = [t["rows"] for s in sources for t in s["tables"] if t["name"] == "participation"]
    own = [row for rows in counts for row in rows if row["unit_id"] == unit]
    small = bool(own) and own[0]["suppressed"]
    said = {f["key"] for f in kept["findings"]}
    assert ("sheet.participation.instead" in said) == small


@pytest.mark.slow
def test_nothing_built_is_one_clear_error(tmp_path: Path) -> None:
    from cakra_analysis.errors import RunError

    with pytest.raises(RunError, match="Build them first with `cakra report`"):
        make(tmp_path, "06_brief", "CKR", "id")
