"""What ``cakra cycle --demo`` leaves in a folder: the figure, the table, a page that explains."""

from __future__ import annotations

import argparse
import base64
from html import escape
from pathlib import Path

import pandas as pd

from cakra_analysis import cycles
from cakra_analysis.charts import describe_loop, plot_loop
from cakra_analysis.report.blocks import draw_png, draw_svg
from cakra_analysis.report.render import fonts, style
from cakra_analysis.words import label, say

NOTES = ("note_same", "note_true", "note_made")
SVG_FILE = '<?xml version="1.0" encoding="utf-8"?>\n'


def write_files(
    folder: Path, table: pd.DataFrame, closed: pd.DataFrame, options: argparse.Namespace
) -> list[Path]:
    """Write figure, tables and page.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    table : DataFrame
        From ``compare_arms``.
    closed : DataFrame
        ``Regions.closed``, one row a region, way of planning and cycle.
    options : Namespace
        lang, cycles, staff.

    Returns
    -------
    list of Path
        The files: loop.svg, loop.png, loop.csv (the comparison), regions.csv, index.html.
    """
    lang = options.lang
    folder.mkdir(parents=True, exist_ok=True)
    axes = plot_loop(table, lang=lang)
    svg, png = draw_svg(axes), draw_png(axes)
    texts = {
        "loop.svg": SVG_FILE + svg,
        "loop.csv": table.to_csv(index=False, lineterminator="\n"),
        "regions.csv": closed.to_csv(index=False, lineterminator="\n"),
        "index.html": _write_page(table, svg, options),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "loop.png").write_bytes(base64.b64decode(png))
    return sorted(folder / name for name in (*texts, "loop.png"))


def _write_page(table: pd.DataFrame, svg: str, options: argparse.Namespace) -> str:
    """A page that needs no network and no other file."""
    from cakra_analysis.console.cycle import list_rows

    lang, finding = options.lang, cycles.find_loop(table)
    narrow = draw_svg(plot_loop(table, lang=lang, narrow=True))
    alt = escape(describe_loop(table, lang=lang))
    story = {name: escape(label(f"cycle.story.{name}", lang)) for name in
             ("number", "arm", "share", "range", "regions", "figure", "notes", *NOTES)}  # fmt: skip
    title, text = escape(say(finding, lang, "title")), escape(say(finding, lang))
    above = escape(
        label(
            "cycle.story.many", lang, regions=finding.n, staff=options.staff, cycles=options.cycles
        )
    )
    heads = "".join(
        f'<th scope="col">{story[name]}</th>'
        for name in ("number", "arm", "share", "range", "regions")
    )
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in list_rows(table, lang)
    )
    pictures = "".join(
        f'<div class="{width}" role="img" aria-label="{alt}">{drawing}</div>'
        for width, drawing in (("wide", svg), ("narrow", narrow))
    )
    notes = "".join(f"<li>{story[name]}</li>" for name in NOTES)
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{fonts()}{style()}</style></head><body>"
        f'<header><div><p class="eyebrow">{above}</p><h1>{title}</h1></div></header>'
        f'<div class="sheet"><main id="main"><p>{text}</p>'
        f"<figure>{pictures}<figcaption>{story['figure']}</figcaption></figure>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{story["figure"]}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<h2>{story["notes"]}</h2><ul class="notes">{notes}</ul></main></div>'
        f'<footer><div><p class="flag">{escape(label("page.synthetic", lang))}</p></div></footer>'
        "</body></html>\n"
    )
