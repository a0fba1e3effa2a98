"""The words of the command line, with an example of each command."""

from __future__ import annotations

import argparse

from cakra_analysis import __version__
from cakra_analysis.arguments.cycle import add_cycle
from cakra_analysis.arguments.data import add_data, add_persons
from cakra_analysis.arguments.database import add_database
from cakra_analysis.arguments.evidence import add_evidence
from cakra_analysis.arguments.plan import add_plan
from cakra_analysis.arguments.reports import add_reports, add_schedule
from cakra_analysis.arguments.workbooks import add_workbooks

__all__ = ["make_parser"]


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

    add_reports(commands)
    add_plan(commands)
    add_evidence(commands)
    add_cycle(commands)
    add_schedule(commands)
    add_workbooks(commands)
    add_data(commands)
    add_database(commands)
    add_persons(commands)
    return parser
