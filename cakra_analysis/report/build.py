"""Build every planned report and publish it; a failure leaves the last good page in place."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cakra_analysis.report.guard import hold_back, list_leaks
from cakra_analysis.report.make import Outcome, make_report
from cakra_analysis.report.plan import Run
from cakra_analysis.report.publish import STAGED, keep_failure, move_report, page_path
from cakra_analysis.words import label

MOST_ROUNDS = 3  # builds of a report whose figures other reports would give away


def build_reports(
    runs: Sequence[Run],
    to: Path,
    *,
    workers: int = 0,
    on_done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Build reports side by side, look at them together as an attacker would, and publish them.

    Parameters
    ----------
    runs : sequence of Run
        From ``read_plan``.
    to : Path
        The reports folder.
    workers : int
        Processes; 0 for one a core.
    on_done : callable
        Called after each run.

    Returns
    -------
    list of Outcome
        In the order of ``runs``. A report that would leak is not published and says so.

    Notes
    -----
    Reports that read what others saved (``reports`` among their parameters) are built after them.
    """
    first = [run for run in runs if "reports" not in run.parameters]
    later = [
        replace(run, parameters={**run.parameters, "reports": str(to.resolve())})
        for run in runs
        if "reports" in run.parameters
    ]
    names = {run.name for run in runs}
    outcomes: dict[str, Outcome] = {}
    for wave in (first, later):
        with _staging(to) as staged:
            outcomes |= _build_wave(wave, names, to, staged, workers, on_done)
    return [outcomes[run.name] for run in runs]


@contextmanager
def _staging(to: Path) -> Iterator[Path]:
    """A folder of this build inside the reports folder, so that publishing is a rename."""
    for left in to.glob(f"{STAGED}*-*"):  # of builds that were killed
        if not _is_running(left.name.removeprefix(STAGED).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{STAGED}{os.getpid()}-", dir=to))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: str) -> bool:
    if os.name == "nt":  # where signal 0 is no question but an interrupt
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):  # another user's, or no process at all
        return True
    return True


def _build_wave(
    runs: Sequence[Run],
    names: set[str],
    to: Path,
    staged: Path,
    workers: int,
    on_done: Callable[[Outcome], None],
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    waiting = list(runs)
    for _ in range(MOST_ROUNDS):
        outcomes |= _make_all(waiting, names, to, staged, workers, on_done)
        built = [run for run in runs if not outcomes[run.name].cause]
        waiting = hold_back(built, staged, to)
        if not waiting:
            break
    leaks = list_leaks(built, staged, to) if runs else {}
    for run in runs:
        outcome = outcomes[run.name]
        if run.name in leaks:
            outcome = replace(outcome, cause=leaks[run.name])
            on_done(outcome)
        outcomes[run.name] = _settle(outcome, to, staged)
    return outcomes


def _settle(outcome: Outcome, to: Path, staged: Path) -> Outcome:
    """Publish a report, or note down that it failed."""
    if not outcome.cause:
        move_report(staged, to, outcome.run)
        return outcome
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        keep_failure(to, outcome.run, outcome.cause, outcome.cell, now)
    except OSError as error:
        cause = f"{outcome.cause}\nThe failure could not be noted down either: {error}"
        return replace(outcome, cause=cause)
    return outcome


def _make_all(
    runs: Sequence[Run],
    names: set[str],
    to: Path,
    staged: Path,
    workers: int,
    on_done: Callable[[Outcome], None],
) -> dict[str, Outcome]:
    """Make reports in processes of their own."""
    wanted = min(workers or os.cpu_count() or 1, max(len(runs), 1))
    outcomes: dict[str, Outcome] = {}
    # Spawned, not forked: a kernel must not inherit this process's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(wanted, mp_context=context) as pool:
        started = {
            pool.submit(make_report, run, to, staged, find_other(run, names)): run for run in runs
        }
        for future in as_completed(started):
            run = started[future]
            try:
                outcome = future.result()
            except BrokenProcessPool:
                ended = "The process that built it was ended from outside."
                outcome = Outcome(run, page_path(to, run), 0.0, ended)
            outcomes[run.name] = outcome
            on_done(outcome)
    return outcomes


def find_other(run: Run, names: set[str]) -> dict[str, str]:
    """Return the same report in the other language, when it is planned too.

    Parameters
    ----------
    run : Run
        The run.
    names : set of str
        Names of all runs of the plan.

    Returns
    -------
    dict of str to str
        href, lang and name of the language; empty if there is none.
    """
    lang = "en" if run.lang == "id" else "id"
    name = f"{run.name.rsplit('.', 1)[0]}.{lang}"
    if name not in names:
        return {}
    return {"href": f"{Path(name).name}.html", "lang": lang, "name": label("page.language", lang)}
