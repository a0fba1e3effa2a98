"""The mapping file: which column is which, how labels become levels, which columns form a grid."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cakra_analysis.errors import MappingError, suggest
from cakra_analysis.intake.mapping_checks import check_mapping
from cakra_analysis.intake.parts import (
    Asked,
    Choices,
    Grid,
    Group,
    Mapping,
    Person,
    Repeat,
    Review,
    Scale,
    Times,
    Unit,
)
from cakra_analysis.intake.questions import refuse_open

EXAMPLE = "docs/examples/sib-2026/mapping.toml shows every key."
PARTS: tuple[type[BaseModel], ...] = (
    Mapping,
    Person,
    Unit,
    Group,
    Scale,
    Grid,
    Choices,
    Repeat,
    Asked,
    Times,
    Review,
)


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
        When the file is missing or not TOML, a question of a proposed mapping is not answered, a
        key is unknown, missing or of the wrong type, or two parts of the mapping contradict each
        other.
    """
    if path.is_dir():
        raise MappingError(
            f"{path}: this is a folder.", do="Give the mapping file, a .toml, in it."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
        refuse_open(path, text, table)
        plan = Mapping.model_validate(table)
    except FileNotFoundError:
        raise MappingError(
            f"{path}: there is no such mapping file.", do="Check the spelling and the folder."
        ) from None
    except OSError as error:
        raise MappingError(f"{path}: the file cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(
            f"{path}: this is not a TOML file: {error}",
            do="Mend this line; a text stands in quotes.",
        ) from None
    except ValidationError as error:
        raise _describe(path, error) from None
    check_mapping(path, plan)
    return plan


def _describe(path: Path, error: ValidationError) -> MappingError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] != "extra_forbidden":
        return MappingError(f"{path}: {where}: {first['msg']}.", do=EXAMPLE)
    keys = [key for part in PARTS for key in part.model_fields]
    near = suggest(str(first["loc"][-1]), keys)
    return MappingError(f"{path}: {where}: there is no such key.", do=near or EXAMPLE)
