"""Job-person match (JPM): how much of what a post requires a person reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.needs.tree import ancestors


def score_job_match(
    gaps_by_person: pd.DataFrame,
    *,
    cap: bool = True,
    filling: Sequence[float] = (80.0, 68.0),
    mapping: Sequence[float] = (90.0, 78.0),
) -> pd.DataFrame:
    """Return each person's job-person match in percent, with its two categories.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps`` with standards: staff_id, unit_id, required (1-5), observed.
    cap : bool
        Count a level above the required one as the required one. Agencies differ; the choice
        stands in the result.
    filling : sequence of two float
        Lower ends, in percent, of MS (memenuhi syarat) and MMS (masih memenuhi syarat).
    mapping : sequence of two float
        Lower ends, in percent, of O (optimal) and CO (cukup optimal).

    Returns
    -------
    DataFrame
        One row a person, sorted by staff_id: unit_id, ``job_match`` (0-100, above 100 possible
        without ``cap``), ``filling`` (MS, MMS, KMS), ``mapping`` (O, CO, KO), ``n`` (competencies
        rated), ``capped``.

    Notes
    -----
    JPM = sum_k achieved_k / sum_k required_k * 100, over the competencies that were rated. BKN
    practice; vectors 6 and 7 of the domain notes, pinned by ``tests/test_needs_job_match.py``.
    It is *not* an official result where the levels are perceptions.

    Examples
    --------
    >>> person = pd.DataFrame({"staff_id": "A", "unit_id": "U", "required": 3.0,
    ...                        "observed": [3, 3, 2, 2, 3, 2, 3, 2, 3]})
    >>> score_job_match(person)[["job_match", "filling", "mapping"]].round(3).values.tolist()
    [[85.185, 'MS', 'CO']]
    """
    rows = gaps_by_person[gaps_by_person["required"].notna()]
    achieved = np.minimum(rows["observed"], rows["required"]) if cap else rows["observed"]
    groups = rows.assign(achieved=achieved).groupby(["staff_id", "unit_id"], observed=True)
    sums = groups.agg(
        achieved=("achieved", "sum"), required=("required", "sum"), n=("required", "size")
    )
    match = (sums["achieved"] / sums["required"] * 100).rename("job_match")
    table = pd.DataFrame(
        {
            "job_match": match,
            "filling": _category(match, filling, ["MS", "MMS", "KMS"]),
            "mapping": _category(match, mapping, ["O", "CO", "KO"]),
            "n": sums["n"],
            "capped": cap,
        }
    )
    return table.reset_index().sort_values("staff_id", ignore_index=True)


def _category(match: pd.Series, limits: Sequence[float], names: list[str]) -> pd.Series:
    edges = [-np.inf, *(limit - 1e-9 for limit in reversed(limits)), np.inf]
    return pd.cut(match, edges, labels=names[::-1], right=False).astype("str")


def score_match_by_unit(match_by_person: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return how the people of each unit spread over the categories of competency mapping.

    Parameters
    ----------
    match_by_person : DataFrame
        From ``score_job_match``.
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``job_match`` (mean, percent),
        ``share_o``, ``share_co``, ``share_ko`` (0-1), ``n``. People rated in the cycle only.
        An empty table gives an empty one.

    Examples
    --------
    >>> match = pd.DataFrame({"unit_id": ["U", "U"], "job_match": [95.0, 70.0],
    ...                       "mapping": ["O", "KO"]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_match_by_unit(match, units)[["job_match", "share_o"]].values.tolist()
    [[82.5, 0.5]]
    """
    rows = ancestors(units).merge(match_by_person, on="unit_id", validate="many_to_many")
    shares = {f"share_{c.lower()}": (rows["mapping"] == c).astype(float) for c in ("O", "CO", "KO")}
    rows = rows.assign(**shares).drop(columns="unit_id").rename(columns={"ancestor": "unit_id"})
    means = rows.groupby("unit_id")[["job_match", *shares]].mean()
    return means.assign(n=rows.groupby("unit_id").size()).reset_index()
