"""What a reader must know beside the trend."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.results import Finding


def find_trend_caveats(trend: pd.DataFrame, *, rate: float) -> list[Finding]:
    """Return what a reader must know beside the figures of the trend.

    Parameters
    ----------
    trend : DataFrame
        A published ``select_changes`` table, all periods.
    rate : float
        As for ``judge_changes``.

    Returns
    -------
    list of Finding
        ``improvement.trend.caveat.noise`` and ``.false_rate`` always; ``.undeclared`` where nobody
        declared the instruments of both cycles, ``.linked`` where a linking is in the figures,
        ``.partly`` where some competencies cannot be compared (values names of the periods).
    """
    stem = "improvement.trend.caveat"
    found = [Finding(f"{stem}.noise"), Finding(f"{stem}.false_rate", {"rate": rate})]
    fit = trend["comparable"].astype(bool)
    marks = {
        "undeclared": fit & ~trend["declared"].astype(bool),
        "linked": fit & trend["linked"].astype(bool),
        "partly": ~fit,
    }
    for kind, rows in marks.items():
        if rows.any():
            periods = sorted(trend.loc[rows, "period"].unique())
            found.append(Finding(f"{stem}.{kind}", {"names": periods}))
    return found
