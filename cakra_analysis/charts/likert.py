"""Answers for and against either side of a line, those in the middle set apart."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Patch

from cakra_analysis.charts import rows, theme
from cakra_analysis.charts.answers import LIKING
from cakra_analysis.words import label, write_number

LABEL = 38
NEUTRAL = "#c3cacd"
ROOM, ROOM_NARROW = 15, 24  # percent of the answers: for the sum at the end of a bar
SCALE = LinearSegmentedColormap.from_list("likert", LIKING)


def plot_likert(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the shares against leftwards and for rightwards, and the neutral ones at the right.

    Parameters
    ----------
    table : DataFrame
        Published rows, one an item, in the order to draw: share_1 ... share_5 (0-1; as many as
        their one scale has steps, the worst first), n, name_id, name_en, suppressed; label_id
        and label_en (the answers' texts, a line each) if there are any.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: items stand above their bars.

    Returns
    -------
    Axes
        A bar an answer and item, as wide as its share in percent; a scale with an even number of
        steps has no neutral answer.
    """
    names = table[f"name_{lang}"].tolist()
    step = (
        0.46 + 0.16 * theme.line_count(names, 46)
        if narrow
        else max(0.36, 0.16 + 0.15 * theme.line_count(names, LABEL))
    )
    ax = ax or theme.new_axes((1.3 if narrow else 0.75) + step * max(len(table), 2), narrow=narrow)
    shares = _shares(table, lang)
    if shares.dropna().empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    percent = shares.to_numpy(float) * 100
    half, room = percent.shape[1] // 2, ROOM_NARROW if narrow else ROOM
    apart = np.nanmax(percent[:, -half:].sum(axis=1)) + room
    left = -np.nanmax(percent[:, :half].sum(axis=1)) - room
    colours = _colours(percent.shape[1])
    for y, (row, values) in enumerate(zip(table.itertuples(index=False), percent, strict=True)):
        _draw_row(ax, -y, row, values, colours, apart, lang)
    neutral = np.nanmax(percent[:, half]) + room if percent.shape[1] % 2 else 0
    ax.set_xlim(left, apart + neutral)
    rows.rule_rows(ax, 0, len(table), narrow=narrow)
    _finish(ax, table, colours, lang, narrow=narrow)
    return ax


def _answers(table: pd.DataFrame, lang: str) -> list[str]:
    """The answers' texts; empty where the table has none."""
    column = f"label_{lang}"
    texts = [*table[column].dropna()] if column in table else []
    return str(texts[0]).split("\n") if texts else []


def _shares(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """As many shares as the scale has answers; all items are of one scale."""
    columns = [c for c in table if re.fullmatch(r"share_\d+", str(c))]
    steps = len(_answers(table, lang))
    return table[columns[:steps]] if steps else table[columns].dropna(axis=1, how="all")


def _colours(steps: int) -> list[str]:
    """As many colours as answers, from against to for; the middle one grey."""
    half = steps // 2
    against = [to_hex(SCALE(0.55 * i / half)) for i in range(half)]
    good = [to_hex(SCALE(1 - 0.55 * i / half)) for i in reversed(range(half))]
    return [*against, *([NEUTRAL] if steps % 2 else []), *good]


def _draw_row(
    ax: Axes, y: float, row: Any, values: Any, colours: list[str], apart: float, lang: str
) -> None:
    if np.isnan(values).any():
        ax.text(
            1, y, label("page.hidden_cell", lang), va="center", fontsize=9, color=theme.MUTE
        )  # fmt: skip
        return
    half = len(values) // 2
    against, good = values[:half].sum(), values[-half:].sum()
    starts = np.cumsum(values) - values - against
    starts[-half:] = np.cumsum(values[-half:]) - values[-half:]
    if len(values) % 2:
        starts[half] = apart
    for start, value, colour in zip(starts, values, colours, strict=True):
        ax.barh(y, value, left=start, height=0.38, color=colour, gid="answer")
        if colour != NEUTRAL:
            _write_share(ax, start + value / 2, y, value, colour, lang)
    sums = [(-against - 1.5, against, "right"), (good + 1.5, good, "left")]
    if len(values) % 2:
        sums.append((apart + values[half] + 1.5, values[half], "left"))
    for end, value, side in sums:
        ax.text(
            end, y, write_number(value / 100, lang, "percent"), ha=side, va="center",
            fontsize=10, fontweight=600, color=theme.MUTE if end > apart else theme.INK,
        )  # fmt: skip
    people = write_number(row.n, lang, "count")
    rows.write_beside(ax, y, people, shift=30, right=True, colour=theme.MUTE)


def _write_share(ax: Axes, x: float, y: float, value: float, colour: str, lang: str) -> None:
    if value >= 8:
        paint = theme.paint_on(colour)
        text = write_number(value, lang, "of100")
        ax.text(x, y, text, ha="center", va="center", fontsize=8.5, color=paint)


def _finish(ax: Axes, table: pd.DataFrame, colours: list[str], lang: str, *, narrow: bool) -> None:
    texts = _answers(table, lang) or [str(i + 1) for i in range(len(colours))]
    ax.legend(
        handles=[Patch(color=c, label=t) for c, t in zip(colours, texts, strict=True)],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2 if narrow else len(colours),
        frameon=False,
        fontsize=8.5,
        handlelength=0.9,
        handleheight=0.9,
        columnspacing=1.0,
        borderaxespad=0.2,
    )
    ax.set_ylim(0.45 - len(table), 0.6 if narrow else 0.5)
    ax.set_xticks([])
    rows.write_head(ax, "n", shift=30, right=True)
    theme.label_rows(ax, table[f"name_{lang}"].tolist(), narrow=narrow, width=LABEL)
    theme.style(ax)


def describe_likert(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_likert`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The items liked most and least, with their shares for and against.
    """
    shares = _shares(table, lang).dropna()
    if shares.empty:
        return label("alt.empty", lang)
    half = shares.shape[1] // 2
    good, against = shares.iloc[:, -half:].sum(axis=1), shares.iloc[:, :half].sum(axis=1)
    best, worst = good.idxmax(), good.idxmin()
    return label(
        "alt.likert",
        lang,
        items=len(shares),
        name=table.at[best, f"name_{lang}"],
        share=good[best],
        last=table.at[worst, f"name_{lang}"],
        last_share=good[worst],
        against=against[worst],
    )
