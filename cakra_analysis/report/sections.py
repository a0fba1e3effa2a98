"""A page cut into its named sections, from which another outline takes what it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = Mapping[str, Any]
HEADED = ("section", "notes")
ALONE = ("summary", "figures")
UNSEEN = ("nothing", "provenance", "annex", "header")


@dataclass
class Section:
    """A headed stretch of the page.

    Attributes
    ----------
    name : str
        Of its heading; of ``ALONE`` blocks their kind; empty for what stands under no heading.
    annex : bool
        Whether it stands in the page's annex.
    blocks : list of mapping
        Its blocks, the heading first; what is taken out is gone from here.
    """

    name: str
    annex: bool = False
    blocks: list[Block] = field(default_factory=list)


def cut_sections(blocks: Sequence[Block]) -> list[Section]:
    """Cut a page into its sections.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page, in order.

    Returns
    -------
    list of Section
        In order; every block that shows something is in one of them. The page's headline stands
        with the summary.

    Examples
    --------
    >>> page = [{"kind": "section", "name": "a"}, {"kind": "table"}, {"kind": "notes", "name": "b"}]
    >>> [(s.name, len(s.blocks)) for s in cut_sections(page)]
    [('a', 2), ('b', 1)]
    """
    sections: list[Section] = []
    annex = False
    for block in blocks:
        kind = block["kind"]
        annex = annex or kind == "annex"
        if kind == "header":
            headline = {"kind": "statement", "text": block["title"]}
            sections.append(Section("summary", annex, [headline]))
        if kind in UNSEEN:
            continue
        if kind in HEADED or kind in ALONE:
            sections.append(Section(block.get("name", kind), annex))
        elif not sections or sections[-1].annex != annex:
            sections.append(Section("", annex))
        sections[-1].blocks.append(block)
    return sections


def take_section(sections: Sequence[Section], name: str) -> list[Block]:
    """Take a whole section out of the page.

    Parameters
    ----------
    sections : sequence of Section
        Of the page; changed.
    name : str
        Of the section.

    Returns
    -------
    list of mapping
        What was left in it.
    """
    taken: list[Block] = []
    for section in sections:
        if section.name == name:
            taken += section.blocks
            section.blocks = []
    return taken


def take_tables(
    sections: Sequence[Section], name: str, table: str, only: Collection[str] | None = None
) -> list[Block]:
    """Take the tables of one published table out of a section.

    Parameters
    ----------
    sections : sequence of Section
        Of the page; changed.
    name, table : str
        Of the section, and of the published table.
    only : collection of str, optional
        Names of rows: only those are taken, the other rows stay.

    Returns
    -------
    list of mapping
        Table blocks; a table left without rows is gone from the section.
    """
    taken: list[Block] = []
    for section in sections:
        if section.name != name:
            continue
        kept: list[Block] = []
        for block in section.blocks:
            if block["kind"] != "table" or block["table"] != table:
                kept.append(block)
                continue
            out, left = _divide(block, only)
            taken += out
            kept += left
        section.blocks = kept
    return taken


def _divide(block: Block, only: Collection[str] | None) -> tuple[list[Block], list[Block]]:
    """The part of a table that is taken and the part that stays, each only if it has rows."""
    if only is None:
        return [block], []
    first = block["columns"][0]["name"]
    out = [row for row in block["rows"] if row.get(first) in only]
    left = [row for row in block["rows"] if row.get(first) not in only]
    return tuple([{**block, "rows": rows}] if rows else [] for rows in (out, left))  # type: ignore[return-value]


def read_page(blocks: Sequence[Block], kind: str) -> Block:
    """Return the block of a kind that a page has once.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page.
    kind : str
        ``header`` or ``provenance``.

    Returns
    -------
    mapping
        The last of them; an empty mapping if there is none.
    """
    return next((block for block in reversed(blocks) if block["kind"] == kind), {})
