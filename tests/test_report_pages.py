"""Pages as people meet them: on a wide screen, on a phone, on paper, with keys, with a reader."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cakra_analysis.report.glossary import find_terms
from cakra_analysis.report.render import quote_css
from cakra_analysis.words.catalogue import catalogue
from tests.sizes import THOROUGH
from tests.tiny_page import tiny_page

KINDS = {
    "data check": "2026/00-data-check/CKR.internal.id.html",
    "region": "2026/01-needs/CKR.id.html",
    "region in English": "2026/01-needs/CKR.en.html",
    "small unit": "2026/01-needs/KEL-11.id.html",
    "evaluation": "2026/04-evaluation/CKR.en.html",
    "design": "2026/02-design/CKR.id.html",
    "implementation": "2026/03-implementation/CKR.id.html",
    "index": "index.html",
}
VIEWS = {"wide": (1200, "screen"), "phone": (360, "screen"), "print": (1200, "print")}
browser_tests = [
    pytest.mark.slow,
    pytest.mark.xdist_group("built"),
    pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.html"
    file.write_text(tiny_page().html)
    return file


def marked(test):
    for mark in browser_tests:
        test = mark(test)
    return test


# Every page as it is read most; the other views of those that have most on them.
FULLEST = ("region", "index")
SEEN = [(k, v) for k in KINDS for v in VIEWS if THOROUGH or v == "wide" or k in FULLEST]


@marked
@pytest.mark.parametrize(("kind", "view"), SEEN)
def test_a_page_serves_everybody_and_asks_for_nothing(built: Path, browser, kind, view) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, media = VIEWS[view]
    file = built / KINDS[kind]
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(media=media)
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    said = [f"{v['id']}: {n['html'][:150]}" for v in found for n in v["nodes"][:3]]
    assert not found, "\n".join(said)
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    sticks_out = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if media == "screen":  # on paper the coloured head goes into the margins
        assert page.evaluate(sticks_out) == 0
    page.close()


@marked
def test_the_contents_stand_beside_the_text_on_wide_screens_only(tiny: Path, browser) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(tiny.as_uri())
    contents = page.locator("nav.contents")
    assert contents.is_visible()
    assert contents.locator("a").all_inner_texts() == [
        "Kesesuaian orang dan jabatan",
        "Apa selanjutnya?",
        "Lampiran: cara menghitung dan mutu data",
        "Mutu instrumen",
        "Daftar istilah",
    ]
    beside = contents.bounding_box()["x"]
    main = page.locator("main").bounding_box()
    assert beside >= main["x"] + main["width"]
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(100)
    assert contents.bounding_box()["y"] >= 0
    page.set_viewport_size({"width": 360, "height": 700})
    assert not contents.is_visible()
    page.set_viewport_size({"width": 1200, "height": 900})
    page.emulate_media(media="print")
    assert not contents.is_visible()
    page.close()


@marked
def test_the_annex_is_folded_on_a_screen_and_open_on_paper(tiny: Path, browser) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(tiny.as_uri())
    inside = page.locator("details h3")
    assert not inside.is_visible()
    page.locator("nav.contents a", has_text="Mutu instrumen").click()
    assert inside.is_visible()
    page.goto("about:blank")
    page.goto(tiny.as_uri())
    page.emulate_media(media="print")
    assert page.locator("details h3").bounding_box()["height"] > 10
    page.close()


ACTIVE = """() => { const e = document.activeElement;
return e.matches('.skip') ? 'skip' : e.matches('.contents a') ? 'contents'
 : e.matches('.downloads a') ? 'download' : e.matches('.scroll') ? 'table'
 : e.tagName.toLowerCase() }"""


@marked
def test_every_control_is_reached_with_the_keyboard_alone(tiny: Path, browser) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(tiny.as_uri())
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        met.append(page.evaluate(ACTIVE))
        if met[-1] == "summary":
            break
    assert met == ["skip", "a", *["download"] * 2, *["contents"] * 5, "table", "summary"]
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(ring) == "solid"
    is_open = "document.querySelector('details').open"
    for key, wanted in (("Enter", True), ("Space", False), ("Enter", True)):
        page.keyboard.press(key)
        assert page.evaluate(is_open) is wanted
    page.keyboard.press("Tab")
    assert page.evaluate(ACTIVE) == "table"
    page.close()


@marked
def test_the_skip_link_leads_to_the_text(tiny: Path, browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(tiny.as_uri())
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


@marked
@pytest.mark.parametrize("kind", KINDS)
def test_headings_descend_one_level_at_a_time(built: Path, kind) -> None:
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", (built / KINDS[kind]).read_text())]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


@marked
@pytest.mark.parametrize("kind", [k for k in KINDS if k != "index"])
def test_findings_come_first_and_method_last(built: Path, kind) -> None:
    text = (built / KINDS[kind]).read_text()
    order = ['class="lead"', 'id="s-sure"', 'id="annex"', 'id="glossary"', "<footer>"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert text.count("<details") == 1 and text.count("<script") == 0
    targets = re.findall(r'<a href="#([^"]+)"', text)
    assert len(targets) > 5 and all(text.count(f' id="{t}"') == 1 for t in targets)


@marked
@pytest.mark.parametrize(
    ("kind", "expected", "foreign"),
    [
        ("region", ["JPM (job person match)", "Omega dan alfa", "Selang kepercayaan"], "AIPW, IPW"),
        ("evaluation", ["AIPW, IPW", "Lee bounds", "BCR and ROI"], "Kendall's W"),
    ],
)
def test_a_page_explains_the_terms_it_uses_and_no_others(built, kind, expected, foreign) -> None:
    text = (built / KINDS[kind]).read_text()
    terms = re.findall(r"<dt>([^<]+)</dt><dd>[^<]{30,}</dd></div>", text.split('id="glossary"')[1])
    assert set(expected) <= set(terms) and foreign not in terms
    assert terms == sorted(terms, key=str.casefold)


def test_terms_are_found_as_whole_words() -> None:
    def terms(text: str, lang: str) -> list[str]:
        return [t.term for t in find_terms(text, lang)]

    assert terms("Kesenjangannya lebar", "id") == ["Kesenjangan"]
    assert terms("kesenjangantara", "id") == []
    assert terms("20 JP", "id") == ["JP (jam pelajaran)"] and terms("20 jp", "id") == []
    assert terms("Kendall's W 0.9", "en") == ["Kendall's W"]


def test_every_term_of_the_glossary_stands_in_both_languages() -> None:
    for lang in ("id", "en"):
        keys = {k.rsplit(".", 1)[0] for k in catalogue(lang) if k.startswith("glossary.")}
        assert len(keys) >= 25
        for key in keys:
            meaning = catalogue(lang)[f"{key}.meaning"]
            assert meaning.endswith(".") and 30 < len(meaning) < 220, key


@pytest.mark.slow
def test_downloads_are_offered_only_where_there_are_some() -> None:
    page = tiny_page().html
    assert '<a href="A.id.pdf">PDF</a> <a href="A.id.xlsx">Excel</a>' in page
    assert '<p class="downloads">' not in tiny_page(downloads={}).html


def test_a_unit_with_a_hostile_name_stays_a_name() -> None:
    evil = '</style><script>alert(1)</script>"; } @import "x'
    page = tiny_page(unit=evil).html
    assert "<script" not in page and len(re.findall(r"<style\b", page)) == page.count("</style>")
    assert "@import" not in page.split("<style>")[1].split("</style>")[0]
    assert quote_css('a"b\\c\n<') == '"a\\22 b\\5c c \\3c "'
