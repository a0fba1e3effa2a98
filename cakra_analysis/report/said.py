"""What an official report says besides the page: paragraphs, and lists made from the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from cakra_analysis import __version__
from cakra_analysis.report.glossary import find_terms, read_visible
from cakra_analysis.report.sections import read_page
from cakra_analysis.words import label, write_number
from cakra_analysis.words.numbers import lower_first

Block = Mapping[str, Any]
Words = Mapping[str, Any]
BULLET = "- "


def list_words(blocks: Sequence[Block], lang: str) -> dict[str, Any]:
    """Return what the paragraphs of a report may use: whom, what and which data it is about.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page, with its header and provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to object
        The data set's own words, and ``unit``, ``cycle``, ``scope``, ``threshold``, ``mark``,
        ``fingerprint``, ``version``.
    """
    facts = read_page(blocks, "provenance")["facts"]
    about = [*read_page(blocks, "header")["facts"], "", ""]
    return {
        **facts.get("words", {}),
        "unit": about[0],
        "cycle": about[1],
        "scope": ", ".join([*about[:1], *(lower_first(fact) for fact in about[1:] if fact)]),
        "threshold": facts.get("threshold", "–"),
        "mark": label("page.hidden_mark", lang),
        "fingerprint": str(facts.get("fingerprint", "–"))[:12],
        "version": __version__,
    }


def write_paragraphs(text: str) -> list[Block]:
    r"""Divide a text of the catalogue into paragraphs and lists.

    Parameters
    ----------
    text : str
        A paragraph a line; lines that begin with ``- `` are items of a list.

    Returns
    -------
    list of mapping
        Blocks ``text`` and ``list``.

    Examples
    --------
    >>> [block["kind"] for block in write_paragraphs("Aims:\n- one\n- two")]
    ['text', 'list']
    """
    found: list[Block] = []
    for listed, lines in groupby(text.split("\n"), lambda line: line.startswith(BULLET)):
        if listed:
            items = [line.removeprefix(BULLET) for line in lines]
            found.append({"kind": "list", "items": items})
        else:
            found += [{"kind": "text", "text": line} for line in lines]
    return found


def list_of_report(name: str, blocks: Sequence[Block], words: Words, lang: str) -> list[Block]:
    """Return a list that is made from the report itself.

    Parameters
    ----------
    name : str
        One of ``LISTS``.
    blocks : sequence of mapping
        Of the page.
    words : mapping of str to object
        From ``list_words``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of mapping
        Blocks; none where there is nothing to list.
    """
    return LISTS[name](blocks, words, lang)


def _courses(blocks: Sequence[Block], _: Words, lang: str) -> list[Block]:
    items = [str(row[f"name_{lang}"]) for row in _rows(blocks, "courses")]
    return [{"kind": "list", "items": sorted(items)}] if items else []


def _terms(blocks: Sequence[Block], _: Words, lang: str) -> list[Block]:
    terms = find_terms(read_visible(blocks), lang)
    items = [{"head": term.term, "text": term.meaning} for term in terms]
    return [{"kind": "terms", "items": items}] if items else []


def _origin(blocks: Sequence[Block], words: Words, lang: str) -> list[Block]:
    facts = read_page(blocks, "provenance")["facts"]
    said = [label("laporan.text.origin", lang, **words)]
    if facts.get("source"):
        said.append(label("page.source", lang, source=facts["source"]))
    if facts.get("synthetic"):
        said.append(label("page.synthetic", lang))
    return [{"kind": "text", "text": f"{line.removesuffix('.')}."} for line in said]


def _unit_needs(blocks: Sequence[Block], words: Words, lang: str) -> list[Block]:
    """A table of the units and what is clearly below the standard in each."""
    rows = [row for row in _rows(blocks, "gaps") if "below" in row]
    if not rows:
        return []
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_unit.setdefault(str(row["unit"]), []).append(row)
    heads = {"unit": "sheet.unit", "needs": "laporan.unit_needs"}
    columns = [
        {
            "name": name,
            "kind": "long" if name == "needs" else "text",
            "heading": _first_capital(label(key, lang, **words)),
        }
        for name, key in heads.items()
    ]
    listed = [{"unit": unit, **_needs(found, lang)} for unit, found in by_unit.items()]
    caption = _first_capital(label("laporan.unit_needs_caption", lang, **words))
    table = {
        "kind": "table",
        "table": "gaps",
        "caption": caption,
        "scroll": label("page.scroll", lang),
    }
    return [{**table, "columns": columns, "rows": listed, "lang": lang}]


def _needs(rows: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    shown = [row for row in rows if row["value"] is not None]
    below = sorted((row for row in shown if row["below"]), key=lambda row: -row["value"])
    said = [f"{row[f'name_{lang}']} ({write_number(row['value'], lang)})" for row in below]
    return {"needs": "; ".join(said) or None, "suppressed": not shown}


def _rows(blocks: Sequence[Block], name: str) -> list[Mapping[str, Any]]:
    tables = read_page(blocks, "provenance").get("tables", [])
    return [row for table in tables if table["name"] == name for row in table["rows"]]


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


LISTS: dict[str, Callable[[Sequence[Block], Words, str], list[Block]]] = {
    "courses": _courses,
    "terms": _terms,
    "origin": _origin,
    "unit_needs": _unit_needs,
}
