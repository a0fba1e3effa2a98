"""Commands that build reports and read what was built."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command, read_clock, read_whole


def add_reports(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare report, status and audit.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    report = add_command(
        commands,
        "report",
        "build the reports of a plan",
        example="cakra report\ncakra report --dry-run\n"
        "cakra report --data data/raw/2026.xlsx --lang id --to reports",
    )
    report.add_argument(
        "plan", nargs="?", default="reports/reports.toml", help="plan (%(default)s)"
    )
    report.add_argument("--data", default="", help="another data set than the plan's, or a URL")
    report.add_argument("--lang", nargs="+", default=(), help="languages instead of the plan's")
    report.add_argument("--to", default="", help="folder to build into (the plan's own folder)")
    report.add_argument(
        "--workers", type=read_whole, default=0, help="kernels at a time (0: one a core)"
    )
    report.add_argument("--dry-run", action="store_true", help="say what would be made, and why")
    report.add_argument("--all", action="store_true", help="make all, changed or not")
    report.add_argument("--no-wait", action="store_true", help="end if another build is under way")
    report.add_argument("--quiet", action="store_true", help="print nothing unless a report fails")
    report.add_argument("--dask", default="", metavar="ADDRESS", help="scheduler of a Dask cluster")

    status = add_command(
        commands,
        "status",
        "say how the last build went",
        example="cakra status\ncakra status /srv/reports",
    )
    status.add_argument("reports", nargs="?", default="reports", help="folder (%(default)s)")

    audit = add_command(
        commands,
        "audit",
        "look for persons and secrets in built reports",
        example="cakra audit reports\ncakra audit reports --data data/raw/2026.xlsx",
    )
    audit.add_argument("reports", help="folder of built reports")
    audit.add_argument("--data", default="", help="data set with identifiers and names to look for")
    audit.add_argument("--settings", default="", help="settings.toml with the thresholds")


def add_schedule(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare schedule and its actions.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    summary = "build a plan by itself, at a time of day"
    actions = add_command(
        commands,
        "schedule",
        summary,
        example="cakra schedule install --dry-run\ncakra schedule install --at 05:30\n"
        "cakra schedule status\ncakra schedule remove",
    ).add_subparsers(dest="action", metavar="ACTION", required=True)
    told = {
        "install": "start builds by a systemd user timer, else by cron",
        "remove": "take away what install wrote",
        "status": "say what is installed and when it starts next",
    }
    for name, what in told.items():
        action = actions.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
        action.add_argument(
            "plan", nargs="?", default="reports/reports.toml", help="plan (%(default)s)"
        )
        if name != "status":
            action.add_argument("--dry-run", action="store_true", help="say it, change nothing")
        if name == "install":
            action.add_argument("--at", type=read_clock, default="05:30", help="time (%(default)s)")
            every = ("day", "week", "month")
            action.add_argument("--every", choices=every, default="day", help="(%(default)s)")
            action.add_argument("--to", default="", help="folder to build into (the plan's own)")
            kinds = ("systemd", "cron")
            action.add_argument("--kind", choices=kinds, default="", help="instead of what works")
