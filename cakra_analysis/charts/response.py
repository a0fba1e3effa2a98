"""The share of each unit's staff that was rated."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number


def plot_response(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    least: float = 0.6,
) -> Axes:
    """Draw the response of each unit as a bar, suppressed units as a dot.

    Parameters
    ----------
    table : DataFrame
        Published ``score_response`` rows with names, in the order to draw: unit, share (0-1).
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.
    least : float
        A unit below this share is drawn in another colour.

    Returns
    -------
    Axes
        One bar a unit, as wide as its share in percent.
    """
    ax = ax or theme.new_axes(0.6 + 0.27 * max(len(table), 2), narrow=narrow)
    if table["share"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    places = [-i for i in range(len(table))]
    share = table["share"].fillna(0) * 100
    colours = [theme.TEAL if s >= 100 * least else theme.TERRACOTTA for s in share]
    ax.barh(places, share, height=0.6, color=colours)
    for y, value in zip(places, table["share"], strict=True):
        text = "•" if pd.isna(value) else write_number(value, lang, "percent")
        place = 1.5 if pd.isna(value) else value * 100 + 1.5
        ax.text(place, y, text, va="center", fontsize=9, color=theme.INK)
    ax.set_yticks(places, [theme.wrap(u, 26 if narrow else 40) for u in table["unit"]])
    ax.set_xlim(0, 112)
    ax.set_ylim(-len(table) + 0.4, 0.6)
    ax.set_xticks([])
    ax.set_xlabel(label("chart.response_axis", lang), color=theme.MUTE, fontsize=9)
    theme.style(ax)
    return ax


def describe_response(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_response`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of units, lowest and highest response.
    """
    shown = table[table["share"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    least = shown.loc[shown["share"].idxmin()]
    return label(
        "alt.response",
        lang,
        units=len(shown),
        low=least["share"],
        unit=least["unit"],
        high=shown["share"].max(),
    )
