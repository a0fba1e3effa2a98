"""systemd's user manager: writes, starts, takes away and asks about a timer."""

from __future__ import annotations

import os
from pathlib import Path

from cakra_analysis.errors import ScheduleError
from cakra_analysis.report.publish import write_whole
from cakra_analysis.schedule.found import Found
from cakra_analysis.schedule.job import Job, read_note
from cakra_analysis.schedule.programs import call, call_well, has_program
from cakra_analysis.schedule.units import write_units

KIND = "systemd"
SYSTEMCTL = ("systemctl", "--user")
WORKING = {"running", "degraded", "starting", "initializing"}
ENDINGS = ("service", "timer")


def works() -> bool:
    """Tell whether the user manager answers: that the program is there says little.

    Returns
    -------
    bool
        Whether a timer would run.
    """
    if not has_program("systemctl"):
        return False
    try:
        said = call([*SYSTEMCTL, "is-system-running"]).stdout
    except ScheduleError:
        return False
    return said.decode(errors="replace").strip() in WORKING


def show(job: Job) -> str:
    """Return what would be written.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Returns
    -------
    str
        Both files with their paths, and the commands that follow.
    """
    files = [f"# {_folder() / name}\n{text}" for name, text in write_units(job).items()]
    reload, enable = _enable(job.name)
    return "\n".join([*files, f"# then: {' '.join(reload)}", f"#       {' '.join(enable)}"])


def install(job: Job) -> None:
    """Write both files and start the timer; nothing is left behind when that fails.

    Parameters
    ----------
    job : Job
        What is scheduled.

    Raises
    ------
    ScheduleError
        When systemd refuses.
    """
    paths = {_folder() / name: text for name, text in write_units(job).items()}
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        for path, text in paths.items():
            write_whole(path, text)
        for command in _enable(job.name):
            call_well(command)
        # `enable --now` leaves a timer that runs already on its old time of day.
        call_well([*SYSTEMCTL, "restart", f"{job.name}.timer"])
    except BaseException:
        _put_back(job.name, before)
        raise


def remove(name: str) -> None:
    """Stop the timer and take both files away.

    Parameters
    ----------
    name : str
        Of the job.
    """
    manager = has_program("systemctl")
    if manager:
        call([*SYSTEMCTL, "disable", "--now", f"{name}.timer"])
        call([*SYSTEMCTL, "clean", "--what=state", f"{name}.timer"])  # when it last ran
    for ending in ENDINGS:
        (_folder() / f"{name}.{ending}").unlink(missing_ok=True)
    # What `disable` takes away where the user manager answers.
    (_folder() / "timers.target.wants" / f"{name}.timer").unlink(missing_ok=True)
    if manager:
        call([*SYSTEMCTL, "daemon-reload"])
        call([*SYSTEMCTL, "reset-failed", f"{name}.service"])


def find(name: str) -> Found | None:
    """Find an installed job.

    Parameters
    ----------
    name : str
        Of the job.

    Returns
    -------
    Found or None
        None when there is none.
    """
    paths = {f"{name}.{ending}": _folder() / f"{name}.{ending}" for ending in ENDINGS}
    texts = {
        key: path.read_text("utf-8", "replace") for key, path in paths.items() if path.exists()
    }
    if not texts:
        return None
    job = read_note("".join(texts.values()))
    as_written = job is not None and write_units(job) == texts
    return Found(KIND, str(paths[f"{name}.timer"]), job, as_written)


def list_facts(name: str) -> list[str]:
    """Say when a timer ran and runs next, as systemd tells.

    Parameters
    ----------
    name : str
        Of the job.

    Returns
    -------
    list of str
        Sentences; a fault among them begins with ``Warning:``.
    """
    if not works():
        return ["Warning: the user manager of systemd does not answer, so nothing will start."]
    timer = _ask(f"{name}.timer", "ActiveState", "NextElapseUSecRealtime")
    # Not the timer's own last start: with Persistent, that is at first when it was installed.
    service = _ask(f"{name}.service", "ExecMainStartTimestamp", "ExecMainStatus")
    lines = [f"Next start: {timer.get('NextElapseUSecRealtime') or 'not known'}."]
    if began := service.get("ExecMainStartTimestamp"):
        lines.append(f"Last start: {began}; exit code {service.get('ExecMainStatus')}.")
    if timer.get("ActiveState") != "active":
        lines.append(f"Warning: the timer is not running; {' '.join(_enable(name)[1])} starts it.")
    return lines + list_cautions()


def list_cautions() -> list[str]:
    """Say whether timers stop when the user logs out.

    Returns
    -------
    list of str
        A warning, or nothing.
    """
    said = (
        call(["loginctl", "show-user", str(os.getuid()), "--property=Linger"]).stdout
        if has_program("loginctl")
        else b""
    )
    if said.strip() != b"Linger=no":
        return []
    return ["Warning: timers of this user stop at logout; `loginctl enable-linger` keeps them "
            "running, from the start of the machine on."]  # fmt: skip


def _ask(unit: str, *properties: str) -> dict[str, str]:
    said = call([*SYSTEMCTL, "show", unit, f"--property={','.join(properties)}"]).stdout
    pairs = (line.partition("=") for line in said.decode(errors="replace").splitlines())
    return {key: value for key, _, value in pairs}


def _folder() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "systemd" / "user"


def _enable(name: str) -> tuple[list[str], list[str]]:
    return [*SYSTEMCTL, "daemon-reload"], [*SYSTEMCTL, "enable", "--now", f"{name}.timer"]


def _put_back(name: str, before: dict[Path, bytes | None]) -> None:
    """Leave things as they were: the job that stood there before, or nothing."""
    if None in before.values():
        remove(name)
    for path, content in before.items():
        if content is not None:
            write_whole(path, content)
    call([*SYSTEMCTL, "daemon-reload"])
