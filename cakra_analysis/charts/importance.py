"""Importance against performance: what the stakeholders want and what they see."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number

COLOURS = {
    "concentrate": theme.TERRACOTTA,
    "keep up": theme.TEAL,
    "low priority": theme.MUTE,
    "overkill": theme.SAFFRON,
}
MARKS = {"concentrate": "s", "keep up": "o", "low priority": "v", "overkill": "D"}
HIGHER = 0.05  # of the axis: labels nearer than this in height would print over each other

LONGEST = 34  # letters of a name beside its point; a longer one would leave the chart
AHEAD = 0.2  # of the axis: a mark this near to the right would stand in the label


def plot_importance(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw importance against performance with both crosshairs and the diagonal.

    Parameters
    ----------
    table : DataFrame
        Published ``place_importance`` rows with names: importance, performance (1-5),
        quadrant_data, middle_importance, middle_performance, competency_id, name_id, name_en.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: points carry their codes instead of their names.

    Returns
    -------
    Axes
        One mark a competency, at performance and importance; its form tells the quadrant.
    """
    ax = ax or theme.new_axes(3.6 if narrow else 4.6, narrow=narrow)
    shown = table[table["importance"].notna() & table["performance"].notna()]
    if shown.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    sides = shown["performance"], shown["importance"]
    (left, right), (low, high) = ((min(3.0, s.min()) - 0.15, s.max() + 0.15) for s in sides)
    right += 0.0 if narrow else 0.3 * (right - left)  # room for names
    ax.axline((3, 3), slope=1, color=theme.LINE, lw=1.2, ls=(0, (4, 3)))
    for draw, column in ((ax.axhline, "middle_importance"), (ax.axvline, "middle_performance")):
        draw(shown[column].iloc[0], color=theme.MUTE, lw=0.9)
        draw(3.0, color=theme.LINE, lw=1.2)
    for name, rows in shown.groupby("quadrant_data"):
        ax.plot(
            rows["performance"], rows["importance"], MARKS[name], ms=7, color=COLOURS[name],
            gid="point", label=label(f"quadrant.{name.replace(' ', '_')}", lang),
        )  # fmt: skip
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
    _write_names(ax, shown, lang, narrow)
    for axis in (ax.xaxis, ax.yaxis):
        ticks = [t / 2 for t in range(2, 11) if axis.get_view_interval()[0] <= t / 2]
        axis.set_ticks(ticks, [write_number(t, lang, "level1") for t in ticks])
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
    ax.set_xlabel(label("chart.performance_axis", lang), color=theme.MUTE, fontsize=9.5)
    ax.set_ylabel(label("chart.importance_axis", lang), color=theme.MUTE, fontsize=9.5)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2 if narrow else 4, frameon=False,
        fontsize=9, borderaxespad=0.2, columnspacing=1.0, handletextpad=0.3,
    )  # fmt: skip
    theme.style(ax)
    ax.tick_params(labelcolor=theme.MUTE)
    return ax


def _write_names(ax: Axes, shown: pd.DataFrame, lang: str, narrow: bool) -> None:
    """Names beside their points, moved down where they would print over each other."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    rows = shown.sort_values("importance", ascending=False)
    written: list[tuple[float, float]] = []
    names = rows["competency_id" if narrow else f"name_{lang}"]
    for name, x, y in zip(names, rows["performance"], rows["importance"], strict=True):
        place = y
        for other_x, other_y in written:
            near = abs(x - other_x) < (0.16 if narrow else 0.3) * (right - left)
            if near and abs(other_y - place) < HIGHER * (high - low):
                place = other_y - HIGHER * (high - low)
        written.append((x, place))
        right_of = (rows["performance"] - x) / (right - left)
        level = ((rows["importance"] - place) / (high - low)).abs()
        crossed = ((right_of > 0.01) & (right_of < AHEAD) & (level < HIGHER * 0.6)).any()
        above = {"xytext": (0, 7), "va": "bottom", "ha": "center"}
        beside = {"xytext": (8, 0), "va": "center", "ha": "left"}
        style = above if crossed and not narrow else beside
        short = theme.wrap(name, LONGEST, most=1)
        ax.annotate(short, (x, place), textcoords="offset points", fontsize=9, **style)  # type: ignore[arg-type]


def describe_importance(table: pd.DataFrame, *, lang: str = "id", item: str = "") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_importance`` draws.
    lang : str
        ``id`` or ``en``.
    item : str
        The word for a competency.

    Returns
    -------
    str
        How many are important and badly seen, and which is seen worst for its importance.
    """
    shown = table[table["importance"].notna() & table["performance"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    worst = shown.loc[(shown["importance"] - shown["performance"]).idxmax()]
    return label(
        "alt.importance",
        lang,
        items=len(shown),
        item=item or label("subject.item", lang),
        count=int((shown["quadrant_data"] == "concentrate").sum()),
        name=worst[f"name_{lang}"],
        importance=worst["importance"],
        performance=worst["performance"],
    )
