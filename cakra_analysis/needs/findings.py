"""What the gap tables say, in no language. Every value comes from a published table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from scipy import stats

from cakra_analysis.needs.person_gaps import STATED
from cakra_analysis.results import Finding

NAMED = 2


def _name(row: pd.Series) -> dict[str, str]:
    return {"id": row["name_id"], "en": row["name_en"]}


def _rows(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """One unit's rows, largest value first."""
    rows = table[table["unit_id"] == unit]
    return rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _style(rows: pd.DataFrame) -> str:
    return "need" if (rows["gap_definition"] == STATED).any() else "gap"


def find_leading(gaps: pd.DataFrame, *, unit: str, instead: str = "") -> Finding:
    """Find the competencies with the largest gap, and those that cannot be told from it.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_gaps`` table with names.
    unit : str
        Code of the unit.
    instead : str
        Name of the unit whose figures are shown when this one is too small.

    Returns
    -------
    Finding
        ``needs.leading.gap.*`` or ``needs.leading.need.*``, with the variant ``one``, ``two``,
        ``many``, ``nothing`` (no gap is clearly above zero) or ``hidden`` (too few people). A
        competency counts as leading when its interval reaches the largest gap's lower end.
    """
    rows = _rows(gaps, unit)
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return Finding("needs.leading.hidden", {"instead": instead})
    style = _style(shown)
    above = shown if style == "need" else shown[shown["low"] > 0]
    if above.empty:
        values: dict[str, Any] = {"total": len(shown), "highest": _name(shown.iloc[0])}
        return Finding("needs.leading.gap.nothing", values, n=int(shown["n"].max()))
    top = above.iloc[0]
    group = above[above["high"] >= top["low"]]
    variant = {1: "one", 2: "two"}.get(len(group), "many")
    first = above.head(NAMED)
    values = {
        "names": [_name(row) for _, row in group.head(NAMED).iterrows()],
        "first": _name(top),
        "count": len(group),
        "value": top["value"],
        "low": top["low"],
        "high": top["high"],
        "values": first["value"].tolist(),
        "share": top["need_share"],
    }
    n = int(shown["n"].max())
    return Finding(f"needs.leading.{style}.{variant}", values | {"n": n}, top["method"], n)


def count_below(gaps: pd.DataFrame, *, unit: str) -> Finding:
    """Count the competencies that are below standard beyond doubt.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_gaps`` table with names.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``needs.below.gap`` (interval wholly above zero) or ``needs.below.need`` (at least half of
        those who answered need it); values count, total, mean (of all gaps).
    """
    rows = _rows(gaps, unit)
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return Finding("needs.leading.hidden", {"instead": ""})
    style = _style(shown)
    over = shown["need_share"] >= 0.5 if style == "need" else shown["low"] > 0
    values = {"count": int(over.sum()), "total": len(shown), "mean": shown["value"].mean()}
    return Finding(f"needs.below.{style}", values, n=int(shown["n"].max()))


def find_spread(gaps: pd.DataFrame, *, unit: str, peers: Sequence[str]) -> Finding:
    """Find the unit that stands out most from all of them in one competency.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_gaps`` table with names.
    unit : str
        Code of the unit the report is about.
    peers : sequence of str
        Codes of the units set side by side.

    Returns
    -------
    Finding
        ``needs.spread.clear`` when it lies above the reported unit (for a unit among its peers:
        their mean) beyond what the largest of so many cells would by chance,
        ``needs.spread.unclear`` when none does, ``needs.spread.alike`` when the report is about one
        of the peers and it does not, ``needs.spread.hidden`` when fewer than two can be shown. A
        report about one of the peers looks at that one only.
    """
    shown = gaps[gaps["unit_id"].isin(peers) & gaps["value"].notna()]
    if shown["unit_id"].nunique() < 2:
        return Finding("needs.spread.hidden")
    own = shown[shown["unit_id"] == unit]
    among = shown if own.empty else own
    whole = gaps[gaps["unit_id"] == unit] if unit not in peers else shown
    centre = among["competency_id"].map(whole.groupby("competency_id")["value"].mean())
    # The largest of many cells is large by luck too: each must clear a stricter bar (Bonferroni).
    tail = (1 - among["level"].iloc[0]) / 2
    stricter = stats.norm.isf(tail / len(among)) / stats.norm.isf(tail)
    excess = among["value"] - centre - stricter * (among["high"] - among["low"]) / 2
    clear = bool(excess.max() > 0)
    most = excess.idxmax() if clear else (among["value"] - centre * (not own.empty)).idxmax()
    row = among.loc[most]
    values = {
        "unit": row["unit"],
        "name": _name(row),
        "value": row["value"],
        "mean": centre[most],
        "count": int(shown["unit_id"].nunique()),
    }
    variant = "clear" if clear else "unclear" if own.empty else "alike"
    return Finding(f"needs.spread.{variant}", values, n=int(row["n"]))


def find_match(match: pd.DataFrame, *, unit: str) -> Finding:
    """Return the job-person match of a unit.

    Parameters
    ----------
    match : DataFrame
        A published ``score_match_by_unit`` table.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``needs.match.shown`` with job_match (percent), share_o, share_co, share_ko, n;
        ``needs.match.hidden`` when too few were rated; ``needs.match.none`` without standards.
    """
    rows = match[match["unit_id"] == unit]
    if rows.empty:
        return Finding("needs.match.none")
    row = rows.iloc[0]
    if row["suppressed"]:
        return Finding("needs.match.hidden")
    names = ["job_match", "share_o", "share_co", "share_ko", "n"]
    return Finding(
        "needs.match.shown", {k: row[k] for k in names}, "mean of persons", int(row["n"])
    )


def find_caveats(
    gaps: pd.DataFrame, *, unit: str, sources: Sequence[str], listed: bool, threshold: int
) -> list[Finding]:
    """Return what a reader must know beside the figures.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_gaps`` table.
    unit : str
        Code of the unit.
    sources : sequence of str
        Sources that rated in the cycle.
    listed : bool
        Whether the staff table lists everybody, so that it is known who did not answer.
    threshold : int
        Fewest people behind a shown figure.

    Returns
    -------
    list of Finding
        ``caveat.*``, most important first.
    """
    style = _style(gaps)
    found = []
    if style == "need":
        found.append(Finding("caveat.stated"))
    elif "assessor" not in sources:
        found.append(Finding("caveat.perception"))
    found.append(Finding("caveat.interval" if listed else "caveat.self_selected"))
    if style == "gap" and set(sources) - {"self"}:
        found.append(Finding("caveat.shared_leniency"))
    if style == "gap":
        found.append(Finding("caveat.categories"))
    hidden = int(gaps.loc[gaps["unit_id"] != unit, "suppressed"].sum())
    if hidden:
        found.append(Finding("caveat.hidden", {"count": hidden, "threshold": threshold}))
    return found


def find_next(leading: Finding) -> Finding:
    """Return what follows from the leading competencies.

    Parameters
    ----------
    leading : Finding
        From ``find_leading``.

    Returns
    -------
    Finding
        ``next.gap``, ``next.need``, ``next.nothing`` or ``next.hidden``.
    """
    kind = leading.key.split(".")[2]
    if kind == "hidden":
        return Finding("next.hidden")
    if leading.key.endswith("nothing"):
        return Finding("next.nothing")
    return Finding(f"next.{kind}", {"names": leading.values["names"]}, n=leading.n)
