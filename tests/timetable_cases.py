"""Small random timetables, and every rule written down a second time to check plans against."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from cakra_analysis.implementation.timetable_inputs import RULES, TimetablePoints

ALL = frozenset(RULES)
POINTS = TimetablePoints(crowded=0)
AWAY, DAY_JP, RAMADAN_JP = 0.25, 8.0, 5.0
TABLES = ("sessions", "session_units", "offers", "venues", "trainers", "days")


class Place(NamedTuple):
    days: tuple[int, ...]
    room: str | None
    trainer: str | None


def make_case(seed: int, *, tight: bool = False, sessions: int = 3, days: int = 8) -> dict:
    rng = np.random.default_rng(seed)
    pick = rng.choice
    n_sessions, n_courses = int(rng.integers(2, sessions + 1)), 2
    courses = [f"C{i}" for i in range(n_courses)]
    length = pick([1, 1, 2, 3], n_courses)
    offers = pd.DataFrame({"course_id": courses, "name_id": courses, "name_en": courses})
    offers["route"] = pick(["workshop/lokakarya"] * 5 + ["e-learning"], n_courses)
    offers["meeting_days"] = length
    offers["spacing_days"] = pick([0, 0, 2, 3], n_courses)
    offers["hours_jp"] = length * pick(
        [4.0, 5.0, 5.0, 6.0, 9.0] if tight else [4.0, 5.0, 6.0], n_courses
    )
    offers["equipment"] = pick(
        ["", "", "Projector", "computers; projector"][: 4 if tight else 3], n_courses
    )
    offers["requires"] = [None, pick([None, None, "C0"])]
    plan = pd.DataFrame({"session_id": [f"S{i}" for i in range(n_sessions)]})
    plan["course_id"] = pick(courses, n_sessions)
    plan["seats"] = pick([10, 20, 30], n_sessions)
    calls = [(s, f"U{u}", int(rng.integers(1, 4))) for s in plan["session_id"] for u in range(2)]
    units = pd.DataFrame(
        {"unit_id": ["U0", "U1"], "people": pick([3, 14, 20] if tight else [14, 20, 30], 2)}
    )
    n_rooms, n_trainers = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    rooms = pd.DataFrame({"venue_id": [f"V{i}" for i in range(n_rooms)]})
    rooms["name"] = rooms["venue_id"]
    rooms["kind"] = pick(["government", "campus", "private"], n_rooms)
    rooms["capacity"] = pick([20, 30, 40] if tight else [30, 40], n_rooms)
    rooms["equipment"] = pick(["projector;computers", "projector"], n_rooms)
    rooms["accessible"] = pick(["yes", "yes", "no"], n_rooms)
    rooms["cost_day_idr"] = pick([0, 100_000, 400_000], n_rooms)
    rooms["distance_km"] = pick([1.0, 2.5], n_rooms)
    rooms["justification"] = pick(["full", "full", ""][: 3 if tight else 2], n_rooms)
    teach = [
        (f"T{i}", c)
        for i in range(n_trainers)
        for c in courses
        if rng.random() < (0.75 if tight else 0.95)
    ]
    teach = teach or [("T0", "C0")]
    trainers = pd.DataFrame(teach, columns=["trainer_id", "course_id"])
    trainers["fee_day_idr"] = pick([100_000, 200_000, 300_000], len(trainers))
    calendar = pd.DataFrame({"date": pd.date_range("2027-02-01", periods=days)})
    calendar["strength"] = pick(["open", "open", "open", "soft", "hard"], days)
    calendar["ramadan"] = np.arange(days) >= int(rng.integers(2, days + 4))
    shut = [_draw_closure(rng, calendar, tight) for _ in range(int(rng.integers(0, 4)))]
    closures = pd.DataFrame(shut, columns=["kind", "code", "start", "end", "strength"])
    return {
        "sessions": plan,
        "session_units": pd.DataFrame(calls, columns=["session_id", "unit_id", "seats"]),
        "offers": offers,
        "venues": rooms,
        "trainers": trainers,
        "days": calendar,
        "unit_people": units,
        "closures": closures,
    }


def _draw_closure(rng, calendar, tight):
    kind, code = [("unit", "U0"), ("venue", "V0"), ("trainer", "T0")][rng.integers(3)]
    first = int(rng.integers(0, len(calendar)))
    last = min(len(calendar) - 1, first + int(rng.integers(0, 5 if tight else 2)))
    dates = calendar["date"]
    return kind, code, dates[first], dates[last], str(rng.choice(["hard", "hard", "soft"]))


def options(case: dict) -> dict:
    return {
        "unit_people": case["unit_people"],
        "closures": case["closures"],
        "away": AWAY,
        "day_jp": DAY_JP,
        "ramadan_jp": RAMADAN_JP,
        "points": POINTS,
    }


class Reading:
    """A case read once into plain Python, so that brute force is quick."""

    def __init__(self, case: dict, accessible_only: bool = False) -> None:
        self.case, self.accessible_only = case, accessible_only
        self.dates = list(case["days"]["date"])
        self.hard = case["days"]["strength"].eq("hard").tolist()
        self.soft = case["days"]["strength"].eq("soft").tolist()
        self.ramadan = case["days"]["ramadan"].tolist()
        self.sessions = {r["session_id"]: r for r in case["sessions"].to_dict("records")}
        self.offers = {r["course_id"]: r for r in case["offers"].to_dict("records")}
        self.rooms = {r["venue_id"]: r for r in case["venues"].to_dict("records")}
        rows = case["trainers"].to_dict("records")
        self.fees = {(r["trainer_id"], r["course_id"]): r["fee_day_idr"] for r in rows}
        self.people = sorted({r["trainer_id"] for r in rows})
        self.calls: dict[str, dict[str, int]] = {session: {} for session in self.sessions}
        for row in case["session_units"].to_dict("records"):
            # Learning at the own desk calls nobody away.
            if self.offer(row["session_id"])["route"] != "e-learning":
                self.calls[row["session_id"]][row["unit_id"]] = row["seats"]
        staff = dict(case["unit_people"].itertuples(index=False))
        self.most = {unit: max(1, int(AWAY * count + 1e-9)) for unit, count in staff.items()}
        self.shut: dict[tuple[str, str, str], set[int]] = {}
        for row in case["closures"].to_dict("records"):
            days = {i for i, d in enumerate(self.dates) if row["start"] <= d <= row["end"]}
            self.shut.setdefault((row["kind"], row["code"], row["strength"]), set()).update(days)

    def offer(self, session: str) -> dict:
        return self.offers[self.sessions[session]["course_id"]]

    def closed(self, kind: str, code: str | None, strength: str = "hard") -> set[int]:
        return self.shut.get((kind, code, strength), set())

    def is_next(self, day: int, then: int, spacing: int, hard: list[bool]) -> bool:
        upcoming = range(day + max(1, spacing), len(hard))
        return next((d for d in upcoming if not hard[d]), None) == then

    def broken_alone(self, session: str, place: Place) -> set[str]:
        """The rules that one session breaks by itself."""
        offer, row, broken = self.offer(session), self.sessions[session], set()
        if any(self.hard[day] for day in place.days):
            broken.add("day")
        jp = offer["hours_jp"] / offer["meeting_days"]
        if jp > DAY_JP:
            broken.add("hours")
        if jp > RAMADAN_JP and any(self.ramadan[day] for day in place.days):
            broken.add("ramadan")
        if any(self.closed("unit", unit) & set(place.days) for unit in self.calls[session]):
            broken.add("unit")
        if any(seats > self.most[unit] for unit, seats in self.calls[session].items()):
            broken.add("away")
        if place.room is not None:
            room = self.rooms[place.room]
            has = {part.strip().lower() for part in room["equipment"].split(";")}
            needs = {part.strip().lower() for part in offer["equipment"].split(";")} - {""}
            if row["seats"] > room["capacity"]:
                broken.add("capacity")
            if needs - has:
                broken.add("equipment")
            if self.accessible_only and room["accessible"] != "yes":
                broken.add("access")
            if room["kind"] == "private" and not room["justification"]:
                broken.add("private")
            if self.closed("venue", place.room) & set(place.days):
                broken.add("venue")
        if place.trainer is not None:
            if (place.trainer, row["course_id"]) not in self.fees:
                broken.add("qualified")
            if self.closed("trainer", place.trainer) & set(place.days):
                broken.add("trainer")
        return broken

    def broken_together(self, plan: dict[str, Place]) -> set[str]:
        """The rules that sessions break with each other."""
        broken, rooms, people, away = set(), set(), set(), {}
        for session, place in plan.items():
            for day in place.days:
                if place.room is not None and (place.room, day) in rooms:
                    broken.add("room_once")
                if place.trainer is not None and (place.trainer, day) in people:
                    broken.add("trainer_once")
                rooms.add((place.room, day))
                people.add((place.trainer, day))
                for unit, seats in self.calls[session].items():
                    away[unit, day] = away.get((unit, day), 0) + seats
                    if away[unit, day] > self.most[unit]:
                        broken.add("away")
        for session, place in plan.items():
            first = self.offer(session)["requires"]
            before = [s for s, r in self.sessions.items() if r["course_id"] == first]
            ends = [plan[s].days[-1] for s in before if s in plan]
            if before and len(ends) == len(before) and min(ends) >= place.days[0]:
                broken.add("requires")
        return broken

    def keeps_spacing(self, session: str, place: Place) -> bool:
        spacing = self.offer(session)["spacing_days"]
        pairs = zip(place.days, place.days[1:], strict=False)
        return all(self.is_next(one, other, spacing, self.hard) for one, other in pairs)

    def list_days(self, session: str, rules: frozenset[str]) -> set[tuple[int, ...]]:
        """Sets of days in order; a rule that is left out only adds to them."""
        offer, found = self.offer(session), set()
        loose = [False] * len(self.hard)
        for hard in [self.hard] if "day" in rules else [self.hard, loose]:
            for step in {offer["spacing_days"], offer["spacing_days"] * ("spacing" in rules)}:
                for first in range(len(hard)):
                    days = [first]
                    while len(days) < offer["meeting_days"]:
                        upcoming = range(days[-1] + max(1, step), len(hard))
                        then = next((d for d in upcoming if not hard[d]), None)
                        if then is None:
                            break
                        days.append(then)
                    if len(days) == offer["meeting_days"] and not hard[first]:
                        found.add(tuple(days))
        return found

    def list_places(self, session: str, rules: frozenset[str] = ALL) -> list[Place]:
        offer, course = self.offer(session), self.sessions[session]["course_id"]
        online = offer["route"] == "e-learning"
        taught = any(code == course for _, code in self.fees)
        rooms = [None] if online else list(self.rooms)
        people = [None] if online and not taught else self.people
        days = sorted(self.list_days(session, rules))
        places = [Place(*three) for three in product(days, rooms, people)]
        return [place for place in places if not self.broken_alone(session, place) & rules]

    def cost(self, session: str, place: Place) -> int:
        row, offer = self.sessions[session], self.offer(session)
        units = self.calls[session]
        total = 0
        for day in place.days:
            soft = self.soft[day] + sum(day in self.closed("unit", u, "soft") for u in units)
            soft += day in self.closed("venue", place.room, "soft")
            soft += day in self.closed("trainer", place.trainer, "soft")
            total += soft * POINTS.soft_day
            if place.room is not None:
                room = self.rooms[place.room]
                extra = {"campus": POINTS.campus_day, "private": POINTS.private_day}
                total += room["cost_day_idr"] + extra.get(room["kind"], 0)
                total += room["distance_km"] * row["seats"] * POINTS.km_seat_day
            if place.trainer is not None:
                total += self.fees[place.trainer, row["course_id"]]
        assert offer is not None
        return round(total)

    def plans(self, rules: frozenset[str] = ALL) -> Iterator[dict[str, Place]]:
        """Every plan that keeps the rules."""
        sessions = list(self.sessions)
        places = {session: self.list_places(session, rules) for session in sessions}

        def extend(plan: dict[str, Place]) -> Iterator[dict[str, Place]]:
            if len(plan) == len(sessions):
                yield plan
                return
            session = sessions[len(plan)]
            for place in places[session]:
                longer = {**plan, session: place}
                if not self.broken_together(longer) & rules:
                    yield from extend(longer)

        return extend({})

    def read(self, meetings: pd.DataFrame) -> dict[str, Place]:
        """A plan's table as places; a session must keep its room and trainer."""
        plan = {}
        for session, rows in meetings.groupby("session_id"):
            rows = rows.sort_values("meeting")
            for column in ("venue_id", "trainer_id"):
                assert rows[column].nunique(dropna=False) == 1
            assert rows["meeting"].tolist() == list(range(1, len(rows) + 1))
            days = tuple(self.dates.index(date) for date in rows["date"])
            room, trainer = rows["venue_id"].iloc[0], rows["trainer_id"].iloc[0]
            plan[session] = Place(
                days, None if pd.isna(room) else room, None if pd.isna(trainer) else trainer
            )
        return plan

    def broken(self, plan: dict[str, Place]) -> set[str]:
        """Every rule that a whole plan breaks."""
        broken = self.broken_together(plan)
        for session, place in plan.items():
            broken |= self.broken_alone(session, place)
            if not self.keeps_spacing(session, place):
                broken.add("spacing")
        return broken
