"""Whether a course works better for some than for others, with many looks paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.evaluation.effect import estimate_effect


def estimate_subgroups(
    people: pd.DataFrame,
    *,
    by: Sequence[str] = ("sex", "branch"),
    method: str = "ancova",
    covariates: Sequence[str] = (),
    confidence: float = 0.95,
    rate: float = 0.05,
) -> pd.DataFrame:
    """Return a course's effect on each subgroup, and which differ from everybody else.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``, one course or several.
    by : sequence of str
        Columns of text whose categories are the subgroups; those people lack are passed over.
    method : str
        As in ``estimate_effect``.
    covariates : sequence of str
        As in ``estimate_effect``; the one that divides is left out.
    confidence : float
        Of the intervals.
    rate : float
        Chance of even one false difference among all subgroups of all courses.

    Returns
    -------
    DataFrame
        One row a course with anybody to compare, column of ``by`` and category: course_id,
        ``variable``, ``category``, ``value``, ``low``, ``high``, ``level`` (points), ``n``,
        ``difference`` (effect on it less effect on the others), ``p`` and ``p_adjusted`` (Holm over
        all rows), ``differs`` (p_adjusted below the rate), ``method``. Rows without a value have
        too few people.

    Notes
    -----
    t = (a - b) / sqrt(se_a^2 + se_b^2), Satterthwaite's degrees of freedom, two-sided; Holm (1979),
    Scandinavian Journal of Statistics 6, 65-70. A subgroup whose own interval leaves zero is *not*
    by that different from the rest. Pinned by ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True, False] * 20, "before": range(40),
    ...                        "after": range(40), "sex": ["f", "f", "m", "m"] * 10})
    >>> estimate_subgroups(people, by=["sex"])[["category", "differs"]].values.tolist()
    [['f', False], ['m', False]]
    """
    from statsmodels.stats.multitest import multipletests

    rows = []
    for course, mine in people.groupby("course_id", sort=True):
        kept = [name for name in by if name in mine] if mine["treated"].nunique() > 1 else []
        for variable in kept:
            held = [name for name in covariates if name != variable]
            options = {"method": method, "covariates": held, "confidence": confidence}
            for category in sorted(mine[variable].dropna().unique()):
                row = _compare(mine, variable, category, options)
                rows.append({"course_id": course, "variable": variable, **row})
    columns = ["course_id", "variable", "category", "value", "low", "high", "level", "n",
               "difference", "p", "p_adjusted", "differs", "method"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    told = table["p"].notna()
    table["p_adjusted"], table["differs"] = np.nan, False
    if told.any():
        reject, adjusted, *_ = multipletests(table.loc[told, "p"], alpha=rate, method="holm")
        table.loc[told, "p_adjusted"], table.loc[told, "differs"] = adjusted, reject
    return table


def _compare(
    people: pd.DataFrame, variable: str, category: str, options: dict[str, Any]
) -> dict[str, object]:
    """The effect on one category, and how it differs from that on all others."""
    inside = people[variable] == category
    own = estimate_effect(people[inside], **options).iloc[0]
    rest = estimate_effect(people[~inside & people[variable].notna()], **options).iloc[0]
    gap, error = own["value"] - rest["value"], np.hypot(own["error"], rest["error"])
    row = {"category": category, "difference": gap, "method": f"{own['method']} by subgroup; Holm"}
    row |= {name: own[name] for name in ("value", "low", "high", "level", "n")}
    parts = np.array([own["error"] ** 4 / own["df"], rest["error"] ** 4 / rest["df"]])
    p = 2 * stats.t.sf(abs(gap) / error, error**4 / parts.sum()) if error > 0 else np.nan
    return row | {"p": p}
