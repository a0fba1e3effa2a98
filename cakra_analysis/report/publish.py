"""Files that appear whole or not at all, and reports whose files appear together."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cakra_analysis.errors import PlanError
from cakra_analysis.report.run import Run

STAGED = ".building"  # the folder of a build that is under way, or was stopped
JOURNAL = "publish.json"  # what a build has decided to publish
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
            stream.write(to_bytes(content))
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def to_bytes(content: str | bytes) -> bytes:
    """Return a content as it is written.

    Parameters
    ----------
    content : str or bytes
        Text is encoded as UTF-8.

    Returns
    -------
    bytes
        What stands in the file.
    """
    return content.encode() if isinstance(content, str) else content


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


def publish_reports(staged: Path, to: Path, runs: Sequence[Run]) -> None:
    """Put finished reports in place of the last ones, all of their files or none.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    to : Path
        The reports folder.
    runs : sequence of Run
        What is published.

    Notes
    -----
    What is about to be moved is written down first: when the move is cut short, the next builder
    brings it to its end with ``finish_publishing``.
    """
    made = {run.name: _list_endings(staged, run) for run in runs}
    write_whole(staged / JOURNAL, json.dumps(made))
    finish_publishing(staged, to)


def _list_endings(staged: Path, run: Run) -> list[str]:
    page = page_path(staged, run)
    return [ending for ending in ENDINGS if page.with_suffix(f".{ending}").exists()]


def finish_publishing(staged: Path, to: Path) -> int:
    """Move the reports that a build had decided to publish.

    Parameters
    ----------
    staged : Path
        The folder of the build.
    to : Path
        The reports folder.

    Returns
    -------
    int
        How many reports.
    """
    try:
        made = dict(json.loads((staged / JOURNAL).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return 0
    for name, endings in made.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:  # the page comes last
            ready, place = staged / f"{name}.{ending}", to / f"{name}.{ending}"
            if ending not in endings:
                place.unlink(missing_ok=True)
            elif ready.exists():  # else it was moved before the build was cut short
                ready.replace(place)
        forget_failure(to / f"{name}.html")
    (staged / JOURNAL).unlink()
    return len(made)


def forget_failure(page: Path) -> None:
    """Take away what says that a report failed, as it is well again.

    Parameters
    ----------
    page : Path
        Where the report's page stands.
    """
    for ending in ("html", "json"):  # the record last: without it nobody would look for the page
        page.with_suffix(f".failed.{ending}").unlink(missing_ok=True)
