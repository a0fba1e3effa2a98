"""Citizens, business and academia heard in one go, however much of it was collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.sample import compare_sample
from cakra_analysis.needs.stakeholders import (
    COLUMNS,
    combine_groups,
    place_importance,
    score_concordance,
    score_groups,
)
from cakra_analysis.needs.weighting import rake_weights

PUBLIC = "public"
PLACED = ["competency_id", "importance", "performance", "middle_importance", "middle_performance"]
PLACED += ["quadrant_scale", "quadrant_data", "above_diagonal", "changes", "n"]


@dataclass(frozen=True)
class Voices:
    """What the stakeholders said; every table is empty where nobody was asked.

    Attributes
    ----------
    groups : DataFrame
        From ``score_groups``.
    combined : DataFrame
        From ``combine_groups``, by the declared weights.
    places : DataFrame
        From ``place_importance`` of the combined scores, with ``n`` (answers to the competency).
    concordance : DataFrame
        From ``score_concordance``; empty with fewer than two groups.
    sample : DataFrame
        From ``compare_sample``: what came against what was needed.
    weighting : str
        ``raked``, ``untrimmed`` (the margins and the limit could not both be met), or ``none`` (no
        margins, or none of the public).
    """

    groups: pd.DataFrame
    combined: pd.DataFrame
    places: pd.DataFrame
    concordance: pd.DataFrame
    sample: pd.DataFrame
    weighting: str

    @property
    def importance(self) -> pd.DataFrame | None:
        """Importance by competency, for ``rank_needs``; None where nobody was asked."""
        rows = self.combined[self.combined["measure"] == "importance"]
        return None if rows.empty else rows


def hear_stakeholders(
    answers: pd.DataFrame,
    stakeholders: pd.DataFrame,
    margins: pd.DataFrame,
    *,
    weights: Mapping[str, float],
    confidence: float = 0.95,
) -> Voices:
    """Weight the public to the population, score each group, and combine the groups.

    Parameters
    ----------
    answers : DataFrame
        stakeholder_id, competency_id, importance, performance (1-5).
    stakeholders : DataFrame
        One cycle: stakeholder_id, group, and kelurahan, sex, age_band where known.
    margins : DataFrame
        variable, category, population; may be empty.
    weights : mapping of str to float
        Declared weight of each group.
    confidence : float
        Of the intervals.

    Returns
    -------
    Voices
        All tables of the stakeholders' part.

    Raises
    ------
    AnalysisError
        As ``rake_weights`` where a respondent's category has no population, and as
        ``combine_groups``.

    Examples
    --------
    >>> answers = pd.DataFrame({"stakeholder_id": list("ABCD"), "competency_id": "M.1",
    ...                         "importance": [5, 4, 4, 5], "performance": [2, 3, 3, 2]})
    >>> people = pd.DataFrame({"stakeholder_id": list("ABCD"), "group": ["public"] * 2
    ...                        + ["private"] * 2})
    >>> margins = pd.DataFrame(columns=["variable", "category", "population"])
    >>> heard = hear_stakeholders(answers, people, margins, weights={"public": 1, "private": 1})
    >>> heard.places[["importance", "performance"]].values.tolist(), heard.weighting
    ([[4.5, 2.5]], 'none')
    """
    heard = answers[answers["stakeholder_id"].isin(stakeholders["stakeholder_id"])]
    if heard.empty:
        return hear_nobody()
    public = stakeholders[stakeholders["group"] == PUBLIC]
    raked, weighting = _rake(public, margins)
    groups = score_groups(heard, stakeholders, raked, confidence=confidence)
    combined = combine_groups(groups, weights=weights)
    both = groups["group"].nunique() > 1 and groups["competency_id"].nunique() > 1
    n = combined[combined["measure"] == "gap"].set_index("competency_id")["n"]
    places = place_importance(combined)
    totals = margins.groupby("variable")["population"].sum()
    population = {PUBLIC: float(totals.max())} if len(totals) else {}
    return Voices(
        groups=groups,
        combined=combined,
        places=places.assign(n=places["competency_id"].map(n)),
        concordance=score_concordance(groups) if both else pd.DataFrame(columns=["statistic"]),
        sample=compare_sample(stakeholders, population, weights=raked),
        weighting=weighting,
    )


def spread_groups(groups: pd.DataFrame) -> pd.DataFrame:
    """Return what each group misses, side by side.

    Parameters
    ----------
    groups : DataFrame
        From ``score_groups``.

    Returns
    -------
    DataFrame
        One row a competency: ``gap_public``, ``gap_private``, ``gap_academia`` (importance minus
        performance, points; missing where the group did not answer), ``n`` (answers of the smallest
        group), largest mean gap first. Empty with fewer than two groups.
    """
    gaps = groups[groups["measure"] == "gap"]
    wide = gaps.pivot(index="competency_id", columns="group", values="value")
    n = gaps.groupby("competency_id")["n"].min()
    order = wide.mean(axis=1).sort_values(ascending=False, kind="stable").index
    table = wide.add_prefix("gap_").assign(n=n).loc[order]
    return (
        table.reset_index().rename_axis(columns=None).head(len(table) if wide.shape[1] > 1 else 0)
    )


def score_parts(voices: Voices, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the weighted gap that each group of stakeholders by itself would give.

    Parameters
    ----------
    voices : Voices
        From ``hear_stakeholders``.
    ranked : DataFrame
        competency_id and ``gap`` (mean gap, levels).

    Returns
    -------
    DataFrame
        For ``score_robustness``: competency_id, ``part`` (group), ``value`` (gap times the
        competency's importance relative to the group's mean). Empty where nobody was asked.
    """
    rows = voices.groups[voices.groups["measure"] == "importance"]
    rows = rows.merge(ranked[["competency_id", "gap"]], on="competency_id", validate="many_to_one")
    mean = rows.groupby("group")["value"].transform("mean")
    value = rows["gap"] * rows["value"] / mean
    return pd.DataFrame(
        {"competency_id": rows["competency_id"], "part": rows["group"], "value": value}
    )


def _rake(public: pd.DataFrame, margins: pd.DataFrame) -> tuple[pd.DataFrame | None, str]:
    if public.empty or margins.empty:
        return None, "none"
    try:
        return rake_weights(public, margins), "raked"
    except AnalysisError:
        # What is wrong with the margins themselves is raised again here.
        return rake_weights(public, margins, trim=np.inf), "untrimmed"


def hear_nobody() -> Voices:
    """Return the tables of the stakeholders' part where nobody was asked.

    Returns
    -------
    Voices
        Empty tables.
    """
    groups = pd.DataFrame(columns=["group", "competency_id", *COLUMNS])
    combined = pd.DataFrame(columns=["competency_id", *COLUMNS, "n_groups"])
    sample = pd.DataFrame(columns=["group", "population", "required", "n", "effective_n", "short"])
    places, concordance = pd.DataFrame(columns=PLACED), pd.DataFrame(columns=["statistic"])
    return Voices(groups, combined, places, concordance, sample, "none")
