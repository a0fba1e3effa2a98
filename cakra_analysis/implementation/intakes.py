"""Mentors over a year: each course end brings an intake, and earlier mentors become free."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.implementation.mentoring import assign_mentors

KEYS = ["session_id", "staff_id"]


def assign_intakes(
    people: pd.DataFrame,
    mentors: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame | None = None,
    *,
    longest: float,
    own_supervisor: bool = False,
) -> pd.DataFrame:
    """Return a mentor for each completion, course end by course end.

    Parameters
    ----------
    people : DataFrame
        session_id, staff_id, end (Timestamp).
    mentors, staff, units : DataFrame
        As for ``assign_mentors``.
    longest : float
        Days after the end of a course for which a participant has a mentor.
    own_supervisor : bool
        As for ``assign_mentors``.

    Returns
    -------
    DataFrame
        One row a completion, in the order of the ends: session_id, staff_id, mentor_id, why.

    Notes
    -----
    Who still has a mentor from a course before keeps them. Each intake is the best there is given
    the loads then; earlier ones are not undone for it, so over a year it need not be.
    """
    until: dict[Any, pd.Timestamp] = {}
    whose: dict[Any, tuple[Any, str]] = {}
    parts = [pd.DataFrame(columns=[*KEYS, "mentor_id", "why"], dtype="object")]
    for end, rows in people.groupby("end", dropna=False):
        held = {p: m for p, (m, _) in whose.items() if pd.notna(m) and until[p] >= end}
        new = rows.loc[~rows["staff_id"].isin(held), ["staff_id"]].drop_duplicates()
        new = new.sort_values("staff_id")
        load = pd.Series(list(held.values()), dtype="object").value_counts()
        got = assign_mentors(new, mentors, staff, units, own_supervisor=own_supervisor, load=load)
        whose |= {r.staff_id: (r.mentor_id, str(r.why)) for r in got.itertuples()}
        until |= dict.fromkeys(rows["staff_id"], end + pd.Timedelta(days=longest))
        told = [whose[person] for person in rows["staff_id"]]
        parts.append(rows[KEYS].assign(mentor_id=[m for m, _ in told], why=[w for _, w in told]))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def count_loads(
    people: pd.DataFrame, mentors: pd.DataFrame, *, longest: float, today: pd.Timestamp
) -> pd.DataFrame:
    """Return how many people each mentor has, today and at the busiest time.

    Parameters
    ----------
    people : DataFrame
        staff_id, end, mentor_id.
    mentors : DataFrame
        staff_id, most.
    longest : float
        Days after the end of a course for which a participant has a mentor.
    today : Timestamp
        The day of ``now``.

    Returns
    -------
    DataFrame
        One row a mentor, sorted: mentor_id, most, ``busiest``, ``now`` (people).
    """
    rows = people.loc[people["mentor_id"].notna(), ["mentor_id", "staff_id", "end"]]
    until = rows["end"] + pd.Timedelta(days=longest)

    def count(day: pd.Timestamp) -> pd.Series:
        on = rows[(rows["end"] <= day) & (until >= day)]
        return on.groupby("mentor_id")["staff_id"].nunique()

    # A load only grows on the day that a course ends.
    tops = [count(day) for day in rows["end"].unique()]
    busiest = pd.concat(tops).groupby(level=0).max() if tops else pd.Series(dtype=float)
    table = mentors[["staff_id", "most"]].rename(columns={"staff_id": "mentor_id"})
    for name, loads in (("busiest", busiest), ("now", count(today))):
        table[name] = table["mentor_id"].map(loads).fillna(0).astype(int)
    return table.sort_values("mentor_id").reset_index(drop=True)
