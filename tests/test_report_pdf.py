"""Reports on paper: every sheet looked at as pixels, and the document read as machines read it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from cakra_analysis.errors import PdfError
from cakra_analysis.report.paper import put_charts, take_charts
from cakra_analysis.report.pdf import load_weasyprint, write_pdf
from tests.sizes import THOROUGH
from tests.tiny_page import tiny_page


def has_pango() -> bool:
    try:
        load_weasyprint()
    except PdfError:
        return False
    return True


printing = pytest.mark.skipif(not has_pango(), reason="Pango is not installed")
KINDS = {
    "region": "2026/01-needs/CKR.id",
    "small unit": "2026/01-needs/KEL-11.id",
    "evaluation": "2026/04-evaluation/CKR.id",
    "design": "2026/02-design/CKR.id",
}
if THOROUGH:
    KINDS["implementation"] = "2026/03-implementation/CKR.id"
    KINDS["data check"] = "2026/00-data-check/CKR.internal.en"
FOOT, SHEET = 19.0, 297 - 17 - 19.0  # mm


@pytest.fixture(scope="session")
def printed(built: Path) -> dict[str, bytes]:
    """As the build made them."""
    return {kind: (built / f"{name}.pdf").read_bytes() for kind, name in KINDS.items()}


def read(pdf: bytes):
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(pdf))


def empty_shares(pdf: bytes, folder: Path) -> list[float]:
    """Free space at the foot of each sheet, as a share of what lies between the margins."""
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "50", "-gray", str(folder / "a.pdf"), str(folder / "sheet")]
    subprocess.run(command, check=True)
    shares = []
    for file in sorted(folder.glob("sheet*.pgm")):
        with file.open("rb") as stream:
            assert stream.readline() == b"P5\n"
            width, height = map(int, stream.readline().split())
            stream.readline()
            image = np.frombuffer(stream.read(), np.uint8).reshape(height, width)
        above = image[: int(height * (1 - FOOT / 297))]
        last = np.flatnonzero((above < 200).any(axis=1)).max()
        shares.append((len(above) - 1 - last) / (height * SHEET / 297))
    return shares


@printing
@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_no_sheet_but_the_last_is_more_than_a_third_empty(printed, tmp_path, kind) -> None:
    shares = empty_shares(printed[kind], tmp_path)
    assert len(shares) > 2
    assert max(shares[:-1]) <= 1 / 3, [round(share, 2) for share in shares]


@printing
@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.parametrize("kind", KINDS)
def test_machines_can_read_the_document(printed, built, kind) -> None:
    pdf, page = read(printed[kind]), (built / f"{KINDS[kind]}.html").read_text()
    root = pdf.trailer["/Root"]
    lang = KINDS[kind].rsplit(".", 1)[1]
    assert root["/Lang"] == lang and root["/MarkInfo"]["/Marked"]
    title = re.search("<title>(.*?)</title>", page)[1]
    assert pdf.metadata.title == title.replace("&#34;", '"').replace("&#39;", "'")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    alts = re.findall(r'class="wide" role="img" aria-label="([^"]*)"', page)
    assert count_tags(root["/StructTreeRoot"], "/Figure") == len(alts)
    assert count_tags(root["/StructTreeRoot"], "/Table") >= page.count("<table>")


def count_tags(node, tag: str) -> int:
    node = node.get_object()
    children = node.get("/K", []) if hasattr(node, "get") else []
    children = children if isinstance(children, list) else [children]
    own = hasattr(node, "get") and node.get("/S") == tag and ("/Alt" in node or tag != "/Figure")
    return int(own) + sum(count_tags(c, tag) for c in children if not isinstance(c, int))


@printing
@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.parametrize("kind", KINDS)
def test_sheets_are_numbered_and_named_and_headings_are_bookmarks(printed, built, kind) -> None:
    pdf = read(printed[kind])
    count = len(pdf.pages)
    for number, sheet in enumerate(pdf.pages, 1):
        text = sheet.extract_text()
        assert f"{number} / {count}" in text
        assert "Cakranegara" in text or "Kel. " in text
        assert abs(float(sheet.mediabox.width) - 595.3) < 1
    page = (built / f"{KINDS[kind]}.html").read_text()
    heads = len(re.findall(r"<h[1-3]\b", page))
    assert len(flatten(pdf.outline)) == heads and heads > 5
    assert not pdf.attachments and "/AA" not in pdf.trailer["/Root"]


def flatten(outline: list) -> list:
    return [x for o in outline for x in (flatten(o) if isinstance(o, list) else [o])]


@printing
@pytest.mark.slow
def test_charts_stay_drawings_with_the_pages_typefaces() -> None:
    pdf = read(write_pdf(tiny_page().html))
    names, pictures = set(), 0
    for sheet in pdf.pages:
        fonts = sheet["/Resources"].get("/Font", {})
        names |= {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
        pictures += len(sheet.images)
    assert pictures == 0
    assert all(re.search("Source.Sans|Plus.Jakarta", name) for name in names), names
    text = " ".join(sheet.extract_text() for sheet in pdf.pages)
    assert "Label id" in text  # of the chart's axis


@printing
@pytest.mark.slow
def test_the_same_page_gives_the_same_bytes() -> None:
    page = tiny_page().html
    assert write_pdf(page) == write_pdf(page)


@printing
@pytest.mark.slow
@pytest.mark.parametrize("tall", [2.0, 4.0, 6.0, 9.5] if THOROUGH else [4.0, 9.5])
def test_sheets_are_filled_whatever_the_charts(tmp_path, tall) -> None:
    shares = empty_shares(write_pdf(tiny_page(charts=5, tall=tall, rows=14).html), tmp_path)
    assert max(shares[:-1]) <= 1 / 3, shares


@printing
@pytest.mark.slow
def test_a_broken_table_repeats_its_header() -> None:
    pdf = read(write_pdf(tiny_page(rows=150, charts=1).html))
    sheets = [sheet.extract_text() for sheet in pdf.pages]
    for text in sheets:
        rows = re.findall(r"\bU\d{3}\b", text)
        assert not rows or text.index("Unit") < text.index(rows[0])
    assert sum(bool(re.search(r"\bU\d{3}\b", text)) for text in sheets) > 4


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes down who asks."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@printing
@pytest.mark.slow
def test_nothing_is_fetched_from_anywhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    with listening() as (address, asked):
        page = f"""<html lang="id"><title>x</title><link rel="stylesheet" href="{address}/a.css">
        <link rel="attachment" href="{secret.as_uri()}"><style>@import "{address}/b.css";
        p{{background:url({address}/c.png)}}</style><p>Here</p><img alt="d" src="{address}/d.png">
        <img alt="e" src="{secret.as_uri()}"><svg><image href="{address}/f.png"/></svg>"""
        pdf = read(write_pdf(page))
    assert asked == []
    assert not pdf.attachments and "Here" in pdf.pages[0].extract_text()


@pytest.mark.parametrize("error", ["ImportError", "OSError"])
def test_without_pango_one_line_says_what_to_install(tmp_path, monkeypatch, capsys, error) -> None:
    (tmp_path / "weasyprint.py").write_text(f"print('banner')\nraise {error}('libpango')")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [n for n in sys.modules if n.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(PdfError) as caught:
        write_pdf("<p>x</p>")
    assert "apt-get install libpango-1.0-0" in str(caught.value)
    assert "banner" not in "".join(capsys.readouterr())


@pytest.mark.slow
def test_charts_are_taken_out_and_put_back() -> None:
    page = tiny_page(charts=2, tall=9.5).html
    bare, charts = take_charts(page)
    assert len(charts) == 2 and "<svg" not in bare
    assert charts[0].scale < 1 and charts[0].alt == "Words 0"
    whole = put_charts(bare, charts)
    assert whole.count("<title>Words") == 2 and 'class="narrow"' not in whole
