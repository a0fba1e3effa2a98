"""What is left over when shown rows of a tree are subtracted from each other.

A shown row less its nearest shown descendants is the smallest group whose figures arithmetic gives:
its residual. Every residual must be nobody or enough people, and must not tell about a hidden row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Family:
    """The rows of one table over one tree, for one item.

    Attributes
    ----------
    parent : ndarray of int, shape (rows,)
        Place of the nearest row above; -1 for none.
    people : ndarray of float, shape (rows,)
        How many are behind each row.
    weight : ndarray of float, shape (rows,)
        What a mean is multiplied by to add up.
    means : mapping of str to (values, lowest, highest)
        Means that add up, with the ends of their scale.
    """

    parent: np.ndarray
    people: np.ndarray
    weight: np.ndarray
    means: Mapping[str, tuple[np.ndarray, float, float]] = field(default_factory=dict)

    def above(self, row: int) -> list[int]:
        """Return the rows above one, nearest first."""
        found: list[int] = []
        while (row := int(self.parent[row])) >= 0:
            found.append(row)
        return found


@dataclass(frozen=True)
class Residual:
    """A shown row, its nearest shown descendants, and the hidden rows between."""

    top: int
    shown: list[int]
    hidden: list[int]


def find_exposing(
    family: Family,
    hidden: np.ndarray,
    must: Sequence[bool] | np.ndarray,
    *,
    fewest: int,
    narrowest: float,
) -> list[Residual]:
    """Return the residuals that tell too much.

    Parameters
    ----------
    family : Family
        The rows.
    hidden : ndarray of bool
        What is hidden.
    must : sequence of bool
        Rows that are hidden in any case.
    fewest : int
        Fewest people in a group whose figures may be worked out.
    narrowest : float
        Narrowest bracket for a row that must be hidden.

    Returns
    -------
    list of Residual
        Of too few people, or bracketing a mean too closely.
    """
    return [
        r
        for r in list_residuals(family, hidden)
        if 0 < (left := _left(family.people, r)) < fewest
        or any(must[h] and family.people[h] > 0 and _tells(family, r, h, narrowest, left)
               for h in r.hidden)
    ]  # fmt: skip


def list_residuals(family: Family, hidden: np.ndarray) -> list[Residual]:
    """Return the residual of every shown row.

    Parameters
    ----------
    family : Family
        The rows.
    hidden : ndarray of bool
        What is hidden.

    Returns
    -------
    list of Residual
        One a shown row.
    """
    parts = {int(row): Residual(int(row), [], []) for row in np.flatnonzero(~hidden)}
    for row in range(len(hidden)):
        top = next((a for a in family.above(row) if not hidden[a]), None)
        if top is not None:
            (parts[top].hidden if hidden[row] else parts[top].shown).append(row)
    return [*parts.values()]


def _left(figures: np.ndarray, part: Residual) -> float:
    return float(max(figures[part.top] - figures[part.shown].sum(), 0))


def _tells(family: Family, part: Residual, row: int, narrowest: float, left: float) -> bool:
    """Whether a residual gives a hidden row away: it is all of it, or brackets its mean closely."""
    below = [s for s in part.shown if row in family.above(s)]
    own_people = max(family.people[row] - family.people[below].sum(), 0)
    if left - own_people < 0.5:
        return True
    own = max(family.weight[row] - family.weight[below].sum(), 0)
    all_of_it = _left(family.weight, part)
    others = all_of_it - own
    for values, lowest, highest in family.means.values():
        total = family.weight * np.nan_to_num(values)
        known = total[part.top] - total[part.shown].sum()
        least = max(lowest, (known - others * highest) / own) if own > 0 else lowest
        most = min(highest, (known - others * lowest) / own) if own > 0 else highest
        if most - least < narrowest * (highest - lowest):
            return True
    return False
