"""Who was in service in a cycle."""

from __future__ import annotations

import pandas as pd


def select_staff(staff: pd.DataFrame, cycle: str) -> pd.DataFrame:
    """Return the staff in service in a cycle.

    Parameters
    ----------
    staff : DataFrame
        staff_id, unit_id, and perhaps first_cycle and last_cycle (missing = no limit).
    cycle : str
        Cycles are compared as text, so name them alike: 2025, 2026.

    Returns
    -------
    DataFrame
        The rows in service, all columns.

    Examples
    --------
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "last_cycle": [None, "2025"]})
    >>> select_staff(staff, "2026")["staff_id"].tolist()
    ['A']
    """
    serving = pd.Series(True, index=staff.index)
    if "first_cycle" in staff:
        serving &= staff["first_cycle"].fillna(cycle) <= cycle
    if "last_cycle" in staff:
        serving &= staff["last_cycle"].fillna(cycle) >= cycle
    return staff[serving]
