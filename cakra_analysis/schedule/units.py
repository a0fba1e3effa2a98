"""A job as systemd's files: a timer, and the service that it starts."""

from __future__ import annotations

import re

from cakra_analysis.schedule.job import ENVIRONMENT, Job, write_note

DAYS = {"day": "*-*-*", "week": "Mon *-*-*", "month": "*-*-01"}
# systemd takes no program with a quote or a backslash in its path; a shell does.
UNTAKEN = re.compile(r"[\"'\\]")
BY_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')
PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


def write_units(job: Job) -> dict[str, str]:
    """Write a job as unit files.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    dict of str to str
        Text by file name: the service, then the timer.
    """
    about = f"Cakra: reports of {_double(job.plan)}"
    service = f"""\
# Written by `cakra schedule install`; `cakra schedule remove` takes it away.
{write_note(job)}
[Unit]
Description={about}

[Service]
Type=oneshot
WorkingDirectory={_double(job.folder)}
# Secrets for notices, if any: one NAME='value' a line, readable by nobody else.
EnvironmentFile=-%h/{ENVIRONMENT}
ExecStart={write_command(job.command)}
Nice=10
"""
    timer = f"""\
# Written by `cakra schedule install`; `cakra schedule remove` takes it away.
[Unit]
Description={about}

[Timer]
OnCalendar={DAYS[job.every]} {job.at}:00
# A start that was missed, as the machine was off, is made up for.
Persistent=true
RandomizedDelaySec=120

[Install]
WantedBy=timers.target
"""
    return {f"{job.name}.service": service, f"{job.name}.timer": timer}


def write_command(command: tuple[str, ...]) -> str:
    """Write a command for ``ExecStart=``.

    Parameters
    ----------
    command : tuple of str
        Program and arguments.

    Returns
    -------
    str
        One line, which systemd reads back as the same words: it has its own quotes, ``%`` begins a
        specifier and ``$`` a variable.

    Examples
    --------
    >>> print(write_command(("/opt/my cakra", "report", "/srv/100%.toml")))
    "/opt/my cakra" report /srv/100%%.toml
    """
    command = (*BY_SHELL, *command) if UNTAKEN.search(command[0]) else command
    words = [_quote(_double(word)) for word in command]
    # Doubling $ is of no use in the program's own path; the colon leaves every $ as it is.
    whole = any("$" in word for word in command)
    return (":" if whole else "") + " ".join(words)


def _double(text: str) -> str:
    return text.replace("%", "%%")


def _quote(word: str) -> str:
    if PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
