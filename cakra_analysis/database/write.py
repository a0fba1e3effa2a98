"""Rows into a database: a row whose key is there is changed, any other is added; all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cakra_analysis.contracts import Contract, contracts
from cakra_analysis.database.address import WRITABLE, Address, read_address
from cakra_analysis.database.connect import Store, open_store
from cakra_analysis.database.schema import list_statements, quote
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import DataError

STAGE, PARTS = "cakra_stage", "cakra_parts"


def create_tables(url: str, *, lang: str = "id") -> list[str]:
    """Make the tables of a data set where they are not there yet.

    Parameters
    ----------
    url : str
        Of the database: PostgreSQL, SQLite or DuckDB.
    lang : str
        Of the comments on tables and columns.

    Returns
    -------
    list of str
        Names of the tables.

    Raises
    ------
    DataError
        When the database is of another kind or cannot be used.
    """
    address = read_writable(url)
    with open_store(address, make=True) as store:
        _create(store, address, lang)
    return list(contracts())


def write_dataset(dataset: Dataset, url: str, *, lang: str = "id") -> dict[str, int]:
    """Write the checked tables of a data set, whole or not at all.

    Parameters
    ----------
    dataset : Dataset
        Rows that were set aside are not in its tables, and so not written.
    url : str
        Of the database: PostgreSQL, SQLite or DuckDB. Tables that are missing are made.
    lang : str
        Of the comments on tables that are made.

    Returns
    -------
    dict of str to int
        Rows added or changed by table: none where the same was written before. A row that the data
        set does not have stays as it is.

    Raises
    ------
    DataError
        When the database is of another kind, cannot be used, or has a table of another shape.
    """
    address = read_writable(url)
    changed = {}
    with open_store(address, make=True) as store:
        _create(store, address, lang)
        for name, contract in contracts().items():
            if name in dataset.tables:
                rows = _plain(dataset.tables[name], contract)
                changed[name] = upsert(store, address, name, contract.key, rows)
    return changed


def read_writable(url: str) -> Address:
    """Read the URL of a database that we can write to.

    Parameters
    ----------
    url : str
        As somebody wrote it.

    Returns
    -------
    Address
        Where it is.

    Raises
    ------
    DataError
        When it is of another kind.
    """
    address = read_address(url)
    if address.kind not in WRITABLE:
        raise DataError(
            f"{address}: nothing is written to a database of this kind.",
            allowed=f"Known are: {', '.join(WRITABLE)}.",
        )
    return address


def upsert(
    store: Store,
    address: Address,
    name: str,
    key: Sequence[str],
    rows: pd.DataFrame,
    *,
    within: pd.DataFrame | None = None,
) -> int:
    """Add rows, and change those whose key is there if they differ.

    Parameters
    ----------
    store : Store
        Open for writing.
    address : Address
        Of the database.
    name : str
        Of the table.
    key : sequence of str
        Columns that tell its rows apart.
    rows : DataFrame
        In the table's types.
    within : DataFrame, optional
        Columns of the key, a part of the table a row: what stands in one of these parts, and is
        not among the rows, is taken away. Without any nothing is.

    Returns
    -------
    int
        Rows added or changed.

    Raises
    ------
    DataError
        When the table has no such column.
    """
    have = store.list_columns(name)
    if lacking := [column for column in rows if column not in have]:
        raise DataError(
            f'{address}, table {name}: it has no column "{lacking[0]}".',
            allowed=f"It has: {', '.join(have)}.",
            do="Write into an empty schema or file (`cakra db create`), where the tables are made.",
        )
    store.stage(STAGE, name, rows)
    columns = ", ".join(map(quote, rows))
    target, other = quote(address.schema, name), [c for c in rows if c not in key]
    if within is not None:
        part, whole = (", ".join(map(quote, names)) for names in (within, key))
        store.stage(PARTS, name, within)
        store.run(
            f"DELETE FROM {target} WHERE ({part}) IN (SELECT {part} FROM {PARTS}) "  # noqa: S608
            f"AND ({whole}) NOT IN (SELECT {whole} FROM {STAGE})"
        )
        store.run(f"DROP TABLE {PARTS}")
    act = "NOTHING"
    if other:
        sets = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in other)
        differs = [f"t.{quote(c)} IS DISTINCT FROM excluded.{quote(c)}" for c in other]
        act = f"UPDATE SET {sets} WHERE {' OR '.join(differs)}"
    changed = store.run(
        f"INSERT INTO {target} AS t ({columns}) SELECT {columns} FROM {STAGE} WHERE true "  # noqa: S608
        f"ON CONFLICT ({', '.join(map(quote, key))}) DO {act}"
    )
    store.run(f"DROP TABLE {STAGE}")
    return changed


def make_schema(store: Store, address: Address) -> None:
    """Make the schema that a URL names, where it is missing.

    Parameters
    ----------
    store : Store
        Open for writing.
    address : Address
        Of the database. Who may write into a schema need not have the right to make one, so nothing
        is asked for that is there.
    """
    if address.schema and not store.has_schema(address.schema):
        store.run(f"CREATE SCHEMA {quote(address.schema)}")


def _create(store: Store, address: Address, lang: str) -> None:
    make_schema(store, address)
    there = store.list_tables()
    for statement in list_statements(address.kind, schema=address.schema, lang=lang, there=there):
        store.run(statement)


def _plain(table: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Whole numbers as such: they were read as numbers that may be missing."""
    whole = [c for c in table if contract.columns[c].kind == "whole"]
    return table.astype(dict.fromkeys(whole, "Int64"))
