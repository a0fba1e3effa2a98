"""What a reader must know beside the figures: who rated, how the marks and weights came about."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.needs.labels import gap_style
from cakra_analysis.needs.raters import ASSESSED
from cakra_analysis.results import Finding


def find_rating_caveats(gaps_by_person: pd.DataFrame, *, false_rate: float) -> list[Finding]:
    """Return what rests on single ratings, on assessors, and on the rule for marks.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``: n_ratings, gap_definition, and ``basis`` where it is known.
    false_rate : float
        As for ``adjust_below``, 0-1.

    Returns
    -------
    list of Finding
        Of ``caveat.false_rate``, ``caveat.one_rating`` (values share, 0-1; only where several rate)
        and ``caveat.anchored``; nothing for a stated need.
    """
    if gap_style(gaps_by_person["gap_definition"].iloc[0]) == "need":
        return []
    found = [Finding("caveat.false_rate", {"rate": false_rate})]
    single = float((gaps_by_person["n_ratings"] == 1).mean())
    if 0 < single < 1:
        found.append(Finding("caveat.one_rating", {"share": single}, n=len(gaps_by_person)))
    if "basis" in gaps_by_person and (gaps_by_person["basis"] == ASSESSED).any():
        found.append(Finding("caveat.anchored"))
    return found


def find_learning_caveat(learned: Finding) -> list[Finding]:
    """Return that some of the figures for learning hours are not confirmed.

    Parameters
    ----------
    learned : Finding
        From ``find_learning``.

    Returns
    -------
    list of Finding
        ``caveat.jp`` where hours are shown.
    """
    return [Finding("caveat.jp")] if learned.key.endswith("shown") else []


def find_voices_caveat(sample: pd.DataFrame) -> list[Finding]:
    """Return what weighting the public to the population cost.

    Parameters
    ----------
    sample : DataFrame
        ``Voices.sample``.

    Returns
    -------
    list of Finding
        ``caveat.voices`` with effect (design effect) and effective (answers); nothing without.
    """
    rows = sample[sample["group"] == "public"]
    if rows.empty or not rows["effective_n"].iloc[0] > 0:
        return []
    row = rows.iloc[0]
    values = {"effect": row["n"] / row["effective_n"], "effective": row["effective_n"]}
    return [Finding("caveat.voices", values, n=int(row["n"]))]


def find_self_gap(self_gap: pd.DataFrame, *, unit: str) -> list[Finding]:
    """Find whether people rate themselves above what their supervisors see.

    Parameters
    ----------
    self_gap : DataFrame
        A published ``score_self_gap`` table.
    unit : str
        Code of the unit.

    Returns
    -------
    list of Finding
        ``caveat.self_higher`` or ``caveat.self_lower`` where the interval leaves zero out.
    """
    rows = self_gap[(self_gap["unit_id"] == unit) & self_gap["low"].notna()]
    if rows.empty or (rows["low"].iloc[0] <= 0 <= rows["high"].iloc[0]):
        return []
    row = rows.iloc[0]
    kind = "higher" if row["value"] > 0 else "lower"
    values = {"value": abs(row["value"])}
    return [Finding(f"caveat.self_{kind}", values, n=int(row["n"]))]
