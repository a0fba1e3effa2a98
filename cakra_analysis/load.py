"""A folder or workbook becomes checked tables and a table of problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cakra_analysis.contracts import (
    Column,
    Contract,
    contracts,
    describe_rule,
    find_contract,
    schema,
)
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import DataError, suggest
from cakra_analysis.raw import RawTable
from cakra_analysis.sources import fingerprint, read_tables

PROBLEM_COLUMNS = ["table", "row", "column", "value", "rule", "message_id", "message_en"]
NUMBER = r"-?\d+(?:[.,]\d+)?"
ROUNDED = re.compile(r"\d{15}000|\d[.,]\d+[eE]\+\d+")


def load(path: str | Path) -> Dataset:
    """Read and check a data set.

    Parameters
    ----------
    path : str or Path
        A folder of CSV or Parquet files named after the tables, or one Excel workbook with a
        sheet a table. Decimal commas are read; identifiers are text always.

    Returns
    -------
    Dataset
        Checked tables, and every row that broke a rule in ``problems``.

    Raises
    ------
    DataError
        When a file is not what it should be, a table or column is missing or unknown, no row of a
        table refers to a known key, or the units do not form one tree.
    """
    path = Path(path)
    raw = {table.name: table for table in read_tables(path)}
    for name, table in raw.items():
        _check_columns(find_contract(name, where=table.where), table)
    missing = [c.name for c in contracts().values() if c.required and c.name not in raw]
    if missing:
        found = f"It holds {', '.join(raw) or 'nothing'}."
        raise DataError(f"{path}: the table {missing[0]} is missing.", allowed=found)
    tables: dict[str, pd.DataFrame] = {}
    problems: list[pd.DataFrame] = []
    for name, contract in contracts().items():
        if name in raw:
            tables[name], found_here = _check_table(contract, raw[name], tables)
            problems += found_here
    _check_tree(raw["units"].where, tables["units"])
    table = pd.concat(problems) if problems else pd.DataFrame(columns=PROBLEM_COLUMNS)
    table = table.sort_values(["table", "row", "column"], ignore_index=True)
    return Dataset(tables, table, path, fingerprint(path))


def _check_columns(contract: Contract, table: RawTable) -> None:
    have, known = list(table.cells.columns), list(contract.columns)
    needed = [c.name for c in contract.columns.values() if not c.optional]
    unknown = [c for c in have if c not in known]
    for column in needed:
        if column not in have:
            near = suggest(column, unknown).replace("Did you mean", "Is it the column")
            raise DataError(
                f'{table.where}: the column "{column}" is missing.',
                allowed=f"Columns of {contract.name} are: {', '.join(known)}.",
                do=near or f"The file has: {', '.join(have)}.",
            )
    if unknown:
        raise DataError(
            f'{table.where}: the column "{unknown[0]}" is not known.',
            allowed=f"Columns of {contract.name} are: {', '.join(known)}.",
            do=suggest(unknown[0], known) or "Rename it, or take it out.",
        )


def _check_table(
    contract: Contract, raw: RawTable, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the typed rows that keep every rule, and the problems of the others."""
    bad: list[tuple[str, str, pd.Index]] = []
    typed = pd.DataFrame(index=raw.cells.index)
    for column in contract.columns.values():
        if column.name in raw.cells:
            cells, broken = _type_column(column, raw)
            typed[column.name] = cells
            bad += broken
        elif column.default:
            typed[column.name] = column.default
    # A cell that could not be read is blank by now; it is reported once, for the first reason.
    unread = {(column, row) for column, _, rows in bad for row in rows}
    for column_name, rule, rows in _check_cells(contract, typed):
        rows = rows[[(column_name, row) not in unread for row in rows]]
        bad += [(column_name, rule, rows)] if len(rows) else []
    good = typed.drop(index=sorted({row for _, _, rows in bad for row in rows}))
    # A table may refer to itself: what loses its parent is set aside too, until nothing is left to.
    while unknown := _check_references(contract, raw.where, good, {**tables, contract.name: good}):
        bad += unknown
        good = good.drop(index=sorted({row for _, _, rows in unknown for row in rows}))
    twice = good.index[good.duplicated(contract.key)]
    if len(twice):
        bad.append((contract.key[-1], "duplicate", twice))
    problems = [_describe(contract, raw.cells, *broken) for broken in bad]
    return good.drop(index=twice).reset_index(drop=True), problems


def _type_column(
    column: Column, raw: RawTable
) -> tuple[pd.Series, list[tuple[str, str, pd.Index]]]:
    cells = raw.cells[column.name]
    if column.is_number:
        numbers = pd.to_numeric(
            cells.where(cells.str.fullmatch(NUMBER)).str.replace(",", "."), errors="coerce"
        ).astype("float64")
        wrong = cells.index[cells.notna() & numbers.isna()]
        return numbers, [(column.name, "not_a_number", wrong)] if len(wrong) else []
    if column.kind != "identifier":
        return cells, []
    stored = raw.numeric.loc[cells.index, column.name] & cells.notna()
    rounded = cells.str.fullmatch(ROUNDED).fillna(False).astype(bool) & ~stored
    rules = {"number_cell": cells.index[stored], "rounded_nip": cells.index[rounded]}
    # Agencies put an apostrophe or backtick before an NIP so that it stays text.
    return cells.str.lstrip("'`"), [
        (column.name, r, rows) for r, rows in rules.items() if len(rows)
    ]


def _check_cells(contract: Contract, typed: pd.DataFrame) -> list[tuple[str, str, pd.Index]]:
    import pandera.pandas as pa

    try:
        schema(contract.name).validate(typed, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.assign(
            check=lambda f: f["check"].replace("not_nullable", "blank")
        )
        groups = cases.groupby(["column", "check"], sort=False)["index"]
        return [(str(c), str(rule), pd.Index(rows)) for (c, rule), rows in groups]
    return []


def _check_references(
    contract: Contract, where: str, good: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> list[tuple[str, str, pd.Index]]:
    bad = []
    for column in contract.columns.values():
        if not column.refers or column.name not in good:
            continue
        table, key = column.refers.split(".")
        if table not in tables:
            raise DataError(
                f"{where}: the column {column.name} refers to the table {table}, which is missing."
            )
        cells = good[column.name]
        unknown = good.index[cells.notna() & ~cells.isin(tables[table][key])]
        if len(unknown) and len(unknown) == cells.notna().sum():
            raise DataError(
                f"{where}: no {column.name} of the {len(unknown)} rows stands in table {table}.",
                do="Is one of the two files from another data set, or was one typed as numbers?",
            )
        if len(unknown):
            bad.append((column.name, "unknown", unknown))
    return bad


def _describe(
    contract: Contract, cells: pd.DataFrame, name: str, rule: str, rows: pd.Index
) -> pd.DataFrame:
    column = contract.columns[name]
    words = describe_rule(rule, column, contract)
    values = cells.loc[rows, name] if name in cells else pd.Series(column.default, index=rows)
    return pd.DataFrame(
        {
            "table": contract.name,
            "row": rows,
            "column": name,
            "value": [_mask(v) if column.person else v for v in values.fillna("")],
            "rule": rule,
            "message_id": words["id"],
            "message_en": words["en"],
        }
    )


def _mask(value: str) -> str:
    """Hide the middle of a personal identifier; the row number tells the owner which it is."""
    return f"{value[:2]}…{value[-3:]}" if len(value) > 8 else "…"


def _check_tree(where: str, units: pd.DataFrame) -> None:
    roots = units.loc[units["parent_id"].isna(), "unit_id"].tolist()
    if len(roots) != 1:
        raise DataError(
            f"{where}: {len(roots)} units have no parent: {', '.join(roots[:5])}.",
            allowed="Exactly one unit, the whole region, has a blank parent_id.",
        )
    parents = dict(zip(units["unit_id"], units["parent_id"].fillna(""), strict=True))
    for unit in parents:
        seen: set[str] = set()
        while unit:
            if unit in seen:
                raise DataError(f"{where}: the unit {unit} is its own ancestor.")
            seen.add(unit)
            unit = parents.get(unit, "")
