"""Tables and figures numbered by chapter; a long caption becomes a title and a note."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cakra_analysis.report.tables import is_hidden
from cakra_analysis.words import label

Block = Mapping[str, Any]
NUMBERED = ("table", "figure")
# A full stop after "Kel" or "Dr" ends no sentence.
FIRST_SENTENCE = re.compile(
    r"^(.+?)(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\.\s+(?=[A-Z“])(.+)$", re.DOTALL
)
LONG = 80  # characters of a title that a list of tables holds in one line
CLAUSE = re.compile(r"^(.{40,}?)[:;]\s+(.+)$", re.DOTALL)
ROMAN = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


def write_roman(number: int) -> str:
    """Write a number below 40 in Roman numerals.

    Parameters
    ----------
    number : int
        From 1.

    Returns
    -------
    str
        Capital letters.

    Examples
    --------
    >>> [write_roman(n) for n in (1, 4, 9, 14)]
    ['I', 'IV', 'IX', 'XIV']
    """
    text = ""
    for letters, value in ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def divide_caption(caption: str) -> tuple[str, str]:
    """Divide a caption into its title and what explains it.

    Parameters
    ----------
    caption : str
        One or more sentences.

    Returns
    -------
    tuple of str
        First sentence without its full stop, or of a long one its first clause; and the rest.

    Examples
    --------
    >>> divide_caption("Gaps by unit in Kel. Mayura. Dots: too few people.")
    ('Gaps by unit in Kel. Mayura', 'Dots: too few people.')
    """
    found = FIRST_SENTENCE.match(caption)
    title, rest = found.groups() if found else (caption.removesuffix("."), "")
    if len(title) > LONG and (clause := CLAUSE.match(title)):
        title, more = clause.groups()
        rest = f"{more[:1].upper()}{more[1:]}. {rest}"
    return title.strip(), rest.strip()


def number_blocks(blocks: Sequence[Block], chapter: str, lang: str) -> list[Block]:
    """Number the tables and figures of a chapter.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the chapter, in order.
    chapter : str
        What stands before the point, for instance ``4``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of mapping
        The same blocks; those of ``NUMBERED`` have ``word`` (Tabel), ``chapter`` and ``place``
        (4 and 1), ``number`` (Tabel 4.1), ``caption`` (title only) and ``note``.
    """
    counts = dict.fromkeys(NUMBERED, 0)
    numbered: list[Block] = []
    for block in blocks:
        kind = block["kind"]
        if kind in NUMBERED:
            counts[kind] += 1
            block = {**block, **_caption(block, chapter, counts[kind], lang)}
        numbered.append(block)
    return numbered


def _caption(block: Block, chapter: str, place: int, lang: str) -> dict[str, Any]:
    word = label(f"laporan.word.{block['kind']}", lang)
    title, note = divide_caption(block["caption"])
    if block["kind"] == "table" and _hides(block):
        said = label("laporan.hidden", lang, mark=label("page.hidden_mark", lang))
        note = note if label("page.hidden_cell", lang) in note else f"{note} {said}".strip()
    return {
        "word": word,
        "chapter": chapter,
        "place": place,
        "number": f"{word} {chapter}.{place}",
        "caption": title,
        "note": label("laporan.note", lang, text=note) if note else "",
    }


def _hides(block: Block) -> bool:
    return any(is_hidden(r, c["name"], c["kind"]) for r in block["rows"] for c in block["columns"])
