"""What more or less money would close: the best programme at every budget, with its band."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label, write_number


def plot_frontier(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the levels closed by the best programme at each budget, and the band of its effects.

    Parameters
    ----------
    table : DataFrame
        One row a budget: budget_idr (rupiah), value, low, high (levels closed; missing where no
        programme keeps the rules), chosen (whether the report plans with it).
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.

    Returns
    -------
    Axes
        With one ``value`` line over million rupiah, and a ``chosen`` mark.
    """
    ax = ax or theme.new_axes(3.1 if narrow else 3.5, narrow=narrow)
    shown = table[table["value"].notna()].sort_values("budget_idr")
    if shown.empty:
        return theme.say_empty(ax, label("chart.no_programme", lang))
    money = shown["budget_idr"] / 1e6
    ax.fill_between(money, shown["low"], shown["high"], color=theme.TEAL, alpha=0.16, lw=0)
    ax.plot(money, shown["value"], "o-", color=theme.TEAL, lw=1.9, ms=4.5, gid="value")
    for row in shown[shown["chosen"]].itertuples(index=False):
        place = (row.budget_idr / 1e6, row.value)
        ax.plot(*place, "D", ms=9, mfc=theme.SAFFRON, mec=theme.INK, mew=1.2, gid="chosen")
    _finish(ax, table, shown, lang, narrow=narrow)
    _mark_impossible(ax, table[table["value"].isna()], lang)
    return ax


def _mark_impossible(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    """Shade the budgets at which no programme keeps the rules."""
    if table.empty:
        return
    most = table["budget_idr"].max() / 1e6
    ax.axvspan(ax.get_xlim()[0], most, color=theme.SAND, zorder=0, gid="impossible")
    ax.text(
        most, 0.96, label("chart.impossible", lang), ha="right", va="top", fontsize=8.5,
        color=theme.MUTE, transform=ax.get_xaxis_transform(), rotation=90,
    )  # fmt: skip


def _finish(ax: Axes, table: pd.DataFrame, shown: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    ax.set_ylim(0, shown["high"].max() * 1.08)
    low, high = table["budget_idr"].min() / 1e6, table["budget_idr"].max() / 1e6
    ax.set_xlim(max(0.0, low - 0.06 * (high - low + 1)), high + 0.04 * (high - low + 1))
    for axis, count in ((ax.xaxis, 4 if narrow else 7), (ax.yaxis, 5)):
        start, end = axis.get_view_interval()
        places = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(start, end)
        ticks = [t for t in places if start <= t <= end]
        axis.set_ticks(ticks, labels=[write_number(t, lang, "count") for t in ticks])
    ax.grid(axis="y", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    ax.set_xlabel(label("chart.budget_axis", lang), color=theme.MUTE, fontsize=9.5)
    text = theme.wrap(label("chart.closed_axis", lang), 30)
    ax.set_ylabel(text, color=theme.MUTE, fontsize=9 if narrow else 9.5)
    diamond: Any = {"marker": "D", "ms": 7, "mfc": theme.SAFFRON, "mec": theme.INK, "lw": 0}
    marks: list[Any] = [
        Line2D([], [], color=theme.TEAL, marker="o", ms=4.5, label=label("chart.best", lang)),
        Patch(color=theme.TEAL, alpha=0.16, label=label("chart.effect_band", lang)),
        Line2D([], [], label=label("chart.planned", lang), **diamond),
    ]
    rows.key(ax, marks, columns=1 if narrow else 2)
    theme.style(ax)
    ax.tick_params(labelcolor=theme.MUTE)


def describe_frontier(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_frontier`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The least and the largest budget with what they close, and the one planned with.
    """
    shown = table[table["value"].notna()].sort_values("budget_idr")
    if shown.empty:
        return label("alt.empty", lang)
    first, last = shown.iloc[0], shown.iloc[-1]
    planned = shown[shown["chosen"]].head(1)
    said = label(
        "alt.frontier", lang, budgets=len(shown), least=first["budget_idr"],
        fewest=first["value"], largest=last["budget_idr"], most=last["value"],
    )  # fmt: skip
    for row in planned.itertuples(index=False):
        said += " " + label(
            "alt.frontier_planned", lang, budget=row.budget_idr, value=row.value, low=row.low,
            high=row.high,
        )  # fmt: skip
    return said
