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
from cakra_analysis.intake.values import quote_text, write_value
from cakra_analysis.privacy import mask_text

HIGH, MIDDLE, LOW = "sure", "likely", "a guess"
OPENED, JOINT = '"?"  # one of: ', " | "


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
    said = "; ".join(part for part in (reason, trust) if part)
    return f"{_name(key)} = {write_value(value)}" + (f"  # {_tidy(said)}" if said else "")


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
    options = JOINT.join(write_value(answer) for answer in answers)
    return f"{_name(key)} = {OPENED}{options} -- {_tidy(reason)}"


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
    _, found, left = line.partition(OPENED)
    answers: list[Any] = []
    while found and not left.startswith(" -- "):
        answer, end = json.JSONDecoder().raw_decode(left)  # an answer may hold the joint itself
        answers.append(answer.strip() if isinstance(answer, str) else answer)
        left = left[end:].removeprefix(JOINT)
    return answers


def _name(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else quote_text(key)


def _tidy(text: str) -> str:
    return tidy_text(text)
