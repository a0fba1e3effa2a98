"""Who was not reached by anything that was recorded."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.tree import climb

COLUMNS = ["unit_id", "value", "unreached", "new", "n"]
BY = {"course": ["came"], "any": ["came", "activities"]}


def score_unreached(
    ledger: pd.DataFrame,
    units: pd.DataFrame,
    *,
    last: int = 3,
    by: str = "any",
    year: str | None = None,
) -> pd.DataFrame:
    """Return the share of each unit's people whom nothing reached in the last years.

    Parameters
    ----------
    ledger : DataFrame
        From ``keep_ledger``, as many years as are recorded.
    units : DataFrame
        unit_id, parent_id.
    last : int
        Years looked back, the newest included; fewer where the ledger is shorter.
    by : str
        ``any`` (a course come to or any activity that counts) or ``course``.
    year : str, optional
        The newest of the ledger unless given; people in service then are counted.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (share never reached, 0-1),
        ``unreached`` (people), ``new`` (of these, in service for fewer years than were looked
        back), ``n`` (people in service).

    Raises
    ------
    AnalysisError
        When ``by`` is unknown.

    Notes
    -----
    Who dropped out of a course was reached by it. Pinned by
    ``tests/test_implementation_delivery.py``.

    Examples
    --------
    >>> ledger = pd.DataFrame({"staff_id": list("AB"), "unit_id": "U", "year": "2026",
    ...                        "came": [1, 0], "activities": 0})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_unreached(ledger, units)[["value", "unreached", "n"]].values.tolist()
    [[0.5, 1.0, 2.0]]
    """
    if by not in BY:
        raise AnalysisError(f'"{by}" is unknown.', allowed=f"Allowed are: {', '.join(BY)}.")
    if ledger.empty:
        return pd.DataFrame(columns=COLUMNS)
    newest = year or ledger["year"].max()
    years = sorted(y for y in ledger["year"].unique() if y <= newest)[-last:]
    rows = ledger[ledger["year"].isin(years)]
    met = rows[BY[by]].gt(0).any(axis=1)
    people = rows.loc[rows["year"] == newest, ["staff_id", "unit_id"]]
    missed = ~people["staff_id"].isin(rows.loc[met, "staff_id"])
    served = people["staff_id"].map(rows.groupby("staff_id")["year"].nunique())
    people = people.assign(unreached=missed, new=missed & (served < len(years)))
    groups = climb(people.drop(columns="staff_id"), units).groupby("unit_id")
    table = groups[["unreached", "new"]].sum().astype(int)
    table = table.assign(value=groups["unreached"].mean(), n=groups.size())
    return table.reset_index()[COLUMNS]
