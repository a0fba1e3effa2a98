"""A unit beside the unit above it and the units at its own height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cakra_analysis.tree import find_shown

ESTIMATE = ["value", "low", "high", "level", "n"]


def find_siblings(units: pd.DataFrame, unit: str) -> list[str]:
    """Return the other units below the same parent.

    Parameters
    ----------
    units : DataFrame
        unit_id, parent_id; in the order to show.
    unit : str
        Code of the unit.

    Returns
    -------
    list of str
        Codes; none for the unit at the top.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
    >>> find_siblings(units, "A"), find_siblings(units, "R")
    (['B'], [])
    """
    parent = find_parent(units, unit)
    same = units.loc[units["parent_id"].eq(parent) & units["unit_id"].ne(unit), "unit_id"]
    return same.tolist() if parent else []


def find_parent(units: pd.DataFrame, unit: str) -> str:
    """Return the unit above a unit.

    Parameters
    ----------
    units : DataFrame
        unit_id, parent_id.
    unit : str
        Code of the unit.

    Returns
    -------
    str
        Its code; empty at the top, or where the unit is not in the table.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> find_parent(units, "A"), find_parent(units, "R")
    ('R', '')
    """
    above = units.loc[units["unit_id"] == unit, "parent_id"].dropna()
    return str(above.iloc[0]) if len(above) else ""


def set_beside(gaps: pd.DataFrame, units: pd.DataFrame, *, unit: str) -> pd.DataFrame:
    """Return a unit's gaps beside those of its parent and of the units at its own height.

    Parameters
    ----------
    gaps : DataFrame
        Published gaps of several units, with names: unit_id, competency_id, value, low, high,
        level, n, category, gap_definition, name_id, name_en.
    units : DataFrame
        unit_id, parent_id, name.
    unit : str
        Code of the unit.

    Returns
    -------
    DataFrame
        One row a competency of the unit, largest gap first: its columns, ``parent`` (value of the
        unit above), ``middle`` (median of the other units below that parent), ``peers`` (how many
        of these can be shown), ``unit`` and ``above`` (names). Suppressed figures are missing.

    Notes
    -----
    Values of published tables are put side by side; a median of published values tells nothing
    that these do not. Pinned by ``tests/test_brief.py``.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": list("RAB"), "parent_id": [None, "R", "R"],
    ...                       "name": ["Region", "Unit A", "Unit B"]})
    >>> gaps = pd.DataFrame({"unit_id": list("RAB"), "competency_id": "M.1"})
    >>> gaps = gaps.assign(value=[0.5, 1, 0.2])
    >>> set_beside(gaps, units, unit="A")[["value", "parent", "middle", "peers"]].values.tolist()
    [[1.0, 0.5, 0.2, 1.0]]
    """
    parent, names = find_parent(units, unit), units.set_index("unit_id")["name"]
    own = gaps[gaps["unit_id"] == unit]
    values = gaps[gaps["value"].notna()].astype({"value": float})
    above = values[values["unit_id"] == parent].set_index("competency_id")["value"]
    others = values[values["unit_id"].isin(find_siblings(units, unit))]
    others = others.groupby("competency_id")["value"]
    table = own.assign(
        parent=own["competency_id"].map(above).astype(float),
        middle=own["competency_id"].map(others.median()).astype(float),
        peers=own["competency_id"].map(others.size()).fillna(0).astype(int),
        unit=names.get(unit, unit),
        above=names.get(parent, ""),
    )
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def collect_results(
    tables: Mapping[str, pd.DataFrame], units: pd.DataFrame, *, unit: str
) -> pd.DataFrame:
    """Return a unit's results in several measures, beside those of its parent.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the name of the measure: a published table with unit_id, value, low, high, level, n;
        with a ``period`` the latest counts.
    units : DataFrame
        unit_id, parent_id, name.
    unit : str
        Code of the unit.

    Returns
    -------
    DataFrame
        One row a measure that the unit has: unit_id (the unit's, or of the nearest one above it
        that can be shown), ``unit`` (its name), ``measure``, value, low, high, level, n, ``parent``
        (value of the unit above that).

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"],
    ...                       "name": ["Region", "Unit A"]})
    >>> table = pd.DataFrame({"unit_id": ["R", "A"], "value": [3.0, 5.0], "low": 1.0, "high": 9.0,
    ...                       "level": 0.95, "n": 9})
    >>> rows = collect_results({"gain": table}, units, unit="A")
    >>> rows[["measure", "value", "parent"]].values.tolist()
    [['gain', 5.0, 3.0]]
    """
    rows, names = [], units.set_index("unit_id")["name"]
    for measure, table in tables.items():
        last = table[table["period"] == table["period"].max()] if "period" in table else table
        shown = find_shown(last, units, unit)
        own = last[last["unit_id"] == shown]
        if unit in set(last["unit_id"]) and len(own):
            above = last.loc[last["unit_id"] == find_parent(units, shown), "value"]
            row = own.iloc[0].reindex(ESTIMATE).to_dict()
            told = {"unit_id": shown, "unit": names.get(shown, shown), "measure": measure}
            rows.append({**told, **row, "parent": _first(above)})
    columns: Sequence[str] = ["unit_id", "unit", "measure", *ESTIMATE, "parent"]
    return pd.DataFrame(rows, columns=columns)


def _first(values: pd.Series) -> float:
    return float(values.iloc[0]) if len(values) else float("nan")
