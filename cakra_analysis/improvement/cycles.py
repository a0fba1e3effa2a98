"""How long ago a cycle was, counted in cycles."""

from __future__ import annotations

import re

import pandas as pd

from cakra_analysis.contracts import CYCLE, CYCLE_WORDS
from cakra_analysis.errors import AnalysisError

IN_A_YEAR = {"": 1, "S": 2, "Q": 4, "M": 12}
PARTS = re.compile(r"(\d{4})(?:-([SQ]?)(\d{1,2}))?")


def count_age(cycles: pd.Series, *, cycle: str) -> pd.Series:
    """Return how many cycles ago each cycle ended.

    Parameters
    ----------
    cycles : Series
        Cycles as the contracts write them: 2026, 2026-S1, 2026-Q3, 2026-03.
    cycle : str
        The cycle that is counted from, and whose length is counted in.

    Returns
    -------
    Series
        0 for the cycle itself, 1 for the one before; negative for what ended after it.

    Raises
    ------
    AnalysisError
        When something is no cycle.

    Examples
    --------
    >>> count_age(pd.Series(["2026", "2024", "2025-S1"]), cycle="2026").tolist()
    [0.0, 2.0, 1.5]
    """
    now, length = _find_end(cycle)
    ends = {name: _find_end(name)[0] for name in cycles.unique()}
    return (now - cycles.map(ends).astype(float)) / length


def select_until(table: pd.DataFrame, *, cycle: str) -> pd.DataFrame:
    """Return the rows of a table that belong to a cycle or to one that ended before it.

    Parameters
    ----------
    table : DataFrame
        With a column ``cycle``.
    cycle : str
        The last cycle that counts.

    Returns
    -------
    DataFrame
        The rows, in their order.

    Examples
    --------
    >>> table = pd.DataFrame({"cycle": ["2025", "2026", "2027"]})
    >>> select_until(table, cycle="2026")["cycle"].tolist()
    ['2025', '2026']
    """
    return table[count_age(table["cycle"], cycle=cycle) > -1e-9].reset_index(drop=True)


def find_day_after(cycle: str) -> pd.Timestamp:
    """Return the first day after a cycle.

    Parameters
    ----------
    cycle : str
        As the contracts write it.

    Returns
    -------
    Timestamp
        Midnight.

    Examples
    --------
    >>> [str(find_day_after(cycle).date()) for cycle in ("2026", "2026-S1", "2026-03")]
    ['2027-01-01', '2026-07-01', '2026-04-01']
    """
    year, month = divmod(round(_find_end(cycle)[0] * 12), 12)
    return pd.Timestamp(year=year, month=month + 1, day=1)


def _find_end(cycle: str) -> tuple[float, float]:
    """Where a cycle ends and how long it is, in years."""
    if not CYCLE.fullmatch(str(cycle)):
        raise AnalysisError(f'"{cycle}" is no cycle.', allowed=f"A cycle is {CYCLE_WORDS}.")
    found = PARTS.fullmatch(str(cycle))
    year, kind, number = found.groups() if found else ("", "", "")
    if number is None:
        return float(year) + 1, 1.0
    halves = kind or ("M" if len(number) == 2 else "S")  # 2026-2 is a half, 2026-02 a month
    length = 1 / IN_A_YEAR[halves]
    return float(year) + int(number) * length, length
