"""What is installed of a job."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from cakra_analysis.schedule.job import ENVIRONMENT, Job


@dataclass(frozen=True)
class Found:
    """A job where a scheduler has it.

    ``job`` is None when it cannot be read any more; ``as_written`` tells whether all of it is as
    this version writes it.
    """

    kind: str
    place: str
    job: Job | None
    as_written: bool


def list_faults(found: Found) -> list[str]:
    """List why an installed job would not run as it should.

    Parameters
    ----------
    found : Found
        What is installed.

    Returns
    -------
    list of str
        Sentences; empty when nothing is wrong.
    """
    again = "`cakra schedule install` writes it anew"
    if found.job is None:
        return [f"{found.place} was changed and cannot be read any more; {again}."]
    program, plan, folder = found.job.command[0], Path(found.job.plan), Path(found.job.folder)
    faults = []
    if not shutil.which(program):
        faults.append(f"{program} is no longer there, so no build can start; {again}.")
    if not plan.is_file():
        faults.append(f"The plan {plan} is no longer there.")
    if not folder.is_dir():
        faults.append(f"The folder {folder}, where builds start, is no longer there.")
    if not found.as_written:
        faults.append(f"{found.place} is not as this version writes it; {again}.")
    return faults + _open_secrets()


def _open_secrets() -> list[str]:
    path = Path.home() / ENVIRONMENT
    if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
        return [f"{path} can be read by others; mend it with: chmod 600 {path}"]
    return []
