"""Rows that refer to other rows: keys that exist, and units that form one tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cakra_analysis.cells import Broken
from cakra_analysis.contracts import Contract
from cakra_analysis.errors import DataError

HIGHEST = 100.0  # score of a test where the courses do not say otherwise


def find_unknown(
    contract: Contract,
    where: str,
    good: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    problems: Sequence[pd.DataFrame],
) -> list[Broken]:
    """Find cells that refer to a key that does not stand in its table.

    Parameters
    ----------
    contract : Contract
        Says which column refers to which.
    where : str
        File, for messages.
    good : DataFrame
        Rows of the table that broke no other rule.
    tables : mapping of str to DataFrame
        Checked tables.
    problems : sequence of DataFrame
        What was found in them: the usual cause when no reference fits.

    Returns
    -------
    list of tuple
        Column, ``unknown`` and rows.

    Raises
    ------
    DataError
        When the table referred to is missing, or no row refers to a known key.
    """
    bad: list[Broken] = []
    for column in contract.columns.values():
        if not column.refers or column.name not in good or good[column.name].isna().all():
            continue
        table, key = column.refers.split(".")
        cells = good[column.name]
        if table not in tables:
            raise DataError(
                f"{where}: the column {column.name} refers to the table {table}, which is missing.",
                do=f"Add the table {table}, or take the column out.",
            )
        unknown = good.index[cells.notna() & ~cells.isin(tables[table][key])]
        if len(unknown) and len(unknown) == cells.notna().sum():
            raise DataError(
                f"{where}: no {column.name} of the {len(unknown)} rows stands in table {table}.",
                allowed=_explain(table, problems),
                do="Is one of the two files from another data set, or was one typed as numbers?",
            )
        if len(unknown):
            bad.append((column.name, "unknown", unknown))
    return bad


def find_off_scale(good: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[Broken]:
    """Find answers that are no option of their question's scale, and scores above the highest.

    Parameters
    ----------
    good : DataFrame
        Rows that broke no other rule; only question_id with level, and course_id with score, are
        looked at.
    tables : mapping of str to DataFrame
        Checked tables: questions and scales, or courses.

    Returns
    -------
    list of tuple
        Column, rule (``off_scale`` or ``above_highest``) and rows.
    """
    bad: list[Broken] = []
    if {"question_id", "level"} <= set(good):
        scales = tables["scales"]
        options = tables["questions"].merge(scales, on="scale_id", validate="many_to_many")
        known = pd.MultiIndex.from_frame(options[["question_id", "level"]])
        given = pd.MultiIndex.from_frame(good[["question_id", "level"]])
        bad.append(("level", "off_scale", good.index[good["level"].notna() & ~given.isin(known)]))
    if {"course_id", "score"} <= set(good):
        courses = tables["courses"].set_index("course_id")
        highest = courses.get("score_high", pd.Series(HIGHEST, index=courses.index))
        above = good["score"] > good["course_id"].astype("str").map(highest)
        bad.append(("score", "above_highest", good.index[above]))
    return [found for found in bad if len(found[2])]


def _explain(table: str, problems: Sequence[pd.DataFrame]) -> str:
    """Say what was wrong in a table, a line a column and rule."""
    lines = []
    for found in problems:
        mine = found[found["table"] == table]
        for (column, _), rows in mine.groupby(["column", "rule"], sort=False):
            lines.append(
                f"Set aside in table {table}: {len(rows)} rows, the first is row "
                f"{rows['row'].min()}; column {column}: {rows['message_en'].iloc[0]}."
            )
    return "\n".join(lines)


def check_tree(where: str, units: pd.DataFrame) -> None:
    """Refuse units that do not form one tree.

    Parameters
    ----------
    where : str
        File, for messages.
    units : DataFrame
        unit_id, parent_id.

    Raises
    ------
    DataError
        When none or several units have no parent, or a unit is its own ancestor.
    """
    roots = units.loc[units["parent_id"].isna(), "unit_id"].tolist()
    if len(roots) != 1:
        raise DataError(
            f"{where}: {len(roots)} units have no parent: {', '.join(roots[:5])}.",
            allowed="Exactly one unit, the whole region, has a blank parent_id.",
        )
    parents = dict(zip(units["unit_id"], units["parent_id"].fillna(""), strict=True))
    for unit in parents:
        seen: set[str] = set()
        while unit:
            if unit in seen:
                raise DataError(f"{where}: the unit {unit} is its own ancestor.")
            seen.add(unit)
            unit = parents.get(unit, "")
