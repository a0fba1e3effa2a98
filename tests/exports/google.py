"""Google Forms: the sheet that the answers go to, and the form's own CSV."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.exports.people import (
    ABLE,
    AGREE,
    AGREE_4,
    FIGURES,
    FOUR,
    IMPORTANT,
    ITEMS,
    ITEMS_EN,
    LEVELS,
    NEEDED,
    NEEDS,
    SHORT,
    SHORT_4,
    name,
    nip,
    say,
    unit,
)
from tests.exports.write import book, save, text

START = datetime(2026, 3, 2, 9, 5, 33)
HAVE = [f"Seberapa mampu Anda saat ini? [{item}]" for item in ITEMS]
NEED = [f"Seberapa Anda membutuhkan pengembangan? [{item}]" for item in ITEMS]


def dotted(number: int) -> str:
    """A time as Google writes it for Indonesia: with dots."""
    return f"{START + timedelta(minutes=7 * number):%d/%m/%Y %H.%M.%S}"


def american(number: int) -> str:
    when = START + timedelta(minutes=7 * number)
    return f"{when.month}/{when.day}/{when.year} {when.hour}:{when:%M:%S}"


def akpk_id() -> bytes:
    """Indonesian; person 1 answers again, later; what stands below is the last answer."""
    header = ["Cap waktu", "NIP", "Nama Lengkap", "Perangkat Daerah", *HAVE, *NEED]
    rows = [
        [dotted(n), nip(n), name(n), unit(n), *say(have, ABLE), *say(need, NEEDED)]
        for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1)
    ]
    again = [dotted(11), nip(1), name(1), unit(1), *say("55555", ABLE), *say("11111", NEEDED)]
    return text([header, *rows, again])


def needs_en() -> bytes:
    """English; figures; a checkbox question one of whose options has a comma."""
    header = ["Timestamp", "Email Address", "Score", "Unit", "How would you like to learn?"]
    header += [f"How much do you need training in this? [{item}]" for item in ITEMS_EN]
    header += ["Anything else?"]
    ways = ["Workshop", "Coaching, mentoring", "E-learning"]
    rows = []
    for n, need in enumerate(NEEDS, start=1):
        chosen = ", ".join(ways[: n % 4]) if n % 4 else ""
        mail = f"contoh{n}@example.org"
        more = "More time, please\nand a room" if n == 3 else ""
        rows.append([american(n), mail, "0 / 0", unit(n), chosen, *say(need, FIGURES), more])
    return text([header, *rows])


def sheet_id() -> bytes:
    """The sheet saved as .xlsx: true dates, capitals and blanks as people typed them."""
    header = ["Stempel waktu", "NIP", "Unit  Kerja", *[f"Kompetensi saya  [{i}]" for i in ITEMS]]
    rows = []
    for n, have in enumerate(LEVELS, start=1):
        said = say(have, ABLE)
        if n == 2:
            said = [label.upper() for label in said]
        if n == 4:
            said = [label.replace(" ", "\u00a0") for label in said]
        if n == 6:
            said = [f"  {label.replace(' ', '  ')} " for label in said]
        rows.append([START + timedelta(minutes=n), nip(n), unit(n).lower(), *said])
    rows = [[cell if cell != "" else None for cell in row] for row in rows]
    return save(book({"Form Responses 1": [header, *rows]}))


def forms_csv() -> bytes:
    """The form's own CSV: everything quoted, time with its zone, several answers joined by ;."""
    header = ["Timestamp", "Username", "Which unit?", "Which formats?"]
    header += [f"I master this [{item}]" for item in ITEMS_EN]
    ways = ["Coaching, mentoring", "Workshop"]
    rows = [
        [f"2026/03/02 {8 + n % 4}:1{n % 10}:07 AM GMT+8", f"contoh{n}@example.org", unit(n),
         ";".join(ways[: n % 3]), *say(have, FIGURES)]
        for n, have in enumerate(LEVELS, start=1)
    ]  # fmt: skip
    return text([header, *rows], quote_all=True, line="\n")


def edited() -> bytes:
    """Person 2 edited the first answer after sending a second: the first row is the latest."""
    header = ["Cap waktu", "Alamat Email", "Instansi", *HAVE]
    order = [(1, 1, "43521"), (2, 12, "55555"), (3, 3, "33333"), (4, 4, "12345"), (2, 5, "11111")]
    rows = [
        [dotted(at), f"contoh{n}@example.org", unit(n), *say(have, ABLE)] for n, at, have in order
    ]
    return text([header, *rows])


def short_five() -> bytes:
    """Initials with an N: five steps; persons 3 and 11 give one answer to everything."""
    header = [
        "Cap waktu",
        "NIP",
        "Jabatan",
        "Unit Kerja",
        *[f"Saya menguasai [{i}]" for i in ITEMS],
    ]
    rows = [
        [dotted(n), nip(n), "Pelaksana", unit(n), *say(have, SHORT)]
        for n, have in enumerate([*LEVELS, "44444"], start=1)
    ]
    return text([header, *rows])


def short_unsure() -> bytes:
    """Initials without an N: S is 3 or 4, and the file cannot tell."""
    header = ["Cap waktu", "NIP", "Unit Kerja", *[f"Saya menguasai [{i}]" for i in ITEMS]]
    rows = [[dotted(n), nip(n), unit(n), *say(have, SHORT_4)] for n, have in enumerate(FOUR, 1)]
    return text([header, *rows])


def words_unsure() -> bytes:
    """Agreement in words, and nobody neutral: four steps, or five?"""
    header = ["Cap waktu", "NIP", "Unit Kerja", *[f"Saya menguasai [{i}]" for i in ITEMS]]
    rows = [[dotted(n), nip(n), unit(n), *say(have, AGREE_4)] for n, have in enumerate(FOUR, 1)]
    return text([header, *rows])


def stakeholders() -> bytes:
    """What partners outside think: no NIP, a group; one grid of agreement, one of importance."""
    header = ["Cap waktu", "Kode Responden", "Unsur"]
    header += [f"Seberapa penting bagi layanan [{i}]" for i in ITEMS]
    header += [f"Pegawai kami mampu [{i}]" for i in ITEMS]
    groups = ["Pemerintah", "Swasta", "Akademisi"]
    rows = [
        [dotted(n), f"P-{n:02d}", groups[n % 3], *say(need, IMPORTANT), *say(have, AGREE)]
        for n, (need, have) in enumerate(zip(NEEDS, LEVELS, strict=True), start=1)
    ]
    return text([header, *rows])


def hostile() -> bytes:
    """Formulas, very long text, pictures, marks that turn the text; two in a grid."""
    header = ["Cap waktu", "NIP", "Unit Kerja", *HAVE, "Saran"]
    said = [
        "=cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "+62 contoh",
        "-2+3",
        "sangat " * 700 + "panjang",
        "terima kasih \U0001f64f\U0001f389",
        "\u202egnilab\u202c \u200fkanan\u200e",
        'kutip "dalam" kutip; titik koma, koma\nbaris kedua',
        '=HYPERLINK("http://example.org","klik")',
        "\u200b\u2060",
    ]
    rows = [
        [dotted(n), nip(n), unit(n), *say(have, ABLE), said[n - 1]]
        for n, have in enumerate(LEVELS, start=1)
    ]
    rows[4][3] = "\u200eTidak mampu\u200f"  # marks that nobody sees
    rows[5][4] = "=1+1"
    rows[6][5] = "\U0001f44d"
    return text([header, *rows])


FILES = {
    "google-akpk-id.csv": akpk_id,
    "google-needs-en.csv": needs_en,
    "google-sheet-id.xlsx": sheet_id,
    "google-forms-download.csv": forms_csv,
    "google-edited.csv": edited,
    "google-short-five.csv": short_five,
    "google-short-unsure.csv": short_unsure,
    "google-words-unsure.csv": words_unsure,
    "google-stakeholders.csv": stakeholders,
    "google-hostile.csv": hostile,
}
