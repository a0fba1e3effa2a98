"""What is still to be filled in by hand."""

from __future__ import annotations

import pandas as pd


def find_blanks(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many cells of each column are still blank.

    Parameters
    ----------
    table : DataFrame
        A plan table or a course history.

    Returns
    -------
    DataFrame
        One row a column with any blank, in order: ``column``, ``blank``, ``of`` (rows).

    Examples
    --------
    >>> find_blanks(pd.DataFrame({"a": [1, None], "b": [1, 2]})).values.tolist()
    [['a', 1, 2]]
    """
    blank = (table.isna() | (table == "")).sum()
    found = pd.DataFrame({"column": blank.index, "blank": blank.to_numpy(), "of": len(table)})
    return found[found["blank"] > 0].reset_index(drop=True)
