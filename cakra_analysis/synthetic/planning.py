"""Tables for planning: what is on offer, where and by whom, and how people were supported."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.catalogue import (
    CLOSURES,
    EFFECTS,
    FEE,
    JUDGED,
    MEASURED,
    TRAINERS_A_COURSE,
    VENUES,
)
from cakra_analysis.synthetic.offers import make_offers
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import POSITIONS

LEADING = ("Administrator", "Pengawas", "JPT Pratama", "JF Ahli Muda", "JF Ahli Madya")
MENTORS, MENTEES = 0.45, (2, 3, 4)
# step -> share who did it, days after the end at which they usually do, and the spread
STEPS = {"action_plan": (0.72, 10, 6), "day_30": (0.58, 31, 6), "day_60": (0.43, 62, 8),
         "day_90": (0.34, 95, 10), "survey": (0.38, 130, 20)}  # fmt: skip
KNOWN_UNTIL = "2026-10-31"  # the day on which the region's tables were drawn up


def make_planning(
    tables: Mapping[str, pd.DataFrame],
    units: pd.DataFrame,
    people: People,
    ids: np.ndarray,
    cycle: int,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Return what a programme and its timetable need, for the year after the last cycle.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``staff``, ``courses``, ``sessions``, ``attendance``.
    units : DataFrame
        unit_id, kind.
    people : People
        Everybody.
    ids : ndarray of str, shape (people,)
        Their codes.
    cycle : int
        Row number of the last cycle.
    rng : Generator
        Source of randomness, not shared with other tables.

    Returns
    -------
    dict of str to DataFrame
        ``courses`` and ``staff`` with further columns, ``course_effects``, ``venues``,
        ``trainers``, ``closures``, ``planned_sessions`` (of the last cycle), ``nominations``,
        ``mentors``, ``follow_ups``.
    """
    courses = make_offers(tables["courses"], len(people.serving_in(cycle)))
    year = int(tables["sessions"]["cycle"].max()) + 1
    staff = tables["staff"].assign(supervisor_id=_supervisors(units, people, ids, cycle))
    attendance, sessions = tables["attendance"], tables["sessions"]
    return {
        "courses": courses,
        "staff": staff,
        "course_effects": _effects(),
        "venues": _venues(),
        "trainers": _trainers(courses, rng),
        "closures": _closures(units, year),
        "planned_sessions": _planned(sessions, courses, rng),
        "nominations": _nominations(attendance, ids[people.serving_in(cycle)], rng),
        "mentors": _mentors(people, ids, cycle, rng),
        "follow_ups": _follow_ups(attendance, sessions, rng),
    }


def _effects() -> pd.DataFrame:
    rows = [
        (course, item, effect, effect - half, effect + half, (JUDGED, MEASURED)[known],
         ("no", "yes")[known])
        for course, items in EFFECTS.items()
        for item, (effect, half, known) in items.items()
    ]  # fmt: skip
    names = ["course_id", "competency_id", "effect", "low", "high", "source", "confirmed"]
    return pd.DataFrame(rows, columns=names)


def _venues() -> pd.DataFrame:
    names = ["name", "kind", "capacity", "accessible", "equipment", "cost_day_idr", "distance_km",
             "justification"]  # fmt: skip
    table = pd.DataFrame(VENUES, columns=names)
    table["cost_day_idr"] *= 1000
    table.insert(0, "venue_id", [f"V{number:02d}" for number in range(1, len(VENUES) + 1)])
    return table


def _trainers(courses: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Trainers who teach two or three courses each, so that courses compete for them."""
    codes = courses["course_id"].to_numpy()
    count = len(codes)
    rows = [
        (f"T{101 + (place + 7 * turn) % (count + 4)}", code, int(rng.choice(FEE)) * 1000)
        for place, code in enumerate(codes)
        for turn in range(TRAINERS_A_COURSE)
    ]
    table = pd.DataFrame(rows, columns=["trainer_id", "course_id", "fee_day_idr"])
    table["fee_day_idr"] = table.groupby("trainer_id")["fee_day_idr"].transform("first")
    return table.sort_values(["trainer_id", "course_id"], ignore_index=True)


def _closures(units: pd.DataFrame, year: int) -> pd.DataFrame:
    rows: list[tuple[str, ...]] = []
    for kind, code, start, end, *rest in CLOSURES:
        days = (f"{year}-{start}", f"{year}-{end}")
        if kind in ("all", "venue", "trainer"):
            rows.append((kind, code, *days, *rest))
        else:
            those = units.loc[units["kind"] == kind, "unit_id"]
            rows += [("unit", str(unit), *days, *rest) for unit in those]
    names = ["kind", "code", "start", "end", "strength", "name_id", "name_en", "confirmed"]
    table = pd.DataFrame(rows, columns=names)
    table.insert(0, "closure_id", [f"X{number:03d}" for number in range(1, len(rows) + 1)])
    return table


def _planned(
    sessions: pd.DataFrame, courses: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """What had been planned for the sessions that were held: one in eight came a week later."""
    late = rng.random(len(sessions)) < 1 / 8
    start = pd.to_datetime(sessions["start"]) - pd.to_timedelta(np.where(late, 7, 0), unit="D")
    days = sessions["course_id"].map(courses.set_index("course_id")["meeting_days"])
    rooms = {name: f"V{number:02d}" for number, (name, *_) in enumerate(VENUES, start=1)}
    table = pd.DataFrame(
        {
            "session_id": sessions["session_id"],
            "course_id": sessions["course_id"],
            "start": start,
            "days": days,
            "venue_id": sessions["venue"].map(rooms).fillna("V01"),
            "trainer_id": sessions["trainer"],
            "seats": sessions["seats"],
        }
    )
    table = table.loc[table.index.repeat(table["days"])].reset_index(drop=True)
    meeting = table.groupby("session_id").cumcount()
    dates = np.busday_offset(
        table["start"].to_numpy().astype("datetime64[D]"), meeting, roll="forward"
    )
    table = table.assign(meeting=meeting + 1, date=dates.astype(str))
    return table[["session_id", "meeting", "course_id", "date", "venue_id", "trainer_id", "seats"]]


def _nominations(
    attendance: pd.DataFrame, serving: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Everybody who was booked, a few who declined, and some on a waiting list."""
    booked = attendance[["session_id", "staff_id"]].assign(status="invited")
    booked.loc[rng.random(len(booked)) < 0.02, "status"] = "nominated"  # came without a letter
    parts = [booked]
    for status, share in (("declined", 0.08), ("waiting", 0.15)):
        count = round(share * len(booked))
        parts.append(
            pd.DataFrame(
                {
                    "session_id": rng.choice(booked["session_id"].unique(), size=count),
                    "staff_id": rng.choice(serving, size=count),
                    "status": status,
                }
            )
        )
    table = pd.concat(parts).drop_duplicates(["session_id", "staff_id"])
    return table.sort_values(["session_id", "staff_id"], ignore_index=True)


def _heads(units: pd.DataFrame, people: People, cycle: int) -> np.ndarray:
    """Row number of the person who leads each unit, -1 where there is nobody."""
    heads = np.full(len(units), -1)
    serving = people.serving_in(cycle)
    ranks = {"JPT Pratama": 0, "JF Ahli Madya": 1, "Administrator": 1, "Pengawas": 2}
    rank = np.array([ranks.get(job, 9) for _, _, job, _ in POSITIONS])[people.post[serving]]
    for person in serving[np.argsort(rank, kind="stable")][::-1]:
        heads[people.unit[person]] = person
    return heads


def _supervisors(units: pd.DataFrame, people: People, ids: np.ndarray, cycle: int) -> np.ndarray:
    head = _heads(units, people, cycle)[people.unit]
    known = (head >= 0) & (head != np.arange(len(ids)))
    return np.where(known, ids[head], "")


def _mentors(people: People, ids: np.ndarray, cycle: int, rng: np.random.Generator) -> pd.DataFrame:
    serving = people.serving_in(cycle)
    job = np.array([job for _, _, job, _ in POSITIONS])[people.post[serving]]
    able = serving[np.isin(job, LEADING) & (rng.random(len(serving)) < MENTORS)]
    most = rng.choice(MENTEES, size=len(able))
    return pd.DataFrame({"staff_id": ids[able], "most": most}).sort_values(
        "staff_id", ignore_index=True
    )


def _follow_ups(
    attendance: pd.DataFrame, sessions: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    done = attendance[attendance["status"] == "completed"][["session_id", "staff_id"]]
    ends = pd.to_datetime(done["session_id"].map(sessions.set_index("session_id")["end"]))
    parts = []
    for step, (share, usual, spread) in STEPS.items():
        after = np.maximum(1, np.rint(usual + spread * rng.standard_normal(len(done))))
        date = ends + pd.to_timedelta(after, unit="D")
        did = (rng.random(len(done)) < share) & (date <= KNOWN_UNTIL)
        parts.append(done.assign(step=step, done=date.dt.strftime("%Y-%m-%d"))[did.to_numpy()])
    return pd.concat(parts).sort_values(["session_id", "staff_id", "done"], ignore_index=True)
