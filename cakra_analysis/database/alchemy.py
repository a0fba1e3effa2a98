"""PostgreSQL, SQLite and what else SQLAlchemy knows."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cakra_analysis.database import copied
from cakra_analysis.database.address import Address
from cakra_analysis.database.options import MODE, make_context
from cakra_analysis.database.password import find_password
from cakra_analysis.database.schema import quote
from cakra_analysis.typed import Coded

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

AT_A_TIME = 50_000  # rows
DRIVER, PORT = "postgresql+pg8000", 5432


class Alchemy:
    """A database behind SQLAlchemy.

    Parameters
    ----------
    connection : Connection
        Open, in a transaction.
    schema : str
        Where the tables are; empty for the usual one.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection, self._schema = connection, schema or None
        self._copies = f"{connection.dialect.name}+{connection.dialect.driver}" == DRIVER

    def has_schema(self, name: str) -> bool:
        """Tell whether there is a schema of that name."""
        import sqlalchemy

        return sqlalchemy.inspect(self._connection).has_schema(name)

    def list_tables(self) -> list[str]:
        """Return the names of its tables and views."""
        import sqlalchemy

        inspector = sqlalchemy.inspect(self._connection)
        names = {*inspector.get_table_names(self._schema), *inspector.get_view_names(self._schema)}
        return sorted(names)

    def list_columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(self._ask(f"SELECT * FROM {self._name(table)} WHERE 1 = 0").keys())  # noqa: S608

    def read(self, table: str) -> dict[str, Coded]:
        """Return the columns of a table."""
        if self._copies:
            return copied.read(self._connection, self._name(table))
        columns = self.list_columns(table)
        seen: list[dict[Any, int]] = [{} for _ in columns]
        parts: list[list[np.ndarray]] = [[np.empty(0, np.int32)] for _ in columns]
        for rows in self._chunks(table):
            for codes, own, values in zip(parts, seen, zip(*rows, strict=True), strict=True):
                codes.append(np.array([_code(own, value) for value in values], np.int32))
        return {
            name: (np.concatenate(codes), list(own))
            for name, codes, own in zip(columns, parts, seen, strict=True)
        }

    def digest(self, table: str) -> str:
        """Return a digest of a table's rows that does not hang on their order."""
        if self._copies:
            return copied.digest(self._connection, self._name(table))
        count = total = 0
        for rows in self._chunks(table):
            marks = (hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16) for row in rows)
            total += sum(int.from_bytes(mark.digest()) for mark in marks)
            count += len(rows)
        return f"{count} {total:x}"

    def run(self, sql: str) -> int:
        """Run a statement and return how many rows it changed."""
        return max(int(self._ask(sql).rowcount), 0)

    def stage(self, name: str, table: str, rows: pd.DataFrame) -> None:
        """Put rows into a temporary table with the columns of another one."""
        columns = ", ".join(map(quote, rows))
        shape = f"SELECT {columns} FROM {self._name(table)} WHERE 1 = 0"  # noqa: S608
        self.run(f"CREATE TEMPORARY TABLE {name} AS {shape}")
        if self._copies:
            copied.write(self._connection, name, rows)
            return
        plain = rows.astype(object).where(rows.notna(), None)
        cursor = self._connection.connection.cursor()
        mark = "?" if self._connection.dialect.paramstyle == "qmark" else "%s"
        added = f"INSERT INTO {name} VALUES ({', '.join([mark] * len(rows.columns))})"  # noqa: S608
        cursor.executemany(added, plain.itertuples(index=False, name=None))

    def _chunks(self, table: str) -> Iterator[Sequence[Any]]:
        import sqlalchemy

        streamed = self._connection.execution_options(stream_results=True)
        result = streamed.execute(sqlalchemy.text(f"SELECT * FROM {self._name(table)}"))  # noqa: S608
        while rows := result.fetchmany(AT_A_TIME):
            yield rows

    def _ask(self, sql: str) -> Any:
        return self._connection.exec_driver_sql(sql)

    def _name(self, table: str) -> str:
        quote = self._connection.dialect.identifier_preparer.quote_identifier
        return ".".join(quote(part) for part in (self._schema, table) if part)


def _code(seen: dict[Any, int], value: Any) -> int:
    """-1 for nothing; a value that cannot be looked up (a list, a mapping) stands as its text."""
    if value is None:
        return -1
    try:
        return seen.setdefault(value, len(seen))
    except TypeError:
        return seen.setdefault(str(value), len(seen))


@contextmanager
def open_alchemy(address: Address, *, seconds: int) -> Iterator[Alchemy]:
    """Connect for one transaction, which sees one state of the data however long it takes.

    Parameters
    ----------
    address : Address
        Where the database is.
    seconds : int
        To wait for the server.

    Yields
    ------
    Alchemy
        The database.
    """
    import sqlalchemy

    url = _complete(address)
    more = {}
    if url.drivername == DRIVER and MODE in url.query:
        more["ssl_context"] = make_context(address.text, str(url.query[MODE]))
        url = url.difference_update_query([MODE])
    if url.drivername == DRIVER and url.host:
        # The driver's own limit would also end a query that takes its time.
        socket.create_connection((url.host, url.port or PORT), timeout=seconds).close()
    engine = sqlalchemy.create_engine(url, hide_parameters=True, connect_args=more)
    level = {"isolation_level": "REPEATABLE READ"} if address.kind == "postgresql" else {}
    try:
        with engine.connect().execution_options(**level) as connection, connection.begin():
            if url.drivername == DRIVER:
                copied.settle(connection)
            if address.kind == "sqlite":  # whose driver begins no transaction for us
                connection.exec_driver_sql("BEGIN")
            yield Alchemy(connection, address.schema)
    finally:
        engine.dispose()


def _complete(address: Address) -> URL:
    """With our driver of PostgreSQL, and the user and password that the URL leaves out."""
    import sqlalchemy

    from cakra_analysis.database.connect import default_user

    url = sqlalchemy.make_url(address.whole)
    if address.kind != "postgresql":
        return url
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername=DRIVER)
    user = url.username or default_user()
    host, port, base = url.host or "localhost", url.port or PORT, url.database or user
    password = url.password or find_password(host, port, base, user) or None
    return url.set(username=user, password=password, database=base)
