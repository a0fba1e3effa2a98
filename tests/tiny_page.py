"""A small page with every kind of block, rendered without running a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.axes import Axes
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cakra_analysis.charts import theme
from cakra_analysis.privacy import publish
from cakra_analysis.report.page import Page
from cakra_analysis.report.render import Rendered, render_page
from cakra_analysis.results import Finding

WHEN = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Makassar"))
DOWNLOADS = {"PDF": "A.id.pdf", "Excel": "A.id.xlsx"}


def draw(table: pd.DataFrame, *, lang: str, narrow: bool, tall: float = 3.0) -> Axes:
    ax = theme.new_axes(tall, narrow=narrow)
    ax.plot(table["n"])
    ax.set_xlabel(f"Label {lang}")
    theme.style(ax)
    return ax


def tiny_page(
    *,
    lang: str = "id",
    unit: str = "Unit A",
    downloads: Mapping[str, str] = DOWNLOADS,
    charts: int = 1,
    tall: float = 3.0,
    rows: int = 12,
) -> Rendered:
    """Header, summary, figures, charts, a table, notes, and an annex with a section of its own."""
    page = Page(lang, person="ASN", item="kompetensi", unit_word="unit")
    frame = pd.DataFrame({"unit": [f"U{i:03}" for i in range(rows)], "n": range(9, rows + 9)})
    table = publish(frame, "gaps", audience="internal")
    found = Finding("needs.match.hidden")
    shown = [
        page.header("needs", Finding("needs.leading.hidden", {"instead": unit}), [unit, "2026"]),
        page.summary([found]),
        page.figures([("7", "JPM")]),
        page.section("match", found, text="JPM " * 40),
    ]

    def plot(*given: pd.DataFrame, **options: object) -> Axes:
        return draw(*given, **options, tall=tall)

    for number in range(charts):
        shown.append(page.figure(plot, table, caption=f"Chart {number}", alt=f"Words {number}"))
        shown.append(page.table(table, ["unit:unit:text", "n:n:count"], caption="Rows"))
    shown += [
        page.notes("next", [Finding("needs.match.hidden")]),
        page.annex(),
        page.section("reliability", found),
        page.table(table, ["unit:unit:text", "n:n:count"], caption="More rows"),
        page.provenance(fingerprint="f" * 64, threshold=5, source="", synthetic=True),
    ]
    outputs = [new_output("display_data", data=b._repr_mimebundle_()) for b in shown]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=outputs)])
    return render_page(
        notebook, lang=lang, when=WHEN, index="../../index.html", other={}, downloads=downloads
    )
