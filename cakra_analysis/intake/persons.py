"""Raw tables without their persons: pseudonyms for numbers, no names, comments masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cakra_analysis.cells import tells_person
from cakra_analysis.coded import decode
from cakra_analysis.contracts import Column, Contract, find_contract
from cakra_analysis.errors import DataError, suggest
from cakra_analysis.identifiers import find_raw
from cakra_analysis.intake.text import fold
from cakra_analysis.privacy import Key, mask_text, pseudonymise
from cakra_analysis.raw import RawTable
from cakra_analysis.sources import read_tables

NAMES = (
    "name",
    "full name",
    "nama",
    "nama lengkap",
    "nama pegawai",
    "trainer name",
    "nama pengajar",
)
SHORT = 8  # digits of a number that cannot be one of a person
NAMED = ("staff", "sessions", "stakeholders")  # tables whose rows may bring a person's name


@dataclass(frozen=True)
class Disguised:
    """A data set in which nobody is named.

    Attributes
    ----------
    tables : dict of str to DataFrame
        As they were, as text, with pseudonyms and masked comments, without columns of names.
    persons : int
        Number of pseudonyms.
    dropped : list of str
        Columns of names that were left out.
    names : int
        Number of names that comments were searched for.
    masked : int
        Number of comments in which something was replaced.
    key_code : str
        Check code of the key.
    """

    tables: dict[str, pd.DataFrame]
    persons: int
    dropped: list[str]
    names: int
    masked: int
    key_code: str

    def report(self) -> list[str]:
        """Say line by line what was done."""
        lines = [f"{self.persons:,} codes of persons became pseudonyms."]
        lines.append(f"Check code of the key: {self.key_code}.")
        lines += [f"Left out: {column}" for column in self.dropped]
        if "comments" in self.tables:
            lines.append(
                f"{self.masked:,} of {len(self.tables['comments']):,} comments masked; "
                f"{self.names:,} names were searched for."
            )
        return lines


def disguise_tables(path: Path, key: Key, *, names: Sequence[str] = ()) -> Disguised:
    """Read raw tables and take out whatever tells a person.

    Parameters
    ----------
    path : Path
        A folder or workbook as ``load`` reads it; ``staff``, ``sessions`` and ``stakeholders`` may
        have a column of names besides.
    key : Key
        For pseudonyms.
    names : sequence of str
        More names to mask in comments, for instance the trainers'.

    Returns
    -------
    Disguised
        Tables and account; no figure, date or unit is changed.

    Raises
    ------
    DataError
        When a table or column is not known, a number of a person was stored as a number or damaged,
        or one is left anywhere else.
    """
    raw = {t.name: replace(t, cells=decode(t.cells)) for t in read_tables(path)}
    found = {name: find_contract(name, where=table.where) for name, table in raw.items()}
    aside = {name: _list_names(found[name], table) for name, table in raw.items()}
    known = [*names, *(n for t in aside for c in aside[t] for n in raw[t].cells[c].dropna())]
    codes: list[pd.Series] = []
    tables: dict[str, pd.DataFrame] = {}
    for name, table in raw.items():
        tables[name] = table.cells.drop(columns=aside[name])
        for column in found[name].columns.values():
            if tells_person(column) and column.name in table.cells:
                where = f"{table.where}, column {column.name}"
                read = _read_codes(column, table)
                tables[name][column.name] = pseudonymise(read, key, where=where)
                codes.append(read.drop_duplicates())
    masked = _mask_comments(tables, known)
    for name, cells in tables.items():
        _refuse_left(raw[name], cells)
    together = pseudonymise(pd.concat(codes, ignore_index=True), key)  # no two persons alike
    dropped = [f"{name}.{column}" for name, columns in aside.items() for column in columns]
    return Disguised(tables, together.nunique(), dropped, len(set(known)), masked, key.code)


def read_names(file: Path) -> list[str]:
    """Read a list of names.

    Parameters
    ----------
    file : Path
        Text in UTF-8, one name a line.

    Returns
    -------
    list of str
        Without blank lines.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(
            f"{file}: the names cannot be read.", allowed="It is text in UTF-8, one name a line."
        ) from None
    return [line.strip() for line in lines if line.strip()]


def _mask_comments(tables: dict[str, pd.DataFrame], names: Sequence[str]) -> int:
    """Mask the comments of a data set in place; return in how many something was replaced."""
    if "text" not in tables.get("comments", ()):
        return 0
    said = tables["comments"]["text"]
    tables["comments"]["text"] = mask_text(said, names=names).astype("str")
    return int((said.fillna("") != tables["comments"]["text"].fillna("")).sum())


def _read_codes(column: Column, table: RawTable) -> pd.Series:
    """The codes of one column; what a spreadsheet keeps as a number stays one, to be refused."""
    cells = table.cells[column.name]
    number = table.numeric[column.name].reindex(cells.index) & cells.notna()
    if column.kind != "identifier":  # the number of a rater, 1 or 2, may be a number
        number &= (cells.str.len() > SHORT).fillna(False)
    return cells.astype("object").mask(number, 0) if number.any() else cells


def _list_names(contract: Contract, table: RawTable) -> list[str]:
    """Columns of names beside the contract's own; any other column is refused."""
    extra = [column for column in table.cells if column not in contract.columns]
    names = [c for c in extra if table.name in NAMED and fold(c.replace("_", " ")) in NAMES]
    for column in extra:
        if column not in names:
            raise DataError(
                f'{table.where}: the column "{column}" is not known, and it may tell a person.',
                allowed=f"Columns of {table.name} are: {', '.join(contract.columns)}.",
                do=suggest(column, contract.columns) or "Rename it, or take it out.",
            )
    return names


def _refuse_left(table: RawTable, cells: pd.DataFrame) -> None:
    for column in cells:
        left = find_raw(cells[column])
        if left.any():
            raise DataError(
                f'{table.where}: the column "{column}" holds numbers or addresses of persons: '
                f"{left.sum()} rows, the first is row {cells.index[left][0]}.",
                allowed="Only columns that tell persons apart get pseudonyms.",
                do="Take them out of this column.",
            )
