"""Whether a course works better for some than for others, with many looks paid for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.evaluation.effect import estimate_effect


def estimate_subgroups(
    people: pd.DataFrame,
    *,
    by: Sequence[str],
    method: str = "ancova",
    covariates: Sequence[str] = (),
    confidence: float = 0.95,
    rate: float = 0.05,
) -> pd.DataFrame:
    """Return a course's effect on each subgroup, and which differ from everybody else.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``, one course.
    by : sequence of str
        Columns of text whose categories are the subgroups.
    method : str
        As in ``estimate_effect``.
    covariates : sequence of str
        As in ``estimate_effect``; the one that divides is left out.
    confidence : float
        Of the intervals.
    rate : float
        Chance of even one false difference among all subgroups.

    Returns
    -------
    DataFrame
        One row a column of ``by`` and category: ``variable``, ``category``, ``value``, ``low``,
        ``high``, ``level`` (points), ``n``, ``difference`` (effect on it less effect on the
        others), ``p`` and ``p_adjusted`` (Holm over all rows), ``differs`` (p_adjusted below the
        rate), ``method``. Rows without a value have too few people.

    Notes
    -----
    z = (a - b) / sqrt(se_a^2 + se_b^2), two-sided, Holm (1979), Scandinavian Journal of Statistics
    6, 65-70. A subgroup whose own interval leaves zero is *not* by that different from the rest.
    Pinned by ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True, False] * 20, "before": range(40),
    ...                        "after": range(40), "sex": ["f", "f", "m", "m"] * 10})
    >>> estimate_subgroups(people, by=["sex"])[["category", "differs"]].values.tolist()
    [['f', False], ['m', False]]
    """
    from statsmodels.stats.multitest import multipletests

    rows = []
    for variable in by:
        kept = [name for name in covariates if name != variable]
        for category, mine in people.groupby(variable, sort=True):
            others = people[people[variable].notna() & (people[variable] != category)]
            own, rest = (
                estimate_effect(side, method=method, covariates=kept, confidence=confidence).iloc[0]
                for side in (mine, others)
            )
            gap = own["value"] - rest["value"]
            error = np.hypot(own["error"], rest["error"])
            rows.append(
                {"variable": variable, "category": category, "difference": gap}
                | {name: own[name] for name in ("value", "low", "high", "level", "n")}
                | {"p": 2 * stats.norm.sf(abs(gap) / error) if error > 0 else np.nan}
                | {"method": f"{method} by subgroup; Holm"}
            )
    columns = ["variable", "category", "value", "low", "high", "level", "n", "difference", "p",
               "p_adjusted", "differs", "method"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    told = table["p"].notna()
    table["p_adjusted"], table["differs"] = np.nan, False
    if told.any():
        reject, adjusted, *_ = multipletests(table.loc[told, "p"], alpha=rate, method="holm")
        table.loc[told, "p_adjusted"], table.loc[told, "differs"] = adjusted, reject
    return table
