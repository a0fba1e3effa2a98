"""The catalogue of sentences: ``id.toml`` and ``en.toml``, same keys, same placeholders."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from cakra_analysis.errors import PlanError
from cakra_analysis.results import Finding
from cakra_analysis.words.numbers import Writer

LANGUAGES = ("id", "en")


@functools.cache
def catalogue(lang: str) -> dict[str, str]:
    """Return every sentence of a language by its dotted key.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to str
        For instance ``column.gap``.

    Raises
    ------
    PlanError
        When there is no such language.
    """
    if lang not in LANGUAGES:
        raise PlanError(
            f'"{lang}" is not a language of the reports.',
            allowed=f"Languages are: {', '.join(LANGUAGES)}.",
        )
    text = resources.files("cakra_analysis.words").joinpath(f"{lang}.toml").read_text("utf-8")
    return dict(_flatten(tomllib.loads(text), ""))


def _flatten(tree: Mapping[str, Any], stem: str) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{stem}{key}"
        flat += _flatten(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return flat


def label(key: str, lang: str, **values: Any) -> str:
    """Return a fixed text of the catalogue, its placeholders filled.

    Parameters
    ----------
    key : str
        Dotted key, for instance ``column.gap``.
    lang : str
        ``id`` or ``en``.
    **values : object
        Values of the placeholders.

    Returns
    -------
    str
        The text.

    Raises
    ------
    KeyError
        When the catalogue has no such key: a mistake in the code, not in the data.

    Examples
    --------
    >>> label("column.value", "en")
    'Gap'
    """
    return Writer(lang).vformat(catalogue(lang)[key], (), values)


def say(finding: Finding, lang: str, part: str = "text", **words: Any) -> str:
    """Say a finding.

    Parameters
    ----------
    finding : Finding
        What was found.
    lang : str
        ``id`` or ``en``.
    part : str
        ``title`` (a headline), ``head`` (the first, bold sentence) or ``text``.
    **words : object
        Words that the data set brings: ``person``, ``item``, ``unit_word``.

    Returns
    -------
    str
        A sentence that uses no value but the finding's. Where the catalogue has the variants
        ``none``, ``one`` and ``other``, the finding's ``count`` chooses.

    Examples
    --------
    >>> say(Finding("check.problems", {"count": 0, "rows": 9, "share": 0.0, "kinds": 0}), "en")
    'All 9 rows that were read keep the rules of the input tables.'
    """
    sentences = catalogue(lang)
    key = f"{finding.key}.{part}"
    if key not in sentences:
        count = finding.values["count"]
        key += f".{'none' if count == 0 else 'one' if count == 1 else 'other'}"
    text = Writer(lang).vformat(sentences[key], (), {**words, **finding.values})
    return text[:1].upper() + text[1:]
