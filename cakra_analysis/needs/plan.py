"""The table of needs that a plan must hold, as far as needs alone can fill it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.needs.below import mark_needs


def plan_needs(
    gaps: pd.DataFrame, ranked: pd.DataFrame, causes: pd.DataFrame, formats: pd.DataFrame
) -> pd.DataFrame:
    """Return one unit's needs as rows of the plan that PP 11/2017 article 207 asks for.

    Parameters
    ----------
    gaps : DataFrame
        The unit's rows of a published ``score_gaps`` table with names and ``below`` (of
        ``adjust_below``): competency_id, gap_definition, need_share, need_low, need_high, people,
        n.
    ranked : DataFrame
        Published ``rank_needs`` table of the same people: competency_id, rank.
    causes : DataFrame
        The unit's rows of a published ``score_causes`` table: competency_id, value. May be empty.
    formats : DataFrame
        The unit's rows of a published ``score_answers`` table of learning formats with names. May
        be empty.

    Returns
    -------
    DataFrame
        One row a competency below standard (a stated need: that half or more state), by rank:
        name_id, name_en, ``rank``, ``people_low`` and ``people_high`` (staff to reach, from the
        share in need and its interval),
        ``training_share`` (0-1, for whom learning is a named cause), ``route_id`` and ``route_en``
        (the format liked most; a wish, no choice yet), ``n``. Where the number of staff is not
        known those rated are counted. Provider, schedule, curriculum and budget are for the design
        stage.

    Notes
    -----
    people = need_share * people, at least 1 where anybody is in need. Pinned by
    ``tests/test_needs_causes.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"competency_id": ["M.1"], "name_id": "Integritas", "name_en": "x",
    ...     "below": True, "gap_definition": "standard minus observed", "need_share": 0.5,
    ...     "need_low": 0.4, "need_high": 0.6, "people": 50.0, "n": 40})
    >>> ranked = pd.DataFrame({"competency_id": ["M.1"], "rank": [1.0]})
    >>> empty = pd.DataFrame(columns=["competency_id", "value", "name_id", "name_en"])
    >>> plan_needs(gaps, ranked, empty, empty)[["people_low", "people_high"]].values.tolist()
    [[20.0, 30.0]]
    """
    rows = gaps[gaps["need_share"].notna()]
    rows = rows[mark_needs(rows)]
    rows = rows.merge(ranked[["competency_id", "rank"]], on="competency_id", validate="one_to_one")
    training = causes[["competency_id", "value"]].rename(columns={"value": "training_share"})
    rows = rows.merge(training, on="competency_id", how="left", validate="one_to_one")
    staff = rows["people"].fillna(rows["n"])
    shown = formats[formats["value"].notna()]
    first = shown.sort_values("value", ascending=False).head(1)
    route = first.iloc[0] if len(first) else {"name_id": "", "name_en": ""}
    table = pd.DataFrame(
        {
            "competency_id": rows["competency_id"],
            "name_id": rows["name_id"],
            "name_en": rows["name_en"],
            "rank": rows["rank"],
            "people_low": np.floor(rows["need_low"] * staff + 1e-9),
            "people_high": np.ceil(rows["need_high"] * staff - 1e-9),
            "training_share": rows["training_share"].astype(float),
            "route_id": route["name_id"],
            "route_en": route["name_en"],
            "n": rows["n"],
        }
    )
    return table.sort_values(["rank", "competency_id"], ignore_index=True)
