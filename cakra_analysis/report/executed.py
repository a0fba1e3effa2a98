"""Executed notebooks for analysts, without what was passed in and without stray output."""

from __future__ import annotations

from pathlib import Path

import nbformat

from cakra_analysis.report.blocks import BLOCK
from cakra_analysis.report.ledger import EXECUTED, OWN
from cakra_analysis.report.publish import write_whole
from cakra_analysis.report.run import Run

PUBLIC = ("cycle", "unit", "lang", "audience", "outline")  # of the parameters
INJECTED = "injected-parameters"


def executed_path(to: Path, run: Run) -> Path:
    """Return where a run's executed notebook stands.

    Parameters
    ----------
    to : Path
        The reports folder, or the folder of a build.
    run : Run
        The run.

    Returns
    -------
    Path
        Below the builder's own folder.
    """
    return to / OWN / EXECUTED / f"{run.name}.ipynb"


def write_executed(to: Path, run: Run, notebook: nbformat.NotebookNode) -> None:
    """Write an executed notebook as analysts may have it.

    Parameters
    ----------
    to : Path
        The reports folder, or the folder of a build.
    run : Run
        The run.
    notebook : NotebookNode
        As it ran. Of its outputs only the blocks of the page are kept: they were published, a
        stray print was not. Of the parameters the paths are left out.
    """
    clean = nbformat.from_dict(notebook)
    clean.metadata.pop("papermill", None)
    for cell in clean.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            given = {k: v for k, v in run.parameters.items() if k in PUBLIC}
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in given.items())
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if BLOCK in o.get("data", {})]
    write_whole(executed_path(to, run), nbformat.writes(clean))


def keep_executed(staged: Path, to: Path, run: Run, most: int) -> None:
    """Move an executed notebook to the others of its report, and drop the oldest ones.

    Parameters
    ----------
    staged, to : Path
        The folder of a build and the reports folder.
    run : Run
        The run.
    most : int
        How many to keep: the newest, then ``.1``, ``.2`` ...
    """
    made, path = executed_path(staged, run), executed_path(to, run)
    if not made.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aged = {age: path.with_suffix(f".{age}.ipynb" if age else ".ipynb") for age in _ages(path)}
    for age, file in sorted(aged.items(), reverse=True):
        if age + 1 < most:
            file.replace(path.with_suffix(f".{age + 1}.ipynb"))
        else:
            file.unlink()
    if most:
        made.replace(path)


def _ages(path: Path) -> list[int]:
    """The ages of the executed notebooks of one report that stand there; 0 is the newest."""
    stem = path.name.removesuffix(".ipynb")
    names = {file.name for file in path.parent.iterdir()}
    ages = (name.removeprefix(f"{stem}.").removesuffix(".ipynb") for name in names)
    older = [int(age) for age in ages if age.isdecimal() and f"{stem}.{age}.ipynb" in names]
    return [*([0] if path.name in names else []), *older]
