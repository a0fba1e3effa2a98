"""Citizens' satisfaction (IKM) over time, unit by unit, on the bands of its four grades."""

from __future__ import annotations

import numpy as np
import pandas as pd
from babel.dates import get_month_names
from matplotlib.axes import Axes

from cakra_analysis.charts import missing, theme
from cakra_analysis.charts.end_labels import label_ends
from cakra_analysis.words import label, write_number

# Lowest index of each grade, PermenPANRB 14/2017.
GRADES = {"A": 88.31, "B": 76.61, "C": 65.0, "D": 0.0}
COLOURS = [theme.TEAL, theme.TERRACOTTA, theme.INK, theme.SAFFRON, theme.MUTE, "#8f3219"]
TEXTS = [theme.TEAL, theme.TERRACOTTA, theme.INK, "#7a5200", theme.MUTE, "#8f3219"]
MARKS = ["o", "s", "D", "^", "v", "P"]


def plot_trend(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    start: str | None = None,
) -> Axes:
    """Draw each unit's index by month with its interval; a missing month is a gap in the line.

    Parameters
    ----------
    table : DataFrame
        Published rows, one a unit and period: period (``2026-03``), unit (its name), value, low,
        high (IKM, 25-100), n, suppressed. Up to six units can be told apart.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.
    start : str, optional
        The period of the training: an upright line.

    Returns
    -------
    Axes
        With a ``value`` line a unit, over months counted from year 0; names at the line's end.
    """
    units = table["unit"].drop_duplicates().tolist()
    ax = ax or theme.new_axes(3.3 if narrow else 3.9, narrow=narrow)
    if table["value"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    table = table.assign(month=table["period"].map(_month))
    every = _spacing(table["month"])
    ends, names = [], []
    for number, unit in enumerate(units):
        mine = table[table["unit"] == unit].sort_values("month")
        aside = 0.06 * every * (number - (len(units) - 1) / 2)
        _draw_unit(ax, mine, aside, number % len(MARKS), lang, alone=len(units) == 1)
        shown = mine[mine["value"].notna()]
        for month, value in zip(shown["month"].iloc[-1:], shown["value"].iloc[-1:], strict=True):
            ends.append((month + aside, value, number % len(MARKS)))
            names.append(f"{unit} {write_number(value, lang, 'level1')}")
    _draw_grades(ax, table)
    first, last = table["month"].min(), table["month"].max()
    wide = max(last - first, every)
    # The letters of the grades stand at the left.
    ax.set_xlim(first - wide * (0.1 if narrow else 0.06), last + 0.03 * wide)
    if start is not None:
        _draw_start(ax, _month(start), lang)
    _finish(ax, table, every, lang, narrow=narrow)
    label_ends(
        ax, [(x, y) for x, y, _ in ends], names, colours=[COLOURS[i] for _, _, i in ends],
        texts=[TEXTS[i] for _, _, i in ends], width=17 if narrow else 26,
    )  # fmt: skip
    return ax


def _month(period: str) -> int:
    """Months since year 0."""
    year, month = str(period).split("-")[:2]
    return int(year) * 12 + int(month) - 1


def _spacing(months: pd.Series) -> int:
    """The usual number of months from one survey to the next."""
    steps = np.diff(np.sort(months.unique()))
    return int(np.median(steps)) if len(steps) else 1


def _draw_unit(
    ax: Axes, mine: pd.DataFrame, aside: float, number: int, lang: str, *, alone: bool
) -> None:
    """Line with gaps, whiskers, and marks where a period is suppressed; a band if alone."""
    colour = COLOURS[number]
    for row in mine[mine["value"].isna()].itertuples(index=False):
        missing.mark_missing(
            ax, row.month + aside, hidden=bool(row.suppressed), lang=lang, colour=colour
        )
    drawn = mine.set_index("month")[["value", "low", "high"]].astype(float)
    # A row without figures breaks the line where a survey was left out.
    long = np.diff(drawn.index) > 1.5 * _spacing(mine["month"])
    drawn = drawn.reindex(sorted([*drawn.index, *(drawn.index[:-1][long] + 0.5)]))
    x = drawn.index.to_numpy(float) + aside
    if alone:
        ax.fill_between(x, drawn["low"], drawn["high"], color=colour, alpha=0.18, lw=0)
    ax.vlines(x, drawn["low"], drawn["high"], color=colour, lw=1.4, alpha=0.55)
    ax.plot(
        x, drawn["value"], color=colour, lw=1.8, marker=MARKS[number], ms=5.5, mec="white",
        mew=0.7, gid="value",
    )  # fmt: skip


def _draw_grades(ax: Axes, table: pd.DataFrame) -> None:
    """Bands of the grades, as far as the figures reach, each with its letter."""
    figures = table[["value", "low", "high"]].stack()
    middle, half = (figures.max() + figures.min()) / 2, (figures.max() - figures.min()) / 2
    half = max(half * 1.12 + 1, 6)
    bottom, top = max(middle - half - 1.5, 25), min(middle + half, 100.5)
    ax.set_ylim(bottom, top)
    above = 101.0
    for number, (grade, least) in enumerate(GRADES.items()):
        low, high = max(least, bottom), min(above, top)
        above = least
        if low >= high:
            continue
        ax.axhspan(low, high, color=theme.SAND if number % 2 else "#efe9da", zorder=0, gid=grade)
        if high - low > 0.06 * (top - bottom):
            ax.annotate(
                grade, (0, (low + high) / 2), xycoords=("axes fraction", "data"), xytext=(5, 0),
                textcoords="offset points", va="center", fontsize=10, fontweight=600,
                color=theme.MUTE,
            )  # fmt: skip


def _draw_start(ax: Axes, month: int, lang: str) -> None:
    ax.axvline(month, color=theme.INK, lw=1.1, ls=(0, (4, 3)), gid="start")
    ax.annotate(
        label("chart.training", lang), (month, 1), xycoords=("data", "axes fraction"),
        xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=9,
        color=theme.INK,
    )  # fmt: skip


def _finish(ax: Axes, table: pd.DataFrame, every: int, lang: str, *, narrow: bool) -> None:
    months = table["month"]
    names = get_month_names("abbreviated", "format", locale=lang)
    all_months = range(int(months.min()), int(months.max()) + 1, every)
    skip = -(-len(all_months) // (6 if narrow else 12))
    shown = list(all_months)[::skip]
    texts = [names[m % 12 + 1] for m in shown]
    years = [m // 12 for m in shown]
    for i, year in enumerate(years):
        if i == 0 or year != years[i - 1]:
            texts[i] += f"\n{year}"
    ax.set_xticks(shown, texts)
    low, high = ax.get_ylim()
    step = 5 if high - low < 45 else 10
    ticks = [t for t in range(25, 101, step) if low <= t <= high]
    ax.set_yticks(ticks, [write_number(t, lang, "of100") for t in ticks])
    ax.set_ylabel(label("chart.service_axis", lang), color=theme.MUTE, fontsize=9.5)
    ax.set_xlabel(missing.explain_marks(table, lang), color=theme.MUTE, fontsize=9)
    theme.style(ax)
    ax.tick_params(labelcolor=theme.MUTE)


def describe_trend(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_trend`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Each unit's first and last index with its month, and how many points are suppressed.
    """
    shown = table[table["value"].notna()].sort_values("period")
    if shown.empty:
        return label("alt.empty", lang)
    said = []
    for unit in shown["unit"].drop_duplicates().sort_values():
        mine = shown[shown["unit"] == unit]
        first, last = mine.iloc[0], mine.iloc[-1]
        said.append(
            label(
                "alt.trend_unit",
                lang,
                unit=unit,
                was=first["value"],
                start=_write_month(first["period"], lang),
                value=last["value"],
                end=_write_month(last["period"], lang),
            )
        )
    hidden = int(table["suppressed"].sum())
    return label("alt.trend", lang, units=len(said), said="; ".join(said), hidden=hidden)


def _write_month(period: str, lang: str) -> str:
    month = _month(period)
    return f"{get_month_names('wide', 'format', locale=lang)[month % 12 + 1]} {month // 12}"
