"""Which columns of a published table add up, so that hidden ones could be worked out."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources


@dataclass(frozen=True)
class Measure:
    """What an attacker may add up in one published table.

    Attributes
    ----------
    weight : str
        Column by which a mean is multiplied to add up; empty for the number of people.
    means : mapping of str to (lowest, highest)
        Columns that are means of the people behind a row, with the ends of their scale.
    ends : mapping of str to (float, float)
        Further columns that tell about every member at an end of their scale, but do not add up.
    also : sequence of str
        Columns that count people beside the one that the threshold looks at; nobody, or enough.
    groups : sequence of str
        Columns that count people of their own beside those of the threshold: nobody or enough in
        every row, and in what is left when units are subtracted from those above them.
    parts : mapping of str to sequence of str
        Columns that count a part of the people of a row, with how the figures about them begin.
    words : sequence of str
        Names that say something of the people of a row, and go with its figures.
    """

    weight: str = ""
    means: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    also: Sequence[str] = ()
    groups: Sequence[str] = ()
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Sequence[str] = ()


def find_measure(name: str) -> Measure:
    """Return what adds up in a table; nothing but the counts where the table is not known.

    Parameters
    ----------
    name : str
        What the table is called outside.

    Returns
    -------
    Measure
        From ``measures.toml``.

    Examples
    --------
    >>> find_measure("causes").means
    {'value': (0.0, 1.0)}
    """
    return _read().get(name, Measure())


@functools.cache
def _read() -> dict[str, Measure]:
    text = resources.files("cakra_analysis.privacy").joinpath("measures.toml").read_text("utf-8")
    return {
        name: Measure(
            content.get("weight", ""),
            _read_scales(content.get("means", {})),
            _read_scales(content.get("ends", {})),
            tuple(content.get("also", ())),
            tuple(content.get("groups", ())),
            content.get("parts", {}),
            tuple(content.get("words", ())),
        )
        for name, content in tomllib.loads(text).items()
    }


def _read_scales(scales: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    return {column: (float(low), float(high)) for column, (low, high) in scales.items()}
