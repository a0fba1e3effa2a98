"""A control chart: sessions in order of date between the limits of chance."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from babel.dates import format_date, get_month_names
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.charts.height import lay_out
from cakra_analysis.words import label, write_number

ALL = "all"
# Form of the mark by signal, and its colour; the form tells it without the colour.
MARKS = {
    "": ("o", theme.TEAL),
    "far": ("D", theme.TERRACOTTA),
    "pair": ("s", theme.TERRACOTTA),
    "run": ("^", "#7a5200"),
}
WORDS = {"far": "chart.signal_far", "pair": "chart.signal_pair", "run": "chart.signal_run"}
MOST_NAMED = 5
NAME_POINTS, DAY_POINTS = 45, 24  # of height: room for a signal's name and day; for a day alone
MARGIN = 0.14  # of the height, where no signal is named
KEY_LINE = 0.2  # inches of a line of the key, on a phone


def plot_control(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw each session's mean in order of date, the centre, the limits, and which are signals.

    Parameters
    ----------
    table : DataFrame
        Published rows of one chart of ``score_control``: group, session_id, start, value, centre,
        limit_low, limit_high, z, signal, suppressed, name_id, name_en (of the courses). Of the
        chart ``all`` the difference from the course's mean is drawn.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.

    Returns
    -------
    Axes
        With one ``session`` mark a session that has a figure, at its place in the order (0, 1, ...)
        and its value; without limits where there are too few sessions.
    """
    kinds = table["signal"].isin(["far", "pair", "run"])
    lines = 3 + table.loc[kinds, "signal"].nunique()
    ax = ax or theme.new_axes(2.9 + KEY_LINE * lines if narrow else 3.7, narrow=narrow)
    table = table.sort_values(["start", "session_id"], ignore_index=True)
    if table["value"].notna().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    pooled = bool((table["group"] == ALL).all()) and bool(table["centre"].notna().any())
    table = _shift(table) if pooled else table
    _draw_limits(ax, table)
    _draw_sessions(ax, table, lang)
    ax.set_xlim(-0.8, len(table) - 0.2)
    named = _name_signals(ax, table, lang, narrow=narrow)
    _mark_days(ax, table, lang, narrow=narrow)
    few = "" if table["centre"].notna().any() else label("chart.control_few", lang)
    notes = "   ".join(note for note in (few, missing.explain_marks(table, lang)) if note)
    ax.set_xlabel(notes, color=theme.MUTE, fontsize=9)
    axis = label("chart.control_difference_axis" if pooled else "chart.control_mean_axis", lang)
    ax.set_ylabel(theme.wrap(axis, 34), color=theme.MUTE, fontsize=9.5)
    _draw_key(ax, table, lang, narrow=narrow)
    low, high = _set_limits(ax, table, named, DAY_POINTS if narrow else NAME_POINTS)
    ticks = [t for t in MaxNLocator(5).tick_values(low, high) if low <= t <= high]
    kind = "signed1" if pooled else "level1"
    ax.set_yticks(ticks, [write_number(t, lang, kind) for t in ticks])
    theme.style(ax)
    ax.tick_params(axis="both", labelcolor=theme.MUTE)
    return ax


def _shift(table: pd.DataFrame) -> pd.DataFrame:
    """Everything as a difference from the course's mean."""
    drawn = ["value", "limit_low", "limit_high"]
    shifted = table[drawn].astype(float).sub(table["centre"].astype(float), axis=0)
    return table.assign(**shifted, centre=table["centre"].where(table["centre"].isna(), 0.0))


def _draw_limits(ax: Axes, table: pd.DataFrame) -> None:
    """Steps of the limits, and the centre; wider where fewer people were in a session."""
    known = table[table["centre"].notna()]
    if known.empty:
        return
    places = known.index.to_numpy(float)
    for start, end in pairwise([0, *(np.flatnonzero(np.diff(places) > 1) + 1), len(known)]):
        part = known.iloc[start:end]
        x = np.append(part.index - 0.5, part.index[-1] + 0.5)
        low, high, centre = (
            np.append(part[c], part[c].iloc[-1]).astype(float)
            for c in ("limit_low", "limit_high", "centre")
        )
        ax.fill_between(x, low, high, step="post", color=theme.SAND, lw=0, zorder=0.5, gid="within")
        for edge, gid in ((low, "limit_low"), (high, "limit_high")):
            ax.step(x, edge, where="post", lw=1, color=theme.MUTE, ls=(0, (4, 3)), gid=gid)
        ax.step(x, centre, where="post", lw=1.1, color="#aab4ba", zorder=0.9, gid="centre")


def _draw_sessions(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    for place, row in table.iterrows():
        if pd.isna(row["value"]):
            missing.mark_missing(
                ax, float(place), hidden=bool(row["suppressed"]), lang=lang, colour=theme.MUTE
            )
    shown = table[table["value"].notna()]
    ax.plot(
        table.index, table["value"].astype(float), lw=0.8, color=theme.TEAL, alpha=0.45, zorder=1.5
    )
    for place, row in shown.iterrows():
        form, colour = MARKS.get(str(row["signal"]), MARKS[""])
        size = 5.5 if form == "o" else 8
        ax.plot([place], [row["value"]], form, ms=size, color=colour, mec="white", mew=0.7,
                zorder=3, gid="session")  # fmt: skip


def _set_limits(
    ax: Axes, table: pd.DataFrame, named: pd.DataFrame, points: int
) -> tuple[float, float]:
    """Leave room above and below for the names of signals, so that they stay within the axes."""
    figures = table[["value", "limit_low", "limit_high"]].astype(float).stack()
    middle = (figures.max() + figures.min()) / 2
    half = max(figures.max() - figures.min(), 0.2) / 2
    part = min(points / lay_out(ax), 0.4)
    below, above = (
        max(MARGIN, part) if side.any() else MARGIN for side in (named["z"] <= 0, named["z"] > 0)
    )
    height = 2 * half / (1 - below - above)
    ends = (middle - half - below * height, middle + half + above * height)
    ax.set_ylim(*ends)
    return ends


def _name_signals(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> pd.DataFrame:
    """Name the furthest signals at their marks, on a phone by their day; the rows of the named."""
    signals = table[table["signal"].isin(["far", "pair", "run"])]
    signals = signals.reindex(signals["z"].abs().sort_values(ascending=False).index)
    room = len(table) / (5 if narrow else 6)  # places that a name takes
    named: list[int] = []
    for place, row in signals.iterrows():
        if len(named) == MOST_NAMED or any(abs(place - other) < room for other in named):
            continue
        named.append(place)
        text = format_date(pd.Timestamp(row["start"]), "d MMM", locale=lang)
        if not narrow:
            name = theme.wrap(row[f"name_{lang}"], 24, most=2)
            text = f"{name}\n{text}"
        above = row["z"] > 0
        side = place / max(len(table) - 1, 1)  # names do not run over the edges
        ax.annotate(
            text, (place, row["value"]), xytext=(0, 7 if above else -7),
            textcoords="offset points", va="bottom" if above else "top",
            ha="left" if side < 0.2 else "right" if side > 0.8 else "center",
            fontsize=8.5, linespacing=1.0, color=theme.CATEGORY_TEXT["medium"], zorder=4,
            path_effects=[withStroke(linewidth=2.5, foreground="white")], gid="signal",
        )  # fmt: skip
    return table.loc[named]


def _mark_days(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    """The month at its first session, with the year where it begins."""
    days = pd.to_datetime(table["start"])
    new = ~days.dt.to_period("M").duplicated()
    names = get_month_names("abbreviated", "format", locale=lang)
    places = list(np.flatnonzero(new))
    wanted = max(1.0, len(table) / (6 if narrow else 12))  # places that a name needs
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] >= wanted:
            kept.append(int(place))
    texts, year = [], None
    for day in days.iloc[kept]:
        texts.append(names[day.month] + (f"\n{day.year}" if day.year != year else ""))
        year = day.year
    ax.set_xticks(kept, texts)


def _draw_key(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    marks = []
    for signal in ("far", "pair", "run"):
        if (table["signal"] == signal).any():
            form, colour = MARKS[signal]
            marks.append(Line2D([], [], marker=form, ms=7, lw=0, color=colour, mec="white",
                                label=label(WORDS[signal], lang)))  # fmt: skip
    form, colour = MARKS[""]
    session = Line2D([], [], marker=form, ms=5.5, lw=0, color=colour, mec="white",
                     label=label("chart.session", lang))  # fmt: skip
    parts = [session, *marks]
    if table["centre"].notna().any():
        parts.append(Line2D([], [], lw=1.1, color="#aab4ba",
                            label=label("chart.control_centre", lang)))  # fmt: skip
        parts.append(Line2D([], [], lw=1, color=theme.MUTE, ls=(0, (4, 3)),
                            label=label("chart.control_limit", lang)))  # fmt: skip
    rows.key(ax, parts, columns=1 if narrow else min(len(parts), 4))


def describe_control(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_control`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        How many sessions are drawn, how many signal above and below, and the furthest of them; or
        that there are too few for limits.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    if shown["centre"].isna().all():
        return label("alt.control_few", lang, sessions=len(shown))
    signals = shown[shown["side"].isin(["above", "below"])]
    if signals.empty:
        return label("alt.control_stable", lang, sessions=len(shown))
    top = signals.loc[signals["z"].abs().idxmax()]
    return label(
        "alt.control",
        lang,
        sessions=len(shown),
        above=int((signals["side"] == "above").sum()),
        below=int((signals["side"] == "below").sum()),
        name=top[f"name_{lang}"],
        date=pd.Timestamp(top["start"]).date().isoformat(),
        value=top["value"],
        centre=top["centre"],
    )
