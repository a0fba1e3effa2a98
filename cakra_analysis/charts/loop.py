"""What closing the loop brings: gap closed after each cycle, by what plans are made with."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import theme
from cakra_analysis.charts.end_labels import label_ends
from cakra_analysis.words import label, write_number

# way of planning -> line, colour of its text, mark
LOOKS: dict[str, tuple[str, str, str, Any]] = {
    "truth": (theme.MUTE, theme.MUTE, "^", (0, (4, 3))),
    "measured": (theme.TEAL, theme.TEAL, "o", "-"),
    "claims": (theme.TERRACOTTA, theme.TERRACOTTA, "s", "-"),
}
MOST, MOST_NARROW = 3, 2  # cycles up to which there is room for the difference below each
ASIDE = 0.05  # of a cycle: what stands at the same cycle stands beside each other


def plot_loop(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the share of the gap closed after each cycle, and below it what measuring adds.

    Parameters
    ----------
    table : DataFrame
        From ``compare_arms``: number (cycles), arm (claims, measured, truth), compared ("" or
        "claims": a difference), value, low, high (shares, 0-1; ends missing with one region).
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.

    Returns
    -------
    Axes
        With a ``value`` line a way of planning, in percent over cycles; its name at the end, and
        the difference in percentage points with its interval below each cycle, or where there
        are more than three (two on a phone) below the last.
    """
    ax = ax or theme.new_axes(3.6 if narrow else 3.9, narrow=narrow)
    own = table[table["compared"] == ""]
    if own.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    arms = [arm for arm in LOOKS if arm in set(own["arm"])]
    ends, names = [], []
    for place, arm in enumerate(arms):
        mine = own[own["arm"] == arm].sort_values("number")
        x = mine["number"] + ASIDE * ((len(arms) - 1) / 2 - place)
        _draw_arm(ax, x, mine, arm)
        ends.append((float(x.iloc[-1]), 100 * float(mine["value"].iloc[-1])))
        names.append(_name(arm, mine.iloc[-1], lang))
    numbers = sorted(own["number"].unique())
    ax.set_xlim(min(numbers) - 0.2, max(numbers) + 0.12)
    _set_height(ax, own)
    _finish(ax, table, numbers, lang, narrow=narrow)
    label_ends(
        ax, ends, names, colours=[LOOKS[arm][0] for arm in arms],
        texts=[LOOKS[arm][1] for arm in arms], width=15 if narrow else 27,
    )  # fmt: skip
    return ax


def _set_height(ax: Axes, own: pd.DataFrame) -> None:
    """From zero, or from below what more gap than without any course takes."""
    figures = 100 * own[["value", "low", "high"]].astype(float).stack()
    low, high = min(0.0, figures.min()), max(0.0, figures.max())
    room = 0.06 * max(high - low, 1.0)
    ax.set_ylim(low - room if low < 0 else 0, high + room)
    if low < 0:
        ax.axhline(0, color=theme.MUTE, lw=1, gid="zero")


def _draw_arm(ax: Axes, x: pd.Series, mine: pd.DataFrame, arm: str) -> None:
    line, _, mark, form = LOOKS[arm]
    if mine["low"].notna().any():
        ax.vlines(x, 100 * mine["low"], 100 * mine["high"], color=line, lw=1.6, alpha=0.6, gid=arm)
    ax.plot(
        x, 100 * mine["value"], color=line, ls=form, lw=2.0, marker=mark, ms=6, mec="white",
        mew=0.7, gid="value", label=arm,
    )  # fmt: skip


def _name(arm: str, row: pd.Series, lang: str) -> str:
    return f"{label(f'chart.loop.{arm}', lang)} {write_number(row['value'], lang, 'percent1')}"


def _finish(ax: Axes, table: pd.DataFrame, numbers: list[int], lang: str, *, narrow: bool) -> None:
    more = table[(table["compared"] == "claims") & (table["arm"] == "measured")]
    more = more.set_index("number")
    texts, room = [], len(numbers) <= (MOST_NARROW if narrow else MOST)
    for number in numbers:
        said = [label("chart.loop.cycle" if room else "chart.loop.short", lang, number=int(number))]
        if number in more.index and (room or number == numbers[-1]):
            row = 100 * more.loc[number, ["value", "low", "high"]].astype(float)
            said += _say_more(row, lang, narrow=narrow)
        texts.append("\n".join(said))
    ax.set_xticks(numbers, texts)
    start, end = ax.get_ylim()
    ticks = [t for t in MaxNLocator(5, integer=True).tick_values(start, end) if start <= t <= end]
    ax.set_yticks(ticks, [write_number(t / 100, lang, "percent") for t in ticks])
    ax.grid(axis="y", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    if not more.empty:
        text = theme.wrap(label("chart.loop.below", lang), 46 if narrow else 90)
        ax.set_xlabel(text, color=theme.MUTE, fontsize=9)
    axis = theme.wrap(label("chart.loop.axis", lang), 34)
    ax.set_ylabel(axis, color=theme.MUTE, fontsize=9.5)
    theme.style(ax)
    ax.tick_params(axis="y", labelcolor=theme.MUTE)
    if narrow:
        ax.tick_params(axis="x", labelsize=8)


def _say_more(row: pd.Series, lang: str, *, narrow: bool) -> list[str]:
    """A difference and its interval, on a phone in figures only."""
    value, low, high = (write_number(figure, lang, "signed") for figure in row)
    if narrow:
        said = [value, f"({low}; {high})"]
    else:
        said = [
            label("chart.loop.more", lang, value=row["value"]),
            label("chart.loop.range", lang, low=row["low"], high=row["high"]),
        ]
    return said if row.notna().all() else said[:1]


def describe_loop(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_loop`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        What each way of planning has closed after the last cycle, and the difference after each.
    """
    own = table[table["compared"] == ""]
    if own.empty:
        return label("alt.empty", lang)
    last = own[own["number"] == own["number"].max()].set_index("arm")
    ways = [_name(arm, last.loc[arm], lang) for arm in LOOKS if arm in last.index]
    more = table[(table["compared"] == "claims") & (table["arm"] == "measured")]
    steps = [
        label(
            "alt.loop_step", lang, number=int(row.number), value=100 * row.value,
            low=100 * row.low, high=100 * row.high,
        )
        for row in more.sort_values("number").itertuples()
    ]  # fmt: skip
    return label(
        "alt.loop", lang, cycles=int(last["number"].iloc[0]), ways="; ".join(ways),
        steps="; ".join(steps),
    )  # fmt: skip
