"""All answers of an export: grids, questions with several answers, repeated groups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cakra_analysis.intake.choices import Chosen, read_choices
from cakra_analysis.intake.columns import Columns, find_header_of
from cakra_analysis.intake.export import Export
from cakra_analysis.intake.grids import list_items, read_levels
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.repeats import Repeated, read_repeat


@dataclass(frozen=True)
class Answers:
    """Items and levels of an export.

    Attributes
    ----------
    grid_items, grid_levels : DataFrame
        Those of the grids.
    chosen : list of Chosen
        Questions with several answers.
    repeated : dict of str to Repeated
        Repeated groups by sheet.
    """

    grid_items: pd.DataFrame
    grid_levels: pd.DataFrame
    chosen: list[Chosen]
    repeated: dict[str, Repeated]

    @property
    def items(self) -> pd.DataFrame:
        """One row an item and what is asked of it."""
        more: list[Chosen | Repeated] = [*self.chosen, *self.repeated.values()]
        return pd.concat([self.grid_items, *(part.items for part in more)], ignore_index=True)

    @property
    def levels(self) -> pd.DataFrame:
        """A column an item, by row."""
        more: list[Chosen | Repeated] = [*self.chosen, *self.repeated.values()]
        return pd.concat([self.grid_levels, *(part.levels for part in more)], axis=1)


def read_answers(
    mapping: Path, plan: Mapping, export: Export, columns: Columns, rows: pd.Index
) -> Answers:
    """Read all answers.

    Parameters
    ----------
    mapping : Path
        The mapping's file, for messages.
    plan : Mapping
        What it says.
    export : Export
        The export.
    columns : Columns
        Which column is which.
    rows : Index
        The rows that count.

    Returns
    -------
    Answers
        Of these rows.

    Raises
    ------
    MappingError
        When the mapping does not fit the columns of a grid or repeated group.
    """
    texts = export.texts.loc[rows]
    items = list_items(mapping, plan, columns)
    chosen = [
        read_choices(choices, of_it, texts)
        for choices, of_it in zip(plan.choices, columns.choices, strict=True)
    ]
    repeated, others = {}, [*export.other_sheets, *export.repeats]
    for repeat in plan.repeats:
        index = texts[find_header_of(mapping, list(texts), repeat.index)]
        sheet = export.repeats[repeat.sheet]
        repeated[repeat.sheet] = read_repeat(mapping, plan, repeat, sheet, index, others)
    return Answers(items, read_levels(plan, items, texts), chosen, repeated)
