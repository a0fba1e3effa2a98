"""``cakra status``: how the last build went."""

from __future__ import annotations

import argparse
from pathlib import Path

from cakra_analysis.errors import PlanError
from cakra_analysis.files import refuse_url
from cakra_analysis.report.lock import find_holder
from cakra_analysis.report.log import LOG, read_last
from cakra_analysis.report.reasons import describe_reasons

SHOWN = ("built", "kept", "failed", "waiting", "fresh")
SLOWEST = 3


def status(options: argparse.Namespace) -> int:
    """Print the last build of a reports folder.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0, or 1 when a report of it failed.

    Raises
    ------
    PlanError
        When no build has left a line there.
    """
    refuse_url(options.reports)
    to = Path(options.reports)
    if holder := find_holder(to):
        print(f"A build is under way: {holder}.")
    last, runs = read_last(to)
    if not last:
        raise PlanError(
            f"{to / LOG}: no build has been noted down here.",
            do="Build with `cakra report`, or name the reports folder: cakra status FOLDER",
        )
    told = ", ".join(f"{last[state]} {state}" for state in SHOWN if last.get(state))
    print(f"Last build ended {last['when']}, after {last['seconds']} s: {told or 'no run'}.")
    final = {run["run"]: run for run in runs}  # the last try of each
    failed = [run for run in final.values() if run["outcome"] == "failed"]
    for run in failed:
        cell = f" [{run['cell']}]" if run.get("cell") else ""
        print(f"FAILED {run['run']}: {run['cause']}{cell}")
    made = sorted(final.values(), key=lambda run: -float(run["seconds"]))
    for run in made[:SLOWEST]:
        used = f"{run['seconds']} s, {run['cpu']} s of CPU, {run['memory_mb']} MB"
        print(f"slow   {run['run']}: {used}; {describe_reasons(run['reasons'])}")
    return 1 if failed else 0
