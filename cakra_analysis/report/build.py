"""Run every planned report and publish it; a failure leaves the last good page in place."""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
from traitlets.config import Config

from cakra_analysis.errors import CakraError, RunError
from cakra_analysis.raw import mask_digits
from cakra_analysis.report.plan import Run
from cakra_analysis.report.publish import keep_failure, keep_success, page_path
from cakra_analysis.settings import read_settings
from cakra_analysis.words import label

CELL_SECONDS = 600
HARMLESS = {"ZeroDivisionError", "MemoryError"}  # their texts never quote data
ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    run : Run
        Which.
    page : Path
        Where its page stands, or would.
    seconds : float
        How long it took.
    cause, cell : str
        Why and where it failed; empty when it did not.
    """

    run: Run
    page: Path
    seconds: float
    cause: str = ""
    cell: str = ""

    def describe(self) -> str:
        """Say in a few lines which report failed, where and why."""
        kept = "the last good page is kept" if self.page.exists() else "there is no earlier page"
        name = f"{self.run.notebook.stem}, {self.run.unit_name}, {self.run.lang}"
        cell = f"\nCell: {self.cell}" if self.cell else ""
        return f"\nFAILED {name}; {kept}.{cell}\nCause: {self.cause}"


def build_reports(
    runs: Sequence[Run],
    to: Path,
    *,
    workers: int = 0,
    on_done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Build reports side by side.

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
        In the order of ``runs``.
    """
    wanted = min(workers or os.cpu_count() or 1, max(len(runs), 1))
    names = {run.name for run in runs}
    outcomes: dict[str, Outcome] = {}
    # Spawned, not forked: a kernel must not inherit this process's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(wanted, mp_context=context) as pool:
        started = {pool.submit(build_one, run, to, _other(run, names)): run for run in runs}
        for future in as_completed(started):
            run = started[future]
            try:
                outcome = future.result()
            except BrokenProcessPool:
                outcome = _fail(
                    run, to, 0.0, "The process that built it was ended from outside.", ""
                )
            outcomes[run.name] = outcome
            on_done(outcome)
    return [outcomes[run.name] for run in runs]


def _other(run: Run, names: set[str]) -> dict[str, str]:
    """The same report in the other language, when it is planned too."""
    lang = "en" if run.lang == "id" else "id"
    name = f"{run.name.rsplit('.', 1)[0]}.{lang}"
    if name not in names:
        return {}
    return {"href": f"{Path(name).name}.html", "lang": lang, "name": label("page.language", lang)}


def build_one(run: Run, to: Path, other: dict[str, str]) -> Outcome:
    """Run, render and publish one report.

    Parameters
    ----------
    run : Run
        Which.
    to : Path
        The reports folder.
    other : dict of str to str
        The same report in the other language.

    Returns
    -------
    Outcome
        Never raises for what a notebook or its data did.
    """
    start = time.monotonic()
    try:
        executed = execute(run)
        zone = ZoneInfo(read_settings(run.parameters["settings"]).report.timezone)
        when = datetime.now(zone)
        from cakra_analysis.report.render import render_page

        page = render_page(
            executed, lang=run.lang, when=when, index="../../index.html", other=other
        )
        keep_success(to, run, page.html, page.provenance, when.isoformat(timespec="seconds"))
    except RunError as error:
        cell = error.allowed
        return _fail(run, to, time.monotonic() - start, error.found, cell)
    except OSError as error:
        cause = f"{type(error).__name__}: {error.strerror}"
        return _fail(run, to, time.monotonic() - start, cause, "")
    except Exception as error:
        cause = _cause(type(error).__name__, str(error))
        return _fail(run, to, time.monotonic() - start, cause, "")
    return Outcome(run, page_path(to, run), time.monotonic() - start)


def _fail(run: Run, to: Path, seconds: float, cause: str, cell: str) -> Outcome:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        keep_failure(to, run, cause, cell, now)
    except OSError as error:
        cause = f"{cause}\nThe failure could not be noted down either: {error}"
    return Outcome(run, page_path(to, run), seconds, cause, cell)


def execute(run: Run) -> nbformat.NotebookNode:
    """Run a notebook with papermill in a kernel of its own.

    Parameters
    ----------
    run : Run
        Which, with its parameters.

    Returns
    -------
    NotebookNode
        The executed notebook.

    Raises
    ------
    RunError
        With the cause, and the question above the cell that failed under ``allowed``.
    """
    import nbclient.exceptions
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ.update(ENVIRONMENT)
    with tempfile.TemporaryDirectory(prefix="cakra-") as folder:
        try:
            return papermill.execute_notebook(
                str(run.notebook),
                str(Path(folder) / "executed.ipynb"),
                parameters=dict(run.parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=str(run.notebook.parent),
                execution_timeout=CELL_SECONDS,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
                config=_private_sockets(folder),
            )
        except papermill.PapermillExecutionError as error:
            cell = _find_question(run.notebook, error.source)
            raise RunError(_cause(error.ename, error.evalue), allowed=cell) from None
        except nbclient.exceptions.CellTimeoutError:
            raise RunError(
                f"A cell took longer than {CELL_SECONDS} seconds and was ended."
            ) from None
        except nbclient.exceptions.DeadKernelError:
            raise RunError("The kernel died; too little memory is the usual cause.") from None


def _private_sockets(folder: str) -> Config:
    """Talk to the kernel through files only this user can open, not through open ports."""
    if os.name == "nt":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def _cause(name: str, text: str) -> str:
    """The error in words that may be shared: an error of Python may quote a cell of the data."""
    if name in {kind.__name__ for kind in CakraError.__subclasses__()}:
        return mask_digits(text)
    if name in HARMLESS:
        return f"{name}: {text}"
    return f"{name}; its text may quote the data and is not shown, run the notebook to read it."


def _find_question(notebook: Path, source: str) -> str:
    """The heading above the cell that failed, and the cell's first line."""
    heading = ""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            heads = [li for li in cell.source.splitlines() if li.startswith("#")]
            heading = heads[-1].lstrip("# ") if heads else heading
        elif cell.source == source:
            break
    else:  # the cell with the values that were passed in
        return ""
    line = next((li for li in source.splitlines() if li.strip() and not li.startswith("#")), "")
    return f"{heading}: {line.strip()}" if heading else line.strip()
