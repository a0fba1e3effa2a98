"""The rows of one table over one tree of units, and what is told of each."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cakra_analysis.audit.readers import Reader
from cakra_analysis.audit.release import Cell, Range

UNKNOWN: Range = (0.0, math.inf)


@dataclass
class Row:
    """What a reader knows of one unit.

    Attributes
    ----------
    above : int
        Place of the nearest row above; -1 for none.
    people, weight : (float, float) or None
        Between what the number of people lies, and what a mean is multiplied by to add up; None
        where hidden.
    means : dict of str to (float, float)
        Between what each mean lies.
    cells : list of Cell
        Where it stands.
    """

    above: int = -1
    people: Range | None = None
    weight: Range | None = None
    means: dict[str, Range] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether the number of people is told."""
        return self.people is not None


@dataclass(frozen=True)
class Forest:
    """The rows of one family.

    Attributes
    ----------
    rows : list of Row
        In the order in which they were met.
    scales : dict of str to (float, float)
        The means that add up, with the ends of their scale.
    """

    rows: list[Row]
    scales: dict[str, Range]

    def path(self, place: int) -> list[int]:
        """Return the places of a row and of those above it, nearest first."""
        found = [place]
        while (place := self.rows[place].above) >= 0:
            found.append(place)
        return found

    def below(self, place: int) -> list[int]:
        """Return the places of a row and of all below it."""
        return self._below[place]

    @functools.cached_property
    def _below(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.rows]
        for place in range(len(self.rows)):
            for above in self.path(place):
                found[above].append(place)
        return found


@dataclass(frozen=True)
class Remainder:
    """A shown row less the shown rows nearest below it.

    Attributes
    ----------
    top : int
        Place of the shown row.
    taken : list of int
        The shown rows nearest below.
    hidden : list of int
        The hidden rows between.
    """

    top: int
    taken: list[int]
    hidden: list[int]


def grow_forests(reader: Reader) -> list[Forest]:
    """Put the cells that a reader has together, a forest a table, cycle and item.

    Parameters
    ----------
    reader : Reader
        Who reads.

    Returns
    -------
    list of Forest
        Of the tables that are over a tree of units.
    """
    families: dict[Any, list[Cell]] = defaultdict(list)
    for cell in reader.cells:
        if cell.unit and cell.rules["parents"] and not cell.loose:
            families[cell.family].append(cell)
    return [_grow(cells) for cells in families.values()]


def _grow(cells: list[Cell]) -> Forest:
    parents: dict[str, str] = {}
    scales: dict[str, Range] = {}
    rows: dict[str, Row] = {}
    for cell in cells:
        parents |= {unit: above for unit, above in cell.rules["parents"].items() if above}
        scales |= {c: (float(low), float(high)) for c, (low, high) in cell.rules["means"].items()}
        _learn(rows.setdefault(cell.unit, Row()), cell)
    place = {unit: number for number, unit in enumerate(rows)}
    for unit, row in rows.items():
        row.above = next((place[u] for u in _climb(unit, parents) if u in place), -1)
    return Forest(list(rows.values()), scales)


def _climb(unit: str, parents: Mapping[str, str]) -> Iterable[str]:
    seen = {unit}
    while (unit := parents.get(unit, "")) and unit not in seen:
        seen.add(unit)
        yield unit


def _learn(row: Row, cell: Cell) -> None:
    """Add what one cell tells; where two disagree the later one counts."""
    row.cells.append(cell)
    people = cell.count()
    if people is None:
        return
    least = max(people[0], float(cell.rules["threshold"]))  # else it would have been hidden
    people = (least, people[1]) if least <= people[1] else people
    row.people = meet(row.people, people)
    name = cell.rules.get("weight") or ""
    row.weight = meet(row.weight, cell.count(name) or UNKNOWN) if name else row.people
    for column in cell.rules["means"]:
        if (found := cell.mean(column)) is not None:
            row.means[column] = meet(row.means.get(column), found)


def meet(first: Range | None, second: Range) -> Range:
    """Return what two ranges have in common; the second where that is nothing.

    Parameters
    ----------
    first : (float, float) or None
        None for no range at all.
    second : (float, float)
        The later one.

    Returns
    -------
    (float, float)
        From, to.

    Examples
    --------
    >>> meet((1, 3), (2, 5)), meet((1, 2), (4, 5)), meet(None, (4, 5))
    ((2, 3), (4, 5), (4, 5))
    """
    if first is None or first[0] > second[1] or second[0] > first[1]:
        return second
    return max(first[0], second[0]), min(first[1], second[1])


def list_remainders(forest: Forest, shown: Iterable[int] | None = None) -> list[Remainder]:
    """Return what is left of every shown row when those below it are taken away.

    Parameters
    ----------
    forest : Forest
        The rows.
    shown : iterable of int, optional
        Places of the rows that count as shown; all that are.

    Returns
    -------
    list of Remainder
        One a shown row.
    """
    places = range(len(forest.rows))
    told = {p for p in places if forest.rows[p].shown} if shown is None else set(shown)
    found = {place: Remainder(place, [], []) for place in sorted(told)}
    for place in places:
        top = next((above for above in forest.path(place)[1:] if above in told), None)
        if top is not None:
            (found[top].taken if place in told else found[top].hidden).append(place)
    return [*found.values()]
