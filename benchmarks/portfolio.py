"""How fast, and how near to the best, is a portfolio planned for a city; growth with its size."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from cakra_analysis.design import Problem, gather_problem, list_offers, plan_portfolio

MODES = {"experience": 0.2, "social": 0.1, "formal": 0.0}
STATUSES = ["PNS", "PPPK", "CPNS"]


def make_city(staff: int, courses: int, units: int, seed: int, *, segments: int = 4) -> Problem:
    """People, gaps, courses and effects as a city might have them."""
    rng = np.random.default_rng(seed)
    ids = [f"S{i:06d}" for i in range(staff)]
    size = rng.lognormal(0, 0.8, units)
    unit = rng.choice(units, staff, p=size / size.sum())
    people = pd.DataFrame(
        {
            "staff_id": ids,
            "unit_id": [f"U{u:03d}" for u in unit],
            "segment": rng.integers(1, segments + 1, staff),
            "status": rng.choice(STATUSES, staff, p=[0.72, 0.24, 0.04]),
            "hours_jp": rng.choice([0, 4, 8, 20], staff, p=[0.6, 0.15, 0.1, 0.15]),
        }
    )
    names = [f"K{k:02d}" for k in range(17)]
    level = rng.normal(0.3, 0.5, (segments + 1, len(names)))[people["segment"]]
    gap = level + rng.normal(0, 0.3, (units, len(names)))[unit] + rng.normal(0, 0.8, level.shape)
    gap[rng.random(gap.shape) < 0.2] = np.nan
    gaps = pd.DataFrame(
        {
            "staff_id": np.repeat(ids, len(names)),
            "competency_id": np.tile(names, staff),
            "gap": gap.ravel(),
        }
    )
    weights = pd.DataFrame({"competency_id": names, "weight": rng.uniform(0.3, 1.0, len(names))})
    offers, effects = make_courses(courses, names, rng, staff)
    return gather_problem(gaps, people, offers, effects, weights=weights)


def make_courses(count: int, names: list[str], rng: np.random.Generator, staff: int):
    """Courses on one or two competencies each, some of which must come first."""
    ids = [f"C{c:03d}" for c in range(count)]
    most = rng.choice([20, 25, 30, 40], count)
    table = pd.DataFrame(
        {
            "course_id": ids,
            "hours_jp": rng.choice([4, 5, 10, 16, 20, 24, 40], count),
            "mode": rng.choice(["formal", "social", "experience"], count, p=[0.5, 0.25, 0.25]),
            "seats_least": most // 2,
            "seats_most": most,
            "sessions_most": max(2, staff // 300),
            "meeting_days": rng.integers(1, 5, count),
            "cost_session_idr": rng.uniform(3e6, 25e6, count).round(-5),
            "cost_seat_idr": rng.uniform(5e4, 6e5, count).round(-4),
            "requires": [ids[c - 1] if c % 10 == 9 else None for c in range(count)],
        }
    )
    first = pd.DataFrame({"course_id": ids, "competency_id": rng.choice(names, count)})
    second = pd.DataFrame(
        {"course_id": ids[::2], "competency_id": rng.choice(names, len(ids[::2]))}
    )
    effects = pd.concat([first, second]).drop_duplicates(ignore_index=True)
    effects["effect"] = rng.uniform(0.2, 0.9, len(effects))
    half = rng.uniform(0.1, 0.4, len(effects))
    effects = effects.assign(low=effects["effect"] - half, high=effects["effect"] + half)
    return list_offers(table), effects


def measure(staff: int, courses: int, units: int, seed: int, limit: float, **options) -> str:
    start = time.perf_counter()
    problem = make_city(staff, courses, units, seed)
    made = time.perf_counter() - start
    priorities = tuple(problem.competencies.nlargest(3, "weight")["competency_id"])
    rules = {
        "budget_idr": staff * 1e6,
        "modes": MODES,
        "priorities": priorities,
        "least_share": 0.5,
    } | options
    start = time.perf_counter()
    plan = plan_portfolio(problem, **rules, time_limit=limit, gap=0.005)
    took = time.perf_counter() - start
    return (
        f"| {staff:,} | {courses} | {units} | {len(problem.groups)} | {seed} "
        f"| {plan.sessions['sessions'].sum()} | {plan.sessions['seats'].sum():,} "
        f"| {plan.value / plan.whole_gap:.1%} | {plan.gap:.3%} | {plan.status} "
        f"| {made:.1f} | {took:.1f} |"
    )


def write_portfolio(seeds: int = 5, limit: float = 10.0) -> str:
    """The Markdown section."""
    lines = [
        "### Portfolio",
        "",
        f"At most {limit:.0f} s, gap to optimal asked for 0.5%; `benchmarks/portfolio.py`.",
        "",
        "| staff | courses | units | groups | seed | sessions | seats | gap closed | to optimal "
        "| status | gathered in s | planned in s |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [measure(600, 60, 12, 1, limit), measure(2_000, 60, 20, 1, limit)]
    lines += [measure(6_000, 60, 40, seed, limit) for seed in range(1, seeds + 1)]
    lines += [measure(18_000, 60, 120, 1, 60.0)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(write_portfolio(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
