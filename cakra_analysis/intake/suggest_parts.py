"""Scales, grids and questions with several answers as lines of a proposed mapping."""

from __future__ import annotations

from cakra_analysis.intake.suggest_choices import ChoiceGuess
from cakra_analysis.intake.suggest_draft import LOW, MIDDLE, ask_line, write_line
from cakra_analysis.intake.suggest_grids import UNKNOWN, GridGuess
from cakra_analysis.intake.suggest_scales import Fit
from cakra_analysis.intake.vocabulary import known_scales


def write_scale(name: str, fit: Fit) -> list[str]:
    """Write an answer scale that is not shipped; its levels are asked.

    Parameters
    ----------
    name : str
        Its name in the mapping.
    fit : Fit
        Its answers.

    Returns
    -------
    list of str
        Lines.
    """
    said = "No known scale has these answers"
    if fit.near:
        said = f"Two of these answers are one step of the known scale {fit.near[0]}"
    lines = [f"# {said}: number them from the lowest, 1, to at most 5.", f"[scales.{name}.levels]"]
    steps = list(range(1, min(len(fit.own), 5) + 1))
    return lines + [
        ask_line(
            label,
            [steps[min(place, 4)], *(s for s in steps if s != steps[min(place, 4)])],
            "its level",
        )
        for place, label in enumerate(fit.own)
    ]


def write_grid(place: int, grid: GridGuess, codes: list[str]) -> list[str]:
    """Write a grid.

    Parameters
    ----------
    place : int
        Of the grid, from 0.
    grid : GridGuess
        Columns, scale and what it asks.
    codes : list of str
        Of all grids.

    Returns
    -------
    list of str
        Lines.
    """
    lines = [f"# {len(grid.columns)} columns.", "[[grids]]"]
    if grid.starts_with:
        lines.append(write_line("starts_with", grid.starts_with, "common beginning", MIDDLE))
    else:
        lines.append(
            write_line("columns", grid.columns, "the same scale, no common beginning", LOW)
        )
    answers = _order_answers(place, grid, codes)
    if len(answers) == 1:
        lines.append(write_line("becomes", answers[0], grid.reason, MIDDLE))
    else:
        lines.append(ask_line("becomes", [*answers, "ignore"], grid.reason))
    lines.append(_write_fit(place, grid.fit))
    lines.append(write_line("code", codes[place], "grids on the same items share a code"))
    if grid.names:
        lines.append(write_line("names", grid.names))
    return lines


def _order_answers(place: int, grid: GridGuess, codes: list[str]) -> list[str]:
    """Of two unclear grids on the same items the first more likely asks the level."""
    answers = list(grid.becomes)
    if answers == UNKNOWN and codes.count(codes[place]) > 1:
        first = codes.index(codes[place]) == place
        answers = ["level", "need"] if first else ["need", "level"]
    return answers


def _write_fit(place: int, fit: Fit) -> str:
    if fit.own:
        return write_line("scale", f"own_{place + 1}", "see above")
    steps = {name: " < ".join(_steps(name)) for name in fit.scales}
    left = f"; {fit.left} answers are not on it" if fit.left else ""
    if len(fit.scales) == 1:
        return write_line("scale", fit.scales[0], steps[fit.scales[0]] + left, MIDDLE)
    said = "; ".join(f"{name}: {text}" for name, text in steps.items())
    return ask_line("scale", fit.scales, f"all answers are on each; {said}{left}")


def _steps(name: str) -> list[str]:
    levels = known_scales()[name].levels
    firsts = {level: text for text, level in reversed(list(levels.items()))}
    return [
        f"{level} {firsts[level]}" if firsts[level] != str(level) else str(level)
        for level in sorted(firsts)
    ]


def write_choices(number: int, guess: ChoiceGuess) -> list[str]:
    """Write a question with several answers.

    Parameters
    ----------
    number : int
        Of the question.
    guess : ChoiceGuess
        Columns and options.

    Returns
    -------
    list of str
        Lines.
    """
    lines = [f"# Several answers: {guess.reason}.", "[[choices]]"]
    if guess.starts_with:
        lines.append(write_line("starts_with", guess.starts_with))
    else:
        lines.append(write_line("column", guess.columns[0]))
        lines.append(write_line("joined_by", guess.joined_by))
    said = f"taken twice at least; write one that holds {guess.joined_by!r} itself whole"
    plain = list(guess.options.values())
    same = plain == list(guess.options)
    lines.append(write_line("options", plain if same else guess.options, said))
    lines.append(write_line("becomes", guess.becomes, "by words of its header", MIDDLE))
    return [*lines, write_line("code", f"C{number}")]
