"""How alike trained and comparison people are, before and after weighting or matching."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cakra_analysis.charts import missing, rows, theme
from cakra_analysis.words import label, write_number

LABEL = 40
REACH = 1.5


def plot_balance(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
    limit: float = 0.1,
) -> Axes:
    """Draw each covariate's standardised difference before and after, and the limit of balance.

    Parameters
    ----------
    table : DataFrame
        Published rows, one a covariate, in the order to draw: smd_before, smd_after (standardised
        differences; their sign is left out), name_id, name_en, suppressed.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.
    limit : float
        Above it a covariate counts as unbalanced: shaded, its name bold.

    Returns
    -------
    Axes
        With an open ``before`` and a filled ``after`` mark a row, at their differences; beyond
        1.5 an arrow with the number.
    """
    names = table[f"name_{lang}"].tolist()
    step = (
        0.44 + 0.16 * theme.line_count(names, 46)
        if narrow
        else 0.18 + 0.15 * theme.line_count(names, LABEL)
    )
    ax = ax or theme.new_axes(1.15 + step * max(len(table), 2), narrow=narrow)
    if missing.is_hidden(table):
        return theme.say_empty(ax, label("alt.empty", lang))
    size = table[["smd_before", "smd_after"]].abs()
    right = min(max(0.3, size.max().max()) if size.notna().any(axis=None) else 0.3, REACH) * 1.04
    ax.axvspan(limit, right, color=theme.SAND, zorder=0)
    rows.rule_rows(ax, limit, len(table), narrow=narrow, dashed=True, gid="limit")
    for y, row in enumerate(table.itertuples(index=False)):
        _draw_row(ax, -y, row, right, limit, lang)
    _finish(ax, names, right, lang, narrow=narrow)
    _embolden(ax, (size["smd_after"] > limit).tolist(), narrow=narrow)
    return ax


def _draw_row(ax: Axes, y: int, row: Any, right: float, limit: float, lang: str) -> None:
    before, after = abs(row.smd_before), abs(row.smd_after)
    if pd.isna(before) and pd.isna(after):
        text = f" {missing.why_missing(row, lang)}"
        ax.text(limit, y, text, va="center", fontsize=9, color=theme.MUTE)
        return
    colour = theme.TERRACOTTA if after > limit else theme.TEAL
    ends = [min(before, right), min(after, right)]
    ax.plot(ends, [y, y], lw=1.6, color=colour, alpha=0.55, zorder=1.5)
    for value, gid, fill in ((before, "before", "white"), (after, "after", colour)):
        if value <= REACH:
            ax.plot([value], [y], "o", ms=7, mfc=fill, mec=colour, mew=1.5, gid=gid)
        elif value > REACH:
            ax.plot([right], [y], ">", ms=7.5, mfc=fill, mec=colour, clip_on=False, gid="arrow")
            if gid == "before":
                ax.text(
                    right * 0.975, y + 0.12, write_number(value, lang), ha="right", va="bottom",
                    fontsize=8.5, color=theme.MUTE,
                )  # fmt: skip
    paint = theme.CATEGORY_TEXT["medium"] if after > limit else theme.INK
    text = write_number(after, lang)
    rows.write_beside(ax, y, text, shift=34, right=True, strong=True, colour=paint)


def _finish(ax: Axes, names: list[str], right: float, lang: str, *, narrow: bool) -> None:
    ax.set_xlim(-0.02 * right, right)
    ax.set_ylim(0.45 - len(names), 0.72 if narrow else 0.55)
    every = 0.1 if right < 0.7 else 0.5
    ticks = [0.1, *(i * every for i in range(1, int(right / every + 1e-9) + 1))]
    ax.set_xticks(ticks, [write_number(t, lang, "level1") for t in ticks])
    axis = label("chart.balance_axis", lang)
    ax.set_xlabel(theme.wrap(axis, 46) if narrow else axis, color=theme.MUTE, fontsize=9.5)
    marks = [
        Line2D(
            [],
            [],
            marker="o",
            ms=7,
            lw=0,
            mfc=fill,
            mec=theme.MUTE,
            mew=1.5,
            label=label(f"chart.{when}", lang),
        )
        for when, fill in (("unadjusted", "white"), ("adjusted", theme.MUTE))
    ]
    rows.key(ax, marks, columns=1 if narrow else 2)
    rows.write_head(ax, label("chart.after", lang), shift=34, right=True)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def _embolden(ax: Axes, beyond: list[bool], *, narrow: bool) -> None:
    """The names of what is not balanced, in bold: the colour does not tell it alone."""
    texts = ax.texts[-len(beyond) :] if narrow else ax.get_yticklabels()
    for text, bold in zip(texts, beyond, strict=True):
        if bold:
            text.set(fontweight=600, color=theme.CATEGORY_TEXT["medium"])


def describe_balance(table: pd.DataFrame, *, lang: str = "id", limit: float = 0.1) -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_balance`` draws.
    lang : str
        ``id`` or ``en``.
    limit : float
        Above it a covariate counts as unbalanced.

    Returns
    -------
    str
        Largest difference left, and how many are above the limit before and after.
    """
    shown = table[table["smd_after"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    before, after = shown["smd_before"].abs(), shown["smd_after"].abs()
    worst = shown.loc[after.idxmax()]
    return label(
        "alt.balance",
        lang,
        covariates=len(shown),
        limit=limit,
        before=int((before > limit).sum()),
        count=int((after > limit).sum()),
        name=worst[f"name_{lang}"],
        value=abs(worst["smd_after"]),
    )
