"""Reports side by side on this machine: a thread drives each kernel, processes do the work."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from pathlib import Path

import psutil

from cakra_analysis.privacy import drop_key
from cakra_analysis.report.make import make_report
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.preloads import find_needed
from cakra_analysis.report.run import Run
from cakra_analysis.report.warm import start_server
from cakra_analysis.report.work import Work

NEEDED = 0.9 * 2**30  # bytes that a kernel takes beside what it shares; measured on 01_needs: 0.45


def count_workers(wanted: int = 0) -> int:
    """Return how many kernels run at a time.

    Parameters
    ----------
    wanted : int
        As many as this; 0 for one a core, as far as free memory reaches.

    Returns
    -------
    int
        At least one.
    """
    if wanted:
        return wanted
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min(cores, int(psutil.virtual_memory().available / NEEDED)))


def make_in_threads(
    workers: int = 0, on_start: Callable[[Run], None] = lambda _: None
) -> Callable[[Sequence[Work], Path, Path], Iterator[Outcome]]:
    """Return a maker of reports that uses this machine.

    Parameters
    ----------
    workers : int
        Kernels at a time, see ``count_workers``.
    on_start : callable
        Told of each run when it begins, from its thread.

    Returns
    -------
    callable
        Takes works, the reports folder and the folder of the build; yields outcomes as they come.
    """

    def make(works: Sequence[Work], to: Path, staged: Path) -> Iterator[Outcome]:
        if not works:
            return
        drop_key()
        data = sorted({str(work.run.parameters["data"]) for work in works})
        start_server(data, find_needed(work.run for work in works))
        pool = ThreadPoolExecutor(min(count_workers(workers), len(works)))

        def begin(work: Work) -> Outcome:
            on_start(work.run)
            return make_report(work, to, staged)

        # One language after the other: what the first works out, the second finds done (``once``).
        in_turn = sorted(works, key=lambda work: work.run.lang)
        futures: list[Future[Outcome]] = [pool.submit(begin, work) for work in in_turn]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in futures):
                _end_children()  # again and again: a thread may just have been starting one
                wait(futures, timeout=0.05)
            raise
        finally:
            pool.shutdown(wait=True)

    return make


def _end_children() -> None:
    """End every kernel, so that the threads that wait for them end too."""
    for child in multiprocessing.active_children():
        with suppress(ValueError, OSError):
            child.kill()
