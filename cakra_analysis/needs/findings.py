"""What the gap tables say, in no language. Every value comes from a published table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from scipy import stats

from cakra_analysis.names import name_item
from cakra_analysis.needs.below import mark_needs
from cakra_analysis.needs.labels import gap_style
from cakra_analysis.needs.raters import ASSESSED
from cakra_analysis.results import Finding

NAMED = 2


def _shown(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """One unit's rows that have a value, largest first."""
    rows = table[(table["unit_id"] == unit) & table["value"].notna()]
    return rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _style(rows: pd.DataFrame) -> str:
    return gap_style(rows["gap_definition"].iloc[0])


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
        ``many``, ``clear`` (these are below standard, their order against the others is open),
        ``all`` (no need stands out), ``nothing`` (no gap is clearly above zero); or
        ``needs.leading.hidden`` or ``.alone`` (too few people, with or without a unit above to
        show). A competency leads when its interval reaches the largest gap's lower end.
    """
    shown = _shown(gaps, unit)
    values: dict[str, Any]
    if shown.empty:
        values = {"instead": instead}
        return Finding("needs.leading.hidden" if instead else "needs.leading.alone", values)
    style = _style(shown)
    above = shown if style == "need" else shown[mark_needs(shown)]
    if above.empty:
        values = {"total": len(shown), "highest": name_item(shown.iloc[0])}
        return Finding("needs.leading.gap.nothing", values, n=int(shown["n"].max()))
    top = above.iloc[0]
    group = shown[shown["high"] >= top["low"]]
    variant = {1: "one", 2: "two"}.get(len(group), "many")
    if style == "need" and len(group) == len(shown) > NAMED:
        variant = "all"
    if style == "gap" and not mark_needs(group).all():
        # Some that cannot be told from the largest may be no gap at all: name what is clear.
        group = group[mark_needs(group)]
        variant = "clear" if len(group) <= NAMED else "many"
    first = group.head(NAMED)
    values = {
        "names": [name_item(row) for _, row in group.head(NAMED).iterrows()],
        "first": name_item(top),
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
        ``needs.below.gap`` (marked by ``adjust_below``, else interval above zero) or
        ``needs.below.need`` (at least half of
        those who answered need it); values count, total, mean (of all gaps), largest (gap).
    """
    shown = _shown(gaps, unit)
    if shown.empty:
        return Finding("needs.leading.alone")
    style = _style(shown)
    over = mark_needs(shown)
    values = {"count": int(over.sum()), "total": len(shown), "mean": shown["value"].mean()}
    values["largest"] = shown["value"].max()
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
        ``needs.spread.clear`` when it lies above the reported unit beyond what the largest of so
        many cells would by chance, ``needs.spread.unclear`` when none does. A report about one of
        the peers looks at that one: ``above`` or ``less`` when it lies above or below the peers'
        mean, ``alike`` when neither.
        ``needs.spread.hidden`` when fewer than two can be shown.
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
    # Of one unit among its peers either side tells; over all units the page asks who is worst.
    off = among["value"] - centre
    excess = (off if own.empty else off.abs()) - stricter * (among["high"] - among["low"]) / 2
    clear = bool(excess.max() > 0)
    most = (excess if clear else among["value"] if own.empty else off.abs()).idxmax()
    row = among.loc[most]
    values = {
        "unit": row["unit"],
        "name": name_item(row),
        "value": row["value"],
        "mean": centre[most],
        "count": int(shown["unit_id"].nunique()),
    }
    variant = "unclear" if own.empty else "alike"
    if clear:
        variant = "clear" if own.empty else "above" if off[most] > 0 else "less"
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
        ``needs.match.shown`` with value (mean, percent), low, high and n;
        ``needs.match.hidden`` when too few were rated; ``needs.match.none`` without standards.
    """
    rows = match[match["unit_id"] == unit]
    if rows.empty:
        return Finding("needs.match.none")
    row = rows.iloc[0]
    if row["suppressed"]:
        return Finding("needs.match.hidden")
    names = ["value", "low", "high", "n"]
    return Finding(
        "needs.match.shown", {k: row[k] for k in names}, "mean of persons", int(row["n"])
    )


def find_caveats(
    gaps: pd.DataFrame, *, weights: Mapping[str, float], listed: bool, threshold: int
) -> list[Finding]:
    """Return what a reader must know beside the figures.

    Parameters
    ----------
    gaps : DataFrame
        The published rows of ``score_gaps`` that the page shows.
    weights : mapping of str to float
        Weights of the sources that rated in the cycle.
    listed : bool
        Whether the staff table lists everybody, so that it is known who did not answer.
    threshold : int
        Fewest people behind a shown figure.

    Returns
    -------
    list of Finding
        ``caveat.*``, most important first; levels brought to assessors are no perception.
    """
    style = _style(gaps)
    found = [Finding("caveat.stated" if style == "need" else "caveat.perception")]
    assessed = "basis" in gaps and gaps["basis"].eq(ASSESSED).all()
    found = [] if set(weights) == {"assessor"} or assessed else found
    found.append(Finding("caveat.interval" if listed else "caveat.self_selected"))
    if style == "gap" and set(weights) - {"self"} and not assessed:
        found.append(Finding("caveat.shared_leniency"))
    if style == "gap":
        found.append(Finding("caveat.categories"))
    hidden = int(gaps["suppressed"].sum())
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
    if kind in ("hidden", "alone"):
        return Finding("next.hidden")
    if leading.key.endswith("nothing"):
        return Finding("next.nothing")
    return Finding(f"next.{kind}", {"names": leading.values["names"]}, n=leading.n)
