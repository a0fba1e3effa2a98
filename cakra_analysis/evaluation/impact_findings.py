"""What a page says of verdicts, comparisons and how far to trust them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.evaluation.verdict import VERDICTS
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 3
FAR = 1.0  # standardised difference that nothing mends


def find_verdicts(judged: pd.DataFrame) -> Finding:
    """Say how many courses work, and which.

    Parameters
    ----------
    judged : DataFrame
        Published ``judge_courses`` with names.

    Returns
    -------
    Finding
        ``evaluation.verdicts.<works|many|promising|nothing|harmful|untold|hidden|none>``: the best
        verdict decides, but for a harmful one beside no working course; many where more work than
        a headline names.

    Examples
    --------
    >>> row = {"name_id": "A", "name_en": "A", "verdict": "works", "grade": "B", "value": 0.5,
    ...        "points": 5.0, "points_low": 2.0, "points_high": 8.0, "n": 90.0, "method": "aipw"}
    >>> find_verdicts(pd.DataFrame([row])).key
    'evaluation.verdicts.works'
    """
    if judged.empty:
        return Finding("evaluation.verdicts.none")
    shown = judged[judged["verdict"].notna()]
    if shown.empty:
        return Finding("evaluation.verdicts.hidden")
    by_kind = {kind: shown[shown["verdict"] == kind] for kind in VERDICTS}
    order = {"works": "works", "harmful": "harmful", "promising": "promising"}
    order |= {"no_sign": "nothing", "cannot_tell": "untold"}
    kind = next(kind for kind in order if len(by_kind[kind]))
    rows = by_kind[kind].sort_values("value", ascending=kind == "harmful", kind="stable")
    first = rows.iloc[0]
    values: dict[str, Any] = {f"{k}_count": len(part) for k, part in by_kind.items()}
    values |= {"count": len(rows), "total": len(shown), "name": name_item(first)}
    values["names"] = [name_item(row) for row in rows.head(NAMED).itertuples()]
    values |= {name: first[name] for name in ("points", "points_low", "points_high")}
    key = "many" if kind == "works" and len(rows) > NAMED else order[kind]
    return Finding(f"evaluation.verdicts.{key}", values, str(first["method"]), len(shown))


def find_harm(judged: pd.DataFrame) -> Finding:
    """Say which courses lowered scores, and which show no sign.

    Parameters
    ----------
    judged : DataFrame
        Published ``judge_courses`` with names.

    Returns
    -------
    Finding
        ``evaluation.harm.<both|harmful|no_sign|nothing>``.
    """
    shown = judged[judged["verdict"].notna()]
    harmful, nothing = (shown[shown["verdict"] == kind] for kind in ("harmful", "no_sign"))
    values: dict[str, Any] = {
        "names": [name_item(row) for row in harmful.itertuples()],
        "others": [name_item(row) for row in nothing.itertuples()],
    }
    if len(harmful):
        row = harmful.sort_values("value", kind="stable").iloc[0]
        values |= {"name": name_item(row), "points": row["points"]}
        values |= {"low": row["points_low"], "high": row["points_high"]}
    if len(nothing):
        row = nothing.sort_values("gain", ascending=False, kind="stable").iloc[0]
        values |= {"other": name_item(row), "gain": row["gain"], "left": row["points"]}
        values |= {"left_low": row["points_low"], "left_high": row["points_high"]}
    key = {(True, True): "both", (True, False): "harmful", (False, True): "no_sign"}
    name = key.get((bool(len(harmful)), bool(len(nothing))), "nothing")
    return Finding(f"evaluation.harm.{name}", values, n=len(shown))


def find_gain(judged: pd.DataFrame) -> Finding:
    """Say how far the gain of the trained alone is from the effect.

    Parameters
    ----------
    judged : DataFrame
        Published ``judge_courses`` with names.

    Returns
    -------
    Finding
        ``evaluation.gain.<above|below|close|none>``: the course where both differ most; above where
        the gain lies above the effect's interval, below where it lies under it.
    """
    both = judged[judged["gain"].notna() & judged["points"].notna()]
    if both.empty:
        return Finding("evaluation.gain.none")
    row = both.loc[(both["gain"] - both["points"]).abs().idxmax()]
    values = {"name": name_item(row), "gain": row["gain"], "points": row["points"]}
    values |= {"low": row["points_low"], "high": row["points_high"], "total": len(both)}
    key = "above" if row["gain"] > row["points_high"] else "close"
    key = "below" if row["gain"] < row["points_low"] else key
    return Finding(f"evaluation.gain.{key}", values, str(row["method"]), int(row["n"]))


def find_comparison(checks: pd.DataFrame, balance: pd.DataFrame, *, limit: float = 0.1) -> Finding:
    """Say whether trained and untrained were alike before, loudly where they were not.

    Parameters
    ----------
    checks : DataFrame
        Published ``check_courses`` with names.
    balance : DataFrame
        Published balance of the same courses.
    limit : float
        Standardised difference that is called out.

    Returns
    -------
    Finding
        ``evaluation.comparison.<apart|adjusted|left|alike|nobody|none>``: apart where a
        standardised difference exceeds 1 before adjusting, left where one above 0.1 is left after.
    """
    if checks.empty:
        return Finding("evaluation.comparison.none")
    told = checks[checks["worst_before"].notna()]
    if told.empty:
        return Finding("evaluation.comparison.nobody", {"total": len(checks)})
    row = told.loc[told["worst_before"].idxmax()]
    rows = balance[balance["smd_before"].notna()]
    over_before, over_after = (int(rows[f"over_{when}"].sum()) for when in ("before", "after"))
    values = {"name": name_item(row), "worst": row["worst_before"], "count": over_before}
    values |= {"left": over_after, "total": len(rows), "courses": len(told)}
    values |= {"worst_after": told["worst_after"].max(), "limit": limit}
    if row["worst_before"] > FAR:
        key = "apart"
    elif not over_before:
        key = "alike"
    else:
        key = "left" if over_after else "adjusted"
    return Finding(f"evaluation.comparison.{key}", values, "standardised differences", len(told))


def find_subgroups(table: pd.DataFrame) -> Finding:
    """Say whether any subgroup gains more or less than the others.

    Parameters
    ----------
    table : DataFrame
        Published ``estimate_subgroups`` of several courses, with names of the courses.

    Returns
    -------
    Finding
        ``evaluation.subgroups.<differ|alike|none>``.
    """
    told = table[table["p_adjusted"].notna()]
    if told.empty:
        return Finding("evaluation.subgroups.none")
    found = told[told["differs"].astype(bool)]
    values: dict[str, Any] = {"looks": len(told), "count": len(found)}
    values["names"] = [name_item(row) for row in found.drop_duplicates("name_id").itertuples()]
    key = "differ" if len(found) else "alike"
    return Finding(f"evaluation.subgroups.{key}", values, "Holm", int(told["n"].sum()))
