"""The two tables that a trend is shown by, each safe to publish by itself."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.improvement.parts import PARTS

KEYS = ["period", "first", "last", "unit_id", "competency_id"]
TOLD = ["level", "comparable", "apart", "declared", "linked", "method"]
ENDS = ("", "_low", "_high")


def select_changes(trend: pd.DataFrame) -> pd.DataFrame:
    """Return what leaders need of a trend: the same people, and all of who is there together.

    Parameters
    ----------
    trend : DataFrame
        From ``score_trend``, perhaps after ``judge_changes``.

    Returns
    -------
    DataFrame
        Same rows: value, low, high, n, total and who with their intervals, n_came, n_went, verdict
        and p_value where they are there, and what tells about the comparison. To be published as
        ``trend``: a row is shown where the same people, those who came and those who went are
        nobody or enough each.

    Examples
    --------
    >>> select_changes(pd.DataFrame({"value": [0.1], "joined": [0.2]}))["value"].tolist()
    [0.1]
    """
    figures = ["value", "low", "high", "n", "n_came", "n_went"]
    figures += [f"{name}{end}" for name in ("total", "who") for end in ENDS]
    return trend[[c for c in [*KEYS, *figures, "verdict", "p_value", *TOLD] if c in trend]]


def select_parts(trend: pd.DataFrame) -> pd.DataFrame:
    """Return who is there in detail: joined, left, moved, rated in one cycle only.

    Parameters
    ----------
    trend : DataFrame
        From ``score_trend``.

    Returns
    -------
    DataFrame
        Same rows: each part with its interval and people, n. To be published as ``trend_parts``:
        a row is shown where each part is of nobody or of enough people.

    Examples
    --------
    >>> list(select_parts(pd.DataFrame({"joined": [0.2], "n_joined": 7, "total": 0.4})))
    ['joined', 'n_joined']
    """
    figures = [f"{part}{end}" for part in PARTS for end in ENDS] + [f"n_{part}" for part in PARTS]
    return trend[[c for c in [*KEYS, "n", *figures, *TOLD] if c in trend]]
