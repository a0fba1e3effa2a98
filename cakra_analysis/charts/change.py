"""How gaps moved on the same people, beside the change of everybody rated."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.words import label, write_number

LABEL = 34
# Form of the mark, its colour, colour of the words: the form tells the verdict without the colour.
MARKS = {
    "better": ("o", theme.TEAL, theme.TEAL),
    "worse": ("D", theme.TERRACOTTA, theme.CATEGORY_TEXT["medium"]),
    "unclear": ("X", theme.CATEGORY["unclear"], theme.MUTE),
}
WORDS = {
    "better": "chart.change_better",
    "worse": "chart.change_worse",
    "unclear": "chart.change_unclear",
}
# Points from the axes to the ends of the columns: the same people, who is there, n, verdict.
COLUMNS = (40, 84, 110, 120)
ALL = "all"


def plot_change(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    by: str = "item",
) -> Axes:
    """Draw the change on the same people with its interval, and the change of all as a tick.

    Parameters
    ----------
    table : DataFrame
        Published rows of one period, one a competency or unit, in the order to draw: value, low,
        high (change of the gap on the same people, levels; below 0 = the gap fell), total, who,
        n, verdict (better, worse, unclear), suppressed; name_id and name_en, or unit. The
        competency ``all`` is named as such.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines, verdicts below.
    by : str
        ``item`` or ``unit``: what a row is.

    Returns
    -------
    Axes
        With one ``same`` mark and one ``total`` tick a row, at their values; a row without figures
        says why.
    """
    names = _name_rows(table, by, lang)
    step = (
        0.64 + 0.16 * theme.line_count(names, 46)
        if narrow
        else 0.2 + 0.15 * theme.line_count(names, LABEL)
    )
    ax = ax or theme.new_axes(1.35 + step * max(len(table), 2), narrow=narrow)
    if missing.is_hidden(table):
        return theme.say_empty(ax, label("alt.empty", lang))
    rows.rule_rows(ax, 0, len(table), narrow=narrow)
    limits = _limits(table)
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, limits[0], lang)
        _write_row(ax, -y, row, lang, narrow=narrow)
    _draw_key(ax, table, lang)
    _finish(ax, names, limits, lang, narrow=narrow)
    return ax


def _name_rows(table: pd.DataFrame, by: str, lang: str) -> list[str]:
    if by == "unit":
        return [str(name) for name in table["unit"]]
    every = label("chart.all_items", lang)
    codes = table["competency_id"] if "competency_id" in table else table[f"name_{lang}"]
    pairs = zip(codes, table[f"name_{lang}"], strict=True)
    return [every if code == ALL else str(name) for code, name in pairs]


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    figures = table[["low", "high", "value", "total"]].astype(float).stack()
    low, high = (-0.1, 0.1) if figures.empty else (figures.min(), figures.max())
    low, high = min(low, -0.05), max(high, 0.05)
    room = 0.06 * (high - low)
    return low - room, high + room


def _draw_row(ax: Axes, y: int, row: Any, left: float, lang: str) -> None:
    if pd.isna(row.value):
        ax.text(
            left, y, " " + missing.why_missing(row, lang), va="center", fontsize=9,
            color=theme.MUTE, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
        return
    form, colour, _ = MARKS.get(str(row.verdict), MARKS["unclear"])
    ax.plot([row.low, row.high], [y, y], lw=2.2, color=colour, solid_capstyle="butt",
            gid="interval")  # fmt: skip
    ax.plot([row.total], [y], "|", ms=15, color=theme.INK, mew=1.6, gid="total")
    ax.plot([row.value], [y], form, ms=8.5, color=colour, mec="white", mew=0.8, gid="same")


def _write_row(ax: Axes, y: int, row: Any, lang: str, *, narrow: bool) -> None:
    """Change on the same people and by who is there, people, verdict in words."""
    if pd.isna(row.value):
        return
    colour = MARKS.get(str(row.verdict), MARKS["unclear"])[2]
    same, who, people, verdict = COLUMNS
    words = label(WORDS[row.verdict], lang) if row.verdict in WORDS else ""
    count, by_who = write_number(row.n, lang, "count"), write_number(row.who, lang, "signed")
    text = write_number(row.value, lang, "signed")
    rows.write_beside(ax, y, text, shift=same, right=True, strong=True, colour=colour)
    if not narrow:
        rows.write_beside(ax, y, by_who, shift=who, right=True)
        rows.write_beside(ax, y, count, shift=people, right=True, colour=theme.MUTE)
        rows.write_beside(ax, y, words, shift=verdict, colour=colour)
        return
    said = f"{words} · {label('chart.who', lang)} {by_who} · n {count}"
    ax.annotate(
        said, (0, y), xycoords=("axes fraction", "data"), xytext=(0, -10),
        textcoords="offset points", va="top", fontsize=8.8, color=colour,
    )  # fmt: skip


def _draw_key(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    form, colour, _ = MARKS[_first_verdict(table)]
    same = Line2D([], [], marker=form, ms=8, lw=2.2, color=colour, mec="white",
                  label=label("chart.same_people", lang))  # fmt: skip
    total = Line2D([], [], marker="|", ms=12, lw=0, color=theme.INK, mew=1.6,
                   label=label("chart.everybody", lang))  # fmt: skip
    rows.key(ax, [same, total], columns=1)


def _first_verdict(table: pd.DataFrame) -> str:
    """The verdict whose mark stands in the key."""
    given = table["verdict"].dropna()
    return next((v for v in MARKS if (given == v).any()), "unclear")


def _finish(
    ax: Axes, names: list[str], limits: tuple[float, float], lang: str, *, narrow: bool
) -> None:
    ax.set_xlim(*limits)
    ax.set_ylim(0.5 - len(names) - (0.1 if narrow else 0), 0.72 if narrow else 0.5)
    ticks = [t for t in MaxNLocator(4 if narrow else 6).tick_values(*limits)
             if limits[0] <= t <= limits[1]]  # fmt: skip
    ax.set_xticks(ticks, [write_number(t, lang, "signed") for t in ticks])
    axis = label("chart.change_axis", lang)
    ax.set_xlabel(theme.wrap(axis, 40) if narrow else axis, color=theme.MUTE, fontsize=9.5)
    if narrow:
        rows.write_head(ax, label("chart.same", lang), shift=COLUMNS[0], right=True)
    else:
        heads = (label("chart.same", lang), label("chart.who", lang), "n")
        for head, shift in zip(heads, COLUMNS[:3], strict=True):
            rows.write_head(ax, theme.wrap(head, 8), shift=shift, right=True)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def describe_change(table: pd.DataFrame, *, lang: str = "id", by: str = "item") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_change`` draws.
    lang : str
        ``id`` or ``en``.
    by : str
        As for ``plot_change``.

    Returns
    -------
    str
        How many rows improved, got worse, cannot be told or have no figure, and the largest change
        on the same people with its interval and the change of everybody.
    """
    table = table.assign(named=_name_rows(table, by, lang))
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top = shown.loc[shown["value"].abs().idxmax()]
    counts = shown["verdict"].value_counts()
    return label(
        "alt.change",
        lang,
        rows=len(table),
        better=int(counts.get("better", 0)),
        worse=int(counts.get("worse", 0)),
        unclear=int(counts.get("unclear", 0)),
        missing=len(table) - len(shown),
        name=top["named"],
        value=top["value"],
        low=top["low"],
        high=top["high"],
        total=top["total"],
    )
