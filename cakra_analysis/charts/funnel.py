"""How many were put forward, came and completed, one bar a step."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from cakra_analysis.charts import rows, theme
from cakra_analysis.words import label, write_number

STEPS = ("nominated", "invited", "came", "completed")


def plot_funnel(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the number of bookings that reached each step, and the share of the step before.

    Parameters
    ----------
    table : DataFrame
        One row with the columns of ``STEPS`` (people; missing = suppressed).
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.

    Returns
    -------
    Axes
        A bar a step, as long as its number.
    """
    ax = ax or theme.new_axes(2.5 if narrow else 2.1, narrow=narrow)
    counts = table[list(STEPS)].iloc[0] if len(table) else pd.Series(dtype=float)
    if counts.isna().all():
        return theme.say_empty(ax, label("alt.empty", lang))
    names = [label(f"step.{step}", lang) for step in STEPS]
    before = float("nan")
    for y, count in enumerate(counts.astype(float)):
        ax.barh(-y, count, height=0.34 if narrow else 0.6, color=theme.TEAL, alpha=1 - 0.16 * y)
        text = write_number(count, lang, "count")
        if before > 0:
            text += f" ({write_number(count / before, lang, 'percent')})"
        rows.write_beside(ax, -y, text, strong=True)
        before = count
    ax.set_ylim(-len(STEPS) + 0.4, 0.6)
    theme.label_rows(ax, names, narrow=narrow, width=30)
    ax.set_xlim(0, counts.max() * 1.02)
    ax.set_xticks([])
    theme.style(ax)
    return ax


def describe_funnel(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_funnel`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The number at each step.
    """
    if table.empty or table[list(STEPS)].iloc[0].isna().any():
        return label("alt.empty", lang)
    return label("alt.funnel", lang, **table[list(STEPS)].iloc[0].to_dict())
