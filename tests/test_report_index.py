"""The index: what stands, how it stands, and finding it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis import __version__
from cakra_analysis.report.index import write_index
from cakra_analysis.report.publish import page_path
from cakra_analysis.report.records import keep_failure, keep_success
from cakra_analysis.report.run import Run
from cakra_analysis.report.states import find_state
from tests.browser import open_page, visible

WHEN = "2026-01-01T10:00:00+08:00"


def run(unit: str, *, cycle: str = "2026", lang: str = "id", place: int = 0, **more: str) -> Run:
    parameters = {"cycle": cycle, "unit": unit, "lang": lang, "audience": "leadership", **more}
    return Run(Path("01_needs.ipynb"), parameters, f"Unit {unit}", place, dataset="Here")


def keep(to: Path, one: Run, fingerprint: str = "now") -> None:
    kept = {"title": "Found", "facts": {"fingerprint": fingerprint}, "findings": [], "tables": []}
    keep_success(to, one, {"html": "page"}, kept, WHEN)


def test_each_report_says_how_it_stands(tmp_path: Path) -> None:
    for place, unit in enumerate("BAC"):
        keep(tmp_path, run(unit, place=place), "old" if unit == "A" else "now")
    keep_failure(tmp_path, run("C", place=2), "why", "cell", WHEN)
    keep_failure(tmp_path, run("D", place=3), "why", "", WHEN)
    index, _ = write_index(tmp_path, lang="en", dataset="Here", fingerprint="now")
    text = visible(index)
    for state in ("1 up to date", "1 not updated yet", "2 failed"):
        assert state in text
    assert "The data have changed" in text
    assert "Could not be made because the report's program met an error." in text
    assert "met an error; this report is from 1 January 2026, 10:00" in text
    assert "why" not in text and text.count("Cause and what to do") == 2
    assert [text.index(f"Unit {u}") for u in "BACD"] == sorted(
        text.index(f"Unit {u}") for u in "BACD"
    )


def test_a_failure_outweighs_and_another_version_is_stale() -> None:
    good = {"facts": {"fingerprint": "a"}, "version": __version__, "when": WHEN}
    assert find_state(good, None, fingerprint="a", lang="id").name == "fresh"
    assert find_state(good, None, fingerprint="", lang="id").name == "fresh"
    assert find_state(good, None, fingerprint="b", lang="id").name == "stale"
    assert find_state({**good, "version": "0"}, None, fingerprint="a", lang="id").name == "stale"
    assert find_state(good, {"cause": "x"}, fingerprint="a", lang="id").name == "failed"
    assert find_state({}, {"cause": "x"}, fingerprint="a", lang="id").name == "failed"


def test_earlier_cycles_stay_folded_below(tmp_path: Path) -> None:
    for cycle in ("2024", "2026", "2025"):
        keep(tmp_path, run("A", cycle=cycle))
    index, _ = write_index(tmp_path, lang="id", dataset="Here")
    text = index.read_text()
    places = [text.index(f"Siklus {cycle}") for cycle in ("2026", "2025", "2024")]
    assert places == sorted(places) and text.count("<details") == 2
    assert places[0] < text.index("Siklus sebelumnya") < places[1]


def test_files_beside_a_page_are_offered_and_kinds_told(tmp_path: Path) -> None:
    one = run("A", outline="laporan", audience="internal")
    keep(tmp_path, one)
    for ending in ("pdf", "docx"):
        page_path(tmp_path, one).with_suffix(f".{ending}").write_bytes(b"x")
    index, _ = write_index(tmp_path, lang="id", dataset="Here")
    text = index.read_text()
    assert 'href="2026/01-needs/A.internal.laporan.id.pdf"' in text and ".docx" in text
    assert ".xlsx" not in text and "Laporan resmi · pembaca: internal" in text


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1200])
def test_the_search_works_from_a_file_with_a_keyboard(tmp_path: Path, width: int) -> None:
    for cycle in ("2025", "2026"):
        keep(tmp_path, run("Ampenan", cycle=cycle))
        keep(tmp_path, run("x" * 300, cycle=cycle))
    index, _ = write_index(tmp_path, lang="id", dataset="Here")
    with open_page(index, width=width) as page:
        page.keyboard.press("Tab")  # past the link that skips
        page.keyboard.press("Tab")
        page.keyboard.type("ampenan unit")
        assert page.locator(".rows > li:visible").count() == 2
        assert page.locator("details[open]").count() == 1
        page.fill("#find", "2025 ampenan analisis")
        assert page.locator(".rows > li:visible").count() == 1
        assert not page.get_by_text("Siklus 2026").is_visible()
        page.fill("#find", "nothing like it")
        assert page.locator("h3:visible, h2:visible").count() == 0
        assert page.locator("#found").inner_text() == "Tidak ada laporan yang cocok."
        assert page.evaluate("document.documentElement.scrollWidth") <= width
