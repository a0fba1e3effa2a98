"""An export as text, and which part of the mapping each of its columns belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cakra_analysis.errors import DataError, MappingError, suggest
from cakra_analysis.files import WORKBOOKS
from cakra_analysis.intake.mapping import Grid, Mapping
from cakra_analysis.intake.text import find_twin, fold, tidy_text
from cakra_analysis.raw import RawTable
from cakra_analysis.sources import read_csv
from cakra_analysis.workbook import read_workbook


@dataclass(frozen=True)
class Export:
    """A survey export as text.

    Attributes
    ----------
    where : str
        File (and sheet), for messages.
    texts : DataFrame
        Answers as one line each, missing where blank; the index is the row that the user sees.
    numeric : DataFrame
        Same shape: whether the file held a number and not text.
    other_sheets : list of str
        Sheets of the workbook that were not read.
    """

    where: str
    texts: pd.DataFrame
    numeric: pd.DataFrame
    other_sheets: list[str]


@dataclass(frozen=True)
class Columns:
    """Which part of the mapping each column of an export belongs to.

    Attributes
    ----------
    person, unit : str
        The columns that tell the person and the group.
    ignored, unused : list of str
        Columns that the mapping says to ignore, and those it does not mention.
    grids : list of list of str
        The columns of each grid.
    """

    person: str
    unit: str
    ignored: list[str]
    grids: list[list[str]]
    unused: list[str]

    @property
    def used(self) -> list[str]:
        """Columns whose answers go into the data set."""
        return [self.person, self.unit, *(c for columns in self.grids for c in columns)]


def read_export(plan: Mapping, file: Path) -> Export:
    """Read an export as text.

    Parameters
    ----------
    plan : Mapping
        Names the sheet.
    file : Path
        ``.xlsx`` or ``.csv``, headers in the first row.

    Returns
    -------
    Export
        With at least one row.

    Raises
    ------
    DataError
        When the file is missing, of another kind or empty, or two headers are the same.
    MappingError
        When the workbook lacks the sheet, or has several and the mapping names none.
    """
    raw, other_sheets = _read(plan, file)
    headers = [tidy_text(header) for header in raw.cells]
    if twin := find_twin(list(raw.cells)):
        raise DataError(
            f'{raw.where}: the headers "{twin[0]}" and "{twin[1]}" are the same.',
            allowed="Blanks, line breaks and upper or lower case do not count.",
            do="Rename one of the two columns in the export.",
        )
    if raw.cells.empty:
        raise DataError(
            f"{raw.where}: there is no answer below the header.",
            do="Export the survey again, with its answers.",
        )
    if len(raw.short):
        raise DataError(
            f"{raw.where}: {len(raw.short)} rows have fewer cells than the header; the first is "
            f"row {raw.short[0]}.",
            do="Add the separators that are missing, or export anew.",
        )
    texts = raw.cells.set_axis(headers, axis=1)
    for column in headers:  # a column that nobody filled in stays text
        texts[column] = texts[column].map(tidy_text, na_action="ignore").astype("str")
    numeric = raw.numeric.loc[texts.index].set_axis(headers, axis=1)
    return Export(raw.where, texts, numeric, other_sheets)


def _read(plan: Mapping, file: Path) -> tuple[RawTable, list[str]]:
    kinds = ".xlsx or .csv"
    if file.is_dir():
        raise DataError(f"{file}: this is a folder.", allowed=f"An export is one {kinds} file.")
    if not file.is_file():
        raise DataError(f"{file}: there is no such file.", do="Check the spelling and the folder.")
    if file.suffix.lower() == ".csv":
        return read_csv(file), []
    if file.suffix.lower() not in WORKBOOKS:
        raise DataError(
            f'{file}: an export cannot be read from a "{file.suffix or "no ending"}" file.',
            allowed=f"It is one {kinds} file.",
            do="Open it in a spreadsheet program and save it as .xlsx.",
        )
    sheets = {table.name: table for table in read_workbook(file)}
    if not sheets:
        raise DataError(
            f"{file}: every sheet of the workbook is empty.", do="Export the survey again."
        )
    if not plan.sheet and len(sheets) > 1:
        raise MappingError(
            f"{file}: the workbook has {len(sheets)} sheets, and the mapping names none.",
            allowed=f"It has: {', '.join(sheets)}.",
            do='Name the one with the answers in the mapping: sheet = "...".',
        )
    name = plan.sheet or next(iter(sheets))
    if name not in sheets:
        raise MappingError(
            f'{file}: there is no sheet "{name}".',
            allowed=f"It has: {', '.join(sheets)}.",
            do=suggest(name, sheets),
        )
    return sheets.pop(name), list(sheets)


def find_columns(mapping: Path, plan: Mapping, headers: list[str]) -> Columns:
    """Find the columns that each part of a mapping means.

    Parameters
    ----------
    mapping : Path
        The mapping's file, for messages.
    plan : Mapping
        What it says.
    headers : list of str
        The export's headers.

    Returns
    -------
    Columns
        Every header once.

    Raises
    ------
    MappingError
        When the export lacks a column or grid, or two parts of the mapping claim one column.
    """
    person = _find(mapping, headers, plan.person.column)
    unit = _find(mapping, headers, plan.unit.column)
    ignored = [_find(mapping, headers, header) for header in plan.ignore]
    grids = [_find_grid(mapping, headers, grid) for grid in plan.grids]
    claims = [(person, "[person]"), (unit, "[unit]"), *((c, "ignore") for c in ignored)]
    for grid, columns in zip(plan.grids, grids, strict=True):
        claims += [(c, f'grid "{grid.code}" ({grid.becomes})') for c in columns]
    owners: dict[str, str] = {}
    for column, owner in claims:
        if column in owners:
            raise MappingError(
                f'{mapping}: two parts claim the column "{column}": {owners[column]} and {owner}.',
                allowed="A column belongs to one part of the mapping.",
                do="Make `starts_with` of the grid longer, or take the column out of one part.",
            )
        owners[column] = owner
    return Columns(person, unit, ignored, grids, [h for h in headers if h not in owners])


def _find(mapping: Path, headers: list[str], header: str) -> str:
    for column in headers:
        if fold(column) == fold(header):
            return column
    raise MappingError(
        f'{mapping}: the export has no column "{header}".',
        do=suggest(tidy_text(header), headers)
        or f"Its first columns are: {', '.join(headers[:8])}.",
    )


def _find_grid(mapping: Path, headers: list[str], grid: Grid) -> list[str]:
    columns = [column for column in headers if fold(column).startswith(fold(grid.starts_with))]
    if not columns:
        raise MappingError(
            f'{mapping}: grid "{grid.code}": no header of the export starts with '
            f'"{tidy_text(grid.starts_with)}".',
            do=f"Its first columns are: {', '.join(headers[:8])}.",
        )
    return columns
