"""A folder, workbook or database becomes checked tables and a table of problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cakra_analysis.cells import Broken, show_cell, tells_person, type_cells
from cakra_analysis.coded import decode, encode
from cakra_analysis.contracts import Contract, contracts, describe_rule, find_contract, schema
from cakra_analysis.database.read import read_whole
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import DataError, suggest
from cakra_analysis.facts import check_definition, check_facts, find_without_post
from cakra_analysis.files import Place, find_place, fingerprint, name_place
from cakra_analysis.identifiers import find_damaged, find_raw
from cakra_analysis.raw import RawTable, mask_digits
from cakra_analysis.references import check_tree, find_off_scale, find_unknown
from cakra_analysis.sources import read_tables

_held: dict[str, Dataset] = {}  # by absolute path, in a process that others are forked from

PROBLEM_COLUMNS = ["table", "row", "column", "value", "rule", "message_id", "message_en"]


def load(path: str | Path) -> Dataset:
    """Read and check a data set.

    Parameters
    ----------
    path : str or Path
        A folder of CSV or Parquet files named after the tables, one Excel workbook with a sheet a
        table, or the URL of a database with tables or views of these names, for instance
        ``postgresql://ana@db.example/asn?schema=kepegawaian``, ``duckdb:///asn.duckdb``. Decimal
        commas are read; identifiers are text always. The password may come from ``PGPASSWORD``,
        ``~/.pgpass`` or ``CAKRA_DATABASE`` (the whole URL).

    Returns
    -------
    Dataset
        Checked tables, and every row that broke a rule in ``problems``; of those only staff
        without a post are kept, where a gap is one against the post's standard.

    Raises
    ------
    DataError
        When a file is not what it should be, a table or column is missing or unknown, a table holds
        NIPs, no row of a table refers to a known key, a fact in ``about`` has no known value, the
        units do not form one tree, or something is missing that the data set's definition of a gap
        needs.
    """
    path = find_place(path)
    if (held := _held.pop(name_place(path), None)) and held.fingerprint == fingerprint(path):
        return replace(held, path=path)
    given, mark, others = _read(path)
    raw = {t.name: replace(t, cells=encode(t.cells)) for t in given}
    for name, table in raw.items():
        _check_columns(find_contract(name, where=table.where), table)
    raw = _leave_out_empty(raw)
    missing = [c.name for c in contracts().values() if c.required and c.name not in raw]
    if missing:
        found = f"It holds {', '.join(raw) or 'nothing'}."
        raise DataError(f"{path}: the table {missing[0]} is missing.", allowed=found)
    if not {"ratings", "sessions", "stakeholders"} & raw.keys():
        raise DataError(
            f"{path}: the table ratings is missing, or has no row.",
            allowed="A needs analysis has ratings, an evaluation of courses has sessions.",
        )
    _refuse_raw(path, raw)
    tables: dict[str, pd.DataFrame] = {}
    problems: list[pd.DataFrame] = []
    for name, contract in contracts().items():
        if name in raw:
            tables[name], found_here = _check_table(contract, raw[name], tables, problems)
            problems += found_here
    tables = {name: decode(table) for name, table in tables.items()}
    check_facts(raw["about"].where, tables["about"])
    check_tree(raw["units"].where, tables["units"])
    check_definition(path, tables)
    without_post = ("position_id", "no_post", find_without_post(tables))
    problems.append(_describe(contracts()["staff"], raw["staff"].cells, *without_post))
    kept = {name: table.reset_index(drop=True) for name, table in tables.items()}
    return Dataset(kept, _sort(pd.concat(problems)), path, mark, others)


def hold(dataset: Dataset) -> None:
    """Keep a loaded data set for the processes that are forked from this one.

    Parameters
    ----------
    dataset : Dataset
        The first ``load`` of its path takes it, if the files are still the same; the next one reads
        them again, so that nobody meets what somebody else has changed in it.
    """
    _held[name_place(dataset.path)] = dataset


def _read(place: Place) -> tuple[list[RawTable], str, tuple[str, ...]]:
    """Tables, fingerprint and what is left out."""
    if isinstance(place, Path):
        return read_tables(place), fingerprint(place), ()
    return read_whole(place)


def _sort(problems: pd.DataFrame) -> pd.DataFrame:
    """Tables in the order in which they refer to each other, so that causes come first."""
    place = {name: number for number, name in enumerate(contracts())}
    return problems.sort_values(
        ["table", "row", "column"],
        key=lambda cells: cells.map(place) if cells.name == "table" else cells,
        ignore_index=True,
        kind="stable",
    )


def _leave_out_empty(raw: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """A sheet of the template that nobody filled in is as good as none."""
    return {n: t for n, t in raw.items() if len(t.cells) or contracts()[n].required}


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
                do=near or mask_digits(f"The file has: {', '.join(have)}."),
            )
    if unknown:
        raise DataError(
            f'{table.where}: the column "{mask_digits(unknown[0])}" is not known.',
            allowed=f"Columns of {contract.name} are: {', '.join(known)}.",
            do=suggest(unknown[0], known) or "Rename it, or take it out.",
        )


def _refuse_raw(path: Place, tables: Mapping[str, RawTable]) -> None:
    """Refuse the numbers of persons; damaged ones are set aside later, by their own rule."""
    for table in tables.values():
        for column in contracts()[table.name].columns.values():
            if not tells_person(column) or column.name not in table.cells:
                continue
            cells = table.cells[column.name].mask(table.numeric[column.name])
            raw = cells.index[find_raw(cells) & ~find_damaged(cells)]
            if len(raw):
                raise DataError(
                    f"{table.where}: the column {column.name} holds NIPs, NIKs or addresses of "
                    f"persons: {len(raw)} rows, the first is row {raw[0]}.",
                    allowed="Reports are made from pseudonyms; numbers of persons stay with you.",
                    do=f"Run `cakra pseudonymise {path} --to FOLDER` and use that folder.",
                )


def _check_table(
    contract: Contract,
    raw: RawTable,
    tables: Mapping[str, pd.DataFrame],
    earlier: Sequence[pd.DataFrame],
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the typed rows that keep every rule, and the problems of the others."""
    typed, bad = type_cells(contract, raw)
    # A cell that could not be read is blank by now; it is reported once, for the first reason.
    unread = {(column, row) for column, _, rows in bad for row in rows}
    for column_name, rule, rows in _check_cells(contract, typed):
        rows = rows[[(column_name, row) not in unread for row in rows]]
        bad += [(column_name, rule, rows)] if len(rows) else []
    good = typed.drop(index=sorted({row for _, _, rows in bad for row in rows}))
    # A table may refer to itself: what loses its parent is set aside too, until nothing is left to.
    everything = {**tables, contract.name: good}
    told = [*earlier, *(_describe(contract, raw.cells, *broken) for broken in bad)]
    while unknown := find_unknown(contract, raw.where, good, everything, told):
        bad += unknown
        good = good.drop(index=sorted({row for _, _, rows in unknown for row in rows}))
        everything[contract.name] = good
    off_scale = find_off_scale(good, tables)
    bad += off_scale
    good = good.drop(index=[row for _, _, rows in off_scale for row in rows])
    twice = good.index[good.duplicated(contract.key)]
    if len(twice):
        bad.append((contract.key[-1], "duplicate", twice))
    problems = [_describe(contract, raw.cells, *broken) for broken in bad]
    return good.drop(index=twice), problems


def _check_cells(contract: Contract, typed: pd.DataFrame) -> list[Broken]:
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


def _describe(
    contract: Contract, cells: pd.DataFrame, name: str, rule: str, rows: pd.Index
) -> pd.DataFrame:
    column = contract.columns[name]
    words = describe_rule(rule, column, contract)
    given = cells[name] if name in cells else pd.Series(column.default, index=cells.index)
    values = given.loc[rows].astype("str")
    return pd.DataFrame(
        {
            "table": contract.name,
            "row": rows,
            "column": name,
            "value": [show_cell(v, column) for v in values.fillna("")],
            "rule": rule,
            "message_id": words["id"],
            "message_en": words["en"],
        }
    )
