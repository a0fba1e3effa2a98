"""What the nominations and the lots say, in no language."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding


def find_nominations(nominations_by_course: pd.DataFrame) -> Finding:
    """Find how far the seats are filled, and how many wait.

    Parameters
    ----------
    nominations_by_course : DataFrame
        Published ``NominationSummary.courses`` with names.

    Returns
    -------
    Finding
        ``design.nomination.full`` (every seat filled), ``.partly``, ``.hidden`` or ``.none``;
        values seats, filled, share (0-1), courses, waiting (places wanted in vain), debt (share of
        the seats that went to people who lack hours), and for ``.partly`` name (the course with the
        most empty seats) and empty (of it).
    """
    if nominations_by_course.empty:
        return Finding("design.nomination.none")
    shown = nominations_by_course[nominations_by_course["filled"].notna()]
    if shown.empty or not shown["filled"].sum():
        return Finding("design.nomination.hidden")
    seats, filled = int(shown["seats"].sum()), int(shown["filled"].sum())
    told = shown[shown["debt"].notna()]
    debt = (told["debt"] * told["filled"]).sum() / max(told["filled"].sum(), 1)
    values: dict[str, Any] = {
        "seats": seats,
        "filled": filled,
        "share": filled / seats,
        "courses": len(shown),
    }
    values |= {"waiting": int(shown["waiting"].sum()), "debt": debt}
    empty = shown["seats"] - shown["filled"]
    if (empty <= 0).all():
        return Finding("design.nomination.full", values, "exact", filled)
    most = shown.loc[empty.idxmax()]
    values |= {"name": name_item(most), "empty": int(empty.max())}
    return Finding("design.nomination.partly", values, "exact", filled)


def find_reasons(reasons: pd.DataFrame, place: str) -> Finding:
    """Find the commonest reason for a seat, or for none.

    Parameters
    ----------
    reasons : DataFrame
        Published ``NominationSummary.reasons``.
    place : str
        "seat" or "waiting".

    Returns
    -------
    Finding
        ``design.nomination.<place>.<reason>``, the reasons of ``nominate``, or
        ``design.nomination.<place>.none``; values count, total, share (0-1).
    """
    rows = reasons[(reasons["place"] == place) & reasons["n"].notna()] if len(reasons) else reasons
    if rows.empty:
        return Finding(f"design.nomination.{place}.none")
    counts = rows.groupby("reason")["n"].sum().sort_index().sort_values(kind="stable")
    count, total = int(counts.iloc[-1]), int(counts.sum())
    values = {"count": count, "total": total, "share": count / total}
    return Finding(f"design.nomination.{place}.{counts.index[-1]}", values, "exact", total)


def find_lots(lots_by_course: pd.DataFrame) -> Finding:
    """Find what the draws let the evaluation show, and what they cost.

    Parameters
    ----------
    lots_by_course : DataFrame
        Published ``plan_lots`` with names.

    Returns
    -------
    Finding
        ``design.lots.able`` (the smallest effect can be told for some course), ``.small`` (for
        none), ``.hidden`` or ``.none`` (no draw); values courses, drawn, waiting, lost (share of
        the benefit expected from the largest-benefit choice, 0-1), and for ``.able`` count, value
        (smallest effect of the course that shows most, standard deviations), name (of it).
    """
    if lots_by_course.empty or not (lots_by_course["waiting"].fillna(1) > 0).any():
        return Finding("design.lots.none")
    shown = lots_by_course[lots_by_course["waiting"].gt(0) & lots_by_course["drawn"].notna()]
    if shown.empty:
        return Finding("design.lots.hidden")
    drawn, waiting = int(shown["drawn"].sum()), int(shown["waiting"].sum())
    values: dict[str, Any] = {"courses": len(shown), "drawn": drawn, "waiting": waiting}
    priced = shown.dropna(subset=["benefit_lot", "benefit_most"])
    most = priced["benefit_most"].sum()
    values["lost"] = 1 - priced["benefit_lot"].sum() / most if most else float("nan")
    able = shown[shown["value"].notna()]
    if able.empty:
        return Finding("design.lots.small", values, "lot within strata", drawn + waiting)
    best = able.loc[able["value"].idxmin()]
    values |= {"count": len(able), "value": best["value"], "name": name_item(best)}
    return Finding("design.lots.able", values, str(best["method"]), drawn + waiting)
