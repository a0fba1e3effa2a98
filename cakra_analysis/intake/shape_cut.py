"""Rows of a sheet that are no answers: titles, totals, signatures, section lines."""

from __future__ import annotations

import re

from cakra_analysis.identifiers import is_raw
from cakra_analysis.intake.shape_header import is_figure
from cakra_analysis.intake.shape_sheet import Sheet
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.times import find_orders

TITLE, NUMBERING, AGAIN = "above the header", "numbers of the columns", "the header again"
TOTAL, SECTION, CLOSING = "a total", "a line over several columns", "a note or signature"
MOST_STEPS = 5  # of a scale: a row that counts further holds no answers
NAME = 4  # letters of a word that may be somebody's name: Min, Max
THIN = 0.25  # share of the columns that a row of a signature block fills at most

LEAD = r"(grand |sub[ -]?)?((nilai|skor|score|jumlah|total) )?"
SUM = r"(total|jumlah|jml|rata ?- ?rata|rerata|average)"
SPREAD = (
    r"(maks(imum|imal)?|max(imum)?|min(imum|imal)?|modus|mode|median|persen(tase)?|prosentase"
    r"|simpangan( baku)?|standar deviasi|std\.?( ?dev\.?(iasi|iation)?)?|varians?|variance|mean"
    r"|sum)"
)
AFTER = r"( (skor|nilai|score|jawaban))?[ .:%]*"
TOTALS = re.compile(rf"{LEAD}{SUM}\b.*|(mean|sum) of .*", re.IGNORECASE)
TOTAL_ALONE = re.compile(LEAD + SUM + AFTER, re.IGNORECASE)  # no name, no unit behind it
SPREAD_ALONE = re.compile(LEAD + SPREAD + AFTER, re.IGNORECASE)
CLOSES = re.compile(
    r"(mengetahui|menyetujui|disetujui|kepala|plt|plh|a\.? ?n\.? |sekretaris|pembina|penata|pejabat"
    r"|ttd|tanda tangan|nip\b|nip\.|catatan|keterangan|sumber|dibuat|dicetak|diunduh|petugas|ketua"
    r"|source|note|printed|signed|camat|lurah|walikota|\*)",
    re.IGNORECASE,
)
PLACE_AND_DAY = re.compile(r"[A-Za-z .]+, *(\d{1,2}|\.+|…) *[A-Za-z]* *\d{0,4}")
ANSWER = re.compile(r"\d{1,3}([.,]\d{1,2})?")  # a longer figure may be an NIP below a signature
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
    named = [c for c, heads_of in enumerate(zip(*heads, strict=True)) if any(heads_of)]
    for r in range(last + 1, len(rows)):
        if r == last + 1 and _is_numbering(rows, r, named):
            cut[r] = NUMBERING
        elif any(rows[r]) and [fold(cell) for cell in rows[r]] in heads:
            cut[r] = AGAIN
        elif _is_total(rows[r]):
            cut[r] = TOTAL
        elif _is_section(sheet, r):
            cut[r] = SECTION
    cut |= dict.fromkeys(_find_spreads(rows, last + 1, cut), TOTAL)
    return dict(sorted((cut | _find_closing(rows, last + 1, named, cut)).items()))


def _is_numbering(rows: list[list[str]], r: int, named: list[int]) -> bool:
    """Whether the row counts the named columns; few numbers may as well be somebody's answers."""
    places = [c for c, text in enumerate(rows[r]) if text]
    found = [COUNTED.fullmatch(rows[r][c]) for c in places]
    numbers = [int(match[1]) for match in found if match]
    whole = len(places) > 2 and places[0] == named[0] and set(named) <= set(places)
    if not whole or numbers != list(range(1, len(found) + 1)):
        return False
    below = [[row[c] for row in rows[r + 1 :] if row[c]] for c in places]
    return len(places) > MOST_STEPS or any(
        texts and not any(map(is_figure, texts)) for texts in below
    )


def _is_total(row: list[str]) -> bool:
    texts, words = _split_words(row)
    if not words or _tells_person(row):
        return False
    if len(words) == 1 and TOTALS.fullmatch(words[0]):
        return words[0] in texts[:2]
    return len(words) < len(texts) and bool(TOTAL_ALONE.fullmatch(texts[0]))


def _find_spreads(rows: list[list[str]], start: int, cut: dict[int, str]) -> set[int]:
    """Rows of a maximum, a median and the like: below all answers, or below those of a block."""
    filled = [r for r in range(start, len(rows)) if any(rows[r])]
    able = {r for r in filled if r not in cut and _is_spread(rows[r])}
    found: set[int] = set()
    below: int | None = None
    for r in reversed(filled):
        ends = below is None or r + 1 != below or below in cut or below in found
        if r in able and (ends or len(_split_words(rows[below or r])[0]) < 3):
            found.add(r)
        below = r
    return found if len(found) * 2 <= len(filled) else set()  # else they are answers


def _is_spread(row: list[str]) -> bool:
    texts, words = _split_words(row)
    if not texts or len(words) == len(texts) or len(words) > (1 if len(texts[0]) <= NAME else 2):
        return False
    return bool(SPREAD_ALONE.fullmatch(texts[0])) and not _tells_person(row)


def _split_words(row: list[str]) -> tuple[list[str], list[str]]:
    """The filled cells of a row, and those that are no figures."""
    texts = [text for text in row if text]
    return texts, [text for text in texts if not is_figure(text) and text not in "-#"]


def _tells_person(row: list[str]) -> bool:
    """Whether a row says when it was sent, or holds the number of a person."""
    return bool(row[0] and find_orders([row[0]])) or any(map(is_raw, filter(None, row)))


def _is_section(sheet: Sheet, r: int) -> bool:
    wide = [s for s in sheet.merged if s[0] == s[2] == r and s[3] - s[1] + 1 >= sheet.width / 2]
    return bool(wide) and sum(map(bool, sheet.rows[r])) <= 2


def _find_closing(
    rows: list[list[str]], start: int, named: list[int], cut: dict[int, str]
) -> dict[int, str]:
    """The notes and signatures at the end: thin rows from the first one that reads like one."""
    thin: list[int] = []
    for r in range(len(rows) - 1, start - 1, -1):
        texts = [text for text in rows[r] if text]
        wide = len(texts) > max(2, THIN * len(named))
        if r not in cut and (wide or _answers(rows[r], named)):
            break
        if texts and r not in cut:
            thin.insert(0, r)
    first = next((r for r in thin if _closes(rows[r])), None)
    return {r: CLOSING for r in thin if first is not None and r >= first}


def _answers(row: list[str], named: list[int]) -> bool:
    """Whether a row begins with a number or date, or has a figure of an answer below a name."""
    first = row[0] if row else ""
    begun = bool(first) and (is_figure(first) or bool(find_orders([first])))
    return begun or any(ANSWER.fullmatch(row[c]) for c in named)


def _closes(row: list[str]) -> bool:
    return any(CLOSES.match(text) or PLACE_AND_DAY.fullmatch(text) for text in row if text)
