"""Run a notebook in a kernel of its own, and say in words that may be shared why it failed."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import nbformat
from traitlets.config import Config

from cakra_analysis.errors import CakraError, RunError
from cakra_analysis.raw import mask_digits
from cakra_analysis.report.plan import Run

CELL_SECONDS = 600
HARMLESS = {"ZeroDivisionError", "MemoryError"}  # their texts never quote data
ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


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
            raise RunError(tell_cause(error.ename, error.evalue), allowed=cell) from None
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


def tell_cause(name: str, text: str) -> str:
    """Return an error in words that may be shared: an error of Python may quote the data.

    Parameters
    ----------
    name, text : str
        Kind and text of the error.

    Returns
    -------
    str
        Text of our own errors, long numbers masked; of others the kind only.
    """
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
