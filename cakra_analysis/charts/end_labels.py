"""Names at the ends of lines, moved apart where they would print over each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from cakra_analysis.charts import theme
from cakra_analysis.charts.height import lay_out

ROUNDS = 3  # labels that stand above the axes leave it less height, and so need more of it
LINE_POINTS = 12.5  # of height: a line of a label


def label_ends(
    ax: Axes,
    ends: Sequence[tuple[float, float]],
    names: Sequence[str],
    *,
    colours: Sequence[str],
    texts: Sequence[str],
    width: int,
) -> None:
    """Write the name of each line right of the axes, tied to the line's last point.

    Parameters
    ----------
    ax : Axes
        With its limits, ticks and titles, which leave the lines less height.
    ends : sequence of (float, float)
        The last point of each line.
    names : sequence of str
        One a line.
    colours : sequence of str
        Of the ties.
    texts : sequence of str
        Colours of the names.
    width : int
        Characters a line of a name.
    """
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    notes = []
    for i in order:
        tie = {"arrowstyle": "-", "lw": 0.7, "relpos": (0, 0.5), "shrinkA": 0, "shrinkB": 3}
        note = ax.annotate(
            theme.wrap(names[i], width), ends[i], xytext=(1.03, ends[i][1]),
            textcoords=("axes fraction", "data"), va="center", fontsize=8.5, linespacing=1.0,
            color=texts[i], arrowprops=tie | {"color": colours[i]}, annotation_clip=False,
            gid="end", fontfamily=theme.font(), parse_math=False,
        )  # fmt: skip
        notes.append(note)
    for _ in range(ROUNDS):
        _move_apart(ax, notes, [ends[i][1] for i in order])


def _move_apart(ax: Axes, notes: Sequence[Annotation], values: Sequence[float]) -> None:
    low, high = ax.get_ylim()
    point = (high - low) / lay_out(ax)
    heights = [LINE_POINTS * point * (note.get_text().count("\n") + 1) for note in notes]
    for note, place in zip(notes, spread(values, heights), strict=True):
        note.set_position((1.03, place))


def spread(values: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return places for labels as near to their values as they can stand without overlap.

    Parameters
    ----------
    values : sequence of float
        Where each label belongs, in rising order.
    heights : sequence of float
        How much room each needs.

    Returns
    -------
    list of float
        In the same order; least sum of squared moves.

    Examples
    --------
    >>> spread([1.0, 5.0, 5.0], [2.0, 2.0, 2.0])
    [1.0, 4.0, 6.0]
    """
    from scipy.optimize import isotonic_regression  # slow to load

    gaps = [(a + b) / 2 for a, b in pairwise(heights)]
    stacked = np.cumsum([0.0, *gaps])
    free = isotonic_regression(np.asarray(values) - stacked).x + stacked
    return [float(place) for place in free]
