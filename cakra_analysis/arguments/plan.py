"""The command that plans a year."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command, read_day, read_whole


def add_plan(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare plan.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    plan = add_command(
        commands,
        "plan",
        "plan a year: programme, timetable, people in seats",
        example="cakra plan data/cakranegara --to /tmp/plan-2027\n"
        "cakra plan data/cakranegara --to /tmp/plan-2027 --budget 300000000 --lots C09 C13\n"
        "cakra plan data/cakranegara --to /tmp/plan-2027 --replan 2027-04-01",
    )
    plan.add_argument("data", help="folder, workbook or URL of a database")
    plan.add_argument("--to", required=True, help="folder of working files, apart from the reports")
    plan.add_argument("--cycle", default="", help="whose needs are met (the latest)")
    plan.add_argument("--unit", default="", help="whose people (the unit at the top)")
    plan.add_argument("--budget", type=read_whole, default=0, help="rupiah (that of the settings)")
    plan.add_argument("--settings", default="settings.toml", help="(%(default)s)")
    plan.add_argument("--lang", choices=("id", "en"), default="id", help="(%(default)s)")
    effort = "effort for timetable and nominations (that of the settings)"
    plan.add_argument("--seconds", type=read_whole, default=0, help=effort)
    drawn = "courses whose seats are drawn by lot, for a fair comparison afterwards"
    plan.add_argument("--lots", nargs="+", default=(), metavar="COURSE", help=drawn)
    told = "keep the plan in --to and move as few sessions as possible, from this day on"
    plan.add_argument("--replan", type=read_day, metavar="DATE", help=told)
    plan.add_argument("--ids", default="", help="CSV with pseudonim and pnsOrangId, for SIASN")
