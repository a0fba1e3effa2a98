"""How long things take on the machine at hand; one run, one table."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
    made = []
    work = {
        "make a region of a million staff, three cycles": lambda: made.append(
            make_region(1, staff=1_000_000, with_levels=False)
        ),
        "write it as Parquet": lambda: write_region(made[0], folder, kind="parquet"),
    }
    found += [(name, f"{seconds(run):.1f} s") for name, run in work.items()]
    rows_made = len(made[0].tables["ratings"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return [
        *found,
        ("its ratings", f"{rows_made:,} rows"),
        ("peak memory so far", f"{peak:.1f} GB"),
    ]
