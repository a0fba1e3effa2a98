"""A table too large to load: its Parquet file, read by DuckDB only when and as far as needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cakra_analysis.contracts import find_contract
from cakra_analysis.errors import DataError

if TYPE_CHECKING:
    import duckdb


def scan(
    folder: str | Path, table: str, *, connection: duckdb.DuckDBPyConnection | None = None
) -> duckdb.DuckDBPyRelation:
    """Return a Parquet table of a data set as a lazy DuckDB table.

    Parameters
    ----------
    folder : str or Path
        Of the data set; it holds ``<table>.parquet``.
    table : str
        Name of an input table, for instance ratings.
    connection : DuckDBPyConnection, optional
        Where to open it; without it DuckDB's own. Only tables of one connection can be joined.

    Returns
    -------
    DuckDBPyRelation
        All columns of the file, nothing read yet. Unlike ``load`` it checks the columns alone: no
        type, range, key or reference of a row.

    Raises
    ------
    DataError
        When the table has no contract, the file is not there or is no Parquet file, or a column
        that the contract needs is missing.

    Examples
    --------
    >>> import tempfile
    >>> posts = pd.DataFrame({"position_id": ["P"], "name": ["Lurah"], "job_class": ["Pengawas"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     posts.to_parquet(f"{folder}/positions.parquet")
    ...     scan(folder, "positions").fetchall()
    [('P', 'Lurah', 'Pengawas')]
    """
    import duckdb

    contract = find_contract(table, where=str(folder))
    file = Path(folder) / f"{table}.parquet"
    if not file.is_file():
        raise DataError(f"{file}: there is no such file.", do="Only Parquet can be read lazily.")
    try:
        relation = (connection or duckdb.default_connection()).read_parquet(str(file))
    except duckdb.Error as error:
        raise DataError(f"{file}: this is not a Parquet file: {error}") from None
    missing = [
        name
        for name, column in contract.columns.items()
        if not column.optional and name not in relation.columns
    ]
    if missing:
        raise DataError(
            f'{file}: the column "{missing[0]}" is missing.',
            allowed=f"Columns of {table} are: {', '.join(contract.columns)}.",
            do=f"The file has: {', '.join(relation.columns)}.",
        )
    return relation
