"""What the next plan expects of each course: its claim, drawn to what was found of it."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.dataset import Dataset
from cakra_analysis.improvement import update_effects
from cakra_analysis.settings import Settings
from cakra_analysis.year_evidence import gather_evidence

KEY = ["course_id", "competency_id"]
EXPECTED = {"value": "effect", "prior": "claim"}


def expect_effects(
    tables: Dataset, *, cycle: str, settings: Settings, judged: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the effects that the year after a cycle is planned with.

    Parameters
    ----------
    tables : Dataset
        ``course_effects`` and what ``gather_evidence`` reads.
    cycle : str
        The last cycle whose evaluations count.
    settings : Settings
        The section ``improvement``: ``plan_with`` decides between evidence and claims.
    judged : DataFrame, optional
        As for ``gather_evidence``.

    Returns
    -------
    DataFrame
        One row a course and competency, sorted: the columns of ``update_effects``, its ``value``
        called ``effect`` and its ``prior`` called ``claim``, with ``source`` (of the claim) and
        ``confirmed`` (*yes* where an evaluation of its own stands behind it, or the catalogue says
        so). Where the plan is made with claims they are the effects.

    Raises
    ------
    CakraError
        As ``gather_evidence`` and ``update_effects``.
    """
    claims, learnt = tables["course_effects"], settings.improvement
    evidence = tables["evaluations"].head(0)
    if learnt.plan_with == "evidence":
        evidence = gather_evidence(tables, cycle=cycle, settings=settings, judged=judged)
    found = update_effects(
        claims,
        tables["courses"],
        evidence,
        cycle=cycle,
        grades=learnt.grades,
        decay=learnt.decay,
        bias=learnt.bias,
        spread=learnt.spread,
    ).rename(columns=EXPECTED)
    said = claims[[*KEY, "source", "confirmed"]]
    table = found.merge(said, on=KEY, how="left", validate="one_to_one")
    measured = table["status"].eq("evaluated") | table["confirmed"].eq("yes")
    return table.assign(
        source=table["source"].fillna(""), confirmed=measured.map({True: "yes", False: "no"})
    )
