"""Files that appear whole or not at all, and what is remembered of each build."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cakra_analysis import __version__
from cakra_analysis.errors import PlanError
from cakra_analysis.report.plan import PAGE, Run

STAGED = ".building-"  # begins the name of the folder of a build that is under way
ENDINGS = ("pdf", "xlsx", "docx", "json", "html")


def open_folder(to: Path) -> None:
    """Make the reports folder, and see that it can be written before anything is built.

    Parameters
    ----------
    to : Path
        The reports folder.

    Raises
    ------
    PlanError
        When it cannot be made or written.
    """
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=to):
            pass
    except OSError as error:
        raise PlanError(
            f"{to}: reports cannot be written here: {error.strerror}.",
            do="Give a folder that you may write to: --to FOLDER",
        ) from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    Parameters
    ----------
    path : Path
        Where; its folder is made.
    content : str or bytes
        What it holds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def page_path(to: Path, run: Run) -> Path:
    """Return where a run's page stands.

    Parameters
    ----------
    to : Path
        The reports folder.
    run : Run
        The run.

    Returns
    -------
    Path
        ``<to>/<cycle>/<notebook>/<unit>.<lang>.html``.
    """
    return to / f"{run.name}.html"


def _record(run: Run) -> dict[str, Any]:
    kept = ("cycle", "unit", "lang", "audience")
    record = {k: run.parameters[k] for k in kept}
    record |= {"notebook": run.notebook.stem, "unit_name": run.unit_name, "place": run.place}
    record["outline"] = run.parameters.get("outline", PAGE)
    return record | {"name": run.name, "dataset": run.dataset}


def keep_success(
    to: Path, run: Run, files: Mapping[str, str | bytes], provenance: Mapping[str, Any], when: str
) -> None:
    """Write a report's files and what is kept of it, and forget an earlier failure.

    Parameters
    ----------
    to : Path
        The folder of a build, or the reports folder.
    run : Run
        The run.
    files : mapping of str to str or bytes
        Content by ending; ``html`` is the page.
    provenance : mapping
        Title, facts and findings.
    when : str
        Moment of the build, ISO 8601.
    """
    page = page_path(to, run)
    record = {**_record(run), "when": when, "version": __version__, **provenance}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    for ending, content in {**files, "json": text}.items():
        write_whole(page.with_suffix(f".{ending}"), content)
    page.with_suffix(".failed.json").unlink(missing_ok=True)


def move_report(staged: Path, to: Path, run: Run) -> None:
    """Put a finished report in place of the last one; the page comes last.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    to : Path
        The reports folder.
    run : Run
        The run.
    """
    page = page_path(to, run)
    page.parent.mkdir(parents=True, exist_ok=True)
    for ending in ENDINGS:
        made = page_path(staged, run).with_suffix(f".{ending}")
        if made.exists():
            made.replace(page.with_suffix(f".{ending}"))
        else:
            page.with_suffix(f".{ending}").unlink(missing_ok=True)
    page.with_suffix(".failed.json").unlink(missing_ok=True)


def read_record(to: Path, run: Run) -> dict[str, Any]:
    """Return what is kept of a run's report.

    Parameters
    ----------
    to : Path
        The folder of the build.
    run : Run
        The run.

    Returns
    -------
    dict of str to object
        As ``keep_success`` wrote it.
    """
    path = page_path(to, run).with_suffix(".json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def keep_failure(to: Path, run: Run, cause: str, cell: str, when: str) -> None:
    """Remember that a run failed; its last good page stays as it is.

    Parameters
    ----------
    to : Path
        The reports folder.
    run : Run
        The run.
    cause, cell : str
        Why and where.
    when : str
        Moment of the build, ISO 8601.
    """
    path = page_path(to, run).with_suffix(".failed.json")
    content = {**_record(run), "when": when, "cause": cause, "cell": cell}
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
