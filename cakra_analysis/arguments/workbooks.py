"""Commands that give out a workbook to fill in, and check what comes back."""

from __future__ import annotations

import argparse

from cakra_analysis.arguments.command import Commands, add_command


def add_workbooks(commands: Commands[argparse.ArgumentParser]) -> None:
    """Declare template and check.

    Parameters
    ----------
    commands : Commands
        What they are added to.
    """
    fill = add_command(
        commands,
        "template",
        "make a workbook to fill in by hand",
        example="cakra template data/raw/2026.xlsx\n"
        "cakra template data/raw/2026.xlsx --for evaluation --lang en",
    )
    fill.add_argument("file", help="workbook to write; it must not be there yet")
    purposes = ("needs", "evaluation", "planning", "all")
    fill.add_argument(
        "--for", dest="purpose", choices=purposes, default="needs", help="(%(default)s)"
    )
    fill.add_argument("--lang", choices=("id", "en"), default="id", help="language (%(default)s)")
    fill.add_argument("--force", action="store_true", help="replace a file that is there")

    check = add_command(
        commands,
        "check",
        "check a data set and list its problems",
        example="cakra check data/cakranegara\ncakra check data/raw/2026.xlsx --lang id\n"
        "cakra check data/raw/2026.xlsx --marked data/raw/2026-marked.xlsx\n"
        "cakra check postgresql://ana@db/asn --lang id",
    )
    check.add_argument("path", help="folder, workbook or URL of a database")
    check.add_argument("--lang", choices=("id", "en"), default="en", help="language (%(default)s)")
    check.add_argument("--to", default="", help="CSV file for all problems")
    told = "workbook to write: a copy of the data with every problem marked on its cell"
    check.add_argument("--marked", default="", metavar="FILE", help=told)
    check.add_argument("--force", action="store_true", help="replace a marked copy that is there")
