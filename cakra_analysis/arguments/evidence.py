"""The command that keeps what a cycle's evaluation found."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command


def add_evidence(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare evidence.

    Parameters
    ----------
    commands : Commands
        What it is added to.
    """
    evidence = add_command(
        commands,
        "evidence",
        "keep what a cycle's tests say of each course, for the plans of later cycles",
        example="cakra evidence data/cakranegara\n"
        "cakra evidence data/cakranegara --cycle 2026 --to data/cakranegara/evaluations.csv",
    )
    evidence.add_argument("data", help="folder or workbook")
    evidence.add_argument("--cycle", default="", help="when the courses were held (the latest)")
    told = "CSV in the shape of the table evaluations; rows of other cycles in it stay"
    evidence.add_argument("--to", default="", help=told)
    evidence.add_argument("--settings", default="settings.toml", help="(%(default)s)")
