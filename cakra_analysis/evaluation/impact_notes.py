"""What a reader must know of the effects, what follows from them, and what comes first."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.comparison import FEWEST
from cakra_analysis.evaluation.verdict import VERDICTS
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding


def choose_summary(*findings: Finding, most: int = 3) -> list[Finding]:
    """Return the findings that a summary needs, in the order given.

    Parameters
    ----------
    *findings : Finding
        The most important first.
    most : int
        How many at most.

    Returns
    -------
    list of Finding
        Without those that say nothing was studied or found.

    Examples
    --------
    >>> found = choose_summary(Finding("a.none"), Finding("b.shown"), Finding("harm.nothing"))
    >>> [finding.key for finding in found]
    ['b.shown']
    """
    told = [f for f in findings if not f.key.endswith((".none", "harm.nothing"))]
    return told[:most]


def find_impact_caveats(design: pd.DataFrame, judged: pd.DataFrame) -> list[Finding]:
    """Return what a reader must know of the effects.

    Parameters
    ----------
    design : DataFrame
        Published ``describe_design``: what is suppressed there is not told here either.
    judged : DataFrame
        Published ``judge_courses`` with names.

    Returns
    -------
    list of Finding
        Keys below ``caveat``.
    """
    compared = design[design["n_comparison"] > 0]
    alone = design.loc[design["n_comparison"] == 0, "course_id"]
    chosen = compared[compared["assignment"] != "lot"]
    findings = []
    if len(chosen):
        findings.append(Finding("caveat.unmeasured", {"count": len(chosen)}))
    if len(alone):
        names = judged[judged["course_id"].isin(alone)]
        told = [name_item(row) for row in names.itertuples()]
        findings.append(Finding("caveat.no_comparison", {"names": told}))
    single = compared.loc[compared["sessions"] < FEWEST, "course_id"]
    if len(single):
        told = [name_item(row) for row in judged[judged["course_id"].isin(single)].itertuples()]
        findings.append(Finding("caveat.few_sessions", {"names": told}))
    if len(compared):
        most = compared[["lost_trained", "lost_comparison"]].max(axis=None)
        findings.append(Finding("caveat.lost", {"most": float(most)}))
        findings.append(Finding("caveat.scale"))
    return findings


def find_next_step(judged: pd.DataFrame) -> list[Finding]:
    """Return what follows for next cycle's courses.

    Parameters
    ----------
    judged : DataFrame
        Published ``judge_courses`` with names.

    Returns
    -------
    list of Finding
        Keys below ``evaluation.next``, one a verdict that occurs.
    """
    shown = judged[judged["verdict"].notna()]
    found = []
    for kind in VERDICTS:
        rows = shown[shown["verdict"] == kind]
        if len(rows):
            names = [name_item(row) for row in rows.itertuples()]
            found.append(Finding(f"evaluation.next.{kind}", {"names": names}, n=len(rows)))
    return found
