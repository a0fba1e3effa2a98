"""Which rows of a tree to hide so that nobody is exposed and the fewest figures are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cakra_analysis.privacy.residuals import Family, Residual, find_exposing

MOST_CUTS = 60


def choose_hidden(
    family: Family, must: Sequence[bool], *, fewest: int, narrowest: float = 0.1
) -> np.ndarray:
    """Choose the rows to hide so that the fewest people's figures are lost.

    Parameters
    ----------
    family : Family
        The rows of one table for one item.
    must : sequence of bool
        Rows that are hidden in any case.
    fewest : int
        Fewest people in a group whose figures may be worked out.
    narrowest : float
        Narrowest bracket that may be worked out for a row that must be hidden, as a share of its
        scale.

    Returns
    -------
    ndarray of bool
        True where a row is hidden.

    Notes
    -----
    A mixed-integer programme (HiGHS): a row is shown or not, every residual holds 0 or at least
    ``fewest`` people; a solution whose residual brackets a hidden mean too closely is cut off and
    the programme solved again. Pinned by ``tests/test_privacy_residuals.py``, against trying every
    choice.

    Examples
    --------
    >>> from cakra_analysis.privacy.residuals import Family
    >>> people = np.array([30.0, 12, 8, 3, 7])  # a parent and its four units
    >>> family = Family(np.array([-1, 0, 0, 0, 0]), people, people)
    >>> choose_hidden(family, people < 5, fewest=5).tolist()
    [False, False, False, True, True]
    """
    forced = np.asarray(must, dtype=bool)
    family = replace(family, people=_whole(family))
    cuts: list[Residual] = []
    hidden: np.ndarray | None = forced
    for _ in range(MOST_CUTS):
        if hidden is None:
            break
        found = find_exposing(family, hidden, forced, fewest=fewest, narrowest=narrowest)
        if not found:
            return hidden
        cuts += found
        hidden = _solve(family, forced, fewest, cuts)
    return np.ones(len(forced), dtype=bool)  # nothing is safer than all of it


def _whole(family: Family) -> np.ndarray:
    """People of each row, and no fewer than those of the rows right below it."""
    people = np.nan_to_num(family.people.astype(float))
    for row in sorted(range(len(people)), key=lambda r: -len(family.above(r))):
        people[row] = max(people[row], people[family.parent == row].sum())
    return people


def _solve(
    family: Family, must: np.ndarray, fewest: int, cuts: Sequence[Residual]
) -> np.ndarray | None:
    """Solve for the rows to hide.

    x: a row is shown; z: it has a residual; y: a shown row is the nearest one above another.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    size, people = len(must), family.people
    pairs = [(above, row) for row in range(size) for above in family.above(row)]
    y = {pair: 2 * size + place for place, pair in enumerate(pairs)}
    rules = [rule for pair in pairs for rule in _nearest(family, pair, y[pair])]
    for top in range(size):
        taken = {y[pair]: people[pair[1]] for pair in pairs if pair[0] == top}
        left = {top: people[top], **{k: -v for k, v in taken.items()}}
        rules.append(({**left, size + top: -fewest}, 0))
        rules.append(({**{k: -v for k, v in left.items()}, size + top: people[top]}, 0))
    for part in cuts:
        told = [part.top, *part.shown]
        rules.append(({**dict.fromkeys(told, -1), **dict.fromkeys(part.hidden, 1)}, 1 - len(told)))
    columns = 2 * size + len(pairs)
    gain = np.zeros(columns)
    gain[:size] = people + 1
    most = np.ones(columns)
    most[:size] = ~must
    constraint = LinearConstraint(_matrix(rules, columns), lb=[low for _, low in rules])
    found: Any = milp(
        -gain, integrality=np.ones(columns), bounds=Bounds(0, most), constraints=constraint
    )
    return None if found.x is None else np.asarray(found.x[:size] < 0.5)


Rule = tuple[
    Mapping[int, float], float
]  # weights of the unknowns, and what they at least add up to


def _nearest(family: Family, pair: tuple[int, int], y: int) -> list[Rule]:
    """What makes y 1 exactly where both rows are shown and none between them."""
    above, row = pair
    between = family.above(row)[: family.above(row).index(above)]
    rules: list[Rule] = [({one: 1, y: -1}, 0) for one in pair]
    rules += [({w: -1, y: -1}, -1) for w in between]
    return [*rules, ({y: 1, above: -1, row: -1, **dict.fromkeys(between, 1)}, -1)]


def _matrix(rules: Sequence[Rule], columns: int) -> Any:
    from scipy.sparse import coo_array

    lines = [(line, column, v) for line, (row, _) in enumerate(rules) for column, v in row.items()]
    at, across, values = zip(*lines, strict=True)
    return coo_array((values, (at, across)), shape=(len(rules), columns)).tocsr()
