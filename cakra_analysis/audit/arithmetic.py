"""What can be worked out of hidden groups by adding and subtracting what is shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cakra_analysis.audit.brackets import bracket_mean, bracket_people
from cakra_analysis.audit.forest import Forest, Remainder, Row, grow_forests, list_remainders
from cakra_analysis.audit.leak import Leak
from cakra_analysis.audit.readers import Reader
from cakra_analysis.audit.release import Cell, Range

PINNED = 1e-3  # of the scale: closer than this a bracket is one value
BLUR = 1e-3  # people


def find_derivable(reader: Reader) -> tuple[list[Leak], int]:
    """Find what one reader can work out of groups of too few people.

    Parameters
    ----------
    reader : Reader
        Who reads, and what.

    Returns
    -------
    tuple of (list of Leak, int)
        The leaks, and how many hidden figures were tried.

    Notes
    -----
    In every table over the tree of units, over all reports of the reader together:

    - *remainder*: a shown row less the shown rows nearest below it is nobody or at least the
      threshold of people, and twice that where shares of categories are shown; *recovered* if the
      remainder is a single hidden row;
    - *bracket*: no hidden row that may have fewer people than the threshold has a mean that is
      bracketed closer than ``narrowest`` of its scale;
    - *end of scale*: no hidden mean is pinned at an end of its scale, as 0 or 100%;
    - *contradiction*: numbers that cannot all be true, of which nothing can be said.
    """
    leaks: list[Leak] = []
    tried = 0
    for forest in grow_forests(reader):
        leaks += _find_contradictions(forest)
        centres = {column: _find_centre(forest, column) for column in forest.scales}
        for part in list_remainders(forest):
            tried += len(part.hidden) * max(len(forest.scales), 1)
            found = _find_small(forest, part, reader)
            leaks += found or list(_find_close(forest, part, reader, centres))
        leaks += _find_spread(forest, reader)
    return leaks, tried


def _find_small(forest: Forest, part: Remainder, reader: Reader) -> list[Leak]:
    if not (part.taken or part.hidden):
        return []
    low, high = _count_left(forest, part)
    if high < 1 - BLUR or low < 1 - BLUR or high >= reader.threshold - BLUR:
        return []
    what = f"fewer than {reader.threshold} people are left when shown rows are subtracted"
    if len(part.hidden) == 1:
        cell = forest.rows[part.hidden[0]].cells[-1]
        return [_leak("recovered", cell, what, _mend(forest, part))]
    return [_leak("remainder", forest.rows[part.top].cells[-1], what, _mend(forest, part))]


def _count_left(forest: Forest, part: Remainder) -> Range:
    """People of a remainder: by plain subtraction where the counts are exact."""
    whole = forest.rows[part.top].people or (0.0, 0.0)
    taken = [forest.rows[place].people or (0.0, 0.0) for place in part.taken]
    if all(low == high for low, high in (whole, *taken)):
        left = whole[0] - sum(low for low, _ in taken)
        return left, left
    return bracket_people(forest, [part.top, *part.hidden]) or (0.0, 0.0)


def _find_spread(forest: Forest, reader: Reader) -> list[Leak]:
    """Find remainders that are spread over categories and have too few people for that."""
    fewest = 2 * reader.threshold
    rows = forest.rows
    spread = [place for place, row in enumerate(rows) if row.shown and _has_categories(row)]
    leaks = []
    for part in list_remainders(forest, spread):
        if part.taken:
            low, high = _count_left(forest, part)
            if low >= 1 - BLUR and high < fewest - BLUR:
                what = f"shares of categories of fewer than {fewest} people can be subtracted"
                mend = _mend(forest, part)
                leaks.append(_leak("remainder", rows[part.top].cells[-1], what, mend))
    return leaks


def _has_categories(row: Row) -> bool:
    return any(
        "question_id" not in cell.rules["keys"]
        and any(c.startswith("share_") and v is not None for c, v in cell.row.items())
        for cell in row.cells
    )


def _find_close(
    forest: Forest, part: Remainder, reader: Reader, centres: dict[str, list[Range] | None]
) -> Iterator[Leak]:
    """Find hidden rows of a remainder whose mean is nearly known."""
    if not part.hidden or _count_left(forest, part)[1] < 1 - BLUR:  # nobody is there
        return
    inside = {part.top, *part.hidden}
    for place in part.hidden:
        rows = [other for other in forest.below(place) if other in inside]
        for column, (low, high) in forest.scales.items():
            if _is_wide(centres[column], part.top, reader.narrowest, (low, high)):
                continue
            found = bracket_mean(forest, rows, column)
            if found is None:
                continue
            width, span = found[1] - found[0], high - low
            pinned = width < PINNED * span
            if pinned and (found[0] < low + PINNED * span or found[1] > high - PINNED * span):
                kind, what = "end of scale", f"{column} can be pinned at an end of its scale"
            elif width < reader.narrowest * span and _may_be_few(forest, rows, reader):
                kind = "bracket"
                what = f"{column} can be bracketed to {width / span:.1%} of its scale"
            else:
                continue
            yield _leak(kind, forest.rows[place].cells[-1], what, _mend(forest, part))


def _may_be_few(forest: Forest, rows: Sequence[int], reader: Reader) -> bool:
    people = bracket_people(forest, rows)
    return people is None or people[0] < reader.threshold


def _find_centre(forest: Forest, column: str) -> list[Range] | None:
    """People and sum of each row's remainder in one world that fits all that is shown.

    Built from below, every figure as near to the middle of its range as what stands below allows;
    None where that way does not lead to a world, and only the linear programme can tell.
    """
    low, high = forest.scales[column]
    whole: dict[int, Range] = {}
    left: list[Range] = [(0.0, 0.0)] * len(forest.rows)
    parts = list_remainders(forest)
    for part in sorted(parts, key=lambda part: -len(forest.path(part.top))):
        row = forest.rows[part.top]
        if row.weight is None or row.weight[1] == math.inf or column not in row.means:
            return None
        people, total = (sum(whole[place][end] for place in part.taken) for end in (0, 1))
        if people > row.weight[1] + BLUR:
            return None
        n = max(sum(row.weight) / 2, people)
        least, most = (n * mean for mean in row.means[column])
        below, above = (total + (n - people) * end for end in (low, high))
        value = min(max((least + most) / 2, below), above)
        if not least - BLUR <= value <= most + BLUR:
            return None
        whole[part.top] = n, value
        left[part.top] = n - people, value - total
    return left


def _is_wide(centre: list[Range] | None, top: int, narrowest: float, scale: Range) -> bool:
    """Whether two values far apart are possible already with every figure in its middle."""
    if centre is None:
        return False
    people, total = centre[top]
    low, high = scale
    if people < 1:
        return False
    most, least = min(high, total - (people - 1) * low), max(low, total - (people - 1) * high)
    return most - least >= narrowest * (high - low)


def _find_contradictions(forest: Forest) -> list[Leak]:
    """Find numbers that cannot all be true, first the counts, then the means."""
    tops = [place for place, row in enumerate(forest.rows) if row.above < 0]
    if not any(row.shown for row in forest.rows):
        return []
    cell = forest.rows[tops[0]].cells[-1]
    shown = [row for row in forest.rows if row.shown]
    mend = list_withheld([cell for row in shown for cell in row.cells])
    if bracket_people(forest, tops) is None:
        return [_leak("contradiction", cell, "numbers of people do not add up", mend)]
    return [
        _leak("contradiction", cell, f"{column} cannot be a mean of the rows below", mend)
        for column in forest.scales
        if any(column in row.means for row in shown)
        and _find_centre(forest, column) is None
        and bracket_mean(forest, range(len(forest.rows)), column) is None
    ]


def _mend(forest: Forest, part: Remainder) -> tuple[dict[str, Any], ...]:
    """The smallest row to hide so that the remainder grows: one below, else the row itself."""
    places = part.taken or [part.top]
    smallest = min(places, key=lambda place: forest.rows[place].people or (0.0, 0.0))
    return list_withheld(forest.rows[smallest].cells)


def list_withheld(cells: Iterable[Cell]) -> tuple[dict[str, Any], ...]:
    """Return what to hold back so that none of some cells is shown, each once a cycle.

    Parameters
    ----------
    cells : iterable of Cell
        Of one reader or several.

    Returns
    -------
    tuple of dict
        table, cycle and keys.
    """
    found = {tuple(c.withhold().items()): c.withhold() for c in cells if not c.hidden}
    return tuple(found.values())


def _leak(kind: str, cell: Cell, what: str, mend: tuple[dict[str, Any], ...]) -> Leak:
    return Leak(kind, cell.file, cell.where, f"for {cell.audience} readers: {what}", mend)
