"""Cells held back because of what other reports of the build, or earlier ones, show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.errors import PrivacyError


def read_withheld(path: str) -> list[dict[str, Any]]:
    """Read the cells that may not be shown.

    Parameters
    ----------
    path : str
        A JSON file that the builder wrote, or an empty text for none.

    Returns
    -------
    list of dict
        ``table`` (its published name) and the keys of the row, for instance ``unit_id``.

    Raises
    ------
    PrivacyError
        When the file cannot be read: nothing is shown rather than too much.

    Examples
    --------
    >>> read_withheld("")
    []
    """
    if not path:
        return []
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PrivacyError(
            f"{path}: the cells to be held back cannot be read.",
            do="Build the reports again with `cakra report`.",
        ) from None
    return [dict(cell) for cell in cells]


def find_withheld(table: pd.DataFrame, cells: Sequence[Mapping[str, Any]]) -> pd.Series:
    """Return which rows are held back.

    Parameters
    ----------
    table : DataFrame
        Before it is published.
    cells : sequence of mapping
        From ``read_withheld``, of this table.

    Returns
    -------
    Series
        True for every row that agrees with a cell in all the keys which both have.
    """
    held = pd.Series(False, index=table.index)
    for cell in cells:
        keys = [key for key in cell if key in table]
        if keys:
            held |= (table[keys].astype(str) == [str(cell[key]) for key in keys]).all(axis=1)
    return held
