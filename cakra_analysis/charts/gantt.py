"""The year's timetable: every meeting of every course on its day, and the days that are closed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from babel.dates import get_month_names
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label

LABEL = 30
CLOSED, RAMADAN = "#d9c7bf", "#efe6cf"


def plot_gantt(
    table: pd.DataFrame,
    *,
    days: pd.DataFrame | None = None,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
) -> Axes:
    """Draw a mark on the day of every meeting, one line a course.

    Parameters
    ----------
    table : DataFrame
        One row a meeting: course_id, session_id, date, strength (of its day), name_id, name_en.
    days : DataFrame, optional
        The calendar: date, weekday (0 = Monday), strength, ramadan. Closed working days are
        shaded.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        One ``meeting`` mark a meeting, hollow on a day better avoided; meetings of a session are
        tied.
    """
    courses = table.sort_values("date").drop_duplicates("course_id")
    names = courses[f"name_{lang}"].tolist()
    step = 0.46 if narrow else 0.14 + 0.15 * theme.line_count(names, LABEL)
    ax = ax or theme.new_axes((1.2 if narrow else 0.95) + step * max(len(names), 2), narrow=narrow)
    if table.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    place = {code: -y for y, code in enumerate(courses["course_id"])}
    _shade(ax, days, rows_shown=len(names) if narrow else 0)
    for (code, _), meetings in table.groupby(["course_id", "session_id"], sort=True):
        x = theme.place_days(meetings["date"])
        ax.plot(x, np.full(len(x), place[code]), color=theme.TEAL, lw=1.1, alpha=0.45)
        soft = (meetings["strength"] == "soft").to_numpy()
        for chosen, face in ((~soft, theme.TEAL), (soft, "white")):
            ax.plot(
                x[chosen], np.full(int(chosen.sum()), place[code]), "o", ms=3.4 if narrow else 4.4,
                mfc=face, mec=theme.TEAL, mew=1.0, lw=0, gid="meeting",
            )  # fmt: skip
    ax.set_ylim(-len(names) + (0.4 if narrow else 0.5), 0.6)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    _finish(ax, table, days, lang, narrow=narrow)
    return ax


def _shade(ax: Axes, days: pd.DataFrame | None, *, rows_shown: int) -> None:
    """Shade closed days and Ramadan, on a phone only beside the marks: names stand between."""
    if days is None:
        return
    dates = theme.place_days(days["date"])
    closed = ((days["strength"] == "hard") & (days["weekday"] < 5)).to_numpy()
    ramadan = days["ramadan"].to_numpy(dtype=bool)
    for which, colour, order, gid in ((ramadan, RAMADAN, 0, ""), (closed, CLOSED, 0.1, "closed")):
        spans = [(day - 0.5, 1.0) for day in dates[which]]
        for y in range(rows_shown):
            bottom, height = -y - rows.UP, 2 * rows.UP
            ax.broken_barh(spans, (bottom, height), color=colour, lw=0, zorder=order, gid=gid)
        for start, width in [] if rows_shown else spans:
            ax.axvspan(start, start + width, color=colour, lw=0, zorder=order, gid=gid)


def _finish(
    ax: Axes, table: pd.DataFrame, days: pd.DataFrame | None, lang: str, *, narrow: bool
) -> None:
    source = pd.to_datetime(table["date"] if days is None else days["date"])
    first, last = source.min(), source.max()
    low, high = theme.place_days([first, last])
    ax.set_xlim(low - 2, high + 2)
    theme.mark_months(ax, first, last, lang, narrow=narrow)
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    circle = {"marker": "o", "ms": 5, "color": theme.TEAL, "lw": 0}
    marks = [Line2D([], [], label=label("chart.meeting", lang), **circle)]  # type: ignore[arg-type]
    if (table["strength"] == "soft").any():
        hollow = label("chart.meeting_soft", lang)
        marks.append(Line2D([], [], mfc="white", label=hollow, **circle))  # type: ignore[arg-type]
    if days is not None:
        patches = [Patch(color=CLOSED, label=label("chart.closed_day", lang))]
        if days["ramadan"].any():
            patches.append(Patch(color=RAMADAN, label=label("chart.ramadan", lang)))
        marks += patches  # type: ignore[arg-type]
    rows.key(ax, marks, columns=1 if narrow else 2)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def describe_gantt(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_gantt`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of courses, sessions and meetings, the busiest month, and meetings on soft days.
    """
    if table.empty:
        return label("alt.empty", lang)
    month = pd.to_datetime(table["date"]).dt.month.value_counts().sort_index().idxmax()
    return label(
        "alt.gantt",
        lang,
        courses=table["course_id"].nunique(),
        sessions=table["session_id"].nunique(),
        meetings=len(table),
        month=get_month_names("wide", "stand-alone", locale=lang)[month],
        soft=int((table["strength"] == "soft").sum()),
    )
