"""A year's timetable at the size of a city: time to a plan, gap to the bound, and the re-plan."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from cakra_analysis.implementation.calendar import list_days
from cakra_analysis.implementation.replan import replan_timetable
from cakra_analysis.implementation.timetable import plan_timetable
from cakra_analysis.implementation.timetable_bound import find_bound
from cakra_analysis.implementation.timetable_inputs import Inputs, gather
from cakra_analysis.implementation.timetable_problem import frame_problem
from cakra_analysis.implementation.timetable_search import search

YEAR = 2027
SCALES = (0.1, 0.3, 1.0, 3.0)
HOURS = {"day_jp": 10.0, "ramadan_jp": 6.0}
GOODS = ("projector", "computers", "internet", "sound")


def make_city(scale: float, seed: int = 1) -> dict[str, pd.DataFrame]:
    """200 sessions of 60 courses, 20 rooms, 40 trainers, 40 units of 6,000 staff, times scale."""
    rng = np.random.default_rng(seed)
    n_sessions, n_courses = max(4, round(200 * scale)), max(3, round(60 * scale))
    n_rooms, n_trainers, n_units = (max(3, round(n * scale)) for n in (20, 40, 40))
    course = [f"C{i:03d}" for i in range(n_courses)]
    days = rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5], n_courses)
    route = rng.choice(["workshop/lokakarya", "pelatihan teknis", "coaching"], n_courses)
    route[rng.random(n_courses) < 0.1] = "e-learning"
    needs = [";".join(rng.choice(GOODS, rng.integers(0, 3), replace=False)) for _ in course]
    requires = [None] * n_courses
    for i in rng.choice(np.arange(1, n_courses), max(1, n_courses // 10), replace=False):
        requires[i] = course[int(rng.integers(0, i))]
    offers = pd.DataFrame({"course_id": course, "name_id": course, "name_en": course})
    offers = offers.assign(route=route, meeting_days=days, equipment=needs, requires=requires)
    offers["spacing_days"] = np.where(
        rng.random(n_courses) < 0.2, rng.choice([7, 14], n_courses), 0
    )
    offers["hours_jp"] = days * rng.choice([4, 5, 6, 8], n_courses)
    size = rng.choice([16, 20, 24, 30, 40], n_sessions)
    sessions = pd.DataFrame(
        {
            "session_id": [f"S{i:04d}" for i in range(n_sessions)],
            "course_id": np.concatenate([course, rng.choice(course, n_sessions - n_courses)])
            if n_sessions >= n_courses
            else course[:n_sessions],
            "seats": size,
        }
    )
    people = np.maximum(12, rng.gamma(1.2, 125, n_units)).round().astype(int)
    units = pd.DataFrame({"unit_id": [f"U{i:03d}" for i in range(n_units)], "people": people})
    calls = []
    for session, seats in zip(sessions["session_id"], size, strict=True):
        drawn = rng.choice(n_units, seats, p=people / people.sum())
        for unit, count in zip(*np.unique(drawn, return_counts=True), strict=True):
            most = max(1, people[unit] // 5)
            calls.append((session, f"U{unit:03d}", int(min(count, most))))
    kind = rng.choice(["government", "campus", "private"], n_rooms, p=[0.5, 0.25, 0.25])
    has = [";".join(g for g in GOODS if rng.random() < 0.7) for _ in range(n_rooms)]
    has[0] = has[-1] = ";".join(GOODS)
    kind[0] = "government"
    capacity = rng.choice([20, 25, 30, 40, 60], n_rooms)
    capacity[0] = capacity[-1] = 60
    price = {"government": 0, "campus": 750_000, "private": 2_500_000}
    venues = pd.DataFrame(
        {
            "venue_id": [f"V{i:03d}" for i in range(n_rooms)],
            "name": [f"V{i:03d}" for i in range(n_rooms)],
            "kind": kind,
            "capacity": capacity,
            "equipment": has,
            "cost_day_idr": [price[k] * rng.uniform(0.8, 1.2) for k in kind],
            "distance_km": rng.uniform(0.5, 9, n_rooms).round(1),
            "justification": "no government room is free",
        }
    )
    teach = [(f"T{i % n_trainers:03d}", c) for i, c in enumerate(course)]
    teach += [(f"T{rng.integers(n_trainers):03d}", c) for c in course for _ in range(2)]
    trainers = pd.DataFrame(teach, columns=["trainer_id", "course_id"]).drop_duplicates()
    trainers["fee_day_idr"] = rng.choice([600_000, 900_000, 1_200_000], len(trainers))
    closures = make_closures(rng, venues["venue_id"], trainers["trainer_id"].unique())
    return {
        "sessions": sessions,
        "session_units": pd.DataFrame(calls, columns=["session_id", "unit_id", "seats"]),
        "offers": offers,
        "venues": venues,
        "trainers": trainers,
        "unit_people": units,
        "closures": closures,
    }


def make_closures(rng, venue_ids, trainer_ids) -> pd.DataFrame:
    rows = []
    for kind, codes in (("venue", venue_ids), ("trainer", trainer_ids)):
        for code in codes:
            begin = pd.Timestamp(YEAR, 1, 1) + pd.Timedelta(days=int(rng.integers(0, 340)))
            end = begin + pd.Timedelta(days=int(rng.integers(5, 30)))
            rows.append((kind, code, begin, end, rng.choice(["hard", "soft"], p=[0.8, 0.2])))
    return pd.DataFrame(rows, columns=["kind", "code", "start", "end", "strength"])


def first_plan(city: dict[str, pd.DataFrame]) -> tuple[float, float]:
    """Seconds to the first plan for everybody (the plain greedy one), and its gap."""
    began = time.perf_counter()
    tables, closures = {k: v for k, v in city.items() if k != "closures"}, city["closures"]
    tables["days"] = list_days(YEAR)
    problem = frame_problem(Inputs(**gather(tables, closures, 0.25), away=0.25, **HOURS))
    found, value = search(problem, rounds=0, seed=0, bound=0, until=float("inf"))
    seconds = time.perf_counter() - began
    bound = find_bound(problem)
    return (seconds, (value - bound) / bound) if None not in found else (np.nan, np.nan)


def measure(scale: float, seconds: float, seed: int = 1) -> str:
    city = make_city(scale, seed)
    first, rough = first_plan(city)
    began = time.perf_counter()
    made = plan_timetable(**city, days=list_days(YEAR), seconds=seconds)
    took = time.perf_counter() - began
    sizes = (len(city["sessions"]), len(city["venues"]), city["trainers"]["trainer_id"].nunique())
    return (
        f"| {scale:g} | {' x '.join(str(n) for n in sizes)} | {len(made.meetings)} "
        f"| {first:.1f} | {rough:.2%} | {seconds:g} | {took:.1f} | {made.gap:.2%} | {made.status} |"
    )


def close_fortnight(meetings: pd.DataFrame) -> tuple[str, pd.Timestamp]:
    """The room with the most meetings in two weeks, and the first day of these."""
    rows = meetings.dropna(subset="venue_id")
    best = (0, "", pd.Timestamp(YEAR, 1, 1))
    for venue, held in rows.groupby("venue_id"):
        for monday in pd.date_range(f"{YEAR}-01-04", f"{YEAR}-12-13", freq="W-MON"):
            inside = held["date"].between(monday, monday + pd.Timedelta(days=13)).sum()
            best = max(best, (int(inside), str(venue), monday))
    return best[1], best[2]


def measure_replan(scale: float, seed: int = 1) -> str:
    """Close the busiest room in its busiest two weeks."""
    city = make_city(scale, seed)
    days = list_days(YEAR)
    made = plan_timetable(**city, days=days, seconds=20)
    venue, monday = close_fortnight(made.meetings)
    row = ("venue", venue, monday, monday + pd.Timedelta(days=13), "hard")
    shut = pd.DataFrame([row], columns=["kind", "code", "start", "end", "strength"])
    city["closures"] = pd.concat([city["closures"], shut], ignore_index=True)
    city.pop("sessions")
    began = time.perf_counter()
    changed = replan_timetable(made.meetings, **city, days=days, from_date=monday, seconds=120)
    took = time.perf_counter() - began
    kinds = changed.moved["changed"].str.split(";").explode().value_counts()
    told = ", ".join(f"{kinds.get(kind, 0)} {kind}" for kind in ("date", "venue", "trainer"))
    way = int(changed.moved["why"].eq("made_way").sum())
    return (
        f"| {scale:g} | {made.meetings['session_id'].nunique()} | {changed.value} "
        f"| {changed.bound} | {told} | {way} | {took:.1f} | {changed.status} |"
    )


def run(scales: tuple[float, ...] = SCALES) -> str:
    lines = [
        "### Timetable",
        "",
        "A made-up city's year (2027), 1 = 200 sessions of 60 courses.",
        "",
    ]
    lines += [
        "| size | sessions x rooms x trainers | meetings | first plan, s | its gap | allowed, s "
        "| took, s | gap to bound | status |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [measure(scale, seconds) for scale in scales for seconds in (20, 120)]
    lines += ["", "One room closed for its busiest two weeks, from that day on re-planned.", ""]
    lines += [
        "| size | sessions | moved | no plan moves fewer than | of these | made way | s | status |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [measure_replan(scale) for scale in scales]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(run(tuple(float(part) for part in sys.argv[1].split(",")) if sys.argv[1:] else SCALES))
