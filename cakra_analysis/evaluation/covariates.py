"""What people had before a course, as numbers that a model can hold constant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.errors import DataError

FEWEST = 5  # people a category needs before it is a column of its own


def select_complete(people: pd.DataFrame) -> pd.DataFrame:
    """Return the people with a score before and one after.

    Parameters
    ----------
    people : DataFrame
        before, after (missing = none).

    Returns
    -------
    DataFrame
        Those rows, all columns.

    Examples
    --------
    >>> people = pd.DataFrame({"before": [1.0, 2.0], "after": [3.0, None]})
    >>> len(select_complete(people))
    1
    """
    return people[people["after"].notna() & people["before"].notna()]


def code_covariates(people: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Return covariates as columns of numbers without gaps.

    Parameters
    ----------
    people : DataFrame
        One row a person.
    covariates : sequence of str
        Columns: numbers, yes/no or text.

    Returns
    -------
    DataFrame
        Same rows. Numbers as they are, a gap filled with the mean and told in a column of its own;
        a text becomes one 0/1 column a category (``sex=female``), missing being a category, those
        with fewer than five people put together. A column without differences is left out.

    Raises
    ------
    DataError
        When a covariate is not a column.

    Notes
    -----
    Filling a gap with the mean and an indicator keeps everybody: right for covariates measured
    before a course, *not* for outcomes. Pinned by ``tests/test_evaluation_effect.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"age": [30.0, None, 50.0], "sex": ["female", "male", "female"]})
    >>> code_covariates(people, ["age"]).values.tolist()
    [[30.0, 0.0], [40.0, 1.0], [50.0, 0.0]]
    """
    missing = [name for name in covariates if name not in people]
    if missing:
        raise DataError(
            f'The covariate "{missing[0]}" is not a column of the people.',
            allowed=f"Columns are: {', '.join(map(str, people.columns))}.",
        )
    parts: dict[str, pd.Series] = {}
    for name in covariates:
        values = people[name]
        if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            numbers = values.astype("float64")
            parts[name] = numbers.fillna(numbers.mean())
            parts[f"{name} missing"] = numbers.isna().astype(float)
        else:
            parts |= _spread(name, values)
    columns = pd.DataFrame(parts, index=people.index).fillna(0.0)
    return columns.loc[:, columns.nunique() > 1]


def _spread(name: str, values: pd.Series) -> dict[str, pd.Series]:
    """One column a category but the largest, the rare ones together."""
    text = values.astype("object").where(values.notna(), "missing").astype(str)
    sizes = text.value_counts()
    text = text.where(text.map(sizes) >= FEWEST, "other")
    names = (
        text.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    )
    return {f"{name}={category}": (text == category).astype(float) for category in names.index[1:]}


def scale_columns(columns: pd.DataFrame) -> np.ndarray:
    """Return columns with mean 0 and standard deviation 1.

    Parameters
    ----------
    columns : DataFrame
        From ``code_covariates``.

    Returns
    -------
    ndarray of float, shape (people, columns)
        A column without differences is all zero.

    Examples
    --------
    >>> scale_columns(pd.DataFrame({"x": [1.0, 3.0]})).ravel().tolist()
    [-1.0, 1.0]
    """
    values = columns.to_numpy(dtype=float)
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
