"""How many learning hours people have had, against what the rules ask for."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.tree import climb

CIVIL_SERVANT, CONTRACT = "PNS", "PPPK"


def score_learning(
    records: pd.DataFrame,
    conversion: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    *,
    least: float = 20.0,
    most: float = 24.0,
) -> pd.DataFrame:
    """Return how many staff of each unit reached the learning hours asked for.

    Parameters
    ----------
    records : DataFrame
        One cycle: staff_id, route, quantity (units of the route).
    conversion : DataFrame
        route, hours_jp (JP a unit; 1 JP = 45 minutes).
    staff : DataFrame
        Everybody in service: staff_id, unit_id, status. Only PNS have a right to ``least``; without
        the column everybody counts as PNS.
    units : DataFrame
        unit_id, parent_id.
    least : float
        JP a year for PNS (PP 11/2017, article 203).
    most : float
        JP a year a PPPK may have at most (Peraturan LAN 15/2020; from memory, not confirmed).

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (mean JP of its PNS),
        ``share_reached`` (0-1, PNS with ``least`` or more), ``n`` (PNS), ``over`` (PPPK above
        ``most``). Somebody without a record has 0 JP. A full count of what was recorded: no
        interval. Empty without records.

    Notes
    -----
    JP = sum of quantity times JP a unit. Vector 18 of the domain notes; pinned by
    ``tests/test_needs_causes.py``.

    Examples
    --------
    >>> records = pd.DataFrame({"staff_id": ["A"] * 2, "route": ["workshop", "seminar"],
    ...                         "quantity": [3, 2]})
    >>> conversion = pd.DataFrame({"route": ["workshop", "seminar"], "hours_jp": [5.0, 4.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U", "status": "PNS"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_learning(records, conversion, staff, units)["value"].tolist()
    [11.5]
    """
    columns = ["unit_id", "value", "share_reached", "n", "over"]
    if records.empty:
        return pd.DataFrame(columns=columns)
    rows = records.merge(conversion[["route", "hours_jp"]], on="route", validate="many_to_one")
    hours = (rows["quantity"] * rows["hours_jp"]).groupby(rows["staff_id"], observed=True).sum()
    people = staff[["staff_id", "unit_id"]].assign(hours=staff["staff_id"].map(hours).fillna(0.0))
    status = staff["status"].fillna("") if "status" in staff else CIVIL_SERVANT
    people = climb(people.assign(status=status), units)
    right = people[people["status"] == CIVIL_SERVANT].groupby("unit_id")["hours"]
    over = people[(people["status"] == CONTRACT) & (people["hours"] > most + 1e-9)]
    table = pd.DataFrame(
        {
            "value": right.mean(),
            "share_reached": right.agg(lambda h: (h >= least - 1e-9).mean()),
            "n": right.size(),
        }
    )
    table["over"] = over.groupby("unit_id").size().reindex(table.index, fill_value=0)
    return table.reset_index()[columns]
