"""What a page says of proposed actions, of the log, and of what last cycle's actions did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cakra_analysis.improvement.action_log import STATES
from cakra_analysis.improvement.action_results import FEW
from cakra_analysis.improvement.actions import UNTOLD, URGENT
from cakra_analysis.improvement.untold_results import count_untold
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 3
REVISED = ("revise_curriculum", "revise_method")


def find_proposed(proposed: pd.DataFrame) -> Finding:
    """Say what is proposed to change, the most urgent first.

    Parameters
    ----------
    proposed : DataFrame
        Published ``propose_actions`` with names.

    Returns
    -------
    Finding
        ``improvement.proposed.<stop_widen|stop|revise|widen|measure|keep|untold|none>``: stop where
        a course is to be stopped or put off, with what is to be widened where there is anything.
    """
    if proposed.empty:
        return Finding("improvement.proposed.none")
    by_kind = {kind: proposed[proposed["kind"] == kind] for kind in URGENT}
    values: dict[str, Any] = {f"{kind}_count": len(rows) for kind, rows in by_kind.items()}
    values |= {kind: _name(rows) for kind, rows in by_kind.items()}
    revised = proposed[proposed["kind"].isin(REVISED)]
    values |= {"revise": _name(revised), "revise_count": len(revised), "total": len(proposed)}
    values["changed"] = values["stop_count"] + values["revise_count"] + values["widen_count"]
    for kind in ("stop", "revise", "widen", "measure", "keep"):
        if values[f"{kind}_count"]:
            key = "stop_widen" if kind == "stop" and values["widen_count"] else kind
            return Finding(f"improvement.proposed.{key}", values, "written rules", len(proposed))
    return Finding("improvement.proposed.untold", values, "written rules", len(proposed))


def find_steps(proposed: pd.DataFrame) -> list[Finding]:
    """Say for each kind of action which courses it is proposed for.

    Parameters
    ----------
    proposed : DataFrame
        Published ``propose_actions`` with names.

    Returns
    -------
    list of Finding
        ``improvement.next.<kind>``, the most urgent first; what cannot be told is left out.
    """
    told = []
    for kind in URGENT[:-1]:
        rows = proposed[proposed["kind"] == kind]
        if len(rows):
            values = {"names": [name_item(row) for row in rows.itertuples()], "count": len(rows)}
            told.append(Finding(f"improvement.next.{kind}", values, "written rules", len(rows)))
    return told


def find_log(listed: pd.DataFrame) -> Finding:
    """Say how many actions are done, and how many are overdue.

    Parameters
    ----------
    listed : DataFrame
        Published ``list_actions``.

    Returns
    -------
    Finding
        ``improvement.log.<overdue|kept|none>``; values total, overdue, open, done, dropped, late
        (done after it was due), longest (days that the longest overdue one is late).
    """
    if listed.empty:
        return Finding("improvement.log.none")
    values: dict[str, Any] = {state: int((listed["state"] == state).sum()) for state in STATES}
    late = listed[listed["days_late"] > 0]
    longest = late.loc[late["state"] == "overdue", "days_late"].max()
    values |= {"total": len(listed), "late": int((late["state"] == "done").sum())}
    values["longest"] = 0 if pd.isna(longest) else int(longest)
    key = "overdue" if values["overdue"] else "kept"
    return Finding(f"improvement.log.{key}", values, "count", len(listed))


def find_results(results: pd.DataFrame, untold: Mapping[str, int] | None = None) -> Finding:
    """Say whether the gaps that actions aimed at fell beyond what they would have anyway.

    Parameters
    ----------
    results : DataFrame
        Published ``score_actions`` with names of competencies and units: the rows of
        ``select_measured``.
    untold : mapping of str to int, optional
        From ``count_untold``.

    Returns
    -------
    Finding
        ``improvement.acted.<helped|mixed|worse|slower|unclear|grown|untold|hidden|none>``: helped
        where a gap fell and the interval beyond expectation lies above zero, worse where one lies
        below, mixed where both occur, slower where one lies above zero but its gap only grew less
        than elsewhere, unclear where all hold zero, grown where no gap is smaller than it was,
        untold where no action can be compared. The fall that is known best is described.
    """
    why = count_untold(results) if untold is None else dict(untold)
    unmeasured = max(sum(why.values()) - int((results["method"] == FEW).sum()), 0)
    values: dict[str, Any] = {"total": len(results) + unmeasured, "count": 0, "better": None} | why
    if not values["total"]:
        return Finding("improvement.acted.none", values)
    if len(results) and results["suppressed"].all():
        return Finding("improvement.acted.hidden", values)
    told = results[results["value"].notna()]
    few = results["suppressed"] & (results["method"] != FEW)
    values |= {"count": len(told), "few": int(few.sum())}
    if told.empty:
        return Finding("improvement.acted.untold", values)
    fallen, worse = told[told["naive"] > 0], told[told["high"] < 0]
    better = fallen[fallen["low"] > 0]
    slower = int((told["low"] > 0).sum()) - len(better)
    values |= {"worse": len(worse), "fallen": len(fallen), "slower": slower}
    if fallen.empty:
        return Finding("improvement.acted.grown", values, str(told["method"].iloc[0]), len(told))
    values["better"] = len(better)
    row = fallen.loc[(fallen["high"] - fallen["low"]).idxmin()]
    parts = ["naive", "regression", "elsewhere", "value", "low", "high", "before", "after"]
    values |= {part: float(row[part]) for part in parts}
    values |= {"name": name_item(row), "unit": row["unit"], "n": int(row["n"])}
    kinds = {(True, True): "mixed", (True, False): "helped", (False, True): "worse"}
    none = "slower" if slower else "unclear"
    key = kinds.get((bool(len(better)), bool(len(worse))), none)
    return Finding(f"improvement.acted.{key}", values, str(row["method"]), len(told))


def find_division(acted: Finding) -> Finding:
    """Say what the fall that is known best is made of.

    Parameters
    ----------
    acted : Finding
        From ``find_results``.

    Returns
    -------
    Finding
        ``improvement.divided.<fall|none>``: none where no fall is described.
    """
    key = "fall" if "naive" in acted.values else "none"
    return Finding(f"improvement.divided.{key}", acted.values, acted.method, acted.n)


def find_action_caveats(
    facts: pd.DataFrame, results: pd.DataFrame, untold: Mapping[str, int] | None = None
) -> list[Finding]:
    """Say what the proposals and the results of actions cannot tell.

    Parameters
    ----------
    facts : DataFrame
        Published ``propose_actions``.
    results : DataFrame
        Published ``score_actions``.
    untold : mapping of str to int, optional
        From ``count_untold``.

    Returns
    -------
    list of Finding
        ``improvement.caveat.<rules|untold|acted|unjudged>``, each where it applies.
    """
    told = [Finding("improvement.caveat.rules", n=len(facts))] if len(facts) else []
    unfit = facts[facts["kind"] == UNTOLD]
    if len(unfit):
        values = {"count": len(unfit), "total": len(facts)}
        told.append(Finding("improvement.caveat.untold", values, n=len(facts)))
    if results["value"].notna().any():
        told.append(Finding("improvement.caveat.acted", {"count": int(results["value"].count())}))
    if untold and sum(untold.values()):
        values = {"count": sum(untold.values()), **untold}
        told.append(Finding("improvement.caveat.unjudged", values))
    return told


def _name(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [name_item(row) for row in rows.head(NAMED).itertuples()]
