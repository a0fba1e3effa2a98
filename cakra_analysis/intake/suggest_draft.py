"""Lines of a proposed mapping: a value with its reason, or a question with its possible answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cakra_analysis.identifiers import is_raw
from cakra_analysis.intake.questions import find_open, name_lines
from cakra_analysis.intake.text import tidy_text
from cakra_analysis.privacy import mask_text

HIGH, MIDDLE, LOW = "sure", "likely", "a guess"
ANSWERS = re.compile(r"# one of: (.*?)(?: -- |$)")


@dataclass(frozen=True)
class Question:
    """Something that a person must answer in a proposed mapping.

    Attributes
    ----------
    key : str
        Its place, for instance ``grids.0.scale``.
    line : int
        Number of its line.
    answers : list
        Possible answers, the likeliest first: texts or whole numbers.
    said : str
        The line with its comment.
    """

    key: str
    line: int
    answers: list[Any]
    said: str


def write_value(value: Any) -> str:
    r"""Write a value as TOML.

    Parameters
    ----------
    value : object
        Text, number, truth value, list or table of them.

    Returns
    -------
    str
        On one line.

    Examples
    --------
    >>> write_value({"a b": [1, True, "x"]})
    '{"a b" = [1, true, "x"]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quote(k)} = {write_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write_value(part) for part in value) + "]"
    return str(value).lower() if isinstance(value, bool | int) else _quote(str(value))


def write_line(key: str, value: Any, reason: str = "", trust: str = "") -> str:
    """Write a key, its value, and why it is thought to be so.

    Parameters
    ----------
    key : str
        Plain, or any text.
    value : object
        As TOML can hold it.
    reason, trust : str
        For the comment.

    Returns
    -------
    str
        A line.
    """
    name = key if re.fullmatch(r"[\w-]+", key, re.ASCII) else _quote(key)
    said = "; ".join(part for part in (reason, trust) if part)
    return f"{name} = {write_value(value)}" + (f"  # {_tidy(said)}" if said else "")


def ask_line(key: str, answers: Iterable[Any], reason: str) -> str:
    """Write a question.

    Parameters
    ----------
    key : str
        What is asked.
    answers : iterable
        Possible answers, the likeliest first.
    reason : str
        Why it is not known.

    Returns
    -------
    str
        A line that ``import_survey`` refuses until it is answered.
    """
    options = " | ".join(write_value(answer) for answer in answers)
    return f"{write_line(key, '?')}  # one of: {options} -- {_tidy(reason)}"


def list_questions(text: str) -> list[Question]:
    """List the questions of a proposed mapping.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    list of Question
        In their order.
    """
    said = dict(find_open(text))
    return [
        Question(key, line, _read_answers(said[line]), said[line])
        for key, line in name_lines(text).items()
    ]


def is_personal(text: str) -> bool:
    """Tell whether a text may name a person, and so must not be shown.

    Parameters
    ----------
    text : str
        An answer.

    Returns
    -------
    bool
        True for numbers and addresses of persons, and wherever masking finds something.
    """
    return is_raw(text) or bool((mask_text(pd.Series([text])) != text).iloc[0])


def _read_answers(line: str) -> list[Any]:
    match = ANSWERS.search(line)
    return [json.loads(part) for part in match[1].split(" | ")] if match and match[1] else []


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _tidy(text: str) -> str:
    return tidy_text(text)
