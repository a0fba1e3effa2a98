"""Run every benchmark and write docs/benchmarks.md: ``python -m benchmarks``.

``python -m benchmarks needs`` (or ``segments``, ``scale``, ``database``, ``evaluation``,
``evidence``, ``loop``, ``planning``, ``builder``, ``faults``, ``fuzz``) measures that section again
and leaves the others as they are;
``python -m benchmarks fuzz --files 10000 --seed 1`` says how many files, and which.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.builder import write_builder
from benchmarks.coverage import measure_coverage, measure_small_office
from benchmarks.database import write_database
from benchmarks.evaluation import write_evaluation
from benchmarks.evidence import write_evidence
from benchmarks.faults import write_faults
from benchmarks.fuzz import FILES, SEED, write_fuzz
from benchmarks.loop import write_loop
from benchmarks.needs import write_needs
from benchmarks.planning import write_planning
from benchmarks.scale import measure_scale
from benchmarks.segments import run as write_segments
from benchmarks.speed import measure_speed

OUT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
SEEDS = 200
SCALE = """## Does the core of sums scale?

The same sums by the Narwhals core on DuckDB and by hand-written SQL, taking turns in one process;
then every engine in a process of its own; then the pandas way of a million staff.

"""
TEXT = """# Benchmarks

Made by `make bench`; do not edit by hand. Machine: {machine}.
Timings differ from machine to machine and from run to run; no test depends on them.

## Do the intervals hold the truth?

{seeds} seeds, each with a region of 616 and one of 1,900 staff: {cells:,} cells of unit x
competency.
Three sources with leniency, halo, noise, straight lines, missing answers and missing people. The
truth is the mean expected gap of *all* staff of the unit: what rating everyone without rating
noise would show. 95% intervals; aimed at: 93-97% for every size of unit. Width and error in levels.

| staff | cells | covered | truth below | mean width | answered | mean error | share covered |
|---|---|---|---|---|---|---|---|
{coverage}

All sizes together: {whole:.1%} covered. The share in need is held to the share of staff whose
expected gap reaches half a level; it leans on normal deviations and is the less exact of the two.

Where one small office is all the data there is (three sources, {seeds} seeds):

| staff | cells | covered | mean width |
|---|---|---|---|
{office}

{needs}
{segments}
{evaluation}
{evidence}
{planning}
{loop}
{scale}
{database}
{builder}
{faults}
{fuzz}
## How fast is it?

| what | measured |
|---|---|
{speed}
"""


def main() -> None:
    print(f"Coverage over {SEEDS} seeds (about two minutes) ...", flush=True)
    table = measure_coverage(range(SEEDS))
    office = measure_small_office(range(SEEDS))
    print("Speed ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        speed = measure_speed(Path(folder))
    sections = {name: measure_section(name) for name in SECTIONS}
    whole = table["coverage"] @ table["cells"] / table["cells"].sum()
    text = TEXT.format(
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        seeds=SEEDS,
        cells=table["cells"].sum(),
        coverage="\n".join(_row(size, row) for size, row in table.iterrows()),
        whole=whole,
        **sections,
        office="\n".join(
            f"| {people:.0f} | {row['cells']:.0f} | {row['coverage']:.1%} | {row['width']:.2f} |"
            for people, row in office.iterrows()
        ),
        speed="\n".join(f"| {name} | {figure} |" for name, figure in speed),
    )
    OUT.write_text(text, encoding="utf-8")
    print(text)


SECTIONS = {
    "needs": lambda: write_needs(range(SEEDS)),
    "segments": lambda: write_segments(SEEDS),
    "evaluation": write_evaluation,
    "evidence": write_evidence,
    "planning": write_planning,
    "loop": write_loop,
    "scale": lambda: SCALE + measure_scale(),
    "database": write_database,
    "builder": write_builder,
    "faults": write_faults,
    "fuzz": write_fuzz,
}


def measure_section(name: str) -> str:
    """One section; stages 1 and 4 take about half an hour, the others about ten minutes each."""
    print(f"{name} ...", flush=True)
    return SECTIONS[name]()


def replace_section(text: str, section: str) -> str:
    """Put a section in the place of the one with its heading, or before the last."""
    heading = section.partition("\n")[0]
    before, found, rest = text.partition(heading + "\n")
    if not found:
        before, _, rest = text.rpartition("\n## ")
        return f"{before}\n{section}\n## {rest}"
    _, more, after = rest.partition("\n## ")
    return before + section + (f"\n## {after}" if more else "")


def _row(size: object, row: pd.Series) -> str:
    return (
        f"| {size} | {row['cells']:,.0f} | {row['coverage']:.1%} | {row['truth_below']:.1%} "
        f"| {row['width']:.2f} | {row['answered']:.0%} | {row['mean_error']:+.3f} "
        f"| {row['share_coverage']:.1%} |"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS])
    parser.add_argument("--files", type=int, default=FILES, help="of the section fuzz")
    parser.add_argument("--seed", type=int, default=SEED, help="of the section fuzz")
    options = parser.parse_args()
    SECTIONS["fuzz"] = lambda: write_fuzz(options.files, options.seed)
    for name in options.sections:
        OUT.write_text(replace_section(OUT.read_text("utf-8"), measure_section(name)), "utf-8")
    if not options.sections:
        main()
