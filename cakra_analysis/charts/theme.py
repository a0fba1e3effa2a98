"""Colours, typefaces and sizes that all charts share."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from babel.dates import get_month_names
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

INK, MUTE, LINE = "#1d2b33", "#5f6f78", "#d8dde0"
TEAL, SAFFRON, TERRACOTTA, SAND = "#0f6b6b", "#d99a1c", "#b8472a", "#f7f4ed"
CATEGORY = {
    "none": TEAL,
    "unclear": "#8a979e",
    "low": SAFFRON,
    "medium": TERRACOTTA,
    "high": "#8f3219",
}
# Text on white needs more contrast than a mark does.
CATEGORY_TEXT = CATEGORY | {"unclear": MUTE, "low": "#7a5200", "medium": "#9c3a20"}
WIDE, NARROW = 7.4, 3.5
LETTERS = re.compile(r"(\S{30})(?=\S)")  # as many make no word


@functools.cache
def font() -> str:
    """Register the shipped typeface and return its name.

    Returns
    -------
    str
        ``Source Sans 3``.
    """
    for weight in (400, 600):
        file = resources.files("cakra_analysis").joinpath(f"fonts/source-sans-3-{weight}.ttf")
        font_manager.fontManager.addfont(Path(str(file)))
    return "Source Sans 3"


def new_axes(height: float, *, narrow: bool) -> Axes:
    """Return an empty, bare axes on a figure of its own, not known to pyplot.

    Parameters
    ----------
    height : float
        Inches.
    narrow : bool
        For a phone: 3.5 inches wide, else 7.4.

    Returns
    -------
    Axes
        Without frame; labels in the shipped typeface.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.03)
    return Figure(figsize=(NARROW if narrow else WIDE, height), layout=layout).add_subplot()


def style(ax: Axes) -> None:
    """Take the frame off an axes and set its labels in the shipped typeface.

    Parameters
    ----------
    ax : Axes
        After everything was drawn on it.
    """
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=9.5, labelcolor=INK)
    for text in ax.findobj(Text):
        text.set(fontfamily=font(), parse_math=False)  # a name may hold "$"


def label_rows(ax: Axes, names: Sequence[str], *, narrow: bool, width: int) -> None:
    """Name the rows of a chart, which stand at 0, -1, -2 and so on.

    Parameters
    ----------
    ax : Axes
        Where the rows are drawn.
    names : sequence of str
        From the top.
    narrow : bool
        For a phone: names stand above their rows, else at the left.
    width : int
        Characters a line at the left.
    """
    if not narrow:
        ax.set_yticks(range(0, -len(names), -1), [wrap(name, width) for name in names])
        return
    ax.set_yticks([])
    for y, name in enumerate(names):
        place = (0, -y + 0.26)
        ax.annotate(wrap(name, 46, most=2), place, xycoords=("axes fraction", "data"), fontsize=9.5)


def say_empty(ax: Axes, text: str) -> Axes:
    """Write on an axes why nothing can be drawn.

    Parameters
    ----------
    ax : Axes
        An empty axes.
    text : str
        The reason.

    Returns
    -------
    Axes
        The same.
    """
    ax.set_xticks([])
    ax.set_yticks([])
    wrapped = textwrap.fill(text, 44)
    ax.text(0.5, 0.5, wrapped, ha="center", va="center", color=MUTE, transform=ax.transAxes)
    style(ax)
    return ax


def paint_on(colour: str) -> str:
    """Return the colour of text that can be read on a colour.

    Parameters
    ----------
    colour : str
        Of the ground.

    Returns
    -------
    str
        White on a dark ground, else ink.

    Examples
    --------
    >>> paint_on("#000000"), paint_on("#ffffff") == INK
    ('white', True)
    """
    red, green, blue = to_rgb(colour)
    return "white" if 0.3 * red + 0.59 * green + 0.11 * blue < 0.55 else INK


def wrap(text: str, width: int, *, most: int = 4) -> str:
    r"""Break a long label into lines.

    Parameters
    ----------
    text : str
        The label.
    width : int
        Characters a line.
    most : int
        Lines; what does not fit gives way to an ellipsis, for the table beside has the whole name.

    Returns
    -------
    str
        With line breaks between words; only a word that is no word is broken itself.

    Examples
    --------
    >>> wrap("Public service and digital literacy", 16, most=2)
    'Public service\nand digital…'
    """
    short = LETTERS.sub(r"\1 ", text)
    return "\n".join(
        textwrap.wrap(short, width, break_long_words=False, max_lines=most, placeholder="…")
    )


def place_days(days: Any) -> np.ndarray:
    """Return where days stand on an axis of days.

    Parameters
    ----------
    days : Series or sequence of dates
        The days.

    Returns
    -------
    ndarray of float
        Days since 1970.

    Examples
    --------
    >>> place_days(["1970-01-02"]).tolist()
    [1.0]
    """
    dates = np.asarray(pd.to_datetime(pd.Series(list(days))), dtype="datetime64[D]")
    return dates.astype("int64").astype(float)


def mark_months(ax: Axes, first: Any, last: Any, lang: str, *, narrow: bool) -> None:
    """Name the months on an axis of days, on a phone every other.

    Parameters
    ----------
    ax : Axes
        Its x axis is one of days, see ``place_days``.
    first, last : Timestamp
        Of the days shown.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone.
    """
    starts = pd.date_range(first.replace(day=1), last, freq="MS")[:: 2 if narrow else 1]
    months = get_month_names("abbreviated", "stand-alone", locale=lang)
    ax.set_xticks(place_days(starts), [months[day.month] for day in starts])


def line_count(names: Sequence[str], width: int) -> int:
    """Return how many lines the longest of some labels takes.

    Parameters
    ----------
    names : sequence of str
        Labels.
    width : int
        Characters a line.

    Returns
    -------
    int
        At least 1.
    """
    return max([wrap(name, width).count("\n") + 1 for name in names], default=1)
