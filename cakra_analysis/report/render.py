"""An executed notebook becomes one self-contained page without code."""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

import nbformat
from nbconvert.exporters import TemplateExporter

from cakra_analysis import __version__
from cakra_analysis.errors import RunError
from cakra_analysis.report.blocks import BLOCK
from cakra_analysis.report.html import write_block
from cakra_analysis.words import label, write_date

FONTS = {
    ("Plus Jakarta Sans", 600): "plus-jakarta-sans-600",
    ("Plus Jakarta Sans", 700): "plus-jakarta-sans-700",
    ("Source Sans 3", 400): "source-sans-3-400",
    ("Source Sans 3", 600): "source-sans-3-600",
}


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
        "lang": lang,
        "title": f"{header['title']} · {' · '.join(f for f in header['facts'][:2] if f)}",
        "header": write_block(header),
        "blocks": [write_block(b) for b in blocks if b is not header],
        "fonts": fonts(),
        "style": style(),
        "index": index,
        "other": other,
        "say": lambda key, **values: label(key, lang, **values),
        "when": write_date(when, lang),
        "version": __version__,
        **{k: facts.get(k, "") for k in ("fingerprint", "threshold", "source", "synthetic")},
    }
    html, _ = exporter().from_notebook_node(notebook, resources={"cakra": page})
    kept = {"title": header["title"]}
    kept |= {k: by_kind["provenance"][k] for k in ("facts", "findings", "tables")}
    return Rendered(html, header["title"], kept)
