"""Are ten million ratings loaded, checked and scored in two minutes and 6 GB, wherever they stand?

``python -m benchmarks.database`` prints the table. Each source is read in a process of its own, so
that the peak of memory is its own too; the time is from its first import to the gaps by unit. The
PostgreSQL server is the tests' own.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale import peak_memory

ROOT = Path(__file__).parent.parent
STAFF = 115_000  # in service at a time: ten million ratings over three cycles
HIGHEST = 1000  # of courses.sessions_most, which the contract allows
HEAD = """## Does a database of ten million ratings fit?

A whole synthetic region of {staff:,} staff and three cycles, {rows:,} rows in all, {ratings:,} of
them ratings: loaded, every cell, key and reference checked, and the latest cycle scored to gaps by
unit with their intervals, leniency and rating noise included (`load`, `combine_sides`,
`score_person_gaps`, `score_gaps`). Wanted: 120 s and 6 GB. Time is of the wall, CPU of our own
process (PostgreSQL's server is another one); other work was on the machine where they differ.

| from | load and check, s | score, s | together, s | CPU, s | peak, GB | gaps |
|---|---|---|---|---|---|---|
"""


def write_sources(folder: Path, staff: int) -> None:
    """The region as Parquet, and in DuckDB as its checked tables."""
    from cakra_analysis.database import write_dataset
    from cakra_analysis.load import load
    from cakra_analysis.synthetic import make_region, write_region

    region = make_region(1, staff=staff, with_levels=False)
    courses = region.tables["courses"]
    courses["sessions_most"] = courses["sessions_most"].clip(upper=HIGHEST)
    write_region(region, folder / "region", kind="parquet")
    del region, courses
    write_dataset(load(folder / "region"), f"duckdb:///{folder}/region.duckdb")


def copy_to(url: str, folder: Path) -> dict[str, float]:
    """Write the checked tables into a database, by the same command that an agency uses."""
    from cakra_analysis.database import write_dataset
    from cakra_analysis.load import load

    dataset, start = load(folder / "region"), time.perf_counter()
    write_dataset(dataset, url)
    return {"seconds": time.perf_counter() - start, "gigabytes": peak_memory()}


def score_source(place: str) -> dict[str, object]:
    """Load, check and score; the digest tells whether another source gave the same gaps."""
    start = time.perf_counter()
    from cakra_analysis import needs
    from cakra_analysis.load import load
    from cakra_analysis.settings import Settings

    data = load(place)
    loaded = time.perf_counter() - start
    ratings, cycle = data["ratings"], data.latest
    now = ratings[ratings["cycle"] == cycle]
    sides = needs.combine_sides(
        now, data["standards"], definition=data.gap_definition, weights=Settings().gap.weights
    )
    gaps = needs.score_person_gaps(*sides, data["staff"])
    people = needs.count_people(data["staff"], data["standards"], data["competencies"])
    table = needs.score_gaps(gaps, data["units"], people=people)
    text = table[["unit_id", "competency_id", "value", "low", "high"]].round(9).to_csv()
    return {
        "loaded": loaded,
        "scored": time.perf_counter() - start - loaded,
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time(),
        "gigabytes": peak_memory(),
        "ratings": len(ratings),
        "rows": data.rows,
        "cells": len(table),
        "gaps": hashlib.sha256(text.encode()).hexdigest()[:8],
    }


def write_database(*, staff: int = STAFF) -> str:
    """The section of docs/benchmarks.md."""
    from tests.postgres import PASSWORD, serve_postgres

    os.environ["PGPASSWORD"] = PASSWORD
    found = {}
    with tempfile.TemporaryDirectory() as name, serve_postgres() as url:
        _run("write", name, str(staff))
        found["Parquet files"] = _run("score", f"{name}/region")
        found["DuckDB file"] = _run("score", f"duckdb:///{name}/region.duckdb")
        written = _run("copy", url, name)
        found["PostgreSQL"] = _run("score", url)
    first = found["Parquet files"]
    head = HEAD.format(staff=staff, rows=first["rows"], ratings=first["ratings"])
    lines = [
        f"| {name} | {f['loaded']:.0f} | {f['scored']:.0f} | {f['seconds']:.0f} | {f['cpu']:.0f} | "
        f"{f['gigabytes']:.1f} | {f['cells']:,} cells, {f['gaps']} |"
        for name, f in found.items()
    ]
    text = (
        "The gaps of the three are the same to the ninth decimal where the eight digits after "
        "them are. Writing the tables into PostgreSQL by `write_dataset`, keys and references "
        f"checked by the server, took {written['seconds']:.0f} s and {written['gigabytes']:.1f} GB."
    )
    return head + "\n".join([*lines, "", text, ""])


def _run(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.database", *arguments]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    print(run.stdout, end="", file=sys.stderr)
    return json.loads(run.stdout.splitlines()[-1])


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["write", folder, staff]:
            write_sources(Path(folder), int(staff))
            print("{}")
        case ["copy", url, folder]:
            print(json.dumps(copy_to(url, Path(folder))))
        case ["score", place]:
            print(json.dumps(score_source(place)))
        case _:
            print(write_database())


if __name__ == "__main__":
    main(sys.argv[1:])
