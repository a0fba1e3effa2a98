"""How sure an order is: each competency's rank with the ranks it may have."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number

LABEL = 40


def plot_ranks(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    top: int = 3,
) -> Axes:
    """Draw each rank as a point with the ranks it may have as a bar, and the chance of the first.

    Parameters
    ----------
    table : DataFrame
        Published ``rank_needs`` rows with names, in the order to draw: rank, rank_low, rank_high,
        top_share (0-1), name_id, name_en.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.
    top : int
        How many are "the first"; their ranks are shaded.

    Returns
    -------
    Axes
        With one point a row, at its rank; those surely among the first in another colour.
    """
    names = table[f"name_{lang}"].tolist()
    step = 0.62 if narrow else 0.18 + 0.14 * theme.line_count(names, LABEL)
    ax = ax or theme.new_axes(1.0 + step * max(len(table), 2), narrow=narrow)
    if table["rank"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    ax.axvspan(0.5, top + 0.5, color=theme.SAND, zorder=0)
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, lang, top)
    count = len(table)
    ax.set_xlim(0.5, count + 0.5 + 0.14 * count)
    ax.set_xticks(range(1, count + 1) if count <= 12 else [1, *range(5, count + 1, 5)])
    ax.set_ylim(-count + 0.4, 0.75 if narrow else 0.6)
    ax.set_xlabel(label("chart.rank_axis", lang), color=theme.MUTE, fontsize=9.5)
    ax.annotate(
        label("chart.top_share", lang, top=top), (1, 1), xycoords="axes fraction",
        xytext=(0, 5), textcoords="offset points", ha="right", fontsize=9, color=theme.MUTE,
    )  # fmt: skip
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)
    return ax


def _draw_row(ax: Axes, y: int, row: Any, lang: str, top: int) -> None:
    if pd.isna(row.rank):
        ax.text(1, y, label("page.hidden_cell", lang), color=theme.MUTE)
        return
    colour = theme.TERRACOTTA if row.rank_high <= top else theme.TEAL
    ends = [row.rank_low - 0.12, row.rank_high + 0.12]
    ax.plot(ends, [y, y], lw=7, color=colour, alpha=0.28, solid_capstyle="round")
    ax.plot([row.rank], [y], "o", ms=6.5, color=colour, gid="rank")
    ax.annotate(
        write_number(row.top_share, lang, "percent"),
        (1.0, y),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="center",
        fontsize=10,
        fontweight=600,
    )


def describe_ranks(table: pd.DataFrame, *, lang: str = "id", item: str = "", top: int = 3) -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_ranks`` draws.
    lang : str
        ``id`` or ``en``.
    item : str
        The word for a competency.
    top : int
        How many are "the first".

    Returns
    -------
    str
        The first with the ranks it may have, and how many are surely among the first.
    """
    shown = table[table["rank"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    first = shown.iloc[0]
    return label(
        "alt.ranks",
        lang,
        items=len(shown),
        item=item or label("subject.item", lang),
        name=first[f"name_{lang}"],
        low=int(first["rank_low"]),
        high=int(first["rank_high"]),
        sure=int((shown["rank_high"] <= top).sum()),
        top=top,
    )
