"""What became of every cell of an export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Imported:
    """A survey as contract tables, and an account of its cells.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Contract tables.
    unused : list of str
        Headers that the mapping does not mention.
    ignored : list of str
        Headers that the mapping says to ignore.
    unplaced : DataFrame
        row (as the spreadsheet numbers it), column, value, reason: answers that were not placed.
    regrouped : DataFrame
        row, column, value: answers that went into the group for all others.
    cells : dict of str to int
        Number of cells by what became of them; they add up to all cells below the header.
    """

    tables: dict[str, pd.DataFrame]
    unused: list[str]
    ignored: list[str]
    unplaced: pd.DataFrame
    regrouped: pd.DataFrame
    cells: dict[str, int]

    def report(self) -> list[str]:
        """Say line by line what became of everything in the file."""
        people = len(self.tables["staff"])
        lines = [f"{people} answers read."]
        lines += [f"  {number:>7,} cells {what}" for what, number in self.cells.items()]
        lines += [f'Header not used: "{header}"' for header in self.unused]
        lines += [f'Header ignored as the mapping says: "{header}"' for header in self.ignored]
        other = self.regrouped["value"].value_counts() if len(self.regrouped) else {}
        lines += [f'Put under the group for all others: "{v}" ({n})' for v, n in other.items()]
        lines += [
            f'NOT PLACED: row {r.row}, "{r.column}": "{r.value}" ({r.reason})'
            for r in self.unplaced.itertuples()
        ]
        return lines


def write_import(imported: Imported, folder: Path) -> list[Path]:
    """Write the tables as a data set, and what was not placed beside it.

    Parameters
    ----------
    imported : Imported
        What ``import_survey`` returned.
    folder : Path
        Where to write; made if it is not there.

    Returns
    -------
    list of Path
        The files; ``_not_placed.csv`` among them where something was not placed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = dict(imported.tables)
    if len(imported.unplaced):
        tables["_not_placed"] = imported.unplaced
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        table.to_csv(files[-1], index=False)
    return files
