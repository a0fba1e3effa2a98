"""Repeated groups: a sheet in which a row is one item of the person whose row it names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cakra_analysis.errors import MappingError
from cakra_analysis.intake.columns import find_header_of
from cakra_analysis.intake.export import Export
from cakra_analysis.intake.grids import ITEM_FIELDS, read_levels
from cakra_analysis.intake.parts import Mapping, Repeat
from cakra_analysis.intake.text import fold

PARENT_TABLE = "_parent_table_name"
NAME_LENGTH = 31  # letters of the name of a sheet at most


@dataclass(frozen=True)
class Repeated:
    """The answers of a repeated group.

    Attributes
    ----------
    items : DataFrame
        One row an item and what is asked of it, as ``list_items`` gives them.
    levels : DataFrame
        A column an item, by row of the person.
    reasons : DataFrame
        Why a cell was not placed, by row and column of the sheet.
    links, ignored, unused : list of str
        Columns that only link the sheet, that the mapping ignores, and the others.
    """

    items: pd.DataFrame
    levels: pd.DataFrame
    reasons: pd.DataFrame
    links: list[str]
    ignored: list[str]
    unused: list[str]


def read_repeat(
    mapping: Path,
    plan: Mapping,
    repeat: Repeat,
    sheet: Export,
    index: pd.Series,
    others: Collection[str] = (),
) -> Repeated:
    """Read a repeated group.

    Parameters
    ----------
    mapping : Path
        The mapping's file, for messages.
    plan : Mapping
        The scales.
    repeat : Repeat
        Which columns of the sheet are which.
    sheet : Export
        The sheet.
    index : Series
        What the sheet calls the row of each person that counts, by row.
    others : collection of str
        Sheets beside the main one: a row that belongs to a row of theirs is not placed.

    Returns
    -------
    Repeated
        Items, levels and an account.

    Raises
    ------
    MappingError
        When the sheet lacks a column, or persons are not told apart by what links it to them.
    """
    texts, headers = sheet.texts, list(sheet.texts)
    _refuse_twins(mapping, repeat, index)
    parent = find_header_of(mapping, headers, repeat.parent)
    item = find_header_of(mapping, headers, repeat.item)
    asked = {find_header_of(mapping, headers, a.column): a for a in repeat.asks}
    ignored = [find_header_of(mapping, headers, header) for header in repeat.ignore]
    owner = texts[parent].map({text: row for row, text in index.dropna().items()})
    names = texts[item].map(lambda text: repeat.names.get(text, text), na_action="ignore")
    key = names.map(fold, na_action="ignore")
    lost = _explain_rows(owner, key, find_nested(texts, others))
    counts = lost.isna()
    reasons = pd.DataFrame(dict.fromkeys([item, *asked], lost), dtype="object")
    first = names[counts].groupby(key[counts], sort=False).first()
    parts, levels = [], {}
    for column, ask in asked.items():
        one = pd.DataFrame({"column": [column], "scale_id": [ask.scale]})
        level = read_levels(plan, one, texts)[column]
        wrong = counts & level.isna() & texts[column].notna()
        reasons.loc[wrong, column] = f"no such answer in scale {ask.scale}"
        for number, (k, name) in enumerate(first.items(), start=1):
            label, code = f"{repeat.sheet}\t{ask.becomes}\t{k}", f"{repeat.code}.{number:02d}"
            mine = counts & (key == k)
            levels[label] = pd.Series(level[mine].to_numpy(), index=owner[mine].astype("int64"))
            parts.append((label, code, name, repeat.code, ask.becomes, ask.scale, repeat.group))
    return Repeated(
        pd.DataFrame(parts, columns=ITEM_FIELDS),
        pd.DataFrame(levels, index=index.index, dtype="Int64"),
        reasons,
        [parent],
        ignored,
        [h for h in headers if h not in {parent, item, *asked, *ignored}],
    )


def _refuse_twins(mapping: Path, repeat: Repeat, index: pd.Series) -> None:
    if index.dropna().duplicated().any():
        raise MappingError(
            f'{mapping}: repeat "{repeat.code}": several rows have the same "{repeat.index}".',
            do="Name the column that numbers the rows of the main sheet: index = ...",
        )


def find_nested(texts: pd.DataFrame, others: Collection[str]) -> pd.Series:
    """Find the rows of a repeated group that belong to a row of another group.

    Parameters
    ----------
    texts : DataFrame
        The sheet of the group.
    others : collection of str
        Names of the sheets beside the main one.

    Returns
    -------
    Series
        The other sheet by row; missing where the row belongs to the main sheet, which the column
        ``_parent_table_name`` tells.
    """
    column = next((c for c in texts if fold(c) == PARENT_TABLE), "")
    if not column:
        return pd.Series(pd.NA, index=texts.index, dtype="object")
    known = {fold(name)[:NAME_LENGTH]: name for name in others}
    return texts[column].map(
        lambda name: known.get(fold(name)[:NAME_LENGTH], pd.NA), na_action="ignore"
    )


def _explain_rows(owner: pd.Series, key: pd.Series, nested: pd.Series) -> pd.Series:
    """Why a row of the sheet does not count."""
    reason = pd.Series(pd.NA, index=owner.index, dtype="object")
    reason[pd.DataFrame({"owner": owner, "key": key}).duplicated()] = (
        "the same item of the same person again"
    )
    reason[key.isna()] = "no item is named"
    reason[owner.isna()] = "it belongs to no row that counts"
    below = nested.dropna().astype("object")
    reason[below.index] = "it belongs to sheet " + below
    return reason
