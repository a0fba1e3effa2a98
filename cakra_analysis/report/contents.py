"""The order of a page: what leads, what stands in the annex, and the list of contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A line of the list of contents."""

    name: str
    title: str


def split_annex(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Return the blocks before the annex, and those in it.

    Parameters
    ----------
    blocks : sequence of mapping
        From ``find_blocks``, in the order of the notebook.

    Returns
    -------
    tuple of list
        The annex starts with the block ``annex``; without one it is empty. Its headings stand one
        level lower, below the annex's own.

    Examples
    --------
    >>> lead, annex = split_annex([{"kind": "notes"}, {"kind": "annex"}, {"kind": "section"}])
    >>> len(lead), [block["kind"] for block in annex], annex[1]["level"]
    (1, ['annex', 'section'], 3)
    """
    kinds = [block["kind"] for block in blocks]
    start = kinds.index("annex") if "annex" in kinds else len(kinds)
    lower = [{**block, "level": 3} for block in blocks[start + 1 :]]
    return list(blocks[:start]), [*blocks[start : start + 1], *lower]


def list_contents(blocks: Sequence[Block]) -> list[Entry]:
    """Return the headings of a page in order, in their short form.

    Parameters
    ----------
    blocks : sequence of mapping
        Of the leading part or of the annex.

    Returns
    -------
    list of Entry
        ``name`` is the heading's id, ``title`` the words above it, or the heading of a list.

    Examples
    --------
    >>> list_contents([{"kind": "section", "name": "where", "small": "Gaps", "title": "7 of 10"}])
    [Entry(name='where', title='Gaps')]
    """
    headed = [block for block in blocks if block["kind"] in ("section", "notes")]
    return [Entry(b["name"], b["small"] if b["kind"] == "section" else b["head"]) for b in headed]
