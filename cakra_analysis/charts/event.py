"""How the trained differ from their comparison month by month around the training."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import missing, theme
from cakra_analysis.words import label, write_number


def plot_event(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the difference with its interval by month, before training in grey, after it in teal.

    Parameters
    ----------
    table : DataFrame
        Published rows, one an event time: event_time (months; 0 is the month of the training; rows
        without it are left out), value, low, high, n, suppressed.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.

    Returns
    -------
    Axes
        With one ``value`` mark an event time: squares before, circles after. The month all
        others are compared with has no interval and an open mark.
    """
    table = table[table["event_time"].notna()]
    ax = ax or theme.new_axes(2.9 if narrow else 3.3, narrow=narrow)
    if table["value"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    ax.axhline(0, color="#aab4ba", lw=1, gid="zero")
    ax.axvline(-0.5, color=theme.INK, lw=1.1, ls=(0, (4, 3)), gid="start")
    for row in table.sort_values("event_time").itertuples(index=False):
        before = row.event_time < 0
        colour, mark = (theme.MUTE, "s") if before else (theme.TEAL, "o")
        if pd.isna(row.value):
            hidden = bool(row.suppressed)
            missing.mark_missing(ax, row.event_time, hidden=hidden, lang=lang, colour=colour)
            continue
        ax.plot([row.event_time] * 2, [row.low, row.high], color=colour, lw=2, gid="interval")
        known = pd.notna(row.low) and row.low < row.high
        ax.plot(
            [row.event_time], [row.value], mark, ms=6.5, mfc=colour if known else "white",
            mec=colour, mew=1.4, gid="value",
        )  # fmt: skip
    _finish(ax, table, lang, narrow=narrow)
    return ax


def _finish(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    first, last = int(min(table["event_time"].min(), -1)), int(max(table["event_time"].max(), 0))
    ax.set_xlim(first - 0.6, last + 0.6)
    every = -(-(last - first + 1) // (8 if narrow else 14))
    ticks = [t for t in range(first, last + 1) if t % every == 0]
    ax.set_xticks(ticks, [write_number(t, lang, "count") for t in ticks])
    low, high = ax.dataLim.y0, ax.dataLim.y1
    space = max(high - low, 0.1)
    ax.set_ylim(low - 0.12 * space, high + 0.06 * space)
    places = MaxNLocator(5).tick_values(low, high)
    step = places[1] - places[0]
    kind = "levels" if round(step, 1) != round(step, 3) else "level1"
    kind = "of100" if step >= 1 and step == round(step) else kind
    shown = [t for t in places if ax.get_ylim()[0] <= t <= ax.get_ylim()[1]]
    ax.set_yticks(shown, [write_number(t, lang, kind) for t in shown])
    for side, key, shift in (("right", "chart.leads", -5), ("left", "chart.lags", 5)):
        ax.annotate(
            label(key, lang), (-0.5, 1), xycoords=("data", "axes fraction"), xytext=(shift, 3),
            textcoords="offset points", ha=side, va="bottom", fontsize=9, fontweight=600,
            color=theme.MUTE if shift < 0 else theme.TEAL,
        )  # fmt: skip
    axis = label("chart.event_axis", lang)
    axis = "\n".join([theme.wrap(axis, 46) if narrow else axis, missing.explain_marks(table, lang)])
    ax.set_xlabel(axis.strip(), color=theme.MUTE, fontsize=9.5)
    ax.set_ylabel(label("chart.difference_axis", lang), color=theme.MUTE, fontsize=9.5)
    theme.style(ax)
    ax.tick_params(labelcolor=theme.MUTE)


def describe_event(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_event`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        How many intervals before and after the training exclude zero, and the last difference.
    """
    table = table[table["event_time"].notna()]
    shown = table[table["value"].notna()].sort_values("event_time")
    if shown.empty:
        return label("alt.empty", lang)
    away = (shown["low"] > 0) | (shown["high"] < 0)
    before, last = shown["event_time"] < 0, shown.iloc[-1]
    return label(
        "alt.event",
        lang,
        leads=int(before.sum()),
        leads_away=int((away & before).sum()),
        lags=int((~before).sum()),
        lags_away=int((away & ~before).sum()),
        month=int(last["event_time"]),
        value=last["value"],
        low=last["low"],
        high=last["high"],
        missing=len(table) - len(shown),
    )
