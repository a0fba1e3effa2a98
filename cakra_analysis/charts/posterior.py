"""What each course claims, what evaluation found, and what both together let expect."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.words import label, write_number

LABEL = 32
# Column of the value and of its ends, where it stands in the row, form of line and mark, colour.
STEPS: dict[str, tuple[str, str, float, Any, str, str]] = {
    "claim": ("prior", "prior_", 0.26, (0, (2.5, 1.8)), "s", theme.MUTE),
    "data": ("data", "data_", 0.0, "-", "D", theme.SAFFRON),
    "posterior": ("value", "", -0.26, "-", "o", theme.TEAL),
}
MEASURED = "evaluated"


def plot_posterior(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw each course's claim, what was found and what both give, each with its interval.

    Parameters
    ----------
    table : DataFrame
        Published rows, one a course, in the order to draw: prior, data, value with prior_low,
        prior_high, data_low, data_high, low, high (levels), status (evaluated, borrowed, claim),
        name_id, name_en, suppressed.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        With up to three marks a row, ``claim``, ``data`` and ``posterior``, at their values; a
        course that was never measured says so.
    """
    names = table[f"name_{lang}"].tolist()
    wide = max(0.42, 0.16 + 0.15 * theme.line_count(names, LABEL))
    step = 0.62 + 0.16 * theme.line_count(names, 46) if narrow else wide
    ax = ax or theme.new_axes(1.2 + step * max(len(table), 2), narrow=narrow)
    if missing.is_hidden(table):
        return theme.say_empty(ax, label("alt.empty", lang))
    rows.rule_rows(ax, 0, len(table), narrow=narrow)
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y - (0.1 if narrow else 0), row, 0.55 if narrow else 1.0)
        _write_row(ax, -y - (0.1 if narrow else 0), row, lang, narrow=narrow)
    for y in range(1, len(names)) if not narrow else ():
        ax.axhline(0.5 - y, color=theme.LINE, lw=0.7)
    _finish(ax, table, lang, narrow=narrow)
    return ax


def _draw_row(ax: Axes, y: float, row: Any, squeeze: float) -> None:
    for gid, (column, ends, shift, form, mark, colour) in STEPS.items():
        value = getattr(row, column)
        if pd.isna(value):
            continue
        low, high = getattr(row, f"{ends}low"), getattr(row, f"{ends}high")
        place = y + shift * squeeze
        strong = gid == "posterior"
        ax.plot(
            [low, high], [place] * 2, ls=form, lw=2.4 if strong else 1.4, color=colour,
            solid_capstyle="butt", gid="interval",
        )  # fmt: skip
        fill = "white" if gid == "claim" else colour
        size = 7 if strong else 5.5
        ax.plot([value], [place], mark, ms=size, mfc=fill, mec=colour, mew=1.3, gid=gid)


def _write_row(ax: Axes, y: float, row: Any, lang: str, *, narrow: bool) -> None:
    """What the next programme uses, and whether anybody ever measured it."""
    if pd.isna(row.value):
        rows.write_beside(ax, y, missing.why_missing(row, lang), colour=theme.MUTE)
        return
    text = write_number(row.value, lang, "signed")
    rows.write_beside(ax, y, text, shift=40, right=True, strong=True, colour=theme.TEAL)
    if row.status != MEASURED and not narrow:
        note = theme.wrap(label("chart.unmeasured", lang), 14)
        rows.write_beside(ax, y, note, shift=48, colour=theme.MUTE)


def _finish(ax: Axes, table: pd.DataFrame, lang: str, *, narrow: bool) -> None:
    figures = table[["prior_low", "prior_high", "data_low", "data_high", "low", "high"]].stack()
    ends = [-0.1, *figures.dropna(), 0.1]
    ax.set_xlim(min(ends) - 0.05, max(ends) + 0.05)
    ax.set_ylim(0.45 - len(table) - (0.1 if narrow else 0), 0.72 if narrow else 0.5)
    left, right = ax.get_xlim()
    locator = MaxNLocator(4 if narrow else 6)
    ticks = [t for t in locator.tick_values(left, right) if left <= t <= right]
    ax.set_xticks(ticks, [write_number(t, lang, "signed") for t in ticks])
    ax.grid(axis="x", color=theme.LINE, lw=0.7)
    ax.set_axisbelow(True)
    axis = label("chart.posterior_axis", lang)
    ax.set_xlabel(theme.wrap(axis, 34) if narrow else axis, color=theme.MUTE, fontsize=9.5)
    marks = [
        Line2D([], [], marker=mark, ls=form, lw=1.6, ms=6, color=colour, mew=1.3,
               mfc="white" if gid == "claim" else colour, label=label(f"chart.{gid}", lang))
        for gid, (*_, form, mark, colour) in STEPS.items()
    ]  # fmt: skip
    rows.key(ax, marks, columns=1 if narrow else 3)
    theme.label_rows(ax, table[f"name_{lang}"].tolist(), narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def describe_posterior(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_posterior`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        How many courses were ever measured, and the highest and lowest of those.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    known = shown[shown["status"] == MEASURED]
    if known.empty:
        return label("alt.posterior_none", lang, courses=len(table))
    top, last = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    return label(
        "alt.posterior",
        lang,
        courses=len(table),
        measured=len(known),
        name=top[f"name_{lang}"],
        value=top["value"],
        low=top["low"],
        high=top["high"],
        last=last[f"name_{lang}"],
        last_value=last["value"],
    )
