"""The terms a report used, each with its meaning in plain words."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from cakra_analysis.report.html import write_block
from cakra_analysis.words import label
from cakra_analysis.words.catalogue import catalogue

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Term:
    """A term of the glossary and its meaning."""

    term: str
    meaning: str


def find_terms(text: str, lang: str) -> list[Term]:
    """Return the glossary's terms that a text uses, in alphabetical order.

    Parameters
    ----------
    text : str
        What a reader sees.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of Term
        Whole words only; a form in capitals must stand in capitals (JP, not jp).

    Examples
    --------
    >>> [t.term for t in find_terms("34% of PNS reached 20 JP; the intervals are wide.", "en")]
    ['Confidence interval', 'JP (learning hours)', 'PNS, PPPK']
    >>> find_terms("A JPEG on an interface", "en")
    []
    """
    found = [key for key, pattern in _patterns(lang).items() if pattern.search(text)]
    terms = [Term(label(f"{key}.term", lang), label(f"{key}.meaning", lang)) for key in found]
    return sorted(terms, key=lambda term: term.term.casefold())


def read_visible(blocks: Sequence[Block]) -> str:
    """Return what a reader of a page sees of its blocks: sentences, tables and charts' texts.

    Parameters
    ----------
    blocks : sequence of mapping
        From ``find_blocks``.

    Returns
    -------
    str
        Plain text.

    Examples
    --------
    >>> read_visible([{"kind": "notes", "name": "sure", "head": "Sure?", "items": ["A & B"]}])
    'Sure? A & B'
    """
    html = " ".join(write_block(block) for block in blocks)
    html = re.sub(r"<style\b.*?</style>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@functools.cache
def _patterns(lang: str) -> dict[str, re.Pattern[str]]:
    """A pattern a term, by its key; the forms of a term are divided by a bar."""
    keys = [k for k in catalogue(lang) if k.startswith("glossary.") and k.endswith(".forms")]
    return {k.removesuffix(".forms"): _pattern(catalogue(lang)[k].split("|")) for k in keys}


def _pattern(forms: Sequence[str]) -> re.Pattern[str]:
    # Indonesian adds -nya to a noun where English has "its".
    said = [rf"(?i:{re.escape(f)})" if f.islower() else re.escape(f) for f in forms]
    return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?:nya)?(?!\w)")
