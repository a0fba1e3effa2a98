"""Texts that a spreadsheet program would take for a formula, and run."""

from __future__ import annotations

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins so


def defuse_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before every text that a spreadsheet program would run.

    Parameters
    ----------
    table : DataFrame
        To be written as a CSV file that people open.

    Returns
    -------
    DataFrame
        The same; numbers and blank cells are as they were.

    Examples
    --------
    >>> defuse_formulas(pd.DataFrame({"value": ["=1+1", "Budi"], "row": [-2, 3]}))["value"].tolist()
    ["'=1+1", 'Budi']
    """
    safe = table.copy()
    for name in table.columns[~table.dtypes.map(pd.api.types.is_numeric_dtype)]:
        texts = table[name].astype("object")
        begins = texts.astype("str").str.startswith(FORMULA) & texts.notna()
        if begins.any():
            safe[name] = texts.mask(begins, "'" + texts[begins].astype("str"))
    return safe
