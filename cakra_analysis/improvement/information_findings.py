"""What a page says of which course to measure first."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 3


def find_worth(information: pd.DataFrame) -> Finding:
    """Say which evaluation would most change the next programme.

    Parameters
    ----------
    information : DataFrame
        Published ``score_information`` with names, the most worth first.

    Returns
    -------
    Finding
        ``improvement.worth.<sure|open|zero|none>``: sure where an interval lies above zero, open
        where none does, zero where no evaluation is worth anything. The course described is the
        first of those named.
    """
    if information.empty:
        return Finding("improvement.worth.none")
    sure = information[information["low"] > 0]
    first = (sure if len(sure) else information).iloc[0]
    values = {"total": len(information), "count": len(sure), "name": name_item(first)}
    values |= {part: float(first[part]) for part in ("value", "low", "high", "share")}
    values["names"] = [name_item(row) for row in sure.head(NAMED).itertuples()]
    key = "sure" if len(sure) else "open" if (information["value"] > 0).any() else "zero"
    return Finding(f"improvement.worth.{key}", values, str(first["method"]), len(information))


def list_worth(information: pd.DataFrame) -> list[str]:
    """Return the courses whose evaluation may be worth anything.

    Parameters
    ----------
    information : DataFrame
        From ``score_information``.

    Returns
    -------
    list of str
        Codes, in the order of the rows.

    Examples
    --------
    >>> list_worth(pd.DataFrame({"course_id": ["A", "B"], "value": [0.2, 0.0]}))
    ['A']
    """
    return information.loc[information["value"] > 0, "course_id"].tolist()
