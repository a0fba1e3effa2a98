"""A unit beside the unit above it and the units at its own height, one line a competency."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label, write_number

LABEL = 40


def plot_beside(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw a unit's figure with its interval, its parent's, and the median of its peers.

    Parameters
    ----------
    table : DataFrame
        One row a competency, in the order to draw: value, low, high, level, parent, middle, peers
        (how many), unit and above (names of the unit and its parent), name_id, name_en; perhaps
        gap_definition. Rows without a value are drawn as suppressed.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        A row has one ``own`` point at its value, a ``parent`` stroke and a ``peers`` diamond.
    """
    names = table[f"name_{lang}"].tolist()
    step = 0.62 if narrow else 0.11 + 0.16 * theme.line_count(names, LABEL)
    ax = ax or theme.new_axes((1.45 if narrow else 1.15) + step * max(len(table), 2), narrow=narrow)
    if table["value"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    if not _stated(table):
        rows.rule_rows(ax, 0.0, len(table), narrow=narrow)
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, lang)
    ax.set_ylim(-len(names) + (0.4 if narrow else 0.5), 0.6 if narrow else 0.55)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    rows.key(ax, _marks(table, lang), columns=1 if narrow else 2)
    _style_axis(ax, table, lang)
    return ax


def _stated(table: pd.DataFrame) -> bool:
    """Whether the figures are stated needs, which have no zero to be held against."""
    return "required" in table and bool(table["required"].isna().all())


def _draw_row(ax: Axes, y: int, row: Any, lang: str) -> None:
    if pd.isna(row.value):
        ax.text(0.02, y, label("page.hidden_cell", lang), color=theme.MUTE, va="center",
                transform=ax.get_yaxis_transform())  # fmt: skip
        return
    band: Any = {"lw": 7, "color": theme.TEAL, "alpha": 0.25, "solid_capstyle": "round"}
    if pd.notna(row.low):
        ax.plot([row.low, row.high], [y, y], **band)
    if pd.notna(row.parent):
        ax.plot([row.parent] * 2, [y - 0.24, y + 0.24], lw=2.2, color=theme.INK, gid="parent")
    if pd.notna(row.middle):
        ax.plot([row.middle], [y], "D", ms=6, mfc="white", mec="#7a5200", mew=1.6, gid="peers")
    ax.plot([row.value], [y], "o", ms=6.5, color=theme.TEAL, gid="own")
    rows.write_beside(ax, y, write_number(row.value, lang, "levels"), strong=True)


def _marks(table: pd.DataFrame, lang: str) -> list[Line2D]:
    """The key: the unit, then its parent and its peers where there are any."""
    first = table.iloc[0]
    text = label("chart.own", lang, unit=first["unit"], confidence=table["level"].dropna().iloc[0])
    marks = [Line2D([], [], marker="o", ms=6, lw=6, alpha=0.6, color=theme.TEAL, label=text)]
    if table["parent"].notna().any():
        bar: Any = {"marker": "|", "ms": 11, "mew": 2.2, "lw": 0, "color": theme.INK}
        marks.append(Line2D([], [], label=first["above"], **bar))
    if table["middle"].notna().any():
        text = label("chart.peers", lang, count=int(table["peers"].max()))
        diamond: Any = {"marker": "D", "ms": 6, "mfc": "white", "mec": "#7a5200", "mew": 1.6}
        marks.append(Line2D([], [], lw=0, label=text, **diamond))
    return marks


def _style_axis(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    stated = _stated(table)
    low, high = ax.dataLim.x0, ax.dataLim.x1
    low, high = (1.0, 5.0) if stated else (min(low, 0.0) - 0.03, max(high, 0.0) + 0.03)
    ax.set_xlim(low, high)
    every = 1.0 if high - low > 2.5 else 0.5
    ticks = [i * every for i in range(-10, 11) if low <= i * every <= high]
    ax.set_xticks(ticks, [write_number(t, lang, "level1") for t in ticks])
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    axis = "chart.need_axis" if stated else "chart.gap_axis"
    ax.set_xlabel(label(axis, lang, target=_target(table, lang)), color=theme.MUTE, fontsize=9.5)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def _target(table: pd.DataFrame, lang: str) -> str:
    """What the gap is held against, by its definition."""
    names = table["gap_definition"].dropna() if "gap_definition" in table else pd.Series(dtype=str)
    return label(f"target.{names.iloc[0].split()[0] if len(names) else 'standard'}", lang)


def describe_beside(table: pd.DataFrame, *, lang: str = "id", item: str = "") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_beside`` draws.
    lang : str
        ``id`` or ``en``.
    item : str
        The word for a competency.

    Returns
    -------
    str
        The unit, its largest figure, and its parent's and peers' figure there.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top = shown.iloc[0]
    item = item or label("subject.item", lang)
    said = label("alt.beside", lang, items=len(shown), item=item, unit=top["unit"],
                 name=top[f"name_{lang}"], value=top["value"])  # fmt: skip
    for column, key in (("parent", "alt.beside_parent"), ("middle", "alt.beside_peers")):
        if pd.notna(top[column]):
            said += " " + label(key, lang, unit=top["above"], value=top[column])
    return said
