"""What each course did, with its interval, against no effect and what others found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.words import label, write_number

LABEL = 34
# Form of the mark, its colour, colour of the word: the form tells the verdict without the colour.
MARKS = {
    "works": ("o", theme.TEAL, theme.TEAL),
    "promising": ("D", theme.SAFFRON, theme.CATEGORY_TEXT["low"]),
    "no_sign": ("s", theme.MUTE, theme.MUTE),
    "harmful": ("v", theme.TERRACOTTA, theme.CATEGORY_TEXT["medium"]),
    "cannot_tell": ("X", theme.CATEGORY["unclear"], theme.MUTE),
}
UNJUDGED = ("o", theme.TEAL, theme.INK)


def plot_forest(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    benchmarks: Mapping[str, float] | None = None,
    reach: float = 1.6,
) -> Axes:
    """Draw each course's effect as a mark with its interval, beside no effect and benchmarks.

    Parameters
    ----------
    table : DataFrame
        Published rows, one a course, in the order to draw: value, low, high (standardised
        effect), n, name_id, name_en, suppressed; verdict (works, promising, no_sign, harmful,
        cannot_tell) and grade of the evidence (A-E) if there are any.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines, verdicts below.
    benchmarks : mapping of str to float, optional
        Effects that others found, by their name; dashed lines.
    reach : float
        The axis goes no further on either side; what lies beyond is an arrow.

    Returns
    -------
    Axes
        With one ``effect`` mark a row, at its value; a row without value says why.
    """
    names = table[f"name_{lang}"].tolist()
    step = (
        0.64 + 0.16 * theme.line_count(names, 46)
        if narrow
        else 0.2 + 0.15 * theme.line_count(names, LABEL)
    )
    ax = ax or theme.new_axes(1.15 + step * max(len(table), 2), narrow=narrow)
    if missing.is_hidden(table):
        return theme.say_empty(ax, label("alt.empty", lang))
    found = dict(sorted((benchmarks or {}).items(), key=lambda pair: pair[1]))
    limits = _limits(table, list(found.values()), reach)
    rows.rule_rows(ax, 0, len(table), narrow=narrow)
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, limits, lang)
        _write_row(ax, -y, row, lang, narrow=narrow)
    _write_benchmarks(ax, found, len(table), lang, narrow=narrow)
    if not narrow:
        rows.write_head(ax, label("chart.effect", lang), shift=40, right=True)
        rows.write_head(ax, "n", shift=66, right=True)
        if "verdict" in table:
            graded = "chart.verdict_grade" if "grade" in table else "chart.verdict"
            rows.write_head(ax, label(graded, lang), shift=76)
    _finish(ax, names, limits, lang, narrow=narrow)
    return ax


def _limits(table: pd.DataFrame, others: list[float], reach: float) -> tuple[float, float]:
    """As far as the intervals and benchmarks go, but not beyond the reach."""
    low = min([-0.3, *table["low"].dropna(), *others])
    high = max([0.9, *table["high"].dropna(), *others])
    return max(low - 0.06, -reach), min(high + 0.06, reach)


def _style(row: Any) -> tuple[str, str, str]:
    return MARKS.get(getattr(row, "verdict", ""), UNJUDGED)


def _draw_row(ax: Axes, y: int, row: Any, limits: tuple[float, float], lang: str) -> None:
    left, right = limits
    if pd.isna(row.value):
        ax.text(
            0.03, y, missing.why_missing(row, lang), va="center", fontsize=9, color=theme.MUTE,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
        return
    form, colour, _ = _style(row)
    ends = np.clip([row.low, row.high], left, right)
    ax.plot(ends, [y, y], lw=2.2, color=colour, solid_capstyle="butt", gid="interval")
    for end, beyond, arrow in ((left, row.low < left, "<"), (right, row.high > right, ">")):
        if beyond:
            ax.plot([end], [y], arrow, ms=7, color=colour, clip_on=False, gid="arrow")
    if left <= row.value <= right:
        ax.plot(
            [row.value], [y], form, ms=8.5, color=colour, mec="white", mew=0.8, gid="effect"
        )  # fmt: skip


def _write_row(ax: Axes, y: int, row: Any, lang: str, *, narrow: bool) -> None:
    """Value, people behind it and verdict in words, beside the row or on a phone below it."""
    _, _, colour = _style(row)
    if pd.notna(row.value):
        text = write_number(row.value, lang, "signed")
        rows.write_beside(ax, y, text, shift=40, right=True, strong=True, colour=colour)
    people = "" if pd.isna(row.n) else write_number(row.n, lang, "count")
    code, grade = getattr(row, "verdict", None), getattr(row, "grade", None)
    words = label(f"verdict.{code}", lang) if code in MARKS else ""
    words += f" ({grade})" if words and isinstance(grade, str) else ""
    if not narrow:
        rows.write_beside(ax, y, people, shift=66, right=True, colour=theme.MUTE)
        rows.write_beside(ax, y, words, shift=76, colour=colour)
        return
    text = " · ".join(part for part in (words, f"n {people}" if people else "") if part)
    ax.annotate(
        text, (0, y), xycoords=("axes fraction", "data"), xytext=(0, -10),
        textcoords="offset points", va="top", fontsize=8.8, color=colour,
    )  # fmt: skip


def _write_benchmarks(
    ax: Axes, found: Mapping[str, float], count: int, lang: str, *, narrow: bool
) -> None:
    """Dashed lines, their names left of them, one above the other."""
    for line, (name, value) in enumerate(found.items()):
        rows.rule_rows(ax, value, count, narrow=narrow, dashed=True, gid="benchmark")
        ax.annotate(
            f"{name}: {write_number(value, lang)}",
            (value, 1),
            xycoords=("data", "axes fraction"),
            xytext=(1, 5 + 11 * line),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=8.5,
            color=theme.MUTE,
        )


def _finish(
    ax: Axes, names: list[str], limits: tuple[float, float], lang: str, *, narrow: bool
) -> None:
    ax.set_xlim(*limits)
    ax.set_ylim(0.5 - len(names) - (0.1 if narrow else 0), 0.72 if narrow else 0.5)
    ticks = [i / 2 for i in range(-20, 21) if limits[0] <= i / 2 <= limits[1]]
    ax.set_xticks(ticks, [write_number(t, lang, "level1") for t in ticks])
    axis = label("chart.effect_axis", lang)
    ax.set_xlabel(theme.wrap(axis, 46) if narrow else axis, color=theme.MUTE, fontsize=9.5)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def describe_forest(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_forest`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The largest effect with its interval, how many intervals lie above and below zero, how
        many courses have no figure, and how often each verdict was given.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        empty = "alt.empty" if missing.is_hidden(table) else "alt.forest_none"
        return label(empty, lang, courses=len(table))
    top = shown.loc[shown["value"].idxmax()]
    text = label(
        "alt.forest",
        lang,
        courses=len(table),
        name=top[f"name_{lang}"],
        value=top["value"],
        low=top["low"],
        high=top["high"],
        above=int((shown["low"] > 0).sum()),
        below=int((shown["high"] < 0).sum()),
        missing=len(table) - len(shown),
    )
    counts = table["verdict"].value_counts() if "verdict" in table else {}
    said = [f"{label(f'verdict.{code}', lang)} {counts[code]}" for code in MARKS if code in counts]
    return f"{text} {label('alt.verdicts', lang, verdicts=', '.join(said))}" if said else text
