"""Grids of an export: their items, and the level of each answer."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from cakra_analysis.errors import MappingError
from cakra_analysis.intake.columns import Columns
from cakra_analysis.intake.mapping_checks import find_scale
from cakra_analysis.intake.parts import Grid, Mapping
from cakra_analysis.intake.text import find_twin, fold, tidy_text

WHOLE = re.compile(r"^(\d+)[.,]0{1,2}$")
EDGE = " .:[]/_>-"  # what may stand between a grid's beginning and an item
ITEM_FIELDS = ["column", "item", "name", "code", "becomes", "scale_id", "group"]


def list_items(mapping: Path, plan: Mapping, columns: Columns) -> pd.DataFrame:
    """List the items of all grids.

    Parameters
    ----------
    mapping : Path
        The mapping's file, for messages.
    plan : Mapping
        The grids.
    columns : Columns
        The columns of each.

    Returns
    -------
    DataFrame
        One row a column: column, item (its code), name, code (of the grid), becomes, scale_id,
        group. A level and a need grid with one code share the items whose names are the same.

    Raises
    ------
    MappingError
        When no name is left of an item, or two of a grid have the same name.
    """
    items: list[dict[str, str]] = []
    known: dict[str, dict[str, tuple[str, str]]] = {}
    for grid, headers in zip(plan.asked, columns.grids, strict=True):
        of_code = known.setdefault(grid.code, {})
        for column, name in _name_items(mapping, grid, headers).items():
            number = grid.ids.get(name) or f"{grid.code}.{len(of_code) + 1:02d}"
            item, name_first = of_code.setdefault(fold(name), (number, name))
            items.append(
                {
                    "column": column,
                    "item": item,
                    "name": name_first,
                    "code": grid.code,
                    "becomes": grid.becomes,
                    "scale_id": grid.scale,
                    "group": grid.group,
                }
            )
    return pd.DataFrame(items, columns=ITEM_FIELDS)


def _name_items(mapping: Path, grid: Grid, headers: list[str]) -> dict[str, str]:
    start = len(tidy_text(grid.starts_with))
    names = {header: _name_item(grid, header[start:]) for header in headers}
    for header, name in names.items():
        if not name:
            raise MappingError(
                f'{mapping}: grid "{grid.code}": nothing is left as the name of the item '
                f'"{header}".',
                allowed="The name is what follows `starts_with`, before `until`.",
                do="Make `starts_with` shorter, or mend `until`.",
            )
    if twin := find_twin(list(names.values())):
        raise MappingError(
            f'{mapping}: grid "{grid.code}": two items have the name "{twin[0]}".',
            allowed="Blanks and upper or lower case do not count.",
            do="Mend `until`, or rename one of the two columns in the export.",
        )
    return names


def _name_item(grid: Grid, rest: str) -> str:
    name = rest.strip(EDGE)
    name = name.split(grid.until)[0].strip() if grid.until else name
    return grid.names.get(name, name)


def list_unpaired(items: pd.DataFrame) -> list[str]:
    """Say which competencies only one of two paired grids asks about.

    Parameters
    ----------
    items : DataFrame
        From ``list_items``.

    Returns
    -------
    list of str
        Code, name and the one thing asked.
    """
    grids = items.groupby("code")["becomes"].transform("nunique")
    asked = items.groupby("item")["becomes"].transform("nunique")
    alone = items[(grids > 1) & (asked == 1)]
    return [f'{i.item} "{i.name}" ({i.becomes} only)' for i in alone.itertuples(index=False)]


def read_levels(plan: Mapping, items: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """Turn the answers of all grids into levels.

    Parameters
    ----------
    plan : Mapping
        The scales.
    items : DataFrame
        From ``list_items``.
    texts : DataFrame
        Answers.

    Returns
    -------
    DataFrame
        A column an item, by row; missing where the answer is blank or not on the scale.
    """
    scales = {
        name: {fold(text): level for text, level in find_scale(plan, name).items()}
        for name in items["scale_id"].unique()
    }
    return pd.DataFrame(
        {
            column: texts[column].map(fold_answer, na_action="ignore").map(scales[scale])
            for column, scale in zip(items["column"], items["scale_id"], strict=True)
        },
        dtype="Int64",
    )


def list_merged(levels: dict[str, int], name: str, cells: pd.DataFrame) -> list[str]:
    """Say which different answers of an export a scale puts on one step.

    Parameters
    ----------
    levels : dict of str to int
        Level by text of the answer.
    name : str
        Of the scale.
    cells : DataFrame
        All columns on it.

    Returns
    -------
    list of str
        A line a level.
    """
    given = {fold_answer(text) for column in cells for text in cells[column].dropna().unique()}
    of_level: dict[int, list[str]] = {}
    for text, level in levels.items():
        if fold(text) in given:
            of_level.setdefault(level, []).append(f'"{text}"')
    merged = {level: texts for level, texts in of_level.items() if len(texts) > 1}
    return [f"Scale {name}: {', '.join(t)} are all level {n}." for n, t in merged.items()]


def fold_answer(text: str) -> str:
    """Return an answer as a scale writes it.

    Parameters
    ----------
    text : str
        An answer.

    Returns
    -------
    str
        Folded; 4,0 and 4.00 are the whole number 4, 4.000 may be four thousand.

    Examples
    --------
    >>> fold_answer(" Sangat  Perlu"), fold_answer("4,0"), fold_answer("4.000")
    ('sangat perlu', '4', '4.000')
    """
    return WHOLE.sub(r"\1", fold(text))
