"""A piece of a file: where it stands, its text, and what it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

# What a browser or a reader unpacks from a text; its content is read by itself.
DATA_ADDRESS = re.compile(r"data:([\w.+-]+/[\w.+-]+)?[^,\"')\s]{0,60},([A-Za-z0-9+/=%\s._-]*)")


@dataclass(frozen=True)
class Piece:
    """A piece of a file.

    Attributes
    ----------
    where : str
        Line, page, cell or part.
    text : str
        What stands there.
    sort : str
        ``visible`` (a reader sees it), ``text`` (it stands in the file), ``data`` (a programme acts
        on it, so that an address in it is a link), ``link``, ``script``, ``style``, ``name`` of a
        file, or ``unread`` where it cannot be read.
    """

    where: str
    text: str
    sort: str = "text"


def unveil(piece: Piece) -> Piece:
    """Return a piece without characters that cannot be seen and with others in their plain form.

    Parameters
    ----------
    piece : Piece
        As it stands in the file.

    Returns
    -------
    Piece
        Two texts that look alike are alike.

    Examples
    --------
    >>> unveil(Piece("", "1986\u200b0926 \uff12")).text
    '19860926 2'
    """
    if piece.text.isascii() and piece.text.isprintable():
        return piece
    plain = unicodedata.normalize("NFKC", piece.text).replace("\0", "")
    seen = (c for c in plain if unicodedata.category(c) != "Cf")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen)
    return replace(piece, text=text)
