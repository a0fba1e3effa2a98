"""What was planted: true levels, segments and gaps, and what the raters would give on average."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import COMPETENCIES, SEGMENTS
from cakra_analysis.synthetic.raters import SOURCES, expect


def make_truth(
    units: pd.DataFrame,
    people: People,
    ids: np.ndarray,
    cycle: int,
    weights: Mapping[str, float],
    with_levels: bool,
) -> dict[str, pd.DataFrame]:
    """Return what was planted, for the last cycle.

    Parameters
    ----------
    units : DataFrame
        unit_id.
    people : People
        Everybody.
    ids : ndarray of str, shape (people,)
        Their codes.
    cycle : int
        Row number of the last cycle.
    weights : mapping of str to float
        Weights of the sources; 1 where a source is not named.
    with_levels : bool
        Whether to return the truth person by person.

    Returns
    -------
    dict of str to DataFrame
        ``people``, ``gaps`` and perhaps ``levels``; see ``Region``.
    """
    serving = people.serving_in(cycle)
    level, required = people.level_in(cycle)[serving], people.required[serving]
    expected = _expected(level, weights)
    codes = [c[0] for c in COMPETENCIES]
    place = units["unit_id"].to_numpy()[people.unit[serving]]
    truth = {
        "people": pd.DataFrame(
            {"staff_id": ids, "segment": np.array(list(SEGMENTS))[people.segment]}
        ),
        "gaps": _unit_means(place, codes, required - level, required - expected),
    }
    if with_levels:
        shape = level.shape
        truth["levels"] = pd.DataFrame(
            {
                "staff_id": np.repeat(ids[serving], shape[1]),
                "competency_id": np.tile(codes, shape[0]),
                "required_level": required.ravel(),
                "true_level": level.ravel(),
                "expected_level": expected.ravel(),
            }
        )
    return truth


def _expected(level: np.ndarray, weights: Mapping[str, float]) -> np.ndarray:
    """Mean of the sources' expected ratings by weight; two peers share the weight of one source."""
    sources = {s.name: s for s in SOURCES}
    parts = [weights.get(name, 1.0) * expect(level, s) for name, s in sources.items()]
    return np.sum(parts, axis=0) / sum(weights.get(name, 1.0) for name in sources)


def _unit_means(
    unit: np.ndarray, codes: list[str], true_gap: np.ndarray, expected_gap: np.ndarray
) -> pd.DataFrame:
    wide = {"true_gap": true_gap, "expected_gap": expected_gap}
    means = [
        pd.DataFrame(values, columns=pd.Index(codes, name="competency_id"))
        .groupby(unit)
        .mean()
        .stack()
        .rename(name)
        for name, values in wide.items()
    ]
    table = pd.concat(means, axis=1).rename_axis(["unit_id", "competency_id"]).reset_index()
    people = pd.Series(unit).value_counts()
    table.insert(2, "people", table["unit_id"].map(people))
    return table
