"""Text as categories, since most texts of a table occur again and again: each is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def encode(cells: pd.DataFrame) -> pd.DataFrame:
    """Return text as categories, so that what is asked of each text is asked once.

    Parameters
    ----------
    cells : DataFrame
        Text, or categories of text.

    Returns
    -------
    DataFrame
        Categories of text.
    """
    coded = {
        name: pd.Categorical(cells[name]) if cells[name].dtype == "str" else cells[name]
        for name in cells
    }
    return pd.DataFrame(coded, index=cells.index)


def decode(table: pd.DataFrame) -> pd.DataFrame:
    """Return categories as the text that they stand for.

    Parameters
    ----------
    table : DataFrame
        Any; other columns stay as they are.

    Returns
    -------
    DataFrame
        Without categories.
    """
    columns = {
        name: column.cat.categories.array.take(column.cat.codes.to_numpy(), allow_fill=True)
        if isinstance(column.dtype, pd.CategoricalDtype)
        else column
        for name, column in table.items()
    }
    return pd.DataFrame(columns, index=table.index)


def change_text(cells: pd.Series, change: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Change text cell by cell; where it stands as categories, each of them once.

    Parameters
    ----------
    cells : Series
        Text, or categories of text.
    change : callable
        Takes texts and returns as many.

    Returns
    -------
    Series
        As it was given: text, or categories of text.

    Examples
    --------
    >>> coded = pd.Series(["a ", "a", None], dtype="category")
    >>> change_text(coded, lambda text: text.str.strip()).cat.codes.tolist()
    [0, 0, -1]
    """
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return change(cells)
    return code_text(change(pd.Series(cells.cat.categories, dtype="str")), cells.cat.codes)


def code_text(texts: pd.Series, codes: pd.Series) -> pd.Series:
    """Return codes as categories of text.

    Parameters
    ----------
    texts : Series
        What the codes stand for; one text may be there twice.
    codes : Series
        -1 for none.

    Returns
    -------
    Series
        Categories of text, with the rows of the codes.
    """
    places, found = pd.factorize(texts)
    kind = pd.CategoricalDtype(pd.Index(found, dtype="str"))
    # No text has the place -1, which of an array is the last.
    values = pd.Categorical.from_codes(np.append(places, -1)[codes], dtype=kind)
    return pd.Series(values, index=codes.index)


def look_up(cells: pd.Series, found: np.ndarray, missing: Any) -> pd.Series:
    """Return what was found of each category, row by row.

    Parameters
    ----------
    cells : Series
        Categories of text.
    found : ndarray
        One value a category.
    missing : object
        Of the rows without a category.

    Returns
    -------
    Series
        With the rows of the cells.
    """
    return pd.Series(np.append(found, missing)[cells.cat.codes], index=cells.index)
