"""``cakra cycle --demo``: one region's cycles as a story, then many regions compared."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from cakra_analysis import cycles
from cakra_analysis.console.cycle_files import write_files
from cakra_analysis.console.paths import display_path
from cakra_analysis.console.told_to_end import EndedError, end_when_told
from cakra_analysis.errors import AnalysisError
from cakra_analysis.words import label, say, write_number


def cycle(options: argparse.Namespace) -> int:
    """Show that the loop closes, and what that brings.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0; 130 when interrupted, 143 when told to end: nothing is written then.

    Raises
    ------
    CakraError
        Without ``--demo``, or when regions of that kind cannot be made.
    """
    _check(options)
    console = Console(highlight=False, markup=False, emoji=False)
    end_when_told()
    try:
        _tell_one(console, options)
        table, closed = _compare(console, options)
    except KeyboardInterrupt as error:
        console.print("\nStopped; nothing was written.")
        return 143 if isinstance(error, EndedError) else 130
    finding = cycles.find_loop(table)
    console.print(f"\n{say(finding, options.lang, 'title')}\n{say(finding, options.lang)}")
    if options.to:
        for file in write_files(Path(options.to), table, closed, options):
            console.print(display_path(file))
    return 0


def _check(options: argparse.Namespace) -> None:
    if not options.demo:
        data = options.data or "DATA"
        raise AnalysisError(
            "This command runs the demonstration only: cakra cycle --demo.",
            allowed=f"A cycle of your own: cakra check {data}; cakra report --data {data} (needs, "
            "then, when courses were held and tested, their effects and what to improve);",
            do=f"cakra evidence {data} keeps what was measured for the next cycle; cakra plan "
            f"{data} --to FOLDER plans the next year with it.",
        )
    if options.data:
        raise AnalysisError(
            f'The demonstration makes its own regions; it cannot use "{options.data}".',
            do="Leave the data set out, or leave --demo out to read how your own cycle is run.",
        )
    if not options.seeds or not options.cycles:
        raise AnalysisError("Nothing is to be run.", allowed="--seeds and --cycles are 1 or more.")
    if options.to and Path(options.to).exists() and not Path(options.to).is_dir():
        raise AnalysisError(f"--to {options.to} is no folder.", do="Name a folder, new or not.")


def _tell_one(console: Console, options: argparse.Namespace) -> None:
    """One region, cycle by cycle, planned with what was measured."""
    lang = options.lang
    world = cycles.make_world(options.seed, staff=options.staff, cycles=options.cycles)
    title = label("cycle.story.title", lang, cycles=options.cycles, seed=options.seed)
    console.print(title, style="bold")
    for year in cycles.run_cycles(world, cycles.MEASURED):
        console.print(f"\n{label('cycle.story.cycle', lang, cycle=year.cycle)}", style="bold")
        findings = cycles.find_year(world, year)
        for finding in findings[:3]:
            console.print(say(finding, lang))
        console.print(_draw_courses(cycles.list_courses(world, year), lang))
        for finding in findings[3:]:
            console.print(say(finding, lang))


def _draw_courses(courses: pd.DataFrame, lang: str) -> Table:
    columns = ("course", "sessions", "seats", "believed", "measured", "grade", "after")
    table = Table()
    for place, name in enumerate(columns):
        table.add_column(
            label(f"cycle.story.{name}", lang), justify="right" if 0 < place < 5 else "left"
        )
    for row in courses.itertuples():
        found = "–"
        if pd.notna(row.measured):
            ends = [write_number(end, lang, "signed") for end in (row.low, row.high)]
            found = f"{write_number(row.measured, lang, 'signed')} ({ends[0]}; {ends[1]})"
        table.add_row(
            row.name_id if lang == "id" else row.name_en,
            f"{row.sessions:.0f}",
            f"{row.seats:.0f}",
            write_number(row.believed, lang, "signed"),
            found,
            row.grade if pd.notna(row.grade) else "–",
            write_number(row.next, lang, "signed"),
        )
    return table


def _compare(console: Console, options: argparse.Namespace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Many regions in every way of planning."""
    lang = options.lang
    title = label(
        "cycle.story.many", lang, regions=options.seeds, staff=options.staff, cycles=options.cycles
    )
    console.print(f"\n{title}", style="bold")
    with _bar(console, options.seeds) as done:
        ran = cycles.run_regions(
            range(options.seed, options.seed + options.seeds),
            staff=options.staff,
            cycles=options.cycles,
            workers=options.workers,
            done=done,
        )
    table = cycles.compare_arms(ran.closed)
    shown = Table()
    for name in ("number", "arm", "share", "range", "regions"):
        shown.add_column(label(f"cycle.story.{name}", lang))
    for row in list_rows(table, lang):
        shown.add_row(*row)
    console.print(shown)
    return table, ran.closed


def list_rows(table: pd.DataFrame, lang: str) -> list[list[str]]:
    """Return the comparison as a reader sees it.

    Parameters
    ----------
    table : DataFrame
        From ``compare_arms``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of list of str
        Cycle, way of planning, figure, interval, number of regions.
    """
    rows = []
    for row in table.itertuples():
        name, times, kind = label(f"chart.loop.{row.arm}", lang), 1, "percent1"
        if row.compared:
            name = label("cycle.story.compared", lang, arm=name)
            times, kind = 100, "signed"
        value, low, high = (
            write_number(times * v, lang, kind) for v in (row.value, row.low, row.high)
        )
        ends = f"{low} – {high}" if row.n > 1 else "–"
        rows.append([str(row.number), name, value, ends, str(row.n)])
    return rows


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar with the remaining time; a log that is no terminal gets a line every tenth."""
    from rich import progress as bars

    columns = (bars.BarColumn(), bars.MofNCompleteColumn(), bars.TimeRemainingColumn())
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task, through = bar.add_task("", total=total), 0

        def done(_: int) -> None:
            nonlocal through
            through += 1
            bar.update(task, advance=1)
            if not console.is_terminal and through % max(1, total // 10) == 0:
                console.print(f"{through}/{total}")

        yield done
