"""The cells that actions aim at: a unit with a competency, before and after."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.improvement.regression_to_mean import read_variance
from cakra_analysis.tree import ancestors

CELL = ["unit_id", "competency_id"]
LOWERING = ("widen", "revise_method", "revise_curriculum", "stop")  # kinds meant to lower a gap
LOGGED = ["action_id", "cycle", "kind", "status", "course_id", "competency_id", "unit_id"]
REAL = ("decided", "under_way", "done")


def aim_actions(
    actions: pd.DataFrame, units: pd.DataFrame, courses: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the cells that each action aims at.

    Parameters
    ----------
    actions : DataFrame
        The table ``actions``; course_id, competency_id and unit_id may be absent.
    units : DataFrame
        unit_id, parent_id.
    courses : DataFrame, optional
        course_id, and perhaps competency_id.

    Returns
    -------
    DataFrame
        One row an action and cell, sorted: action_id, cycle, status, unit_id, competency_id. An
        action without a unit aims at every unit; one without a competency at that of its course;
        one with neither, and one that keeps or measures a course, at none.

    Examples
    --------
    >>> log = pd.DataFrame({"action_id": ["A1"], "cycle": ["2025"], "kind": ["widen"],
    ...     "status": ["done"], "course_id": [None], "competency_id": ["M.1"], "unit_id": ["R"]})
    >>> units = pd.DataFrame({"unit_id": ["R", "A"], "parent_id": [None, "R"]})
    >>> aim_actions(log, units)["unit_id"].tolist()
    ['A', 'R']
    """
    below = ancestors(units)[["unit_id", "ancestor"]]
    root = units.loc[units["parent_id"].isna(), "unit_id"].iloc[0]
    empty = pd.Series(dtype="str")
    of_course = empty
    if courses is not None and "competency_id" in courses:
        of_course = courses.set_index("course_id")["competency_id"]
    rows = actions.reindex(columns=LOGGED).astype("object")
    rows = rows[rows["kind"].isin(LOWERING)]
    item = rows["competency_id"].fillna(rows["course_id"].map(of_course))
    rows = rows[["action_id", "cycle", "status"]].assign(
        competency_id=item, ancestor=rows["unit_id"].fillna(root)
    )
    rows = rows.dropna(subset=["competency_id"])
    rows = rows.merge(below, on="ancestor", validate="many_to_many").drop(columns="ancestor")
    return rows.sort_values(["action_id", *CELL], ignore_index=True)


def pair_cells(
    gaps: pd.DataFrame, units: pd.DataFrame, aims: pd.DataFrame, *, start: str, end: str
) -> pd.DataFrame:
    """Return each cell's gap in two cycles, and whether any action aimed at it since.

    Parameters
    ----------
    gaps, units : DataFrame
        As for ``score_actions``.
    aims : DataFrame
        From ``aim_actions``.
    start, end : str
        The two cycles.

    Returns
    -------
    DataFrame
        One row a cell with an interval in both cycles, sorted: unit_id, competency_id, ``before``,
        ``variance``, ``after``, ``variance_after``, ``n`` (the smaller of both), ``acted`` (an
        action decided from the start on, and before the end, that was not merely proposed or
        dropped).

    Examples
    --------
    >>> gaps = pd.DataFrame({"cycle": ["2025", "2026"], "unit_id": "A", "competency_id": "M.1",
    ...     "value": [0.9, 0.7], "low": [0.5, 0.3], "high": [1.3, 1.1], "level": 0.95, "n": [9, 8]})
    >>> units = pd.DataFrame({"unit_id": ["A"], "parent_id": [None]})
    >>> aims = pd.DataFrame(columns=["unit_id", "competency_id", "cycle", "status"], dtype="str")
    >>> pair_cells(gaps, units, aims, start="2025", end="2026")[["before", "n"]].values.tolist()
    [[0.9, 8.0]]
    """
    leaves = gaps[~gaps["unit_id"].isin(units["parent_id"].dropna())]
    leaves = leaves.assign(variance=read_variance(leaves)).dropna(subset=["value", "variance"])
    kept = [*CELL, "value", "variance", "n"]
    one, other = (leaves.loc[leaves["cycle"] == when, kept] for when in (start, end))
    both = one.merge(other, on=CELL, suffixes=("", "_after"), validate="one_to_one")
    both = both.rename(columns={"value": "before", "value_after": "after"})
    both["n"] = both[["n", "n_after"]].min(axis=1)
    since = aims[aims["cycle"].between(start, end, inclusive="left")]
    since = since.loc[since["status"].isin(REAL), CELL].drop_duplicates()
    acted = both[CELL].merge(since, on=CELL, how="left", indicator=True, validate="one_to_one")
    both["acted"] = (acted["_merge"] == "both").to_numpy()
    return both.drop(columns="n_after").sort_values(CELL, ignore_index=True)


def list_telling(
    actions: pd.DataFrame,
    gaps: pd.DataFrame,
    units: pd.DataFrame,
    hidden: pd.Series,
    *,
    cycle: str,
    courses: pd.DataFrame | None = None,
) -> list[dict[str, str]]:
    """Return the results of actions that would tell of a cell whose gap is hidden.

    Parameters
    ----------
    actions, gaps, units : DataFrame
        As for ``score_actions``.
    hidden : Series of bool
        Which rows of ``gaps`` are suppressed where the gaps are published, of whichever cycle.
    cycle : str
        The latest cycle.
    courses : DataFrame, optional
        As for ``score_actions``.

    Returns
    -------
    list of dict
        Cells to hold back for ``publish``: every action one of whose cells is hidden in its own
        cycle or in the latest. A mean over several cells would leave the hidden one to be worked
        out from those that are shown.

    Examples
    --------
    >>> gaps = pd.DataFrame({"cycle": ["2025", "2026"], "unit_id": "A", "competency_id": "M.1",
    ...     "value": [0.9, 0.7], "low": [0.5, 0.3], "high": [1.3, 1.1], "level": 0.95, "n": [9, 8]})
    >>> units = pd.DataFrame({"unit_id": ["A"], "parent_id": [None]})
    >>> log = pd.DataFrame({"action_id": ["A1"], "cycle": "2025", "kind": "widen",
    ...     "status": "done", "course_id": None, "competency_id": "M.1", "unit_id": "A"})
    >>> list_telling(log, gaps, units, pd.Series([False, True]), cycle="2026")
    [{'table': 'action_results', 'action_id': 'A1'}]
    """
    aims = aim_actions(actions, units, courses)
    told: set[str] = set()
    for start, own in aims.groupby("cycle", observed=True):
        both = gaps["cycle"].isin([start, cycle])
        shut = gaps.loc[both & hidden.to_numpy(bool), CELL].drop_duplicates()
        pairs = pair_cells(gaps, units, aims, start=str(start), end=cycle)[CELL]
        shut = pairs.merge(shut, on=CELL, validate="one_to_one")
        told |= set(own.merge(shut, on=CELL, validate="many_to_one")["action_id"])
    return [{"table": "action_results", "action_id": str(each)} for each in sorted(told)]
