"""Run a notebook in a kernel of its own, and end it where it takes too much."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop
from traitlets.config import Config

from cakra_analysis.errors import RunError
from cakra_analysis.report.causes import OUT_OF_MEMORY, find_kind, find_question, tell_cause
from cakra_analysis.report.ceiling import MEMORY, Limit, StoppedError
from cakra_analysis.report.forked_kernel import LIVE, ForkedManager, ForkedProvisioner
from cakra_analysis.report.run import Run
from cakra_analysis.report.warm import ENVIRONMENT, can_fork, start_server


@dataclass(frozen=True)
class Executed:
    """A notebook that ran.

    Attributes
    ----------
    notebook : NotebookNode
        With its outputs.
    cpu, memory : float
        Seconds of CPU and largest memory in MB of its kernel; 0 where the system does not tell.
    """

    notebook: nbformat.NotebookNode
    cpu: float = 0.0
    memory: float = 0.0


def execute(run: Run) -> Executed:
    """Run a notebook with papermill in a kernel of its own.

    Parameters
    ----------
    run : Run
        Which, with its parameters and limits.

    Returns
    -------
    Executed
        The notebook with its outputs.

    Raises
    ------
    RunError
        With the cause, and the question above the cell that failed under ``allowed``.
    """
    import nbclient.exceptions
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    os.environ.update(ENVIRONMENT)
    limit = Limit(run.minutes, run.gigabytes)
    with tempfile.TemporaryDirectory(prefix="cakra-") as folder, _watch(folder, limit) as watch:
        try:
            notebook = papermill.execute_notebook(
                str(run.notebook), None, parameters=dict(run.parameters), **_options(run, folder)
            )
            return Executed(notebook, *watch.used())
        except papermill.PapermillExecutionError as error:
            cell = find_question(run.notebook, error.source)
            raise watch.explain(error.ename, error.evalue, cell) from None
        except nbclient.exceptions.CellTimeoutError:
            raise limit.too_long() from None
        except (nbclient.exceptions.DeadKernelError, RuntimeError):
            raise watch.ended() from None


def _options(run: Run, folder: str) -> dict[str, Any]:
    """What papermill is told beside the parameters.

    The folder is given to the kernel alone: papermill's own ``cwd`` moves the whole process.
    """
    warm: dict[str, Any] = {}
    if can_fork():  # spoken to through files that only this user can open, not through open ports
        sockets = {"transport": "ipc", "ip": f"{folder}/k"}
        limits = {"gigabytes": run.gigabytes, "seconds": run.minutes * 60}
        config = {"KernelManager": sockets, "ForkedProvisioner": limits}
        warm = {"kernel_manager_class": ForkedManager, "config": Config(config)}
    return {
        "kernel_name": "python3",
        "language": "python",
        "progress_bar": False,
        "request_save_on_cell_execute": False,
        "resources": {"metadata": {"path": str(run.notebook.parent)}},
        "shutdown_kernel": "immediate",
        "execution_timeout": None if can_fork() else run.minutes * 60 or None,
        "extra_arguments": [
            "--IPKernelApp.log_level=CRITICAL",
            "--Kernel._execute_sleep=0",  # after every cell, so that output may come before the end
            f"--ipython-dir={folder}",
        ],
        **warm,
    }


class _Watch:
    """What becomes of one kernel."""

    def __init__(self, address: str, limit: Limit) -> None:
        self._address, self._limit = address, limit

    def kernel(self) -> ForkedProvisioner | None:
        return LIVE.get(self._address)

    @property
    def is_late(self) -> bool:
        """Whether the kernel was ended because its time was up."""
        kernel = self.kernel()
        return kernel is not None and kernel.is_late

    def used(self) -> tuple[float, float]:
        kernel = self.kernel()
        return (kernel.cpu, kernel.memory) if kernel else (0.0, 0.0)

    def ended(self) -> StoppedError:
        """Say why the kernel is no longer there."""
        if self.is_late:
            return self._limit.too_long()
        kernel = self.kernel()
        return self._limit.ended(kernel.find_code() if kernel else None)

    def explain(self, name: str, text: str, cell: str) -> RunError:
        """Say why a cell failed."""
        if self.is_late:
            return self._limit.too_long()
        if name in OUT_OF_MEMORY:
            return StoppedError(
                f'It needed more memory than it may have ("gigabytes" in the plan). {text}',
                kind=MEMORY,
            )
        error = RunError(tell_cause(name, text), allowed=cell)
        error.kind = find_kind(name)
        return error


@contextmanager
def _watch(folder: str, limit: Limit) -> Iterator[_Watch]:
    start_server()
    try:
        yield _Watch(f"{folder}/k", limit)
    finally:
        if kernel := LIVE.pop(f"{folder}/k", None):
            kernel.end()
        _close_loop()


def _close_loop() -> None:
    """Close the event loop that Jupyter opened in this thread, with the threads it started."""
    loop = ensure_event_loop()
    if not loop.is_running():
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()
