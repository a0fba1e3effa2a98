"""The table of needs in their order: gap, importance, rank with its range, robustness."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.needs.ranks import rank_needs
from cakra_analysis.needs.robustness import score_robustness
from cakra_analysis.needs.voices import Voices, score_parts

FROM_GAPS = ["competency_id", "name_id", "name_en", "value", "low", "high", "level", "category"]
EMPTY = ["rank", "rank_low", "rank_high", "top_share", "n", "method"]


def rank_table(
    gaps_by_person: pd.DataFrame,
    own_gaps: pd.DataFrame,
    voices: Voices,
    *,
    people: pd.DataFrame | None = None,
    weights: dict[str, float] | None = None,
    confidence: float = 0.95,
    top: int = 3,
) -> pd.DataFrame:
    """Return one unit's competencies in the order of need, with how sure the order is.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``, only the unit's people.
    own_gaps : DataFrame
        The unit's rows of a published ``score_gaps`` table with names; what is suppressed there is
        not ranked.
    voices : Voices
        From ``hear_stakeholders``; where nobody was asked the gaps alone are ranked.
    people : DataFrame, optional
        From ``count_people``.
    weights : dict of str to float, optional
        Declared weights of the stakeholders' groups, shaken by 20% for ``shaken_low`` and
        ``shaken_high``.
    confidence : float
        Of each rank interval.
    top : int
        How many are "the first".

    Returns
    -------
    DataFrame
        One row a competency, by rank: the columns of ``own_gaps`` that name it and give its gap,
        ``rank``, ``rank_low``, ``rank_high``, ``top_share`` (0-1), ``n``, and where stakeholders
        were asked ``importance`` (1-5), ``shaken_low`` and ``shaken_high`` (ranks under other
        weights).
    """
    shown = own_gaps.loc[own_gaps["value"].notna(), FROM_GAPS]
    rows = gaps_by_person[gaps_by_person["competency_id"].isin(shown["competency_id"])]
    if shown.empty or rows.empty:
        return shown.head(0).reindex(columns=[*FROM_GAPS, *EMPTY])
    importance = voices.importance
    asked = importance is not None and set(shown["competency_id"]) <= set(
        importance["competency_id"]
    )
    ranks = rank_needs(
        rows,
        people=people,
        stakeholder_scores=importance if asked else None,
        confidence=confidence,
        top=top,
    )
    table = shown.merge(ranks[["competency_id", *EMPTY]], on="competency_id", validate="one_to_one")
    if asked and importance is not None:
        known = importance.set_index("competency_id")["value"]
        table["importance"] = table["competency_id"].map(known)
        parts = score_parts(voices, table.rename(columns={"value": "gap"}))
        used = weights or dict.fromkeys(parts["part"].unique(), 1.0)
        shaken = score_robustness(parts, used, top=top).set_index("competency_id")
        table["shaken_low"] = table["competency_id"].map(shaken["rank_low"])
        table["shaken_high"] = table["competency_id"].map(shaken["rank_high"])
    return table.sort_values(["rank", "competency_id"], ignore_index=True)
