"""What the tables beside the gaps say, in no language: order, voices, causes, hours, instrument."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 3
GOOD_RELIABILITY = 0.7  # Nunnally (1978) for early research; a convention
AGREED = 0.7  # Kendall's W from which groups are said to agree; a convention


def _names(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [name_item(row) for row in rows.head(NAMED).itertuples()]


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def find_order(ranked: pd.DataFrame, *, top: int = 3) -> Finding:
    """Find which needs are among the first beyond doubt.

    Parameters
    ----------
    ranked : DataFrame
        A published ``rank_table``.
    top : int
        How many are "the first".

    Returns
    -------
    Finding
        ``needs.order.sure`` (these are among the first whatever the sample), ``needs.order.open``
        (none is), or ``needs.order.none`` (nothing to rank). A need is sure where its whole rank
        interval lies among the first.
    """
    shown = ranked[ranked["rank"].notna()]
    if shown.empty:
        return Finding("needs.order.none")
    sure = shown[shown["rank_high"] <= top]
    first = shown.iloc[0]
    values = {
        "names": _names(sure if len(sure) else shown.head(top)),
        "count": len(sure),
        "top": top,
        "total": len(shown),
        "first": name_item(first),
        "range": _range(int(first["rank_low"]), int(first["rank_high"])),
        "share": first["top_share"],
    }
    n = int(shown["n"].max())
    return Finding(f"needs.order.{'sure' if len(sure) else 'open'}", values, first["method"], n)


def find_voices(places: pd.DataFrame, concordance: pd.DataFrame) -> Finding:
    """Find whether citizens, business and academia name the same order of needs.

    Parameters
    ----------
    places : DataFrame
        Published ``Voices.places`` with names.
    concordance : DataFrame
        ``Voices.concordance``.

    Returns
    -------
    Finding
        ``needs.voices.agree`` or ``.differ`` (Kendall's W from 0.7, a convention), ``.alone`` (one
        group only) or ``.none``; values w, groups, names (important and below what is seen of the
        others), count of those, changes (how many change quadrant with the crosshair).
    """
    shown = places[places["importance"].notna()]
    if shown.empty:
        return Finding("needs.voices.none")
    urgent = shown[(shown["quadrant_data"] == "concentrate") & shown["above_diagonal"]]
    order = (urgent["performance"] - urgent["importance"]).sort_values().index
    values = {"names": _names(urgent.loc[order]), "count": len(urgent), "total": len(shown)}
    values |= {"changes": int(shown["changes"].sum())}
    n = int(shown["n"].max())
    overall = concordance[concordance["statistic"] == "kendall_w"]
    if overall.empty or pd.isna(overall["value"].iloc[0]):
        return Finding("needs.voices.alone", values, n=n)
    w = float(overall["value"].iloc[0])
    values |= {"w": w, "groups": int(overall["m"].iloc[0])}
    return Finding(f"needs.voices.{'agree' if w >= AGREED else 'differ'}", values, n=n)


def find_causes(causes: pd.DataFrame, *, unit: str) -> Finding:
    """Find which needs a course alone will not meet.

    Parameters
    ----------
    causes : DataFrame
        A published ``score_causes`` table with names.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``needs.causes.mixed`` with the names of competencies where learning is named for less than
        half, interval and all; ``needs.causes.training`` where it is named for more than half in
        all of them, interval and all; ``.unclear`` where neither is sure; ``.hidden`` with too few
        people; ``.none`` where no cause was told.
    """
    rows = causes[causes["unit_id"] == unit] if len(causes) else causes
    if rows.empty:
        return Finding("needs.causes.none")
    shown = rows[rows["value"].notna()].sort_values("value")
    if shown.empty:
        return Finding("needs.causes.hidden")
    other = shown[shown["high"] < 0.5]
    least = shown.iloc[0]
    values = {"names": _names(other), "count": len(other), "total": len(shown)}
    values |= {"name": name_item(least), "value": least["value"]}
    values |= {"low": least["low"], "high": least["high"], "most": shown["value"].max()}
    sure = "training" if (shown["low"] > 0.5).all() else "unclear"
    kind = "mixed" if len(other) else sure
    return Finding(f"needs.causes.{kind}", values, n=int(shown["n"].sum()))


def find_performance(performance: pd.DataFrame, *, unit: str) -> Finding:
    """Find whether those who perform below target have the larger gaps.

    Parameters
    ----------
    performance : DataFrame
        A published ``score_performance`` table.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``needs.performance.larger`` (interval above zero), ``.unclear``, ``.hidden`` or ``.none``.
    """
    rows = performance[performance["unit_id"] == unit] if len(performance) else performance
    if rows.empty:
        return Finding("needs.performance.none")
    row = rows.iloc[0]
    if pd.isna(row["value"]) or pd.isna(row["low"]):
        return Finding("needs.performance.hidden")
    names = ["value", "low", "high", "below_target", "appraised"]
    kind = "larger" if row["low"] > 0 else "unclear"
    return Finding(f"needs.performance.{kind}", {k: row[k] for k in names}, n=int(row["appraised"]))


def find_learning(learning: pd.DataFrame, *, unit: str, least: float) -> Finding:
    """Find what share of the staff had the learning hours they have a right to.

    Parameters
    ----------
    learning : DataFrame
        A published ``score_learning`` table.
    unit : str
        Code of the unit.
    least : float
        JP a year asked for.

    Returns
    -------
    Finding
        ``needs.learning.shown`` with share, value (mean JP), least and n; ``.hidden`` or ``.none``.
    """
    rows = learning[learning["unit_id"] == unit] if len(learning) else learning
    if rows.empty:
        return Finding("needs.learning.none")
    row = rows.iloc[0]
    if pd.isna(row["share_reached"]):
        return Finding("needs.learning.hidden")
    values = {"share": row["share_reached"], "value": row["value"], "least": least}
    return Finding("needs.learning.shown", values | {"n": int(row["n"])}, n=int(row["n"]))


def find_reliability(reliability: pd.DataFrame, agreement: pd.DataFrame) -> Finding:
    """Find whether the instrument tells people apart reliably, and whether raters agree.

    Parameters
    ----------
    reliability : DataFrame
        A published ``score_reliability`` table.
    agreement : DataFrame
        A published ``score_agreement`` table.

    Returns
    -------
    Finding
        ``needs.reliability.good`` (every source's omega surely at or above 0.7, a convention),
        ``.weak``, or ``.none``; values omega (the lowest; alpha where there is no omega), icc (mean
        over the competencies of one rating against another; missing with one source).
    """
    shown = reliability[reliability["alpha"].notna()]
    if shown.empty:
        return Finding("needs.reliability.none")
    value = shown["omega"].fillna(shown["alpha"])
    low = shown["omega_low"].fillna(shown["alpha_low"])
    single = agreement[(agreement["kind"] == "ICC(1)") & agreement["value"].notna()]
    values = {"omega": value.min(), "icc": single["value"].mean()}
    kinds = ("good", "good_alone") if (low >= GOOD_RELIABILITY).all() else ("weak", "weak_alone")
    kind = kinds[single.empty]
    return Finding(f"needs.reliability.{kind}", values, n=int(shown["n"].sum()))


def find_target(gaps: pd.DataFrame, *, unit: str) -> Finding:
    """Find what separates people from the posts they aim at.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_gaps`` table against the target posts, with names.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``needs.target.shown`` with n, the name and value of the largest gap; ``.hidden``, or
        ``.none`` where nobody has a target post.
    """
    rows = gaps[gaps["unit_id"] == unit] if len(gaps) else gaps
    if rows.empty:
        return Finding("needs.target.none")
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return Finding("needs.target.hidden")
    top = shown.loc[shown["value"].idxmax()]
    values = {"name": name_item(top), "value": top["value"]}
    values |= {"low": top["low"], "high": top["high"], "n": int(shown["n"].max())}
    return Finding("needs.target.shown", values, n=values["n"])
