"""Scores before and after each course, of the trained beside those they are compared with."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.words import label, write_number

LABEL = 32
# Where in the row of its course a group stands, form of its line and mark, colour.
GROUPS: dict[str, tuple[float, Any, str, str]] = {
    "trained": (0.17, "-", "o", theme.TEAL),
    "comparison": (-0.17, (0, (2.5, 1.8)), "s", theme.MUTE),
}
# Points from the axes to the ends of the columns before, after, n; on a wide page and a phone.
COLUMNS = {False: (106, 143, 168), True: (36, 72, 95)}
HIGHEST = 100  # scores beyond it are on a scale of their own: earnings, for instance
LARGE = 1000  # figures from here on carry no decimals
LOWER = 0.12  # on a phone: further from the name above


def plot_before_after(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw mean scores before (open) and after (filled), a line a group, two lines a course.

    Parameters
    ----------
    table : DataFrame
        Published rows, one a course and group, courses in the order to draw: group (trained or
        comparison), before, after, low, high (the interval of after; 0-100 or another scale), n,
        name_id, name_en, suppressed; course_id where courses may share a name.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        With a ``before`` and an ``after`` mark a row of the table, at their scores.
    """
    key = table["course_id" if "course_id" in table else f"name_{lang}"]
    names = table.loc[~key.duplicated(), f"name_{lang}"].tolist()
    step = (
        0.82 + 0.17 * theme.line_count(names, 46)
        if narrow
        else max(0.5, 0.24 + 0.15 * theme.line_count(names, LABEL))
    )
    ax = ax or theme.new_axes(1.15 + step * max(len(names), 1.6), narrow=narrow)
    if missing.is_hidden(table):
        return theme.say_empty(ax, label("alt.empty", lang))
    places = {code: -float(i) for i, code in enumerate(key.drop_duplicates())}
    left, right = _limits(table)
    for code, row in zip(key, table.itertuples(index=False), strict=True):
        shift = GROUPS[str(row.group)][0] - (LOWER if narrow else 0)
        _draw_row(ax, places[code] + shift, row, left, lang)
        _write_row(ax, places[code] + shift, row, lang, narrow=narrow)
    for y in range(1, len(names)) if not narrow else ():
        ax.axhline(0.5 - y, color=theme.LINE, lw=0.7)
    ax.set_xlim(left, right)
    ax.set_ylim(0.42 - len(names), 0.72 if narrow else 0.5)
    _finish(ax, names, lang, narrow=narrow)
    return ax


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """From the lowest to the highest figure in steps of ten, and a little more."""
    figures = table[["before", "after", "low", "high"]].stack()
    low, high = (40.0, 90.0) if figures.empty else (float(figures.min()), float(figures.max()))
    if high > HIGHEST:
        return low - 0.05 * (high - low), high + 0.05 * (high - low)
    return 10 * (low // 10) - 1, 10 * -(-high // 10) + 1


def _draw_row(ax: Axes, y: float, row: Any, left: float, lang: str) -> None:
    _, form, mark, colour = GROUPS[row.group]
    if pd.isna(row.before) and pd.isna(row.after):
        text = f"{label(f'chart.{row.group}', lang)}: {missing.why_missing(row, lang)}"
        ax.text(left + 1.5, y, text, va="center", fontsize=9, color=theme.MUTE)
        return
    ax.plot([row.low, row.high], [y, y], lw=7, color=colour, alpha=0.25, gid="interval")
    ax.plot([row.before, row.after], [y, y], lw=1.7, ls=form, color=colour)
    for value, gid, fill in ((row.before, "before", "white"), (row.after, "after", colour)):
        if pd.notna(value):
            ax.plot([value], [y], mark, ms=6.5, mfc=fill, mec=colour, mew=1.5, gid=gid)


def _write_row(ax: Axes, y: float, row: Any, lang: str, *, narrow: bool) -> None:
    """Both scores and the people behind them, and on a wide page the group in words."""
    colour = GROUPS[row.group][3]
    group = label(f"chart.{row.group}", lang)
    if not narrow:
        rows.write_beside(ax, y, group, colour=colour)
    if pd.isna(row.before) and pd.isna(row.after):
        return
    before, after, people = COLUMNS[narrow]
    kind = "count" if max(row.before, row.after) >= LARGE else "level1"
    figure = write_number(row.before, lang, kind)
    rows.write_beside(ax, y, figure, shift=before, right=True, colour=colour)
    figure = write_number(row.after, lang, kind)
    rows.write_beside(ax, y, figure, shift=after, right=True, strong=True, colour=colour)
    figure = write_number(row.n, lang, "count")
    rows.write_beside(ax, y, figure, shift=people, right=True, colour=theme.MUTE)


def _finish(ax: Axes, names: list[str], lang: str, *, narrow: bool) -> None:
    left, right = ax.get_xlim()
    ticks = MaxNLocator(5).tick_values(left, right) if right > HIGHEST + 1 else range(0, 101, 10)
    ticks = [t for t in ticks if left <= t <= right]
    ax.set_xticks(ticks, [write_number(t, lang, "of100") for t in ticks])
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    axis = label("chart.score_axis", lang)
    ax.set_xlabel(theme.wrap(axis, 30) if narrow else axis, color=theme.MUTE, fontsize=9.5)
    _draw_key(ax, lang, narrow=narrow)
    heads = (label("chart.before", lang), label("chart.after", lang), "n")
    for head, shift in zip(heads, COLUMNS[narrow], strict=True):
        rows.write_head(ax, head, shift=shift, right=True)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def _draw_key(ax: Axes, lang: str, *, narrow: bool) -> None:
    """Groups by form and colour, occasions by open and filled marks."""
    marks = [
        Line2D(
            [],
            [],
            marker=mark,
            ms=6.5,
            lw=1.7,
            ls=form,
            color=colour,
            mew=1.5,
            label=label(f"chart.{group}", lang),
        )
        for group, (_, form, mark, colour) in GROUPS.items()
    ]
    marks += [
        Line2D(
            [],
            [],
            marker="o",
            ms=6.5,
            lw=0,
            mfc=fill,
            mec=theme.INK,
            mew=1.2,
            label=label(f"chart.{when}", lang),
        )
        for when, fill in (("before", "white"), ("after", theme.INK))
    ]
    rows.key(ax, marks, columns=2 if narrow else 4)


def describe_before_after(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_before_after`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The course whose trained people rose most, and what their comparison did.
    """
    shown = table[table["before"].notna() & table["after"].notna()]
    trained = shown[shown["group"] == "trained"]
    if trained.empty:
        return label("alt.empty", lang)
    key = "course_id" if "course_id" in table else f"name_{lang}"
    top = trained.loc[(trained["after"] - trained["before"]).idxmax()]
    other = shown[(shown["group"] == "comparison") & (shown[key] == top[key])]
    text = label(
        "alt.before_after",
        lang,
        courses=table[key].nunique(),
        name=top[f"name_{lang}"],
        before=top["before"],
        after=top["after"],
    )
    if other.empty:
        return f"{text} {label('alt.before_after_alone', lang)}"
    was, now = other[["before", "after"]].iloc[0]
    return f"{text} {label('alt.before_after_others', lang, before=was, after=now)}"
