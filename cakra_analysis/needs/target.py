"""How far people are from the post they aim at, beside the post they hold."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.needs.gaps import score_gaps
from cakra_analysis.needs.person_gaps import score_person_gaps
from cakra_analysis.needs.population import count_people, select_aiming

COLUMNS = ["unit_id", "competency_id", "value", "low", "high", "level", "n", "held"]


def score_target_gaps(
    observed: pd.DataFrame,
    standards: pd.DataFrame,
    competencies: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    *,
    definition: str = STANDARD,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the gaps of those who have a target post: against it, and against the post held.

    Parameters
    ----------
    observed : DataFrame
        From ``combine_ratings``.
    standards, competencies : DataFrame
        position_id, competency_id, required_level; competency_id.
    staff : DataFrame
        Staff in service: staff_id, unit_id, position_id, and perhaps target_position_id.
    units : DataFrame
        unit_id, parent_id.
    definition : str
        Of the gap; only against a post's standard is there a target post's.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        As from ``score_gaps``, the gap being the one against the target post, with ``held`` (mean
        gap of the same people against the post held, levels; missing where it does not ask for
        the competency). Empty where nobody who was rated has a target post.

    Notes
    -----
    PP 11/2017 article 206 asks for both. Pinned by ``tests/test_needs_causes.py``.
    """
    aiming = select_aiming(staff)
    rated = observed[observed["staff_id"].isin(aiming["staff_id"])]
    posts = aiming["position_id"].isin(standards["position_id"]) if len(aiming) else []
    if definition != STANDARD or rated.empty or not any(posts):
        return pd.DataFrame(columns=COLUMNS)
    by_target = score_person_gaps(rated, standards, aiming)
    people = count_people(aiming, standards, competencies)
    table = score_gaps(by_target, units, people=people, confidence=confidence)
    now = staff[staff["staff_id"].isin(aiming["staff_id"])]
    by_held = score_person_gaps(rated, standards, now)
    held = score_gaps(by_held, units, people=count_people(now, standards, competencies))
    held = held[["unit_id", "competency_id", "value"]].rename(columns={"value": "held"})
    return table.merge(held, on=["unit_id", "competency_id"], how="left", validate="one_to_one")
