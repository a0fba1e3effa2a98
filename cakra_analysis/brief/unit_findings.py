"""What a unit's sheet says of its people in the courses and of what came of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.results import Finding
from cakra_analysis.tree import find_shown


def find_participation(table: pd.DataFrame, *, unit: str, instead: str = "") -> Finding:
    """Say how many of a unit's people took part, and what they completed.

    Parameters
    ----------
    table : DataFrame
        Published ``count_participation``.
    unit : str
        Code of the unit, or of the one above it that is shown instead.
    instead : str
        Name of the unit shown instead of one that is too small.

    Returns
    -------
    Finding
        ``sheet.participation.shown`` (values n, completed, courses, hours), ``.instead`` (the same
        of the unit above), ``.nobody``, ``.hidden`` or, without any evaluation, ``.none``.

    Examples
    --------
    >>> row = {"unit_id": "A", "courses": 2, "completed": 9, "hours_jp": 80.0, "n": 7}
    >>> find_participation(pd.DataFrame([row]), unit="A").values["completed"]
    9
    """
    if table.empty:
        return Finding("sheet.participation.none")
    row = _row(table, unit)
    if row is None:
        return Finding("sheet.participation.nobody")
    if pd.isna(row["n"]):
        return Finding("sheet.participation.hidden")
    names = {"n": "n", "completed": "completed", "courses": "courses"}
    values: dict[str, Any] = {k: int(row[column]) for k, column in names.items()}
    values["hours"] = float(row["hours_jp"])
    values["instead"] = instead
    kind = "instead" if instead else "shown"
    return Finding(f"sheet.participation.{kind}", values, "count", values["n"])


def find_title(*findings: Finding) -> Finding:
    """Return the finding that heads the sheet.

    Parameters
    ----------
    *findings : Finding
        The best first.

    Returns
    -------
    Finding
        The first that has something to say; ``sheet.unbuilt`` where none has.

    Examples
    --------
    >>> find_title(Finding("saved.none")).key
    'sheet.unbuilt'
    """
    told = (finding for finding in findings if not finding.key.endswith(".none"))
    return next(told, Finding("sheet.unbuilt"))


def find_reached(table: pd.DataFrame, units: pd.DataFrame, *, unit: str) -> str:
    """Return the unit whose participation can be shown: the unit itself, or the nearest above it.

    Parameters
    ----------
    table : DataFrame
        Published ``count_participation``.
    units : DataFrame
        unit_id, parent_id.
    unit : str
        Code of the unit.

    Returns
    -------
    str
        A code; the unit's own where nobody of it was listed at all.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> table = pd.DataFrame({"unit_id": ["R", "A"], "n": [9, None]})
    >>> find_reached(table, units, unit="A")
    'R'
    """
    if unit not in set(table["unit_id"]):
        return unit
    return find_shown(table, units, unit, column="n")


def find_gain(table: pd.DataFrame, *, unit: str) -> Finding:
    """Say how far the test scores of a unit's people rose.

    Parameters
    ----------
    table : DataFrame
        Published ``score_unit_gains``.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``sheet.gain.<rose|fell>`` (interval without zero), ``.unclear``, ``.hidden`` or ``.none``;
        values value, low, high, size (without sign), expected (everybody's in the same courses), n.

    Examples
    --------
    >>> row = {"unit_id": "A", "value": 5.0, "low": 2.0, "high": 8.0, "expected": 4.0, "n": 9}
    >>> find_gain(pd.DataFrame([row]), unit="A").key
    'sheet.gain.rose'
    """
    return _change(table, unit, "sheet.gain", ("expected",))


def find_against(table: pd.DataFrame, *, unit: str) -> Finding:
    """Say whether a unit's people gained more or less than others in the same courses.

    Parameters
    ----------
    table : DataFrame
        Published ``score_unit_gains``.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``sheet.against.<rose|fell>`` (more, less: interval without zero), ``.unclear``, or
        ``.none`` where there are too few to tell; values value, low, high, size, n.

    Examples
    --------
    >>> row = {"unit_id": "A", "value": 5.0, "against": 1.0, "against_low": -1.0,
    ...        "against_high": 3.0, "n": 9}
    >>> find_against(pd.DataFrame([row]), unit="A").key
    'sheet.against.unclear'
    """
    if table.empty:
        return Finding("sheet.against.none")
    names = {"against": "value", "against_low": "low", "against_high": "high"}
    rows = table.drop(columns=[*names.values()], errors="ignore").rename(columns=names)
    found = _change(rows, unit, "sheet.against", ())
    return Finding("sheet.against.none") if found.key.endswith("hidden") else found


def find_change(table: pd.DataFrame, *, unit: str) -> Finding:
    """Say how far the behaviour of a unit's alumni changed, as their supervisors see it.

    Parameters
    ----------
    table : DataFrame
        Published ``score_unit_transfer``.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``sheet.change.<rose|fell>`` (interval without zero), ``.unclear``, ``.hidden`` or
        ``.none``; values value, low, high, size, n.

    Examples
    --------
    >>> row = {"unit_id": "A", "value": 0.4, "low": -0.1, "high": 0.9, "n": 9}
    >>> find_change(pd.DataFrame([row]), unit="A").key
    'sheet.change.unclear'
    """
    return _change(table, unit, "sheet.change", ())


def restate_wish(finding: Finding) -> Finding:
    """Return a saved finding on wishes or barriers, to be said in one line.

    Parameters
    ----------
    finding : Finding
        Below ``needs.learning_format`` or ``needs.barrier``.

    Returns
    -------
    Finding
        ``sheet.wishes.<learning_format|barrier>``, or the finding itself where nothing is shown.

    Examples
    --------
    >>> restate_wish(Finding("needs.barrier.shown", {"names": ["A"]})).key
    'sheet.wishes.barrier'
    """
    if not finding.values.get("names"):
        return finding
    return Finding(f"sheet.wishes.{finding.key.split('.')[1]}", finding.values, n=finding.n)


def find_barrier_step(barrier: Finding) -> Finding:
    """Return what a head of unit can do about the barriers its people named.

    Parameters
    ----------
    barrier : Finding
        The saved finding on barriers.

    Returns
    -------
    Finding
        ``sheet.next.barrier`` with names, or one that is left out.

    Examples
    --------
    >>> find_barrier_step(Finding("needs.barrier.hidden")).key
    'sheet.next.none'
    """
    if not barrier.values.get("names"):
        return Finding("sheet.next.none")
    return Finding("sheet.next.barrier", {"names": barrier.values["names"][:1]}, n=barrier.n)


def _row(table: pd.DataFrame, unit: str) -> pd.Series | None:
    rows = table[table["unit_id"] == unit]
    return rows.iloc[0] if len(rows) else None


def _change(table: pd.DataFrame, unit: str, stem: str, more: tuple[str, ...]) -> Finding:
    """A mean with its interval, told by where zero lies."""
    row = _row(table, unit)
    if table.empty or row is None:
        return Finding(f"{stem}.none")
    if pd.isna(row["value"]) or pd.isna(row["low"]):
        return Finding(f"{stem}.hidden")
    values = {name: float(row[name]) for name in ("value", "low", "high", *more)}
    values |= {"size": abs(values["value"]), "n": int(row["n"])}
    kind = "rose" if values["low"] > 0 else "fell" if values["high"] < 0 else "unclear"
    return Finding(f"{stem}.{kind}", values, "t", int(row["n"]))
