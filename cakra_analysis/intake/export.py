"""An export as text: the answers, what was cut off around them, and its repeated groups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cakra_analysis.errors import DataError, MappingError, suggest
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.shape import Shape, shape_sheet
from cakra_analysis.intake.shape_sheet import Sheet, read_sheets
from cakra_analysis.intake.text import find_twin, tidy_text
from cakra_analysis.raw import mask_digits


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
    cut : DataFrame
        row, what, cells: rows that are no answers.
    other_sheets : list of str
        Sheets of the workbook that were not read.
    repeats : dict of str to Export
        Repeated groups that the mapping names, by sheet.
    notes : list of str
        How the file was read, for the account.
    """

    where: str
    texts: pd.DataFrame
    numeric: pd.DataFrame
    cut: pd.DataFrame
    other_sheets: list[str] = field(default_factory=list)
    repeats: dict[str, Export] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_export(plan: Mapping, file: Path) -> Export:
    """Read an export as text.

    Parameters
    ----------
    plan : Mapping
        Names the sheet, the header's rows and the sheets of repeated groups.
    file : Path
        ``.xlsx``, ``.csv`` or ``.tsv``.

    Returns
    -------
    Export
        With at least one row.

    Raises
    ------
    DataError
        When the file is missing, of another kind or empty, or two headers are the same.
    MappingError
        When the workbook lacks a sheet, or has several and the mapping names none.
    """
    sheets = {sheet.name: sheet for sheet in read_sheets(file)}
    in_book = not (len(sheets) == 1 and next(iter(sheets.values())).note)
    repeats = {r.sheet: _find_sheet(file, sheets, r.sheet) for r in plan.repeats}
    main = _choose_sheet(plan, file, sheets) if in_book else next(iter(sheets.values()))
    export = tidy_export(shape_sheet(main, header=plan.header_rows, cut=plan.cut))
    others = [name for name in sheets if name != main.name and name not in repeats]
    read = {name: tidy_export(shape_sheet(sheet)) for name, sheet in repeats.items()}
    return replace(export, other_sheets=others, repeats=read)


def _choose_sheet(plan: Mapping, file: Path, sheets: dict[str, Sheet]) -> Sheet:
    free = [name for name in sheets if name not in {r.sheet for r in plan.repeats}]
    if not plan.sheet and len(free) > 1:
        raise MappingError(
            f"{file}: the workbook has {len(sheets)} sheets, and the mapping names none.",
            allowed=f"It has: {', '.join(sheets)}.",
            do='Name the one with the answers in the mapping: sheet = "...".',
        )
    return _find_sheet(file, sheets, plan.sheet or next(iter(free), ""))


def _find_sheet(file: Path, sheets: dict[str, Sheet], name: str) -> Sheet:
    if name not in sheets:
        raise MappingError(
            f'{file}: there is no sheet "{name}".',
            allowed=f"It has: {', '.join(sheets)}.",
            do=suggest(name, sheets),
        )
    return sheets[name]


def tidy_export(shape: Shape) -> Export:
    """Make the answers of a sheet one line each, and refuse what cannot be told apart.

    Parameters
    ----------
    shape : Shape
        The answers.

    Returns
    -------
    Export
        With at least one row.

    Raises
    ------
    DataError
        When two headers are the same, there is no answer, or rows are shorter than the header.
    """
    if twin := find_twin(list(shape.texts)):
        raise DataError(
            f'{shape.where}: the headers "{mask_digits(twin[0])}" and "{mask_digits(twin[1])}" are '
            "the same.",
            allowed="Blanks, line breaks and upper or lower case do not count.",
            do="Rename one of the two columns in the export.",
        )
    if shape.texts.empty:
        raise DataError(
            f"{shape.where}: there is no answer below the header.",
            do="Export the survey again, with its answers.",
        )
    if len(shape.short):
        raise DataError(
            f"{shape.where}: {len(shape.short)} rows have fewer cells than the header; the first "
            f"is row {shape.short[0]}.",
            do="Add the separators that are missing, or export anew.",
        )
    headers = [tidy_text(header) for header in shape.texts]
    texts = shape.texts.set_axis(headers, axis=1)
    for column in headers:  # a column that nobody filled in stays text
        lines = texts[column].map(tidy_text, na_action="ignore")
        texts[column] = lines.where(lines != "").astype("str")
    notes = [shape.note] if shape.note else []
    if shape.header != [1]:
        notes.append(f"Header: row {', '.join(map(str, shape.header))}.")
    if shape.filled:
        notes.append(f"{shape.filled} cells merged with the one above have its text.")
    numeric = shape.numeric.set_axis(headers, axis=1)
    return Export(shape.where, texts, numeric, shape.cut, notes=notes)
