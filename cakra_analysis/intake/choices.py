"""Questions with several answers: each option becomes a question, taken or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.intake.grids import EDGE
from cakra_analysis.intake.parts import Choices
from cakra_analysis.intake.text import fold, tidy_text

CHOSEN = "chosen"  # the scale of an option
CHOSEN_LABELS = {1: ("Tidak dipilih", "Not chosen"), 2: ("Dipilih", "Chosen")}
NOT_TAKEN, TAKEN = CHOSEN_LABELS
YES = {"1", "true", "yes", "ya", "y", "x", "v", "✓", "✔", "checked", "selected", "dipilih"}
NO = {"0", "false", "no", "tidak", "n", "t", "-", "unchecked", "not selected", "tidak dipilih"}


@dataclass(frozen=True)
class Chosen:
    """What was chosen.

    Attributes
    ----------
    items : DataFrame
        One row an option: column, item, name, code, becomes, scale_id, group.
    levels : DataFrame
        A column an option, by row: 2 taken, 1 not, missing where the question was not answered.
    rests : dict of str to Series
        By column of the export: what could not be placed of a cell, by row.
    """

    items: pd.DataFrame
    levels: pd.DataFrame
    rests: dict[str, pd.Series]


def read_choices(plan: Choices, columns: list[str], texts: pd.DataFrame) -> Chosen:
    """Read the answers to a question with several.

    Parameters
    ----------
    plan : Choices
        Its options.
    columns : list of str
        Its column, or a column for each option.
    texts : DataFrame
        Answers.

    Returns
    -------
    Chosen
        Items, levels and what is left.
    """
    options = plan.options if isinstance(plan.options, dict) else {o: o for o in plan.options}
    names = list(dict.fromkeys(options.values()))
    if plan.column:
        taken, rests = _split(plan, options, texts[columns[0]])
    else:
        taken, rests = _look_up(plan, options, columns, texts)
    levels = pd.DataFrame(
        {f"{plan.code}\t{name}": [_level(of, name) for of in taken] for name in names},
        index=texts.index,
        dtype="Int64",
    )
    items = pd.DataFrame(
        {
            "column": levels.columns,
            "item": [f"{plan.code}.{number:02d}" for number in range(1, len(names) + 1)],
            "name": names,
            "code": plan.code,
            "becomes": plan.becomes,
            "scale_id": CHOSEN,
            "group": "teknis",
        }
    )
    return Chosen(items, levels, rests)


def split_answer(text: str, options: list[str], joined_by: str) -> tuple[list[str], list[str]]:
    """Take the options out of a joined answer, the longest that fits first.

    Parameters
    ----------
    text : str
        Answers joined in one cell.
    options : list of str
        Those that count; one may hold the separator itself.
    joined_by : str
        ``", "``, ``";"`` or a blank.

    Returns
    -------
    tuple of list of str
        Options found, in their order in the text, and what is left.

    Examples
    --------
    >>> split_answer("Kelas, tatap muka, Magang, lain", ["Kelas, tatap muka", "Magang"], ", ")
    (['Kelas, tatap muka', 'Magang'], ['lain'])
    """
    mark = re.escape(joined_by.strip()) or r"\s"
    between = re.compile(rf"(?:\s*{mark}\s*)+")
    longest = sorted(options, key=lambda option: -len(fold(option)))
    rest, found, left = tidy_text(text), [], []
    while rest := between.sub("", rest, count=1) if between.match(rest) else rest:
        option = next((o for o in longest if _begins(rest, o, between)), None)
        if option is not None:
            found.append(option)
            rest = rest[len(tidy_text(option)) :]
            continue
        cut = between.search(rest)
        end = cut.start() if cut else len(rest)
        left.append(rest[:end])
        rest = rest[end:]
    return found, left


def _begins(rest: str, option: str, between: re.Pattern[str]) -> bool:
    size = len(tidy_text(option))
    if fold(rest[:size]) != fold(option):
        return False
    return size == len(rest) or bool(between.match(rest[size:])) or not rest[size:].strip()


def _split(
    plan: Choices, options: dict[str, str], answers: pd.Series
) -> tuple[list[set[str] | None], dict[str, pd.Series]]:
    taken: list[set[str] | None] = []
    left: dict[int, str] = {}
    for row, text in answers.items():
        if not isinstance(text, str):
            taken.append(None)
            continue
        found, rest = split_answer(text, list(options), plan.joined_by)
        taken.append({options[option] for option in found} or None)
        if rest:
            left[row] = plan.joined_by.join(rest)
        elif not found:
            left[row] = text
    return taken, {str(answers.name): pd.Series(left, dtype="str")}


def _look_up(
    plan: Choices, options: dict[str, str], columns: list[str], texts: pd.DataFrame
) -> tuple[list[set[str] | None], dict[str, pd.Series]]:
    named = {fold(option): name for option, name in options.items()}
    size = len(tidy_text(plan.starts_with))
    taken: list[set[str] | None] = [None] * len(texts)
    rests: dict[str, pd.Series] = {}
    for column in columns:
        option = column[size:].strip(EDGE)
        name = named.get(fold(option))
        answers = texts[column].map(fold, na_action="ignore")
        yes = answers.isin(YES | {fold(option), fold(name or option)})
        known = (yes | answers.isin(NO)) & (name is not None)
        rests[column] = texts[column][~known].dropna()
        for place, (is_known, is_yes) in enumerate(zip(known, yes, strict=True)):
            if is_known and name:
                taken[place] = (taken[place] or set()) | ({name} if is_yes else set())
    return taken, rests


def _level(taken: set[str] | None, name: str) -> int | None:
    return None if taken is None else TAKEN if name in taken else NOT_TAKEN
