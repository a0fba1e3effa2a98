"""``cakra report``: prepare, hold the lock, build, write the index, tell how it went."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cakra_analysis.console.notify import notify
from cakra_analysis.console.paths import count, display_path, display_place
from cakra_analysis.console.progress import Progress
from cakra_analysis.console.told_to_end import end_when_told
from cakra_analysis.errors import BusyError, CakraError
from cakra_analysis.files import find_place, refuse_url
from cakra_analysis.notices import read_notices
from cakra_analysis.report.entries import read_entries
from cakra_analysis.report.keep import drop_cycles
from cakra_analysis.report.lock import hold_lock
from cakra_analysis.report.log import write_line
from cakra_analysis.report.prepare import DATA, Prepared, prepare
from cakra_analysis.report.publish import open_folder

if TYPE_CHECKING:
    from cakra_analysis.report.outcome import Outcome


def report(options: argparse.Namespace) -> int:
    """Build what needs it.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0, or 1 when a report failed.

    Raises
    ------
    PlanError, DataError
        When plan or data cannot be used.
    BusyError
        When another builder holds the folder and ``--no-wait`` was given.
    """
    refuse_url(options.plan)
    plan = Path(options.plan)
    entries = read_entries(plan)
    to = Path(options.to) if options.to else plan.parent
    told = entries.get("notices")
    notices = None if told is None else read_notices(f"{plan}: [notices]:", told)
    if options.dry_run:
        return _show_plan(options, plan, to)
    progress, start = Progress(quiet=options.quiet), datetime.now().astimezone()
    end_when_told()
    try:
        open_folder(to)
        with hold_lock(to, wait=not options.no_wait, on_wait=progress.tell_waiting):
            prepared, outcomes = _build_all(options, plan, to, entries, progress)
    except BusyError:
        raise  # another build is under way: nothing is wrong
    except (CakraError, OSError) as error:
        if notices:
            progress.tell(*notify(notices, plan, start, error=error))
        raise
    if notices:
        progress.tell(*notify(notices, plan, start, prepared=prepared, outcomes=outcomes))
    return 1 if any(outcome.cause for outcome in outcomes) else 0


def _build_all(
    options: argparse.Namespace,
    plan: Path,
    to: Path,
    entries: Mapping[str, Any],
    progress: Progress,
) -> tuple[Prepared, list[Outcome]]:
    """Build with the folder held, write the index, and say how it went."""
    prepared = prepare(plan, to, data=options.data, languages=options.lang)
    keep = {"cycles": 0, "executed": 1, **entries.get("keep", {})}
    outcomes = _build(prepared, to, options, progress, keep["executed"])
    whole = not (options.lang or options.data)  # else the plan has more than was built
    _tell(prepared, outcomes, to, progress, keep["cycles"], whole=whole)
    return prepared, outcomes


def _show_plan(options: argparse.Namespace, plan: Path, to: Path) -> int:
    from cakra_analysis.console.dry_run import show_plan

    prepared = prepare(plan, to, data=options.data, languages=options.lang, remember=False)
    print(*_list_notes(prepared), *show_plan(prepared, to, everything=options.all), sep="\n")
    return 0


def _list_notes(prepared: Prepared) -> list[str]:
    data = display_place(find_place(prepared.data))
    return [note.replace(DATA, data) for note in prepared.notes]


def _build(
    prepared: Prepared, to: Path, options: argparse.Namespace, progress: Progress, keep: int
) -> list[Outcome]:
    """Build with a bar, a line a report, and a line in the log."""
    from cakra_analysis.report.build import build_reports

    if not progress.quiet:
        progress.tell(*_list_notes(prepared))
    start = time.monotonic()
    with progress.watch(to, len(prepared.runs)) as watcher:
        make = None
        if options.dask:
            from cakra_analysis.report.remote import make_on_cluster

            make = make_on_cluster(options.dask, watcher.on_start)
        outcomes = build_reports(
            prepared.runs,
            to,
            digests=prepared.digests,
            everything=options.all,
            workers=options.workers,
            make=make,
            watcher=watcher,
            keep=keep,
        )
    write_line(to, progress.summarise(outcomes, time.monotonic() - start))
    return outcomes


def _tell(
    prepared: Prepared,
    outcomes: list[Outcome],
    to: Path,
    progress: Progress,
    cycles: int,
    *,
    whole: bool,
) -> None:
    """Say what failed and what stands; write the index if anything changed."""
    for outcome in outcomes:
        if outcome.cause:
            progress.tell(outcome.describe(), style="red")
    dropped = drop_cycles(to, prepared.dataset, cycles)
    index, others = to / "index.html", 0
    if outcomes or dropped or progress.waiting or not index.exists():
        index, others = _write_index(prepared, to, whole=whole)
    if progress.quiet and not any(outcome.cause for outcome in outcomes):
        return
    progress.tell_end(prepared, outcomes)
    progress.tell(display_path(index))
    if dropped:
        progress.tell(f"Older cycles taken away, as the plan says: {', '.join(dropped)}.")
    if others:
        left = count(others, "report")
        progress.tell(f"{left} of other data sets in the same folder: not listed in the index.")
    progress.tell(*dict.fromkeys(outcome.note for outcome in outcomes if outcome.note))


def _write_index(prepared: Prepared, to: Path, *, whole: bool) -> tuple[Path, int]:
    from cakra_analysis.report.index import write_index

    first = prepared.runs[0]
    return write_index(
        to,
        lang=first.lang,
        dataset=prepared.dataset,
        settings=first.parameters["settings"],
        fingerprint=prepared.fingerprint,
        planned={run.name for run in prepared.runs} if whole else None,
    )
