"""What the published tables of level 1 say, in no language: liking, recommending, comments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.evaluation.distinct import differ, pool_rows
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

GOOD_RELIABILITY = 0.7  # Nunnally (1978) for early research; a convention


def find_reactions(satisfaction: pd.DataFrame) -> Finding:
    """Find which course was liked most and least, and whether courses differ beyond chance.

    Parameters
    ----------
    satisfaction : DataFrame
        A published ``score_satisfaction`` table by course, with name_id, name_en.

    Returns
    -------
    Finding
        ``evaluation.reaction.courses.differ`` or ``.alike`` (Tukey and Kramer's range), ``.single``
        (one course can be shown), ``.hidden`` or ``.none``; values best, worst (names), high_value,
        low_value (means, 1-5), mean, low, high (over all), total, n (forms).
    """
    stem = "evaluation.reaction.courses"
    if satisfaction.empty:
        return Finding(f"{stem}.none")
    shown = satisfaction[satisfaction["value"].notna()]
    if shown.empty:
        return Finding(f"{stem}.hidden")
    values = _ends(shown) | _overall(shown)
    kind = "single" if len(shown) == 1 else "differ" if differ(shown) else "alike"
    return Finding(f"{stem}.{kind}", values, shown["method"].iloc[0], values["n"])


def find_reaction_items(reactions: pd.DataFrame) -> Finding:
    """Find which question was answered best and worst over all courses.

    Parameters
    ----------
    reactions : DataFrame
        A published ``score_reactions`` table by course.

    Returns
    -------
    Finding
        ``evaluation.reaction.items.differ`` or ``.alike`` (the same people answered all questions;
        taken as independent, which is careful), ``.hidden`` or ``.none``; values best, worst
        (names), high_value, low_value (means over courses by answers), total.
    """
    stem = "evaluation.reaction.items"
    if reactions.empty:
        return Finding(f"{stem}.none")
    pooled = pool_rows(reactions, ["question_id", "name_id", "name_en"])
    if len(pooled) < 2:
        return Finding(f"{stem}.hidden")
    kind = "differ" if differ(pooled) else "alike"
    n = int(pooled["n"].max())
    return Finding(f"{stem}.{kind}", _ends(pooled), "means pooled over courses", n)


def find_recommend(recommend: pd.DataFrame) -> Finding:
    """Find whether more would recommend the courses than would not.

    Parameters
    ----------
    recommend : DataFrame
        A published ``score_recommend`` table by course.

    Returns
    -------
    Finding
        ``evaluation.reaction.recommend.more`` (interval above zero), ``.fewer``, ``.unclear``,
        ``.hidden`` or ``.none``; values value, low, high (-100 to 100, over courses by answers), n,
        total (courses).
    """
    stem = "evaluation.reaction.recommend"
    if recommend.empty:
        return Finding(f"{stem}.none")
    pooled = _overall(recommend)
    if pd.isna(pooled["low"]):
        return Finding(f"{stem}.hidden")
    kind = "more" if pooled["low"] > 0 else "fewer" if pooled["high"] < 0 else "unclear"
    values = pooled | {"value": pooled["mean"], "total": int(recommend["value"].notna().sum())}
    return Finding(f"{stem}.{kind}", values, "net promoter score", pooled["n"])


def find_reaction_reliability(reliability: pd.DataFrame) -> Finding:
    """Find whether the reaction form is reliable.

    Parameters
    ----------
    reliability : DataFrame
        A published ``score_reaction_reliability`` table by course.

    Returns
    -------
    Finding
        ``evaluation.reaction.reliability.good`` (alpha of the median course surely from 0.7 on, a
        convention), ``.weak``, ``.hidden`` or ``.none``; values value, low, high (of the median
        course), least (the lowest alpha), total (courses).
    """
    stem = "evaluation.reaction.reliability"
    if reliability.empty:
        return Finding(f"{stem}.none")
    shown = reliability[reliability["value"].notna()].sort_values("value", ignore_index=True)
    if shown.empty:
        return Finding(f"{stem}.hidden")
    middle = shown.iloc[(len(shown) - 1) // 2]
    values = {name: middle[name] for name in ("value", "low", "high")}
    values |= {"least": shown["value"].iloc[0], "total": len(shown)}
    kind = "good" if middle["low"] >= GOOD_RELIABILITY else "weak"
    return Finding(f"{stem}.{kind}", values, middle["method"], int(shown["n"].sum()))


def find_comments(themes: pd.DataFrame) -> Finding:
    """Find what the comments are about most.

    Parameters
    ----------
    themes : DataFrame
        A published ``find_themes`` table.

    Returns
    -------
    Finding
        ``evaluation.comments.shown`` where one theme is surely the largest (its interval above the
        next one's), else ``.close``; values words (of the largest), share, low, high, n, count
        (themes), comments, sorted_share (in any theme); ``.hidden``, or ``.none`` with too few
        comments.
    """
    if themes.empty:
        return Finding("evaluation.comments.none")
    shown = themes[themes["share"].notna()]
    if shown.empty:
        return Finding("evaluation.comments.hidden")
    shown = shown.sort_values("share", ascending=False, kind="stable")
    top, others = shown.iloc[0], shown.iloc[1:]
    values: dict[str, Any] = {name: top[name] for name in ("words", "share", "low", "high")}
    values |= {"n": int(top["n"]), "count": len(shown), "comments": int(top["comments"])}
    values |= {"sorted_share": float(shown["share"].sum())}
    kind = "shown" if (others["high"] < top["low"]).all() else "close"
    return Finding(f"evaluation.comments.{kind}", values, top["method"], values["comments"])


def _ends(rows: pd.DataFrame) -> dict[str, Any]:
    """The rows with the highest and lowest value, by name."""
    best, worst = rows.loc[rows["value"].idxmax()], rows.loc[rows["value"].idxmin()]
    values = {"best": name_item(best), "worst": name_item(worst), "total": len(rows)}
    return values | {"high_value": best["value"], "low_value": worst["value"]}


def _overall(rows: pd.DataFrame) -> dict[str, Any]:
    """The mean over all courses, with its interval; missing where no course has one."""
    pooled = pool_rows(rows.assign(all_courses=True), ["all_courses"])
    if pooled.empty:
        known = rows["value"].notna()
        n = int(rows.loc[known, "n"].sum())
        return {"mean": rows["value"].mean(), "low": float("nan"), "high": float("nan"), "n": n}
    row = pooled.iloc[0]
    return {"mean": row["value"], "low": row["low"], "high": row["high"], "n": int(row["n"])}
