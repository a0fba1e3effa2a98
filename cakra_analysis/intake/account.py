"""What became of every cell of an export."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

CUT, FLAGGED = ["row", "what", "cells"], ["row", "flag", "detail"]


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
    other_sheets : list of str
        Sheets that were not read.
    unpaired : list of str
        Competencies that only one of two paired grids asks about; the other side is blank.
    unplaced : DataFrame
        row (as the spreadsheet numbers it), column, value, reason: answers that were not placed,
        those of rows that were left out among them.
    left_out : Series
        Why a whole row was left out, by row.
    regrouped : DataFrame
        row, column, value (blank where nothing was answered), into: persons who went to the group
        for all others, or who stand in no group below the top.
    cells : dict of str to int
        Number of cells by what became of them; they add up to all cells below the header, rows
        with nothing in them not counted, and to the filled cells of rows that were cut off.
    key_code : str
        Check code of the key where codes of persons became pseudonyms, else empty.
    cut : DataFrame
        row, what, cells: rows that are no answers, such as titles, totals and signatures.
    flagged : DataFrame
        row, flag, detail: answers that look careless; they are in the tables all the same.
    notes : list of str
        How the file was read.
    """

    tables: dict[str, pd.DataFrame]
    unused: list[str]
    ignored: list[str]
    other_sheets: list[str]
    unpaired: list[str]
    unplaced: pd.DataFrame
    left_out: pd.Series
    regrouped: pd.DataFrame
    cells: dict[str, int]
    key_code: str = ""
    cut: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CUT))
    flagged: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FLAGGED))
    notes: list[str] = field(default_factory=list)

    def report(self) -> list[str]:
        """Say line by line what became of everything in the file."""
        people = len(self.tables.get("stakeholders", self.tables["staff"]))
        lines = [f"{people} answers read.", *self.notes]
        if self.key_code:
            lines.append(f"Persons have pseudonyms; check code of the key: {self.key_code}.")
        lines += [f"  {number:>7,} cells {what}" for what, number in self.cells.items()]
        lines += [f"Cut off: row {r.row} ({r.what})" for r in self.cut.itertuples()]
        lines += [f'Sheet not read: "{sheet}"' for sheet in self.other_sheets]
        lines += [f'Header not used: "{header}"' for header in self.unused]
        lines += [f'Header ignored as the mapping says: "{header}"' for header in self.ignored]
        lines += [f"Asked once where its grid has two sides: {item}" for item in self.unpaired]
        for (into, value), rows in self.regrouped.groupby(["into", "value"], sort=False):
            what = f'"{value}"' if value else "no answer"
            lines.append(f'Put under "{into}": {what} ({len(rows)})')
        lines += [f"LEFT OUT: row {row} ({why})" for row, why in self.left_out.items()]
        lines += [f"LOOK AT: row {r.row}, {r.flag} ({r.detail})" for r in self.flagged.itertuples()]
        single = self.unplaced[~self.unplaced["reason"].str.startswith("left out")]
        lines += [
            f'NOT PLACED: row {r.row}, "{r.column}": "{r.value}" ({r.reason})'
            for r in single.itertuples()
        ]
        return lines
