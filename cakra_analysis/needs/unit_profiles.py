"""Units with a like profile of gaps: their order for a map, and a unit's nearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy

from cakra_analysis.errors import AnalysisError

COLUMNS = ["unit_id", "distance", "n_competencies"]


def group_units(gaps: pd.DataFrame, units: Sequence[str]) -> list[str]:
    """Return units in an order in which those with a like profile stand together.

    Parameters
    ----------
    gaps : DataFrame
        From ``score_gaps``, published or not: unit_id, competency_id, value (missing = unknown).
    units : sequence of str
        Codes of the units to order.

    Returns
    -------
    list of str
        The same codes; those without any value last, as they came.

    Notes
    -----
    Average linkage of root mean square distances over the competencies that both units have, with
    the leaves turned so that neighbours are near: Bar-Joseph, Gifford & Jaakkola (2001),
    Bioinformatics 17, S22-S29. Pinned by ``tests/test_needs_segments.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"unit_id": list("ABC"), "competency_id": "M.1", "value": [0, 2, 0.1]})
    >>> group_units(gaps, ["A", "B", "C"])
    ['B', 'C', 'A']
    """
    wide = _profiles(gaps, units)
    hidden = [code for code in units if code not in wide.index]
    if len(wide) < 3:
        return [*wide.index, *hidden]
    apart = _distances(wide)
    near = apart[np.triu_indices(len(wide), 1)]
    tree = hierarchy.linkage(near, "average")
    leaves = hierarchy.leaves_list(hierarchy.optimal_leaf_ordering(tree, near))
    order = [str(wide.index[leaf]) for leaf in leaves]
    first, last = (float(wide.loc[code].mean()) for code in (order[0], order[-1]))
    return (order if first >= last else order[::-1]) + hidden


def find_alike(gaps: pd.DataFrame, *, unit: str, count: int = 3) -> pd.DataFrame:
    """Return the units whose profile of gaps is nearest to a unit's.

    Parameters
    ----------
    gaps : DataFrame
        From ``score_gaps``, only units that stand beside each other.
    unit : str
        Code of the unit.
    count : int
        Most units to return.

    Returns
    -------
    DataFrame
        unit_id, ``distance`` (root mean square, levels), ``n_competencies`` (that both have);
        nearest first, ties by code. Empty where the unit's own profile is unknown.

    Raises
    ------
    AnalysisError
        When the unit is not in the table.

    Examples
    --------
    >>> gaps = pd.DataFrame({"unit_id": list("ABC"), "competency_id": "M.1", "value": [0, 2, 0.5]})
    >>> find_alike(gaps, unit="A", count=1)[["unit_id", "distance"]].values.tolist()
    [['C', 0.5]]
    """
    if unit not in set(gaps["unit_id"]):
        raise AnalysisError(f'The unit "{unit}" has no row in the table of gaps.')
    wide = _profiles(gaps, sorted(set(gaps["unit_id"])))
    if unit not in wide.index:
        return pd.DataFrame(columns=COLUMNS)
    own = wide.loc[unit]
    rest = wide.drop(index=unit)
    table = pd.DataFrame(
        {
            "unit_id": rest.index,
            "distance": np.sqrt(((rest - own) ** 2).mean(axis=1)).to_numpy(),
            "n_competencies": (rest - own).notna().sum(axis=1).to_numpy(),
        }
    )
    known = table[table["n_competencies"] > 0]
    return known.sort_values(["distance", "unit_id"], ignore_index=True).head(count)


def _profiles(gaps: pd.DataFrame, units: Sequence[str]) -> pd.DataFrame:
    rows = gaps[gaps["value"].notna() & gaps["unit_id"].isin(list(units))]
    wide = rows.pivot(index="unit_id", columns="competency_id", values="value")
    return wide.reindex([code for code in units if code in wide.index])


def _distances(wide: pd.DataFrame) -> np.ndarray:
    values = wide.to_numpy(dtype=float)
    square = (values[:, None] - values[None]) ** 2
    known = ~np.isnan(square)
    mean = np.where(known, square, 0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    return np.sqrt(np.where(known.any(axis=2), mean, np.nanmax(square)))
