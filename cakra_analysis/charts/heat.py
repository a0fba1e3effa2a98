"""Units by competencies, the value written in each cell."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

from cakra_analysis.charts import theme
from cakra_analysis.words import label, write_number

STOPS = ["#9dc3c6", "#e3ece9", "#f7ecd3", "#efc98a", "#dd9a55", "#c76036", "#9c3a20"]
COLOURS = LinearSegmentedColormap.from_list("cakra", STOPS)

LABEL, LABEL_NARROW = 44, 24


def plot_heat(
    table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "id", narrow: bool = False
) -> Axes:
    """Draw units by competencies; suppressed cells carry a dot, cells that do not apply a dash.

    Parameters
    ----------
    table : DataFrame
        Rows of a published ``score_gaps`` table with names: unit_id, unit, competency_id, value,
        suppressed, required, name_id, name_en. Units stand in the order of their first row,
        competencies by their mean, largest first.
    ax : Axes, optional
        Where to draw; a new figure if missing.
    lang : str
        ``id`` or ``en``.
    narrow : bool
        For a phone: many competencies stand as rows, units as columns.

    Returns
    -------
    Axes
        One text a cell.
    """
    wide, hidden = _grid(table, f"name_{lang}")
    if wide.shape[1] > 14 or (narrow and wide.shape[1] > 11):
        wide, hidden = wide.T, hidden.T
    width = LABEL_NARROW if narrow else LABEL
    # The height has to hold the slanted column names too.
    top = 0.3 + 0.062 * max(min(len(c), 30) for c in wide.columns)
    step = 0.15 + (0.12 if narrow else 0.14) * theme.line_count(list(wide.index), width)
    ax = ax or theme.new_axes(top + step * max(len(wide), 2), narrow=narrow)
    if wide.notna().sum().sum() == 0:
        return theme.say_empty(ax, label("alt.empty", lang))
    stated = table["required"].isna().all()
    norm = TwoSlopeNorm(3, 1, 5) if stated else TwoSlopeNorm(0.25, -1.0, 1.75)
    sns.heatmap(
        wide.astype(float),
        ax=ax,
        cmap=COLOURS,
        norm=norm,
        cbar=False,
        linewidths=1.2,
        linecolor="white",
    )
    _write_cells(ax, wide, hidden, norm, lang, small=narrow)
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    names = [theme.wrap(c, 26 if narrow else 60, most=2 if narrow else 1) for c in wide.columns]
    ax.set_xticklabels(
        names,
        rotation=90 if narrow else 35,
        ha="center" if narrow else "left",
        rotation_mode="default" if narrow else "anchor",
    )
    ax.set_yticklabels([theme.wrap(i, width) for i in wide.index], rotation=0)
    theme.style(ax)
    ax.tick_params(labelsize=8.2 if narrow else 9.2)
    return ax


def _grid(table: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and marks by code; two units or items may well have the same name."""
    order = table.groupby("competency_id")["value"].mean().sort_values(ascending=False).index
    units = table["unit_id"].drop_duplicates()
    grids = []
    for column in ("value", "suppressed"):
        wide = table.pivot(index="unit_id", columns="competency_id", values=column)
        wide = wide.reindex(units)[order]
        wide.index = wide.index.map(table.drop_duplicates("unit_id").set_index("unit_id")["unit"])
        items = table.drop_duplicates("competency_id").set_index("competency_id")[name]
        wide.columns = wide.columns.map(items)
        grids.append(wide)
    return grids[0], grids[1].fillna(False).astype(bool)


def _write_cells(
    ax: Axes,
    wide: pd.DataFrame,
    hidden: pd.DataFrame,
    norm: TwoSlopeNorm,
    lang: str,
    *,
    small: bool,
) -> None:
    for y in range(wide.shape[0]):
        for x in range(wide.shape[1]):
            value = wide.iat[y, x]
            text = write_number(value, lang, "level1") if pd.notna(value) else "–"
            text = "•" if hidden.iat[y, x] else text
            dark = pd.notna(value) and norm(value) > 0.78
            ax.text(
                x + 0.5,
                y + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=7.4 if small else 9,
                color="white" if dark else theme.INK,
            )


def describe_heat(
    table: pd.DataFrame, *, lang: str = "id", item: str = "", unit_word: str = ""
) -> str:
    """Tell the heat map in a sentence, for those who cannot see it.

    Parameters
    ----------
    table : DataFrame
        What ``plot_heat`` draws.
    lang : str
        ``id`` or ``en``.
    item, unit_word : str
        The words for competencies and units.

    Returns
    -------
    str
        Size, highest cell and number of suppressed cells.
    """
    shown = table[table["value"].notna()]
    if shown.empty:
        return label("alt.empty", lang)
    top = shown.loc[shown["value"].idxmax()]
    return label(
        "alt.heat",
        lang,
        units=table["unit"].nunique(),
        items=table["competency_id"].nunique(),
        item=item or label("subject.item", lang),
        unit_word=unit_word or label("subject.unit_word", lang),
        value=top["value"],
        unit=top["unit"],
        name=top[f"name_{lang}"],
        hidden=int(table["suppressed"].sum()),
    )
