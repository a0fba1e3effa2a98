"""Blocks of a page as HTML; a block is data, which also becomes a workbook or a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from cakra_analysis.report.tables import write_rows

Data = Mapping[str, Any]
SHORT_ROWS = 8  # a table that paper keeps on one page


def write_block(block: Data) -> str:
    """Write a block as HTML.

    Parameters
    ----------
    block : mapping
        ``kind`` and what a block of this kind holds; see the functions of this file.

    Returns
    -------
    str
        HTML, with every text from data escaped.
    """
    return WRITERS[block["kind"]](block)


def _header(block: Data) -> str:
    spans = "".join(f"<span>{escape(f)}</span>" for f in block["facts"])
    above, title = escape(block["eyebrow"]), escape(block["title"])
    return f'<p class="eyebrow">{above}</p><h1>{title}</h1><p class="meta">{spans}</p>'


def _summary(block: Data) -> str:
    items = "".join(
        f"<li><b>{escape(i['head'])}</b> {escape(i['text'])}</li>" for i in block["items"]
    )
    head = escape(block["head"])
    box = f'<h2 class="eyebrow">{head}</h2><ol>{items}</ol>'
    return f'<section class="lead" aria-label="{head}">{box}</section>'


def _figures(block: Data) -> str:
    cells = "".join(
        f'<div class="kpi"><dt>{escape(i["what"])}</dt><dd>{escape(i["value"])}</dd></div>'
        for i in block["items"]
    )
    return f'<dl class="kpis">{cells}</dl>'


def _section(block: Data) -> str:
    below = f"<p>{escape(block['text'])}</p>" if block["text"] else ""
    # The colon is heard and stands in a document's bookmarks; the eye has the line break.
    head = f"<small>{escape(block['small'])}<i>: </i></small>{escape(block['title'])}"
    return f"{_heading(block, head)}{below}"


def _notes(block: Data) -> str:
    items = "".join(f"<li>{escape(i)}</li>" for i in block["items"])
    return f'{_heading(block, escape(block["head"]))}<ul class="notes">{items}</ul>'


def _heading(block: Data, html: str) -> str:
    """A heading with an id of its own: charts carry ids like ``gain`` too."""
    level = block.get("level", 2)
    return f'<h{level} id="s-{escape(block["name"])}">{html}</h{level}>'


def _caption(block: Data) -> str:
    return f"<figcaption><b>{escape(block['number'])}</b> {escape(block['caption'])}</figcaption>"


def _figure(block: Data) -> str:
    alt = escape(block["alt"])
    pictures = "".join(
        f'<div class="{width}" role="img" aria-label="{alt}">{block[width]}</div>'
        for width in ("wide", "narrow")
    )
    return f"<figure>{pictures}{_caption(block)}</figure>"


def _table(block: Data) -> str:
    html = write_rows(block["columns"], block["rows"], block["lang"])
    hint = escape(f"{block['number']} {block['scroll']}")
    html = f'<div class="scroll" tabindex="0" role="region" aria-label="{hint}">{html}</div>'
    short = " short" if len(block["rows"]) <= SHORT_ROWS else ""
    return f'<figure class="table{short}">{_caption(block)}{html}</figure>'


def _unseen(_: Data) -> str:
    return ""


WRITERS: dict[str, Callable[[Data], str]] = {
    "header": _header,
    "summary": _summary,
    "figures": _figures,
    "section": _section,
    "notes": _notes,
    "figure": _figure,
    "table": _table,
    "annex": _unseen,
    "nothing": _unseen,
    "provenance": _unseen,
}
