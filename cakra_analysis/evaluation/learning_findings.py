"""What the published tables of level 2 say, in no language: gains, and what is behind them."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 3
CEILING = 0.25  # share of pre-scores in the top tenth from which a test is too easy; a convention
PICKED = 0.5  # points of expected regression from which it is told; a convention
CLEAR = 0.05
KINDS = {
    "trainer": {"id": "pengajar", "en": "trainers"},
    "venue": {"id": "tempat", "en": "venues"},
    "session_id": {"id": "angkatan", "en": "sessions"},
}


def _names(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [name_item(row) for row in rows.head(NAMED).itertuples()]


def find_learning(table: pd.DataFrame) -> Finding:
    """Find in which courses scores rose from the pre-test to the post-test.

    Parameters
    ----------
    table : DataFrame
        A published ``score_learning`` table with name_id, name_en.

    Returns
    -------
    Finding
        ``evaluation.learning.gain.shown``; ``.hidden`` with too few people; ``.none`` without
        tests. A course counts (``count`` of ``total``) where the whole interval is above zero;
        values name, value, low, high (points) and size (g_av) of the largest, names of the first
        three. It is *not yet* an effect, and the sentence says so.
    """
    if table.empty:
        return Finding("evaluation.learning.gain.none")
    shown = table[table["value"].notna()].sort_values("value", ascending=False, kind="stable")
    if shown.empty:
        return Finding("evaluation.learning.gain.hidden")
    clear = shown[shown["low"] > 0]
    top = (clear if len(clear) else shown).iloc[0]
    values = {"names": _names(clear), "count": len(clear), "total": len(shown)}
    n = int(shown["n"].sum())
    values |= {"name": name_item(top), "size": top["g_av"], "n": n} | _ends(top)
    return Finding("evaluation.learning.gain.shown", values, top["method"], n)


def find_ceiling(table: pd.DataFrame) -> Finding:
    """Find which tests leave too little room to show what was learned.

    Parameters
    ----------
    table : DataFrame
        A published ``score_learning`` table with names.

    Returns
    -------
    Finding
        ``evaluation.learning.ceiling.shown`` where more than a quarter (a convention) had a
        pre-score in the top tenth of the scale: names, name and share of the worst, count;
        ``.none``.
    """
    high = table[table["ceiling"] > CEILING].sort_values("ceiling", ascending=False, kind="stable")
    if high.empty:
        return Finding("evaluation.learning.ceiling.none")
    values = {"names": _names(high), "count": len(high), "name": name_item(high.iloc[0])}
    values |= {"share": high["ceiling"].iloc[0], "limit": CEILING}
    return Finding("evaluation.learning.ceiling.shown", values, n=int(high["n"].sum()))


def find_retention(table: pd.DataFrame) -> Finding:
    """Find where what was learned is being lost again.

    Parameters
    ----------
    table : DataFrame
        A published ``score_learning`` table with names.

    Returns
    -------
    Finding
        ``evaluation.learning.retention.lost`` (interval below zero), ``.unclear``, ``.hidden`` or
        ``.none``; values names, count, total, and of the largest loss name, value, low, high
        (points lost), gain (points).
    """
    shown = table[table["retention"].notna()].sort_values("retention", kind="stable")
    if shown.empty:
        return Finding(f"evaluation.learning.retention.{_untold(table, 'n_retention')}")
    lost = shown[shown["retention_high"] < 0]
    worst = (lost if len(lost) else shown).iloc[0]
    values = {"names": _names(lost), "count": len(lost), "total": len(shown)}
    values |= {"name": name_item(worst), "gain": worst["value"], "value": -worst["retention"]}
    values |= {"low": -worst["retention_high"], "high": -worst["retention_low"]}
    key = f"evaluation.learning.retention.{'lost' if len(lost) else 'unclear'}"
    return Finding(key, values, n=int(shown["n_retention"].sum()))


def find_shift(table: pd.DataFrame) -> Finding:
    """Find whether people, looking back, say that they knew less than they had thought.

    Parameters
    ----------
    table : DataFrame
        A published ``score_learning`` table with names.

    Returns
    -------
    Finding
        ``evaluation.learning.shift.over`` (rated themselves too high before: interval below zero),
        ``.under``, ``.unclear``, ``.hidden`` or ``.none``; values names, count, total, and of the
        largest shift name, value (points of shift), then_gain, gain.
    """
    shown = table[table["response_shift"].notna()].sort_values("response_shift", kind="stable")
    if shown.empty:
        return Finding(f"evaluation.learning.shift.{_untold(table, 'n_then')}")
    over, under = shown[shown["response_shift_high"] < 0], shown[shown["response_shift_low"] > 0]
    rows = over if len(over) else under.iloc[::-1]
    row = (rows if len(rows) else shown).iloc[0]
    values = {"names": _names(rows), "count": len(rows), "total": len(shown)}
    values |= {"name": name_item(row), "value": abs(row["response_shift"])}
    values |= {"then_gain": row["then_gain"], "gain": row["then_gain"] + row["response_shift"]}
    kind = "over" if len(over) else "under" if len(under) else "unclear"
    return Finding(f"evaluation.learning.shift.{kind}", values, n=int(shown["n_then"].sum()))


def find_losses(table: pd.DataFrame) -> Finding:
    """Find whether more of the trained were lost than of those compared.

    Parameters
    ----------
    table : DataFrame
        A published ``score_attrition`` table with names.

    Returns
    -------
    Finding
        ``evaluation.learning.losses.more`` (in a course the interval of the difference is above
        zero), ``.alike`` (no such course), ``.alone`` (nobody to compare), ``.hidden`` or
        ``.none``; values share (of all who started), worst course's name, lost and compared
        (shares), names, count, total, differing (courses whose stayers had other pre-scores).
    """
    if table.empty:
        return Finding("evaluation.learning.losses.none")
    shown = table[table["lost"].notna()].sort_values("lost", ascending=False, kind="stable")
    if shown.empty:
        return Finding("evaluation.learning.losses.hidden")
    compared = shown[shown["lost_difference_low"].notna()]
    more = compared[compared["lost_difference_low"] > 0]
    worst = (more if len(more) else shown).iloc[0]
    n = int(shown["n"].sum())
    values = {"names": _names(more), "count": len(more), "total": len(shown), "n": n}
    values |= {"share": shown["left"].sum() / n, "name": name_item(worst), "lost": worst["lost"]}
    values |= {"compared": worst["lost_comparison"]}
    values |= {"differing": int(((shown["low"] > 0) | (shown["high"] < 0)).sum())}
    kind = "more" if len(more) else "alike" if len(compared) else "alone"
    return Finding(f"evaluation.learning.losses.{kind}", values, n=n)


def find_regression(table: pd.DataFrame) -> Finding:
    """Find which gains chance alone may have given to people picked for low scores.

    Parameters
    ----------
    table : DataFrame
        A published ``score_regression`` table with names.

    Returns
    -------
    Finding
        ``evaluation.learning.regression.gone`` (in a course what is left is not above zero beyond
        doubt), ``.left`` (it is everywhere), or ``.none`` (no expected rise of half a point, a
        convention, or unknown); values names, count, and of the largest expected rise name, gain,
        expected, value, low, high (points).
    """
    picked = table[(table["expected"] >= PICKED) & table["low"].notna()]
    picked = picked.sort_values("expected", ascending=False, kind="stable")
    if picked.empty:
        return Finding("evaluation.learning.regression.none")
    gone = picked[picked["low"] <= 0]
    row = (gone if len(gone) else picked).iloc[0]
    rows = gone if len(gone) else picked
    values = {"names": _names(rows), "count": len(rows), "name": name_item(row)}
    values |= {"gain": row["gain"], "expected": row["expected"]} | _ends(row)
    kind = "gone" if len(gone) else "left"
    return Finding(f"evaluation.learning.regression.{kind}", values, n=int(picked["n"].sum()))


def find_groups(table: pd.DataFrame, *, by: str = "trainer") -> Finding:
    """Find whether gains differ from trainer to trainer, place to place or session to session.

    Parameters
    ----------
    table : DataFrame
        A published ``score_groups`` table; where its groups are persons (trainers), their codes
        have been taken out and none is named.
    by : str
        trainer, venue or session_id.

    Returns
    -------
    Finding
        ``evaluation.differences.above``, ``.below`` or ``.both`` (groups whose whole interval is
        above or below the mean), ``.spread`` (they differ, but none alone can be named),
        ``.unclear`` (may be chance), ``.hidden`` or ``.none``; values kind, above, below (codes),
        groups, overall, between (points), share (of the variance), p.
    """
    if table.empty:
        return Finding("evaluation.differences.none")
    shown = table[table["shrunk"].notna()].sort_values("shrunk", ascending=False, kind="stable")
    if shown.empty:
        return Finding("evaluation.differences.hidden", {"kind": KINDS[by]})
    row, n = shown.iloc[0], int(shown["n"].sum())
    codes = shown[by].astype(str) if by in shown else pd.Series(dtype=str)
    above = codes[shown["shrunk_low"] > shown["overall"]].tolist() if len(codes) else []
    below = codes[shown["shrunk_high"] < shown["overall"]].tolist() if len(codes) else []
    values = {"kind": KINDS[by], "above": above[:NAMED], "below": below[::-1][:NAMED]}
    values |= {"groups": len(shown), "overall": row["overall"], "between": row["between"]}
    values |= {"share": row["variance_share"], "p": row["p_between"]}
    kind = "both" if above and below else "above" if above else "below" if below else "spread"
    kind = kind if row["p_between"] < CLEAR else "unclear"
    return Finding(f"evaluation.differences.{kind}", values, row["method"], n)


def _ends(row: pd.Series) -> dict[str, float]:
    return {name: row[name] for name in ("value", "low", "high")}


def _untold(table: pd.DataFrame, count: str) -> str:
    """Why there is no figure: nobody sat the test, or too few did."""
    return "hidden" if table[count].fillna(1).gt(0).any() else "none"
