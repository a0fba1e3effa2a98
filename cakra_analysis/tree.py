"""The tree of units: who stands above whom, and beside whom."""

from __future__ import annotations

import pandas as pd


def ancestors(units: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of a unit and a unit above it, itself included.

    Parameters
    ----------
    units : DataFrame
        unit_id, parent_id (missing at the top).

    Returns
    -------
    DataFrame
        unit_id, ``ancestor``, ``steps`` (0 = itself).

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> ancestors(units).values.tolist()
    [['R', 'R', 0], ['A', 'A', 0], ['A', 'R', 1]]
    """
    parent = units.set_index("unit_id")["parent_id"]
    level = pd.DataFrame({"unit_id": units["unit_id"], "ancestor": units["unit_id"], "steps": 0})
    levels = [level]
    while not level.empty:
        up = level["ancestor"].map(parent)
        level = level.assign(ancestor=up, steps=level["steps"] + 1)[up.notna()]
        levels.append(level)
    return pd.concat([part for part in levels if not part.empty], ignore_index=True)


def climb(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return every row once for its own unit and once for each unit above it.

    Parameters
    ----------
    rows : DataFrame
        unit_id and whatever else.
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    DataFrame
        The same columns; ``unit_id`` is the unit that the row counts for.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> climb(pd.DataFrame({"unit_id": ["A"], "x": [7]}), units).values.tolist()
    [['A', 7], ['R', 7]]
    """
    rows = ancestors(units).merge(rows, on="unit_id", validate="many_to_many")
    return rows.drop(columns=["unit_id", "steps"]).rename(columns={"ancestor": "unit_id"})


def find_peers(units: pd.DataFrame, unit: str) -> list[str]:
    """Return the units to set beside a unit: all units without children below it, or its siblings.

    Parameters
    ----------
    units : DataFrame
        unit_id, parent_id; in the order to show.
    unit : str
        Code of the unit.

    Returns
    -------
    list of str
        In the order of ``units``; a unit without children stands among its siblings.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
    >>> find_peers(units, "R"), find_peers(units, "A")
    (['A', 'B'], ['A', 'B'])
    """
    parents = dict(zip(units["unit_id"], units["parent_id"].fillna(""), strict=True))
    inner = set(parents.values())
    top = unit if unit in inner else parents[unit]

    def below(code: str) -> bool:
        while code and code != top:
            code = parents.get(code, "")
        return bool(code)

    return [code for code in units["unit_id"] if code not in inner and below(code)] or [unit]


def find_shown(
    table: pd.DataFrame, units: pd.DataFrame, unit: str, *, column: str = "value"
) -> str:
    """Return the unit whose figures can be shown: the unit itself, or the nearest one above it.

    Parameters
    ----------
    table : DataFrame
        A published table with unit_id and the column.
    units : DataFrame
        unit_id, parent_id.
    unit : str
        Code of the unit.
    column : str
        What is missing where a unit is not shown.

    Returns
    -------
    str
        A code; the unit's own where nothing above it can be shown either.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> find_shown(pd.DataFrame({"unit_id": ["R", "A"], "value": [1.0, None]}), units, "A")
    'R'
    """
    shown = set(table.loc[table[column].notna(), "unit_id"])
    above = ancestors(units).query("unit_id == @unit").sort_values("steps")["ancestor"]
    return next((code for code in above if code in shown), unit)
