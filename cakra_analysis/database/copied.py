"""Whole tables to and from PostgreSQL by COPY, many times as fast as row by row."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from cakra_analysis.typed import Coded, code_arrow

if TYPE_CHECKING:
    from sqlalchemy import Connection

BOOL, TIMES = 16, (1114, 1184)
# What the text of a value stands for, by the number of its type in PostgreSQL.
KINDS: dict[int, Callable[[str], Any]] = {
    **dict.fromkeys((20, 21, 23), int),
    **dict.fromkeys((700, 701), float),
    1700: Decimal,
    BOOL: lambda text: text == "t",
    **dict.fromkeys(TIMES, lambda text: text.removesuffix(" 00:00:00")),
}


def settle(connection: Connection) -> None:
    """Have PostgreSQL write dates and numbers in one way only.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    """
    connection.exec_driver_sql("SET LOCAL datestyle = 'ISO, YMD'")
    connection.exec_driver_sql("SET LOCAL extra_float_digits = 1")
    connection.exec_driver_sql("SET LOCAL client_encoding = 'UTF8'")


def read(connection: Connection, table: str) -> dict[str, Coded]:
    """Read a table or view.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    table : str
        Its quoted name.

    Returns
    -------
    dict of str to tuple
        Codes and values by column.
    """
    import pyarrow as pa
    from pyarrow import csv

    shape: Any = connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 0").cursor.description  # noqa: S608
    text = io.BytesIO()
    _cursor(connection).execute(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT csv)", stream=text)  # noqa: S608
    names = [column[0] for column in shape]
    if not text.tell():
        return {name: code_arrow(pa.chunked_array([], pa.string())) for name in names}
    kind = pa.dictionary(pa.int32(), pa.string())
    found = csv.read_csv(
        pa.py_buffer(text.getbuffer()),
        read_options=csv.ReadOptions(column_names=names, block_size=16 << 20),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, kind), strings_can_be_null=True, null_values=[""]
        ),
    )
    columns: dict[str, Coded] = {}
    for name, number, *_ in shape:
        codes, values = code_arrow(found[name])
        columns[name] = codes, [*map(KINDS.get(number, str), values)]
    return columns


def write(connection: Connection, table: str, rows: pd.DataFrame) -> None:
    """Add rows to a table.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    table : str
        Its quoted name; its columns are those of the rows.
    rows : DataFrame
        What is added.
    """
    text = io.BytesIO(rows.to_csv(index=False, header=False).encode())
    _cursor(connection).execute(f"COPY {table} FROM STDIN (FORMAT csv)", stream=text)


def digest(connection: Connection, table: str) -> str:
    """Return a digest of a table's rows that does not hang on their order, made by the server.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    table : str
        Its quoted name.

    Returns
    -------
    str
        Number of rows and sum of their 64-bit hashes.
    """
    asked = (
        f"SELECT count(*), sum(hashtextextended(own_row::text, 0)::numeric) FROM {table} own_row"  # noqa: S608
    )
    return str(tuple(connection.exec_driver_sql(asked).one()))


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
