"""What headers tell: what a question asks, and where the items of a grid begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cakra_analysis.intake.text import fold
from cakra_analysis.intake.vocabulary import asked_words

BRACKET = re.compile(r"^(?P<stem>.+?)\s*\[(?P<item>[^\[\]]+)\]$")
MERGED = re.compile(r"^(?P<stem>.+): (?P<item>[^:]+)$")
SLASH = re.compile(r"^(?P<stem>.+)/(?P<item>[^/]+)$")
ENDS = (("[", "]", ":", "/", "?", "."), (" - ", "-", "_", " "))  # after which an item may begin


def find_ask(text: str) -> tuple[str, ...]:
    """Find what a question may ask, by words in it.

    Parameters
    ----------
    text : str
        The question.

    Returns
    -------
    tuple of str
        What the grid may become: only a person can tell where there are several.

    Examples
    --------
    >>> find_ask("Seberapa besar kebutuhan Anda?"), find_ask("Kota")
    (('need',), ())
    >>> find_ask("Tingkat penguasaan yang dibutuhkan jabatan")
    ('need', 'level')
    """
    folded = re.sub(r"[_/]", " ", fold(text))
    return tuple(
        becomes
        for becomes, words in asked_words().items()
        if any(re.search(rf"(?<!\w){re.escape(word)}", folded) for word in words)
    )


def find_beginnings(columns: Sequence[str]) -> list[str]:
    """Find what columns begin with, up to where their items may begin.

    Parameters
    ----------
    columns : sequence of str
        Headers.

    Returns
    -------
    list of str
        The likeliest first; empty where they share nothing.

    Examples
    --------
    >>> find_beginnings(["Kebutuhan [Data A]", "Kebutuhan [Data B]"])
    ['Kebutuhan', 'Kebutuhan [Data']
    """
    first, last = min(columns), max(columns)  # of texts in order these two differ the soonest
    pairs = enumerate(zip(first, last, strict=False))
    size = next((n for n, (one, two) in pairs if one != two), min(len(first), len(last)))
    found = []
    for ends in ENDS:
        place = max(first.rfind(end, 0, size) + len(end) for end in ends)
        start = first[:place].rstrip() if place > max(map(len, ends)) else ""
        found.append(start[:-1].rstrip() if start.endswith("[") else start)
    return list(dict.fromkeys(filter(None, found)))
