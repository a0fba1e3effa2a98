"""What is kept beside each report: what it says, what it was made from, why it failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cakra_analysis import __version__
from cakra_analysis.report.publish import forget_failure, page_path, to_bytes, write_whole
from cakra_analysis.report.run import PAGE, Run


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
    sizes = {ending: len(to_bytes(content)) for ending, content in files.items()}
    record = {**_record(run), "when": when, "version": __version__, **provenance, "files": sizes}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    for ending, content in {**files, "json": text}.items():
        write_whole(page.with_suffix(f".{ending}"), content)
    forget_failure(page)


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


def read_whole_record(to: Path, run: Run) -> dict[str, Any]:
    """Return what is kept of a report whose files are all there, as they were made.

    Parameters
    ----------
    to : Path
        The reports folder, or the folder of a build.
    run : Run
        The run.

    Returns
    -------
    dict of str to object
        As ``read_record``; empty where the report is missing or not whole.
    """
    page = page_path(to, run)
    try:
        record = read_record(to, run)
        for ending, size in record["files"].items():
            if page.with_suffix(f".{ending}").stat().st_size != size:
                return {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}
    return record


def mark_ready(staged: Path, run: Run) -> None:
    """Note down that a report of a build is whole and was looked through for traces.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    run : Run
        The run.
    """
    write_whole(_ready_path(staged, run), "")


def unmark_ready(staged: Path, run: Run) -> None:
    """Take back that a report of a build is ready, as it is about to be made again.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    run : Run
        The run.
    """
    _ready_path(staged, run).unlink(missing_ok=True)


def read_ready(staged: Path, run: Run) -> dict[str, Any]:
    """Return what is kept of a report that a build left ready.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    run : Run
        The run.

    Returns
    -------
    dict of str to object
        As ``read_record``; empty where it is missing, not whole, or was not looked through.
    """
    return read_whole_record(staged, run) if _ready_path(staged, run).exists() else {}


def _ready_path(staged: Path, run: Run) -> Path:
    return staged / "ready" / f"{run.name}.ok"


def keep_failure(to: Path, run: Run, cause: str, cell: str, when: str, kind: str = "code") -> None:
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
    kind : str
        Of the cause, see ``Outcome``.
    """
    path = page_path(to, run).with_suffix(".failed.json")
    content = {**_record(run), "when": when, "cause": cause, "cell": cell, "kind": kind}
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
