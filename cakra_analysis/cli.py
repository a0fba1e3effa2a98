"""The command ``cakra``: it parses, calls and prints; it decides nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cakra_analysis.arguments import make_parser
from cakra_analysis.errors import CakraError

if TYPE_CHECKING:
    from rich.console import Console

    from cakra_analysis.dataset import Dataset
    from cakra_analysis.report import Outcome, Run


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
    except KeyboardInterrupt:
        print("\nStopped. The last good reports are in place.", file=sys.stderr)
        return 130


def _explain(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}the file or folder cannot be used: {error.strerror or error}."


def _report(options: argparse.Namespace) -> int:
    from rich.console import Console

    from cakra_analysis.privacy import drop_key
    from cakra_analysis.report import read_plan
    from cakra_analysis.report.index import write_index
    from cakra_analysis.report.publish import open_folder

    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    plan = Path(options.plan)
    runs, dataset = read_plan(plan, data=options.data, languages=options.lang)
    to = Path(options.to) if options.to else plan.parent
    open_folder(to)
    if dataset.set_aside:
        where = display_path(dataset.path)
        aside = _count(dataset.set_aside, "row")
        console.print(f"{aside} set aside; see: cakra check {where}")
    _print_rare(console, dataset)
    drop_key()
    outcomes = _build(console, runs, to, options.workers)
    failed = [outcome for outcome in outcomes if outcome.cause]
    for outcome in failed:
        console.print(outcome.describe(), style="red")
    settings = runs[0].parameters["settings"]
    index, others = write_index(
        to,
        lang=runs[0].lang,
        dataset=dataset.name,
        settings=settings,
        fingerprint=dataset.fingerprint,
    )
    built = f"{len(outcomes) - len(failed)} of {len(outcomes)} reports built"
    console.print(f"\n{built} from {display_path(dataset.path)}.\n{display_path(index)}")
    if others:
        left = _count(others, "report")
        console.print(f"{left} of other data sets in the same folder: not listed in the index.")
    for note in dict.fromkeys(outcome.note for outcome in outcomes if outcome.note):
        console.print(note)
    return 1 if failed else 0


def _build(console: Console, runs: list[Run], to: Path, workers: int) -> list[Outcome]:
    """Build with a bar and a line a report."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    from cakra_analysis.report import build_reports

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeLeft(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=len(runs))

        def show(outcome: Outcome) -> None:
            mark = "FAILED" if outcome.cause else "built "
            page = display_path(outcome.page)
            progress.console.print(f"{mark} {page}  ({outcome.seconds:.1f} s)")
            progress.update(task, advance=1, description=outcome.run.unit_name)

        return build_reports(runs, to, workers=workers, on_done=show)


def _print_rare(console: Console, dataset: Dataset) -> None:
    """Say which cycles look mistyped and are not taken as the latest."""
    for cycle, count in dataset.rare_cycles.items():
        console.print(
            f"Cycle {cycle} has {count} of {len(dataset['ratings']):,} ratings; is it mistyped? "
            f"The latest cycle is taken to be {dataset.latest}."
        )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def display_path(path: Path) -> str:
    """Write a path from here where it lies below, so that it can be read and clicked.

    Parameters
    ----------
    path : Path
        Any path.

    Returns
    -------
    str
        Relative to the working folder where possible.
    """
    here = Path.cwd()
    return str(path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path)


def _check(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from cakra_analysis.load import load

    dataset = load(options.path)
    console = Console(highlight=False, markup=False, emoji=False)
    for name, table in dataset.tables.items():
        console.print(f"{name:<20} {len(table):>9,} rows")
    _print_rare(console, dataset)
    problems = dataset.problems
    if options.to:
        problems.to_csv(options.to, index=False)
    if problems.empty:
        console.print("No problems.")
        return 0
    shown = Table("table", "row", "column", "value", "what is wrong")
    for row in problems.head(50).itertuples():
        message = getattr(row, f"message_{options.lang}")
        shown.add_row(row.table, str(row.row), row.column, row.value, message)
    console.print(shown)
    more = "; the first 50 are shown, `--to problems.csv` writes all" if len(problems) > 50 else ""
    aside = _count(dataset.set_aside, "row")
    console.print(f"{_count(len(problems), 'problem')}; {aside} set aside{more}.")
    return 1 if dataset.set_aside else 0


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
    from cakra_analysis.intake import import_survey, write_import

    result = import_survey(Path(options.mapping), Path(options.file))
    print(*result.report(), sep="\n")
    print(*write_import(result, Path(options.to)), sep="\n")
    return 0


def _pseudonymise(options: argparse.Namespace) -> int:
    from cakra_analysis.intake import disguise_tables, read_names, write_tables
    from cakra_analysis.privacy import read_key

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
    from cakra_analysis.audit import audit_folder
    from cakra_analysis.settings import read_settings

    privacy = read_settings(options.settings).privacy if options.settings else None
    audit = audit_folder(Path(options.reports), data=options.data, settings=privacy)
    print(audit.describe())
    return 0 if audit.leaks.empty else 1


def _dictionary(_: argparse.Namespace) -> int:
    from cakra_analysis.dictionary import write_dictionary

    print(write_dictionary(), end="")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "report": _report,
    "check": _check,
    "synthetic": _synthetic,
    "import": _import,
    "pseudonymise": _pseudonymise,
    "key": _key,
    "audit": _audit,
    "dictionary": _dictionary,
}
