"""What the published tables on support say, in no language: climate, barriers, their links."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.evaluation.distinct import differ, pool_rows
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 2


def find_support(support: pd.DataFrame) -> Finding:
    """Find which support alumni get most and least.

    Parameters
    ----------
    support : DataFrame
        A published ``score_support`` table.

    Returns
    -------
    Finding
        ``evaluation.support.climate.differ`` or ``.alike`` (the questions' means over courses, by
        answers), ``.hidden`` or ``.none``; values best, worst (names), high_value, low_value
        (1-5), total.
    """
    stem = "evaluation.support.climate"
    if support.empty:
        return Finding(f"{stem}.none")
    pooled = pool_rows(support, ["question_id", "name_id", "name_en"])
    if len(pooled) < 2:
        return Finding(f"{stem}.hidden")
    best, worst = pooled.loc[pooled["value"].idxmax()], pooled.loc[pooled["value"].idxmin()]
    values = {"best": name_item(best), "worst": name_item(worst), "total": len(pooled)}
    values |= {"high_value": best["value"], "low_value": worst["value"]}
    kind = "differ" if differ(pooled) else "alike"
    return Finding(f"{stem}.{kind}", values, "means pooled over courses", int(pooled["n"].max()))


def find_barriers(barriers: pd.DataFrame) -> Finding:
    """Find which barriers to use of what was learned are named most.

    Parameters
    ----------
    barriers : DataFrame
        A published ``count_barriers`` table over all courses.

    Returns
    -------
    Finding
        ``evaluation.support.barriers.differ`` or ``.alike`` (no barrier is named more than another
        beyond chance), ``.hidden`` or ``.none``; values names and shares of the first two, last,
        last_share, n, total.
    """
    stem = "evaluation.support.barriers"
    if barriers.empty:
        return Finding(f"{stem}.none")
    shown = barriers[barriers["value"].notna()].sort_values(
        "value", ascending=False, kind="stable", ignore_index=True
    )
    if shown.empty:
        return Finding(f"{stem}.hidden")
    names = [name_item(row) for row in shown.itertuples()]
    values: dict[str, Any] = {"names": names[:NAMED], "shares": shown["value"].head(NAMED).tolist()}
    values |= {"last": names[-1], "last_share": shown["value"].iloc[-1]}
    values |= {"n": int(shown["n"].max()), "total": len(shown)}
    kind = "differ" if differ(shown) else "alike"
    return Finding(f"{stem}.{kind}", values, shown["method"].iloc[0], values["n"])


def find_blocked(blocking: pd.DataFrame) -> Finding:
    """Find which barriers go with less change of behaviour, many comparisons allowed for.

    Parameters
    ----------
    blocking : DataFrame
        A published ``find_blocking`` table.

    Returns
    -------
    Finding
        ``evaluation.support.blocking.fewer`` with count, names, name, value, size (without its
        sign), low, high (levels) of the largest: difference below zero and adjusted p below one
        less the confidence; ``.unclear``, ``.hidden`` or ``.none``. An association, not a cause.
    """
    stem = "evaluation.support.blocking"
    if blocking.empty:
        return Finding(f"{stem}.none")
    shown = blocking[blocking["value"].notna()].sort_values("value", ignore_index=True)
    if shown.empty:
        return Finding(f"{stem}.hidden")
    clear = shown[(shown["value"] < 0) & (shown["p_adjusted"] < 1 - shown["level"])]
    top = (clear if len(clear) else shown).iloc[0]
    values: dict[str, Any] = {
        "names": [name_item(row) for row in clear.itertuples()],
        "name": name_item(top),
    }
    values |= {"value": top["value"], "size": abs(top["value"]), "count": len(clear)}
    values |= {"low": top["low"], "high": top["high"], "total": len(shown)}
    kind = "fewer" if len(clear) else "unclear"
    return Finding(f"{stem}.{kind}", values, top["method"], int(shown["n"].max()))
