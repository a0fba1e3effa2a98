"""Grids of an export: their items, and the level of each answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cakra_analysis.errors import MappingError
from cakra_analysis.intake.export import Columns
from cakra_analysis.intake.mapping import RATED, Grid, Mapping
from cakra_analysis.intake.text import find_twin, fold, tidy_text


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
    for grid, headers in zip(plan.grids, columns.grids, strict=True):
        of_code = known.setdefault(grid.code, {})
        for column, name in _name_items(mapping, grid, headers).items():
            number = f"{grid.code}.{len(of_code) + 1:02d}"
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
    return pd.DataFrame(items)


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
    name = rest.strip(" .:[]")
    return name.split(grid.until)[0].strip() if grid.until else name


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
        name: {fold(text): level for text, level in scale.levels.items()}
        for name, scale in plan.scales.items()
    }
    return pd.DataFrame(
        {
            column: texts[column].map(fold, na_action="ignore").map(scales[scale])
            for column, scale in zip(items["column"], items["scale_id"], strict=True)
        },
        dtype="Int64",
    )


def tabulate_grids(
    plan: Mapping, items: pd.DataFrame, levels: pd.DataFrame, people: pd.Series
) -> dict[str, pd.DataFrame]:
    """Write items and levels as contract tables.

    Parameters
    ----------
    plan : Mapping
        Cycle and scales.
    items : DataFrame
        From ``list_items``.
    levels : DataFrame
        From ``read_levels``, for the rows that count.
    people : Series
        Code of the person, by row.

    Returns
    -------
    dict of str to DataFrame
        ``competencies``, ``ratings`` (one row a person and competency, level and need side by
        side), ``scales``, ``questions`` and ``answers``.
    """
    long = levels.assign(staff_id=people).melt("staff_id", var_name="column", value_name="level")
    long = long.dropna(subset="level").merge(items, on="column")
    rated, asked = (
        long[long["becomes"].isin(RATED)],
        long[~long["becomes"].isin(RATED)],
    )
    unique = items.drop_duplicates("item").assign(name_id=items["name"], name_en=items["name"])
    is_rated = unique["becomes"].isin(RATED)
    sides = rated.pivot(index=["staff_id", "item"], columns="becomes", values="level")
    ratings = sides.reindex(columns=list(RATED)).astype("Int64").reset_index()
    ratings = ratings.rename(columns={"item": "competency_id"}).assign(
        cycle=plan.cycle, source="self"
    )
    competencies = unique[is_rated].rename(columns={"item": "competency_id"})
    questions = unique[~is_rated].rename(columns={"item": "question_id", "becomes": "block"})
    answers = asked.rename(columns={"item": "question_id"}).assign(cycle=plan.cycle)
    return {
        "competencies": competencies[["competency_id", "name_id", "name_en", "group"]],
        "ratings": ratings[["staff_id", "competency_id", "cycle", "source", *RATED]],
        "scales": _scales(plan, set(questions["scale_id"])),
        "questions": questions[["question_id", "block", "name_id", "name_en", "scale_id"]],
        "answers": answers[["staff_id", "question_id", "cycle", "level"]],
    }


def _scales(plan: Mapping, used: set[str]) -> pd.DataFrame:
    rows = [
        (name, level, text, text)
        for name, scale in plan.scales.items()
        for text, level in scale.levels.items()
        if name in used
    ]
    table = pd.DataFrame(rows, columns=["scale_id", "level", "label_id", "label_en"])
    return table.drop_duplicates(["scale_id", "level"])
