"""The command ``cakra``: it parses, calls and prints; it decides nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cakra_analysis import __version__
from cakra_analysis.errors import CakraError

if TYPE_CHECKING:
    from rich.console import Console

    from cakra_analysis.report import Outcome, Run

EXAMPLES = {
    "report": "cakra report\ncakra report --data data/raw/2026.xlsx --lang id --to reports",
    "check": "cakra check data/cakranegara\ncakra check data/raw/2026.xlsx --lang id",
    "synthetic": "cakra synthetic --to data/cakranegara\n"
    "cakra synthetic --staff 1000000 --kind parquet --to /tmp/large",
    "import": "cakra import docs/examples/sib-2026/mapping.toml survey.xlsx --to data/raw/sib",
    "dictionary": "cakra dictionary > data/README.md",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; from the command line if missing.

    Returns
    -------
    int
        0 when all went well, 1 when a report failed or data has problems, 2 when the call or an
        input cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CakraError as error:
        print(f"cakra {options.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("\nStopped. Reports that were finished are in place.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cakra",
        description="Competency needs, programmes and their effects for regional governments.",
        epilog="Example:\n  cakra report\n`cakra COMMAND --help` shows an example of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cakra-analysis {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    report = _command(commands, "report", "build the reports of a plan", _report)
    report.add_argument(
        "plan", nargs="?", default="reports/reports.toml", help="plan (%(default)s)"
    )
    report.add_argument("--data", default="", help="another data set than the plan's")
    report.add_argument("--lang", nargs="+", default=(), help="languages instead of the plan's")
    report.add_argument("--to", default="", help="folder to build into (the plan's own folder)")
    report.add_argument("--workers", type=int, default=0, help="processes (one a core)")

    check = _command(commands, "check", "check a data set and list its problems", _check)
    check.add_argument("path", help="folder or workbook")
    check.add_argument("--lang", choices=("id", "en"), default="en", help="language (%(default)s)")
    check.add_argument("--to", default="", help="CSV file for all problems")

    make = _command(commands, "synthetic", "make a region that does not exist", _synthetic)
    make.add_argument("--to", required=True, help="folder to write")
    make.add_argument("--staff", type=int, help="number of staff (616)")
    make.add_argument("--seed", type=int, help="seed (5271)")
    make.add_argument("--cycles", type=int, default=3, help="yearly cycles (%(default)s)")
    make.add_argument("--kind", choices=("csv", "parquet"), default="csv", help="(%(default)s)")

    bring = _command(commands, "import", "turn a survey export into a data set", _import)
    bring.add_argument("mapping", help="TOML file that says which column is which")
    bring.add_argument("file", help="the export: .xlsx or .csv")
    bring.add_argument("--to", required=True, help="folder to write")

    _command(commands, "dictionary", "print the data dictionary (Markdown)", _dictionary)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    example = "Example:\n" + "\n".join(f"  {line}" for line in EXAMPLES[name].splitlines())
    command = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _report(options: argparse.Namespace) -> int:
    from rich.console import Console

    from cakra_analysis.report import read_plan
    from cakra_analysis.report.index import write_index

    console = Console(highlight=False, soft_wrap=True)
    plan = Path(options.plan)
    runs, dataset = read_plan(plan, data=options.data, languages=options.lang)
    to = Path(options.to) if options.to else plan.parent
    if len(dataset.problems):
        where = display_path(dataset.path)
        console.print(f"{len(dataset.problems)} rows were set aside; see: cakra check {where}")
    outcomes = _build(console, runs, to, options.workers)
    failed = [outcome for outcome in outcomes if outcome.cause]
    for outcome in failed:
        console.print(outcome.describe(), style="red", markup=False)
    index = write_index(to, lang=runs[0].lang, settings=runs[0].parameters["settings"])
    built = f"{len(outcomes) - len(failed)} of {len(outcomes)} reports built"
    console.print(f"\n{built} from {display_path(dataset.path)}.\n{display_path(index)}")
    return 1 if failed else 0


def _build(console: Console, runs: list[Run], to: Path, workers: int) -> list[Outcome]:
    """Build with a bar and a line a report."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    from cakra_analysis.report import build_reports

    columns = (BarColumn(), MofNCompleteColumn(), TimeLeft(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=len(runs))

        def show(outcome: Outcome) -> None:
            mark = "FAILED" if outcome.cause else "built "
            page = display_path(outcome.page)
            progress.console.print(f"{mark} {page}  ({outcome.seconds:.1f} s)", markup=False)
            progress.update(task, advance=1, description=outcome.run.unit_name)

        return build_reports(runs, to, workers=workers, on_done=show)


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
    console = Console(highlight=False)
    for name, table in dataset.tables.items():
        console.print(f"{name:<20} {len(table):>9,} rows")
    problems = dataset.problems
    if problems.empty:
        console.print("No problems.")
        return 0
    shown = Table("table", "row", "column", "value", "what is wrong")
    for row in problems.head(50).itertuples():
        message = getattr(row, f"message_{options.lang}")
        shown.add_row(row.table, str(row.row), row.column, row.value, message)
    console.print(shown)
    if options.to:
        problems.to_csv(options.to, index=False)
    more = "; the first 50 are shown, `--to problems.csv` writes all" if len(problems) > 50 else ""
    console.print(f"{len(problems)} problems; their rows are set aside{more}.")
    return 1


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
    for line in result.report():
        print(line)
    for file in write_import(result, Path(options.to)):
        print(file)
    return 0


def _dictionary(_: argparse.Namespace) -> int:
    from cakra_analysis.contracts import write_dictionary

    print(write_dictionary(), end="")
    return 0
