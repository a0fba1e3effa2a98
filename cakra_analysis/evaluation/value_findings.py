"""What the costs, the return and the size of the courses say, in no language."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

MILLION = 1e6
GOOD_CHANCE = 0.8  # the usual aim of a plan


def find_cost(costs_by_course: pd.DataFrame) -> Finding:
    """Find what the courses cost, and where a price of the gain can be named.

    Parameters
    ----------
    costs_by_course : DataFrame
        A published ``score_cost`` table.

    Returns
    -------
    Finding
        ``evaluation.value.cost.priced`` (some course has a gain surely above zero; the surest
        is named: name, gain_cost, gain_low, gain_high), ``.unpriced``, ``.hidden`` or ``.none``;
        values total (million rupiah), count (courses), per_jp, per_completer (rupiah, over all
        courses shown), priced, n (completions).
    """
    if costs_by_course.empty:
        return Finding("evaluation.value.cost.none")
    shown = costs_by_course[costs_by_course["per_completer_idr"].notna()]
    if shown.empty:
        return Finding("evaluation.value.cost.hidden")
    total, n = shown["cost_idr"].sum(), int(shown["n"].sum())
    values = {"total": total / MILLION, "count": len(shown), "n": n, "per_completer": total / n}
    timed = shown[shown["hours_jp"] > 0]
    hours = timed["hours_jp"].sum()
    values |= {"per_jp": timed["cost_idr"].sum() / hours if hours else float("nan")}
    priced = shown[shown["value"].gt(0) & shown["high"].notna()]
    values["priced"] = len(priced)
    if priced.empty:
        return Finding("evaluation.value.cost.unpriced", values, n=n)
    sure = priced.loc[(priced["high"] / priced["low"]).idxmin()]
    values |= {"name": name_item(sure), "gain_cost": sure["value"]}
    values |= {"gain_low": sure["low"], "gain_high": sure["high"]}
    return Finding("evaluation.value.cost.priced", values, str(sure["method"]), n)


def find_return(returns: pd.DataFrame) -> Finding:
    """Find whether the benefits that were told pay for the courses.

    Parameters
    ----------
    returns : DataFrame
        A published ``score_return`` table.

    Returns
    -------
    Finding
        ``evaluation.value.benefit.pays`` (even the low end is above the cost in every course),
        ``.loses`` (even the high end below it in every course), ``.mixed`` (else), ``.hidden``, or
        ``.none`` without benefits; values count, names, name (of the first), value, low, high
        (BCR of the first), roi (share), months, credited (share), pays (how many).
    """
    if returns.empty:
        return Finding("evaluation.value.benefit.none")
    shown = returns[returns["value"].notna()].sort_values("value", ascending=False)
    if shown.empty:
        return Finding("evaluation.value.benefit.hidden")
    first = shown.iloc[0]
    pays, loses = shown["low"] > 1, shown["high"] < 1
    values = {"names": [name_item(row) for row in shown.itertuples()], "count": len(shown)}
    values |= {name: first[name] for name in ("value", "low", "high", "roi", "credited")}
    values |= {"name": name_item(first), "months": first["payback_months"], "pays": int(pays.sum())}
    kind = "pays" if pays.all() else "loses" if loses.all() else "mixed"
    n = int(shown["n"].sum())
    return Finding(f"evaluation.value.benefit.{kind}", values, str(first["method"]), n)


def find_power(powers: pd.DataFrame) -> Finding:
    """Find whether the courses were large enough to show an effect of the usual size.

    Parameters
    ----------
    powers : DataFrame
        A published ``score_power`` table with names.

    Returns
    -------
    Finding
        ``evaluation.power.enough`` (every course had four chances in five), ``.partly``,
        ``.small`` (no course had), ``.hidden`` or ``.none``; values able, count, smallest and
        largest (smallest effect shown, standard deviations), chance (the median).
    """
    if powers.empty:
        return Finding("evaluation.power.none")
    shown = powers[powers["value"].notna()]
    if shown.empty:
        return Finding("evaluation.power.hidden")
    able = int((shown["chance_usual"] >= GOOD_CHANCE).sum())
    values = {"able": able, "count": len(shown), "chance": shown["chance_usual"].median()}
    values |= {"smallest": shown["value"].min(), "largest": shown["value"].max()}
    kind = "enough" if able == len(shown) else "partly" if able else "small"
    n = int(shown["n"].sum())
    return Finding(f"evaluation.power.{kind}", values, str(shown["method"].iloc[0]), n)


def find_powerless(powers: pd.DataFrame) -> Finding:
    """Find the courses for which "no sign of an effect" says little.

    Parameters
    ----------
    powers : DataFrame
        A published ``score_power`` table with name_id and name_en.

    Returns
    -------
    Finding
        ``evaluation.power.weakest`` with the up to three courses of the largest smallest effect
        among those below four chances in five, or ``evaluation.power.none``.
    """
    rows = powers[powers["value"].notna()] if len(powers) else powers
    rows = rows[rows["chance_usual"] < GOOD_CHANCE] if len(rows) else rows
    if rows.empty:
        return Finding("evaluation.power.none")
    weak = rows.sort_values("value", ascending=False).head(3)
    values = {"names": [name_item(row) for row in weak.itertuples()], "value": weak["value"].max()}
    return Finding("evaluation.power.weakest", values, n=int(weak["n"].sum()))
