"""Reports as products: built, read back, and what happens when one fails."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.nsw import write_nsw
from cakra_analysis.charts import theme
from cakra_analysis.cli import main
from cakra_analysis.errors import PrivacyError
from cakra_analysis.report.blocks import Block, draw_svg
from cakra_analysis.report.causes import tell_cause
from cakra_analysis.report.index import write_index
from cakra_analysis.report.page import Page
from cakra_analysis.report.publish import write_whole
from cakra_analysis.report.records import keep_failure, keep_success
from cakra_analysis.report.run import Run
from cakra_analysis.synthetic.courses import COMMENTS
from tests.conftest import PAGES, ROOT, edit
from tests.test_report_plan import ENTRY, GOOD, notebook, plan

QUICK = ENTRY + "formats = []\n"  # the page only


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/*.html"))


def visible(page: Path) -> str:
    text = re.sub(r"<style.*?</style>|<script>.*?</script>", " ", page.read_text(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_every_page_is_whole_and_self_contained(built: Path) -> None:
    assert len(pages(built)) == len(PAGES)
    for page in [*pages(built), built / "index.html"]:
        text = page.read_text()
        assert len(text) < 1_000_000
        lang = page.stem.rsplit(".", 1)[-1] if page.name != "index.html" else "id"
        assert f'<html lang="{lang}">' in text and "<title>" in text
        assert text.count("<h1>") == 1 and '<main id="main"' in text and "<footer>" in text
        outside = re.findall(r'(?:src|href)="(?!data:|#)([^"]*)"|url\((?!data:)([^)]*)\)', text)
        allowed = [a for a, b in outside if re.fullmatch(r"[\w./-]+\.(html|pdf|xlsx|docx)", a)]
        assert len(allowed) == len([a for a, b in outside if not b.startswith("#")]), outside
        assert "xmlns:cc" not in text and "@import" not in text


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_no_code_and_no_person_on_any_page(built: Path, region) -> None:
    persons = set(region["staff"]["staff_id"]) | set(region["stakeholders"]["stakeholder_id"])
    persons |= set(region["service_answers"]["respondent_id"]) | set(region["sessions"]["trainer"])
    for page in [*pages(built), *built.glob("*/*/*.json")]:
        text = page.read_text()
        code = ("needs.score_", "evaluation.score_", "publish(", "page.figure", "Traceback")
        said = ("Contohan", "Rekaan", "Wirakusuma", "0812 0000")  # in the comments
        for trace in (*code, "import ", *said):
            assert trace not in text, (page, trace)
        assert not persons & set(re.findall(r"\b[SRKT]\d{3,6}\b", text)), page


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_figures_have_words_and_tables_have_headers(built: Path) -> None:
    for page in pages(built):
        text = page.read_text()
        for alt in re.findall(r'<div [^>]*role="img" aria-label="([^"]*)"', text):
            assert len(alt) > 40 and not re.search(r"\{|\bnan\b|None", alt)
        assert text.count("<svg ") == text.count('<svg aria-hidden="true"')
        assert text.count("<table>") == text.count("<thead>") and '<th scope="row">' in text
        assert not re.search(r"\bnan\b|None|\{[a-z_]+", visible(page)), page


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_words_stand_in_the_pages_language(built: Path) -> None:
    strangers = {
        "id": r"\b(the|and|with|below|staff|rated|interval|gap|level)\b",
        "en": r"\b(yang|dan|dengan|kesenjangan|tingkat|pegawai|selang|ASN)\b",
    }
    # Names that the data brings, and the name of each language, are the same on every page.
    data = ["cakra synthetic; nobody in it exists", "Kecamatan dan kelurahan", "English"]
    data += ["Bahasa Indonesia", "ratings level", "ratings rater", "stakeholder_answers importance"]
    data += ["(staff_id, competency_id, cycle, source, rater)", "Subbagian Umum dan Kepegawaian"]
    data += [text for said in COMMENTS.values() for text in said]
    for page in pages(built):
        lang = page.stem.rsplit(".", 1)[-1]
        text = visible(page)
        for name in data:
            text = text.replace(name, "")
        assert not re.findall(strangers[lang], text), page


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_findings_and_tables_are_kept_beside_the_page(built: Path) -> None:
    kept = json.loads((built / "2026/01-needs/CKR.id.json").read_text())
    assert kept["findings"][0]["key"].startswith("needs.leading.gap.")
    assert {"fingerprint", "threshold"} <= set(kept["facts"])
    rows = next(table["rows"] for table in kept["tables"] if table["name"] == "gaps")
    hidden = [r for r in rows if r["unit_id"] == "KEL-11"]
    assert len(hidden) == 10 and all(r["value"] is None and r["suppressed"] for r in hidden)


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_a_unit_too_small_shows_its_parent(built: Path) -> None:
    text = visible(built / "2026/01-needs/KEL-11.id.html")
    assert "Unit ini terlalu kecil untuk ditampilkan" in text
    assert "angka unit induk: Kecamatan dan kelurahan" in text


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_the_index_lists_every_page_and_searches(built: Path) -> None:
    text = (built / "index.html").read_text()
    for page in pages(built):
        assert f'href="{page.relative_to(built)}"' in text
    assert 'type="search"' in text and "Kel. Sapta Marga" in text


@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
@pytest.mark.parametrize("width", [1200, 360])
def test_a_browser_asks_for_nothing_and_nothing_sticks_out(built: Path, tmp_path, width) -> None:
    page = built / "2026/01-needs/CKR.id.html"
    probe = tmp_path / "probe.html"
    script = (
        "<script>addEventListener('load',()=>{const r=performance.getEntriesByType('resource')"
        ".filter(e=>!e.name.startsWith('data:')).length;document.fonts.ready.then(()=>{"
        "document.title='RESULT '+r+' '+document.documentElement.scrollWidth+' '+"
        "[...document.fonts].filter(f=>f.status=='loaded').length})})</script></body>"
    )
    probe.write_text(page.read_text().replace("</body>", script))
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [
        "--disable-quic",
        f"--user-data-dir={tmp_path / 'chrome'}",
        f"--window-size={width},900",
    ]
    command += ["--virtual-time-budget=4000", "--dump-dom", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    result = re.search(r"<title>RESULT (\d+) (\d+) (\d+)</title>", done.stdout)
    assert result, done.stdout[:300]
    requests, scroll_width, loaded = map(int, result.groups())
    assert requests == 0 and loaded >= 3
    assert scroll_width <= max(width, 500)  # headless Chromium lays out at 500 px or more


@pytest.mark.slow
def test_a_failed_report_keeps_the_last_good_one(folder, tmp_path_factory, capfd) -> None:
    where = tmp_path_factory.mktemp("fails")
    show = "from cakra_analysis.report import Page\nfrom cakra_analysis.results import Finding"
    show += "\npage = Page(lang)\nleft = 10\nright = {}\nratio = left / right.get('x', DIVISOR)"
    header = "page.header('needs', Finding('needs.leading.hidden', {'instead': unit}), [])"
    file = plan(where, QUICK, data=folder)
    cells = (GOOD, show, header, "page.provenance({}, fingerprint='f', threshold=5)")
    notebook(where / "nb" / "01_x.ipynb", *[c.replace("DIVISOR", "5") for c in cells])
    assert main(["report", str(file)]) == 0
    good = (where / "2026/01-x/A.id.html").read_text()
    assert "Unit ini terlalu kecil" in good

    notebook(where / "nb" / "01_x.ipynb", *[c.replace("DIVISOR", "0") for c in cells])
    assert main(["report", str(file)]) == 1
    printed = capfd.readouterr().out
    assert "FAILED 01_x, Unit A, id; the last good page is kept." in printed
    assert "Apa?: from cakra_analysis.report import Page" in printed
    assert "ZeroDivisionError: division by zero" in printed
    assert (where / "2026/01-x/A.id.html").read_text() == good
    index = (where / "index.html").read_text()
    assert '<span class="bad">' in index and "ZeroDivisionError" not in index
    told = where / "2026/01-x/A.id.failed.html"
    assert 'href="2026/01-x/A.id.failed.html"' in index
    assert "ZeroDivisionError: division by zero" in visible(told) and "Apa?" in visible(told)

    notebook(where / "nb" / "01_x.ipynb", *[c.replace("DIVISOR", "5") for c in cells])
    assert main(["report", str(file)]) == 0
    assert '<span class="bad">' not in (where / "index.html").read_text() and not told.exists()
    assert not list(where.rglob(".part-*"))


@pytest.mark.slow
def test_bad_data_stops_a_build_before_it_writes(folder, tmp_path_factory, capsys) -> None:
    where = tmp_path_factory.mktemp("bad")
    file = plan(where, QUICK, data=folder)
    edit(folder, "units", 3, "parent_id", "")
    assert main(["report", str(file)]) == 2
    assert "2 units have no parent" in capsys.readouterr().err
    assert not (where / "index.html").exists()


def test_files_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "a" / "x.html"
    write_whole(target, "old")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, "new")
    assert target.read_text() == "old" and list(target.parent.iterdir()) == [target]


def test_only_published_tables_are_shown() -> None:
    import pandas as pd

    page = Page("id")
    frame = pd.DataFrame({"value": [1.0], "suppressed": [False]})
    with pytest.raises(PrivacyError, match="not published"):
        page.table(frame, ["value:value:levels"], caption="x")
    with pytest.raises(PrivacyError, match="not published"):
        page.figure(lambda *_: None, frame, caption="x", alt="y")
    with pytest.raises(PrivacyError, match="not published"):
        page.provenance([frame])


def test_text_from_data_is_escaped() -> None:
    import pandas as pd

    from cakra_analysis.privacy import publish
    from cakra_analysis.results import Finding

    evil = "<script>alert(1)</script>"
    page = Page("id", person=evil)
    table = publish(pd.DataFrame({"unit": [evil], "n": [9]}), "gaps", audience="internal")
    shown = [
        page.header("needs", Finding("needs.leading.hidden", {"instead": evil}), [evil]),
        page.table(table, ["unit:unit:text", "n:n:count"], caption=evil),
        page.section("match", Finding("needs.match.hidden"), text=evil),
        page.figures([(evil, evil)]),
        page.summary([Finding("needs.match.hidden")]),
    ]
    for block in shown:
        assert isinstance(block, Block) and "<script" not in block.html


def run(unit: str, *, dataset: str = "Here", audience: str = "leadership") -> Run:
    parameters = {"cycle": "2026", "unit": unit, "lang": "id", "audience": audience}
    return Run(Path("01_x.ipynb"), parameters, f"Unit {unit}", dataset=dataset)


def test_the_index_lists_one_data_set_and_leaves_other_files_alone(tmp_path: Path) -> None:
    kept = {"title": "Found", "facts": {}, "findings": [], "tables": []}
    for one in (run("A"), run("A", audience="public"), run("B"), run("C", dataset="There")):
        keep_success(tmp_path, one, {"html": "page"}, kept, "2026-01-01T10:00:00+08:00")
    keep_failure(tmp_path, run("D", dataset="There"), "why", "", "2026-01-01T10:00:00+08:00")
    for name, text in (
        ("x.json", "{}"),
        ("y.json", "[1]"),
        ("z.json", "{"),
        ("a.failed.json", "3"),
    ):
        (tmp_path / "2026" / "01-x" / name).write_text(text)
    index, others = write_index(tmp_path, lang="id", dataset="Here")
    text = visible(index)
    assert others == 1 and "Cakra · Here" in text
    assert text.count("Unit A") == 2 and "pembaca: publik" in text and "Unit B" in text
    assert "Unit C" not in text and "Unit D" not in text
    for name in ("A.id", "A.public.id", "B.id"):
        assert f'href="2026/01-x/{name}.html"' in index.read_text()


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("ZeroDivisionError", "division by zero", "ZeroDivisionError: division by zero"),
        ("DataError", "row 3: 19860926 201505 1 001 in 2026-03", "row 3: … in 2026-03"),
        ("PlanError", "call 0812-3456-7890", "call …"),
    ],
)
def test_a_cause_that_may_be_shared_is_shown(name: str, text: str, shown: str) -> None:
    assert tell_cause(name, text) == shown


@pytest.mark.parametrize("name", ["KeyError", "ValueError", "FileNotFoundError", "Anything"])
def test_a_cause_that_may_quote_data_is_not(name: str) -> None:
    cause = tell_cause(name, "'I Made Budi Santoso 0812-3456-7890'")
    assert cause.startswith(f"{name};") and "Budi" not in cause and "0812" not in cause


@pytest.mark.slow
def test_a_failed_cell_tells_no_data(folder, tmp_path_factory, capfd) -> None:
    where = tmp_path_factory.mktemp("leak")
    file = plan(where, QUICK + "units = 'root'\n", data=folder)
    notebook(where / "nb" / "01_x.ipynb", GOOD, "{}['Made+Budi+201505+1'.replace('+', ' ')]")
    assert main(["report", str(file)]) == 1
    shared = capfd.readouterr().out + (where / "index.html").read_text()
    shared += (where / "2026/01-x/R.id.failed.json").read_text()
    shared += (where / "2026/01-x/R.id.failed.html").read_text()
    assert "KeyError" in shared and "Made Budi" not in shared and "201505 1" not in shared


@pytest.mark.slow
def test_another_data_set_in_the_same_folder_is_said(folder, tmp_path_factory, capfd) -> None:
    where = tmp_path_factory.mktemp("mixed")
    keep_success(where, run("Z"), {"html": "page"}, {"title": "Old"}, "2026-01-01T10:00:00+08:00")
    assert main(["report", str(plan(where, QUICK, data=folder))]) == 1
    assert "1 report of other data sets in the same folder" in capfd.readouterr().out
    assert "Unit Z" not in (where / "index.html").read_text()


def test_numbers_written_in_a_chart_are_not_cut() -> None:
    """Coordinates lose their far decimals; 16.177 people in an Indonesian chart do not."""
    ax = theme.new_axes(1.0, narrow=False)
    ax.text(0.123456, 0.5, "16.177 orang")
    svg = draw_svg(ax)
    assert "16.177 orang" in svg
    assert not re.search(r"<path[^>]*\d\.\d{4}", svg)


@pytest.mark.slow
def test_a_lopsided_comparison_is_shouted(tmp_path: Path) -> None:
    """LaLonde's trained men against a survey's people: all estimates, and a warning in front."""
    write_nsw(tmp_path / "nsw", "cps")
    plan_of_it = f"""
data = "{tmp_path}/nsw"
notebooks = "{ROOT}/notebooks"
[[report]]
notebook = "04_evaluation"
units = "root"
languages = ["en"]
audience = "internal"
formats = []
"""
    (tmp_path / "plan.toml").write_text(plan_of_it)
    assert main(["report", str(tmp_path / "plan.toml"), "--to", str(tmp_path)]) == 0
    text = visible(tmp_path / "2026/04-evaluation/US.internal.en.html")
    summary, rest = text.split("of 1 courses judged to work")
    assert "WARNING: trained and untrained were not comparable" in summary
    assert "differed by up to 3.8 standard deviations" in summary
    assert "−8,497.5" in rest and "+4,817.1" in rest  # what differences and gains alone would say
    assert "promising (C)" in rest  # not "works", whatever the interval says
