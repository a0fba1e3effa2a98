"""Which rows of a sheet are its header, and one name a column from them."""

from __future__ import annotations

import itertools
import re

from cakra_analysis.errors import DataError
from cakra_analysis.intake.shape_sheet import Sheet
from cakra_analysis.intake.text import tidy_text
from cakra_analysis.intake.vocabulary import field_of, plain

SEARCHED = 30  # rows in which the header must begin
FULL = 0.6  # share of the columns, and of texts among them, that make a row a header
MOST_ROWS = 3
JOINED = ": "
FIGURE = re.compile(r"[-+(]?[\d.,:/ %()Rp-]*\d[\d.,:/ %)-]*")


def find_header(sheet: Sheet) -> list[int]:
    """Find the header of a sheet.

    Parameters
    ----------
    sheet : Sheet
        Rows from 0.

    Returns
    -------
    list of int
        One to three rows on end: the first row in which most columns hold different texts, or one
        soon after it whose texts are known names of columns; and what merged cells add to it.

    Raises
    ------
    DataError
        When no row looks like a header.
    """
    rows = spread_merged(sheet)
    most = max((_filled(row) for row in sheet.rows), default=0)
    likely = [r for r in range(min(len(rows), SEARCHED)) if _is_header(rows[r], most)]
    if not likely:
        raise DataError(
            f"{sheet.where}: no row looks like a header.",
            allowed=f"It is among the first {SEARCHED} rows, and most of its cells hold texts.",
            do="Write its number in the mapping, for instance header = 5.",
        )
    first = likely[0]
    if _known(rows[first]) < FULL:
        named = [r for r in likely if _known(rows[r]) >= FULL and r <= first + MOST_ROWS * 2]
        first = named[0] if named else first
    return _extend(sheet, first)


def spread_merged(sheet: Sheet) -> list[list[str]]:
    """Return the rows of a sheet with each merged cell's text in all places that it covers.

    Parameters
    ----------
    sheet : Sheet
        Rows and merged cells.

    Returns
    -------
    list of list of str
        New rows.
    """
    rows = [list(row) for row in sheet.rows]
    for top, left, bottom, right in sheet.merged:
        if top >= len(rows) or left >= sheet.width:
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, sheet.width)):
                rows[row][column] = sheet.rows[top][left]
    return rows


def name_columns(sheet: Sheet, header: list[int]) -> list[str]:
    """Name the columns of a sheet by its header.

    Parameters
    ----------
    sheet : Sheet
        Its rows.
    header : list of int
        The header's rows, from 0.

    Returns
    -------
    list of str
        A name a column, blank where it has none: the texts above each other, joined by ``": "``.
    """
    rows = spread_merged(sheet)
    if len(header) == 1:
        return rows[header[0]]
    levels = [[tidy_text(cell) for cell in rows[r]] for r in header]
    drawn = any(top in header and right > left for top, left, _, right in sheet.merged)
    for upper, lower in itertools.pairwise([] if drawn else levels):
        for column in range(1, sheet.width):  # what a merged cell left blank in a text file
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    names = []
    for texts in zip(*levels, strict=True):
        parts = [text for place, text in enumerate(texts) if text and text not in texts[:place]]
        names.append(JOINED.join(part.rstrip(" :") for part in parts))
    return names


def is_figure(text: str) -> bool:
    """Tell whether a cell is a number, a date or a percentage and no text.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    bool
        True for digits with what may stand between and around them.

    Examples
    --------
    >>> [is_figure(text) for text in ("1.234,5", "12 %", "(3)", "Jumlah", "S1")]
    [True, True, True, False, False]
    """
    return bool(FIGURE.fullmatch(text))


def _is_header(row: list[str], most: int) -> bool:
    texts = [text for text in row if text]
    if len(texts) < FULL * most or len(set(texts)) < min(3, most):
        return False
    return sum(not is_figure(text) for text in texts) >= FULL * len(texts)


def _known(row: list[str]) -> float:
    texts = [plain(text) for text in row if text]
    return sum(text in field_of() for text in texts) / max(len(texts), 1)


def _filled(row: list[str]) -> int:
    return sum(map(bool, row))


def _extend(sheet: Sheet, first: int) -> list[int]:
    """Add the rows above and below that belong to the same header."""
    header = [first]
    while len(header) < MOST_ROWS and header[0] > 0 and _completes(sheet, header[0] - 1):
        header.insert(0, header[0] - 1)
    while len(header) < MOST_ROWS and header[-1] + 1 < len(sheet.rows):
        top, below = header[-1], header[-1] + 1
        merged = any(t <= top < b for t, _, b, _ in sheet.merged)
        if not merged and not _completes(sheet, top):
            break
        header.append(below)
    return header


def _completes(sheet: Sheet, top: int) -> bool:
    """Whether the row below only names what the row above leaves open or groups."""
    upper, lower = sheet.rows[top], sheet.rows[top + 1]
    named = [c for c, text in enumerate(upper) if text]
    if (
        len({upper[c] for c in named}) < 2
        or not any(lower)
        or any(map(is_figure, filter(None, lower)))
    ):
        return False
    groups = {c for c in named if c + 1 < sheet.width and not upper[c + 1] and lower[c + 1]}
    alone = [c for c in named if c not in groups]
    below = [c for c, text in enumerate(lower) if text]
    return bool(groups) and bool(alone) and len(below) > 1 and not lower[alone[0]]
