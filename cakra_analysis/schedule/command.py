"""``cakra schedule``: install, remove, show."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from cakra_analysis.errors import ScheduleError
from cakra_analysis.schedule import cron, timer
from cakra_analysis.schedule.found import list_faults
from cakra_analysis.schedule.job import Job, make_job, name_job

KINDS: Mapping[str, ModuleType] = {timer.KIND: timer, cron.KIND: cron}
NONE_WORKS = "Neither a systemd user manager nor a crontab works here."
OTHER_WAYS = "docs/scheduling/README.md shows other ways: GitHub, GitLab, Airflow, JupyterLab."


def schedule(options: argparse.Namespace) -> int:
    """Install, remove or show the timetable of a plan.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0; for ``status`` 1 when the plan is not scheduled or would not run.

    Raises
    ------
    PlanError
        When the plan to install cannot be used.
    ScheduleError
        When no scheduler works, or one refuses.
    """
    plan = Path(options.plan)
    if options.action == "install":
        _check_plan(plan)
        job = make_job(plan, to=options.to, at=options.at, every=options.every)
        return _preview(job, options.kind) if options.dry_run else _install(job, options.kind)
    if options.action == "remove":
        return _remove(plan, dry_run=options.dry_run)
    return _status(plan)


def _check_plan(plan: Path) -> None:
    """Refuse now what would fail each night unseen."""
    from cakra_analysis.notices import read_notices
    from cakra_analysis.report.entries import read_entries

    entries = read_entries(plan)
    if "notices" in entries:
        read_notices(f"{plan}: [notices]:", entries["notices"])


def _choose(wanted: str) -> ModuleType | None:
    return next((k for n, k in KINDS.items() if n in (wanted or n) and k.works()), None)


def _preview(job: Job, wanted: str) -> int:
    chosen = _choose(wanted)
    names = [wanted] if wanted else list(KINDS)
    print("A dry run: nothing is written.")
    print(f"`cakra schedule install` would use {chosen.KIND}." if chosen else NONE_WORKS)
    for name in names:
        print(f"\n# ---- {name} ----\n{KINDS[name].show(job)}")
    return 0


def _install(job: Job, wanted: str) -> int:
    chosen = _choose(wanted)
    if chosen is None:
        found = f"{wanted} does not work here." if wanted else NONE_WORKS
        others = [name for name, kind in KINDS.items() if kind.works()]
        allowed = f"What works here: {', '.join(others)}." if others else ""
        raise ScheduleError(found, allowed=allowed, do=OTHER_WAYS)
    chosen.install(job)
    print(f"Scheduled by {chosen.KIND}: every {job.every} at {job.at}, {job.plan}.")
    print("A start that was missed is made up for; a build with nothing to do ends at once.")
    print(*_leave_others(job.name, chosen), *chosen.list_facts(job.name), sep="\n")
    return 0


def _leave_others(name: str, chosen: ModuleType) -> list[str]:
    """Take the job out of the other scheduler, lest it run twice."""
    lines = []
    for kind in KINDS.values():
        try:
            if kind is not chosen and kind.find(name):
                kind.remove(name)
                lines.append(f"Taken out of {kind.KIND}, where it was before.")
        except ScheduleError as error:
            lines.append(f"Warning: {kind.KIND} was not looked into: {error.found}")
    return lines


def _remove(plan: Path, *, dry_run: bool) -> int:
    name = name_job(plan)
    found = [kind for kind in KINDS.values() if kind.find(name)]
    for kind in found:
        if not dry_run:
            kind.remove(name)
        print(f"{'Would be taken' if dry_run else 'Taken'} out of {kind.KIND}: {plan} ({name}).")
    if not found:
        print(f"{plan} is not scheduled, so there is nothing to take away.")
    return 0


def _status(plan: Path) -> int:
    name = name_job(plan)
    installed = [found for kind in KINDS.values() if (found := kind.find(name))]
    well = bool(installed)
    for found in installed:
        lines = KINDS[found.kind].list_facts(name)
        lines += [f"Warning: {fault}" for fault in list_faults(found)]
        print(f"{plan} is scheduled by {found.kind} ({found.place}).")
        if found.job:
            print(f"Every {found.job.every} at {found.job.at}, in {found.job.folder}:")
            print(f"  {' '.join(found.job.command)}")
        print(*lines, sep="\n")
        well = well and not any(line.startswith("Warning:") for line in lines)
    if not installed:
        print(f"{plan} is not scheduled. `cakra schedule install --dry-run` shows what would be.")
    return 0 if well else 1
