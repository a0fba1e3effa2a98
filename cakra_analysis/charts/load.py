"""How much of each unit is away at training, week by week."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Patch

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label, write_number

COLOURS = ["#e4ebe9", "#9cc4c0", theme.TEAL, theme.SAFFRON, theme.TERRACOTTA]
LABEL = 28


def plot_load(
    table: pd.DataFrame,
    *,
    limit: float = 0.25,
    ax: Axes | None = None,
    lang: str = "id",
    narrow: bool = False,
) -> Axes:
    """Draw the largest share of a unit's staff away on one day of each week as a grid of cells.

    Parameters
    ----------
    table : DataFrame
        One row a unit and week: unit (its name), week (its Monday), value (0-1; missing =
        suppressed, and the unit is left out).
    limit : float
        The largest share allowed, 0-1; above it only a unit's single person may be.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: names stand above their lines.

    Returns
    -------
    Axes
        One mesh, a row a unit in the order of the table; missing weeks are empty.
    """
    table = table.dropna(subset=["week", "value"])
    names = table["unit"].drop_duplicates().tolist()
    step = 0.42 if narrow else 0.25
    ax = ax or theme.new_axes((1.2 if narrow else 0.95) + step * max(len(names), 2), narrow=narrow)
    if table.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    weeks = pd.to_datetime(table["week"])
    year = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    grid = table.assign(week=weeks).pivot(index="unit", columns="week", values="value")
    grid = grid.reindex(index=names, columns=year).to_numpy(dtype=float)
    x = theme.place_days([*year, year[-1] + pd.Timedelta(days=7)])
    bounds = _bounds(limit)
    half = 0.2 if narrow else 0.42
    for y, line in enumerate(grid):
        ax.pcolormesh(
            x, [-y - half, -y + half], np.ma.masked_invalid(line[None, :]),
            cmap=ListedColormap(COLOURS), norm=BoundaryNorm(bounds, len(COLOURS)),
            edgecolors="white", linewidth=0.4, gid="load",
        )  # fmt: skip
    ax.set_ylim(-len(names) + 0.4, 0.6)
    theme.label_rows(ax, names, narrow=narrow, width=LABEL)
    _finish(ax, year, bounds, lang, narrow=narrow)
    return ax


def _bounds(limit: float) -> list[float]:
    return [0, limit / 4, limit / 2, limit * 0.75, limit + 1e-9, max(1.01, limit * 2)]


def _finish(
    ax: Axes, year: pd.DatetimeIndex, bounds: list[float], lang: str, *, narrow: bool
) -> None:
    theme.mark_months(ax, year[0], year[-1], lang, narrow=narrow)
    ax.set_xlim(*theme.place_days([year[0].replace(day=1), year[-1] + pd.Timedelta(days=7)]))
    keys = []
    for number, colour in enumerate(COLOURS):
        low, high = (write_number(b, lang, "percent") for b in bounds[number : number + 2])
        last = number == len(COLOURS) - 1
        text = label("chart.above", lang, share=bounds[number]) if last else f"{low}–{high}"
        keys.append(Patch(color=colour, label=text))
    rows.key(ax, keys, columns=2 if narrow else 5)  # type: ignore[arg-type]
    theme.style(ax)
    ax.tick_params(axis="x", labelcolor=theme.MUTE)


def describe_load(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_load`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of units, and the one with the largest share away.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top = shown.loc[shown["value"].idxmax()]
    return label(
        "alt.load", lang, units=table["unit"].nunique(), unit=top["unit"], share=top["value"]
    )
