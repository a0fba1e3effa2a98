"""One report, from its notebook to files that can be published."""

from __future__ import annotations

import errno
import time
from pathlib import Path
from typing import Any

import nbformat

from cakra_analysis.errors import RunError
from cakra_analysis.report.causes import find_kind, tell_cause
from cakra_analysis.report.ceiling import Limit
from cakra_analysis.report.execute import Executed, execute
from cakra_analysis.report.keys import digest_json
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.publish import page_path, write_whole
from cakra_analysis.report.records import read_ready, unmark_ready
from cakra_analysis.report.warm import call
from cakra_analysis.report.work import HELD, Work

FULL = {errno.ENOSPC, errno.EDQUOT}


def make_report(work: Work, to: Path, staged: Path) -> Outcome:
    """Run a notebook and write its report in every format into the folder of a build.

    Parameters
    ----------
    work : Work
        Which.
    to : Path
        The reports folder, where the report will stand.
    staged : Path
        The folder of this build, from where it is published once all is well.

    Returns
    -------
    Outcome
        Never raises for what a notebook, its data or the machine did.
    """
    start = time.monotonic()
    run, page = work.run, page_path(to, work.run)
    ready = read_ready(staged, run)
    # What a build that was stopped had ready serves, but not where a cell is to be held back now.
    if work.parts and ready.get("parts") == work.parts and HELD not in work.reasons:
        return Outcome(run, page, 0.0, content=ready["content"])
    try:
        told = _make(work, staged)
    except RunError as error:
        told = {"cause": error.found, "cell": error.allowed, "kind": error.kind}
    except OSError as error:
        told = _tell_disk(error)
    except Exception as error:
        name = type(error).__name__
        told = {"cause": tell_cause(name, str(error)), "kind": find_kind(name)}
    return Outcome(run, page, time.monotonic() - start, **told)


def _make(work: Work, staged: Path) -> dict[str, Any]:
    run = work.run
    unmark_ready(staged, run)
    executed = execute(run)
    content = digest_content(executed)
    told = {"content": content, "cpu": executed.cpu, "memory": executed.memory}
    if content == work.standing:
        return {**told, "is_kept": True}
    raw = staged / "raw" / f"{run.name}.ipynb"
    write_whole(raw, nbformat.writes(executed.notebook))
    made_from = {"parts": dict(work.parts), "content": content}
    given = (run, raw, staged, work.other, made_from)
    (cause, note), cpu, memory = call(_render, *given, limit=Limit(run.minutes, run.gigabytes))
    raw.unlink()
    used = {"cpu": executed.cpu + cpu, "memory": max(executed.memory, memory)}
    return {**told, **used, "cause": cause, "note": note, "kind": "leak" if cause else ""}


def _render(*given: Any) -> tuple[str, str]:
    """Write the files, in a process that has the libraries for it already."""
    from cakra_analysis.report.rendering import write_report

    return write_report(*given)


def digest_content(executed: Executed) -> str:
    """Return the digest of what a report says, whatever moment and data set it says it of.

    Parameters
    ----------
    executed : Executed
        The notebook that ran.

    Returns
    -------
    str
        Of its blocks without the fingerprint of the data set.
    """
    from cakra_analysis.report.render import find_blocks

    said = find_blocks(executed.notebook)
    for block in said:
        if block["kind"] == "provenance":
            block["facts"] = {k: v for k, v in block["facts"].items() if k != "fingerprint"}
    return digest_json(said)


def _tell_disk(error: OSError) -> dict[str, str]:
    """Say what a disk refused, without the path."""
    full = "; nothing more can be written until there is room" if error.errno in FULL else ""
    return {"cause": f"{type(error).__name__}: {error.strerror}{full}.", "kind": "disk"}
