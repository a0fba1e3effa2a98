"""Build the reports that need it and publish them; a failure leaves the last good page in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cakra_analysis.once import share_work
from cakra_analysis.report.building import Building, Maker, Watcher
from cakra_analysis.report.guard import HELD, find_new, hold_back, list_leaks
from cakra_analysis.report.keys import Parts
from cakra_analysis.report.ledger import Ledger, keep_current
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.publish import finish_publishing
from cakra_analysis.report.records import read_ready
from cakra_analysis.report.run import Run
from cakra_analysis.report.settle import settle
from cakra_analysis.report.work import HELD as AGAIN
from cakra_analysis.report.work import Choice, Work, choose_work, digest_reads

MOST_ROUNDS = 3  # builds of a report whose figures other reports would give away


def build_reports(
    runs: Sequence[Run],
    to: Path,
    *,
    digests: Mapping[str, Parts] | None = None,
    everything: bool = False,
    workers: int = 0,
    make: Maker | None = None,
    watcher: Watcher | None = None,
    keep: int = 1,
) -> list[Outcome]:
    """Build reports side by side, look at them together as an attacker would, and publish them.

    Parameters
    ----------
    runs : sequence of Run
        From ``read_plan``.
    to : Path
        The reports folder.
    digests : mapping of str to mapping, optional
        By the name of a run, digests of the data it reads; runs for which nothing changed are left
        as they are. All are built if missing.
    everything : bool
        Whether all are built in any case.
    workers : int
        Kernels at a time; 0 for one a core, as far as memory reaches.
    make : callable, optional
        Makes reports elsewhere than in processes of this machine.
    watcher : Watcher, optional
        Told what happens.
    keep : int
        How many executed notebooks are kept of each report.

    Returns
    -------
    list of Outcome
        Of the runs that were made, in the order of ``runs``. A report that would leak is not
        published and says so.

    Notes
    -----
    Reports that read what others saved (``reports`` among their parameters) are built after them.
    The caller holds the folder's lock (``hold_lock``). A build that was stopped leaves what it had
    ready, and the next one goes on from there.
    """
    watcher = watcher or Watcher()
    make = make or _make_here(workers, watcher)
    building = Building(to, Ledger(to), make, watcher, digests, keep, everything)
    building.names = frozenset(run.name for run in runs)
    finish_publishing(building.staged, to)
    first, later = split_waves(runs, to)
    try:
        with share_work():
            outcomes = _build_wave(first, building)
            if later:
                keep_current(to, building.current)
                if digests is not None:
                    reads = digest_reads(later, first, building.ledger, to, building.current)
                    building.digests = {**digests, **reads}
                outcomes |= _build_wave(later, building)
        keep_current(to, building.current)
    finally:
        building.ledger.save()
    shutil.rmtree(building.staged, ignore_errors=True)
    return [outcomes[run.name] for run in runs if run.name in outcomes]


def _make_here(workers: int, watcher: Watcher) -> Maker:
    def make(works: Sequence[Work], to: Path, staged: Path) -> Iterator[Outcome]:
        from cakra_analysis.report.pool import make_in_threads  # a build of nothing needs no kernel

        return make_in_threads(workers, watcher.on_start)(works, to, staged)

    return make


def split_waves(runs: Sequence[Run], to: Path) -> tuple[list[Run], list[Run]]:
    """Return the runs that read the data, and those that read what the former have saved.

    Parameters
    ----------
    runs : sequence of Run
        All of a plan.
    to : Path
        The reports folder, of which the latter are told.

    Returns
    -------
    tuple of list of Run
        Both in their order.
    """
    place = {"reports": str(to.resolve())}
    later = [
        replace(run, parameters={**run.parameters, **place})
        for run in runs
        if "reports" in run.parameters
    ]
    return [run for run in runs if "reports" not in run.parameters], later


def _build_wave(runs: Sequence[Run], building: Building) -> dict[str, Outcome]:
    choice = choose_work(
        runs,
        building.digests,
        building.ledger,
        building.to,
        names=building.names,
        now=datetime.now().astimezone(),
        can_print=can_print,
        everything=building.everything,
    )
    building.watcher.on_choice(choice)
    building.current |= {run.name for run in choice.fresh}
    if not choice.works:
        return {}
    _drop_stale_cells(choice.works, building.staged)
    outcomes, works = _make_rounds(choice, building)
    settle(works, outcomes, building)
    return outcomes


def _make_rounds(choice: Choice, building: Building) -> tuple[dict[str, Outcome], dict[str, Work]]:
    """Make reports; again, with cells held back, those that give others away; refuse the rest."""
    standing = [*choice.fresh, *choice.waiting]
    works = {work.run.name: work for work in choice.works}
    outcomes: dict[str, Outcome] = {}
    waiting: Sequence[Work] = choice.works
    for _ in range(MOST_ROUNDS):
        for outcome in building.make(waiting, building.to, building.staged):
            outcomes[outcome.run.name] = outcome
            building.watcher.on_done(works[outcome.run.name], outcome)
        built = [works[name].run for name in outcomes if outcomes[name].state == "built"]
        kept = [works[name].run for name in outcomes if outcomes[name].state == "kept"]
        leaks = find_new(built, building.staged, building.to)
        again = hold_back(leaks, built, [*standing, *kept], building.staged, building.to)
        waiting = [_work_again(run, works, building) for run in again]
        works |= {work.run.name: work for work in waiting}
        if not waiting:
            break
    for name, cause in list_leaks(leaks, built, building.staged, building.to).items():
        outcomes[name] = replace(outcomes[name], cause=cause, kind="leak")
        building.watcher.on_done(works[name], outcomes[name])
    return outcomes, works


def _work_again(run: Run, works: Mapping[str, Work], building: Building) -> Work:
    known = works.get(run.name)
    entry = building.ledger.find(run)
    parts = known.parts if known else entry.parts if entry else {}
    return Work(run, (AGAIN,), parts, other=known.other if known else {})


def _drop_stale_cells(works: Sequence[Work], staged: Path) -> None:
    """Forget the cells that a stopped build held back of reports which are made anew."""
    for work in works:
        if not work.parts or read_ready(staged, work.run).get("parts") != work.parts:
            (staged / HELD / f"{work.run.name}.json").unlink(missing_ok=True)


def can_print() -> bool:
    """Return whether PDFs can be made on this machine.

    Returns
    -------
    bool
        True with WeasyPrint and Pango.
    """
    from cakra_analysis.errors import PdfError
    from cakra_analysis.report.pdf import load_weasyprint

    try:
        load_weasyprint()
    except PdfError:
        return False
    return True
