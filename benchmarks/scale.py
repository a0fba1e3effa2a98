"""Do the sums keep pace with hand-written SQL, and does a million staff fit one machine?

``python -m benchmarks.scale`` prints the tables. Each engine and size runs in a process of its
own, so that the peak of memory is its own too; the core and the SQL it is held against take turns
in one.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from cakra_analysis.needs import combine_sides, count_people, score_gaps, score_person_gaps
from cakra_analysis.needs.rating_sums import sum_ratings
from cakra_analysis.needs.sums import sum_gaps
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 1_000_000, 30_000_000)
ENGINES = ("DuckDB", "Polars", "pandas")
WORK = {"gaps": "gaps of persons", "ratings": "ratings"}
WEIGHTS = {"self": 1.0, "supervisor": 2.0, "peer": 1.0}
COMPETENCIES, POSTS, IN_A_UNIT = 10, 18, 70

# What somebody who knows SQL would write for the same columns.
SUMS = """
SELECT unit_id, competency_id, count(*) AS n, sum((gap >= 0.499999999)::INT) AS n_below,
  sum((gap <= 1e-9)::INT) AS n_none, sum((gap > 1e-9 AND gap <= 1.000000001)::INT) AS n_low,
  sum((gap > 1.000000001 AND gap <= 2.000000001)::INT) AS n_medium,
  sum((gap > 2.000000001)::INT) AS n_high, sum(gap) AS sum_gap, sum(gap * gap) AS sum_gap_square
  {also}
FROM {table} WHERE gap IS NOT NULL GROUP BY ALL
"""
GAPS = """
WITH means AS (
  SELECT staff_id, competency_id, avg(level) FILTER (source = 'self') AS self,
    avg(level) FILTER (source = 'supervisor') AS supervisor,
    avg(level) FILTER (source = 'peer') AS peer
  FROM '{folder}/ratings.parquet'
  WHERE level IS NOT NULL AND source IN ('self', 'supervisor', 'peer') GROUP BY ALL
), levels AS (
  SELECT unit_id, competency_id, required_level AS required,
    (coalesce(self, 0) + coalesce(2 * supervisor, 0) + coalesce(peer, 0))
    / ((self IS NOT NULL)::INT + 2 * (supervisor IS NOT NULL)::INT + (peer IS NOT NULL)::INT)
    AS observed
  FROM means JOIN '{folder}/staff.parquet' USING (staff_id)
  JOIN '{folder}/standards.parquet' USING (position_id, competency_id)
), gaps AS (SELECT *, required - observed AS gap FROM levels)
"""


def write_tables(folder: Path, rows: int) -> None:
    """As many ratings, and as many gaps of persons; DuckDB writes them piece by piece."""
    folder.mkdir(parents=True, exist_ok=True)
    people = rows // (COMPETENCIES * len(WEIGHTS))
    units = max(people // IN_A_UNIT, 1)
    sources = ", ".join(f"'{source}'" for source in WEIGHTS)
    # Source by source, as surveys arrive: the ratings of a person do not stand together.
    person = f"i // {COMPETENCIES} % {people}"
    tables = {
        "ratings": f"SELECT printf('%018d', {person}) AS staff_id, 'M.' || i % {COMPETENCIES} AS "
        f"competency_id, [{sources}][1 + i // {people * COMPETENCIES}] AS source, '2026' AS cycle, "
        f"CASE WHEN hash(i) % 20 > 0 THEN (hash(i) // 32 % 6)::TINYINT END AS level "
        f"FROM range({people * COMPETENCIES * len(WEIGHTS)}) t(i)",
        "staff": f"SELECT printf('%018d', i) AS staff_id, 'U' || i % {units} AS unit_id, "
        f"'P' || hash(i) % {POSTS} AS position_id FROM range({people}) t(i)",
        "standards": f"SELECT 'P' || i // {COMPETENCIES} AS position_id, 'M.' || i % {COMPETENCIES}"
        f" AS competency_id, 1 + hash(i) % 5 AS required_level FROM range({POSTS * 10}) t(i)",
        "gaps": f"SELECT 'U' || i // {COMPETENCIES} % {units} AS unit_id, 'M.' || i % "
        f"{COMPETENCIES} AS competency_id, (hash(i) % 33)::DOUBLE / 4 - 3 AS gap "
        f"FROM range({rows}) t(i)",
    }
    for name, query in tables.items():
        duckdb.sql(f"COPY ({query}) TO '{folder}/{name}.parquet'")


def sum_up(engine: str, work: str, folder: Path) -> pd.DataFrame:
    """The core on one engine, from Parquet to the sums in pandas."""
    read: dict[str, Callable[[Path], Any]] = {
        "pandas": pd.read_parquet,
        "Polars": pl.scan_parquet,
        "DuckDB": lambda file: duckdb.read_parquet(str(file)),
    }

    def table(name: str) -> Any:
        return read[engine](folder / f"{name}.parquet")

    if work == "gaps":
        sums = sum_gaps(table("gaps"))
    else:
        ratings, staff, standards = (table(name) for name in ("ratings", "staff", "standards"))
        sums = sum_ratings(ratings, staff, standards, weights=WEIGHTS)
    finish = {"pandas": lambda t: t, "Polars": lambda t: t.collect().to_pandas()}
    return finish.get(engine, lambda t: t.df())(sums)


def sum_by_hand(work: str, folder: Path) -> pd.DataFrame:
    """The same sums by SQL."""
    if work == "gaps":
        return duckdb.sql(SUMS.format(table=f"'{folder}/gaps.parquet'", also="")).df()
    also = ", sum(required) AS sum_required, sum(observed) AS sum_observed"
    return duckdb.sql(GAPS.format(folder=folder) + SUMS.format(table="gaps", also=also)).df()


def time_turns(work: str, folder: Path, repeat: int) -> dict[str, float]:
    """Best times of core and SQL in turns; their sums must be the same."""
    best = {"core": math.inf, "SQL": math.inf}
    keys = ["unit_id", "competency_id"]
    for _ in range(repeat):
        tables = {}
        for name in best:
            start = time.perf_counter()
            made = sum_up("DuckDB", work, folder) if name == "core" else sum_by_hand(work, folder)
            best[name] = min(best[name], time.perf_counter() - start)
            tables[name] = made.sort_values(keys, ignore_index=True).astype({"n_below": "int64"})
        columns = [*keys, "n", "n_below", "sum_gap", "sum_gap_square"]
        one, other = tables["core"][columns], tables["SQL"][columns]
        pd.testing.assert_frame_equal(one, other, rtol=1e-9, check_dtype=False)
    return best


def time_engine(engine: str, work: str, folder: Path, repeat: int) -> dict[str, float]:
    """Best time of one engine, and the peak of memory of the process."""
    best = math.inf
    for _ in range(repeat):
        start = time.perf_counter()
        sum_up(engine, work, folder)
        best = min(best, time.perf_counter() - start)
    return {"seconds": best, "gigabytes": peak_memory()}


def time_staff(staff: int) -> dict[str, float]:
    """Scoring a whole region in pandas, noise and leniency included, as the notebook does it."""
    region = make_region(1, staff=staff, cycles=1, mistakes=False, with_levels=False)
    tables = dict(region.tables)
    del region
    units = tables["units"].assign(parent_id=lambda t: t["parent_id"].replace("", None))
    found = {
        "staff": len(tables["staff"]),
        "ratings": len(tables["ratings"]),
        "made": peak_memory(),
    }
    start = time.perf_counter()
    sides = combine_sides(
        tables["ratings"],
        tables["standards"],
        definition="standard minus observed",
        weights=Settings().gap.weights,
    )
    found["combine_sides"] = time.perf_counter() - start
    gaps = score_person_gaps(*sides, tables["staff"])
    found["score_person_gaps"] = time.perf_counter() - start - found["combine_sides"]
    people = count_people(tables["staff"], tables["standards"], tables["competencies"])
    score_gaps(gaps, units, people=people)
    found["seconds"] = time.perf_counter() - start
    return found | {"gigabytes": peak_memory()}


def measure_scale(*, sizes: Sequence[int] = SIZES, staff: int = 1_000_000) -> str:
    """All of it as Markdown."""
    lines = ["| rows | from | core, s | SQL, s | core / SQL |", "|---|---|---|---|---|"]
    slopes = ["| engine | from | " + " | ".join(f"{n:,} rows" for n in sizes) + " | slopes |"]
    slopes += ["|---" * (len(sizes) + 3) + "|"]
    with tempfile.TemporaryDirectory() as name:
        folders = {rows: Path(name) / str(rows) for rows in sizes}
        for rows, folder in folders.items():
            write_tables(folder, rows)
            for work, words in WORK.items():
                turns = _run("turns", work, str(folder), "5" if rows < 5e6 else "3")
                ratio = turns["core"] / turns["SQL"]
                figures = f"{turns['core']:.2f} | {turns['SQL']:.2f} | {ratio:.2f}"
                lines.append(f"| {rows:,} | {words} | {figures} |")
        for engine in ENGINES:
            slopes += [_row(engine, work, folders) for work in WORK]
    found = _run("staff", str(staff))
    text = (
        f"{found['staff']:,.0f} staff, {found['ratings']:,.0f} ratings, scored in pandas with "
        f"leniency and rating noise: {found['seconds']:.0f} s (combining the sources "
        f"{found['combine_sides']:.0f} s, gaps of persons {found['score_person_gaps']:.0f} s), "
        f"peak memory {found['gigabytes']:.1f} GB, of which making the region took "
        f"{found['made']:.1f} GB."
    )
    return "\n".join([*lines, "", *slopes, "", text])


def _row(engine: str, work: str, folders: dict[int, Path]) -> str:
    """Seconds and peak memory by size; the slope is how many times more for ten times the rows."""
    cells = {n: _run("engine", engine, work, str(f), "2") for n, f in folders.items()}
    shown = " | ".join(f"{c['seconds']:.2f} s, {c['gigabytes']:.2f} GB" for c in cells.values())
    sizes = list(cells)
    slopes = [
        math.log(cells[b]["seconds"] / cells[a]["seconds"]) / math.log(b / a)
        for a, b in itertools.pairwise(sizes)
    ]
    return f"| {engine} | {WORK[work]} | {shown} | {', '.join(f'{s:.2f}' for s in slopes)} |"


def _run(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", *arguments]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def peak_memory() -> float:
    """In GB. What Linux says in ru_maxrss counts the process that started this one, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["turns", work, folder, repeat]:
            print(json.dumps(time_turns(work, Path(folder), int(repeat))))
        case ["engine", engine, work, folder, repeat]:
            print(json.dumps(time_engine(engine, work, Path(folder), int(repeat))))
        case ["staff", staff]:
            print(json.dumps(time_staff(int(staff))))
        case _:
            print(measure_scale())


if __name__ == "__main__":
    main(sys.argv[1:])
