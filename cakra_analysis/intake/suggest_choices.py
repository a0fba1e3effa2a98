"""Which columns are questions with several answers, and what their options are."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd

from cakra_analysis.intake.choices import NO, YES
from cakra_analysis.intake.grids import EDGE
from cakra_analysis.intake.suggest_draft import is_personal
from cakra_analysis.intake.suggest_headers import BRACKET, SLASH, find_ask
from cakra_analysis.intake.suggest_scales import fit_scale, has_more_steps
from cakra_analysis.intake.text import fold, tidy_text
from cakra_analysis.intake.vocabulary import learning_ways
from cakra_analysis.intake.xlsform import Form

JOINTS = (";", ", ")
JOINED_SHARE = 0.15  # of the answers that hold the joint, before it is one
WAYS = re.compile(r"\b(cara|belajar|learn)", re.IGNORECASE)  # of a question with several answers
PLACED = ("learning_format", "barrier")  # what several answers may become
MOST_OPTIONS = 20
LEAST_OFTEN = 2  # an option that fewer took may be what one person wrote


@dataclass(frozen=True)
class ChoiceGuess:
    """A question that seems to have several answers.

    Attributes
    ----------
    columns : list of str
        One with joined answers, or one for each option.
    starts_with : str
        Beginning of the columns of options; empty for joined answers.
    joined_by : str
        What joins the answers; empty for columns of options.
    options : dict of str to str
        What the option means by how the export writes it.
    becomes : str
        ``learning_format``, ``barrier`` or empty.
    reason : str
        Why.
    """

    columns: list[str]
    starts_with: str
    joined_by: str
    options: dict[str, str]
    becomes: str
    reason: str


def guess_choices(
    texts: pd.DataFrame, free: list[str], form: Form, *, joints: tuple[str, ...] = JOINTS
) -> list[ChoiceGuess]:
    """Guess the questions with several answers.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    free : list of str
        Columns that are nothing else.
    form : Form
        Labels and options, empty where there is no form.
    joints : tuple of str
        What the tool may join answers by.

    Returns
    -------
    list of ChoiceGuess
        Those in columns of 0 and 1 first.
    """
    ticked = _guess_ticked(texts, free, form)
    done = {column for guess in ticked for column in guess.columns}
    joined = [_guess_joined(texts[column], form, joints) for column in free if column not in done]
    return [_look_at_options(guess) for guess in [*ticked, *joined] if guess]


def _look_at_options(guess: ChoiceGuess) -> ChoiceGuess:
    """Most options are ways to learn, though the header does not say so."""
    names = [fold(option) for option in guess.options.values()]
    known = [name for name in names if any(way in name for way in learning_ways())]
    if guess.becomes or 2 * len(known) <= len(names):
        return guess
    return replace(guess, becomes="learning_format", reason="most options are ways to learn")


def _guess_ticked(texts: pd.DataFrame, free: list[str], form: Form) -> list[ChoiceGuess]:
    stems: dict[str, list[str]] = {}
    rated: set[str] = set()
    for column in free:
        match = SLASH.match(column) or BRACKET.match(column)
        if match and _is_ticked(texts[column]):
            stems.setdefault(match["stem"], []).append(column)
        elif match and (fit_scale(texts[column]) or has_more_steps(texts[column])):
            rated.add(match["stem"])  # a grid in which everybody rated one item 1 is no ticks
    stems = {stem: columns for stem, columns in stems.items() if stem not in rated}
    guesses = []
    for stem, columns in stems.items():
        mark = columns[0][len(stem) :].lstrip()[0]
        start = stem + (mark if mark == "/" else "")
        if len(columns) < 2 or not any(texts[c].notna().any() for c in columns):
            continue
        listed = form.options.get(form.several.get(stem.split("/")[-1], ""), {})
        codes = [column[len(start) :].strip(EDGE) for column in columns]
        options = {code: listed.get(code, code) for code in codes}
        becomes = _find_ask(f"{stem} {form.label(stem)}")
        reason = f"{len(columns)} columns of ticks begin alike"
        guesses.append(ChoiceGuess(columns, start, "", options, becomes, reason))
    return guesses


def _find_ask(text: str) -> str:
    asks = sorted(find_ask(text), key=lambda ask: ask not in PLACED)
    return asks[0] if asks else "learning_format" if WAYS.search(text) else ""


def _is_ticked(texts: pd.Series) -> bool:
    return set(texts.dropna().map(fold)) <= YES | NO


def _guess_joined(answers: pd.Series, form: Form, joints: tuple[str, ...]) -> ChoiceGuess | None:
    given = answers.dropna()
    column = str(answers.name)
    name = column.split("/")[-1]
    becomes = _find_ask(f"{column} {form.label(column)}")
    if name in form.several:
        listed = form.options.get(form.several[name], {})
        reason = "the form says that it takes several answers"
        return ChoiceGuess([column], "", " ", listed, becomes, reason) if listed else None
    for joint in joints:
        if given.empty or given.str.contains(joint, regex=False).mean() < JOINED_SHARE:
            continue
        options = find_options(given, joint)
        if 2 <= len(options) <= MOST_OPTIONS:
            reason = f'answers are joined by "{joint}"'
            return ChoiceGuess([column], "", joint, {o: o for o in options}, becomes, reason)
    return None


def find_options(answers: pd.Series, joint: str) -> list[str]:
    """Find the options in joined answers.

    Parameters
    ----------
    answers : Series
        Text.
    joint : str
        ``";"`` or ``", "``.

    Returns
    -------
    list of str
        The most frequent first, each taken twice at least and telling nobody. Pieces that are never
        there without each other, the second in lower case, are one option that holds the joint.

    Examples
    --------
    >>> find_options(pd.Series(["Kelas, tatap muka, Magang", "Kelas, tatap muka", "Magang"]), ", ")
    ['Kelas, tatap muka', 'Magang']
    """
    rows = [[tidy_text(piece) for piece in text.split(joint) if piece.strip()] for text in answers]
    counts = Counter(piece for row in rows for piece in row)
    pairs = Counter((one, two) for row in rows for one, two in itertools.pairwise(row))
    whole = {
        one: two
        for (one, two), n in pairs.items()
        if n == counts[one] == counts[two] >= LEAST_OFTEN and two[0].islower()
    }
    options: Counter[str] = Counter()
    seconds = set(whole.values())
    for piece, count in counts.items():
        if piece in seconds:
            continue
        name = piece
        while piece in whole:
            piece = whole[piece]
            name = f"{name}{joint}{piece}"
        options[name] = count
    often = [o for o, count in options.most_common() if count >= LEAST_OFTEN]
    covered = sum(options[o] for o in often) / max(sum(options.values()), 1)
    return [o for o in often if not is_personal(o)] if covered > 0.5 else []
