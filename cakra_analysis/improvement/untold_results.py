"""Which actions cannot be judged yet, and why; nobody stands behind such a row."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.improvement.action_results import EARLY, FEW, LATE, SMALL, UNRATED

WHY = {EARLY: "early", LATE: "late", UNRATED: "unrated", SMALL: "unrated", FEW: "alone"}


def select_measured(results: pd.DataFrame) -> pd.DataFrame:
    """Return the actions whose cells were rated both times.

    Parameters
    ----------
    results : DataFrame
        From ``score_actions``.

    Returns
    -------
    DataFrame
        The rows with people behind them, in their order: those to be published.

    Examples
    --------
    >>> select_measured(pd.DataFrame({"action_id": ["A", "B"], "n": [0, 9]}))["action_id"].tolist()
    ['B']
    """
    return results[results["n"] > 0].reset_index(drop=True)


def count_untold(results: pd.DataFrame) -> dict[str, int]:
    """Count the actions that cannot be judged yet, by why.

    Parameters
    ----------
    results : DataFrame
        From ``score_actions``, before it is published.

    Returns
    -------
    dict of str to int
        ``early`` (decided in the latest cycle), ``late`` (done after it), ``unrated`` (its cells
        were not rated both times), ``alone`` (too few cells without an action to compare with).

    Examples
    --------
    >>> count_untold(pd.DataFrame({"n": [0, 9], "method": [EARLY, FEW]}))
    {'early': 1, 'late': 0, 'unrated': 0, 'alone': 1}
    """
    counts = results["method"].map(WHY).value_counts()
    return {why: int(counts.get(why, 0)) for why in dict.fromkeys(WHY.values())}
