"""The command that shows the loop closed."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command, read_whole


def add_cycle(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare cycle.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    cycle = add_command(
        commands,
        "cycle",
        "run a region that does not exist through three cycles, the loop closed",
        example="cakra cycle --demo\ncakra cycle --demo --seeds 10 --lang en --to /tmp/loop",
    )
    told = "run the demonstration; without it the command says how a real cycle is run"
    cycle.add_argument("--demo", action="store_true", help=told)
    cycle.add_argument("data", nargs="?", default="", help=argparse.SUPPRESS)
    cycle.add_argument("--seeds", type=read_whole, default=50, help="regions (%(default)s)")
    cycle.add_argument("--seed", type=read_whole, default=1, help="of the first (%(default)s)")
    cycle.add_argument("--staff", type=read_whole, default=200, help="of each (%(default)s)")
    cycle.add_argument("--cycles", type=read_whole, default=3, help="(%(default)s)")
    cycle.add_argument("--workers", type=read_whole, default=0, help="processes (0 = one a core)")
    cycle.add_argument("--to", default="", help="folder for figure, table and page")
    cycle.add_argument("--lang", choices=("id", "en"), default="id", help="(%(default)s)")
