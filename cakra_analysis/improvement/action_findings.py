"""What a page says of proposed actions, of the log, and of what last cycle's actions did."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.improvement.action_log import STATES
from cakra_analysis.improvement.actions import UNTOLD, URGENT
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


def find_results(results: pd.DataFrame) -> Finding:
    """Say whether the gaps that actions aimed at fell beyond what they would have anyway.

    Parameters
    ----------
    results : DataFrame
        Published ``score_actions`` with names of competencies and units.

    Returns
    -------
    Finding
        ``improvement.acted.<helped|mixed|worse|unclear|grown|untold|hidden|none>``: helped where an
        interval lies above zero, worse where one lies below, mixed where both occur, unclear where
        all hold zero, grown where no gap is smaller than it was, untold where no action can be
        compared. The fall that is known best is taken apart.
    """
    values: dict[str, Any] = {"total": len(results), "count": 0, "better": None}
    if results.empty:
        return Finding("improvement.acted.none", values)
    if results["suppressed"].all():
        return Finding("improvement.acted.hidden", values)
    told = results[results["value"].notna()]
    values["count"] = len(told)
    if told.empty:
        return Finding("improvement.acted.untold", values)
    better, worse = told[told["low"] > 0], told[told["high"] < 0]
    fallen = told[told["naive"] > 0]
    values |= {"better": len(better), "worse": len(worse), "fallen": len(fallen)}
    if fallen.empty:
        return Finding("improvement.acted.grown", values, str(told["method"].iloc[0]), len(told))
    row = fallen.loc[(fallen["high"] - fallen["low"]).idxmin()]
    parts = ["naive", "regression", "elsewhere", "value", "low", "high", "before", "after"]
    values |= {part: float(row[part]) for part in parts}
    values |= {"name": name_item(row), "unit": row["unit"], "n": int(row["n"])}
    kinds = {(True, True): "mixed", (True, False): "helped", (False, True): "worse"}
    key = kinds.get((bool(len(better)), bool(len(worse))), "unclear")
    return Finding(f"improvement.acted.{key}", values, str(row["method"]), len(told))


def find_action_caveats(facts: pd.DataFrame, results: pd.DataFrame) -> list[Finding]:
    """Say what the proposals and the results of actions cannot tell.

    Parameters
    ----------
    facts : DataFrame
        Published ``propose_actions``.
    results : DataFrame
        Published ``score_actions``.

    Returns
    -------
    list of Finding
        ``improvement.caveat.<rules|untold|acted>``, each where it applies.
    """
    told = [Finding("improvement.caveat.rules", n=len(facts))] if len(facts) else []
    untold = facts[facts["kind"] == UNTOLD]
    if len(untold):
        values = {"count": len(untold), "total": len(facts)}
        told.append(Finding("improvement.caveat.untold", values, n=len(facts)))
    if results["value"].notna().any():
        told.append(Finding("improvement.caveat.acted", {"count": int(results["value"].count())}))
    return told


def _name(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [name_item(row) for row in rows.head(NAMED).itertuples()]
