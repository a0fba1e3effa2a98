"""What the hand-over files say, in Indonesian or English."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cakra_analysis.errors import AnalysisError


@cache
def read_texts(lang: str) -> dict[str, str]:
    """Return the texts of a language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to str
        By key; placeholders in braces.

    Raises
    ------
    AnalysisError
        When there are no texts in the language.

    Examples
    --------
    >>> read_texts("id")["mark"]
    '(diisi)'
    """
    told = _read("texts.toml")
    if lang not in told:
        raise AnalysisError(
            f'Hand-over files are not written in "{lang}".',
            allowed=f"Languages are: {', '.join(told)}.",
        )
    return dict(told[lang])


def read_plan_columns() -> dict[str, dict[str, Any]]:
    """Return the columns of the plan table in order.

    Returns
    -------
    dict of str to dict
        heading, width and kind by column.

    Examples
    --------
    >>> read_plan_columns()["jp"]["heading"]
    'JP'
    """
    return dict(_read("plan.toml")["columns"])


def read_forms() -> dict[str, str]:
    """Return whether a route is classical or not.

    Returns
    -------
    dict of str to str
        ``klasikal`` or ``non-klasikal`` by route.

    Examples
    --------
    >>> read_forms()["coaching"]
    'non-klasikal'
    """
    forms = _read("plan.toml")["routes"]
    return {route: form for form, routes in forms.items() for route in routes}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
