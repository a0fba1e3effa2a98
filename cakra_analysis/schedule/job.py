"""What is run, where and when, in no scheduler's own language."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from unicodedata import category

from cakra_analysis.errors import ScheduleError

NOTE = "# cakra: "
EVERY = ("day", "week", "month")  # a week begins on Monday, a month on the first
# Secrets that a plan names, such as a password for notices, for the scheduler to read at each run.
ENVIRONMENT = ".config/cakra/environment"


@dataclass(frozen=True)
class Job:
    """A build at a time of day; paths are absolute, ``folder`` is where it runs."""

    plan: str
    folder: str
    command: tuple[str, ...]
    at: str = "05:30"
    every: str = "day"

    @property
    def name(self) -> str:
        """A name of its own for each plan."""
        return name_job(Path(self.plan))


def name_job(plan: Path) -> str:
    """Return the name under which a plan is scheduled.

    Parameters
    ----------
    plan : Path
        The plan; links in it count as they are written.

    Returns
    -------
    str
        ``cakra-`` and eight figures made from the plan's path.

    Examples
    --------
    >>> name_job(Path("/srv/cakra/reports/reports.toml"))
    'cakra-57c97759'
    """
    return f"cakra-{hashlib.sha256(os.fsencode(_whole(plan))).hexdigest()[:8]}"


def make_job(plan: Path, *, to: str = "", at: str = "05:30", every: str = "day") -> Job:
    """Return the job that builds a plan as the reader would, from this folder.

    Parameters
    ----------
    plan : Path
        The plan.
    to : str
        Folder to build into; the plan's own if empty.
    at : str
        Local time, ``HH:MM``.
    every : str
        One of ``EVERY``.

    Returns
    -------
    Job
        With the ``cakra`` of this environment.

    Raises
    ------
    ScheduleError
        When a path holds what no scheduler's file can.
    """
    where = ["--to", _whole(Path(to))] if to else []
    command = (*_find_cakra(), "report", _whole(plan), *where, "--no-wait", "--quiet")
    job = Job(_whole(plan), str(Path.cwd()), command, at, every)
    for path in (job.folder, *command):
        _refuse_unwritable(path)
    return job


def write_note(job: Job) -> str:
    """Write a job as a comment line, for :func:`read_note`.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    str
        One line, JSON after a mark.
    """
    return f"{NOTE}{json.dumps(asdict(job), ensure_ascii=False)}"


def read_note(text: str) -> Job | None:
    """Find a job in a scheduler's file.

    Parameters
    ----------
    text : str
        With a line that :func:`write_note` made.

    Returns
    -------
    Job or None
        None where there is no such line, or somebody changed it beyond reading.
    """
    line = next((line for line in text.splitlines() if line.startswith(NOTE)), "")
    try:
        found = json.loads(line.removeprefix(NOTE))
        job = Job(**{**found, "command": tuple(found["command"])})
        next_start(job, datetime.now())
        Path(job.plan), Path(job.folder), Path(job.command[0])
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return job


def next_start(job: Job, now: datetime) -> datetime:
    """Return when a job starts next.

    Parameters
    ----------
    job : Job
        What is scheduled.
    now : datetime
        Local time.

    Returns
    -------
    datetime
        Later than ``now``.

    Examples
    --------
    >>> job = Job("/p.toml", "/", ("cakra",), "05:30", "month")
    >>> next_start(job, datetime(2026, 11, 24, 7, 0))
    datetime.datetime(2026, 12, 1, 5, 30)
    """
    hour, minute = (int(part) for part in job.at.split(":"))
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while moment <= now or not _fits(moment, job.every):
        moment += timedelta(days=1)
    return moment


def _fits(day: datetime, every: str) -> bool:
    return {"day": True, "week": day.weekday() == 0, "month": day.day == 1}[every]


def _whole(path: Path) -> str:
    """Make a path absolute, its links left alone: a link may be there to be turned elsewhere."""
    return os.path.abspath(path.expanduser())  # noqa: PTH100


def _find_cakra() -> tuple[str, ...]:
    script = Path(sysconfig.get_path("scripts")) / "cakra"
    return (str(script),) if script.is_file() else (sys.executable, "-m", "cakra_analysis")


def _refuse_unwritable(path: str) -> None:
    # A line break would begin a line of its own; a lone byte is no text.
    if path.endswith("\\") or any(category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in path):
        raise ScheduleError(
            f"{path!r}: this path cannot stand in a timer or a crontab.",
            allowed="Letters of any script, figures, spaces and signs, but no line break, no byte "
            "that is no text, no backslash at the end.",
            do="Rename the folder, or reach it by a link with a plain name.",
        )
