"""What the published tables on behaviour say, in no language: change, window, PTIA score."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.evaluation.distinct import pool_rows
from cakra_analysis.evaluation.ptia import categorise_ptia
from cakra_analysis.evaluation.transfer import ALL
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

IN_TIME = 0.9  # share of forms inside the window from which it counts as kept; a convention
SOURCES = {
    "self": {"id": "alumni sendiri", "en": "alumni themselves"},
    "supervisor": {"id": "atasan", "en": "supervisors"},
    "peer": {"id": "rekan kerja", "en": "colleagues"},
    "subordinate": {"id": "bawahan", "en": "subordinates"},
}
SINGLE = {
    "none": "single_no",
    "slight": "single_slight",
    "moderate": "single_moderate",
    "strong": "single_strong",
}


def find_behaviour(behaviour: pd.DataFrame) -> Finding:
    """Find whether behaviour at work rose, by alumni's own account and by their supervisors'.

    Parameters
    ----------
    behaviour : DataFrame
        A published ``score_behaviour`` table.

    Returns
    -------
    Finding
        ``evaluation.transfer.behaviour.both`` (alumni and supervisors see a rise, both intervals
        above zero), ``.self_only`` (supervisors do not clearly), ``.observed`` (one source alone
        sees it), ``.unclear``, ``.fallen`` (of the supervisors, or who there is), ``.hidden`` or
        ``.none``. Values value, low, high, source, answered (of the supervisors, or who there is),
        own (the alumni's own change), n, total (courses). Courses count by their alumni.
    """
    stem = "evaluation.transfer.behaviour"
    if behaviour.empty:
        return Finding(f"{stem}.none")
    rows = behaviour[(behaviour["aspect"] == ALL) & behaviour["value"].notna()]
    if rows.empty:
        return Finding(f"{stem}.hidden")
    pooled = pool_rows(rows, ["source"]).set_index("source")
    chosen = next(s for s in ("supervisor", "self", *pooled.index) if s in pooled.index)
    row, own = pooled.loc[chosen], pooled.loc["self"] if "self" in pooled.index else None
    part = rows[rows["source"] == chosen]
    values = {"value": row["value"], "low": row["low"], "high": row["high"], "n": int(row["n"])}
    values |= {"source": SOURCES.get(chosen, {"id": chosen, "en": chosen}), "total": len(part)}
    values |= {"answered": part["n"].sum() / part["completers"].sum()}
    values |= {"own": own["value"] if own is not None else float("nan")}
    own_rise = own is not None and chosen != "self" and own["low"] > 0
    if row["high"] < 0:
        kind = "fallen"
    elif row["low"] > 0:
        kind = "both" if own_rise else "observed"
    else:
        kind = "self_only" if own_rise else "unclear"
    return Finding(f"{stem}.{kind}", values, part["method"].iloc[0], values["n"])


def find_source_gap(gaps: pd.DataFrame) -> Finding:
    """Find whether alumni see more change in themselves than their supervisors do.

    Parameters
    ----------
    gaps : DataFrame
        A published ``score_source_gap`` table.

    Returns
    -------
    Finding
        ``evaluation.transfer.gap.higher``, ``.lower`` (intervals without zero), ``.unclear``,
        ``.hidden`` or ``.none``; values value, size (without its sign), low, high (levels), n.
    """
    stem = "evaluation.transfer.gap"
    if gaps.empty:
        return Finding(f"{stem}.none")
    pooled = pool_rows(gaps.assign(all_courses=True), ["all_courses"])
    if pooled.empty:
        return Finding(f"{stem}.hidden")
    row = pooled.iloc[0]
    values: dict[str, Any] = {name: row[name] for name in ("value", "low", "high")}
    values |= {"size": abs(row["value"]), "n": int(row["n"])}
    kind = "higher" if row["low"] > 0 else "lower" if row["high"] < 0 else "unclear"
    return Finding(f"{stem}.{kind}", values, "paired differences pooled over courses", values["n"])


def find_window(windows: pd.DataFrame) -> Finding:
    """Find whether behaviour was asked for in time.

    Parameters
    ----------
    windows : DataFrame
        A published ``check_window`` table, with name_id, name_en.

    Returns
    -------
    Finding
        ``evaluation.transfer.window.kept`` (from 90% of the forms on, a convention), ``.missed``,
        ``.hidden`` or ``.none``; values share, early, late, undated (0-1, of all forms), forms,
        total (courses), worst (name), worst_share.
    """
    stem = "evaluation.transfer.window"
    if windows.empty:
        return Finding(f"{stem}.none")
    shown = windows[windows["value"].notna()]
    if shown.empty:
        return Finding(f"{stem}.hidden")
    forms = shown["forms"].astype(float)
    means = {name: (shown[name] * forms).sum() / forms.sum() for name in ("early", "late")}
    share = (shown["value"] * forms).sum() / forms.sum()
    worst = shown.loc[shown["value"].idxmin()]
    values = means | {"share": share, "undated": (shown["undated"] * forms).sum() / forms.sum()}
    values |= {"forms": int(forms.sum()), "total": len(shown)}
    values |= {"worst": name_item(worst), "worst_share": worst["value"]}
    kind = "kept" if share >= IN_TIME else "missed"
    return Finding(f"{stem}.{kind}", values, shown["method"].iloc[0], int(shown["n"].sum()))


def find_ptia(ptia: pd.DataFrame, *, outcome: str = "behaviour") -> Finding:
    """Find how many courses are in which category of the PTIA score.

    Parameters
    ----------
    ptia : DataFrame
        A published ``score_ptia`` table, with name_id, name_en.
    outcome : str
        ``behaviour`` (level 3) or ``result`` (level 4).

    Returns
    -------
    Finding
        ``evaluation.transfer.ptia.several`` with the number of courses that are strong, moderate,
        slight, weak (the category "none"), unsure (whose interval reaches into another category),
        top (name), value, low, high of the highest; ``.single_strong`` ... ``.single_no`` where one
        course has a score; ``.hidden`` or ``.none``.
    """
    stem = "evaluation.transfer.ptia"
    rows = ptia[ptia["outcome"] == outcome] if len(ptia) else ptia
    if rows.empty:
        return Finding(f"{stem}.none")
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return Finding(f"{stem}.hidden")
    top = shown.loc[shown["value"].idxmax()]
    counts = shown["category"].value_counts()
    low, high = categorise_ptia(shown["low"]), categorise_ptia(shown["high"])
    unsure = (low != high) & shown["low"].notna()
    values = {"top": name_item(top), "value": top["value"], "low": top["low"], "high": top["high"]}
    values |= {name: int(counts.get(name, 0)) for name in ("strong", "moderate", "slight")}
    values |= {"weak": int(counts.get("none", 0)), "unsure": int(unsure.sum()), "total": len(shown)}
    values |= {"n": int(shown["n"].sum())}
    kind = SINGLE[top["category"]] if len(shown) == 1 else "several"
    return Finding(f"{stem}.{kind}", values, top["method"], values["n"])


def find_transfer_caveats(behaviour: pd.DataFrame, ptia: pd.DataFrame) -> list[Finding]:
    """Find what must be said beside the figures on behaviour.

    Parameters
    ----------
    behaviour, ptia : DataFrame
        Published tables of ``score_behaviour`` and ``score_ptia``.

    Returns
    -------
    list of Finding
        ``evaluation.transfer.caveat.looking_back`` (no comparison, before rated afterwards),
        ``.mended`` (the PTIA differs from the application's), ``.one_source`` (share of scores
        that rest on one source); each where its figures are shown.
    """
    stem, found = "evaluation.transfer.caveat", []
    if len(behaviour) and behaviour["value"].notna().any():
        found.append(Finding(f"{stem}.looking_back"))
    shown = ptia[ptia["value"].notna()] if len(ptia) else ptia
    if len(shown):
        found.append(Finding(f"{stem}.mended"))
        known = shown[shown["one_source"].notna()]
        share = (known["one_source"] * known["n"]).sum() / max(known["n"].sum(), 1)
        if share > 0:
            found.append(Finding(f"{stem}.one_source", {"share": share}))
    return found
