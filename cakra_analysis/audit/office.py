"""Workbooks and documents: every part of them, hidden sheets, comments and properties too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from cakra_analysis.audit.pieces import Piece

# Elements whose text is one, however it is cut up: paragraphs, cells' texts, comments.
WHOLE = frozenset(("p", "si", "is", "txBody"))
ACTED_ON = frozenset(("f", "instrText", "formula", "definedName"))  # formulas and fields
LINKS = frozenset(("Target", "href"))


def read_part(name: str, content: bytes) -> list[Piece]:
    """Read one XML part of a workbook or document.

    Parameters
    ----------
    name : str
        Of the part, for instance ``xl/comments1.xml``.
    content : bytes
        Of the part.

    Returns
    -------
    list of Piece
        Texts and attributes; ``unread`` where it is no XML.
    """
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        return [Piece(name, "", "unread")]  # never in these files; entities may grow without end
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (no entities, see above)
    except ElementTree.ParseError:
        return [Piece(name, "", "unread")]
    return list(_walk(root, name, seen=False))


def _walk(element: ElementTree.Element, name: str, *, seen: bool) -> Iterator[Piece]:
    kind = _local(element.tag)
    where = f"{name} {element.get('r')}" if kind == "c" and element.get("r") else name
    if kind in WHOLE and not seen:
        seen = True
        yield Piece(where, "".join(element.itertext()), "visible")
    elif not seen and (element.text or "").strip():
        sort = "data" if kind in ACTED_ON else "text"
        yield Piece(f"{where} {kind}", element.text or "", sort)
    for key, value in element.attrib.items():
        outside = element.get("TargetMode") == "External" or _local(key) == "href"
        if re.search(r"[A-Za-z\d]{4}", value):
            sort = "link" if _local(key) in LINKS and outside else "text"
            yield Piece(f"{where} {kind} {_local(key)}", value, sort)
    for child in element:
        yield from _walk(child, where, seen=seen)
        if not seen and (child.tail or "").strip():
            yield Piece(where, child.tail or "")


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
