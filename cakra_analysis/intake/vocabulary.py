"""What columns are called and how answers are worded, as shipped with the package."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cakra_analysis.intake.text import fold

STAMPED = re.compile(r"[^\w#|/-]+")


@dataclass(frozen=True)
class KnownScale:
    """An answer scale that is shipped.

    Attributes
    ----------
    levels : dict of str to int
        Level by text of the answer, from 1.
    asks : str
        What such words ask, for instance ``need``; empty where they do not tell.
    """

    levels: dict[str, int]
    asks: str


@cache
def known_scales() -> dict[str, KnownScale]:
    """Return the answer scales of ``scales.toml``.

    Returns
    -------
    dict of str to KnownScale
        By name.
    """
    return {
        name: KnownScale(
            {text: level for level, texts in enumerate(table["steps"], 1) for text in texts},
            table.get("asks", ""),
        )
        for name, table in _read("scales.toml").items()
    }


@cache
def field_of() -> dict[str, str]:
    """Return what columns are called.

    Returns
    -------
    dict of str to dict
        Field by plain name, for instance ``person`` by ``nip``.
    """
    fields = _read("aliases.toml")["fields"]
    return {plain(text): field for field, texts in fields.items() for text in texts}


@cache
def tools() -> dict[str, dict[str, Any]]:
    """Return by which headers each survey tool is recognised.

    Returns
    -------
    dict of str to dict
        name, some, least and first, by key of the tool.
    """
    return _read("aliases.toml")["tools"]


@cache
def asked_words() -> dict[str, list[str]]:
    """Return the words that tell what a grid asks.

    Returns
    -------
    dict of str to list of str
        By what the grid becomes.
    """
    return _read("aliases.toml")["asks"]


@cache
def learning_ways() -> list[str]:
    """Return words for ways to learn.

    Returns
    -------
    list of str
        In lower case.
    """
    return _read("aliases.toml")["ways"]["learning_format"]


def plain(header: str) -> str:
    """Return a header without what does not tell it from another.

    Parameters
    ----------
    header : str
        As it stands.

    Returns
    -------
    str
        Lower case, without dots, colons, asterisks and question marks.

    Examples
    --------
    >>> plain("No. HP *"), plain("Unit  Kerja:")
    ('no hp', 'unit kerja')
    """
    return STAMPED.sub(" ", fold(header)).strip()


def _read(name: str) -> dict[str, Any]:
    text = files("cakra_analysis.intake").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)
