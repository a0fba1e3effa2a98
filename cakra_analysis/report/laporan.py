"""An official report as one self-contained page, made for paper."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, Template

from cakra_analysis import __version__
from cakra_analysis.report.chapters_html import (
    list_contents,
    list_numbered,
    write_chapter,
)
from cakra_analysis.report.outline import Document, arrange
from cakra_analysis.report.render import NOTHING, Rendered, fonts, quote_css
from cakra_analysis.report.sections import read_page
from cakra_analysis.report.signature import write_signature
from cakra_analysis.settings import ReportSettings
from cakra_analysis.words import label, write_date, write_day


def render_report(
    blocks: Sequence[Mapping[str, Any]],
    notebook: str,
    *,
    lang: str,
    when: datetime,
    rules: ReportSettings,
    index: str,
    other: Mapping[str, str] = NOTHING,
    downloads: Mapping[str, str] = NOTHING,
) -> Rendered:
    """Render the official report of an executed notebook.

    Parameters
    ----------
    blocks : sequence of mapping
        From ``find_blocks``.
    notebook : str
        Its name, for instance ``01_needs``.
    lang : str
        ``id`` or ``en``.
    when : datetime
        Moment of the build, with its zone.
    rules : ReportSettings
        Agency and signature.
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
        When there is no outline for this notebook, or it made no header or no provenance.
    """
    document = arrange(blocks, notebook, lang)
    origin = read_page(blocks, "provenance")
    page = {
        **_running(document),
        "lang": lang,
        "document": document,
        "lists": _lists(document),
        "chapters": [
            [(html, signed) for html, signed in write_chapter(chapter, number)]
            for number, chapter in enumerate(document.chapters)
        ],
        "agency": rules.agency,
        "signature": write_signature(rules, when, lang),
        "fonts": fonts(),
        "style": _read("laporan.css"),
        "index": index,
        "other": other,
        "downloads": downloads,
        "say": lambda key, **values: label(key, lang, **values),
        "day": write_day(when, lang),
        "when": write_date(when, lang),
        "version": __version__,
        "facts": origin["facts"],
    }
    title = read_page(blocks, "header")["title"]
    kept = {"title": title, **{k: origin[k] for k in ("facts", "findings", "tables")}}
    return Rendered(_layout().render(page), title, kept)


def _lists(document: Document) -> dict[str, Any]:
    return {
        "contents": list_contents(document),
        "tables": list_numbered(document, "table"),
        "figures": list_numbered(document, "figure"),
    }


def _running(document: Document) -> dict[str, Any]:
    """The page's title, and what stands at the foot of every sheet of paper."""
    facts = " · ".join(document.facts[:2])
    return {"title": f"{document.title} · {facts}", "foot": quote_css(facts)}


def _read(name: str) -> str:
    return resources.files("cakra_analysis.report").joinpath(f"template/{name}").read_text("utf-8")


@functools.cache
def _layout() -> Template:
    return Environment(autoescape=True).from_string(_read("laporan.html.j2"))
