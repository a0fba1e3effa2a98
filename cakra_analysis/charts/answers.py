"""How answers spread over a five-step scale, one bar a question."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number

LIKING = ["#b8472a", "#e3a58c", "#e4e2da", "#7fb3b0", "#0f6b6b"]
HINDRANCE = ["#e4ebe9", "#f3dfb4", "#e3b04f", "#cf7440", "#9c3a20"]


def plot_answers(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw the share of each answer as a stacked bar of 100%, with the share of the highest.

    Parameters
    ----------
    table : DataFrame
        One unit's rows of a published ``score_answers`` table with names, in the order to draw:
        share_1 ... share_7, agree_share, n, label_id and label_en (the answers' texts, a line
        each), block, name_id, name_en.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: questions stand above their bars.

    Returns
    -------
    Axes
        A bar an answer and question, as wide as its share in percent; at its end the share of the
        two highest answers, of a scale of two of the higher.
    """
    step = 0.62 if narrow else 0.4
    ax = ax or theme.new_axes((1.15 if narrow else 0.75) + step * max(len(table), 2), narrow=narrow)
    shown = table[table["n"].notna()]
    if shown.empty:
        return theme.say_empty(ax, label("alt.empty", lang))
    answers = shown[f"label_{lang}"].iloc[0].split("\n")
    colours = _colours(shown["block"].iloc[0], len(answers))
    places = [-float(i) for i in range(len(shown))]
    bars = [y - 0.16 for y in places] if narrow else places
    left = pd.Series(0.0, index=shown.index)
    for number, (colour, answer) in enumerate(zip(colours, answers, strict=True), start=1):
        share = shown[f"share_{number}"] * 100
        ax.barh(bars, share, left=left, height=0.42 if narrow else 0.62, color=colour, label=answer)
        _write_shares(ax, bars, left, share, colour, lang)
        left = left + share
    _finish(ax, shown, places, bars, lang, narrow=narrow)
    return ax


def _colours(block: str, steps: int) -> list[str]:
    """As many colours as the scale has answers, from the block's own range."""
    stops = LIKING if block == "learning_format" else HINDRANCE
    scale = LinearSegmentedColormap.from_list("answers", stops)
    return [to_hex(scale(step / max(steps - 1, 1))) for step in range(steps)]


def _write_shares(
    ax: Axes, bars: list[float], left: pd.Series, share: pd.Series, colour: str, lang: str
) -> None:
    paint = theme.paint_on(colour)
    for y, start, value in zip(bars, left, share, strict=True):
        if value >= 7:
            text = write_number(value, lang, "of100")
            ax.text(start + value / 2, y, text, ha="center", va="center", fontsize=8.5, color=paint)


def _finish(
    ax: Axes,
    shown: pd.DataFrame,
    places: list[float],
    bars: list[float],
    lang: str,
    *,
    narrow: bool,
) -> None:
    names = shown[f"name_{lang}"].tolist()
    if narrow:
        ax.set_yticks([])
        for y, name in zip(places, names, strict=True):
            short = name if len(name) <= 52 else name[:50].rsplit(" ", 1)[0] + " …"
            ax.text(0, y + 0.12, short, fontsize=9)
    else:
        ax.set_yticks(places, [theme.wrap(name, 44) for name in names])
    for y, share in zip(bars, shown["agree_share"], strict=True):
        text = write_number(share, lang, "percent")
        ax.text(102, y, text, va="center", fontsize=10, fontweight=600, color=theme.INK)
    ax.set_xlim(0, 116 if narrow else 112)
    ax.set_ylim(places[-1] - 0.5, 0.55)
    ax.set_xticks([])
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2 if narrow else 5,
        frameon=False,
        fontsize=8.5,
        handlelength=0.9,
        handleheight=0.9,
        columnspacing=1.0,
        borderaxespad=0.2,
    )
    theme.style(ax)


def describe_answers(table: pd.DataFrame, *, lang: str = "id") -> str:
    """Tell the chart in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_answers`` draws.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of questions, and the first with the share of its two highest answers; of a scale
        of two, such as yes or no, of the higher.
    """
    shown = table[table["n"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top = shown.iloc[0]
    answers = str(top[f"label_{lang}"]).split("\n")
    return label(
        "alt.answers_two" if len(answers) == 2 else "alt.answers",
        lang,
        items=len(shown),
        name=top[f"name_{lang}"],
        share=top["agree_share"],
        answer=answers[-1],
    )
