"""What each course of a programme contributes, by its way of learning."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label, write_number

MODES = {"experience": theme.TEAL, "social": theme.SAFFRON, "formal": "#8a979e"}
LABEL = 34


def plot_programme(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the levels that each course is expected to close as a bar, coloured by its mode.

    Parameters
    ----------
    table : DataFrame
        One row a course, in the order to draw: value (levels closed), sessions, seats, mode
        (experience, social, formal), name_id, name_en.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their bars.

    Returns
    -------
    Axes
        A bar a course, as long as its value; sessions and seats beside it.
    """
    names = table[f"name_{lang}"].tolist()
    step = 0.6 if narrow else 0.12 + 0.16 * theme.line_count(names, LABEL)
    ax = ax or theme.new_axes((1.3 if narrow else 1.0) + step * max(len(table), 2), narrow=narrow)
    if table.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    for y, row in enumerate(table.itertuples(index=False)):
        height = 0.34 if narrow else 0.56
        ax.barh(-y, row.value, height=height, color=MODES[str(row.mode)], gid="value")
        beside = label("chart.sessions_seats", lang, sessions=row.sessions, seats=row.seats)
        rows.write_beside(ax, -y, beside, colour=theme.MUTE)
    ax.set_ylim(-len(names) + (0.4 if narrow else 0.5), 0.6)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    most = float(table["value"].max())
    ax.set_xlim(0, most * 1.03 or 1)
    ticks = [t for t in ax.get_xticks() if 0 <= t <= most * 1.03]
    kind = "count" if all(t == round(t) for t in ticks) else "level1"
    ax.set_xticks(ticks, [write_number(t, lang, kind) for t in ticks])
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    text = theme.wrap(label("chart.closed_axis", lang), 34 if narrow else 80)
    ax.set_xlabel(text, color=theme.MUTE, fontsize=9.5)
    present = [m for m in MODES if (table["mode"] == m).any()]
    marks = [Patch(color=MODES[m], label=label(f"mode.{m}", lang)) for m in present]
    rows.key(ax, marks, columns=1 if narrow else 3)  # type: ignore[arg-type]
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)
    return ax


def describe_programme(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_programme`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of courses, and the first with what it closes.
    """
    if table.empty:
        return label("alt.empty", lang)
    top = table.iloc[0]
    return label(
        "alt.programme", lang, courses=len(table), name=top[f"name_{lang}"], value=top["value"],
        sessions=top["sessions"], seats=top["seats"],
    )  # fmt: skip
