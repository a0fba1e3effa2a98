"""How long things take on the machine at hand; one run, one table."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.scale import peak_memory
from benchmarks.segments import plant
from cakra_analysis import needs
from cakra_analysis.load import load
from cakra_analysis.synthetic import make_region, write_region

REGION = Path(__file__).parent.parent / "data" / "cakranegara"


def seconds(work: Callable[[], object], *, repeat: int = 1) -> float:
    """Median wall time of some work."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def make_survey(people: int, items: int) -> dict[str, pd.DataFrame]:
    """Ratings of three sources, all posts asking for level 3, a unit for every 25 people."""
    x, _ = plant(people, 1, items=items)
    rng = np.random.default_rng(1)
    ids = np.array([f"S{i:07d}" for i in range(people)])
    codes = np.array([f"C{j:02d}" for j in range(items)])
    parts = []
    for source in ("self", "supervisor", "peer"):
        level = np.clip(np.rint(2.4 - 0.5 * x + 0.4 * rng.standard_normal(x.shape)), 0, 5)
        rows = {"staff_id": np.repeat(ids, items), "competency_id": np.tile(codes, people)}
        parts.append(pd.DataFrame(rows | {"source": source, "rater": "1", "level": level.ravel()}))
    units = [f"U{i // 25:05d}" for i in range(people)]
    tree = ["R", *sorted(set(units))]
    return {
        "ratings": pd.concat(parts, ignore_index=True),
        "staff": pd.DataFrame({"staff_id": ids, "unit_id": units, "position_id": "P"}),
        "units": pd.DataFrame({"unit_id": tree, "parent_id": [None] + ["R"] * (len(tree) - 1)}),
        "standards": pd.DataFrame(
            {"position_id": "P", "competency_id": codes, "required_level": 3}
        ),
        "competencies": pd.DataFrame({"competency_id": codes}),
    }


def measure_stage(people: int, items: int) -> list[tuple[str, str]]:
    """Scores, ranks and segments of one survey, step by step."""
    survey, made = make_survey(people, items), {}

    def score() -> None:
        observed, wanted = needs.combine_sides(
            survey["ratings"],
            survey["standards"],
            definition=needs.STANDARD,
            weights={"self": 1, "supervisor": 2, "peer": 1},
        )
        made["people"] = needs.score_person_gaps(observed, wanted, survey["staff"])
        counted = needs.count_people(survey["staff"], survey["standards"], survey["competencies"])
        gaps = needs.score_gaps(made["people"], survey["units"], people=counted)
        needs.shrink_gaps(needs.adjust_below(gaps), survey["units"])

    steps = {
        "scores, marks and shrinkage": score,
        "ranks": lambda: needs.rank_needs(made["people"]),
        "segments": lambda: needs.find_segments(made["people"]),
    }
    size = f"{people:,} staff x {items} competencies"
    return [(f"{size}: {name}", f"{seconds(work):.1f} s") for name, work in steps.items()]


def measure_speed(folder: Path) -> list[tuple[str, str]]:
    """Name and figure of each measurement."""
    rows = [
        ("`python -c pass`, for comparison", process("-c", "pass")),
        ("`import cakra_analysis`", process("-c", "import cakra_analysis")),
        ("`cakra --help`", process("-m", "cakra_analysis", "--help")),
    ]
    found = [(name, f"{seconds(work, repeat=9):.3f} s") for name, work in rows]
    found.append(
        ("load and check `data/cakranegara`", f"{seconds(lambda: load(REGION), repeat=3):.2f} s")
    )
    found += measure_stage(5_000, 25)
    made = []
    work = {
        "make a region of a million staff, three cycles": lambda: made.append(
            make_region(1, staff=1_000_000, with_levels=False)
        ),
        "write it as Parquet": lambda: write_region(made[0], folder, kind="parquet"),
    }
    found += [(name, f"{seconds(run):.1f} s") for name, run in work.items()]
    rows_made = len(made[0].tables["ratings"])
    return [
        *found,
        ("its ratings", f"{rows_made:,} rows"),
        ("peak memory so far", f"{peak_memory():.1f} GB"),
    ]
