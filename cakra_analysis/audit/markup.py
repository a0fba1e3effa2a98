"""Pages and drawings: what is seen, what is said of pictures, comments, links and scripts."""

from __future__ import annotations

import base64
import binascii
import re
from html.parser import HTMLParser
from urllib.parse import unquote

from cakra_analysis.audit.pieces import DATA_ADDRESS, Piece

# Elements within a line; all others end a piece of text.
INLINE = ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "i", "kbd", "mark", "q",
          "s", "small", "span", "strong", "sub", "sup", "time", "tspan", "u", "var",
          "wbr", "br")  # fmt: skip
LINKS = ("href", "src", "srcset", "action", "formaction", "poster", "cite", "data", "xlink:href",
         "ping", "imagesrcset", "background", "manifest", "codebase")  # fmt: skip
SORTS = {**dict.fromkeys(LINKS, "link"), "style": "style", "content": "data", "srcdoc": "data"}
# Numbers that place ink; nothing that can be read stands in them, unless it is too long for that.
DRAWN = ("d", "points", "transform", "viewbox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r",
         "rx", "ry", "dx", "dy", "width", "height")  # fmt: skip
TOO_LONG = re.compile(r"(?<![\d.])\d{16}")
HARMLESS_SCRIPTS = ("application/json", "application/ld+json", "text/plain")


def read_markup(text: str) -> tuple[list[Piece], list[tuple[str, str, bytes]]]:
    """Read an HTML page or an SVG drawing.

    Parameters
    ----------
    text : str
        Its source.

    Returns
    -------
    tuple of (list of Piece, list of (str, str, bytes))
        The pieces; and what is embedded: where, of which type, its content.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_piece()
    return reader.pieces, reader.embedded


class _Reader(HTMLParser):
    """Collects pieces while it reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.embedded: list[tuple[str, str, bytes]] = []
        self.said: list[str] = []
        self.inside = ""

    def add(self, text: str, sort: str, what: str = "") -> None:
        where = f"line {self.getpos()[0]}{what}"
        for found in DATA_ADDRESS.finditer(text):
            self._unpack(where, found.group(1) or "", found.group(0), found.group(2))
        text = DATA_ADDRESS.sub("data:", text)
        if text.strip():
            self.pieces.append(Piece(where, text, sort))

    def _unpack(self, where: str, kind: str, head: str, content: str) -> None:
        if ";base64," in head:
            try:
                self.embedded.append((where, kind, base64.b64decode(content)))
            except binascii.Error:
                self.pieces.append(Piece(where, kind, "unread"))
        else:
            self.pieces.append(Piece(where, unquote(content)))

    def end_piece(self) -> None:
        self.add("".join(self.said), "visible")
        self.said = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.end_piece()
        self.inside = tag if tag in ("script", "style") else ""
        if tag == "br":
            self.said.append(" ")
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and given.get("type", "") not in HARMLESS_SCRIPTS:
            self.pieces.append(Piece(f"line {self.getpos()[0]}", given.get("src", ""), "script"))
        for name, value in given.items():
            drawn = name in DRAWN and not TOO_LONG.search(value)
            if name.startswith("xmlns") or drawn:
                continue
            if name.startswith("on"):
                self.add(value, "script", f" {name}")
            else:
                self.add(value, SORTS.get(name, "text"), f" {name} of {tag}")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.end_piece()
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self.add(data, "style", " style")
        elif self.inside == "script":
            self.add(data, "data", " script")
        else:
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.add(data, "data", " comment")

    def unknown_decl(self, data: str) -> None:
        self.add(data, "data", " declaration")

    def handle_pi(self, data: str) -> None:
        self.add(data, "data", " instruction")
