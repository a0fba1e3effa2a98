"""The command ``cakra check``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cakra_analysis.console.paths import (
    count,
    display_path,
    find_new,
    refuse_data,
    write_beside,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


def check(options: argparse.Namespace) -> int:
    """Check a data set and list its problems.

    Parameters
    ----------
    options : Namespace
        path, lang, to, marked, force.

    Returns
    -------
    int
        1 when rows were set aside.
    """
    from rich.console import Console

    from cakra_analysis.files import find_place, refuse_url
    from cakra_analysis.load import load
    from cakra_analysis.marked import mark_problems
    from cakra_analysis.report.prepare import tell_others, tell_rare

    if options.marked:
        refuse_url(options.path)  # a database has no cells to write comments on
    marked = find_new(options.marked, force=options.force) if options.marked else None
    for file in filter(None, (options.to, options.marked)):
        refuse_data(Path(file), find_place(options.path))
    dataset = load(options.path)
    console = Console(highlight=False, markup=False, emoji=False)
    for name, table in dataset.tables.items():
        console.print(f"{name:<20} {len(table):>9,} rows")
    for line in [*tell_rare(dataset), *tell_others(dataset)]:
        console.print(line)
    problems = dataset.problems
    if options.to:
        write_beside(Path(options.to), problems.to_csv(index=False).encode())
    if problems.empty:
        console.print("No problems.")
        return 0
    console.print(_tabulate(problems, options.lang))
    if not isinstance(dataset.path, Path):
        console.print("Rows of a database are counted from 1 in the order of their table's key.")
    more = "; the first 50 are shown, `--to problems.csv` writes all" if len(problems) > 50 else ""
    aside = count(dataset.set_aside, "row")
    console.print(f"{count(len(problems), 'problem')}; {aside} set aside{more}.")
    if marked:
        write_beside(marked, mark_problems(Path(options.path), problems, lang=options.lang))
        console.print(f"{display_path(marked)}: a copy with every problem marked on its cell.")
    return 1 if dataset.set_aside else 0


def _tabulate(problems: pd.DataFrame, lang: str) -> Table:
    from rich.table import Table

    shown = Table("table", "row", "column", "value", "what is wrong")
    for row in problems.head(50).itertuples():
        message = getattr(row, f"message_{lang}")
        shown.add_row(row.table, str(row.row), row.column, row.value, message)
    return shown
