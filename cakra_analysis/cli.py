"""The command ``cakra``: it parses, calls and prints; it decides nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from cakra_analysis.arguments import make_parser
from cakra_analysis.errors import CakraError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; from the command line if missing.

    Returns
    -------
    int
        0 when all went well, 1 when a report failed or leaks or data has problems, 2 when the call
        or an input cannot be used.
    """
    options = make_parser().parse_args(arguments)
    try:
        _hide_passwords(options)
        return COMMANDS[options.command](options)
    except CakraError as error:
        print(f"cakra {options.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"cakra {options.command}: {_explain(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as error:
        kept = " The last good reports are in place; what was ready is kept for the next build."
        print(f"\nStopped.{kept * (options.command == 'report')}", file=sys.stderr)
        return 143 if type(error).__name__ == "EndedError" else 130


def _hide_passwords(options: argparse.Namespace) -> None:
    """A URL goes on without its password, which is remembered for the connection alone."""
    from cakra_analysis.database.address import hide_password, is_url

    for name, value in vars(options).items():
        if is_url(value):
            setattr(options, name, hide_password(value))


def _explain(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}the file or folder cannot be used: {error.strerror or error}."


def _report(options: argparse.Namespace) -> int:
    from cakra_analysis.console.report import report

    return report(options)


def _status(options: argparse.Namespace) -> int:
    from cakra_analysis.console.status import status

    return status(options)


def _plan(options: argparse.Namespace) -> int:
    from cakra_analysis.console.plan import plan

    return plan(options)


def _evidence(options: argparse.Namespace) -> int:
    from cakra_analysis.console.evidence import evidence

    return evidence(options)


def _cycle(options: argparse.Namespace) -> int:
    from cakra_analysis.console.cycle import cycle

    return cycle(options)


def _schedule(options: argparse.Namespace) -> int:
    from cakra_analysis.schedule.command import schedule

    return schedule(options)


def _template(options: argparse.Namespace) -> int:
    from cakra_analysis.console.template import template

    return template(options)


def _check(options: argparse.Namespace) -> int:
    from cakra_analysis.console.check import check

    return check(options)


def _database(options: argparse.Namespace) -> int:
    from cakra_analysis.console.database import database

    return database(options)


def _synthetic(options: argparse.Namespace) -> int:
    from cakra_analysis.synthetic import make_region, write_region
    from cakra_analysis.synthetic.region import DEFAULT_SEED, DEFAULT_STAFF

    seed = DEFAULT_SEED if options.seed is None else options.seed
    staff = DEFAULT_STAFF if options.staff is None else options.staff
    region = make_region(seed, staff=staff, cycles=options.cycles, with_levels=False)
    for file in write_region(region, options.to, kind=options.kind):
        print(file)
    return 0


def _import(options: argparse.Namespace) -> int:
    from cakra_analysis.console.bring import bring

    return bring(options)


def _pseudonymise(options: argparse.Namespace) -> int:
    from cakra_analysis.files import refuse_url
    from cakra_analysis.intake import disguise_tables, read_names, write_tables
    from cakra_analysis.privacy import read_key

    refuse_url(options.data)
    key = read_key(apart_from=[Path(options.data), Path(options.to)])
    names = read_names(Path(options.names)) if options.names else []
    result = disguise_tables(Path(options.data), key, names=names)
    files = write_tables(result.tables, Path(options.to))
    print(*result.report(), *files, sep="\n")
    return 0


def _key(options: argparse.Namespace) -> int:
    from cakra_analysis.privacy import describe_key, make_key

    print(describe_key(make_key(Path(options.to) if options.to else None)))
    return 0


def _audit(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import track

    from cakra_analysis.audit import audit_folder
    from cakra_analysis.files import refuse_url
    from cakra_analysis.settings import read_settings

    refuse_url(options.reports)
    seen = Console(stderr=True)
    bar = partial(track, description="", console=seen, transient=True, disable=not seen.is_terminal)
    privacy = read_settings(options.settings).privacy if options.settings else None
    audit = audit_folder(Path(options.reports), data=options.data, settings=privacy, watch=bar)
    print(audit.describe())
    return 0 if audit.leaks.empty else 1


def _dictionary(_: argparse.Namespace) -> int:
    from cakra_analysis.dictionary import write_dictionary

    print(write_dictionary(), end="")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "report": _report,
    "status": _status,
    "plan": _plan,
    "evidence": _evidence,
    "cycle": _cycle,
    "schedule": _schedule,
    "template": _template,
    "check": _check,
    "db": _database,
    "synthetic": _synthetic,
    "import": _import,
    "pseudonymise": _pseudonymise,
    "key": _key,
    "audit": _audit,
    "dictionary": _dictionary,
}
