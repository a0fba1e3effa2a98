"""Are ten million ratings loaded, checked and scored in two minutes and 6 GB, wherever they stand?

``python -m benchmarks.database`` prints the table. Each source is read in a process of its own, so
that the peak of memory is its own too; the time is from loading to the gaps by unit. The
PostgreSQL server is the tests' own.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import sqlalchemy

from benchmarks.scale import peak_memory
from cakra_analysis import needs
from cakra_analysis.contracts import contracts
from cakra_analysis.database.schema import quote, type_of
from cakra_analysis.load import load
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region, write_region
from tests.postgres import PASSWORD, serve_postgres

ROOT = Path(__file__).parent.parent
STAFF = 115_000  # in service at a time: ten million ratings over three cycles
HIGHEST = 1000  # of courses.sessions_most, which the contract allows
HEAD = """## Does a database of ten million ratings fit?

A whole synthetic region of {staff:,} staff and three cycles, {rows:,} rows in all, {ratings:,} of
them ratings: loaded, every cell, key and reference checked, and the latest cycle scored to gaps by
unit with their intervals, leniency and rating noise included (`load`, `combine_sides`,
`score_person_gaps`, `score_gaps`). Wanted: 120 s and 6 GB. Time is of the wall, CPU of our own
process (PostgreSQL's server is another one); other work was on the machine where they differ.

| from | load and check, s | score, s | together, s | CPU, s | peak, GB | problems | gaps |
|---|---|---|---|---|---|---|---|
"""
TAIL = "Where the eight digits are alike, the gaps are the same to the ninth decimal."


def write_sources(folder: Path, staff: int) -> None:
    """The region as Parquet, and its very rows, mistakes and all, in DuckDB and as CSV to copy."""
    region = make_region(1, staff=staff, with_levels=False)
    courses = region.tables["courses"]
    courses["sessions_most"] = courses["sessions_most"].clip(upper=HIGHEST)
    write_region(region, folder / "region", kind="parquet")
    with duckdb.connect(folder / "region.duckdb") as own:
        for name in region.tables:
            file = folder / "region" / f"{name}.parquet"
            own.execute(f"CREATE TABLE {name} AS FROM read_parquet('{file}')")
            own.execute(f"COPY {name} TO '{folder}/{name}.csv'")


def copy_to(url: str, folder: Path) -> None:
    """The same rows as an agency may hold them on a server: with types, without keys."""
    engine = sqlalchemy.create_engine(
        url.replace("://", "+pg8000://").replace("@", f":{PASSWORD}@")
    )
    with engine.begin() as own:
        cursor = own.connection.cursor()
        for file in sorted(folder.glob("*.csv")):
            with file.open("rb") as stream:
                header = next(csv.reader([stream.readline().decode()]))
                known = contracts()[file.stem].columns
                columns = ", ".join(f"{quote(c)} {type_of(known[c], 'postgresql')}" for c in header)
                cursor.execute(f"CREATE TABLE {file.stem} ({columns})")
                cursor.execute(f"COPY {file.stem} FROM STDIN (FORMAT csv)", stream=stream)
    engine.dispose()


def score_source(place: str) -> dict[str, object]:
    """Load, check and score; the digest tells whether another source gave the same gaps."""
    start = time.perf_counter()
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
        "problems": len(data.problems),
        "cells": len(table),
        "gaps": hashlib.sha256(text.encode()).hexdigest()[:8],
    }


def write_database(*, staff: int = STAFF) -> str:
    """The section of docs/benchmarks.md."""
    os.environ["PGPASSWORD"] = PASSWORD
    found = {}
    with tempfile.TemporaryDirectory() as name, serve_postgres() as url:
        _run("write", name, str(staff))
        found["Parquet files"] = _run("score", f"{name}/region")
        found["DuckDB file"] = _run("score", f"duckdb:///{name}/region.duckdb")
        _run("copy", url, name)
        found["PostgreSQL"] = _run("score", url)
    first = found["Parquet files"]
    head = HEAD.format(staff=staff, rows=first["rows"], ratings=first["ratings"])
    lines = [
        f"| {name} | {f['loaded']:.0f} | {f['scored']:.0f} | {f['seconds']:.0f} | {f['cpu']:.0f} | "
        f"{f['gigabytes']:.1f} | {f['problems']} | {f['cells']:,} cells, {f['gaps']} |"
        for name, f in found.items()
    ]
    return head + "\n".join([*lines, "", TAIL, ""])


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
            copy_to(url, Path(folder))
            print("{}")
        case ["score", place]:
            print(json.dumps(score_source(place)))
        case _:
            print(write_database())


if __name__ == "__main__":
    main(sys.argv[1:])
