"""Damaged files by the thousand: ``python -m benchmarks fuzz``, or ``python -m benchmarks.fuzz``.

Each gives a result or one clear error: never another exception, a hang, a warning, the number of a
person in a message, or a value that the file does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.fuzz_cases import CASES as DATA_SETS
from benchmarks.fuzz_exports import CASES as EXPORTS
from benchmarks.fuzz_exports import check_proposal
from benchmarks.fuzz_seeds import Case, unchecked
from cakra_analysis.errors import CakraError
from cakra_analysis.identifiers import LONG

FILES, SEED = 10_000, 1
CHUNK, WORKERS = 100, os.cpu_count() or 1
CASES = EXPORTS | {f"data {name}": case for name, case in DATA_SETS.items()}
SECONDS = 15  # of the processor, for one file
SILENT = 240  # seconds of the clock, until a process that says nothing counts as hung
MEMORY = 3 * 2**30
BUGS = ("exception", "wrong", "person shown", "no message", "warning", "hang", "memory", "died")


Row = dict[str, Any]


class TooLongError(Exception):
    """A file took too long."""


def make_case(seed: int, number: int, folder: Path) -> Case:
    """Case ``number``, the same every time; its files are in the folder."""
    rng = Random(f"{seed}/{number}")
    names = list(CASES)
    shares = [share for share, _ in CASES.values()]
    return CASES[rng.choices(names, shares)[0]][1](rng, folder)


def hold_to(case: Case) -> str:
    """What a result is held to, beside giving no other exception, hang, warning or person."""
    return {unchecked: "-", check_proposal: "form"}.get(case.check, "values")


def judge(case: Case) -> tuple[str, str]:
    """What became of a damaged file, and what was said."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            wrong = case.check(case.run())
        except CakraError as error:
            return _judge_error(error)
        except TooLongError:
            return "hang", f"more than {SECONDS} s of the processor"
        except MemoryError:
            return "memory", f"more than {MEMORY / 2**30:.0f} GB"
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)
            ours = [f for f in last if "cakra_analysis" in f.filename or "benchmarks" in f.filename]
            where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in ours[:-4:-1])
            return "exception", f"{type(error).__name__}: {str(error)[:150]} ({where})"
    if wrong:
        return "wrong", wrong
    if heard:
        return "warning", f"{heard[0].category.__name__}: {str(heard[0].message)[:150]}"
    return "result", ""


def _judge_error(error: CakraError) -> tuple[str, str]:
    said = str(error)
    if not error.found.strip():
        return "no message", type(error).__name__
    if LONG.search(said):
        return "person shown", said[:200]
    return f"refused: {type(error).__name__}", said


def _stop(*_: object) -> None:
    raise TooLongError


def run_cases(seed: int, first: int, last: int) -> None:
    """Judge cases in this process, a line of JSON each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, _stop)
    for number in range(first, last):
        with tempfile.TemporaryDirectory(prefix="fuzz") as name:
            case = make_case(seed, number, Path(name))
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            start = time.process_time()
            outcome, said = judge(case)
            signal.setitimer(signal.ITIMER_PROF, 0)
            row = {"number": number, "kind": case.kind, "source": case.source, "outcome": outcome}
            row |= {
                "held": hold_to(case),
                "damage": case.damage,
                "said": said.replace(name, ""),
                "cpu": round(time.process_time() - start, 2),
            }
            print(json.dumps(row), flush=True)


def run_chunk(seed: int, first: int, last: int) -> list[Row]:
    """Judge cases in a process of its own; what kills it, or makes it hang, is a case."""
    rows: list[Row] = []
    while (number := first + len(rows)) < last:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--seed", str(seed)]
        command += ["--inside", str(number), str(last)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while line := (said := _hear(process))[0]:
            rows.append(json.loads(line))
        process.wait()
        if first + len(rows) < last:
            row = {
                "number": first + len(rows),
                "kind": "?",
                "source": "?",
                "held": "-",
                "damage": [],
            }
            row |= {"outcome": "hang" if said[1] else "died", "cpu": 0}
            rows.append(row | {"said": f"exit code {process.returncode}"})
    return rows


def run_all(
    seed: int,
    files: int,
    *,
    told: Callable[[Row], None],
    done: Container[int] = (),
    workers: int = WORKERS,
) -> None:
    """Judge all cases, several processes at a time, but those that are done."""
    chunks = [(first, min(first + CHUNK, files)) for first in range(0, files, CHUNK)]
    todo = [chunk for chunk in chunks if any(number not in done for number in range(*chunk))]
    with ThreadPoolExecutor(workers) as pool:
        for started in as_completed(pool.submit(run_chunk, seed, *chunk) for chunk in todo):
            for row in started.result():
                if row["number"] not in done:
                    told(row)


def _hear(process: subprocess.Popen[str]) -> tuple[str, bool]:
    """The next line of a process, and whether it was killed because it said nothing."""
    timer = threading.Timer(SILENT, process.kill)
    timer.start()
    line = process.stdout.readline() if process.stdout else ""
    killed = not timer.is_alive()
    timer.cancel()
    return line, killed


def count(rows: list[Row]) -> str:
    """A table: outcomes by what was damaged."""
    kinds = sorted({row["kind"] for row in rows})
    found = Counter((row["kind"], row["outcome"]) for row in rows)
    outcomes = sorted({row["outcome"] for row in rows} | set(BUGS[:2]))
    held = {row["kind"]: row["held"] for row in rows}
    lines = [f"| what was damaged | held to | files | {' | '.join(outcomes)} |"]
    lines.append("|---|" + "---|" * (len(outcomes) + 2))
    for kind in kinds:
        total = sum(row["kind"] == kind for row in rows)
        cells = " | ".join(f"{found[kind, outcome]:,}" for outcome in outcomes)
        lines.append(f"| {kind} | {held[kind]} | {total:,} | {cells} |")
    return "\n".join(lines)


def write_fuzz(files: int = FILES, seed: int = SEED) -> str:
    """The section of docs/benchmarks.md."""
    rows: list[Row] = []
    run_all(seed, files, told=rows.append)
    return describe(rows, seed)


def describe(rows: list[Row], seed: int) -> str:
    bugs = sum(row["outcome"] in BUGS for row in rows)
    held = Counter(row["held"] for row in rows)
    return (
        "## What becomes of damaged files?\n\n"
        f"{len(rows):,} files, damaged by seed {seed} (`benchmarks/fuzz.py`): cells, headers, rows "
        "and columns of the\nexports of `tests/exports` and of small data sets, their encodings "
        "and bytes, the parts of\nworkbooks. Each must give a result or one error in words: no "
        "other exception, hang, warning or person\nshown. What a result is held to beyond that:\n\n"
        f"- *values* ({held['values']:,} files): what was read is held to the file's cells, read "
        "again by other code. Of a data\n  set that is the damaged table; of an export in which "
        "people stand repeatedly the number of people only.\n"
        f"- *form* ({held['form']:,}): a proposed mapping is TOML, lists each question it leaves "
        "open, and names nobody; whether it\n  is right is not looked at.\n"
        f"- *-* ({held['-']:,}): nothing; where bytes, parts of a workbook or a mapping are "
        "damaged nobody can say what should\n  be read.\n\n"
        f"{count(rows)}\n\n"
        "Other exceptions, hangs, warnings, shown persons, and wrong values or forms where they "
        f"are looked at: {bugs}.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--inside", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help="write every case there; those there are done")
    options = parser.parse_args()
    if options.inside:
        return run_cases(options.seed, *options.inside)
    lines = []
    if options.log and options.log.exists():
        lines = options.log.read_text("utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]

    def tell(row: Row) -> None:
        rows.append(row)
        if options.log:
            with options.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
        if row["outcome"] in BUGS:
            print(json.dumps(row), flush=True)

    done = {row["number"] for row in rows}
    run_all(options.seed, options.files, told=tell, done=done, workers=options.workers)
    print(describe(rows, options.seed))
    return None


if __name__ == "__main__":
    main()
