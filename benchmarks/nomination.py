"""Are people put into seats well and fast: city size, growth, and against the greedy choice."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pandas as pd

from cakra_analysis.design.nomination import nominate

LIMITS = {"courses_most": 4, "least_jp": 20.0, "most_jp_pppk": 24.0}
SCALES = (0.1, 0.3, 1.0, 2.0, 3.0)
CITY = {"staff": 6000, "courses": 60, "units": 40, "sessions": 200, "seats": 4000}


def make_city(scale: float = 1.0, seed: int = 1, *, dated: bool = True) -> dict[str, pd.DataFrame]:
    """A city's tables: three competencies a course, seats by unit as a portfolio gives them."""
    rng = np.random.default_rng(seed)
    size = {name: max(int(n * scale), 2) for name, n in CITY.items()}
    units = [f"U{i:03d}" for i in range(size["units"])]
    share = rng.dirichlet(np.full(len(units), 3.0))
    n = size["staff"]
    people = pd.DataFrame(
        {
            "staff_id": [f"S{i:06d}" for i in range(n)],
            "unit_id": rng.choice(units, n, p=share),
            "status": rng.choice(["PNS", "PPPK"], n, p=[0.7, 0.3]),
            "sex": rng.choice(["female", "male"], n, p=[0.55, 0.45]),
            "job_class": rng.choice(["staff", "functional", "echelon 4", "echelon 3"], n,
                                    p=[0.55, 0.3, 0.1, 0.05]),
            "hours_jp": rng.choice([0.0, 4.0, 12.0, 20.0], n),
        }
    )  # fmt: skip
    competencies = [f"K{i:02d}" for i in range(20)]
    gap = np.round(rng.normal(0.4, 1.0, (n, 20)) + rng.normal(0, 0.5, (n, 1)), 1)
    gaps = pd.DataFrame(
        {
            "staff_id": np.repeat(people["staff_id"], 20),
            "competency_id": np.tile(competencies, n),
            "gap": gap.ravel(),
        }
    )
    codes = [f"C{i:03d}" for i in range(size["courses"])]
    requires = [codes[i - 5] if i >= 5 and i % 6 == 0 else None for i in range(len(codes))]
    offers = pd.DataFrame(
        {
            "course_id": codes,
            "hours_jp": rng.choice([4.0, 8.0, 12.0, 16.0, 24.0, 32.0], len(codes)),
            "requires": requires,
        }
    )
    effects = pd.DataFrame(
        [
            (code, k, rng.uniform(0.2, 1.2))
            for code in codes
            for k in rng.choice(competencies, 3, replace=False)
        ],
        columns=["course_id", "competency_id", "effect"],
    )
    weights = pd.DataFrame({"competency_id": competencies, "weight": rng.uniform(0.5, 2, 20)})
    number = np.maximum(rng.multinomial(size["sessions"], np.full(len(codes), 1 / len(codes))), 1)
    of = np.repeat(codes, number)
    names = [f"{code}-{i:04d}" for i, code in enumerate(of)]
    each = size["seats"] // len(of)
    sessions = pd.DataFrame({"session_id": names, "course_id": of, "seats": each})
    split = np.array([rng.multinomial(each, share) for _ in names])
    at, unit = np.nonzero(split)
    session_units = pd.DataFrame(
        {
            "session_id": np.array(names)[at],
            "unit_id": np.array(units)[unit],
            "seats": split[at, unit],
        }
    )
    days = pd.bdate_range("2026-02-01", "2026-11-30")
    start, last = rng.integers(0, len(days) - 4, len(of)), rng.integers(1, 5, len(of))
    rows = [
        (s, m + 1, days[a + m])
        for s, a, k in zip(names, start, last, strict=True)
        for m in range(k)
    ]
    meetings = pd.DataFrame(rows, columns=["session_id", "meeting", "date"])
    done = rng.random((n, len(codes))) < 0.03
    i, j = np.nonzero(done)
    completed = pd.DataFrame(
        {"staff_id": people["staff_id"].to_numpy()[i], "course_id": np.array(codes)[j]}
    )
    tables = {"gaps_by_person": gaps, "people": people, "offers": offers, "effects": effects}
    tables |= {"sessions": sessions, "weights": weights, "session_units": session_units}
    return tables | {"completed": completed, "meetings": meetings if dated else None}


def report(scale: float, kind: str = "all rules", seed: int = 1) -> None:
    tables = make_city(scale, seed, dated=kind != "no dates")
    fair = () if kind == "no fairness" else ("sex", "job_class")
    from benchmarks.scale import peak_memory

    before = peak_memory()
    start = time.perf_counter()
    found = nominate(**tables, **LIMITS, fair=fair)
    seconds = time.perf_counter() - start
    seats = int(tables["sessions"]["seats"].sum())
    print(
        f"| {len(tables['people']):,} | {len(tables['sessions'])} | {seats:,} | {kind} "
        f"| {seconds:.1f} | {found.gap:.1e} | {found.method} | {len(found.seats):,} "
        f"| {found.missing} | {peak_memory():.1f} ({before:.1f}) |"
    )


def measure(scale: float, kind: str = "all rules", seed: int = 1) -> str:
    """One run in a process of its own."""
    code = f"from benchmarks.nomination import report; report({scale}, {kind!r}, {seed})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run() -> str:
    lines = ["### Nomination", "", "`benchmarks/nomination.py`; seats are given to units.", ""]
    head = "people | sessions | seats | rules | seconds | gap | settled by | filled | missing"
    lines += [f"| {head} | peak GB (before) |", "|" + "---|" * 10]
    lines += [measure(scale) for scale in SCALES]
    lines += [measure(1.0, seed=seed) for seed in (2, 3)]
    lines += [measure(1.0, kind) for kind in ("no dates", "no fairness")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(run())
