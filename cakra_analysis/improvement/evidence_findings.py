"""What a page says of what was learnt about each course."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding


def find_learnt(effects: pd.DataFrame) -> Finding:
    """Say how many courses were evaluated, and where the claim did not hold.

    Parameters
    ----------
    effects : DataFrame
        Published ``update_effects`` with names, one row a course: that on its own competency.

    Returns
    -------
    Finding
        ``improvement.learnt.<apart|within|nobody|hidden|none>``: apart where the interval of what
        evaluations found leaves out the claim of a course, within where it does nowhere, nobody
        where no course was evaluated.
    """
    if effects.empty:
        return Finding("improvement.learnt.none")
    if effects["suppressed"].all():
        return Finding("improvement.learnt.hidden")
    known = effects[effects["status"] == "evaluated"]
    counts = effects["status"].value_counts()
    values: dict[str, Any] = {"total": len(effects), "count": len(known)}
    values |= {name: int(counts.get(name, 0)) for name in ("borrowed", "claim")}
    values["unmeasured"] = values["borrowed"] + values["claim"]
    both = known.dropna(subset=["prior", "data"])
    if both.empty:
        return Finding("improvement.learnt.nobody", values)
    row = both.loc[(both["data"] - both["prior"]).abs().idxmax()]
    figures = ("prior", "data", "data_low", "data_high", "value", "low", "high", "trust")
    values |= {name: float(row[name]) for name in figures} | {"name": name_item(row)}
    outside = both[(both["prior"] < both["data_low"]) | (both["prior"] > both["data_high"])]
    values["names"] = [name_item(each) for each in outside.itertuples()]
    key = "apart" if len(outside) else "within"
    return Finding(f"improvement.learnt.{key}", values, str(row["method"]), int(known["n"].sum()))


def find_evidence_caveats(effects: pd.DataFrame) -> list[Finding]:
    """Say what the expected effects rest on.

    Parameters
    ----------
    effects : DataFrame
        Published ``update_effects`` of all courses.

    Returns
    -------
    list of Finding
        ``improvement.caveat.levels`` where anything was evaluated, ``improvement.caveat.claims``
        where something was not.
    """
    told = []
    if (effects["status"] == "evaluated").any():
        told.append(Finding("improvement.caveat.levels"))
    claims = effects[effects["status"].isin(["borrowed", "claim"])]
    if len(claims):
        values = {"count": len(claims), "total": len(effects)}
        told.append(Finding("improvement.caveat.claims", values))
    return told
