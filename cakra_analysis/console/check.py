"""The command ``cakra check``."""

from __future__ import annotations

import argparse
from pathlib import Path


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
    from rich.table import Table

    from cakra_analysis.console.paths import count, display_path, find_new
    from cakra_analysis.files import refuse_url
    from cakra_analysis.load import load
    from cakra_analysis.marked import mark_problems
    from cakra_analysis.report.prepare import tell_others, tell_rare

    if options.marked:
        refuse_url(options.path)  # a database has no cells to write comments on
    marked = find_new(options.marked, force=options.force) if options.marked else None
    dataset = load(options.path)
    console = Console(highlight=False, markup=False, emoji=False)
    for name, table in dataset.tables.items():
        console.print(f"{name:<20} {len(table):>9,} rows")
    for line in [*tell_rare(dataset), *tell_others(dataset)]:
        console.print(line)
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
    if not isinstance(dataset.path, Path):
        console.print("Rows of a database are counted from 1 in the order of their table's key.")
    more = "; the first 50 are shown, `--to problems.csv` writes all" if len(problems) > 50 else ""
    aside = count(dataset.set_aside, "row")
    console.print(f"{count(len(problems), 'problem')}; {aside} set aside{more}.")
    if marked:
        marked.write_bytes(mark_problems(Path(options.path), problems, lang=options.lang))
        console.print(f"{display_path(marked)}: a copy with every problem marked on its cell.")
    return 1 if dataset.set_aside else 0
