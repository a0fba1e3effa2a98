"""The same figure in several reports: shown here and hidden there, or a few people apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cakra_analysis.audit.arithmetic import list_withheld
from cakra_analysis.audit.leak import Leak
from cakra_analysis.audit.readers import Reader
from cakra_analysis.audit.release import Cell, Range


def find_repeats(reader: Reader) -> list[Leak]:
    """Find what one reader learns by laying reports side by side.

    Parameters
    ----------
    reader : Reader
        Who reads, and what.

    Returns
    -------
    list of Leak
        - *shown elsewhere*: a figure hidden from this reader that stands in another report;
        - *difference*: the same figure twice, from numbers of people so near to each other that
          the difference tells about fewer than the threshold;
        - *contradiction*: the same figure twice with values that cannot both be true.
    """
    groups: dict[Any, list[Cell]] = defaultdict(list)
    for cell in reader.cells:
        if not cell.loose:
            groups[cell.identity].append(cell)
    leaks: list[Leak] = []
    for cells in groups.values():
        shown = [cell for cell in cells if not cell.hidden]
        hidden = [cell for cell in cells if cell.hidden and reader.shows(cell)]
        if shown and hidden:
            what = f"hidden in {hidden[0].file}"
            leaks.append(
                Leak("shown elsewhere", shown[0].file, shown[0].where, what, list_withheld(shown))
            )
        leaks += _compare(shown, reader)
    return leaks


def _compare(cells: list[Cell], reader: Reader) -> Iterator[Leak]:
    """Compare every cell with the different ones before it."""
    met: list[Cell] = []
    for cell in cells:
        found = [(kind, what, old) for old in met for kind, what in _differ(old, cell, reader)]
        if found:
            kind, what, old = found[0]
            where = f"{what} than in {old.file}"
            yield Leak(kind, cell.file, cell.where, where, list_withheld([old, cell]))
        if all(_figures(cell) != _figures(old) for old in met):
            met.append(cell)


def _figures(cell: Cell) -> tuple[Any, ...]:
    columns = sorted(cell.rules["means"])
    return cell.count(), *(cell.mean(column) for column in columns)


def _differ(old: Cell, new: Cell, reader: Reader) -> Iterator[tuple[str, str]]:
    first, second = old.count() or (0.0, 0.0), new.count() or (0.0, 0.0)
    least = _apart(first, second)
    most = max(first[1], second[1]) - min(first[0], second[0])
    if least >= 1 and most < reader.threshold:
        yield "difference", f"by fewer than {reader.threshold} more or fewer people"
    elif least >= 1 and old.cycle == new.cycle:
        yield "contradiction", "other number of people"
    elif least < 1:
        both = old.rules["means"].keys() & new.rules["means"].keys()
        for column in sorted(both):
            one, other = old.mean(column), new.mean(column)
            if one and other and _apart(one, other) > 0:
                yield "contradiction", f"other {column} of as many people"


def _apart(first: Range, second: Range) -> float:
    return max(first[0] - second[1], second[0] - first[1], 0.0)
