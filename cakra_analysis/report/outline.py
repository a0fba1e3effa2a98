"""The official outline of a report: chapters in their customary order, filled from the page."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from cakra_analysis.errors import RunError
from cakra_analysis.report.captions import number_blocks, write_roman
from cakra_analysis.report.placing import place_blocks
from cakra_analysis.report.said import list_of_report, list_words, write_paragraphs
from cakra_analysis.report.sections import HEADED, read_page
from cakra_analysis.words import label

Block = Mapping[str, Any]
Plan = Mapping[str, Any]
FRONT, CHAPTER, ANNEX = "front", "chapter", "annex"


@dataclass(frozen=True)
class Part:
    """A part of a chapter.

    Attributes
    ----------
    mark, head : str
        ``A.`` and its heading; both empty for what stands under the chapter itself.
    blocks : tuple of mapping
        Of the page, and ``text``, ``list``, ``fill``, ``statement``, ``terms``.
    signed : bool
        Whether the signature follows it.
    """

    mark: str
    head: str
    blocks: tuple[Block, ...]
    signed: bool = False


@dataclass(frozen=True)
class Chapter:
    """A chapter: its form, its mark (``BAB I``, empty where it has no number), heading, parts."""

    form: str
    mark: str
    head: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """An official report, ready to be laid out: title, what it is about, chapters."""

    title: str
    facts: tuple[str, ...]
    lang: str
    chapters: tuple[Chapter, ...]

    def list_blocks(self, *kinds: str) -> list[Block]:
        """Return the blocks of some kinds, in order."""
        blocks = [b for c in self.chapters for p in c.parts for b in p.blocks]
        return [block for block in blocks if block["kind"] in kinds]


@functools.cache
def read_outlines() -> dict[str, Any]:
    """Return the outlines of ``outlines.toml``.

    Returns
    -------
    dict of str to object
        Title and chapters, by notebook.
    """
    text = resources.files("cakra_analysis.report").joinpath("outlines.toml").read_text("utf-8")
    return tomllib.loads(text)


def arrange(blocks: Sequence[Block], notebook: str, lang: str) -> Document:
    """Arrange a page in the customary order of an official report.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the page, with its header and provenance.
    notebook : str
        Its name, for instance ``01_needs``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Document
        Every block that the page shows stands in it once; tables and figures are numbered by
        chapter. A part for which there is nothing says so.

    Raises
    ------
    RunError
        When there is no outline for this notebook, or the page has no header or provenance.
    """
    outlines = read_outlines()
    if notebook not in outlines:
        raise RunError(
            f"There is no official outline for {notebook}.",
            allowed=f"There are outlines for: {', '.join(outlines)}.",
            do='Leave out outline = "laporan" for this notebook.',
        )
    header = read_page(blocks, "header")
    if not header or not read_page(blocks, "provenance"):
        raise RunError(
            "The notebook showed no header or no provenance.",
            do="It must call page.header(...) and page.provenance(...).",
        )
    plan = outlines[notebook]
    chapters = _Filler(blocks, plan["chapters"], lang).fill()
    title = label(f"laporan.head.{plan['title']}", lang)
    return Document(title, tuple(header["facts"]), lang, tuple(chapters))


class _Filler:
    """Fills the chapters of one report."""

    def __init__(self, page: Sequence[Block], plans: Sequence[Plan], lang: str) -> None:
        self.page, self.plans, self.lang = page, plans, lang
        self.placed = place_blocks(page, plans, lang)
        self.words = list_words(page, lang)
        self.known = bool(read_page(page, "provenance")["facts"].get("groups"))
        self.marks = _mark_chapters(plans, lang)

    def fill(self) -> list[Chapter]:
        """All chapters, in order."""
        chapters = []
        for number, (plan, mark) in enumerate(zip(self.plans, self.marks, strict=True)):
            filled = [self._part(part, number, at) for at, part in enumerate(plan["parts"])]
            parts = _mark_parts([part for part in filled if part.blocks])
            annex = plan["form"] == ANNEX
            before = label("laporan.annex_mark", self.lang) if annex else _count(self.plans, number)
            numbered = _number(parts, str(before), self.lang)
            chapters.append(Chapter(plan["form"], mark, _head(plan, self.lang), numbered))
        return chapters

    def _part(self, plan: Plan, chapter: int, at: int) -> Part:
        """Its paragraphs, lists, blocks of the page, and what the agency writes itself."""
        blocks: list[Block] = []
        for key in plan.get("text", ()):
            blocks += write_paragraphs(label(f"laporan.text.{key}", self.lang, **self.words))
        for name in plan.get("say", ()):
            blocks += self._list(name)
        blocks += _give_heads(self.placed[chapter, at])
        for key in plan.get("fill", ()):
            what = label(f"laporan.fill_in.{key}", self.lang)
            blocks.append({"kind": "fill", "text": label("laporan.fill", self.lang, what=what)})
        unknown = "group" in plan and not self.known
        if not blocks and plan["name"] and "rest" not in plan and not unknown:
            nothing = label("laporan.nothing", self.lang, **self.words)
            blocks.append({"kind": "text", "text": nothing})
        head = _head(plan, self.lang)
        return Part("", head, tuple(_join_lists(blocks)), plan.get("sign", False))

    def _list(self, name: str) -> list[Block]:
        if name == "chapters":
            named = zip(self.marks, self.plans, strict=True)
            items = [f"{mark}: {_head(plan, self.lang)}" for mark, plan in named if mark]
        elif name == "headlines":
            items = self._headlines()
        else:
            return list_of_report(name, self.page, self.words, self.lang)
        return [{"kind": "list", "items": items}] if items else []

    def _headlines(self) -> list[str]:
        """The findings that stand before the page's annex, in the order of the report."""
        kinds = [block["kind"] for block in self.page]
        end = kinds.index("annex") if "annex" in kinds else len(kinds)
        found = {block["title"] for block in self.page[:end] if block["kind"] == "section"}
        blocks = [block for part in self.placed.values() for block in part]
        return [b["title"] for b in blocks if b["kind"] == "section" and b["title"] in found]


def _head(plan: Plan, lang: str) -> str:
    return label(f"laporan.head.{plan['name']}", lang) if plan["name"] else ""


def _count(plans: Sequence[Plan], number: int) -> int:
    """How many numbered chapters there are up to this one."""
    return sum(plan["form"] == CHAPTER for plan in plans[: number + 1])


def _mark_chapters(plans: Sequence[Plan], lang: str) -> list[str]:
    counts = [_count(plans, number) for number in range(len(plans))]
    return [
        label("laporan.chapter", lang, number=write_roman(n)) if plan["form"] == CHAPTER else ""
        for plan, n in zip(plans, counts, strict=True)
    ]


def _mark_parts(parts: Sequence[Part]) -> list[Part]:
    """Give the parts that have a heading their letter."""
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return [replace(part, mark=f"{next(letters)}.") if part.head else part for part in parts]


def _number(parts: Sequence[Part], chapter: str, lang: str) -> tuple[Part, ...]:
    """Number tables and figures through the parts of a chapter."""
    numbered = iter(number_blocks([b for part in parts for b in part.blocks], chapter, lang))
    return tuple(replace(part, blocks=tuple(next(numbered) for _ in part.blocks)) for part in parts)


def _give_heads(blocks: Sequence[Block]) -> list[Block]:
    """Name the sections where a part holds several; one alone has the part's own heading."""
    several = sum(block["kind"] in HEADED for block in blocks) > 1
    return [
        {**block, "small": block["small"] if several else ""}
        if block["kind"] == "section"
        else block
        for block in blocks
    ]


def _join_lists(blocks: Sequence[Block]) -> list[Block]:
    """Lists that follow each other become one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and block["kind"] == joined[-1]["kind"] == "list":
            joined[-1] = {**block, "items": [*joined[-1]["items"], *block["items"]]}
        else:
            joined.append(block)
    return joined
