"""Rows of a sheet that are no answers: titles, totals, signatures, section lines."""

from __future__ import annotations

import re

from cakra_analysis.intake.shape_header import is_figure
from cakra_analysis.intake.shape_sheet import Sheet
from cakra_analysis.intake.text import fold

TITLE, NUMBERING, AGAIN = "above the header", "numbers of the columns", "the header again"
TOTAL, SECTION, CLOSING = "a total", "a line over several columns", "a note or signature"
THIN = 0.25  # share of the columns that a row of a signature block fills at most

TOTALS = re.compile(
    r"(grand |sub ?)?(total|jumlah|jml|rata ?- ?rata|rerata|average|mean|sum)\b.*", re.IGNORECASE
)
CLOSES = re.compile(
    r"(mengetahui|menyetujui|disetujui|kepala|plt|plh|a\.? ?n\.? |sekretaris|pembina|penata|pejabat"
    r"|ttd|tanda tangan|nip\b|nip\.|catatan|keterangan|sumber|dibuat|dicetak|diunduh|petugas|ketua"
    r"|source|note|printed|signed|camat|lurah|walikota|\*)",
    re.IGNORECASE,
)
PLACE_AND_DAY = re.compile(r"[A-Za-z .]+, *(\d{1,2}|\.+|…) *[A-Za-z]* *\d{0,4}")
COUNTED = re.compile(r"\(?(\d{1,2})\)?")


def find_cut(sheet: Sheet, header: list[int]) -> dict[int, str]:
    """Find the rows of a sheet that are no answers.

    Parameters
    ----------
    sheet : Sheet
        Its rows.
    header : list of int
        The header's rows, from 0.

    Returns
    -------
    dict of int to str
        What a row is, by its number from 0; rows with nothing in them are left out.
    """
    rows, last = sheet.rows, header[-1]
    cut = {r: TITLE for r in range(header[0]) if any(rows[r])}
    heads = [[fold(cell) for cell in rows[r]] for r in header]
    for r in range(last + 1, len(rows)):
        if r == last + 1 and _is_numbering(rows[r]):
            cut[r] = NUMBERING
        elif any(rows[r]) and [fold(cell) for cell in rows[r]] in heads:
            cut[r] = AGAIN
        elif _is_total(rows[r]):
            cut[r] = TOTAL
        elif _is_section(sheet, r):
            cut[r] = SECTION
    filled = sum(any(heads_of) for heads_of in zip(*heads, strict=True))
    return dict(sorted((cut | _find_closing(rows, last + 1, filled, cut)).items()))


def _is_numbering(row: list[str]) -> bool:
    found = [COUNTED.fullmatch(text) for text in row if text]
    numbers = [int(match[1]) for match in found if match]
    return (
        len(found) > 2 and len(numbers) == len(found) and numbers == list(range(1, len(found) + 1))
    )


def _is_total(row: list[str]) -> bool:
    texts = [text for text in row if text]
    words = [text for text in texts if not is_figure(text) and text not in "-#"]
    return len(words) == 1 and bool(TOTALS.fullmatch(words[0])) and words[0] in texts[:2]


def _is_section(sheet: Sheet, r: int) -> bool:
    wide = [s for s in sheet.merged if s[0] == s[2] == r and s[3] - s[1] + 1 >= sheet.width / 2]
    return bool(wide) and sum(map(bool, sheet.rows[r])) <= 2


def _find_closing(
    rows: list[list[str]], start: int, columns: int, cut: dict[int, str]
) -> dict[int, str]:
    """The notes and signatures at the end: thin rows from the first one that reads like one."""
    thin: list[int] = []
    for r in range(len(rows) - 1, start - 1, -1):
        texts = [text for text in rows[r] if text]
        if r not in cut and (len(texts) > max(2, THIN * columns) or _numbered(rows[r])):
            break
        if texts and r not in cut:
            thin.insert(0, r)
    first = next((r for r in thin if _closes(rows[r])), None)
    return {r: CLOSING for r in thin if first is not None and r >= first}


def _numbered(row: list[str]) -> bool:
    return bool(row and row[0]) and is_figure(row[0])


def _closes(row: list[str]) -> bool:
    return any(CLOSES.match(text) or PLACE_AND_DAY.fullmatch(text) for text in row if text)
