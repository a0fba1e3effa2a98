"""Level today against the standard, or stated need, one line a competency."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number

LABEL = 44


def plot_gaps(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw each competency's level with its interval, the standard, and the gap in figures.

    Parameters
    ----------
    table : DataFrame
        One unit's rows of a published ``score_gaps`` table with names, in the order to draw:
        value, low, high, level, required (missing for a stated need), observed, category,
        name_id, name_en. Rows without a value are drawn as suppressed.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        With one ``observed`` point a row, at its level.
    """
    names = table[f"name_{lang}"].tolist()
    step = 0.62 if narrow else 0.18 + 0.16 * theme.line_count(names, LABEL)
    ax = ax or theme.new_axes((1.15 if narrow else 0.95) + step * max(len(table), 2), narrow=narrow)
    if table["value"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, lang)
    ax.set_ylim(-len(names) + (0.5 if not narrow else 0.4), 0.6 if narrow else 0.55)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    _legend(ax, table, lang, narrow=narrow)
    style_axis(ax, table, lang)
    return ax


def _draw_row(ax: Axes, y: int, row: Any, lang: str) -> None:
    if pd.isna(row.value):
        ax.text(0.5, y, label("page.hidden_cell", lang), color=theme.MUTE)
        return
    stated = pd.isna(row.required)
    colour = theme.TEAL if stated else theme.CATEGORY[row.category]
    low = row.low if stated else row.required - row.high
    high = row.high if stated else row.required - row.low
    ax.plot([low, high], [y, y], lw=7, color=colour, alpha=0.25, solid_capstyle="round")
    if not stated:
        ax.plot([row.observed, row.required], [y, y], lw=1.8, color=colour)
        ax.plot([row.required] * 2, [y - 0.24, y + 0.24], lw=2.2, color=theme.INK)
    ax.plot([row.observed], [y], "o", ms=6.5, color=colour, label="_observed", gid="observed")
    ax.annotate(
        write_number(row.value, lang, "levels" if stated else "signed"),
        (1.0, y),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="center",
        color=theme.INK if stated else theme.CATEGORY_TEXT[row.category],
        fontsize=10,
        fontweight=600,
    )


def _legend(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    stated = table["required"].isna().all()
    confidence = table["level"].iloc[0]
    text = label("chart.need" if stated else "chart.observed", lang, confidence=confidence)
    marks = [Line2D([], [], marker="o", ms=6, lw=6, alpha=0.6, color=theme.MUTE, label=text)]
    if not stated:
        text = label("chart.required", lang, target=_target(table, lang))
        marks.append(Line2D([], [], marker="|", ms=11, mew=2.2, lw=0, color=theme.INK, label=text))
    ax.legend(
        handles=marks,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=1 if narrow else 2,
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=1.6,
    )
    if not stated:
        ax.annotate(
            label("chart.gap", lang),
            (1, 1),
            xycoords="axes fraction",
            xytext=(0, 7),
            textcoords="offset points",
            ha="right",
            fontsize=9,
            color=theme.MUTE,
        )


def style_axis(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    """Leave room at the right for the figures, and label the levels.

    Parameters
    ----------
    ax : Axes
        After the rows were drawn.
    table : DataFrame
        The rows.
    lang : str
        ``id`` or ``en``.
    """
    stated = table["required"].isna().all()
    low, high = ax.dataLim.x0, ax.dataLim.x1
    low, high = (1, 5) if stated else (max(0, low - 0.05), high + 0.05)
    ax.set_xlim(low, high + 0.2 * (high - low))
    span = high - low
    every = 1 if span > 2.5 else 0.5
    ticks = [i * every for i in range(int(5 / every) + 1) if low <= i * every <= high + 1e-9]
    kind = "level1" if every < 1 else "of100"
    ax.set_xticks(ticks, [write_number(t, lang, kind) for t in ticks])
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    ax.set_xlabel(
        label("chart.need_axis" if stated else "chart.level_axis", lang),
        color=theme.MUTE,
        fontsize=9.5,
    )
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def _target(table: pd.DataFrame, lang: str) -> str:
    """What the gap is held against, by its definition."""
    return label(f"target.{table['gap_definition'].iloc[0].split()[0]}", lang)


def describe_gaps(table: pd.DataFrame, *, lang: str = "id", item: str = "") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_gaps`` draws.
    lang : str
        ``id`` or ``en``.
    item : str
        The word for a competency.

    Returns
    -------
    str
        Names and values of the largest and smallest.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top, last = shown.iloc[0], shown.iloc[-1]
    return label(
        "alt.needs" if shown["required"].isna().all() else "alt.gaps",
        lang,
        target=_target(table, lang),
        item=item or label("subject.item", lang),
        name=top[f"name_{lang}"],
        value=top["value"],
        low=top["low"],
        high=top["high"],
        last=last[f"name_{lang}"],
        last_value=last["value"],
    )
