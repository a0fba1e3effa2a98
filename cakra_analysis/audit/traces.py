"""What must not stand in a shared file: persons, secrets, code, paths, links to elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cakra_analysis.audit.known import Known
from cakra_analysis.audit.person_numbers import Hit, find_numbers
from cakra_analysis.audit.pieces import Piece

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")
CODE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|^[ \t]*(?:def \w+\(|import \w+(?:[.\w]*)(?: as \w+)?[ \t]*$|from [\w.]+ import \w)",
    re.MULTILINE,
)
ERROR = re.compile(r"Traceback \(most recent call last\)")
TEMPLATE = re.compile(r"\{\{[^{}]{0,80}(?:\}\})?|\{%|%\}")
FOLDERS = "home|work|Users|root|tmp|var|mnt|srv|opt|etc|private|media|data|app|workspace"
PATH = re.compile(
    rf"(?<![\w./:])/(?:{FOLDERS})/[^\s\"'<>|]+|(?<![A-Za-z])[A-Za-z]:\\[^\s\"'<>|]+|file:/+[^\s\"'<>]+"
)
SO_CALLED = (
    "password|passwd|pwd|kata_sandi|sandi|secret|token|api_?key|access_?key|private_?key|cakra_key"
)
NAMED_SO = re.compile(rf"(?i:{SO_CALLED})")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bsk-[\w-]{20,}|\bxox[bap]-[\w-]{10,}"
    r"|\b\w+://[^\s/:@\"'<>]+:[^\s/@\"'<>]+@"
    rf"|(?i:\b\w{{0,30}}(?:{SO_CALLED})\w{{0,10}}[\"']?\s{{0,2}}(?:=|:(?!//))\s{{0,2}}[\"']?"
    r"(?![\"'])[^\s\"'<>,;]{6,})"
)
LINK = re.compile(
    r"(?i)\b(?:https?|ftp|wss?)://([^\s/\"'<>)\\]+)|(?:url\(|@import)\s*[\"']?(//[^)\"']+)"
)
# Names of vocabularies that look like addresses; nothing is fetched from them.
VOCABULARIES = ("www.w3.org", "schemas.openxmlformats.org", "schemas.microsoft.com", "purl.org",
                "purl.oclc.org", "ns.adobe.com", "www.aiim.org", "dublincore.org", "iptc.org",
                "schemas.xmlsoap.org")  # fmt: skip


def find_traces(piece: Piece, known: Known) -> Iterator[Hit]:
    """Find what must not be shared in one piece of a file.

    Parameters
    ----------
    piece : Piece
        Text and what it is.
    known : Known
        Identifiers, names and keys to look for.

    Yields
    ------
    (str, int, int)
        ``NIP``, ``NIK``, ``telephone``, ``e-mail``, ``identifier``, ``name``, ``secret``, ``path``,
        ``link``, ``code`` or ``script``, and where it starts and ends.
    """
    text = piece.text
    if piece.sort == "script":
        yield "script", 0, len(text)
    yield from find_numbers(text)
    yield from known.find(text)
    yield from (("e-mail", *found.span()) for found in EMAIL.finditer(text))
    yield from (("secret", *found.span()) for found in SECRET.finditer(text))
    yield from (("path", *found.span()) for found in PATH.finditer(text))
    yield from _find_links(piece)
    if piece.sort == "visible":
        yield from (("code", *found.span()) for found in CODE.finditer(text))
        yield from (("code", *found.span()) for found in TEMPLATE.finditer(text)
                    if not known.says(found.group()))  # fmt: skip
    elif piece.sort in ("text", "data"):
        yield from (("code", *found.span()) for found in ERROR.finditer(text))


def _find_links(piece: Piece) -> Iterator[Hit]:
    if piece.sort == "link" and piece.text.strip().startswith("//"):
        yield "link", 0, len(piece.text)
    if piece.sort == "link" and re.match(r"\s*javascript:", piece.text, re.I):
        yield "script", 0, len(piece.text)
    acted_on = piece.sort in ("data", "link", "script", "style")
    for found in LINK.finditer(piece.text) if acted_on else ():
        if (found.group(1) or "").lower() not in VOCABULARIES or piece.sort == "link":
            yield "link", *found.span()


def mask(text: str, known: Known) -> str:
    """Return a text without whatever would be found in it.

    Parameters
    ----------
    text : str
        Any, for instance the name of a file.
    known : Known
        Identifiers, names and keys.

    Returns
    -------
    str
        With ``…`` in their place.

    Examples
    --------
    >>> mask("2026/198609262015051001.id.html", Known())
    '2026/….id.html'
    """
    hits = sorted((start, end) for _, start, end in find_traces(Piece("", text, "name"), known))
    parts, done = [], 0
    for start, end in hits:
        if end > done:
            parts += [text[done : max(start, done)], "…"]
            done = end
    return "".join(parts) + text[done:]


def describe(kind: str, found: str) -> str:
    """Say what was found without repeating it.

    Parameters
    ----------
    kind : str
        From ``find_traces``.
    found : str
        The text itself.

    Returns
    -------
    str
        The beginning and the length; of a link its host.

    Examples
    --------
    >>> describe("NIP", "198609262015051001")
    '19… (18 characters)'
    """
    if kind == "link":
        host = re.sub(r"^\w*:?/+|.*@", "", found.removeprefix("url("))
        return f"to {host.split('/')[0][:30]}"
    if kind == "code":
        return {"{": "a placeholder that was not filled in", "%": "a placeholder"}.get(
            found[0], "a line of a programme"
        )
    if kind == "script":
        return "a script in a report"
    return f"{found[:2]}… ({len(found)} characters)"
