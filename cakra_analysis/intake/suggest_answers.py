"""The lines of a proposed mapping on answers: scales, grids, several answers, repeated groups."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.intake.mapping_checks import RATED, VALUED
from cakra_analysis.intake.recognise import Recognised
from cakra_analysis.intake.suggest_choices import JOINTS, ChoiceGuess, guess_choices
from cakra_analysis.intake.suggest_draft import MIDDLE, ask_line, write_line
from cakra_analysis.intake.suggest_grids import GridGuess, guess_grids
from cakra_analysis.intake.suggest_parts import write_choices, write_grid, write_scale
from cakra_analysis.intake.suggest_repeats import INDEX, suggest_repeats
from cakra_analysis.intake.suggest_scales import is_number_beyond
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.xlsform import Form

SAME = 0.5  # share of items that two grids on the same competencies have in common
CODE = re.compile(r"(sq|q)?_?\d+")
LETTERS = {"need": "K", "level": "K", "barrier": "B", "learning_format": "F"} | dict.fromkeys(
    VALUED, "S"
)


@dataclass(frozen=True)
class Proposal:
    """What is proposed on answers.

    Attributes
    ----------
    parts : list of list of str
        Lines by part of the mapping.
    columns : list of str
        Columns that they use.
    definition : str
        Line on what a gap is.
    notes : dict of str to str
        Why a column is not used, by column.
    valued : bool
        Whether stakeholders said importance and performance.
    """

    parts: list[list[str]]
    columns: list[str]
    definition: str
    notes: dict[str, str]
    valued: bool


def propose_answers(
    found: Recognised, texts: pd.DataFrame, free: list[str], form: Form, *, valued: bool
) -> Proposal:
    """Propose what the columns with answers become.

    Parameters
    ----------
    found : Recognised
        Tool and other sheets.
    texts : DataFrame
        All answers.
    free : list of str
        Columns that are nothing else.
    form : Form
        Labels and options.
    valued : bool
        Whether there is a column of stakeholders' groups.

    Returns
    -------
    Proposal
        Lines, and what they use.
    """
    merged = len(found.shape.header) > 1
    # KoboToolbox and ODK join by a blank, so that only the form tells the options apart.
    joints = () if found.tool == "kobo" else JOINTS
    choices = guess_choices(texts, free, form, joints=joints)
    placed = [guess for guess in choices if guess.becomes in ("learning_format", "barrier")]
    taken = {column for guess in choices for column in guess.columns}
    grids = guess_grids(
        texts, [c for c in free if c not in taken], form, valued=valued, merged=merged
    )
    notes = _note(texts, choices, free)
    for guess in placed:  # a summary beside columns of ticks says the same again
        notes |= {guess.starts_with.rstrip("/"): "the columns of its options say the same"}
    placed = [g for g in placed if not (set(g.columns) & set(notes) - _tick_notes(choices))]
    codes = name_codes(grids)
    own = [(f"own_{n}", grid.fit) for n, grid in enumerate(grids, 1) if grid.fit.own]
    scale_lines = [write_scale(name, fit) for name, fit in own]
    repeat_parts, repeated = suggest_repeats(found, texts, form)
    links = [c for c in texts if repeat_parts and fold(c) == INDEX]
    parts = [*scale_lines, *(write_grid(n, g, codes) for n, g in enumerate(grids))]
    parts += [write_choices(number, guess) for number, guess in enumerate(placed, 1)]
    kinds = [(codes[n], g.becomes) for n, g in enumerate(grids)] + repeated
    used = [*(grid.columns for grid in grids), *(guess.columns for guess in placed)]
    return Proposal(
        parts + repeat_parts,
        [c for columns in used for c in columns] + links,
        suggest_definition(kinds),
        notes,
        any(set(g.becomes) & set(VALUED) for g in grids),
    )


def name_codes(grids: list[GridGuess]) -> list[str]:
    """Name the code of each grid; grids on the same items share one.

    Parameters
    ----------
    grids : list of GridGuess
        In their order.

    Returns
    -------
    list of str
        As many.
    """
    codes: list[str] = []
    for place, grid in enumerate(grids):
        mate = next(
            (n for n in range(place) if _pairs(grids[n], grid) and codes.count(codes[n]) < 2), None
        )
        if mate is not None:
            codes.append(codes[mate])
            continue
        letter = LETTERS.get(grid.becomes[0], "K")
        number = len({code for code in codes if code.startswith(letter)}) + 1
        codes.append(f"{letter}{number}")
    return codes


def _pairs(one: GridGuess, other: GridGuess) -> bool:
    """Whether two grids ask two things about the same items."""
    sides = ({*one.becomes}, {*other.becomes})
    both = [RATED, VALUED]
    able = any(a in sides[0] and b in sides[1] for pair in both for a, b in (pair, pair[::-1]))
    first, second = ({fold(item) for item in grid.list_items()} for grid in (one, other))
    able = able and not all(CODE.fullmatch(item) for item in first)  # SQ001 is in every question
    return able and len(first & second) >= SAME * min(len(first), len(second))


def suggest_definition(kinds: list[tuple[str, list[str]]]) -> str:
    """Propose what a gap is.

    Parameters
    ----------
    kinds : list of tuple of str and list of str
        Code, and what it may become, of each grid.

    Returns
    -------
    str
        A line.
    """
    asked: dict[str, set[str]] = {}
    for code, becomes in kinds:
        asked.setdefault(code, set()).update(becomes[:1] if len(becomes) == 1 else {"?"})
    sides = list(asked.values())
    ways = ["need minus mastery", "stated need", "importance minus performance"]
    if any(set(VALUED) <= side for side in sides):
        return write_line("gap_definition", ways[2], "stakeholders say both", MIDDLE)
    if any(set(RATED) <= side for side in sides):
        return write_line("gap_definition", ways[0], "level and need are asked of the same items")
    if any("need" in side for side in sides) and not any("?" in side for side in sides):
        return write_line("gap_definition", ways[1], "only the need is asked")
    if any("level" in side for side in sides) and not any({"?", "need"} & side for side in sides):
        said = "only the level is asked: put positions.csv and standards.csv beside the data set"
        return write_line("gap_definition", STANDARD, said)
    twice = any(len([1 for c, _ in kinds if c == code]) > 1 for code in asked)
    order = [*ways, STANDARD] if twice else [ways[1], ways[0], ways[2], STANDARD]
    return ask_line("gap_definition", order, "it follows from what the grids below ask")


def _note(texts: pd.DataFrame, choices: list[ChoiceGuess], free: list[str]) -> dict[str, str]:
    notes = {
        c: "numbers beyond 1 to 5, which no level of the data set can hold"
        for c in free
        if is_number_beyond(texts[c])
    }
    for guess in choices:
        if guess.becomes not in ("learning_format", "barrier"):
            said = "several answers that are neither learning formats nor barriers"
            notes |= dict.fromkeys(guess.columns, said)
    return notes


def _tick_notes(choices: list[ChoiceGuess]) -> set[str]:
    return {c for guess in choices if guess.starts_with for c in guess.columns}
