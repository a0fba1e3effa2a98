"""Values as TOML writes them."""

from __future__ import annotations

import json
from typing import Any


def write_value(value: Any) -> str:
    r"""Write a value as TOML.

    Parameters
    ----------
    value : object
        Text, number, truth value, list or table of them.

    Returns
    -------
    str
        On one line; a text that is a question mark alone gets a blank, which does not count where
        texts are compared, so that it is no open question.

    Examples
    --------
    >>> write_value({"a b": [1, True, "x"]})
    '{"a b" = [1, true, "x"]}'
    """
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{quote_text(k)} = {write_value(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(write_value(part) for part in value) + "]"
    if isinstance(value, bool | int):
        return str(value).lower()
    return quote_text(" ?" if value == "?" else str(value))


def quote_text(text: str) -> str:
    """Write a text in quotes.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        A basic string of TOML.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
