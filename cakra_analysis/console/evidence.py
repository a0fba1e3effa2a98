"""``cakra evidence``: what a cycle's tests say of each course, shown and kept."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from cakra_analysis.console.paths import count, display_path, write_beside
from cakra_analysis.contracts import contracts
from cakra_analysis.errors import DataError, refuse_unknown
from cakra_analysis.load import load
from cakra_analysis.settings import read_settings
from cakra_analysis.year_evidence import evaluate_cycle

CONTRACT = contracts()["evaluations"]


def evidence(options: argparse.Namespace) -> int:
    """Show what a cycle's tests say of each course, and keep it where asked to.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0; what goes wrong raises.

    Raises
    ------
    CakraError
        When the data do not allow it, or the file is no table of evaluations; nothing is written
        then.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    tables, settings = load(options.data), read_settings(options.settings)
    cycle = options.cycle or tables.latest
    refuse_unknown("cycle", cycle, tables.cycles)
    rows = evaluate_cycle(tables, cycle=cycle, settings=settings)
    shown = Table("course", "competency", "effect (levels)", "95%", "grade", "n", "how")
    for row in rows.itertuples():
        ends = f"{row.low:+.2f} to {row.high:+.2f}"
        cells = (row.course_id, row.competency_id, f"{row.effect:+.2f}", ends, row.grade)
        shown.add_row(*cells, str(row.n), row.source)
    console.print(shown)
    console.print(
        "A standard deviation of a test counts as levels by convention; see settings.toml."
    )
    if options.to:
        kept = keep_rows(rows, Path(options.to))
        where = display_path(Path(options.to))
        told = f"{count(len(rows), 'row')} of {cycle} in {where}; {kept} others stay."
        console.print(told, soft_wrap=True)
    return 0


def keep_rows(rows: pd.DataFrame, file: Path) -> int:
    """Put rows into a CSV of evaluations; those of the same course, competency and cycle go.

    Parameters
    ----------
    rows : DataFrame
        From ``evaluate_cycle``.
    file : Path
        Written whole or not at all.

    Returns
    -------
    int
        How many rows that stood in the file stay, as they were.

    Raises
    ------
    DataError
        When the file is no such table or cannot be written.
    """
    new = rows[list(CONTRACT.columns)].astype("object").astype("str")
    old = _read(file)
    names = pd.MultiIndex.from_frame(old[CONTRACT.key])
    stay = old[~names.isin(pd.MultiIndex.from_frame(new[CONTRACT.key]))]
    table = pd.concat([stay, new]).sort_values([*CONTRACT.key[::-1]], kind="stable")
    write_beside(file, table.to_csv(index=False).encode())
    return len(stay)


def _read(file: Path) -> pd.DataFrame:
    """The rows that stand in the file, as text."""
    wanted = list(CONTRACT.columns)
    if file.suffix.lower() != ".csv":
        raise DataError(f"{file}: evaluations are kept as .csv.")
    if not file.exists():
        return pd.DataFrame(columns=wanted, dtype="str")
    try:
        old = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError):
        old = pd.DataFrame()
    needed = {name for name, column in CONTRACT.columns.items() if not column.optional}
    if not needed <= set(old.columns) <= set(wanted):
        raise DataError(
            f"{file}: this is no table of evaluations.",
            allowed=f"A CSV with the columns {', '.join(wanted)}.",
            do="Give another file, or take this one away.",
        )
    return old.reindex(columns=wanted, fill_value="")
