"""Which part of the mapping each column of an export belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cakra_analysis.errors import MappingError, suggest
from cakra_analysis.identifiers import is_raw
from cakra_analysis.intake.parts import Choices, Grid, Mapping
from cakra_analysis.intake.text import fold, tidy_text
from cakra_analysis.intake.vocabulary import field_of, plain


@dataclass(frozen=True)
class Columns:
    """Which part of the mapping each column of an export belongs to.

    Attributes
    ----------
    person, unit : str
        The columns that tell the person and the group; empty where none does.
    checked : list of str
        Columns that only tell which rows count, and when they were answered.
    ignored, unused : list of str
        Columns that the mapping says to ignore, and those it does not mention.
    grids, choices : list of list of str
        The columns of each grid, and of each question with several answers.
    """

    person: str
    unit: str
    checked: list[str]
    ignored: list[str]
    grids: list[list[str]]
    choices: list[list[str]]
    unused: list[str]

    @property
    def used(self) -> list[str]:
        """Columns whose answers go into the data set."""
        told = [column for column in (self.person, self.unit) if column]
        return [*told, *(c for columns in (*self.grids, *self.choices) for c in columns)]


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
    rows = plan.header_rows

    def find(header: str) -> str:
        return find_header_of(mapping, headers, header, rows=rows) if header else ""

    unit = plan.unit.column if plan.unit else plan.group.column if plan.group else ""
    person, unit = find(plan.person.column), find(unit)
    times = [find(plan.times.start), find(plan.times.end)] if plan.times else []
    review = find(plan.review.column) if plan.review else ""
    checked = [c for c in (find(plan.complete), review, *times) if c]
    links = [c for c in dict.fromkeys(find(r.index) for r in plan.repeats) if c != person]
    ignored = [find(header) for header in plan.ignore]
    grids = [_find_grid(mapping, headers, grid, rows) for grid in plan.asked]
    for grid in plan.grids:
        if grid not in plan.asked:
            ignored += _find_grid(mapping, headers, grid, rows)
    choices = [_find_choices(mapping, headers, choice, rows) for choice in plan.choices]
    claims = [(person, "[person]"), (unit, "[unit]" if plan.unit else "[group]")]
    claims += [(c, "complete, [review] or [times]") for c in dict.fromkeys(checked)]
    claims += [(c, "index of [[repeats]]") for c in links] + [(c, "ignore") for c in ignored]
    spoken = [f"{grid.spoken} ({grid.becomes})" for grid in plan.asked]
    spoken += [f'choices "{c.code}" ({c.becomes})' for c in plan.choices]
    for part, columns in zip(spoken, [*grids, *choices], strict=True):
        claims += [(c, part) for c in columns]
    owners: dict[str, str] = {}
    for column, owner in claims:
        if column and column in owners:
            raise MappingError(
                f'{mapping}: two parts claim the column "{column}": {owners[column]} and {owner}.',
                allowed="A column belongs to one part of the mapping.",
                do="Make `starts_with` of the grid longer, or take the column out of one part.",
            )
        owners[column] = owner
    unused = [h for h in headers if h not in owners]
    return Columns(
        person, unit, list(dict.fromkeys(checked + links)), ignored, grids, choices, unused
    )


def find_header_of(
    mapping: Path, headers: list[str], header: str, *, rows: Sequence[int] = ()
) -> str:
    """Find a column whatever its blanks and capitals.

    Parameters
    ----------
    mapping : Path
        The mapping's file, for the message.
    headers : list of str
        Those of the export.
    header : str
        As the mapping writes it.
    rows : sequence of int
        The header's rows, where the mapping names them.

    Returns
    -------
    str
        As the export writes it.

    Raises
    ------
    MappingError
        When there is none.
    """
    for column in headers:
        if fold(column) == fold(header):
            return column
    near = "" if rows else suggest(tidy_text(header), _list_known(headers))
    raise MappingError(
        f'{mapping}: the export has no column "{header}".', do=near or _list_first(headers, rows)
    )


def _list_known(headers: list[str]) -> list[str]:
    """Headers with a known name: a row of answers in the header's place may tell a person."""
    return [header for header in headers if plain(header) in field_of()]


def _list_first(headers: list[str], rows: Sequence[int]) -> str:
    known = _list_known(headers)
    if rows:
        said = ", ".join(map(str, rows))
        return f"The mapping says that row {said} is the header (header = ...); compare the file."
    if any(map(is_raw, headers)) or not known:
        return "If the row taken for the header holds answers, write the header's own: header = 5."
    return f"Of its {len(headers)} columns these have known names: {', '.join(known[:8])}."


def _find_grid(mapping: Path, headers: list[str], grid: Grid, rows: list[int]) -> list[str]:
    if grid.columns:
        return [find_header_of(mapping, headers, header, rows=rows) for header in grid.columns]
    return _find_beginning(mapping, headers, grid.starts_with, grid.spoken, rows)


def _find_choices(
    mapping: Path, headers: list[str], choices: Choices, rows: list[int]
) -> list[str]:
    if choices.column:
        return [find_header_of(mapping, headers, choices.column, rows=rows)]
    return _find_beginning(mapping, headers, choices.starts_with, f'choices "{choices.code}"', rows)


def _find_beginning(
    mapping: Path, headers: list[str], start: str, spoken: str, rows: list[int]
) -> list[str]:
    columns = [column for column in headers if fold(column).startswith(fold(start))]
    if not columns:
        raise MappingError(
            f'{mapping}: {spoken}: no header of the export starts with "{tidy_text(start)}".',
            do=_list_first(headers, rows),
        )
    return columns
