"""The mapping file: which column is which, how labels become levels, which columns form a grid."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cakra_analysis.errors import MappingError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Person(_Strict):
    """Who answered: a column that tells the answers of one person from another's."""

    column: str
    prefix: str = "R"


class Unit(_Strict):
    """The groups to report by: a column, and which of its values is which group."""

    column: str
    root: str
    values: dict[str, str] = Field(min_length=1)
    other: str = ""


class Scale(_Strict):
    """An answer scale: the text of each answer and its level; several texts may share one."""

    levels: dict[str, int] = Field(min_length=2)


class Grid(_Strict):
    """Columns that share a beginning: one item each, answered on one scale.

    ``until`` cuts the item's name before a text, such as an explanation in brackets.
    """

    starts_with: str
    becomes: Literal["need", "level", "learning_format", "barrier"]
    scale: str
    code: str
    until: str = ""
    group: Literal["manajerial", "sosial kultural", "teknis", "pemerintahan"] = "teknis"


class Mapping(_Strict):
    """A whole mapping file."""

    sheet: str = ""
    cycle: str
    about: dict[str, str]
    person: Person
    unit: Unit
    scales: dict[str, Scale]
    grids: list[Grid] = Field(min_length=1)
    ignore: list[str] = []

    @model_validator(mode="after")
    def _scales_exist(self) -> Mapping:
        for grid in self.grids:
            if grid.scale not in self.scales:
                raise ValueError(f'grid "{grid.code}": there is no scale "{grid.scale}"')
        return self


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
        When the file is missing or not TOML, or a key is unknown, missing or of the wrong type.
    """
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise MappingError(f"{path}: there is no such mapping file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: this is not a TOML file: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise MappingError(
            f"{path}: {where}: {first['msg']}.",
            do="docs/examples/sib-2026/mapping.toml shows every key.",
        ) from None
