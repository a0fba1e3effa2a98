"""Job-person match (JPM): how much of what a post requires a person reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.needs.gaps import score_gaps
from cakra_analysis.needs.noise import correct_noise, expect_shortfall

SHARES = {
    "share_o": ("mapping", "O"),
    "share_co": ("mapping", "CO"),
    "share_ko": ("mapping", "KO"),
    "share_ms": ("filling", "MS"),
    "share_mms": ("filling", "MMS"),
    "share_kms": ("filling", "KMS"),
}


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
        From ``score_person_gaps`` with standards: staff_id, unit_id, required (1-5), observed;
        with noise_variance (and competency_id, gap) the rating noise is taken out first.
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
    JPM = sum_k achieved_k / sum_k required_k * 100, over the competencies that were rated.
    Cutting noisy levels off at the standard would make everybody worse, so the expected cut-off
    level counts (``expect_shortfall``). BKN practice; vectors 6 and 7 of the domain notes, pinned
    by ``tests/test_needs_job_match.py``. It is *not* an official result where the levels are
    perceptions.

    Examples
    --------
    >>> person = pd.DataFrame({"staff_id": "A", "unit_id": "U", "required": 3.0,
    ...                        "observed": [3, 3, 2, 2, 3, 2, 3, 2, 3]})
    >>> score_job_match(person)[["job_match", "filling", "mapping"]].round(3).values.tolist()
    [[85.185, 'MS', 'CO']]
    """
    rows = gaps_by_person[gaps_by_person["required"].notna()]
    if "gap_definition" in rows:  # what people need or find important is no standard
        rows = rows[rows["gap_definition"] == STANDARD]
    achieved = np.minimum(rows["observed"], rows["required"]) if cap else rows["observed"]
    if cap and "noise_variance" in rows and len(rows):
        achieved = rows["required"] - expect_shortfall(correct_noise(rows))
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


def score_match_by_unit(
    match_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return each unit's mean match with its interval, and the shares of the categories.

    Parameters
    ----------
    match_by_person : DataFrame
        From ``score_job_match``.
    units : DataFrame
        unit_id, parent_id.
    people : DataFrame, optional
        From ``count_people``; with it parents weigh units by their staff, as for gaps.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (mean JPM, percent), low,
        high, level, ``n``, ``share_o``, ``share_co``, ``share_ko`` (mapping) and ``share_ms``,
        ``share_mms``, ``share_kms`` (filling), 0-1, without intervals. An empty table gives an
        empty one.

    Examples
    --------
    >>> match = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U", "job_match": [95.0, 70.0],
    ...                       "mapping": ["O", "KO"], "filling": ["MS", "MMS"]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_match_by_unit(match, units)[["value", "share_o"]].values.tolist()
    [[82.5, 0.5]]
    """
    if match_by_person.empty:
        return pd.DataFrame(columns=["unit_id", "value", "low", "high", "level", "n", *SHARES])
    measures = {"job_match": match_by_person["job_match"]}
    for kind, name in SHARES.values():
        measures[f"share_{name.lower()}"] = (match_by_person[kind] == name).astype(float)
    rows = match_by_person[["staff_id", "unit_id"]]
    long = pd.concat([rows.assign(competency_id=m, gap=v) for m, v in measures.items()])
    blank = dict.fromkeys(["required", "observed", "noise_variance", "noise_df"], np.nan)
    long = long.assign(**blank, gap_definition=STANDARD)
    if people is not None:
        staff = people.groupby("unit_id", as_index=False)["people"].max()
        people = staff.merge(pd.DataFrame({"competency_id": list(measures)}), how="cross")
    scored = score_gaps(long, units, people=people, confidence=confidence)
    wide = scored.pivot(index="unit_id", columns="competency_id", values="value")
    mean = scored[scored["competency_id"] == "job_match"].set_index("unit_id")
    table = mean[["value", "low", "high", "level", "n"]].join(wide[list(SHARES)])
    return table.reset_index()
