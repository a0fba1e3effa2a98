"""The user's crontab: writes, takes away and finds the block of a job."""

from __future__ import annotations

from datetime import datetime

from cakra_analysis.errors import ScheduleError
from cakra_analysis.schedule.crontab import find_block, put_block, take_block, write_block
from cakra_analysis.schedule.found import Found
from cakra_analysis.schedule.job import Job, next_start, read_note
from cakra_analysis.schedule.programs import call, call_well, complaint, has_program

KIND = "cron"
DAEMONS = {"cron", "crond", "fcron", "busybox"}


def works() -> bool:
    """Tell whether there is a crontab.

    Returns
    -------
    bool
        Whether the program is there; it cannot tell whether cron itself is running.
    """
    return has_program("crontab")


def show(job: Job) -> str:
    """Return what would be written.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    str
        The lines, under the name of where they go.
    """
    return f"# at the end of `crontab -l`, all other lines as they are\n{write_block(job)}"


def install(job: Job) -> None:
    """Put the block of a job into the crontab.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Raises
    ------
    ScheduleError
        When the crontab cannot be read or written.
    """
    _write(put_block(_read(), job))
    if find_block(_read(), job.name) != write_block(job):
        raise ScheduleError("`crontab -` took the lines, but `crontab -l` does not show them.")


def remove(name: str) -> None:
    """Take the block of a job out of the crontab.

    Parameters
    ----------
    name : str
        Of the job.

    Raises
    ------
    ScheduleError
        When the crontab cannot be read or written.
    """
    others = take_block(_read(), name)
    if others:
        _write(others)
    else:
        call_well(["crontab", "-r"])


def find(name: str) -> Found | None:
    """Find an installed job.

    Parameters
    ----------
    name : str
        Of the job.

    Returns
    -------
    Found or None
        None when there is none, or no cron.

    Raises
    ------
    ScheduleError
        When the crontab cannot be read.
    """
    text = find_block(_read(), name) if works() else ""
    if not text:
        return None
    job = read_note(text)
    return Found(KIND, "the crontab", job, job is not None and write_block(job) == text)


def list_facts(name: str) -> list[str]:
    """Say when a job starts next.

    Parameters
    ----------
    name : str
        Of the job.

    Returns
    -------
    list of str
        Sentences; a fault among them begins with ``Warning:``.
    """
    found = find(name)
    if found is None or found.job is None:
        return []
    moment = next_start(found.job, datetime.now())
    when = f"Next start: {moment:%a %Y-%m-%d %H:%M}, and a minute after the machine starts."
    return [when, *list_cautions()]


def list_cautions() -> list[str]:
    """Say whether cron seems to be running.

    Returns
    -------
    list of str
        A warning, or nothing.
    """
    import psutil

    if DAEMONS.isdisjoint(process.info["name"] for process in psutil.process_iter(["name"])):
        return ["Warning: no running cron is seen on this machine, so nothing may start."]
    return []


def _read() -> bytes:
    """Read the crontab; whatever else than that there is none stops before anything is lost."""
    ended = call(["crontab", "-l"])
    if ended.returncode == 0:
        return ended.stdout
    if b"no crontab" in ended.stderr.lower():
        return b""
    raise ScheduleError(
        f"The crontab cannot be read, so it is left alone: {complaint(ended)}",
        do="See that `crontab -l` works; if there is none yet, make one with `crontab -e`.",
    )


def _write(crontab: bytes) -> None:
    call_well(["crontab", "-"], crontab)
