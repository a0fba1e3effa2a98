"""The tables of a data set as they are in a database, in an order of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd

from cakra_analysis.contracts import Contract, contracts
from cakra_analysis.database.address import read_address
from cakra_analysis.database.connect import Store, open_store
from cakra_analysis.errors import DataError
from cakra_analysis.raw import RawTable
from cakra_analysis.typed import write_table

OWN = "cakra_"  # begins the names of tables that hold results
LARGEST = 2**62


def read_database(url: str) -> list[RawTable]:
    """Read every table and view of a database that is named after an input table.

    Parameters
    ----------
    url : str
        Of the database.

    Returns
    -------
    list of RawTable
        Rows are numbered from 1 on in the order of their key (bytes of the text; then the other
        columns), as a database has no order of its own. A table without rows counts as not given,
        and so does an optional column without a value, as a database has its columns always.

    Raises
    ------
    DataError
        When the database cannot be used or holds no such table.
    """
    return read_whole(url)[0]


def read_whole(url: str) -> tuple[list[RawTable], str, tuple[str, ...]]:
    """Read a database, its fingerprint and what is left out, all of one moment.

    Parameters
    ----------
    url : str
        Of the database.

    Returns
    -------
    tuple of list of RawTable, str and tuple of str
        As ``read_database`` and ``fingerprint_tables``; and the tables that are no part of it.

    Raises
    ------
    DataError
        When the database cannot be used or holds no table of a data set.
    """
    address = read_address(url)
    with open_store(address) as store:
        names = store.list_tables()
        found = [name for name in contracts() if name in names]
        if not found:
            raise DataError(
                f"{address}: the database holds no table of a data set.",
                allowed=f"It holds: {', '.join(names[:20]) or 'nothing'}.",
                do="Are they in another schema? Add ?schema=NAME to the URL. Or make views that "
                "are named after the tables of data/README.md.",
            )
        tables = [_read(store, contracts()[name], f"{address}, table {name}") for name in found]
        mark = _fingerprint(store, found)
    given = [table for table in tables if len(table.cells)]
    return given, mark, _others(names)


def fingerprint_tables(url: str) -> str:
    """Return the SHA-256 of what the tables of a data set hold, whatever the order of their rows.

    Parameters
    ----------
    url : str
        Of the database.

    Returns
    -------
    str
        64 hexadecimal digits. PostgreSQL and DuckDB add up hashes of their rows; of other databases
        all rows are read.

    Raises
    ------
    DataError
        When the database cannot be used.
    """
    with open_store(read_address(url)) as store:
        names = store.list_tables()
        return _fingerprint(store, [name for name in contracts() if name in names])


def _others(names: list[str]) -> tuple[str, ...]:
    return tuple(n for n in sorted(names) if n not in contracts() and not n.startswith(OWN))


def _fingerprint(store: Store, names: list[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        told = [name, *store.list_columns(name), store.digest(name)]
        digest.update("\0".join([*told, ""]).encode())
    return digest.hexdigest()


def _read(store: Store, contract: Contract, where: str) -> RawTable:
    raw = write_table(contract.name, where, store.read(contract.name))
    empty = [
        name
        for name, column in contract.columns.items()
        if column.optional and name in raw.cells and raw.cells[name].isna().all()
    ]
    kept = raw.cells.drop(columns=empty)
    order = _order(kept, contract)
    index = pd.RangeIndex(1, len(kept) + 1)
    numeric = raw.numeric.loc[kept.index, kept.columns]
    return replace(
        raw,
        cells=kept.take(order).set_axis(index),
        numeric=numeric.take(order).set_axis(index),
    )


def _order(cells: pd.DataFrame, contract: Contract) -> np.ndarray:
    """Places of the rows by their key, then by the other columns, as one number a row."""
    keys = [name for name in contract.key if name in cells]
    place, size = np.zeros(len(cells), np.int64), 1
    for name in [*keys, *sorted(set(cells) - set(keys))]:
        texts = cells[name].cat.categories
        ranks = np.empty(len(texts) + 1, np.int64)
        ranks[texts.argsort()] = np.arange(1, len(texts) + 1)
        ranks[-1] = 0  # of a blank cell, whose code is -1
        if size * len(ranks) >= LARGEST:
            place, found = pd.factorize(place, sort=True)
            size = len(found)
        place, size = place * len(ranks) + ranks[cells[name].cat.codes], size * len(ranks)
    return place.argsort(kind="stable")
