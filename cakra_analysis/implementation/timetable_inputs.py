"""What a timetable is made from: the tables, the rules that must hold, the points to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.routes import ONLINE

RULES = {
    "day": "nothing is placed on a hard day",
    "hours": "the learning hours of a meeting fit in a day",
    "ramadan": "the learning hours of a meeting in Ramadan fit in its shorter day",
    "spacing": "meetings keep the distance that the course asks for",
    "unit": "nobody is called from a unit on a day that the unit has closed for training",
    "capacity": "the room holds everybody",
    "equipment": "the room has the equipment of the course",
    "access": "the room is open to users of a wheelchair",
    "private": "a private venue needs a justification",
    "venue": "a room is not used while it is closed",
    "qualified": "the trainer can teach the course",
    "trainer": "a trainer does not teach while absent",
    "room_once": "one session a room a day",
    "trainer_once": "one session a trainer a day",
    "away": "at most the declared share of a unit is away on one day",
    "requires": "a course starts after a session of the course it requires has ended",
    "fixed": "what is marked as fixed stays where it is",
}
NOWHERE = -1  # in place of a room or trainer: none is needed


@dataclass(frozen=True)
class TimetablePoints:
    """What a plan is judged by, in rupiah or in points worth as much.

    Attributes
    ----------
    campus_day, private_day : int
        A day in a campus or private room, over one of the government.
    km_seat_day : int
        One participant one kilometre away, a day.
    soft_day : int
        A meeting on a soft day (or in a soft closure of its unit, room or trainer).
    crowded : int
        A meeting by which a month holds more than its share (see ``room_for_month``).
    room_for_month : float
        A month's share of all meetings goes by its open days; so many times this is not crowded.
    """

    campus_day: int = 250_000
    private_day: int = 1_000_000
    km_seat_day: int = 1_000
    soft_day: int = 500_000
    crowded: int = 200_000
    room_for_month: float = 1.25


class Present(NamedTuple):
    """Where a session stands now."""

    dates: tuple[pd.Timestamp, ...]
    venue_id: str | None
    trainer_id: str | None
    fixed: bool


@dataclass(frozen=True)
class Inputs:
    """The tables of one plan; ``present`` by session, ``barred`` sessions may not stay as they are.

    ``sessions`` may carry ``meeting_days`` and ``after`` (first day on which it may meet) of its
    own; ``met`` are courses that were held before and so no longer bind those that require them,
    ``begun`` sessions of which a meeting was held.
    """

    sessions: pd.DataFrame
    session_units: pd.DataFrame
    offers: pd.DataFrame
    venues: pd.DataFrame
    trainers: pd.DataFrame
    days: pd.DataFrame
    unit_people: pd.DataFrame
    closures: pd.DataFrame
    away: float
    day_jp: float
    ramadan_jp: float
    online_routes: tuple[str, ...] = ONLINE
    accessible_only: bool = False
    points: TimetablePoints = field(default_factory=TimetablePoints)
    present: Mapping[str, Present] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()

    def keep(self, session_ids: frozenset[str]) -> Inputs:
        """Reduce to some sessions.

        Parameters
        ----------
        session_ids : frozenset of str
            The sessions to keep.

        Returns
        -------
        Inputs
            The same tables with only these sessions.
        """
        kept = self.sessions[self.sessions["session_id"].isin(session_ids)]
        return replace(self, sessions=kept.reset_index(drop=True))


NEEDED = {
    "sessions": ("session_id", "course_id", "seats"),
    "session_units": ("session_id", "unit_id", "seats"),
    "offers": ("course_id", "hours_jp", "route"),
    "venues": ("venue_id", "kind", "capacity"),
    "trainers": ("trainer_id", "course_id"),
    "days": ("date", "strength", "ramadan"),
    "unit_people": ("unit_id", "people"),
}
CLOSURES = ("kind", "code", "start", "end", "strength")


def gather(
    tables: Mapping[str, pd.DataFrame], closures: pd.DataFrame | None, away: float
) -> dict[str, pd.DataFrame]:
    """Check and tidy the tables of a plan: columns, defaults of blank cells, dates.

    Parameters
    ----------
    tables : mapping
        The tables by their names in ``NEEDED``.
    closures : DataFrame or None
        The contract's table.
    away : float
        Checked only.

    Returns
    -------
    dict
        The tables by name, ``closures`` among them.

    Raises
    ------
    AnalysisError
        If a column is missing, a session is named twice or is of no course on offer, or a share
        is no share.
    """
    for name, table in tables.items():
        lost = [column for column in NEEDED[name] if column not in table.columns]
        if lost:
            raise AnalysisError(f"{name} lacks {', '.join(lost)}")
    if not 0 <= away <= 1:
        raise AnalysisError(f"away = {away}", allowed="a share from 0 to 1")
    sessions = tables["sessions"]
    if sessions["session_id"].duplicated().any():
        raise AnalysisError("a session_id stands twice in sessions")
    strangers = sorted(set(sessions["course_id"]) - set(tables["offers"]["course_id"]))
    if strangers:
        raise AnalysisError(f"sessions of courses not on offer: {', '.join(strangers[:5])}")
    held = dict(tables) | {"closures": _read_closures(closures)}
    held["offers"] = _fill(
        held["offers"], meeting_days=1, spacing_days=0, hours_jp=0.0, equipment="", requires=None
    )
    blank = {
        "accessible": "",
        "equipment": "",
        "cost_day_idr": 0.0,
        "distance_km": 0.0,
        "justification": "",
    }
    held["venues"] = _fill(held["venues"], **blank)
    held["trainers"] = _fill(held["trainers"], fee_day_idr=0.0)
    held["days"] = held["days"].sort_values("date").reset_index(drop=True)
    held["days"]["date"] = pd.to_datetime(held["days"]["date"])
    return held


def _fill(table: pd.DataFrame, **blanks: object) -> pd.DataFrame:
    table = table.copy()
    for name, value in blanks.items():
        if name not in table:
            table[name] = value
        elif value is not None:
            table[name] = table[name].astype(object).where(table[name].notna(), value)
    return table


def _read_closures(closures: pd.DataFrame | None) -> pd.DataFrame:
    if closures is None:
        return pd.DataFrame(columns=list(CLOSURES))
    lost = [column for column in CLOSURES if column not in closures.columns]
    if lost:
        raise AnalysisError(f"closures lacks {', '.join(lost)}")
    table = closures.copy()
    table[["start", "end"]] = table[["start", "end"]].apply(pd.to_datetime)
    return table


def read_present(meetings: pd.DataFrame) -> dict[str, Present]:
    """Read where each session stands in a timetable.

    Parameters
    ----------
    meetings : DataFrame
        session_id, meeting, date, venue_id, trainer_id, optionally fixed.

    Returns
    -------
    dict
        By session: its dates, its room and trainer (None if there is none, or more than one), and
        whether any of its meetings is marked as fixed.

    Examples
    --------
    >>> now = pd.DataFrame({"session_id": ["A"], "meeting": [1], "date": ["2026-06-02"],
    ...                     "venue_id": ["V1"], "trainer_id": ["T1"]})
    >>> read_present(now)["A"].venue_id
    'V1'
    """
    table = meetings.sort_values(["session_id", "meeting"])
    fixed = table["fixed"].eq("yes") if "fixed" in table else pd.Series(False, index=table.index)
    return {
        str(session): Present(
            tuple(pd.to_datetime(rows["date"])),
            _code(rows["venue_id"]),
            _code(rows["trainer_id"]),
            bool(fixed[rows.index].any()),
        )
        for session, rows in table.groupby("session_id", sort=True)
    }


def _code(cells: pd.Series) -> str | None:
    codes = set(cells.dropna().astype(str)) - {""}
    return codes.pop() if len(codes) == 1 and cells.notna().all() else None
