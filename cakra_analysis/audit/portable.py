"""PDF files: pages, properties, links, descriptions of pictures, attachments."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from cakra_analysis.audit.pieces import Piece

DEEPEST = 12
LINKS = ("/URI", "/F", "/UF", "/JS")


def read_portable(content: bytes) -> tuple[list[Piece], list[tuple[str, str, bytes]]]:
    """Read a PDF file.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    tuple of (list of Piece, list of (str, str, bytes))
        The pieces; and what is attached: where, its name, its content. A file that cannot be opened
        is one piece, ``unread``.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(content))
        pieces = [
            Piece(f"page {number}", page.extract_text(), "visible")
            for number, page in enumerate(reader.pages, start=1)
        ]
        pieces += list(_read_objects(reader))
        attached = [
            (f"attachment {number}", name, part)
            for number, (name, parts) in enumerate(reader.attachments.items(), start=1)
            for part in parts
        ]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        return [Piece("", "", "unread")], []
    pieces += [Piece(where, name, "name") for where, name, _ in attached]
    return pieces, attached


def _read_objects(reader: Any) -> Iterator[Piece]:
    """Every text in the file that is not on a page: properties, descriptions, links, forms."""
    from pypdf.generic import StreamObject

    for number in range(1, len(reader.xref.get(0, {})) + len(reader.xref_objStm) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject) and found.get("/Type") == "/Metadata":
            yield Piece("metadata", found.get_data().decode("utf-8", "replace"))
        yield from _walk(found, "object", 0)
    yield from _walk(reader.trailer.get("/Info"), "properties", 0)


def _walk(value: Any, where: str, depth: int) -> Iterator[Piece]:
    """Follow what is written in place, not what is referred to; that has its own turn."""
    from pypdf.generic import ByteStringObject, DictionaryObject, TextStringObject

    if isinstance(value, TextStringObject) and len(value) > 3:
        yield Piece(where, str(value), "link" if where in LINKS else "text")
    elif isinstance(value, ByteStringObject) and len(value) > 3 and where != "/ID":
        yield Piece(where, bytes(value).decode("latin-1"))
    elif isinstance(value, DictionaryObject) and depth < DEEPEST:
        for key in value:
            if key not in ("/ID", "/W", "/Index"):
                yield from _walk(value.raw_get(key), str(key), depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for part in list.__iter__(value):
            yield from _walk(part, where, depth + 1)
