"""The words of the command line, with an example of each command."""

from __future__ import annotations

import argparse
from datetime import date

from cakra_analysis import __version__

EXAMPLES = {
    "report": "cakra report\ncakra report --dry-run\n"
    "cakra report --data data/raw/2026.xlsx --lang id --to reports",
    "status": "cakra status\ncakra status /srv/reports",
    "schedule": "cakra schedule install --dry-run\ncakra schedule install --at 05:30\n"
    "cakra schedule status\ncakra schedule remove",
    "check": "cakra check data/cakranegara\ncakra check data/raw/2026.xlsx --lang id",
    "synthetic": "cakra synthetic --to data/cakranegara\n"
    "cakra synthetic --staff 1000000 --kind parquet --to /tmp/large",
    "import": "cakra import docs/examples/sib-2026/mapping.toml survey.xlsx --to data/raw/sib",
    "pseudonymise": "cakra pseudonymise data/raw/2026.xlsx --to data/raw/2026\n"
    "cakra pseudonymise data/raw/2026.xlsx --names data/raw/trainers.txt --to data/raw/2026",
    "key": "cakra key\ncakra key --to ~/keys/cakra",
    "audit": "cakra audit reports\ncakra audit reports --data data/raw/2026.xlsx",
    "plan": "cakra plan data/cakranegara --to /tmp/plan-2027\n"
    "cakra plan data/cakranegara --to /tmp/plan-2027 --budget 300000000 --lots C09 C13\n"
    "cakra plan data/cakranegara --to /tmp/plan-2027 --replan 2027-04-01",
    "dictionary": "cakra dictionary > data/README.md",
}


def _whole(text: str) -> int:
    """Read an option that is a whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of 0 or more')
    return int(text)


def _clock(text: str) -> str:
    """Read a time of day; a point between hour and minute is as good as a colon."""
    hour, _, minute = text.replace(".", ":").partition(":")
    told = hour.isdecimal() and minute.isdecimal() and len(minute) == 2
    if not told or int(hour) > 23 or int(minute) > 59:
        raise argparse.ArgumentTypeError(f'"{text}" is not a time of day such as 05:30')
    return f"{int(hour):02}:{minute}"


def _day(text: str) -> str:
    """Read a day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day such as 2027-04-01') from None


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    ArgumentParser
        ``command`` in its result names the command.
    """
    parser = argparse.ArgumentParser(
        prog="cakra",
        description="Competency needs, programmes and their effects for regional governments.",
        epilog="Example:\n  cakra report\n`cakra COMMAND --help` shows an example of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cakra-analysis {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    _add_reports(commands)
    _add_plan(commands)
    _add_schedule(commands)
    _add_data(commands)
    _add_persons(commands)
    return parser


def _add_reports(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = _command(commands, "report", "build the reports of a plan")
    report.add_argument(
        "plan", nargs="?", default="reports/reports.toml", help="plan (%(default)s)"
    )
    report.add_argument("--data", default="", help="another data set than the plan's")
    report.add_argument("--lang", nargs="+", default=(), help="languages instead of the plan's")
    report.add_argument("--to", default="", help="folder to build into (the plan's own folder)")
    report.add_argument(
        "--workers", type=_whole, default=0, help="kernels at a time (0: one a core)"
    )
    report.add_argument("--dry-run", action="store_true", help="say what would be made, and why")
    report.add_argument("--all", action="store_true", help="make all, changed or not")
    report.add_argument("--no-wait", action="store_true", help="end if another build is under way")
    report.add_argument("--quiet", action="store_true", help="print nothing unless a report fails")
    report.add_argument("--dask", default="", metavar="ADDRESS", help="scheduler of a Dask cluster")

    status = _command(commands, "status", "say how the last build went")
    status.add_argument("reports", nargs="?", default="reports", help="folder (%(default)s)")

    audit = _command(commands, "audit", "look for persons and secrets in built reports")
    audit.add_argument("reports", help="folder of built reports")
    audit.add_argument("--data", default="", help="data set with identifiers and names to look for")
    audit.add_argument("--settings", default="", help="settings.toml with the thresholds")


def _add_plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    plan = _command(commands, "plan", "plan a year: programme, timetable, people in seats")
    plan.add_argument("data", help="folder or workbook")
    plan.add_argument("--to", required=True, help="folder of working files, apart from the reports")
    plan.add_argument("--cycle", default="", help="whose needs are met (the latest)")
    plan.add_argument("--unit", default="", help="whose people (the unit at the top)")
    plan.add_argument("--budget", type=_whole, default=0, help="rupiah (that of the settings)")
    plan.add_argument("--settings", default="settings.toml", help="(%(default)s)")
    plan.add_argument("--lang", choices=("id", "en"), default="id", help="(%(default)s)")
    plan.add_argument("--seconds", type=_whole, default=20, help="effort for the timetable (20)")
    drawn = "courses whose seats are drawn by lot, for a fair comparison afterwards"
    plan.add_argument("--lots", nargs="+", default=(), metavar="COURSE", help=drawn)
    told = "keep the plan in --to and move as few sessions as possible, from this day on"
    plan.add_argument("--replan", type=_day, metavar="DATE", help=told)
    plan.add_argument("--ids", default="", help="CSV with pseudonim and pnsOrangId, for SIASN")


def _add_schedule(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "build a plan by itself, at a time of day"
    actions = _command(commands, "schedule", summary).add_subparsers(
        dest="action", metavar="ACTION", required=True
    )
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
            action.add_argument("--at", type=_clock, default="05:30", help="time (%(default)s)")
            every = ("day", "week", "month")
            action.add_argument("--every", choices=every, default="day", help="(%(default)s)")
            action.add_argument("--to", default="", help="folder to build into (the plan's own)")
            kinds = ("systemd", "cron")
            action.add_argument("--kind", choices=kinds, default="", help="instead of what works")


def _add_data(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _command(commands, "check", "check a data set and list its problems")
    check.add_argument("path", help="folder or workbook")
    check.add_argument("--lang", choices=("id", "en"), default="en", help="language (%(default)s)")
    check.add_argument("--to", default="", help="CSV file for all problems")

    make = _command(commands, "synthetic", "make a region that does not exist")
    make.add_argument("--to", required=True, help="folder to write")
    make.add_argument("--staff", type=_whole, help="number of staff (616)")
    make.add_argument("--seed", type=_whole, help="seed (5271)")
    make.add_argument("--cycles", type=_whole, default=3, help="yearly cycles (%(default)s)")
    make.add_argument("--kind", choices=("csv", "parquet"), default="csv", help="(%(default)s)")

    bring = _command(commands, "import", "turn a survey export into a data set")
    bring.add_argument("mapping", help="TOML file that says which column is which")
    bring.add_argument("file", help="the export: .xlsx or .csv")
    bring.add_argument("--to", required=True, help="folder to write")

    _command(commands, "dictionary", "print the data dictionary (Markdown)")


def _add_persons(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hide = _command(commands, "pseudonymise", "replace the NIPs of raw tables, mask comments")
    hide.add_argument("data", help="raw tables: folder or workbook")
    hide.add_argument("--names", default="", help="file of names to mask in comments, one a line")
    hide.add_argument("--to", required=True, help="folder to write; new or empty")

    key = _command(commands, "key", "make the secret key behind the pseudonyms, once")
    key.add_argument("--to", default="", help="file (CAKRA_KEY_FILE or ~/.config/cakra/key)")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
) -> argparse.ArgumentParser:
    example = "Example:\n" + "\n".join(f"  {line}" for line in EXAMPLES[name].splitlines())
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
