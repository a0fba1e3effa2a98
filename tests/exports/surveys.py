"""National forms and text files as old spreadsheets write them."""

from __future__ import annotations

from tests.exports.people import (
    ABLE,
    ABLE_4,
    AGREE_4,
    FIGURES,
    FOUR,
    ITEMS,
    LEVELS,
    NEEDED,
    NEEDED_4,
    NEEDS,
    name,
    nip,
    numbers,
    say,
    unit,
)
from tests.exports.write import Rows, book, save, text

CODES = ["MAN-1", "MAN-2", "MAN-3", "MAN-4", "SOS-1"]


def lan() -> bytes:
    """LAN 2026: mastery and need of each item side by side, up to three topics in one cell."""
    header = ["nama", "nip", "unit", "jabatan", "jenjang", "instrument_version"]
    for code in CODES:
        header += [f"penguasaan_{code}", f"kebutuhan_{code}", f"gap_{code}"]
    header += ["bentuk_pengembangan", "kompetensi_lain"]
    rows = []
    for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1):
        scores: list[str] = []
        for level, wish in zip(numbers(have), numbers(need), strict=True):
            gap = "" if level is None or wish is None else str(wish - level)
            scores += [str(level or ""), str(wish or ""), gap]
        ways = "; ".join(["Pelatihan klasikal", "Coaching", "Magang"][: n % 4])
        rows.append([name(n), nip(n), unit(n), "Pelaksana", "Pelaksana", "2026.1", *scores, ways,
                     "Menulis naskah" if n == 6 else ""])  # fmt: skip
    return text([header, *rows])


def lan_old() -> bytes:
    """The form before: four steps, no neutral one."""
    header = ["NIP", "Unit", *[f"Penguasaan [{i}]" for i in ITEMS]]
    header += [f"Kebutuhan [{i}]" for i in ITEMS]
    rows = [
        [f"'{nip(n)}", unit(n), *say(have, ABLE_4), *say(FOUR[-n], NEEDED_4)]
        for n, have in enumerate(FOUR, start=1)
    ]
    return text([header, *rows])


def lan_words() -> bytes:
    """The same on five steps, in words, as a workbook; nobody chose the middle of mastery."""
    header = ["NIP", "Unit", *[f"Penguasaan [{i}]" for i in ITEMS]]
    header += [f"Kebutuhan [{i}]" for i in ITEMS]
    unmoved = [have.replace("3", "4") for have in LEVELS]
    rows: Rows = [
        [nip(n), unit(n), *[label or None for label in say(have, ABLE) + say(need, NEEDED)]]
        for n, (have, need) in enumerate(zip(unmoved, NEEDS, strict=True), start=1)
    ]
    return save(book({"Jawaban": [header, *rows]}))


def ptia() -> bytes:
    """Before and after a course, on four steps, in initials."""
    header = ["NIP", "Perangkat Daerah", "Peran"]
    aspects = ["Motivasi", "Kepercayaan Diri", "Membagikan Keilmuan", "Implementasi Keilmuan"]
    header += [f"{a} - Sebelum" for a in aspects] + [f"{a} - Sesudah" for a in aspects]
    rows = [
        [nip(n), unit(n), "Alumni", *say(FOUR[n - 1][:4], ["STS", "TS", "S", "SS"]),
         *say(FOUR[-n][:4], ["STS", "TS", "S", "SS"])]
        for n in range(1, 11)
    ]  # fmt: skip
    return text([header, *rows])


def tna() -> bytes:
    """Needed and held ability from 0 to 9: no scale of this project."""
    header = ["No", "NIP", "Unit Kerja", *[f"KKJ {i}" for i in ITEMS], *[f"KKP {i}" for i in ITEMS]]
    rows: Rows = []
    for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1):
        needed = [None if x is None else 2 * x - 1 for x in numbers(need)]
        held = [None if x is None else 2 * x - 2 for x in numbers(have)]
        rows.append([n, nip(n), unit(n), *needed, *held])
    return save(book({"TNA": [header, *rows]}))


def seven_steps() -> bytes:
    """Importance and performance from 1 to 7."""
    header = ["Timestamp", "Code", "Unit", *[f"A: importance [{i}]" for i in ITEMS]]
    header += [f"B: performance [{i}]" for i in ITEMS]
    steps = ["1", "3", "4", "6", "7"]
    rows = [
        [f"3/{n}/2026 9:05:33", f"H{n:02d}", unit(n), *say(need, steps), *say(have, steps)]
        for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1)
    ]
    return text([header, *rows])


def slider() -> bytes:
    """An evaluation after training: sliders from 0 to 100, and who has answered."""
    header = ["NAMA | NIP", "Perangkat Daerah", "Sudah/Belum Isi", "Menerapkan", "Membagikan"]
    rows = [
        [f"{name(n)} | {nip(n)}", unit(n), *(["Sudah", 60 + 4 * n, 95 - n] if n % 3 else
         ["Belum", "", ""])]
        for n in range(1, 11)
    ]  # fmt: skip
    return text([header, *rows], separator=";")


def blocks(labels: list[str]) -> Rows:
    header = ["No", "NIP", "Unit Kerja", *[f"Penguasaan [{i}]" for i in ITEMS], "Catatan"]
    return [header] + [
        [n, f"'{nip(n)}", unit(n), *say(have, labels), "Mutu – baik" if n == 4 else ""]
        for n, have in enumerate(LEVELS, start=1)
    ]


def windows() -> bytes:
    """Saved as CSV by a spreadsheet program set to Indonesia: semicolons, Windows' letters."""
    return text(blocks(ABLE), separator=";", encoding="cp1252")


def unicode_text() -> bytes:
    """Saved as Unicode text: UTF-16 and tabs."""
    return text(blocks(ABLE), separator="\t", encoding="utf-16")


def wide_row() -> bytes:
    """One row has a cell too many: a comma that nobody quoted."""
    lines = text(blocks(FIGURES)).split(b"\r\n")
    lines[3] = lines[3].replace(b"Kelurahan Misal", b"Kelurahan Misal, lantai 2")
    return b"\r\n".join(lines)


def short_row() -> bytes:
    """One row ends too early."""
    lines = text(blocks(FIGURES)).split(b"\r\n")
    lines[4] = lines[4].rsplit(b",", 3)[0]
    return b"\r\n".join(lines)


def off_scale() -> bytes:
    """Answers that no step of the scale is, one by one."""
    rows = blocks(ABLE)
    rows[1][3] = "Mampu sekali"
    rows[2][3] = "6"
    rows[3][3] = "Mampu, Cukup mampu"
    rows[4][3] = "Tidak  Mampu\u00a0"  # this one is a step
    rows[5][3] = "N/A"
    rows[6][3] = "Sangat Mampu."
    rows[7][3] = "mampu / tidak mampu"
    rows[9][3] = "0"
    rows[1][2] = "Dinas Entah"
    rows[2][2] = ""
    return text(rows)


def nobody() -> bytes:
    """A row without an NIP, two of one person, and a person who is spelled in two ways."""
    rows = blocks(ABLE)
    rows[2][1] = ""
    rows[5][1] = f"`{nip(4)}"
    rows[7][1] = f"{nip(6)[:8]} {nip(6)[8:14]} {nip(6)[14]} {nip(6)[15:]}"
    return text(rows)


def header_only() -> bytes:
    return text(blocks(ABLE)[:1])


def empty() -> bytes:
    return b""


def agree_five() -> bytes:
    """Agreement in words on five steps, "Ragu-ragu" for the middle, and one of four beside it."""
    header = ["Cap waktu", "NIP", "Unit Kerja", *[f"Saya menguasai [{i}]" for i in ITEMS]]
    header += [f"Organisasi mendukung [{i}]" for i in ["Waktu", "Dana", "Atasan"]]
    five = [*AGREE_4[:2], "Ragu-ragu", *AGREE_4[2:]]
    rows = [
        [f"{n:02d}/03/2026 09.05.33", nip(n), unit(n), *say(have, five), *say(four[:3], AGREE_4)]
        for n, (have, four) in enumerate(zip(LEVELS, FOUR, strict=True), start=1)
    ]
    return text([header, *rows])


FILES = {
    "lan-2026.csv": lan,
    "lan-old-four.csv": lan_old,
    "lan-words.xlsx": lan_words,
    "ptia-before-after.csv": ptia,
    "tna-0-9.xlsx": tna,
    "hennessy-1-7.csv": seven_steps,
    "slider-0-100.csv": slider,
    "text-windows.csv": windows,
    "text-utf16.txt": unicode_text,
    "text-wide-row.csv": wide_row,
    "text-short-row.csv": short_row,
    "text-off-scale.csv": off_scale,
    "text-nobody.csv": nobody,
    "text-header-only.csv": header_only,
    "text-empty.csv": empty,
    "agree-five-and-four.csv": agree_five,
}
