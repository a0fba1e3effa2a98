"""Which sessions moved, from where to where, and why."""

from __future__ import annotations

import pandas as pd

from .replan_moves import stands
from .timetable_inputs import RULES, Inputs
from .timetable_problem import frame_problem

MOVED = (
    "session_id",
    "course_id",
    "changed",
    "from_date",
    "to_date",
    "from_venue_id",
    "to_venue_id",
    "from_trainer_id",
    "to_trainer_id",
    "why",
)


def list_moved(inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """List the sessions that moved, from where to where, and why.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    before, after : DataFrame
        The meetings ahead in the old and the new plan.

    Returns
    -------
    DataFrame
        As ``Replan.moved``, sorted by session.
    """
    old, new = (_gather(table) for table in (before, after))
    kinds = {"date": "dates", "venue": "venues", "trainer": "trainers"}
    rows = []
    for session in sorted(old.index):
        was, now = old.loc[session], new.loc[session]
        changed = [kind for kind, column in kinds.items() if was[column] != now[column]]
        if changed:
            rows.append(
                {
                    "session_id": session,
                    "course_id": was["course_id"],
                    "changed": ";".join(changed),
                    "from_date": was["dates"][0],
                    "to_date": now["dates"][0],
                    "from_venue_id": was["venue_id"],
                    "to_venue_id": now["venue_id"],
                    "from_trainer_id": was["trainer_id"],
                    "to_trainer_id": now["trainer_id"],
                    "why": _tell_why(inputs, session),
                }
            )
    return pd.DataFrame(rows, columns=list(MOVED))


def _gather(meetings: pd.DataFrame) -> pd.DataFrame:
    """One row a session: its first room and trainer, and all its dates, rooms and trainers."""
    table = meetings.sort_values(["session_id", "meeting"])
    table[["venues", "trainers"]] = table[["venue_id", "trainer_id"]].fillna("").astype(str)
    return table.groupby("session_id").agg(
        course_id=("course_id", "first"),
        venue_id=("venue_id", "first"),
        trainer_id=("trainer_id", "first"),
        dates=("date", tuple),
        venues=("venues", tuple),
        trainers=("trainers", tuple),
    )


def _tell_why(inputs: Inputs, session: str) -> str:
    """The rules that the session breaks where it stands, each by itself."""
    if session in inputs.barred:
        return "cancelled"
    alone = inputs.keep(frozenset({session}))
    broken = [rule for rule in RULES if not stands(frame_problem(alone, frozenset({rule})), 0)]
    return ";".join(broken) or "made_way"
