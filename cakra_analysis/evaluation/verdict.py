"""A fixed, published scale: does the course work, and how good is the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

VERDICTS = ("works", "promising", "no_sign", "harmful", "cannot_tell")
GRADES = ("A", "B", "C", "D", "E")
# Mean effects on learning in the literature, in standard deviations; to be held against effects of
# the kind of d_av only. Arthur, Bennett, Edens & Bell (2003), JAP 88, 234-245; Lacerenza,
# Reyes, Marlow, Joseph & Salas (2017), JAP 102, 1686-1718 (leadership courses).
BENCHMARKS = {"Arthur 2003": 0.63, "Lacerenza 2017": 0.73}
TOO_FAR = 0.25  # standardised difference that adjusting no longer mends: Stuart (2010)
DRAWN = 3.0  # standard errors that the two sides of a draw may differ by
UNEQUAL_LOSS = 0.15  # what the two sides may differ in the share lost
OUTSIDE = 0.1  # share of the trained without comparison


def grade_evidence(
    design: pd.DataFrame, checks: pd.DataFrame, *, most_lost: float = 0.3
) -> pd.DataFrame:
    """Return how good the evidence on each course is, whatever it says.

    Parameters
    ----------
    design : DataFrame
        From ``describe_design``.
    checks : DataFrame
        From ``check_courses``.
    most_lost : float
        Largest share without an outcome, on either side.

    Returns
    -------
    DataFrame
        One row a course, in the order of ``design``: course_id, ``grade`` (A drawn by lot, all
        checks kept; B compared, all checks kept; C compared, a check failed or not done; D nobody
        to compare; E no scores before and after), ``reason`` (codes of what failed, joined by a
        blank: lost, unequal_loss, imbalance, overlap, placebo, no_placebo, no_comparison,
        no_scores), ``n``.

    Notes
    -----
    Failed: a share lost above ``most_lost``; the two sides' shares lost differ by more than 0.15;
    a standardised difference above 0.25 after weighting (where lots were drawn: above three
    standard errors sqrt(1/n1 + 1/n0) too, as a draw itself makes small sides differ); more than a
    tenth of the trained without comparison; a placebo interval without zero. Stuart (2010),
    Statistical Science 25, 1-21. The limits are this project's convention, *not* a regulation's.
    Pinned by ``tests/test_evaluation_verdict.py``.

    Examples
    --------
    >>> design = pd.DataFrame({"course_id": ["C"], "assignment": ["lot"], "n_trained": [30],
    ...     "n_comparison": [0], "lost_trained": [0.1], "lost_comparison": [np.nan], "n": [30]})
    >>> grade_evidence(design, pd.DataFrame({"course_id": ["C"]}))["grade"].item()
    'D'
    """
    rows = design.merge(checks.drop(columns="n", errors="ignore"), on="course_id", how="left")
    graded = [_grade(row._asdict(), most_lost) for row in rows.itertuples(index=False)]
    table = pd.DataFrame(graded, columns=["grade", "reason"], index=rows.index)
    return rows[["course_id"]].join(table).assign(n=rows["n"])


def _grade(row: dict[str, Any], most_lost: float) -> tuple[str, str]:
    if row["n_trained"] == 0:
        return "E", "no_scores"
    if row["n_comparison"] == 0:
        return "D", "no_comparison"
    drawn = row["assignment"] == "lot"
    by_chance = DRAWN * np.sqrt(1 / row["n_trained"] + 1 / row["n_comparison"]) if drawn else 0.0
    lost = [row["lost_trained"], row["lost_comparison"]]
    low, high = row.get("placebo_low", np.nan), row.get("placebo_high", np.nan)
    failed = {
        "lost": max(lost) > most_lost,
        "unequal_loss": abs(lost[0] - lost[1]) > UNEQUAL_LOSS,
        "imbalance": not row.get("worst_after", np.nan) <= max(TOO_FAR, by_chance),
        "overlap": not row.get("outside", np.nan) <= OUTSIDE,
        "placebo": low > 0 or high < 0,
        "no_placebo": bool(np.isnan(low)) and not drawn,
    }
    reasons = [name for name, is_so in failed.items() if is_so]
    best = "A" if drawn else "B"
    return ("C" if reasons else best), " ".join(reasons)


def judge_courses(
    effects: pd.DataFrame,
    grades: pd.DataFrame,
    *,
    smallest: float = 0.2,
    excluded: float = 0.5,
) -> pd.DataFrame:
    """Return each course's verdict, from its effect, its interval and the grade of the evidence.

    Parameters
    ----------
    effects : DataFrame
        From ``estimate_courses``.
    grades : DataFrame
        From ``grade_evidence``.
    smallest : float
        Smallest effect that matters, in standard deviations.
    excluded : float
        No sign is said only where the interval ends below this.

    Returns
    -------
    DataFrame
        One row a course, in the order of ``grades``: course_id, ``verdict``, ``grade``,
        ``reason``, ``value``, ``low``, ``high`` (effect in standard deviations, missing without
        comparison), ``points``, ``points_low``, ``points_high`` (in points of the test),
        ``level``, ``gain`` (mean gain of the trained, points: not an effect), ``method``, ``n``.

    Notes
    -----
    By rows, the first that fits: *cannot_tell* without comparison or interval; *works*: interval
    above zero, effect at least ``smallest``, grade A or B; *promising*: interval above zero
    otherwise, or effect at least ``smallest`` and the interval's lower half-width reaching no
    further below zero than a quarter of it; *harmful*: interval below zero, grade A or B;
    *no_sign*: interval with zero in it that ends below ``excluded``, grade A or B; else
    *cannot_tell*. It judges the mean effect on test scores, *not* the course's worth. Pinned by
    ``tests/test_evaluation_verdict.py`` and ``benchmarks/evaluation.py``.

    Examples
    --------
    >>> effects = pd.DataFrame({"course_id": ["C"], "decides": [True], "method": ["aipw"],
    ...     "value": [5.0], "low": [2.0], "high": [8.0], "d": [0.5], "d_low": [0.2],
    ...     "d_high": [0.8], "level": [0.95], "n": [90]})
    >>> grades = pd.DataFrame({"course_id": ["C"], "grade": ["B"], "reason": [""]})
    >>> judge_courses(effects, grades)["verdict"].item()
    'works'
    """
    names = {"value": "points", "low": "points_low", "high": "points_high"}
    decided = effects[effects["decides"]].rename(columns=names)
    decided = decided.rename(columns={"d": "value", "d_low": "low", "d_high": "high"})
    gains = effects[effects["method"] == "naive"].set_index("course_id")["value"]
    rows = grades[["course_id", "grade", "reason"]].merge(
        decided, on="course_id", how="left", validate="one_to_one", suffixes=("", "_of_effect")
    )
    verdict = [_judge(row, smallest, excluded) for row in rows.itertuples()]
    rows = rows.assign(verdict=verdict, gain=rows["course_id"].map(gains))
    columns = ["course_id", "verdict", "grade", "reason", "value", "low", "high", "points",
               "points_low", "points_high", "level", "gain", "method", "n"]  # fmt: skip
    return rows[columns]


def _judge(row: Any, smallest: float, excluded: float) -> str:
    if row.grade in ("D", "E") or not np.isfinite(row.low):
        return "cannot_tell"
    sound = row.grade in ("A", "B")
    if row.low > 0:
        return "works" if sound and row.value >= smallest else "promising"
    if row.high < 0:
        return "harmful" if sound else "cannot_tell"
    if row.value >= smallest and -row.low <= (row.value - row.low) / 4:
        return "promising"
    return "no_sign" if sound and row.high < excluded else "cannot_tell"
