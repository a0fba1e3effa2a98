"""Which columns of a published table add up, so that hidden ones could be worked out."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
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
    """

    weight: str = ""
    means: Mapping[str, tuple[float, float]] = field(default_factory=dict)


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
            {c: (float(low), float(high)) for c, (low, high) in content["means"].items()},
        )
        for name, content in tomllib.loads(text).items()
    }
