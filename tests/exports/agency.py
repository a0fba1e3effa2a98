"""Workbooks that an agency keeps by hand: titles, merged headers, totals, signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.exports.people import ITEMS, LEVELS, NEEDS, UNITS, name, nip, numbers, unit
from tests.exports.write import Rows, book, save

TITLE: Rows = [["DATA KOMPETENSI PEGAWAI"], ["PEMERINTAH KOTA REKAAN"], []]
SIGNED: Rows = [
    [],
    [None, None, None, None, None, "Mataram, 2 Maret 2026"],
    [None, None, None, None, None, "Kepala Badan Contoh,"],
    [],
    [],
    [None, None, None, None, None, name(12)],
    [None, None, None, None, None, "Pembina Utama Muda"],
]


def answers(number: int) -> list[int | None]:
    return numbers(LEVELS[number - 1])


def mean(number: int) -> str | None:
    """A mean with a decimal comma, kept as text."""
    given = [level for level in answers(number) if level]
    return f"{sum(given) / len(given):.2f}".replace(".", ",") if given else None


def title_rows() -> bytes:
    """Title, when it was last changed, a blank row, the header in row 5; totals; a signature."""
    top: Rows = [["DATA KOMPETENSI PEGAWAI"], [], ["Update terakhir 02-03-2026 08.15.20"], []]
    header = ["No", "NIP", "NAMA", "PERANGKAT DAERAH", "JABATAN", *ITEMS, "RATA-RATA"]
    rows: Rows = [
        [n, f"'{nip(n)}" if n % 2 else f"`{nip(n)}", name(n), unit(n), "Pelaksana", *answers(n),
         mean(n)]
        for n in range(1, 11)
    ]  # fmt: skip
    total = ["JUMLAH", None, None, None, None, 29, 24, 31, 26, 21, None]
    average = [None, "Rata-rata", None, None, None, "3,22", "3,00", "3,44", "2,89", "2,63", "3,05"]
    return save(book({"Rekap": [*top, header, *rows, total, average, *SIGNED]}, Rekap=["A1:K1"]))


def two_rows() -> bytes:
    """A header of two rows: the group above, merged, the competency below."""
    top = ["No", "NIP", "Unit Kerja", "PENGUASAAN", None, None, "KEBUTUHAN", None, None]
    below = [None, None, None, *ITEMS[:3], *ITEMS[:3]]
    rows: Rows = [
        [n, nip(n), unit(n), *answers(n)[:3], *numbers(NEEDS[n - 1])[:3]] for n in range(1, 11)
    ]
    merged = ["A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:I4"]
    return save(book({"Sheet1": [*TITLE, top, below, *rows]}, Sheet1=merged))


def beside_merged() -> bytes:
    """A header of two rows; right of the merged headings stands a column that has only its own."""
    top = ["No", "NIP", "Unit Kerja", "PENGUASAAN", None, None, "KEBUTUHAN", None, None, None]
    below = [None, None, None, *ITEMS[:3], *ITEMS[:3], "Skor"]
    rows: Rows = [
        [n, nip(n), unit(n), *answers(n)[:3], *numbers(NEEDS[n - 1])[:3], n % 5 + 1]
        for n in range(1, 11)
    ]
    merged = ["A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:I4"]
    return save(book({"Sheet1": [*TITLE, top, below, *rows]}, Sheet1=merged))


def three_rows() -> bytes:
    """A header of three rows, as in agencies' recapitulations; numbers of columns below it."""
    top = ["NO", "NIP", "PERANGKAT DAERAH", "TINGKAT YANG DIMILIKI", None, None, None, "KET."]
    middle = [None, None, None, "MANAJERIAL", None, "SOSIAL KULTURAL", None, None]
    below = [None, None, None, "Integritas", "Kerja Sama", "Perekat Bangsa", "Toleransi", None]
    places = [1, 2, 3, 4, 5, 6, 7, 8]
    rows: Rows = [
        [n, nip(n), unit(n), *answers(n)[:4], "pindah" if n == 7 else None] for n in range(1, 11)
    ]
    merged = ["A4:A6", "B4:B6", "C4:C6", "D4:G4", "D5:E5", "F5:G5", "H4:H6"]
    sheet = [*TITLE, top, middle, below, places, *rows, *SIGNED]
    return save(book({"Rekap": sheet}, Rekap=merged))


def name_and_nip() -> bytes:
    """NAMA | NIP in one cell, as one application prints it."""
    header = ["#", "NAMA | NIP", "Satuan Organisasi", *ITEMS]
    rows: Rows = [[n, f"{name(n)} | {nip(n)}", unit(n), *answers(n)] for n in range(1, 11)]
    return save(book({"Worksheet": [header, *rows]}))


def nip_as_number() -> bytes:
    """NIPs that a spreadsheet took for numbers; their last digits are lost."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    rows: Rows = [[n, float(nip(n)), unit(n), *answers(n)] for n in range(1, 7)]
    return save(book({"Sheet1": [header, *rows]}))


def nip_rounded() -> bytes:
    """The same, made text afterwards: it ends in three zeros."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    rows: Rows = [[n, f"{nip(n)[:15]}000", unit(n), *answers(n)] for n in range(1, 7)]
    return save(book({"Sheet1": [header, *rows]}))


def dates() -> bytes:
    """Days as serial numbers, with dots, with hyphens and as true dates, in one column."""
    header = ["No", "NIP", "Unit Kerja", "Tanggal Pengisian", "TMT", *ITEMS]
    filled: list[Any] = [46083, "02.03.2026", "02-03-2026", date(2026, 3, 2), "2 Maret 2026",
                         "02/03/2026", datetime(2026, 3, 2, 10, 5, 33), "46.083", None,
                         "2026-03-02"]  # fmt: skip
    rows: Rows = [[n, nip(n), unit(n), filled[n - 1], 32874 + n, *answers(n)] for n in range(1, 11)]
    return save(book({"Sheet1": [*TITLE, header, *rows]}))


def nineteen_cells() -> bytes:
    """18 headers over 19 cells: every value stands one column too far to the right or not."""
    header = ["#", "NIP", "Nama Lengkap", "Jabatan", "Sub Satuan Organisasi", "Perangkat Daerah"]
    header += ["Jenis", "Sub Jenis", "Rumpun", "Nama Diklat", "Tempat", "Penyelenggara"]
    header += ["Tgl Mulai", "Tgl Selesai", "JP", "Tahun", "No STTPP", "Status"]
    rows: Rows = [
        [n, nip(n), name(n), "Pelaksana", "Seksi Contoh", unit(n), "Teknis", "Umum", "Layanan",
         "Pelatihan Rekaan", "Mataram", "Badan Contoh", "01-02-2026", "03-02-2026", "No/1", 20,
         2026, f"STTPP/{n}", "Disetujui"]
        for n in range(1, 7)
    ]  # fmt: skip
    return save(book({"Worksheet": [header, *rows]}))


def merged_body() -> bytes:
    """The unit stands once over the rows of its people; so does one answer."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    rows: Rows = []
    for n in range(1, 10):
        where = UNITS[(n - 1) // 3] if n % 3 == 1 else None
        rows.append([n, nip(n), where, *answers(n)])
    rows[5][4] = None  # E6 and E7 of the sheet are one cell
    return save(book({"Sheet1": [header, *rows]}, Sheet1=["C2:C4", "C5:C7", "C8:C10", "E6:E7"]))


def hidden() -> bytes:
    """A filter hides two rows, a column is hidden, and so is a whole sheet."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    rows: Rows = [[n, nip(n), unit(n), *answers(n)] for n in range(1, 11)]
    made = book({"Jawaban": [header, *rows], "Rahasia": [["NIP", "Catatan"], [nip(1), "lama"]]})
    for row in (4, 7):
        made["Jawaban"].row_dimensions[row].hidden = True
    made["Jawaban"].column_dimensions["G"].hidden = True
    made["Rahasia"].sheet_state = "hidden"
    return save(made)


def formulas(*, kept: bool) -> bytes:
    """Levels that are formulas; their results stand in the file only where they are kept."""
    header = ["No", "NIP", "Unit Kerja", "Skor 1", "Skor 2", "Integritas", "Kerja Sama"]
    rows: Rows = []
    results = {}
    for n in range(1, 7):
        first, second = [level or 1 for level in answers(n)[:2]]
        rows.append([n, nip(n), unit(n), first, second, f"=D{n + 1}+0", f"=E{n + 1}*1"])
        results |= {f"D{n + 1}+0": str(first), f"E{n + 1}*1": str(second)}
    return save(book({"Sheet1": [header, *rows]}), results if kept else None)


def formulas_kept() -> bytes:
    return formulas(kept=True)


def formulas_lost() -> bytes:
    return formulas(kept=False)


def several_sheets() -> bytes:
    """A sheet a unit, the same header, and one of notes."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    sheets: dict[str, Rows] = {"Petunjuk": [["Isi satu lembar per unit."], ["Skala 1-5."]]}
    for place, title in enumerate(UNITS):
        people = range(place + 1, 11, 3)
        sheets[title] = [header, *[[n, nip(n), unit(n), *answers(n)] for n in people]]
    return save(book(sheets))


def blank_rows() -> bytes:
    """Blank rows in between, a blank column within, columns formatted but never filled behind."""
    header = ["No", "NIP", None, "Unit Kerja", *ITEMS, None, None]
    rows: Rows = []
    for n in range(1, 9):
        rows.append([n, nip(n), None, unit(n), *answers(n), None, " "])
        if n % 3 == 0:
            rows.append([])
    return save(book({"Sheet1": [*TITLE, header, *rows, [], []]}))


def decimals() -> bytes:
    """Levels as decimals: 3,0 is a level, 3,5 is none, and 3.0 a number."""
    header = ["No", "NIP", "Unit Kerja", *ITEMS]
    rows: Rows = [
        [1, nip(1), unit(1), "4,0", "3,5", 5.0, 2.5, "1"],
        [2, nip(2), unit(2), "5", "4,00", 4, 4, "2 "],
        [3, nip(3), unit(3), "3", "3", 3.0, "3.0", 3],
        [4, nip(4), unit(4), 0, 6, -1, 55, "1e0"],
        [5, nip(5), unit(5), "4 (Mampu)", "3-4", "empat", "?", "-"],
        [6, nip(6), unit(6), True, "TRUE", "n/a", "#N/A", "#REF!"],
    ]
    return save(book({"Sheet1": [header, *rows]}))


def roster() -> bytes:
    """A list of hours by unit: nobody answered anything, so there is nothing to import."""
    top: Rows = [["REKAP JAM PELAJARAN"], [], ["Update terakhir 02-03-2026"], []]
    header = ["#", "PERANGKAT DAERAH", "JUMLAH PEGAWAI", "JUMLAH PEGAWAI JP >= 20"]
    header += ["JUMLAH PEGAWAI JP < 20", "PERSENTASE", "TOTAL JP", "RATA-RATA JP"]
    rows: Rows = [
        [n, UNITS[n % 3] + f" {n}", 40 + n, 30, 10 + n, f"{3000 / (40 + n):.2f}".replace(".", ","),
         800 + n, "20,1"]
        for n in range(1, 7)
    ]  # fmt: skip
    total: Rows = [["TOTAL", None, 261, 180, 81, "68,97", 4821, "18,5"]]
    return save(book({"Worksheet": [*top, header, *rows, *total]}))


FILES = {
    "agency-title.xlsx": title_rows,
    "agency-two-rows.xlsx": two_rows,
    "agency-beside-merged.xlsx": beside_merged,
    "agency-three-rows.xlsx": three_rows,
    "agency-name-nip.xlsx": name_and_nip,
    "agency-nip-number.xlsx": nip_as_number,
    "agency-nip-rounded.xlsx": nip_rounded,
    "agency-dates.xlsx": dates,
    "agency-19-cells.xlsx": nineteen_cells,
    "agency-merged-body.xlsx": merged_body,
    "agency-hidden.xlsx": hidden,
    "agency-formulas-kept.xlsx": formulas_kept,
    "agency-formulas-lost.xlsx": formulas_lost,
    "agency-sheets.xlsx": several_sheets,
    "agency-blank-rows.xlsx": blank_rows,
    "agency-decimals.xlsx": decimals,
    "agency-roster.xlsx": roster,
}
