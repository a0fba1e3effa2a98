"""The blocks of an official report as HTML, and its lists of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from cakra_analysis.report.html import SHORT_ROWS, write_block
from cakra_analysis.report.outline import Chapter, Document
from cakra_analysis.report.tables import write_rows

Block = Mapping[str, Any]
MANY, MOST = 7, 9  # columns from which a table is set smaller


@dataclass(frozen=True)
class Line:
    """A line of a list of contents: where it leads, how deep it stands, what it says."""

    anchor: str
    level: int
    form: str
    text: str


def list_contents(document: Document) -> list[Line]:
    """Return the chapters and parts of a report for its list of contents.

    Parameters
    ----------
    document : Document
        Arranged.

    Returns
    -------
    list of Line
        Level 1 for chapters, 2 for parts.
    """
    lines: list[Line] = []
    for number, chapter in enumerate(document.chapters):
        text = join(chapter.mark, chapter.head)
        lines.append(Line(f"c-{number}", 1, chapter.form, text))
        lines += [
            Line(f"c-{number}-{at}", 2, chapter.form, join(part.mark, part.head))
            for at, part in enumerate(chapter.parts)
            if part.head
        ]
    return lines


def list_numbered(document: Document, kind: str) -> list[Line]:
    """Return the tables or figures of a report for their list.

    Parameters
    ----------
    document : Document
        Arranged.
    kind : str
        ``table`` or ``figure``.

    Returns
    -------
    list of Line
        Number and title of each.
    """
    blocks = document.list_blocks(kind)
    return [Line(name_anchor(b), 1, "", f"{b['number']} {b['caption']}") for b in blocks]


def name_anchor(block: Block) -> str:
    """Return the id of a table or figure.

    Parameters
    ----------
    block : mapping
        Numbered.

    Returns
    -------
    str
        For instance ``table-4-1``.
    """
    return f"{block['kind']}-{block['chapter']}-{block['place']}"


def join(mark: str, head: str) -> str:
    """Return a heading with its mark.

    Parameters
    ----------
    mark, head : str
        ``A.`` and the heading; the mark may be empty.

    Returns
    -------
    str
        In one line.

    Examples
    --------
    >>> join("A.", "Peserta"), join("", "Lampiran")
    ('A. Peserta', 'Lampiran')
    """
    return f"{mark} {head}".strip()


def write_chapter(chapter: Chapter, number: int) -> Iterator[tuple[str, bool]]:
    """Write the parts of a chapter.

    Parameters
    ----------
    chapter : Chapter
        Of the report.
    number : int
        Its place among all chapters, for the anchors.

    Yields
    ------
    tuple of str and bool
        HTML of a part, and whether the signature follows it.
    """
    for at, part in enumerate(chapter.parts):
        head = escape(join(part.mark, part.head))
        html = f'<h3 id="c-{number}-{at}">{head}</h3>\n' if head else ""
        level = 4 if head else 3
        # One line a block: for paper, a chart may change places with the table behind it.
        html += "\n".join(WRITERS[b["kind"]]({**b, "level": level}) for b in part.blocks)
        yield html, part.signed


def _text(block: Block) -> str:
    return f"<p>{escape(block['text'])}</p>"


def _fill(block: Block) -> str:
    return f'<p class="fill">{escape(block["text"])}</p>'


def _statement(block: Block) -> str:
    return f'<p class="finding">{escape(block["text"])}</p>'


def _list(block: Block) -> str:
    return f"<ul>{_items(block['items'])}</ul>"


def _items(items: Sequence[str]) -> str:
    return "".join(f"<li>{escape(item)}</li>" for item in items)


def _summary(block: Block) -> str:
    pairs = [f"<b>{escape(i['head'])}</b> {escape(i['text'])}" for i in block["items"]]
    return f'<ol class="summary">{"".join(f"<li>{pair}</li>" for pair in pairs)}</ol>'


def _section(block: Block) -> str:
    level = block["level"]
    head = f'<h{level} class="small">{escape(block["small"])}</h{level}>' if block["small"] else ""
    below = f"<p>{escape(block['text'])}</p>" if block["text"] else ""
    return f'{head}<p class="finding">{escape(block["title"])}</p>{below}'


def _notes(block: Block) -> str:
    level = block["level"]
    head = f'<h{level} class="small">{escape(block["head"])}</h{level}>'
    return f"{head}<ul>{_items(block['items'])}</ul>"


def _terms(block: Block) -> str:
    terms = [
        f"<div><dt>{escape(i['head'])}</dt><dd>{escape(i['text'])}</dd></div>"
        for i in block["items"]
    ]
    return f'<dl class="terms">{"".join(terms)}</dl>'


def _caption(block: Block) -> str:
    return f"<figcaption><b>{escape(block['number'])}</b> {escape(block['caption'])}</figcaption>"


def _note(block: Block) -> str:
    return f'<p class="note">{escape(block["note"])}</p>' if block["note"] else ""


def _figure(block: Block) -> str:
    alt = escape(block["alt"])
    pictures = "".join(
        f'<div class="{width}" role="img" aria-label="{alt}">{block[width]}</div>'
        for width in ("wide", "narrow")
    )
    return f'<figure id="{name_anchor(block)}">{pictures}{_caption(block)}{_note(block)}</figure>'


def _table(block: Block) -> str:
    html = write_rows(block["columns"], block["rows"], block["lang"])
    hint = escape(f"{block['number']} {block['scroll']}")
    html = f'<div class="scroll" tabindex="0" role="region" aria-label="{hint}">{html}</div>'
    columns = len(block["columns"])
    size = " most" if columns >= MOST else " many" if columns >= MANY else ""
    size += " short" if len(block["rows"]) <= SHORT_ROWS else ""
    return (
        f'<figure class="table{size}" id="{name_anchor(block)}">'
        f"{_caption(block)}{html}{_note(block)}</figure>"
    )


WRITERS: dict[str, Callable[[Block], str]] = {
    "text": _text,
    "fill": _fill,
    "statement": _statement,
    "list": _list,
    "summary": _summary,
    "figures": write_block,
    "section": _section,
    "notes": _notes,
    "terms": _terms,
    "figure": _figure,
    "table": _table,
}
