"""LimeSurvey: codes, whole texts or both as headers; CSV, TSV and Excel; rows left unfinished."""

from __future__ import annotations

from tests.exports.people import ABLE, ITEMS, LEVELS, NEEDED, NEEDS, say, unit
from tests.exports.write import book, save, text

CODES = ["A1", "A2", "A3", "A4", "A5"]
UNIT_CODES = {"Dinas Rekaan": "U1", "Badan Contoh": "U2", "Kelurahan Misal": "U3"}
UNFINISHED = (4, 8)


def begin(number: int) -> list[str]:
    """What stands before each answer; an unfinished one has no date of submission."""
    done = number not in UNFINISHED
    when = f"2026-03-{number:02d} 10:0{number % 10}:00"
    return [str(number), when if done else "", "4" if done else "2", "id", f"{1000003 * number}",
            f"tkn{number:04d}", f"2026-03-{number:02d} 09:50:00"]  # fmt: skip


def other(number: int) -> tuple[str, str]:
    """The unit's code, and what was written where none fits."""
    return ("-oth-", "Puskesmas Khayal") if number == 5 else (UNIT_CODES[unit(number)], "")


def codes_csv() -> bytes:
    header = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate"]
    header += ["G1Q1", "G1Q1[other]"]
    header += [f"G2Q1[SQ00{n}]" for n in range(1, 6)] + [f"G2Q2[SQ00{n}]" for n in range(1, 6)]
    header += [f"G3Q1[SQ00{n}]" for n in range(1, 4)]
    rows = [
        [*begin(n), *other(n), *say(have, CODES), *say(need, CODES),
         *["Y" if n != 8 and (n + place) % 3 else "" for place in range(3)]]
        for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1)
    ]  # fmt: skip
    return text([header, *rows], quote_all=True, encoding="utf-8-sig", line="\n")


def words_csv() -> bytes:
    header = ["ID Respon", "Tanggal dikirim", "Halaman terakhir", "Bahasa awal", "Seed", "Token"]
    header += [
        "Tanggal mulai",
        "Di unit mana Anda bekerja?",
        "Di unit mana Anda bekerja? [Lainnya]",
    ]
    header += [f"Seberapa mampu Anda pada kompetensi berikut? [{item}]" for item in ITEMS]
    header += [f"Seberapa butuh Anda pada kompetensi berikut? [{item}]" for item in ITEMS]
    rows = []
    for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1):
        code, written = other(n)
        where = "Lainnya" if code == "-oth-" else unit(n)
        answers = [*say(have, ABLE), *say(need, NEEDED)]
        answers = ["N/A" if n == 2 and not said else said for said in answers]
        rows.append([*begin(n), where, written, *answers])
    return text([header, *rows], quote_all=True, encoding="utf-8-sig", line="\n")


def both_tsv() -> bytes:
    """Code and text as header, separated by tabs, the ending .tsv."""
    header = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page"]
    header += ["startlanguage. Start language", "seed. Seed", "token. Token"]
    header += ["startdate. Date started", "G1Q1. Which unit do you work in?"]
    header += [f"G2Q1[SQ00{n}]. How able are you? [{i}]" for n, i in enumerate(ITEMS, start=1)]
    rows = [[*begin(n), unit(n), *say(have, ABLE)] for n, have in enumerate(LEVELS, start=1)]
    return text([header, *rows], separator="\t", encoding="utf-8-sig", line="\n")


def excel() -> bytes:
    """Excel: every cell is text, figures too."""
    header = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "unit"]
    header += [f"butuh[{item}]" for item in ["M1", "M2", "M3", "M4", "M5"]]
    rows = [
        [*begin(n), unit(n), *say(need, ["1", "2", "3", "4", "5"])]
        for n, need in enumerate(NEEDS, start=1)
    ]
    return save(book({"Survey": [header, *rows]}))


FILES = {
    "lime-codes.csv": codes_csv,
    "lime-words.csv": words_csv,
    "lime-both.tsv": both_tsv,
    "lime-excel.xlsx": excel,
}
