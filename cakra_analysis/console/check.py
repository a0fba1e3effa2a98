"""The command ``cakra check``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cakra_analysis.console.paths import (
    display_path,
    find_new,
    refuse_data,
    write_beside,
)
from cakra_analysis.words import label

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

SHOWN = 50  # problems; the sentence about the others says this number too


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
    from cakra_analysis.formulas import defuse_formulas
    from cakra_analysis.load import load
    from cakra_analysis.marked import mark_problems
    from cakra_analysis.report.prepare import tell_others, tell_rare

    lang = options.lang
    if options.marked:
        refuse_url(options.path)  # a database has no cells to write comments on
    marked = find_new(options.marked, force=options.force) if options.marked else None
    for file in filter(None, (options.to, options.marked)):
        refuse_data(Path(file), find_place(options.path))
    dataset = load(options.path)
    console = Console(highlight=False, markup=False, emoji=False)
    for name, table in dataset.tables.items():
        console.print(f"{name:<20} {len(table):>9,} {label('terminal.rows', lang)}")
    for line in [*tell_rare(dataset, lang=lang), *tell_others(dataset, lang=lang)]:
        console.print(line)
    problems = dataset.problems
    if options.to:
        write_beside(Path(options.to), defuse_formulas(problems).to_csv(index=False).encode())
    if problems.empty:
        console.print(label("terminal.clean", lang))
        if marked:
            console.print(_withdraw(marked, lang))
        return 0
    console.print(_tabulate(problems, lang))
    if not isinstance(dataset.path, Path):
        console.print(label("terminal.counted", lang))
    console.print(_count(len(problems), dataset.set_aside, lang))
    if marked:
        write_beside(marked, mark_problems(Path(options.path), problems, lang=lang))
        console.print(label("terminal.copied", lang, file=display_path(marked)))
    return 1 if dataset.set_aside else 0


def _withdraw(marked: Path, lang: str) -> str:
    """An old copy would show problems that are no more; that it may go was said with --force."""
    old = marked.exists()
    marked.unlink(missing_ok=True)
    told = "terminal.withdrawn" if old else "terminal.uncopied"
    return label(told, lang, file=display_path(marked))


def _count(problems: int, aside: int, lang: str) -> str:
    numbers = {
        name: label(f"terminal.{name}.{'one' if number == 1 else 'other'}", lang, count=number)
        for name, number in (("problems", problems), ("aside", aside))
    }
    more = label("terminal.more", lang) if problems > SHOWN else ""
    return label("terminal.summary", lang, more=more, **numbers)


def _tabulate(problems: pd.DataFrame, lang: str) -> Table:
    from rich.table import Table

    heads = ("table", "row", "column", "value", "wrong")
    shown = Table(*(label(f"terminal.{head}", lang) for head in heads))
    for row in problems.head(SHOWN).itertuples():
        message = getattr(row, f"message_{lang}")
        shown.add_row(row.table, str(row.row), row.column, row.value, message)
    return shown
