"""Columns that come with types (Parquet, databases), as text: each value is written once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cakra_analysis.coded import code_text
from cakra_analysis.raw import RawTable, clean, refuse_header, write_cell

if TYPE_CHECKING:
    import pyarrow as pa

Coded = tuple[np.ndarray, Sequence[Any]]  # codes of the rows, -1 for none, and what they stand for


def write_table(name: str, where: str, columns: dict[str, Coded]) -> RawTable:
    """Return a table whose columns are coded as one of text, remembering which cells held numbers.

    Parameters
    ----------
    name, where : str
        Of the table, as ``RawTable`` has them.
    columns : dict of str to tuple
        By header, of ``code_arrow``.

    Returns
    -------
    RawTable
        Rows are numbered from 2 on, as if a header stood above them.
    """
    refuse_header(where, list(columns))
    rows = len(next(iter(columns.values()))[0])
    index = pd.RangeIndex(2, rows + 2)
    cells, numeric = {}, {}
    for header, (codes, values) in columns.items():
        number = np.array([*map(_is_number, values), False])
        texts = pd.Series([write_cell(v) for v in values], dtype="str")
        cells[header.strip()] = code_text(clean(texts), pd.Series(codes, index=index))
        numeric[header.strip()] = number[codes]
    told = pd.DataFrame(numeric, index=index)
    return RawTable(name, where, pd.DataFrame(cells, index=index).dropna(how="all"), told)


def code_arrow(column: pa.ChunkedArray) -> Coded:
    """Code a column of Arrow.

    Parameters
    ----------
    column : ChunkedArray
        Of any type.

    Returns
    -------
    tuple of ndarray and list
        Code of each row, -1 where it is null, and the values that they stand for.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_string_view(kind):  # as DuckDB gives text; Arrow cannot code it
        column = column.cast(pa.large_string())
    try:
        coded = column if pa.types.is_dictionary(kind) else column.dictionary_encode()
    except pa.ArrowNotImplementedError:  # a list, a mapping, a span of time: stands as its text
        texts = [None if value is None else str(value) for value in column.to_pylist()]
        coded = pa.chunked_array([pa.array(texts, pa.large_string())]).dictionary_encode()
    if not coded.num_chunks:
        return np.empty(0, dtype=np.int32), []
    whole = coded.unify_dictionaries().combine_chunks()
    array = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    codes = array.indices.fill_null(-1) if array.null_count else array.indices
    return codes.to_numpy(zero_copy_only=False).astype(np.int32), array.dictionary.to_pylist()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
