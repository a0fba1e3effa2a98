"""Time of delivery, learning hours, support and hand-over, a tenth to three times a city."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from cakra_analysis import handover, implementation

STAFF, UNITS, COURSES, SESSIONS, SEATS = 6_000, 40, 60, 200, 30
TIMES = (0.1, 1.0, 3.0)


def make_year(scale: float, seed: int = 0) -> dict[str, pd.DataFrame]:
    """A year of a city: everybody nominated somewhere, nine in ten came, one in ten a mentor."""
    rng = np.random.default_rng(seed)
    people, sessions = int(STAFF * scale), int(SESSIONS * scale)
    staff = [f"S{i:06d}" for i in range(people)]
    codes = [f"U{i:03d}" for i in range(int(max(4, UNITS * scale)))]
    courses = [f"C{i:03d}" for i in range(int(max(6, COURSES * scale)))]
    ends = pd.Timestamp("2026-02-02") + pd.to_timedelta(rng.integers(0, 300, sessions), unit="D")
    held = pd.DataFrame(
        {
            "session_id": [f"A{i:05d}" for i in range(sessions)],
            "course_id": rng.choice(courses, sessions),
            "cycle": "2026",
            "start": ends - pd.Timedelta(days=2),
            "end": ends,
        }
    )
    who = [rng.choice(people, SEATS, replace=False) for _ in range(sessions)]
    places = pd.DataFrame(
        {
            "session_id": held["session_id"].repeat(SEATS).to_numpy(),
            "staff_id": np.array(staff, dtype=object)[np.concatenate(who)],
        }
    )
    status = rng.choice(["completed", "dropped", "absent"], len(places), p=[0.85, 0.05, 0.1])
    unit = rng.choice(codes[1:], people)
    mentors = rng.choice(people, people // 10, replace=False)
    offers = pd.DataFrame({"course_id": courses, "name_id": courses, "name_en": courses})
    offers = offers.assign(kind="technical", route="kursus", hours_jp=16.0, meeting_days=2)
    days = pd.DataFrame({"meeting": [1, 2], "late": [1, 0]})
    meetings = held.merge(days, how="cross")
    meetings["date"] = meetings["end"] - pd.to_timedelta(meetings["late"], unit="D")
    meetings = meetings.assign(venue_id="V" + meetings["course_id"].str[-1], seats=SEATS)
    meetings["trainer_id"] = "T" + meetings["course_id"]
    placed = places.assign(unit_id=unit[np.concatenate(who)])
    taken = placed.groupby(["session_id", "unit_id"]).size().rename("seats").reset_index()
    return {
        "staff": pd.DataFrame({"staff_id": staff, "unit_id": unit, "status": "PNS"}),
        "units": pd.DataFrame(
            {"unit_id": codes, "parent_id": [None] + codes[:1] * (len(codes) - 1)}
        ),
        "courses": offers,
        "offers": offers,
        "sessions": held,
        "nominations": places.assign(status="invited"),
        "attendance": places.assign(status=status),
        "mentors": pd.DataFrame({"staff_id": np.array(staff, dtype=object)[mentors], "most": 10}),
        "meetings": meetings,
        "session_units": taken,
    }


def measure(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def time_year(scale: float) -> list[str]:
    t = make_year(scale)
    units = t["units"].assign(name=t["units"]["unit_id"])
    none = pd.DataFrame(columns=["session_id", "staff_id", "step", "done"], dtype="object")
    records = pd.DataFrame(columns=["staff_id", "cycle", "route", "quantity"], dtype="object")
    rates = pd.DataFrame({"route": ["kursus"], "hours_jp": [1.0], "confirmed": ["no"]})
    five = [t[n] for n in ("attendance", "sessions", "courses", "staff", "mentors")]

    def support() -> object:
        today = pd.Timestamp("2026-12-01")
        found = implementation.plan_support(*five, none, today=today, units=units)
        return implementation.summarise_support(found, units)

    def hand_over() -> object:
        names = ("meetings", "session_units", "nominations", "offers", "staff")
        given = {name: t[name] for name in names} | {"units": units}
        with tempfile.TemporaryDirectory() as folder:
            now = pd.Timestamp("2026-01-05T00:00Z")
            return handover.write_handover(
                Path(folder) / "x", given, year=2026, name="City", now=now
            )

    tasks: list[Callable[[], object]] = [
        lambda: implementation.count_delivery(
            t["nominations"], t["attendance"], t["sessions"], t["courses"], t["staff"], units
        ),
        lambda: implementation.score_compliance(
            implementation.keep_ledger(*five[:3], records, rates, t["staff"]), units
        ),
        support,
        hand_over,
    ]
    numbers = [f"{len(t['staff']):,}", f"{len(t['sessions']):,}", f"{len(t['attendance']):,}"]
    return numbers + [f"{measure(task):.1f} s" for task in tasks]


def run() -> str:
    """The table as Markdown."""
    head = ["staff", "sessions", "places", "delivery", "JP and compliance", "support and mentors",
            "hand-over files"]  # fmt: skip
    lines = [head, ["---"] * len(head), *(time_year(scale) for scale in TIMES)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    print(run())
