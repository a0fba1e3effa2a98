"""Which rows of a table are hidden: too few people, too telling, or needed to hide another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy.measures import Measure
from cakra_analysis.privacy.published import KEYS
from cakra_analysis.privacy.residuals import Family
from cakra_analysis.privacy.suppression import choose_hidden
from cakra_analysis.privacy.withheld import find_withheld


def find_hidden(
    table: pd.DataFrame,
    measure: Measure,
    thresholds: Sequence[int],
    *,
    units: pd.DataFrame | None,
    counts: str,
    narrowest: float,
    cells: Sequence[Mapping[str, Any]] = (),
) -> pd.DataFrame:
    """Find the rows to hide, and those whose shares of categories are hidden.

    Parameters
    ----------
    table : DataFrame
        One row a group.
    measure : Measure
        What adds up.
    thresholds : sequence of int
        Fewest people, from the narrowest audience to the one that is published for: what one may
        not see is hidden from the next.
    units : DataFrame or None
        unit_id, parent_id where the table is over the tree of units.
    counts : str
        Column with the number of people.
    narrowest : float
        Narrowest bracket for a hidden mean, as a share of its scale.
    cells : sequence of mapping
        Cells to hide in any case.

    Returns
    -------
    DataFrame
        Booleans ``rows`` and ``categories``, by the table's index.
    """
    people = table[counts].fillna(0)
    shares = [c for c in table if c.startswith("share_")]
    rows = find_withheld(table, cells) | _at_an_end(table, measure)
    categories = table[shares].ge(1).any(axis=1)
    fewer = 1 if "question_id" in table else 2  # a handful spread over categories is told apart
    families = [] if units is None else _find_families(table, measure, counts, units)
    for threshold in dict.fromkeys(thresholds):
        rows |= people < threshold
        groups = [c for c in measure.groups if c in table]
        for column in [*(c for c in measure.also if c in table), *groups]:
            rows |= table[column].gt(0) & table[column].lt(threshold)
        categories |= people < fewer * threshold
        for places, family in families:
            for which, fewest in ((rows, threshold), (categories, fewer * threshold)):
                which.iloc[places] = choose_hidden(
                    family, which.iloc[places].to_numpy(), fewest=fewest, narrowest=narrowest
                )
        # Hiding more joins residuals that are nobody or enough each, so what was safe stays so.
        for column in groups if units is not None else ():
            for places, family in _find_families(table, Measure(), column, units):
                rows.iloc[places] = choose_hidden(
                    family, rows.iloc[places].to_numpy(), fewest=threshold, narrowest=narrowest
                )
    return pd.DataFrame({"rows": rows, "categories": rows | categories})


def _at_an_end(table: pd.DataFrame, measure: Measure) -> pd.Series:
    """Whether a mean lies at an end of its scale, so that it tells about every member."""
    ends = [
        table[column].le(low + 1e-9) | table[column].ge(high - 1e-9)
        for column, (low, high) in {**measure.means, **measure.ends}.items()
        if column in table
    ]
    return pd.Series(np.logical_or.reduce(ends) if ends else False, index=table.index)


def _find_families(
    table: pd.DataFrame, measure: Measure, counts: str, units: pd.DataFrame
) -> list[tuple[np.ndarray, Family]]:
    """The rows of each item, with the nearest unit above each."""
    above = units.set_index("unit_id")["parent_id"].to_dict()
    others = [key for key in KEYS if key in table and key != "unit_id"]
    codes = table.groupby(others, dropna=False, sort=False).ngroup() if others else [0] * len(table)
    places = pd.Series(range(len(table))).groupby(np.asarray(codes))
    return [
        (rows.to_numpy(), _make_family(table.iloc[rows], measure, counts, above))
        for _, rows in places
    ]


def _make_family(
    rows: pd.DataFrame, measure: Measure, counts: str, above: Mapping[str, Any]
) -> Family:
    place = {unit: i for i, unit in enumerate(rows["unit_id"])}
    if len(place) < len(rows):
        unit = rows.loc[rows["unit_id"].duplicated(), "unit_id"].iloc[0]
        raise PrivacyError(
            f"The table has two rows for the unit {unit}.",
            do="Publish one row a unit, or name the column that tells them apart as a key.",
        )
    parents = []
    for unit in rows["unit_id"]:
        found = above.get(unit)
        while isinstance(found, str) and found not in place:
            found = above.get(found)
        parents.append(place[found] if isinstance(found, str) else -1)
    people = rows[counts].fillna(0).to_numpy(dtype=float)
    weight = rows[measure.weight].fillna(0).to_numpy(float) if measure.weight in rows else people
    means = {c: (rows[c].to_numpy(float), *ends) for c, ends in measure.means.items() if c in rows}
    return Family(np.array(parents), people, weight, means)
