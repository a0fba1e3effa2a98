"""What the published tables of the trend say, in no language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cakra_analysis.improvement.changes import BETTER, UNCLEAR, WORSE
from cakra_analysis.improvement.comparable import ALL
from cakra_analysis.improvement.parts import PARTS
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 4


def select_period(table: pd.DataFrame, *, whole: bool = False) -> pd.DataFrame:
    """Return the rows of the last two cycles, or of the first and the last.

    Parameters
    ----------
    table : DataFrame
        Rows of ``score_trend`` or ``score_same_units``: first, last.
    whole : bool
        From the first cycle on, instead of from the last but one.

    Returns
    -------
    DataFrame
        The rows of one period.

    Examples
    --------
    >>> table = pd.DataFrame({"first": ["2024", "2025", "2024"], "last": ["2025", "2026", "2026"]})
    >>> select_period(table)["first"].tolist(), select_period(table, whole=True)["first"].tolist()
    (['2025'], ['2024'])
    """
    rows = table[table["last"] == table["last"].max()]
    first = rows["first"].min() if whole else rows["first"].max()
    return rows[rows["first"] == first]


def find_change(trend: pd.DataFrame, *, unit: str) -> Finding:
    """Find whether gaps fell on the same people of a unit, over all competencies.

    Parameters
    ----------
    trend : DataFrame
        A published ``select_changes`` table after ``judge_changes``, one period.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``improvement.trend.change.better`` or ``.worse`` (beyond doubt), ``.unclear``, ``.hidden``,
        ``.none``, or ``improvement.trend.apart.`` with the reason why the cycles cannot be
        compared; values value, low, high (levels), size, first, last, n.
    """
    rows = _of_unit(trend, unit)
    rows = rows[rows["competency_id"] == ALL]
    if rows.empty:
        return Finding("improvement.trend.change.none")
    row = rows.iloc[0]
    cycles = {"first": row["first"], "last": row["last"]}
    if not row["comparable"]:
        return Finding(f"improvement.trend.apart.{row['apart']}", cycles)
    if pd.isna(row["value"]):
        return Finding("improvement.trend.change.hidden", cycles)
    n = int(row["n"])
    values = {name: row[name] for name in ("value", "low", "high")} | cycles
    values |= {"size": abs(row["value"]), "n": n}
    return Finding(f"improvement.trend.change.{row['verdict']}", values, row["method"], n)


def find_improved(trend: pd.DataFrame, *, unit: str) -> Finding:
    """Find which competencies of a unit clearly improved or got worse on the same people.

    Parameters
    ----------
    trend : DataFrame
        As for ``find_change``, with name_id and name_en.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``improvement.trend.items.both``, ``.better``, ``.worse``, ``.unclear``, ``.apart``,
        ``.hidden`` or ``.none``; values better and worse (names, the largest change first),
        count (better), worse_count, unclear, total, first, last, and name, value, low, high of the
        largest change among those named.
    """
    rows = _of_unit(trend, unit)
    rows = rows[rows["competency_id"] != ALL]
    names = [name_item(row) for row in rows.itertuples()] if "name_id" in rows else []
    return _sort_out(rows, names, "improvement.trend.items")


def find_changed_units(trend: pd.DataFrame, *, among: Sequence[str]) -> Finding:
    """Find in which units the same people's gaps clearly fell or rose, over all competencies.

    Parameters
    ----------
    trend : DataFrame
        As for ``find_change``, with ``unit`` (names).
    among : sequence of str
        Codes of the units to look at.

    Returns
    -------
    Finding
        ``improvement.trend.units.`` as ``find_improved``.
    """
    rows = trend[trend["unit_id"].isin(list(among)) & (trend["competency_id"] == ALL)]
    return _sort_out(rows, rows["unit"].tolist(), "improvement.trend.units")


def find_who(trend: pd.DataFrame, *, unit: str) -> Finding:
    """Find how much of a unit's change is who is there.

    Parameters
    ----------
    trend : DataFrame
        As for ``find_change``.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``improvement.trend.who.opposite`` (the same people clearly changed, who is there clearly
        moved the mean, and the mean of all went the other way or not at all), ``.shown`` (who is
        there clearly moved the mean), ``.unclear`` (its interval holds zero), ``.nobody`` (nobody
        came or went), ``.apart``, ``.hidden`` or ``.none``; values total, value, who, who_low,
        who_high (levels), came, went (people), first, last.
    """
    rows = _of_unit(trend, unit)
    rows = rows[rows["competency_id"] == ALL]
    if rows.empty or not rows["comparable"].iloc[0] or pd.isna(rows["value"].iloc[0]):
        return Finding(f"improvement.trend.who.{_tell_missing(rows)}")
    row = rows.iloc[0]
    figures = ("total", "value", "who", "who_low", "who_high", "first", "last")
    values: dict[str, Any] = {name: row[name] for name in figures}
    values |= {"came": int(row["n_came"]), "went": int(row["n_went"])}
    changed = row["low"] > 0 or row["high"] < 0
    clear = row["who_low"] > 0 or row["who_high"] < 0
    if values["came"] + values["went"] == 0:
        kind = "nobody"
    elif changed and clear and row["total"] * row["value"] <= 0:
        kind = "opposite"
    else:
        kind = "shown" if clear else "unclear"
    return Finding(f"improvement.trend.who.{kind}", values, row["method"], int(row["n"]))


def find_parts(parts: pd.DataFrame, *, unit: str) -> Finding:
    """Find what joining, leaving, moving and being rated or not did to a unit's mean gap.

    Parameters
    ----------
    parts : DataFrame
        A published ``select_parts`` table, one period.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``improvement.trend.parts.shown`` with the parts (levels) and n_ of each, ``.hidden``,
        ``.apart`` or ``.none``.
    """
    rows = _of_unit(parts, unit)
    rows = rows[rows["competency_id"] == ALL]
    if rows.empty or not rows["comparable"].iloc[0] or pd.isna(rows["joined"].iloc[0]):
        return Finding(f"improvement.trend.parts.{_tell_missing(rows)}")
    row = rows.iloc[0]
    values = {part: row[part] for part in PARTS} | {f"n_{p}": int(row[f"n_{p}"]) for p in PARTS}
    return Finding("improvement.trend.parts.shown", values, row["method"], int(row["n"]))


def _of_unit(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    return table[table["unit_id"] == unit]


def _tell_missing(rows: pd.DataFrame) -> str:
    """Why no row has figures."""
    if rows.empty:
        return "none"
    return "hidden" if rows["comparable"].any() else "apart"


def _sort_out(rows: pd.DataFrame, names: list[Any], stem: str) -> Finding:
    """Which rows clearly changed, and in which direction."""
    rows = rows.assign(named=pd.Series(names, index=rows.index, dtype="object"))
    shown = rows[rows["comparable"].astype(bool) & rows["value"].notna()]
    if shown.empty:
        return Finding(f"{stem}.{_tell_missing(rows)}")
    shown = shown.sort_values("value", key=abs, ascending=False, kind="stable")
    better, worse = (shown[shown["verdict"] == verdict] for verdict in (BETTER, WORSE))
    if len(better) and len(worse):
        kind = "both"
    else:
        kind = BETTER if len(better) else WORSE if len(worse) else UNCLEAR
    values: dict[str, Any] = {
        "better": better["named"].head(NAMED).tolist(),
        "worse": worse["named"].head(NAMED).tolist(),
        "count": len(better),
        "worse_count": len(worse),
        "unclear": len(shown) - len(better) - len(worse),
        "total": len(shown),
        "first": shown["first"].iloc[0],
        "last": shown["last"].iloc[0],
    }
    clear = shown[shown["verdict"] != UNCLEAR]
    top = (clear if len(clear) else shown).iloc[0]
    values |= {"name": top["named"], "value": top["value"], "low": top["low"], "high": top["high"]}
    return Finding(f"{stem}.{kind}", values, top["method"], int(top["n"]))
