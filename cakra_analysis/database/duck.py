"""DuckDB files, by DuckDB itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd

from cakra_analysis.database.address import Address
from cakra_analysis.database.schema import quote
from cakra_analysis.typed import Coded, code_arrow

if TYPE_CHECKING:
    import duckdb


class Duck:
    """A DuckDB file.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Open.
    schema : str
        Where the tables are; empty for ``main``.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: str) -> None:
        self._connection, self._schema = connection, schema or "main"

    def has_schema(self, name: str) -> bool:
        """Tell whether there is a schema of that name."""
        asked = "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?"
        return bool(self._connection.execute(asked, [name]).fetchall()[0][0])

    def list_tables(self) -> list[str]:
        """Return the names of its tables and views."""
        asked = "SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1"
        return [name for (name,) in self._connection.execute(asked, [self._schema]).fetchall()]

    def list_columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(self._connection.sql(f"FROM {self._name(table)} LIMIT 0").columns)

    def read(self, table: str) -> dict[str, Coded]:
        """Return the columns of a table."""
        found = self._connection.sql(f"FROM {self._name(table)}").to_arrow_table()
        return {name: code_arrow(found[name]) for name in found.column_names}

    def digest(self, table: str) -> str:
        """Return a digest of a table's rows that does not hang on their order."""
        asked = f"SELECT count(*), sum(hash(own_row)::HUGEINT) FROM {self._name(table)} own_row"  # noqa: S608
        return str(self._connection.execute(asked).fetchone())

    def run(self, sql: str) -> int:
        """Run a statement and return how many rows it changed."""
        found = self._connection.execute(sql).fetchone()
        return int(found[0]) if found and isinstance(found[0], int) else 0

    def stage(self, name: str, table: str, rows: pd.DataFrame) -> None:
        """Put rows into a temporary table with the columns of another one."""
        columns = ", ".join(map(quote, rows))
        self.run(f"CREATE TEMP TABLE {name} AS SELECT {columns} FROM {self._name(table)} LIMIT 0")  # noqa: S608
        self._connection.register("cakra_rows", rows)
        self.run(f"INSERT INTO {name} SELECT {columns} FROM cakra_rows")  # noqa: S608
        self._connection.unregister("cakra_rows")

    def _name(self, table: str) -> str:
        return quote(self._schema, table)


@contextmanager
def open_duck(address: Address, *, make: bool) -> Iterator[Duck]:
    """Open a file for one transaction.

    Parameters
    ----------
    address : Address
        Of the file.
    make : bool
        Whether it is written; else others may read it meanwhile.

    Yields
    ------
    Duck
        The file.
    """
    import duckdb

    connection = duckdb.connect(address.file, read_only=not make)
    try:
        connection.begin()
        yield Duck(connection, address.schema)
        connection.commit()
    finally:
        connection.close()
