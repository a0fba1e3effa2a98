"""How many people a competency concerns."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.tree import ancestors


def count_people(
    staff: pd.DataFrame,
    standards: pd.DataFrame,
    competencies: pd.DataFrame,
    *,
    definition: str = STANDARD,
    listed: bool = True,
) -> pd.DataFrame | None:
    """Count each unit's own staff to whom a competency applies.

    Parameters
    ----------
    staff : DataFrame
        Staff in service: unit_id, and position_id where there are standards.
    standards : DataFrame
        position_id, competency_id; where it is empty every competency applies to everybody.
    competencies : DataFrame
        competency_id.
    definition : str
        Of the gap. Only against standards do posts decide whom a competency concerns; else every
        competency concerns everybody.
    listed : bool
        Whether the staff table lists everybody; if it holds only those who answered, the number
        of people is not known.

    Returns
    -------
    DataFrame or None
        One row a unit and competency, sorted: ``people``; None when it is not known.

    Examples
    --------
    >>> staff = pd.DataFrame({"unit_id": ["U", "U"], "position_id": ["P", "Q"]})
    >>> standards = pd.DataFrame({"position_id": ["P"], "competency_id": ["M.1"]})
    >>> codes = pd.DataFrame({"competency_id": ["M.1"]})
    >>> count_people(staff, standards, codes).values.tolist()
    [['U', 'M.1', 1]]
    """
    if not listed:
        return None
    if standards.empty or definition != STANDARD:
        rows = staff[["unit_id"]].merge(competencies[["competency_id"]], how="cross")
    else:
        pairs = standards[["position_id", "competency_id"]]
        posts = staff[["unit_id", "position_id"]]
        rows = posts.merge(pairs, on="position_id", validate="many_to_many")
    keys = ["unit_id", "competency_id"]
    return rows.groupby(keys).size().rename("people").reset_index()


def select_aiming(staff: pd.DataFrame) -> pd.DataFrame:
    """Return the staff who have a target post, as if they held it.

    Parameters
    ----------
    staff : DataFrame
        staff_id, unit_id, position_id, and perhaps target_position_id.

    Returns
    -------
    DataFrame
        Those with a target post; ``position_id`` is the target post.

    Examples
    --------
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "position_id": "P",
    ...                       "target_position_id": [None, "Q"]})
    >>> select_aiming(staff)[["staff_id", "position_id"]].values.tolist()
    [['B', 'Q']]
    """
    if "target_position_id" not in staff:
        return staff.head(0)
    aiming = staff[staff["target_position_id"].notna()]
    return aiming.assign(position_id=aiming["target_position_id"])


def select_unit(staff: pd.DataFrame, units: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the staff of a unit and of all units below it.

    Parameters
    ----------
    staff : DataFrame
        unit_id.
    units : DataFrame
        unit_id, parent_id.
    unit : str
        Code of the unit.

    Returns
    -------
    DataFrame
        The rows, all columns.

    Examples
    --------
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": ["U", "V"]})
    >>> units = pd.DataFrame({"unit_id": ["R", "U", "V"], "parent_id": [None, "R", "R"]})
    >>> select_unit(staff, units, "U")["staff_id"].tolist()
    ['A']
    """
    pairs = ancestors(units)
    return staff[staff["unit_id"].isin(pairs.loc[pairs["ancestor"] == unit, "unit_id"])]
