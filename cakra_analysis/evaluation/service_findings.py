"""What the public's satisfaction says, in no language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.evaluation.skm import QUALITY, categorise_ikm
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

SUSPECT = 0.05


def _of_unit(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    return table[table["unit_id"] == unit] if len(table) else table


def _apart(shown: pd.DataFrame) -> bool:
    """Whether the last row is surely above the first; Tukey's test, as they were picked so."""
    ends = shown.iloc[[0, -1]]
    level = float(ends["level"].iloc[0])
    # Where everybody answered alike there is no interval and no error.
    half = ((ends["high"] - ends["low"]) / 2).fillna(0.0)
    ratio = stats.studentized_range.ppf(level, len(shown), np.inf) / np.sqrt(2)
    ratio /= stats.norm.ppf((1 + level) / 2)
    return bool(ends["value"].diff().iloc[-1] > ratio * np.sqrt((half**2).sum()))


def find_service(ikm: pd.DataFrame, *, unit: str) -> Finding:
    """Find the unit's latest satisfaction index and whether its category is beyond chance.

    Parameters
    ----------
    ikm : DataFrame
        A published ``score_ikm`` table; with several periods the latest counts.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``evaluation.service.sure`` (whole interval in one category), ``.open`` (interval reaches
        another one; ``other`` names those), ``.single`` (no interval), ``.hidden`` or ``.none``;
        values value, low, high, category, quality, n.
    """
    rows = _of_unit(ikm, unit)
    if rows.empty:
        return Finding("evaluation.service.none")
    row = rows.sort_values("period").iloc[-1] if "period" in rows else rows.iloc[-1]
    if pd.isna(row["value"]):
        return Finding("evaluation.service.hidden")
    category = str(row["category"])
    values = {"value": row["value"], "low": row["low"], "high": row["high"], "n": int(row["n"])}
    values |= {"category": category, "quality": QUALITY[category]}
    kind = "single"
    if pd.notna(row["low"]):
        ends = [str(categorise_ikm(row[end])) for end in ("high", "low")]
        reached = [c for c in QUALITY if ends[0] <= c <= ends[1] and c != category]
        values["other"] = reached
        kind = "open" if reached else "sure"
    return Finding(f"evaluation.service.{kind}", values, str(row["method"]), int(row["n"]))


def find_service_units(ikm: pd.DataFrame) -> Finding:
    """Find how the units spread over the categories.

    Parameters
    ----------
    ikm : DataFrame
        A published ``score_ikm`` table with ``unit`` (name), one row a unit.

    Returns
    -------
    Finding
        ``evaluation.service.units.apart`` (highest and lowest surely differ, by Tukey's test),
        ``.close``, ``.hidden`` (fewer than two can be shown) or ``.none``; values a, b, c, d (how
        many units), total, best, best_value, worst, worst_value.
    """
    if ikm.empty:
        return Finding("evaluation.service.units.none")
    shown = ikm[ikm["value"].notna()].sort_values("value")
    if len(shown) < 2:
        return Finding("evaluation.service.units.hidden")
    worst, best = shown.iloc[0], shown.iloc[-1]
    values = {name.lower(): int((shown["category"] == name).sum()) for name in QUALITY}
    values |= {"total": len(shown), "best": best["unit"], "best_value": best["value"]}
    values |= {"worst": worst["unit"], "worst_value": worst["value"]}
    kind = "apart" if _apart(shown) else "close"
    n = int(shown["n"].sum())
    return Finding(f"evaluation.service.units.{kind}", values, str(best["method"]), n)


def find_service_trend(trends: pd.DataFrame, *, unit: str) -> Finding:
    """Find whether the unit's index rises or falls.

    Parameters
    ----------
    trends : DataFrame
        A published ``estimate_trends`` table.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``evaluation.service.trend.rising`` or ``.falling`` (interval without zero), ``.unclear``,
        ``.hidden`` (suppressed, or too few periods) or ``.none``.
    """
    rows = _of_unit(trends, unit)
    if rows.empty:
        return Finding("evaluation.service.trend.none")
    row = rows.iloc[0]
    if pd.isna(row["value"]) or pd.isna(row["low"]):
        return Finding("evaluation.service.trend.hidden")
    kind = "rising" if row["low"] > 0 else "falling" if row["high"] < 0 else "unclear"
    values = {name: row[name] for name in ("value", "low", "high")}
    values |= {"size": abs(row["value"]), "periods": int(row["periods"])}
    return Finding(f"evaluation.service.trend.{kind}", values, str(row["method"]), int(row["n"]))


def find_elements(elements: pd.DataFrame, *, unit: str) -> Finding:
    """Find the unit's three lowest elements of service.

    Parameters
    ----------
    elements : DataFrame
        A published ``score_elements`` table, one period.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``evaluation.service.elements.below`` (the lowest is surely below the highest, by Tukey's
        test), ``.alike``,
        ``.hidden`` or ``.none``; values names, value (of the lowest), best (name), best_value.
    """
    rows = _of_unit(elements, unit)
    if rows.empty:
        return Finding("evaluation.service.elements.none")
    shown = rows[rows["value"].notna()].sort_values("value", kind="stable")
    if shown.empty:
        return Finding("evaluation.service.elements.hidden")
    worst, best = shown.iloc[0], shown.iloc[-1]
    values: dict[str, Any] = {"names": [name_item(r) for r in shown.head(3).itertuples()]}
    values |= {"name": name_item(worst), "value": worst["value"]}
    values |= {"best": name_item(best), "best_value": best["value"]}
    kind = "below" if _apart(shown) else "alike"
    n = int(shown["n"].max())
    return Finding(f"evaluation.service.elements.{kind}", values, str(worst["method"]), n)


def find_service_effect(events: pd.DataFrame) -> Finding:
    """Find whether service changed where staff were trained.

    Parameters
    ----------
    events : DataFrame
        A published ``estimate_event_study`` table.

    Returns
    -------
    Finding
        ``evaluation.service.effect.better`` or ``.worse`` (interval without zero, nothing amiss
        before), ``.unclear`` (interval with zero), ``.doubtful`` (trained units moved differently
        before training: "before", its joint test or the placebo), ``.few`` (no interval, or
        suppressed) or ``.none``; values value, low, high, n, n_comparison, p.
    """
    rows = events.set_index("kind") if len(events) else events
    if "overall" not in rows.index:
        return Finding("evaluation.service.effect.none")
    row = rows.loc["overall"]
    if pd.isna(row["value"]) or pd.isna(row["low"]):
        return Finding("evaluation.service.effect.few")
    checks = rows.loc[rows.index.isin(["before", "before joint", "placebo"]), "p"].dropna()
    values = {name: row[name] for name in ("value", "low", "high")}
    values |= {"size": abs(row["value"]), "p": checks.min()}
    values |= {"n": int(row["n"]), "n_comparison": int(row["n_comparison"])}
    kind = "better" if row["low"] > 0 else "worse" if row["high"] < 0 else "unclear"
    # Three checks are one question: the smallest p counts three times (Bonferroni).
    kind = "doubtful" if len(checks) and checks.min() * len(checks) < SUSPECT else kind
    return Finding(f"evaluation.service.effect.{kind}", values, str(row["method"]), values["n"])


def find_interruption(interruption: pd.DataFrame) -> Finding:
    """Find whether one unit's index jumped when its training started.

    Parameters
    ----------
    interruption : DataFrame
        A published ``estimate_interruption`` table.

    Returns
    -------
    Finding
        ``evaluation.service.jump.up`` or ``.down`` (interval of the level without zero),
        ``.level`` (with zero), ``.few`` (no interval, or suppressed) or ``.none``.
    """
    rows = interruption[interruption["effect"] == "level"] if len(interruption) else interruption
    if rows.empty:
        return Finding("evaluation.service.jump.none")
    row = rows.iloc[0]
    if pd.isna(row["value"]) or pd.isna(row["low"]):
        return Finding("evaluation.service.jump.few")
    kind = "up" if row["low"] > 0 else "down" if row["high"] < 0 else "level"
    values = {name: row[name] for name in ("value", "low", "high")}
    values |= {"size": abs(row["value"]), "periods": int(row["periods"])}
    return Finding(f"evaluation.service.jump.{kind}", values, str(row["method"]), int(row["n"]))
