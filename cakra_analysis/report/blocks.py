"""The pieces of a page, and charts as vector drawings inside it."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from cakra_analysis.report.html import write_block

NOTEBOOK = (
    ".cakra-figure .narrow { display: none } .cakra-figure .wide { max-width: 60em }"
    " .cakra-figure svg { overflow: visible }"  # where the typeface is another, names are wider
)
BLOCK = "application/vnd.cakra.block+json"
SVG: Any = {"svg.fonttype": "none", "svg.hashsalt": "cakra", "font.size": 10}


@dataclass(frozen=True)
class Block:
    """A piece of the page. The rendering shows blocks and nothing else of a notebook."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def html(self) -> str:
        """The piece as HTML."""
        return write_block({"kind": self.kind, **self.data})

    @property
    def shown(self) -> str:
        """The piece as a notebook shows it: of a chart, not the drawing for telephones besides."""
        style = f"<style>{NOTEBOOK}</style>" if self.kind == "figure" else ""
        return f'{style}<div class="cakra-{self.kind}">{self.html}</div>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self.shown, BLOCK: {"kind": self.kind, **self.data}}


def draw_svg(ax: Axes) -> str:
    """Return a chart as an SVG element that scales with the page and uses its typeface.

    Parameters
    ----------
    ax : Axes
        On a figure of its own.

    Returns
    -------
    str
        ``<svg ...>``, hidden from screen readers: the alt text stands on its wrapper.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes was taken off its figure")
    buffer = io.StringIO()
    with mpl.rc_context(SVG):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()[buffer.getvalue().index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"([^>]*?) width="[^"]*"', r"\1\2", svg, count=1)
    # Coordinates need no more than two decimals; what is written in the chart stays as it is.
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def draw_png(ax: Axes) -> str:
    """Return a chart as a picture for documents that take no drawings.

    Parameters
    ----------
    ax : Axes
        On a figure of its own.

    Returns
    -------
    str
        PNG, base64.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes was taken off its figure")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode()
