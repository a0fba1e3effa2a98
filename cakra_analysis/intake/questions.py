"""Questions that a proposed mapping leaves to a person: a value that is still ``"?"``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cakra_analysis.errors import MappingError
from cakra_analysis.intake.values import write_value

OPEN = "?"
LINE = re.compile(r'''^(\s*(?:[\w.-]+|"(?:[^"\\]|\\.)*"|'[^']*')\s*=\s*)"\?"''')
MOST_SHOWN = 10


def find_open(text: str) -> list[tuple[int, str]]:
    r"""Find the lines of a mapping that are not answered yet.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    list of tuple of int and str
        Number and text of each line, its comment too.

    Examples
    --------
    >>> find_open('cycle = "2026"\nscale = "?"  # setuju_4 or setuju_5')
    [(2, 'scale = "?"  # setuju_4 or setuju_5')]
    """
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line.strip()) for number, line in lines if LINE.match(line)]


def refuse_open(path: Path, text: str, table: dict[str, Any]) -> None:
    """Refuse a mapping in which something is not answered yet.

    Parameters
    ----------
    path : Path
        Its file, for the message.
    text : str
        TOML.
    table : dict
        The same, read.

    Raises
    ------
    MappingError
        With the lines.
    """
    places = list(_walk(table, ""))
    if not places:
        return
    lines = [f"  line {number}: {line}" for number, line in find_open(text)]
    shown = lines or [f"  {place}" for place in places]
    more = f"\n  and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    raise MappingError(
        f"{path}: {len(places)} question{'s are' if len(places) > 1 else ' is'} not answered yet:\n"
        + "\n".join(shown[:MOST_SHOWN])
        + more,
        allowed="The comment beside each says which answers are possible.",
        do='Write the right one in place of each "?", then run the command again.',
    )


def answer_questions(text: str, answers: Mapping[str, Any]) -> str:
    """Answer the questions of a proposed mapping.

    Parameters
    ----------
    text : str
        TOML from ``suggest_mapping``.
    answers : mapping of str to object
        Text or whole number by the question's key as ``Suggestion.questions`` gives it.

    Returns
    -------
    str
        The same text with each ``"?"`` replaced whose question is answered.

    Raises
    ------
    MappingError
        When there is no such question.
    """
    lines = text.splitlines()
    keys = name_lines(text)
    for key, answer in answers.items():
        if key not in keys:
            raise MappingError(
                f'The mapping has no open question "{key}".',
                allowed=f"Open are: {', '.join(keys) or 'none'}.",
            )
        place = keys[key] - 1
        if match := LINE.match(lines[place]):
            lines[place] = match[1] + write_value(answer) + lines[place][match.end() :]
    return "\n".join(lines) + "\n"


def name_lines(text: str) -> dict[str, int]:
    r"""Name the open questions of a mapping by their place in it.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    dict of str to int
        Number of the line by key, for instance ``grids.0.scale``.

    Examples
    --------
    >>> name_lines('[[grids]]\nscale = "?"')
    {'grids.0.scale': 2}
    """
    places = list(_walk(tomllib.loads(text), ""))
    # A key stands before its sub-tables both in the file and in the table, so the orders agree.
    return dict(zip(places, (number for number, _ in find_open(text)), strict=True))


def _walk(value: Any, place: str) -> Iterator[str]:
    if value == OPEN:
        yield place.lstrip(".")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _walk(part, f"{place}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _walk(part, f"{place}.{number}")
