"""Files that appear whole or not at all, and what is remembered of each build."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cakra_analysis.errors import PlanError
from cakra_analysis.report.plan import Run


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


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    Parameters
    ----------
    path : Path
        Where; its folder is made.
    text : str
        Content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
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
    return record | {"name": run.name, "dataset": run.dataset}


def keep_success(to: Path, run: Run, html: str, provenance: Mapping[str, Any], when: str) -> None:
    """Publish a page and its provenance, and forget an earlier failure.

    Parameters
    ----------
    to : Path
        The reports folder.
    run : Run
        The run.
    html : str
        The page.
    provenance : mapping
        Title, facts and findings.
    when : str
        Moment of the build, ISO 8601.
    """
    page = page_path(to, run)
    content = {**_record(run), "when": when, **provenance}
    write_whole(page.with_suffix(".json"), json.dumps(content, ensure_ascii=False, indent=1))
    write_whole(page, html)
    page.with_suffix(".failed.json").unlink(missing_ok=True)


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
