"""Which people count together when it is judged how sure a figure is."""

from __future__ import annotations

import numpy as np
import pandas as pd


def code_clusters(people: pd.DataFrame) -> np.ndarray:
    """Return a number for each person's cluster.

    Parameters
    ----------
    people : DataFrame
        One row a person; ``cluster`` where there are any, missing for who stands alone.

    Returns
    -------
    ndarray of int
        0, 1, ...; the same for people of one cluster.

    Examples
    --------
    >>> code_clusters(pd.DataFrame({"cluster": ["S1", None, "S1", None]})).tolist()
    [0, 1, 0, 2]
    """
    alone = [f"alone {place}" for place in range(len(people))]
    if "cluster" not in people:
        return np.arange(len(people))
    named = "in " + people["cluster"].astype("object").astype(str)
    return pd.factorize(np.where(people["cluster"].isna(), alone, named))[0]
