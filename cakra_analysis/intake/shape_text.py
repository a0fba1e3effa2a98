"""Text files of every kind become rows of cells: the encoding and the separator are found."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cakra_analysis.errors import DataError

SEPARATORS = ",;\t|"
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
TRIED = 200  # rows that a separator is tried on
MARKED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True)
class TextRows:
    """The cells of a text file.

    Attributes
    ----------
    rows : list of list of str
        As they stand; rows may differ in length.
    note : str
        Encoding and separator, for the account.
    """

    rows: list[list[str]]
    note: str


def read_text(file: Path) -> TextRows:
    """Read a CSV or TSV file whatever program saved it.

    Parameters
    ----------
    file : Path
        UTF-8 with or without a mark, UTF-16 or Windows-1252; separated by comma, semicolon, tab or
        bar.

    Returns
    -------
    TextRows
        Cells and what was found.

    Raises
    ------
    DataError
        When it is not text, or a quote is not closed.
    """
    text, encoding = _decode(file)
    marked = MARKED.match(text)
    separator = marked[1] if marked else _find_separator(text)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise DataError(
            f"{file}: the cells cannot be told apart: {error}.",
            allowed=f"It was read as {encoding}, separated by {NAMES.get(separator, separator)}.",
            do="A quote inside a text is doubled, and each is closed; export the file again.",
        ) from None
    if marked:
        rows[0] = []
    return TextRows(rows, f"Read as {encoding}, separated by {NAMES.get(separator, separator)}.")


def _decode(file: Path) -> tuple[str, str]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: the file cannot be read: {error.strerror}.") from None
    for name, spoken in _guess_encodings(raw):
        try:
            text = raw.decode(name)
        except UnicodeError:
            continue
        # A stray NUL is dropped with all that is not seen; many mean another encoding, or no text.
        if "\x00" not in text or (name == "utf-8-sig" and text.count("\x00") * 20 < len(text)):
            return text, spoken
    raise DataError(
        f"{file}: this is not a text file.",
        allowed="An export is text (.csv, .tsv) or a workbook (.xlsx).",
        do="Save it again as CSV UTF-8 or as .xlsx.",
    )


def _guess_encodings(raw: bytes) -> list[tuple[str, str]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [("utf-16", "UTF-16")]
    if raw[:1000].count(0) * 4 > len(raw[:1000]):  # every other byte of Latin letters
        kind = "utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"
        return [(kind, "UTF-16")]
    return [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252 (not UTF-8)")]


def _find_separator(text: str) -> str:
    """The separator that gives the most rows of one width, the wider the better."""
    scores = {separator: _score(text, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: scores[separator])


def _score(text: str, separator: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator)):
            widths[len(row)] += any(row)
            if number > TRIED:
                break
    except csv.Error:
        return 0
    return max((count * (width - 1) for width, count in widths.items()), default=0)
