"""Learning hours a person: held, planned, and what the year asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.design.nomination_input import Request
from cakra_analysis.design.nomination_pairs import Pairs
from cakra_analysis.design.nomination_rows import Columns
from cakra_analysis.design.nomination_slots import Slots


def list_hours(pairs: Pairs, asked: Request, slots: Slots, chosen: Columns) -> pd.DataFrame:
    """Return the hours held and planned of everybody, against the least and the most of a year.

    Parameters
    ----------
    pairs : Pairs
        Who could go.
    asked : Request
        What ``nominate`` was asked.
    slots : Slots
        Sessions.
    chosen : Columns
        Who goes where.

    Returns
    -------
    DataFrame
        ``Nomination.ledger``.
    """
    hours = pairs.hours[slots.course[chosen.slot]]
    planned = np.bincount(chosen.person, weights=hours, minlength=len(pairs.staff))
    people = asked.people
    table = people.sort_values("staff_id")[["staff_id", "unit_id", "status"]]
    held = people["hours_jp"].fillna(0.0) if "hours_jp" in people else 0.0
    table["jp_held"] = held
    by_person = pd.Series(planned, pairs.staff)
    table["jp_planned"] = table["staff_id"].map(by_person).fillna(0.0)
    status = table["status"].astype("string").fillna("")
    table["least"] = np.where(status == "PNS", asked.least_jp, np.nan)
    table["most"] = np.where(status.str.startswith("PPPK"), asked.most_jp_pppk, np.nan)
    reached = (table["jp_held"] + table["jp_planned"] >= table["least"]).astype("boolean")
    table["reached"] = reached.mask(table["least"].isna())
    return table.reset_index(drop=True)
