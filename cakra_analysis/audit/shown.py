"""Figures that must not be shown as they stand, without any arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from cakra_analysis.audit.leak import Leak
from cakra_analysis.audit.readers import Reader
from cakra_analysis.audit.release import Cell

FIGURES = ("value", "low", "high")
HANDFUL = 3  # people in one category


def find_shown(reader: Reader) -> list[Leak]:
    """Find figures that tell about too few people by themselves.

    Parameters
    ----------
    reader : Reader
        Who reads, and what; only the reports made for this reader are looked at.

    Returns
    -------
    list of Leak
        - *too few people*: a shown number of people below the threshold, or a figure left in a
          row that is marked as hidden;
        - *end of scale*: a shown mean at an end of its scale, or a category with everybody in it,
          unless so many people are behind it that rounding may have made it so;
        - *few in category*: a share that is one or two of fewer than twice the threshold of people.
          Answers to a question are not looked at: nobody knows who gave which.
    """
    return [
        Leak(kind, cell.file, cell.where, what, () if cell.hidden else (cell.withhold(),))
        for cell in reader.cells
        if reader.shows(cell)
        for kind, what in _judge(cell, reader.threshold)
    ]


def _judge(cell: Cell, threshold: int) -> Iterator[tuple[str, str]]:
    people = cell.row.get(cell.rules["counts"])
    shares = [c for c in cell.row if c.startswith("share_")]
    figures = [c for c in (*FIGURES, *cell.rules["means"], *shares) if cell.row.get(c) is not None]
    if people is None:
        if figures:
            yield "too few people", f"{figures[0]} is left in a hidden row"
        return
    if cell.row.get("suppressed"):
        yield "too few people", "a row marked as hidden shows its number of people"
    if 0 < people < threshold:
        yield "too few people", f"fewer than {threshold} people are behind a shown row"
    decimals = cell.rules.get("decimals")
    if decimals is None or people < 2 * 10.0 ** float(decimals):
        yield from _find_ends(cell, shares)
    if people < 2 * threshold and "question_id" not in cell.rules["keys"]:
        few = [c for c in shares if 0 < people * (cell.row[c] or 0) < HANDFUL - 0.5]
        if few:
            yield "few in category", f"{few[0]} is a handful of people"


def _find_ends(cell: Cell, shares: list[str]) -> Iterator[tuple[str, str]]:
    at_end = [c for c, ends in cell.rules["means"].items()
              if cell.row.get(c) in [float(end) for end in ends]]  # fmt: skip
    at_end += [column for column in shares if cell.row[column] == 1]
    if at_end:
        yield "end of scale", f"{at_end[0]} is the same for everybody"
