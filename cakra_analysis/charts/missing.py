"""What a chart shows where there is no figure: a word in a row, a mark at a point in time."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.words import label


def why_missing(row: Any, lang: str) -> str:
    """Return why a row has no figure.

    Parameters
    ----------
    row : named tuple
        A row of a published table.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Suppressed, or nothing to compare with.
    """
    hidden = bool(getattr(row, "suppressed", False))
    return label("page.hidden_cell" if hidden else "chart.no_comparison", lang)


def is_hidden(table: pd.DataFrame) -> bool:
    """Tell whether a table has nothing to draw.

    Parameters
    ----------
    table : DataFrame
        A published table.

    Returns
    -------
    bool
        True where it is empty or wholly suppressed.
    """
    return bool(table["suppressed"].astype(bool).all())


def mark_missing(ax: Axes, x: float, *, hidden: bool, lang: str, colour: str) -> None:
    """Mark below, in a chart over time, where a figure is missing.

    Parameters
    ----------
    ax : Axes
        The chart.
    x : float
        When.
    hidden : bool
        Suppressed, else not to be estimated.
    lang : str
        ``id`` or ``en``.
    colour : str
        Of the mark.
    """
    ax.annotate(
        label("page.hidden_mark", lang) if hidden else "–",
        (x, 0.01),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="baseline",
        fontsize=15,
        color=colour,
        gid="hidden" if hidden else "missing",
    )


def explain_marks(table: pd.DataFrame, lang: str) -> str:
    """Return what the marks of missing figures in a chart over time stand for.

    Parameters
    ----------
    table : DataFrame
        What is drawn.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Empty where no figure is missing.
    """
    hidden = table["suppressed"].astype(bool)
    said = []
    if hidden.any():
        said.append(f"{label('page.hidden_mark', lang)} {label('page.hidden_cell', lang)}")
    if (table["value"].isna() & ~hidden).any():
        said.append(f"– {label('chart.not_computed', lang)}")
    return "   ".join(said)
