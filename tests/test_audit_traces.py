"""Every kind of file, with something planted in it that must not leave, and without."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import docx
import nbformat.v4
import openpyxl
import pytest
from openpyxl.comments import Comment
from pypdf import PdfReader, PdfWriter

from cakra_analysis.audit import audit_reports
from cakra_analysis.audit.known import Known, read_known
from cakra_analysis.audit.person_numbers import find_numbers
from cakra_analysis.audit.pieces import Piece
from cakra_analysis.audit.traces import find_traces

# In pieces where this file would otherwise hold what it forbids elsewhere. Nobody has these.
NIP = "19860926" + "201505" + "1001"
NIK = "527103" + "660986" + "0001"
MAIL = "bkpsdm" + "@" + "contoh.go.id"
SECRET = "sandi_" + "rahasia_1945"
PATH = "/" + "home/siti/laporan.csv"
LINK = "http" + "://contoh.go.id/lacak.js"
FINGERPRINT = "f1854718bb9731f7ec403a9cb5" + NIP + "00d10a77321fc3797203"


@pytest.fixture
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "staff.csv").write_text(
        "staff_id,unit_id,nama\nS001,A,Siti Aminah\nP-KMXQ7ABCDEF2,A,Lalu Wira\n"
    )
    (folder / "sessions.csv").write_text("session_id,trainer,nama_pengajar\nC1-1,T011,Made\n")
    (folder / "units.csv").write_text("unit_id,name\nA,Kelurahan Sayang\n")
    return str(folder)


def page(body="", head=""):
    return f"<!doctype html><html lang=id><title>Laporan</title>{head}<h1>Hasil</h1>{body}".encode()


def json_of(**more):
    return json.dumps({"title": "Hasil", "value": 0.6179219838606281, **more}).encode()


def svg(alt):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{alt}</desc><path d="M1 2"/></svg>'.encode()
    )


def notebook(metadata=None, source="data = 'region'", output=""):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    cell.outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
    made = nbformat.v4.new_notebook(cells=[cell], metadata=metadata or {})
    return nbformat.writes(made).encode()


def workbook(cell="Kantor", comment="n", name="Ringkasan", title="Hasil", note="Unit", link=""):
    book = openpyxl.Workbook()
    book.active["A1"], book.properties.title = note, title
    hidden = book.create_sheet(name)
    hidden.sheet_state, hidden["B2"] = "veryHidden", cell
    hidden["C3"].comment = Comment(comment, "cakra")
    if link:
        hidden["C4"].hyperlink = link
    book.defined_names.add(
        openpyxl.workbook.defined_name.DefinedName("asal", attr_text=f'"{note}"')
    )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def document(author="BKPSDM", parts=("Kesenjangan",)):
    made = docx.Document()
    made.core_properties.author = author
    paragraph = made.add_paragraph()
    for part in parts:
        paragraph.add_run(part)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def portable(body="Hasil", subject="Laporan", attachment=b"", alt=""):
    """A PDF as the builder makes it."""
    from weasyprint import HTML

    picture = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    )
    shown = f'<p>{body}</p><img alt="{alt}" src="{picture}">'
    printed = HTML(string=page(shown).decode()).write_pdf(pdf_variant="pdf/ua-1")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    writer.add_metadata({"/Subject": subject})
    if attachment:
        writer.add_attachment("data.csv", attachment)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


# kind of leak, name of the file, its content, the content of its clean twin
PLANTED = {
    "nip in a comment of a page": ("NIP", "a.html", page(f"<!-- {NIP} -->"), page("<!-- x -->")),
    "nip in alt text": ("NIP", "a.html", page(f'<img alt="Grafik {NIP}">'), page('<img alt="G">')),
    "nip in a drawing": ("NIP", "a.svg", svg(f"NIP {NIP}"), svg("NIP")),
    "nip cut up by tags": (
        "NIP",
        "a.html",
        page(f"<p>{NIP[:8]} <b>{NIP[8:14]}</b> {NIP[14]} {NIP[15:]}</p>"),
        page(f"<p>{NIP[:8]}</p><p>{NIP[8:14]}</p>"),
    ),
    "nip with invisible characters": (
        "NIP",
        "a.html",
        page(f"<p>{NIP[:8]}\u200b{NIP[8:14]}\u00ad{NIP[14:]}"),
        page("<p>\u200b\u00ad"),
    ),
    "nip in full-width digits": (
        "NIP",
        "a.csv",
        "".join(chr(0xFF10 + int(digit)) for digit in NIP).encode(),
        "".join(chr(0xFF10 + int(digit)) for digit in NIP[:9]).encode(),
    ),
    "nip in an embedded picture": (
        "NIP",
        "a.html",
        page(
            f'<img src="data:image/svg+xml,{svg(NIP).decode().replace("#", "%23")}">'.replace(
                '"http://www.w3.org/2000/svg"', "x"
            )
        ),
        page("<img src='data:image/svg+xml,%3Csvg/%3E'>"),
    ),
    "nip in a hidden sheet": ("NIP", "a.xlsx", workbook(f"x {NIP}"), workbook("19860926")),
    "nip as a spoilt number": (
        "NIP",
        "a.csv",
        b"unit,n\nA,1.98609262015051E+17\n",
        b"unit,n\nA,198609262015\n",
    ),
    "nip in a workbook's comment": ("NIP", "a.xlsx", workbook(comment=NIP), workbook()),
    "identifier in a sheet's name": ("identifier", "a.xlsx", workbook(name="S001"), workbook()),
    "name in a workbook's properties": (
        "name",
        "a.xlsx",
        workbook(title="Untuk Siti Aminah"),
        workbook(title="Untuk Siti"),
    ),
    "path in a defined name": ("path", "a.xlsx", workbook(note=PATH), workbook(note="a/b")),
    "link in a workbook": ("link", "a.xlsx", workbook(link=LINK), workbook(link="a.html")),
    "nip in PDF metadata": ("NIP", "a.pdf", portable(subject=f"NIP {NIP}"), portable()),
    "nip in PDF text": ("NIP", "a.pdf", portable(body=f"oleh {NIP[:8]} {NIP[8:]}"), portable()),
    "name in a PDF's alt text": ("name", "a.pdf", portable(alt="Siti Aminah"), portable(alt="G")),
    "link in a PDF": (
        "link",
        "a.pdf",
        portable(body=f"<a href='{LINK}'>x</a>"),
        portable(body="<a href='#a'>x</a>"),
    ),
    "nik in a PDF's attachment": (
        "NIK",
        "a.pdf",
        portable(attachment=NIK.encode()),
        portable(attachment=b"5271"),
    ),
    "identifier in notebook metadata": (
        "identifier",
        "a.ipynb",
        notebook({"cakra": {"by": "P-KMXQ7ABCDEF2"}}),
        notebook({"cakra": {"by": "P-KMXQ7ABCDEF22"}}),
    ),
    "secret in the injected cell": (
        "secret",
        "a.ipynb",
        notebook(source=f'password = "{SECRET}"'),
        notebook(source='password = ""'),
    ),
    "secret in JSON": ("secret", "a.json", json_of(api_key=SECRET), json_of(api_key="")),
    "private key": (
        "secret",
        "a.txt",
        b"-----BEGIN " + b"RSA PRIVATE KEY-----",
        b"-----BEGIN REPORT-----",
    ),
    "error in an output": (
        "code",
        "a.ipynb",
        notebook(output="Traceback (most recent call last):"),
        notebook(output="selesai"),
    ),
    "code on a page": ("code", "a.html", page("<pre>import pandas as pd</pre>"), page("impor")),
    "placeholder on a page": ("code", "a.html", page("<p>{{ unit }}"), page("<p>{unit}")),
    "e-mail in a document's properties": ("e-mail", "a.docx", document(MAIL), document()),
    "nip in runs of a document": (
        "NIP",
        "a.docx",
        document(parts=(NIP[:8], " ", NIP[8:])),
        document(parts=(NIP[:8], NIP[8:12])),
    ),
    "script in a report": ("script", "a.html", page("<script>1</script>"), page()),
    "handler in a report": ("script", "a.html", page("<p onclick='x()'>"), page("<p class=on>")),
    "address without a scheme": (
        "link",
        "a.html",
        page(head="<link rel=stylesheet href=//contoh.go.id/a.css>"),
        page(head="<link rel=stylesheet href=a.css>"),
    ),
    "address in a style": (
        "link",
        "a.html",
        page(head="<style>p{background:url(//contoh.go.id/a.png)}</style>"),
        page(head="<style>p{background:url(a.png)}</style>"),
    ),
    "telephone": ("telephone", "a.csv", b"unit,0812-3456-7890", b"unit,0.8123456789012"),
    "nik as a number": ("NIK", "a.json", json_of(x=int(NIK)), json_of(x=int("99" + NIK[2:]))),
    "trainer": ("identifier", "a.json", json_of(by="T011, A"), json_of(by="XT011, T0112")),
    "name in another case": ("name", "a.html", page("oleh LALU WIRA."), page("lalu wirausaha")),
    "single name": ("name", "a.html", page("<td>Made</td>"), page("made in")),
    "unknown type": ("unread", "a.bin", bytes([0, 200, 255]), b"teks"),
    "unreadable workbook": ("unread", "a.xlsx", b"PK\x03\x04 broken", workbook()),
    "unreadable PDF": ("unread", "a.pdf", b"%PDF-1.7 broken", portable()),
}


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED)
def test_planted_trace_is_found_and_its_clean_twin_is_not(planted, tmp_path, data):
    kind, name, content, clean = PLANTED[planted]
    file = tmp_path / "2026" / name
    file.parent.mkdir()
    file.write_bytes(content)
    leaks = audit_reports(tmp_path, data=data)
    assert set(leaks["kind"]) == {kind}
    said = leaks.to_csv()
    assert not any(whole in said for whole in (NIP, NIK, MAIL, SECRET, PATH, "Siti Aminah", "T011"))
    file.write_bytes(clean)
    assert audit_reports(tmp_path, data=data).to_dict("records") == []


@pytest.mark.parametrize(
    ("kind", "leaky", "clean"),
    [
        ("NIP", f"2026/{NIP}.id.html", "2026/KEL-09.id.html"),
        ("name", "2026/siti-aminah.id.html", "2026/siti.id.html"),
        ("identifier", "2026/S001/x.html", "2026/S0012/x.html"),
    ],
)
def test_person_in_a_file_name(kind, leaky, clean, tmp_path, data):
    file = tmp_path / leaky
    file.parent.mkdir(parents=True)
    file.write_bytes(page())
    (leak,) = audit_reports(tmp_path, data=data).to_dict("records")
    assert leak["kind"] == kind
    assert "…" in leak["file"]
    assert leaky not in leak["file"]
    other = tmp_path / clean
    other.parent.mkdir(parents=True, exist_ok=True)
    file.rename(other)
    assert audit_reports(tmp_path, data=data).empty


def test_the_key_of_the_pseudonyms(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_bytes(json_of(x="kunci-yang-rahasia-sekali"))
    assert audit_reports(tmp_path).empty
    monkeypatch.setenv("CAKRA_KEY", "kunci-yang-rahasia-sekali")
    assert audit_reports(tmp_path)["kind"].tolist() == ["secret"]


def test_key_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.json").write_bytes(json_of(x="a" * 32))
    (tmp_path / "key").write_text("a" * 32 + "\n")
    monkeypatch.setenv("CAKRA_KEY_FILE", str(tmp_path / "key"))
    assert audit_reports(tmp_path / "reports")["kind"].tolist() == ["secret"]


def test_key_in_another_writing(tmp_path, monkeypatch):
    monkeypatch.setenv("CAKRA_KEY", bytes(range(32)).hex())
    (tmp_path / "a.json").write_bytes(json_of(x=base64.b64encode(bytes(range(32))).decode()))
    assert audit_reports(tmp_path)["kind"].tolist() == ["secret"]


def test_odd_names_of_the_data_are_no_templates_and_no_links(tmp_path):
    """A unit that is called like a template or a formula is only oddly called."""
    name = "{{ 7*7 }} =HYPERLINK(" + LINK + ")"
    (tmp_path / "a.html").write_bytes(page(f"<h2 title='{name}'>{name}</h2>"))
    assert set(audit_reports(tmp_path)["kind"]) == {"code"}
    (tmp_path / "a.json").write_bytes(json_of(tables=[], audience="public", cycle="1", unit=name))
    assert audit_reports(tmp_path).empty


def test_index_may_have_its_one_script(tmp_path):
    (tmp_path / "index.html").write_bytes(page("<script>cari()</script>"))
    assert audit_reports(tmp_path).empty
    (tmp_path / "index.html").write_bytes(page("<script>1</script><script>2</script>"))
    assert audit_reports(tmp_path)["kind"].tolist() == ["script"]
    (tmp_path / "index.html").write_bytes(page("<script src=a.js></script>"))
    assert audit_reports(tmp_path)["kind"].tolist() == ["script"]


def test_file_within_a_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.xlsx", workbook(NIP))
    assert set(audit_reports(tmp_path)["kind"]) == {"NIP"}


@pytest.mark.parametrize(
    "text",
    [
        f"NIP.{NIP}/III",
        f"({NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]})",
        f"12 {NIP[:8]}.{NIP[8:14]}.{NIP[14]}.{NIP[15:]} 7",
        " ".join(NIP),
        "199001012023211003",  # of a PPPK
        NIP[:15] + "000",  # as a spreadsheet spoils it
    ],
)
def test_nip_is_found_in_longer_text(text):
    assert [kind for kind, *_ in find_numbers(text)] == ["NIP"]


@pytest.mark.parametrize(
    "text",
    [
        FINGERPRINT,
        "Rp 198.609.262.015.051.001",
        "0.19860926201505100",
        f"{NIP}1",
        "2021 2022 2023 2024 2025",
        "90 84 59 64 58 59 62 67 12 01",
        "198613262015051001",  # no such month
        "2026-11-25T02:18:31+08:00",
        "Rp 8.123.456.789, 081 dari 4567",
        "0,8123456789",
        "-----BEGIN REPORT-----",
        "token",
    ],
)
def test_other_long_numbers_are_no_persons(text):
    assert list(find_traces(Piece("", text, "visible"), Known())) == []


def test_what_is_known_comes_from_tables_about_persons(data):
    known = read_known(data)
    assert known.identifiers == {"S001", "P-KMXQ7ABCDEF2", "T011"}
    assert {name for names in known.names.values() for name in names} == {
        ("siti", "aminah"),
        ("lalu", "wira"),
        ("made",),
    }
