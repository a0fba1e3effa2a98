"""The mapping file: which column is which, how labels become levels, which columns form a grid."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from cakra_analysis.contracts import CYCLE, CYCLE_WORDS, Column, contracts, facts
from cakra_analysis.errors import MappingError, suggest
from cakra_analysis.intake.text import find_twin

EXAMPLE = "docs/examples/sib-2026/mapping.toml shows every key."
RATED = ("level", "need")
# What a survey must ask for a gap of each definition; none brings posts and their standards.
ASKS = {
    "stated need": {"need"},
    "need minus mastery": {"level", "need"},
    "importance minus performance": {"level", "need"},
}

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Person(_Strict):
    """Who answered: a column that tells the answers of one person from another's.

    ``duplicates`` says what to do with several rows of one person and with rows of nobody: refuse
    the export, or use the person's first or last row and report the rows that were left out.
    ``pseudonym`` writes pseudonyms and never the code itself: a must where it is an NIP.
    """

    column: Text
    prefix: str = "R"
    duplicates: Literal["refuse", "first", "last"] = "refuse"
    pseudonym: bool = False


class Unit(_Strict):
    """The groups to report by: a column, and which of its values is which group."""

    column: Text
    root: Text
    values: dict[Text, Text] = Field(min_length=1)
    other: str = ""


class Scale(_Strict):
    """An answer scale: the text of each answer and its level; several texts may share one."""

    levels: dict[Text, StrictInt] = Field(min_length=2)


class Grid(_Strict):
    """Columns that share a beginning: one item each, answered on one scale.

    ``until`` cuts the item's name before a text, such as an explanation in brackets. A grid of
    levels and a grid of needs with the same ``code`` ask about the same competencies.
    """

    starts_with: Text
    becomes: Literal["need", "level", "learning_format", "barrier"]
    scale: Text
    code: Text
    until: str = ""
    group: Literal["manajerial", "sosial kultural", "teknis", "pemerintahan"] = "teknis"


class Mapping(_Strict):
    """A whole mapping file."""

    sheet: str = ""
    cycle: Text
    about: dict[Text, Text]
    person: Person
    unit: Unit
    scales: dict[Text, Scale]
    grids: list[Grid] = Field(min_length=1)
    ignore: list[Text] = []


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Parameters
    ----------
    path : Path
        TOML; ``docs/examples/sib-2026/mapping.toml`` is one with comments.

    Returns
    -------
    Mapping
        Checked against itself, not yet against an export.

    Raises
    ------
    MappingError
        When the file is missing or not TOML, a key is unknown, missing or of the wrong type, or
        two parts of the mapping contradict each other.
    """
    if path.is_dir():
        raise MappingError(
            f"{path}: this is a folder.", do="Give the mapping file, a .toml, in it."
        )
    try:
        plan = Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise MappingError(
            f"{path}: there is no such mapping file.", do="Check the spelling and the folder."
        ) from None
    except OSError as error:
        raise MappingError(f"{path}: the file cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: this is not a TOML file: {error}") from None
    except ValidationError as error:
        raise _describe(path, error) from None
    _check_about(path, plan)
    _check_definition(path, plan)
    _check_codes(path, plan)
    if plan.person.pseudonym and plan.person.prefix and "prefix" in plan.person.model_fields_set:
        raise MappingError(
            f"{path}: person: a pseudonym takes no prefix.", do="Take one of the two lines out."
        )
    for grid in plan.grids:
        _check_scale(path, plan, grid)
    _check_texts(path, "[unit.values]", list(plan.unit.values))
    return plan


def _describe(path: Path, error: ValidationError) -> MappingError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] != "extra_forbidden":
        return MappingError(f"{path}: {where}: {first['msg']}.", do=EXAMPLE)
    keys = [key for part in (Mapping, Person, Unit, Scale, Grid) for key in part.model_fields]
    near = suggest(str(first["loc"][-1]), keys)
    return MappingError(f"{path}: {where}: there is no such key.", do=near or EXAMPLE)


def _check_about(path: Path, plan: Mapping) -> None:
    if not CYCLE.fullmatch(plan.cycle):
        raise MappingError(f'{path}: cycle: "{plan.cycle}".', allowed=f"It is {CYCLE_WORDS}.")
    keys = contracts()["about"].columns["key"].allowed
    for key, value in plan.about.items():
        if key not in keys:
            raise MappingError(
                f'{path}: about: there is no key "{key}".',
                allowed=f"Keys are: {', '.join(keys)}.",
                do=suggest(key, keys) or "Rename it, or take it out.",
            )
        values = facts().get(key, (value,))
        if value not in values:
            raise MappingError(
                f'{path}: about.{key}: "{value}" is not allowed.',
                allowed=f"Allowed: {'; '.join(values)}.",
                do=suggest(value.lower(), values) or "Write one of these.",
            )


def _check_definition(path: Path, plan: Mapping) -> None:
    """The gap's definition must be one that the grids of some code can answer."""
    definition = plan.about.get("gap_definition", facts()["gap_definition"][0])
    kinds: dict[str, set[str]] = {}
    for grid in plan.grids:
        kinds.setdefault(grid.code, set()).add(grid.becomes)
    if not any(ASKS.get(definition, {"standards"}) <= asked for asked in kinds.values()):
        have = ", ".join(f'"{grid.code}" ({grid.becomes})' for grid in plan.grids)
        ways = "; ".join(f'"{d}" ({" and ".join(sorted(need))})' for d, need in ASKS.items())
        raise MappingError(
            f'{path}: about.gap_definition is "{definition}"; the grids are {have}.',
            allowed=f"A survey's gap, and the grids of one code that it needs: {ways}.",
            do="Write the definition that fits, or give the two grids the same code.",
        )


def _check_codes(path: Path, plan: Mapping) -> None:
    """A code belongs to one grid, or to the levels and the needs of the same competencies."""
    for code in dict.fromkeys(grid.code for grid in plan.grids):
        grids = [grid for grid in plan.grids if grid.code == code]
        kinds = sorted(grid.becomes for grid in grids)
        if len(grids) > 1 and kinds != list(RATED):
            raise MappingError(
                f'{path}: {len(grids)} grids have the code "{code}": {", ".join(kinds)}.',
                allowed="Only one level and one need grid may share a code: they ask about the "
                "same competencies.",
                do="Give every other grid a code of its own.",
            )
        groups = sorted({grid.group for grid in grids})
        if len(groups) > 1:
            raise MappingError(
                f'{path}: the two grids with the code "{code}" have different groups: '
                f"{', '.join(groups)}.",
                do="They ask about the same competencies: give both the same `group`.",
            )


def _check_scale(path: Path, plan: Mapping, grid: Grid) -> None:
    if grid.scale not in plan.scales:
        raise MappingError(
            f'{path}: grid "{grid.code}": there is no scale "{grid.scale}".',
            allowed=f"Scales are: {', '.join(plan.scales)}.",
            do=suggest(grid.scale, plan.scales) or f"Write [scales.{grid.scale}.levels].",
        )
    levels = plan.scales[grid.scale].levels
    _check_texts(path, f'scale "{grid.scale}"', list(levels))
    column = _level_column(grid)
    low, high = column.low or 0, column.high or 0
    for text, level in levels.items():
        if not low <= level <= high:
            raise MappingError(
                f'{path}: scale "{grid.scale}": the level of "{text}" is {level}.',
                allowed=f'Grid "{grid.code}" becomes "{grid.becomes}", whose levels go from '
                f"{low:g} to {high:g}.",
                do="Number the steps of the scale within this range.",
            )


def _level_column(grid: Grid) -> Column:
    """The column of the contracts that the grid's levels go into."""
    table, name = ("ratings", grid.becomes) if grid.becomes in RATED else ("answers", "level")
    return contracts()[table].columns[name]


def _check_texts(path: Path, where: str, texts: list[str]) -> None:
    if twin := find_twin(texts):
        raise MappingError(
            f'{path}: {where}: "{twin[0]}" and "{twin[1]}" are the same text.',
            allowed="Blanks and upper or lower case do not count.",
            do="Keep one of them.",
        )
