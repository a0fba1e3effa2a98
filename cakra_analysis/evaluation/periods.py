"""Months as numbers that can be counted with."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import DataError


def number_periods(periods: pd.Series) -> pd.Series:
    """Return periods as whole numbers, months counted on from year 0.

    Parameters
    ----------
    periods : Series
        Months as text ("2026-03") or whole numbers; may be missing.

    Returns
    -------
    Series
        Float, so that missing stays missing.

    Raises
    ------
    DataError
        When a text is no month.

    Examples
    --------
    >>> number_periods(pd.Series(["2026-01", None])).tolist()
    [24312.0, nan]
    """
    if pd.api.types.is_numeric_dtype(periods) or periods.isna().all():
        return periods.astype(float)
    found = periods.astype("string").str.extract(r"^(\d{4})-(0[1-9]|1[0-2])$").astype("Float64")
    if (found[0].isna() & periods.notna()).any():
        raise DataError("A period is no month.", allowed='Months look like "2026-03".')
    return (found[0] * 12 + found[1] - 1).astype(float)
