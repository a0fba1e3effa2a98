"""What stands in a file, whatever its type; what cannot be read is said to be unread."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from cakra_analysis.audit.markup import read_markup
from cakra_analysis.audit.office import read_part
from cakra_analysis.audit.pieces import Piece
from cakra_analysis.audit.portable import read_portable
from cakra_analysis.audit.traces import NAMED_SO

DEEPEST = 4  # files within files
LARGEST = 200_000_000  # bytes of a file within a file
FEWEST_DIGITS = 10  # of a number that may belong to a person
TYPES = {"image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg", "text/css": "txt",
         "text/html": "html", "application/json": "json"}  # fmt: skip
TEXTS = ("html", "htm", "svg", "json", "ipynb", "csv", "txt", "md", "log", "toml", "xml")
READ_ELSEWHERE = ("woff2", "woff", "ttf", "otf")  # typefaces: shapes of letters
TYPEFACES = (b"wOF2", b"wOFF", b"\0\1\0\0", b"OTTO", b"true")  # how they begin


def read_pieces(name: str, content: bytes, *, depth: int = 0) -> list[Piece]:
    """Read everything that stands in a file.

    Parameters
    ----------
    name : str
        Of the file; its ending tells the type.
    content : bytes
        Of the file.
    depth : int
        How many files this one is within.

    Returns
    -------
    list of Piece
        With what is embedded in it; a piece of the sort ``unread`` where that cannot be done.

    Examples
    --------
    >>> [piece.text for piece in read_pieces("a.html", b"<p>one<!-- two --><b>three</b>")]
    [' two ', 'onethree']
    >>> [piece.sort for piece in read_pieces("a.bin", bytes([0, 255]))]
    ['unread']
    """
    kind = PurePosixPath(name).suffix.lower().lstrip(".")
    if depth > DEEPEST:
        return [Piece("", name, "unread")]
    if content[:4] == b"PK\x03\x04":
        return list(_read_archive(content, depth))
    if content[:5] == b"%PDF-":
        pieces, attached = read_portable(content)
        return pieces + _open(attached, depth)
    if content[:4] == b"\x89PNG":
        return list(_read_png(content))
    if content[:3] == b"\xff\xd8\xff":
        runs = re.findall(rb"[\x20-\x7e]{6,}", content)
        return [Piece("", run.decode("ascii")) for run in runs]
    if kind in READ_ELSEWHERE and content[:4] in TYPEFACES:
        return []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Piece("", name, "unread")]
    if "\0" in text and kind not in TEXTS:
        return [Piece("", name, "unread")]
    return _read_text(kind, text, depth)


def _read_text(kind: str, text: str, depth: int) -> list[Piece]:
    if kind in ("html", "htm", "xhtml", "svg") or text.lstrip()[:9].lower() == "<!doctype":
        pieces, embedded = read_markup(text)
        named = [(w, f"x.{TYPES.get(t, 'woff2' if 'font' in t else 'bin')}", c)
                 for w, t, c in embedded]  # fmt: skip
        return pieces + _open(named, depth)
    if kind in ("json", "ipynb"):
        try:
            return list(
                _read_values(json.loads(text, parse_int=_keep_long, parse_float=_keep_whole), "")
            )
        except (ValueError, RecursionError):
            return [Piece("", "", "unread"), *_read_lines(text)]
    return _read_lines(text)


def _keep_long(digits: str) -> int | str:
    """A number that may be a person's is looked at as a text."""
    return int(digits) if len(digits) < FEWEST_DIGITS else digits


def _keep_whole(digits: str) -> float | str:
    """The same of a number that a programme wrote with a point or an exponent."""
    value = float(digits)
    return str(int(value)) if value.is_integer() and abs(value) >= 1e15 else value


def _read_lines(text: str) -> list[Piece]:
    return [Piece(f"line {n}", line) for n, line in enumerate(text.splitlines(), start=1)]


def _open(parts: list[tuple[str, str, bytes]], depth: int) -> list[Piece]:
    return [
        Piece(f"{where} {piece.where}".strip(), piece.text, piece.sort)
        for where, name, content in parts
        for piece in read_pieces(name, content, depth=depth + 1)
    ]


def _read_values(value: Any, where: str) -> Iterator[Piece]:
    """The texts of a JSON file; those of one object together, and a list of lines as one text."""
    if isinstance(value, dict):
        plain = {k: v for k, v in value.items() if isinstance(v, str)}
        yield Piece(where, "\n".join(map(str, value)))
        for name, text in plain.items():
            said = f"{name}={text}" if NAMED_SO.search(name) else text
            yield from _read_string(said, f"{where}.{name}".lstrip("."))
        for name in value.keys() - plain.keys():
            yield from _read_values(value[name], f"{where}.{name}".lstrip("."))
    elif isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        yield from _read_string("".join(value), where)
        yield from _read_string("\n".join(value), where)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _read_values(part, f"{where}[{place}]")
    elif isinstance(value, str):
        yield from _read_string(value, where)


def _read_string(text: str, where: str) -> Iterator[Piece]:
    """A text; where it is a page, a drawing or a picture of a notebook's output, that."""
    if where.endswith(("text/html", "image/svg+xml")):
        yield from _open([(where, "x.html", text.encode())], 1)
    elif where.endswith("image/png"):
        yield from _open([(where, "x.png", _decode(text))], 1)
    else:
        yield Piece(where, text)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return text.encode()


def _read_archive(content: bytes, depth: int) -> Iterator[Piece]:
    """Every part of a workbook, a document or any other archive, and its comment."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield Piece("archive", archive.comment.decode("utf-8", "replace"))
            for part in archive.infolist():
                yield Piece("part", part.filename, "name")
                if part.is_dir() or part.file_size > LARGEST:
                    continue
                inner = archive.read(part)
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    yield from read_part(part.filename, inner)
                else:
                    yield from _open([(part.filename, part.filename, inner)], depth)
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError):  # damaged, or with a password
        yield Piece("archive", "", "unread")


def _read_png(content: bytes) -> Iterator[Piece]:
    """The texts that a picture carries."""
    place = 8
    while place + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        part = content[place + 8 : place + 8 + size]
        place += 12 + size
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            name, _, text = part.partition(b"\0")
            unpacked = _inflate(text[1:] if kind == b"zTXt" else text)
            yield Piece(name.decode("latin-1"), unpacked.decode("utf-8", "replace"))


def _inflate(text: bytes) -> bytes:
    try:
        return zlib.decompress(text)
    except zlib.error:
        return text
