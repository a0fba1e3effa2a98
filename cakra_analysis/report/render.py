"""An executed notebook becomes one self-contained page without code."""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from types import MappingProxyType
from typing import Any

import nbformat
from nbconvert.exporters import TemplateExporter

from cakra_analysis import __version__
from cakra_analysis.errors import RunError
from cakra_analysis.report.blocks import BLOCK
from cakra_analysis.report.contents import list_contents, split_annex
from cakra_analysis.report.glossary import find_terms, read_visible
from cakra_analysis.report.html import write_block
from cakra_analysis.words import label, write_date

FONTS = {
    ("Plus Jakarta Sans", 600): "plus-jakarta-sans-600",
    ("Plus Jakarta Sans", 700): "plus-jakarta-sans-700",
    ("Source Sans 3", 400): "source-sans-3-400",
    ("Source Sans 3", 600): "source-sans-3-600",
}

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rendered:
    """A page and what is kept beside it."""

    html: str
    title: str
    provenance: Mapping[str, Any]


@functools.cache
def style() -> str:
    """Return the style sheet.

    Returns
    -------
    str
        CSS.
    """
    return _template("style.css")


@functools.cache
def fonts() -> str:
    """Return the typefaces as CSS with the files inside.

    Returns
    -------
    str
        ``@font-face`` rules.
    """
    rules = []
    for (family, weight), file in FONTS.items():
        data = resources.files("cakra_analysis").joinpath(f"fonts/{file}.woff2").read_bytes()
        source = f"data:font/woff2;base64,{base64.b64encode(data).decode()}"
        face = f'font-family:"{family}";font-weight:{weight};src:url({source}) format("woff2")'
        rules.append(f"@font-face{{{face}}}")
    return "".join(rules)


def _template(name: str) -> str:
    return resources.files("cakra_analysis.report").joinpath(f"template/{name}").read_text("utf-8")


@functools.cache
def exporter() -> TemplateExporter:
    """Return the one exporter that renders every report.

    Returns
    -------
    TemplateExporter
        With the project's own template.
    """
    return TemplateExporter(raw_template=_template("report.html.j2"))


def find_blocks(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Return the page blocks of an executed notebook, in order.

    Parameters
    ----------
    notebook : NotebookNode
        After it ran.

    Returns
    -------
    list of dict
        kind and the block's data. Anything else a cell printed is not among them.
    """
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return [dict(o["data"][BLOCK]) for o in outputs if BLOCK in o.get("data", {})]


def render_page(
    notebook: nbformat.NotebookNode,
    *,
    lang: str,
    when: datetime,
    index: str,
    other: Mapping[str, str],
    downloads: Mapping[str, str] = NOTHING,
) -> Rendered:
    """Render an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        After it ran.
    lang : str
        ``id`` or ``en``.
    when : datetime
        Moment of the build, with its zone.
    index : str
        Address of the index, from the page.
    other : mapping of str to str
        The same report in the other language: href, lang, name; empty if there is none.
    downloads : mapping of str to str
        Where the same report stands in other formats, by the name of the format.

    Returns
    -------
    Rendered
        Page, title, and provenance with findings.

    Raises
    ------
    RunError
        When the notebook made no header or no provenance.
    """
    blocks = find_blocks(notebook)
    by_kind = {block["kind"]: block for block in blocks}
    for needed in ("header", "provenance"):
        if needed not in by_kind:
            raise RunError(
                f"The notebook showed no {needed}.",
                do=f"Its last line in one cell must be page.{needed}(...).",
            )
    facts = by_kind["provenance"]["facts"]
    header = by_kind["header"]
    page = {
        **_body(blocks, lang),
        **_running(header),
        "lang": lang,
        "fonts": fonts(),
        "style": style(),
        "index": index,
        "other": other,
        "downloads": dict(downloads),
        "say": lambda key, **values: label(key, lang, **values),
        "when": write_date(when, lang),
        "version": __version__,
        **{
            k: facts.get(k, "")
            for k in ("fingerprint", "threshold", "source", "synthetic", "layout")
        },
    }
    html, _ = exporter().from_notebook_node(notebook, resources={"cakra": page})
    kept = {"title": header["title"]}
    kept |= {k: by_kind["provenance"][k] for k in ("facts", "findings", "tables")}
    return Rendered(html, header["title"], kept)


def _body(blocks: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    """The page from its header to its glossary."""
    lead, annex = split_annex([b for b in blocks if b["kind"] != "header"])
    return {
        "header": "".join(write_block(b) for b in blocks if b["kind"] == "header"),
        "blocks": [write_block(b) for b in lead],
        "annex": [write_block(b) for b in annex],
        "annex_head": annex[0]["head"] if annex else "",
        "contents": list_contents(lead),
        "annex_contents": list_contents(annex),
        "terms": find_terms(read_visible(blocks), lang),
    }


def _running(header: Mapping[str, Any]) -> dict[str, str]:
    """The page's title, and what stands at the foot of every sheet of paper."""
    facts = [fact for fact in header["facts"][:2] if fact]
    foot = " · ".join([header["eyebrow"], *facts])
    return {"title": f"{header['title']} · {' · '.join(facts)}", "foot": quote_css(foot)}


def quote_css(text: str) -> str:
    r"""Write a text as a string of CSS; only letters and digits stand as they are.

    Parameters
    ----------
    text : str
        Any text; it may come from data.

    Returns
    -------
    str
        In quotation marks, ready to stand in a style sheet inside a page.

    Examples
    --------
    >>> quote_css('Unit "A"</style>')
    '"Unit \\22 A\\22 \\3c \\2f style\\3e "'
    """
    plain = text.split()
    kept = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in " ".join(plain))
    return f'"{kept}"'
