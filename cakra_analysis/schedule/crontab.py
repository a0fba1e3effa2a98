"""A job as a marked block of a crontab; every other line stays as it is, byte for byte."""

from __future__ import annotations

import shlex

from cakra_analysis.errors import ScheduleError
from cakra_analysis.schedule.job import ENVIRONMENT, Job, write_note

DAYS = {"day": "* * *", "week": "* * 1", "month": "1 * *"}
LONGEST = 990  # cron refuses a command of 1,000 characters


def write_block(job: Job) -> str:
    """Write a job as lines of a crontab.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    str
        A line for the time of day, and one for the start of the machine: cron itself never makes
        up for a start that was missed, and a build with nothing to do costs next to nothing.

    Raises
    ------
    ScheduleError
        When the paths are too long for cron, or hold a backslash, which crons read differently.
    """
    command = write_command(job)
    if len(command.encode()) > LONGEST or any("\\" in word for word in (job.folder, *job.command)):
        raise ScheduleError(
            f"{job.plan}: a crontab cannot hold the paths of this job.",
            allowed=f"All of them together up to about {LONGEST - 200} characters, no backslash.",
            do="Reach the folders by links with short, plain names.",
        )
    hour, minute = (int(part) for part in job.at.split(":"))
    first, last = _marks(job.name)
    return "\n".join(
        [
            f"{first} Written by `cakra schedule install`; `cakra schedule remove` takes it away.",
            write_note(job),
            f"{minute} {hour} {DAYS[job.every]} {command}",
            f"@reboot sleep 60; {command}",
            last,
            "",
        ]
    )


def write_command(job: Job) -> str:
    """Write what cron gives to the shell.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    str
        One line: read the environment's file if there is one, go to the folder, build.
    """
    secrets = f'"$HOME/{ENVIRONMENT}"'
    build = " ".join(quote(word) for word in job.command)
    return (
        f"set -a; [ -r {secrets} ] && . {secrets}; "
        f"cd {quote(job.folder)} && exec nice -n 10 {build}"
    )


def quote(word: str) -> str:
    r"""Quote a word for the shell inside a crontab.

    Parameters
    ----------
    word : str
        Any path.

    Returns
    -------
    str
        A percent sign, which ends a command for cron, stands outside of the quotes as ``\%``: so
        it is right whether a cron takes the backslash away or leaves it to the shell.

    Examples
    --------
    >>> print(quote("/srv/it's 100%"))
    '/srv/it'"'"'s 100'\%
    """
    pieces = [shlex.quote(piece) if piece else "" for piece in word.split("%")]
    return "\\%".join(pieces) or "''"


def put_block(crontab: bytes, job: Job) -> bytes:
    """Return a crontab with a job in it, once.

    Parameters
    ----------
    crontab : bytes
        As it is.
    job : Job
        What is scheduled.

    Returns
    -------
    bytes
        Its block stands at the end.

    Raises
    ------
    ScheduleError
        When a mark of the block has lost the other.
    """
    others = take_block(crontab, job.name)
    gap = b"\n" if others and not others.endswith(b"\n") else b""
    return others + gap + write_block(job).encode()


def take_block(crontab: bytes, name: str) -> bytes:
    """Return a crontab without a job.

    Parameters
    ----------
    crontab : bytes
        As it is.
    name : str
        Of the job.

    Returns
    -------
    bytes
        All other lines.

    Raises
    ------
    ScheduleError
        When a mark of the block has lost the other.
    """
    start, end = _find(crontab, name)
    return crontab[:start] + crontab[end:]


def find_block(crontab: bytes, name: str) -> str:
    """Return the lines of a job.

    Parameters
    ----------
    crontab : bytes
        As it is.
    name : str
        Of the job.

    Returns
    -------
    str
        Empty when it is not there.

    Raises
    ------
    ScheduleError
        When a mark of the block has lost the other.
    """
    start, end = _find(crontab, name)
    return crontab[start:end].decode(errors="replace")


def _marks(name: str) -> tuple[str, str]:
    return f"# >>> {name}", f"# <<< {name}"


def _find(crontab: bytes, name: str) -> tuple[int, int]:
    """Find where the block begins and ends; both 0 where there is none."""
    first, last = (mark.encode() for mark in _marks(name))
    lines = crontab.splitlines(keepends=True)
    begins = [at for at, line in enumerate(lines) if line.startswith(first)]
    ends = [at for at, line in enumerate(lines) if line.startswith(last)]
    if not begins and not ends:
        return 0, 0
    if len(begins) != 1 or len(ends) != 1 or ends < begins:
        raise ScheduleError(
            f'The crontab holds the marks "{first.decode()}" and "{last.decode()}", but not once '
            "each in this order.",
            do="Take the lines between them and both marks out with `crontab -e`, then try again.",
        )
    return len(b"".join(lines[: begins[0]])), len(b"".join(lines[: ends[0] + 1]))
