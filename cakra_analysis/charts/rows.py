"""What charts with one row a thing share: rules, figures beside a row, the key of the marks."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cakra_analysis.charts import theme

UP, DOWN = 0.2, 0.11  # of a row: how far a rule reaches where names stand between the rows


def rule_rows(
    ax: Axes, x: float, count: int, *, narrow: bool, dashed: bool = False, gid: str = "zero"
) -> None:
    """Draw an upright line through all rows, on a phone without crossing the names.

    Parameters
    ----------
    ax : Axes
        Where rows stand at 0, -1, -2 and so on.
    x : float
        Where the line stands.
    count : int
        Number of rows.
    narrow : bool
        For a phone: names stand between the rows.
    dashed : bool
        For a benchmark.
    gid : str
        What the line stands for.
    """
    form: Any = (0, (4, 3)) if dashed else "-"
    colour = theme.MUTE if dashed else "#aab4ba"
    pieces = [(-y - DOWN, -y + UP) for y in range(count)] if narrow else [(0.5 - count, 0.5)]
    for low, high in pieces:
        ax.plot([x, x], [low, high], lw=1, ls=form, color=colour, zorder=0.9, gid=gid)


def write_beside(
    ax: Axes,
    y: float,
    text: str,
    *,
    shift: float = 6,
    right: bool = False,
    strong: bool = False,
    colour: str = theme.INK,
) -> None:
    """Write a figure right of the axes, level with its row.

    Parameters
    ----------
    ax : Axes
        Where the row is drawn.
    y : float
        The row.
    text : str
        The figure.
    shift : float
        Points from the axes.
    right : bool
        Whether the text ends there instead of beginning there.
    strong : bool
        Bold, for the figure that counts.
    colour : str
        Of the text.
    """
    ax.annotate(
        text,
        (1.0, y),
        xycoords=("axes fraction", "data"),
        xytext=(shift, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        fontsize=10 if strong else 9,
        fontweight=600 if strong else 400,
        color=colour,
    )


def write_head(
    ax: Axes, text: str, *, shift: float = 6, right: bool = False, colour: str = theme.MUTE
) -> None:
    """Write above the figures right of the axes what they are.

    Parameters
    ----------
    ax : Axes
        Where the rows are drawn.
    text : str
        The heading.
    shift : float
        Points from the axes.
    right : bool
        Whether the text ends there instead of beginning there.
    colour : str
        Of the text.
    """
    ax.annotate(
        text,
        (1, 1),
        xycoords="axes fraction",
        xytext=(shift, 5),
        textcoords="offset points",
        ha="right" if right else "left",
        va="bottom",
        fontsize=8.5,
        color=colour,
    )


def key(ax: Axes, marks: list[Line2D], *, columns: int) -> None:
    """Put the key of the marks above the axes.

    Parameters
    ----------
    ax : Axes
        The chart.
    marks : list of Line2D
        With their labels.
    columns : int
        How many stand in a line.
    """
    ax.legend(
        handles=marks,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        columnspacing=1.2,
        handletextpad=0.5,
        handlelength=2.2,
    )
