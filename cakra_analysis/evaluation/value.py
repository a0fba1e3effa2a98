"""What a course cost for what it gave, and the return where its benefits were put into rupiah."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import DataError

MONTHS = 12
COST_METHOD = "cost per completer over the effect; the effect's interval turned round"
RETURN_METHOD = "range of the benefits told, isolated; no confidence level"


def score_cost(
    costs: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    courses: pd.DataFrame,
    effects: pd.DataFrame | None = None,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what a course cost per learning hour, per completer and per point gained.

    Parameters
    ----------
    costs : DataFrame
        session_id, item, amount_idr.
    sessions : DataFrame
        session_id, course_id.
    attendance : DataFrame
        session_id, staff_id, status, hours_jp (of that person).
    courses : DataFrame
        course_id, name_id, name_en.
    effects : DataFrame, optional
        One row a course: course_id, ``value``, ``low``, ``high`` (gain of a completer, in points or
        levels).
    confidence : float
        Of the effects' intervals.

    Returns
    -------
    DataFrame
        One row a course with costs, sorted by course_id: ``name_id``, ``name_en``, ``cost_idr``,
        ``sessions``, ``uncosted`` (sessions without costs, left out here altogether), ``hours_jp``
        (delivered: over people), ``n`` (different people who completed it), ``per_jp_idr``,
        ``per_completer_idr``, ``value`` (rupiah per point gained by one person), ``low``, ``high``,
        ``level``, ``reason`` (why a figure is missing), ``method``. Value missing where the effect
        is not above zero; the upper end where it may be zero: no finite price.

    Raises
    ------
    DataError
        When a course has several effects, or a cost is negative.

    Notes
    -----
    value = (cost / n) / effect; low = (cost / n) / effect high, high = (cost / n) / effect low.
    Costs have no error, so this is Fieller's interval. It carries the effect's uncertainty only,
    and prices the measured gain, *not* its worth; scales differ, so courses compare only where
    their effects are on one scale. Fieller (1954), J. R. Statistical Society B 16, 175-185. Pinned
    by ``tests/test_evaluation_value.py``.

    Examples
    --------
    >>> costs = pd.DataFrame({"session_id": ["S"], "item": "venue", "amount_idr": 6e6})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("ABC"), "hours_jp": 10,
    ...                            "status": "completed"})
    >>> courses = pd.DataFrame({"course_id": ["C"], "name_id": "Arsip", "name_en": "Archives"})
    >>> effects = pd.DataFrame({"course_id": ["C"], "value": 10.0, "low": 5.0, "high": 20.0})
    >>> table = score_cost(costs, sessions, attendance, courses, effects)
    >>> table[["per_jp_idr", "per_completer_idr", "value", "low", "high"]].values.tolist()
    [[200000.0, 2000000.0, 200000.0, 100000.0, 400000.0]]
    """
    if (costs["amount_idr"] < 0).any():
        raise DataError("costs has a negative amount_idr.", allowed="0 or more rupiah.")
    spent = costs.groupby("session_id", observed=True)["amount_idr"].sum(skipna=False)
    held = sessions[["session_id", "course_id"]]
    held = held.assign(spent=held["session_id"].map(spent).astype(float))
    costed = held[held["spent"].notna()]
    people = attendance.merge(costed, on="session_id", validate="many_to_one")
    people["hours_jp"] = _hours(people, courses)
    done = people[people["status"] == "completed"].groupby("course_id", observed=True)
    table = costed.groupby("course_id", observed=True).agg(
        cost_idr=("spent", "sum"), sessions=("session_id", "size")
    )
    missing = held["spent"].isna().groupby(held["course_id"], observed=True).sum()
    table = table.join(missing.rename("uncosted"))
    table = table.join(people.groupby("course_id", observed=True)["hours_jp"].sum())
    table = table.join(done["staff_id"].nunique().rename("n"))
    table = table.fillna({"hours_jp": 0, "n": 0}).astype({"n": int}).reset_index()
    table["per_jp_idr"] = table["cost_idr"] / table["hours_jp"].where(table["hours_jp"] > 0)
    table["per_completer_idr"] = table["cost_idr"] / table["n"].where(table["n"] > 0)
    names = courses[["course_id", "name_id", "name_en"]]
    table = names.merge(table, on="course_id", how="right", validate="one_to_one")
    table = table.sort_values("course_id", ignore_index=True)
    return _price(table, effects, confidence)


def _hours(people: pd.DataFrame, courses: pd.DataFrame) -> pd.Series:
    """Hours attended; where not recorded, the course's own for who completed it, else none."""
    length = courses.set_index("course_id").get("hours_jp", pd.Series(dtype=float))
    whole = people["course_id"].map(length).where(people["status"] == "completed", 0.0)
    if "hours_jp" not in people:
        return whole.astype(float)
    return people["hours_jp"].astype(float).fillna(whole)


def _price(table: pd.DataFrame, effects: pd.DataFrame | None, confidence: float) -> pd.DataFrame:
    """Add the cost of a point gained, and why it is missing."""
    ends = ["value", "low", "high"]
    found = pd.DataFrame(columns=["course_id", *ends]) if effects is None else effects
    if found["course_id"].duplicated().any():
        raise DataError("A course has several effects.", do="Choose one outcome for each course.")
    effect = table[["course_id"]].merge(found[["course_id", *ends]], how="left")[ends].astype(float)
    paid = table["per_completer_idr"]
    # An effect that may be zero has no upper price; one that is surely not positive has no price.
    price = {
        "value": paid / effect["value"].where(effect["value"] > 0),
        "low": paid / effect["high"].where((effect["high"] > 0) & (effect["value"] > 0)),
        "high": paid / effect["low"].where(effect["low"] > 0),
    }
    cases = [paid.isna(), effect["value"].isna(), effect["value"] <= 0, effect["low"].isna()]
    cases.append(effect["low"] <= 0)
    reasons = ["nobody completed", "effect not estimated", "no gain", "effect without interval"]
    reasons.append("effect may be zero")
    table = table.assign(**price, level=confidence, reason=np.select(cases, reasons, ""))
    columns = ["course_id", "name_id", "name_en", "cost_idr", "sessions", "uncosted", "hours_jp"]
    columns += ["per_jp_idr", "per_completer_idr", *ends, "level", "n", "reason"]
    return table.assign(method=COST_METHOD)[[*columns, "method"]]


def score_benefits(benefits: pd.DataFrame) -> pd.DataFrame:
    """Return every benefit with what of it is credited to the course.

    Parameters
    ----------
    benefits : DataFrame
        course_id, source, low_idr, high_idr (of one year), attributed (0-1, share due to the
        course), confidence (0-1, how sure who told it is).

    Returns
    -------
    DataFrame
        The same rows with ``isolated_low_idr`` and ``isolated_high_idr``; missing where a part is.

    Raises
    ------
    DataError
        When a range is upside down, or attributed or confidence is not within 0-1.

    Notes
    -----
    isolated = benefit * attributed * confidence. A judgement multiplied, *not* an estimate.
    Phillips (2003), Return on Investment in Training and Performance Improvement Programs. Pinned
    by ``tests/test_evaluation_value.py``.

    Examples
    --------
    >>> benefits = pd.DataFrame({"course_id": ["C"], "source": "time", "low_idr": 5e7,
    ...                          "high_idr": 5e7, "attributed": 0.6, "confidence": 0.8})
    >>> score_benefits(benefits)["isolated_low_idr"].tolist()
    [24000000.0]
    """
    shares = benefits[["attributed", "confidence"]]
    if (shares.lt(0) | shares.gt(1)).to_numpy().any():
        raise DataError("benefits: attributed and confidence are shares.", allowed="0-1")
    if (benefits["low_idr"] > benefits["high_idr"]).any():
        raise DataError("benefits: low_idr is above high_idr.")
    kept = benefits["attributed"] * benefits["confidence"]
    return benefits.assign(
        isolated_low_idr=benefits["low_idr"] * kept, isolated_high_idr=benefits["high_idr"] * kept
    )


def score_return(benefits: pd.DataFrame, costs_by_course: pd.DataFrame) -> pd.DataFrame:
    """Return benefit over cost, return on investment and payback, where benefits were told.

    Parameters
    ----------
    benefits : DataFrame
        As for ``score_benefits``.
    costs_by_course : DataFrame
        From ``score_cost``: course_id, name_id, name_en, cost_idr, n.

    Returns
    -------
    DataFrame
        One row a course with benefits, sorted by course_id: ``name_id``, ``name_en``, ``value``
        (benefits over cost, BCR, at the middle of the range), ``low``, ``high`` (at its ends; no
        confidence interval, so ``level`` is missing), ``n`` (people), ``cost_idr``,
        ``benefit_low_idr``, ``benefit_high_idr`` (as told), ``isolated_low_idr``,
        ``isolated_high_idr`` (credited), ``credited`` (isolated over told, 0-1), ``roi``,
        ``roi_low``, ``roi_high`` (share: 0.5 = 50%), ``payback_months`` (at the middle),
        ``sources`` (number of benefits), ``method``. Missing where the cost or a part of a benefit
        is.

    Raises
    ------
    DataError
        As ``score_benefits``.

    Notes
    -----
    BCR = B / C, ROI = (B - C) / C, payback = C / (B / 12), B the isolated benefits of one year.
    Several benefits: low ends and high ends are added, the widest range. Rupiah for public benefits
    are weak: read with ``score_cost``, *never* alone. Phillips (2003), Return on Investment in
    Training and Performance Improvement Programs. Pinned by ``tests/test_evaluation_value.py``.

    Examples
    --------
    >>> benefits = pd.DataFrame({"course_id": ["C"], "source": "time", "low_idr": 1.2e8,
    ...                          "high_idr": 1.2e8, "attributed": 1.0, "confidence": 1.0})
    >>> costs = pd.DataFrame({"course_id": ["C"], "name_id": "Arsip", "name_en": "Archives",
    ...                       "cost_idr": 8e7, "n": 30})
    >>> score_return(benefits, costs)[["value", "roi", "payback_months"]].values.tolist()
    [[1.5, 0.5, 8.0]]
    """
    parts = score_benefits(benefits).groupby("course_id", observed=True)
    sums = ["low_idr", "high_idr", "isolated_low_idr", "isolated_high_idr"]
    table = parts[sums].sum(skipna=False).astype(float).assign(sources=parts.size())
    table = table.rename(columns={"low_idr": "benefit_low_idr", "high_idr": "benefit_high_idr"})
    known = costs_by_course[["course_id", "name_id", "name_en", "cost_idr", "n"]]
    table = table.reset_index().merge(known, how="left", on="course_id", validate="one_to_one")
    cost = table["cost_idr"].where(table["cost_idr"] > 0)
    middle = (table["isolated_low_idr"] + table["isolated_high_idr"]) / 2
    told = table["benefit_low_idr"] + table["benefit_high_idr"]
    table["credited"] = 2 * middle / told.where(told > 0)
    sides = {"": middle, "_low": table["isolated_low_idr"], "_high": table["isolated_high_idr"]}
    for side, benefit in sides.items():
        table[side.removeprefix("_") or "value"] = benefit / cost
        table[f"roi{side}"] = benefit / cost - 1
    table["payback_months"] = cost / (middle.where(middle > 0) / MONTHS)
    table = table.assign(level=np.nan, n=table["n"].fillna(0).astype(int), method=RETURN_METHOD)
    columns = ["course_id", "name_id", "name_en", "value", "low", "high", "level", "n", "cost_idr"]
    columns += ["benefit_low_idr", "benefit_high_idr", "isolated_low_idr", "isolated_high_idr"]
    columns += ["credited", "roi", "roi_low", "roi_high", "payback_months", "sources", "method"]
    return table[columns]
