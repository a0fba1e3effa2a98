"""How sure a plan is, and what follows from it, in no language."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.design.portfolio import Portfolio
from cakra_analysis.design.regret import Regret
from cakra_analysis.results import Finding


def find_plan_caveats(effects: pd.DataFrame, plan: Portfolio, regret: Regret) -> list[Finding]:
    """Find what a reader must know before believing a plan.

    Parameters
    ----------
    effects : DataFrame
        The table ``course_effects``: course_id, competency_id, confirmed; with ``status`` where
        evaluation updated it.
    plan : Portfolio
        From ``plan_portfolio``.
    regret : Regret
        From ``score_regret``.

    Returns
    -------
    list of Finding
        ``caveat.plan.effects`` (guessed, count: effects behind the plan that nobody measured here,
        of how many), ``.evidence`` (evaluated: effects drawn to what evaluation found; only where
        there are any), ``.overlap`` (the plan's shares and factors), ``.expected``, ``.averages``
        and ``.draws`` (n of asked).
    """
    held = effects[effects["course_id"].isin(plan.sessions["course_id"])]
    guessed = int(held["confirmed"].ne("yes").sum())
    evaluated = int(held["status"].eq("evaluated").sum()) if "status" in held else 0
    linked = [Finding("caveat.plan.evidence", {"evaluated": evaluated})] if evaluated else []
    overlap = {"shares": list(plan.rules.overlap_shares), "factors": plan.rules.overlap_factors}
    return [
        Finding("caveat.plan.expected"),
        Finding("caveat.plan.effects", {"guessed": guessed, "count": len(held)}),
        *linked,
        Finding("caveat.plan.overlap", {k: list(v) for k, v in overlap.items()}),
        Finding("caveat.plan.averages"),
        Finding("caveat.plan.draws", {"n": regret.n, "asked": regret.asked}),
    ]


def find_plan_steps(effects: pd.DataFrame, plan: Portfolio) -> list[Finding]:
    """Find what should be done with a plan.

    Parameters
    ----------
    effects : DataFrame
        The table ``course_effects``: course_id, effect, confirmed.
    plan : Portfolio
        From ``plan_portfolio``.

    Returns
    -------
    list of Finding
        ``next.plan.measure`` (count: courses held whose effect nobody measured here) where there
        are any, and ``next.plan.carry_out``.
    """
    held = effects[effects["course_id"].isin(plan.sessions["course_id"])]
    known = held.groupby("course_id")["confirmed"].agg(lambda c: (c == "yes").any())
    unknown = int((~known).sum())
    steps = [Finding("next.plan.measure", {"count": unknown})] if unknown else []
    return [*steps, Finding("next.plan.carry_out")]
