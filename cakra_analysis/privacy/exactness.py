"""How exact a figure may be that leaves."""

from __future__ import annotations

import pandas as pd

# Columns that count people besides the one that the threshold looks at.
COUNTED = ("n", "people", "rated", "appraised", "completed", "raters", "completers", "named",
           "others", "forms", "fewest", "over")  # fmt: skip


def round_figures(table: pd.DataFrame, counts: str, *, decimals: int, whole: int) -> pd.DataFrame:
    """Round figures to what a reader needs.

    Parameters
    ----------
    table : DataFrame
        Figures, missing where hidden.
    counts : str
        Column with the number of people.
    decimals : int
        Decimals that a figure keeps.
    whole : int
        Multiple to which counts of people are rounded; 1 leaves them.

    Returns
    -------
    DataFrame
        Same rows and columns.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [13], "share": [0.12345]})
    >>> round_figures(table, "n", decimals=2, whole=5).to_dict("records")
    [{'n': 15, 'share': 0.12}]
    """
    rounded = table.copy()
    for column in rounded.columns:
        if column in (counts, *COUNTED) or column.startswith("n_"):
            if whole > 1 and pd.api.types.is_numeric_dtype(rounded[column]):
                nearest = (rounded[column] / whole).round() * whole
                rounded[column] = nearest.astype(rounded[column].dtype)
        elif pd.api.types.is_float_dtype(rounded[column]):
            rounded[column] = rounded[column].round(decimals)
    return rounded
