"""What a page says of what was learnt about each course."""

from __future__ import annotations

from typing import Any

import numpy as np
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
        ``improvement.learnt.<apart|within|unclaimed|unshown|nobody|hidden|none>``: apart where what
        evaluations found of a course and its claim differ by more than both are unsure, within
        where they do nowhere, unclaimed where none that was evaluated had a claim, unshown where
        only courses that may not be shown were, nobody where no course was. Counts are of the
        courses that are shown.
    """
    if effects.empty:
        return Finding("improvement.learnt.none")
    if effects["suppressed"].all():
        return Finding("improvement.learnt.hidden")
    shown = effects[~effects["suppressed"].astype(bool)]
    known = shown[shown["status"] == "evaluated"]
    counts = shown["status"].value_counts()
    values: dict[str, Any] = {"total": len(shown), "count": len(known)}
    values["unshown"] = len(effects) - len(shown)
    values |= {name: int(counts.get(name, 0)) for name in ("borrowed", "claim")}
    values["unmeasured"] = values["borrowed"] + values["claim"]
    both = known.dropna(subset=["prior", "data"])
    if both.empty:
        key = "unclaimed" if len(known) else "unshown" if values["unshown"] else "nobody"
        return Finding(f"improvement.learnt.{key}", values, n=int(known["n"].sum()))
    off = (both["data"] - both["prior"]).abs()
    widths = [(both[f"{name}_high"] - both[f"{name}_low"]) / 2 for name in ("data", "prior")]
    outside = both[off > np.hypot(*widths)]
    row = both.loc[off[(outside if len(outside) else both).index].idxmax()]
    figures = ("prior", "data", "data_low", "data_high", "value", "low", "high", "trust")
    values |= {name: float(row[name]) for name in figures} | {"name": name_item(row)}
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
