"""Official reports: every block of the page placed once, numbered, and safe as HTML and Word."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from cakra_analysis.errors import RunError
from cakra_analysis.report.captions import divide_caption
from cakra_analysis.report.document import write_docx
from cakra_analysis.report.laporan import render_report
from cakra_analysis.report.outline import Document, arrange, read_outlines
from cakra_analysis.settings import ReportSettings
from cakra_analysis.words.catalogue import catalogue
from tests.conftest import ROOT

WHEN = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))
SIGNED = ReportSettings(
    agency="BKPSDM", place="Mataram", signer_title="Kepala BKPSDM", signer="Nama Pejabat"
)
HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', 'Kel. "Ø" 🙂 \x0b שלום']
WORDS = {"person": "ASN", "item": "kompetensi", "unit_word": "unit", "target": "standar jabatan"}


def picture() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def section(name: str, small: str = "Nama") -> dict[str, Any]:
    return {
        "kind": "section",
        "name": name,
        "small": small,
        "title": f"Temuan {name}",
        "text": "T.",
    }


def table(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [
        {"name": "name_id", "kind": "text", "heading": "Kompetensi"},
        {"name": "value", "kind": "levels", "heading": "Kesenjangan"},
    ]
    return {"kind": "table", "number": "Tabel 9.", "caption": f"Isi {name}. Titik kecil.",
            "table": name, "columns": columns, "rows": rows, "lang": "id",
            "scroll": "Geser"}  # fmt: skip


def figure(name: str) -> dict[str, Any]:
    return {"kind": "figure", "number": "Gambar 9.", "caption": f"Rupa {name}.", "table": name,
            "alt": f"Diagram {name}.", "wide": "<svg></svg>", "narrow": "<svg></svg>",
            "png": picture()}  # fmt: skip


def row(name: str, value: float | None = 1.25) -> dict[str, Any]:
    return {"name_id": name, "value": value, "suppressed": value is None}


def page(*blocks: dict[str, Any], facts: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    known = {"words": {**WORDS, "confidence": 0.95}, "threshold": 5, "fingerprint": "ab" * 32}
    known["groups"] = {"Kerja sama": "manajerial", "Perekat bangsa": "sosial kultural"}
    header = {
        "kind": "header",
        "title": "Judul temuan",
        "eyebrow": "E",
        "facts": ["Kota", "Siklus 2026"],
    }
    summary = {"kind": "summary", "head": "R", "items": [{"head": "Kepala.", "text": "Isi."}]}
    figures = {"kind": "figures", "items": [{"value": "7", "what": "kompetensi"}]}
    end = {"kind": "provenance", "facts": {**known, **(facts or {})}, "findings": [], "tables": []}
    return [header, summary, figures, *blocks, end]


@pytest.fixture
def needs() -> list[dict[str, Any]]:
    rows = [row("Kerja sama"), row("Perekat bangsa", None), row("Literasi digital")]
    return page(
        section("where"), figure("gaps"), table("gaps", rows),
        section("order"), figure("ranked"), table("ranked", [row("Kerja sama")]),
        section("unknown"), table("other", [row("X")]), {"kind": "nothing"},
        {"kind": "notes", "name": "sure", "head": "Yakin?", "items": ["Satu.", "Dua."]},
        {"kind": "notes", "name": "next", "head": "Lalu?", "items": ["Tiga."]},
        table("plan", [row("Kerja sama")]),
        {"kind": "annex", "head": "Lampiran"},
        section("reliability"), table("reliability", [row("Diri")]), table("gaps", [row("Kel. A")]),
        section("stray"), table("stray", [row("Y")]),
    )  # fmt: skip


def find(document: Document, kind: str) -> list[Any]:
    return document.list_blocks(kind)


def part(document: Document, head: str) -> Any:
    parts = [p for chapter in document.chapters for p in chapter.parts if p.head == head]
    assert len(parts) == 1
    return parts[0]


def test_every_block_of_the_page_stands_in_the_report_once(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    titles = [b["title"] for b in find(document, "section")]
    assert sorted(titles) == sorted(b["title"] for b in needs if b["kind"] == "section")
    assert sorted(b["name"] for b in find(document, "notes")) == ["next", "sure"]
    assert [b["table"] for b in find(document, "figure")] == ["gaps", "ranked"]
    shown = sorted(r["name_id"] for b in find(document, "table") for r in b["rows"])
    given = sorted(r["name_id"] for b in needs if b["kind"] == "table" for r in b["rows"])
    assert shown == given
    assert len(find(document, "summary")) == len(find(document, "figures")) == 1
    assert [b["text"] for b in find(document, "statement")] == ["Judul temuan"]


@pytest.mark.parametrize("notebook", ["01_needs", "04_evaluation"])
def test_every_section_of_a_notebook_has_a_place(notebook) -> None:
    source = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text("utf-8")
    used = set(re.findall(r'page\.(?:section|notes)\(\\"(\w+)\\"', source))
    parts = [p for c in read_outlines()[notebook]["chapters"] for p in c["parts"]]
    named = {name for p in parts for name in p.get("from", ()) if "/" not in name}
    assert len(used) > 10
    assert used <= named
    assert [p["rest"] for p in parts if "rest" in p] == ["page", "annex"]


def test_competencies_stand_under_their_group_and_the_rest_stays(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    managerial = part(document, "Kesenjangan Kompetensi Manajerial").blocks
    assert [r["name_id"] for b in managerial for r in b["rows"]] == ["Kerja sama"]
    assert managerial[0]["caption"].startswith("Kompetensi manajerial: isi gaps")
    opening = next(c for c in document.chapters if c.mark == "BAB IV").parts[0]
    assert opening.head == ""
    left = [b for b in opening.blocks if b["kind"] == "table"]
    assert [r["name_id"] for r in left[0]["rows"]] == ["Literasi digital"]


def test_what_no_part_names_stands_with_the_results_or_in_the_annex(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    assert "Temuan unknown" in [
        b.get("title") for b in part(document, "Sebaran dan Kesesuaian Jabatan").blocks
    ]
    assert "Temuan stray" in [b.get("title") for b in part(document, "Perincian Lain").blocks]


def test_numbers_begin_anew_with_each_chapter_and_chapters_are_roman(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    numbers = [b["number"] for b in find(document, "table")]
    assert numbers == ["Tabel 3.1", "Tabel 4.1", "Tabel 4.2", "Tabel 4.3", "Tabel 4.4", "Tabel 4.5",
                       "Tabel 5.1", "Tabel L.1", "Tabel L.2"]  # fmt: skip
    assert [b["number"] for b in find(document, "figure")] == ["Gambar 4.1", "Gambar 4.2"]
    marks = [c.mark for c in document.chapters if c.mark]
    assert marks == [f"BAB {n}" for n in ("I", "II", "III", "IV", "V", "VI")]
    for chapter in document.chapters:
        letters = [p.mark for p in chapter.parts if p.head]
        assert letters == [f"{chr(65 + n)}." for n in range(len(letters))]


def test_a_part_without_results_says_so_and_no_heading_is_empty(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    said = part(document, "Pandangan Pemangku Kepentingan").blocks
    assert "tidak ada hasil yang dapat dilaporkan" in said[0]["text"]
    assert all(p.blocks for c in document.chapters for p in c.parts)
    assert (
        "no result to report"
        in part(arrange(needs, "01_needs", "en"), "Views of Stakeholders").blocks[0]["text"]
    )


def test_without_groups_the_table_stays_whole(needs) -> None:
    needs[-1]["facts"]["groups"] = {}
    document = arrange(needs, "01_needs", "id")
    heads = [p.head for c in document.chapters for p in c.parts]
    assert "Kesenjangan Kompetensi Manajerial" not in heads
    assert len(next(b for b in find(document, "table") if b["table"] == "gaps")["rows"]) == 3


def test_hidden_figures_are_explained_below_their_table(needs) -> None:
    document = arrange(needs, "01_needs", "id")
    notes = {
        b["rows"][0]["name_id"]: b["note"] for b in find(document, "table") if b["table"] == "gaps"
    }
    assert "• = disamarkan" in notes["Perekat bangsa"]
    assert "disamarkan" not in notes["Kerja sama"]


def test_long_captions_become_a_title_and_a_note() -> None:
    assert divide_caption("Kesenjangan di Kel. Mayura. Titik: sedikit.") == (
        "Kesenjangan di Kel. Mayura", "Titik: sedikit.")  # fmt: skip
    assert divide_caption("Rata-rata 95%. Garis: tengah.") == ("Rata-rata 95%", "Garis: tengah.")
    title, note = divide_caption(
        f"Kesesuaian menurut pemetaan kompetensi pegawai: {'x' * 60}; y. Z."
    )
    assert title == "Kesesuaian menurut pemetaan kompetensi pegawai"
    assert note.startswith("Xxx")
    assert note.endswith("y. Z.")


def test_refused_without_an_outline_or_a_header(needs) -> None:
    with pytest.raises(RunError, match="01_needs, 04_evaluation"):
        arrange(needs, "00_data_check", "id")
    with pytest.raises(RunError, match="no header"):
        arrange(needs[1:], "01_needs", "id")


def test_outlines_use_words_of_the_catalogue() -> None:
    known = set(catalogue("id"))
    for outline in read_outlines().values():
        keys = {f"laporan.head.{outline['title']}"}
        for chapter in outline["chapters"]:
            parts = chapter["parts"]
            keys |= {f"laporan.head.{p['name']}" for p in [chapter, *parts] if p["name"]}
            keys |= {f"laporan.text.{k}" for p in parts for k in p.get("text", ())}
            keys |= {f"laporan.fill_in.{k}" for p in parts for k in p.get("fill", ())}
        assert keys <= known


def render(blocks: list[dict[str, Any]], rules: ReportSettings = SIGNED, lang: str = "id") -> Any:
    return render_report(blocks, "01_needs", lang=lang, when=WHEN, rules=rules, index="../i.html")


def word(blocks: list[dict[str, Any]], rules: ReportSettings = SIGNED) -> bytes:
    document = arrange(blocks, "01_needs", "id")
    return write_docx(document, lang="id", when=WHEN, report_settings=rules)


def open_word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def test_page_has_contents_captions_signature_and_provenance(needs) -> None:
    made = render(needs)
    assert made.title == "Judul temuan"
    assert set(made.provenance) == {"title", "facts", "findings", "tables"}
    html = made.html
    targets = re.findall(r'<a href="#([\w-]+)">', html)
    ids = re.findall(r' id="([\w-]+)"', html)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert html.index("Daftar Isi") < html.index("Daftar Tabel") < html.index("Daftar Gambar")
    caption = html.index("<b>Tabel 4.1</b>")
    assert caption < html.index("<table", caption)
    drawing = html.rindex("<svg", 0, html.index("<b>Gambar 4.1</b>"))
    assert html.index('id="figure-4-1"') < drawing
    signed = html[html.index('class="signature"') :]
    assert "Mataram, 24 November 2026" in signed
    assert signed.index("Kepala BKPSDM") < signed.index("Nama Pejabat")
    assert "BAB IV" in html


def test_levels_of_headings_never_jump(needs) -> None:
    levels = [int(n) for n in re.findall(r"<h(\d)", render(needs).html)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.slow
def test_an_empty_signature_leaves_dotted_lines(needs) -> None:
    html = render(needs, ReportSettings()).html
    signed = html[html.index('class="signature"') :][:600]
    assert signed.count("." * 32) == 3
    assert "24 November 2026" in signed
    texts = [p.text for p in open_word(word(needs, ReportSettings())).paragraphs]
    assert texts.count("." * 32) == 2
    assert f"{'.' * 32}, 24 November 2026" in texts


def hostile() -> list[dict[str, Any]]:
    text = " ".join(HOSTILE)
    blocks = page(
        {**section("where"), "title": text, "text": text},
        {**figure("gaps"), "alt": text, "caption": text},
        {**table("gaps", [row(text)]), "caption": text},
        {"kind": "notes", "name": "sure", "head": text, "items": [text]},
    )
    blocks[0]["facts"] = [text, "Siklus 2026"]
    blocks[0]["title"] = text
    return blocks


def test_texts_from_data_stay_texts() -> None:
    html = render(hostile(), ReportSettings(agency=HOSTILE[0], signer=HOSTILE[0])).html
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 5
    content = word(hostile(), ReportSettings(agency=HOSTILE[0], signer=HOSTILE[0]))
    document = open_word(content)
    assert any(HOSTILE[0] in p.text and HOSTILE[1] in p.text for p in document.paragraphs)
    codes = [e.text for e in document.element.iter(qn("w:instrText"))]
    assert all(code.split()[0] in ("TOC", "PAGEREF", "SEQ", "PAGE") for code in codes)
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        told = [n for n in files.namelist() if b'TargetMode="External"' in files.read(n)]
    assert told == []
    assert not list(document.element.iter(qn("w:hyperlink")))


@pytest.mark.slow
def test_word_has_headings_in_order_and_captions_that_count(needs) -> None:
    document = open_word(word(needs))
    heads = [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style.name in ("Heading 1", "Heading 2")
    ]
    arranged = arrange(needs, "01_needs", "id")
    expected = []
    for chapter in arranged.chapters:
        expected.append(("Heading 1", f"{chapter.mark} {chapter.head}".strip()))
        expected += [("Heading 2", f"{p.mark} {p.head}") for p in chapter.parts if p.head]
    assert heads == expected
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    shown = arranged.list_blocks("table", "figure")
    assert captions == [f"{b['number']} {b['caption']}" for b in shown]
    codes = " ".join(e.text for e in document.element.iter(qn("w:instrText")))
    assert codes.count("SEQ Tabel") == len(arranged.list_blocks("table"))
    assert codes.count("SEQ Gambar") == len(arranged.list_blocks("figure"))
    entries = [p.text.strip() for p in document.paragraphs if p.style.name in ("toc 1", "toc 2")]
    assert entries == [text for _, text in expected]


def test_fields_of_word_open_and_close_and_lead_to_bookmarks(needs) -> None:
    document = open_word(word(needs))
    kinds = [e.get(qn("w:fldCharType")) for e in document.element.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 20
    names = {e.get(qn("w:name")) for e in document.element.iter(qn("w:bookmarkStart"))}
    codes = [e.text for e in document.element.iter(qn("w:instrText"))]
    assert {c.split()[1] for c in codes if "PAGEREF" in c} == names


def test_word_tables_repeat_their_header_and_mark_what_is_hidden(needs) -> None:
    document = open_word(word(needs))
    assert len(document.tables) == 9
    for made in document.tables:
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    cells = [c.text for made in document.tables for r in made.rows for c in r.cells]
    assert "•" in cells
    assert "1,25" in cells


def test_every_picture_of_word_is_described(needs) -> None:
    document = open_word(word(needs))
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert said == ["Diagram gaps.", "Diagram ranked."]


def test_word_names_nobody_and_knows_its_language(needs) -> None:
    content = word(needs)
    about = open_word(content).core_properties
    assert (about.author, about.last_modified_by, about.comments, about.keywords) == ("",) * 4
    assert about.title.startswith("Laporan Analisis Kebutuhan")
    assert about.language == "id-ID"
    assert about.created.replace(tzinfo=None) == datetime(2026, 11, 24, 1, 0)
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        everything = b"".join(files.read(name) for name in files.namelist() if name.endswith("xml"))
        assert not [name for name in files.namelist() if "thumbnail" in name]
    assert b"python-docx" not in everything
    langs = {e.get(qn("w:val")) for e in open_word(content).styles.element.iter(qn("w:lang"))}
    assert langs == {"id-ID"}


@pytest.mark.slow
def test_word_is_a4_with_page_numbers(needs) -> None:
    document = open_word(word(needs))
    front, body = document.sections
    for made in (front, body):
        assert (round(made.page_width.cm, 1), round(made.page_height.cm, 1)) == (21.0, 29.7)
        assert "PAGE" in made.footer._element.xml
    assert front.different_first_page_header_footer
    assert not body.different_first_page_header_footer


@pytest.mark.slow
def test_paper_lists_the_pages_on_which_parts_and_tables_stand(needs) -> None:
    from pypdf import PdfReader

    from cakra_analysis.report.pdf import write_pdf

    sheets = PdfReader(io.BytesIO(write_pdf(render(needs).html))).pages
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    document = arrange(needs, "01_needs", "id")
    heads = [f"{p.mark} {p.head}" for c in document.chapters for p in c.parts if p.head]
    heads += [b["number"] for b in document.list_blocks("table", "figure")]
    listed = " ".join(texts[1:4])
    for head in heads:
        told = re.search(rf"{re.escape(head)}\b[^.]*?\.[. ]*(\d+)", listed)
        assert told, head
        assert head in texts[int(told[1]) - 1], head
    assert len({text[-2:] for text in texts}) > 3
