"""Which blocks of a page go under which part of an outline; nothing is placed twice or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cakra_analysis.report.sections import (
    Section,
    cut_sections,
    read_page,
    take_section,
    take_tables,
)
from cakra_analysis.words import label
from cakra_analysis.words.numbers import lower_first

Block = Mapping[str, Any]
Plan = Mapping[str, Any]
Place = tuple[int, int]
REST = {"page": False, "annex": True}


def place_blocks(
    blocks: Sequence[Block], chapters: Sequence[Plan], lang: str
) -> dict[Place, list[Block]]:
    """Place the blocks of a page under the parts of an outline.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page.
    chapters : sequence of mapping
        Of ``outlines.toml``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of tuple of int to list of mapping
        Blocks by number of the chapter and of the part in it. Sections that no part names stand
        at the part for the rest; where there is none, at the last one.
    """
    sections = cut_sections(blocks)
    groups = read_page(blocks, "provenance")["facts"].get("groups", {})
    parts = {(c, p): part for c, chapter in enumerate(chapters) for p, part in _number(chapter)}
    placed: dict[Place, list[Block]] = {place: [] for place in parts}
    single = {place: _take_tables(sections, part, groups, lang) for place, part in parts.items()}
    for place, part in parts.items():
        for name in part.get("from", ()):
            whole = [] if "/" in name else take_section(sections, name)
            placed[place] += single[place].get(name, whole)
    for annex in (False, True):
        for section in sections:
            if section.annex == annex and section.blocks:
                placed[_find_rest(parts, annex)] += section.blocks
    return placed


def _number(chapter: Plan) -> Sequence[tuple[int, Plan]]:
    return list(enumerate(chapter["parts"]))


def _find_rest(parts: Mapping[Place, Plan], annex: bool) -> Place:
    """The part that takes what no other names."""
    named = [place for place, part in parts.items() if REST.get(part.get("rest", "")) == annex]
    return (named or list(parts))[-1]


def _take_tables(
    sections: Sequence[Section], part: Plan, groups: Mapping[str, str], lang: str
) -> dict[str, list[Block]]:
    """Single tables that a part takes out of sections, before sections are taken whole."""
    taken: dict[str, list[Block]] = {}
    for wanted in part.get("from", ()):
        name, _, table = wanted.partition("/")
        if not table:
            continue
        if "group" not in part:
            taken[wanted] = take_tables(sections, name, table)
            continue
        members = {item for item, group in groups.items() if group in part["group"]}
        of_group = take_tables(sections, name, table, members)
        taken[wanted] = [_name_group(block, part["name"], lang) for block in of_group]
    return taken


def _name_group(block: Block, name: str, lang: str) -> Block:
    caption = lower_first(block["caption"])
    return {**block, "caption": label(f"laporan.group.{name}", lang, caption=caption)}
