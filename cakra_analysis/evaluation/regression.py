"""What gain is left of those picked for low scores, who would have scored higher anyway."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.pairs import COMPARISON, pair_people
from cakra_analysis.intervals import t_interval

FEWEST = 10  # comparison people with two scores
REGRESSION = ["gain", "expected", "reliability", "n_reliability", "mean_pre", "mean_everybody"]
METHOD = "mean gain less expected regression to the mean; linearised, t"


def score_regression(
    tests: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    reliability: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what gain is left when chance alone would have lifted those picked for low scores.

    Parameters
    ----------
    tests, attendance, sessions : DataFrame
        As for ``score_learning``; comparison people have tests but no attendance.
    reliability : float, optional
        Of the pre-test (0-1), for all courses. Else the correlation of earlier and pre-scores of
        the comparison people.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a course with a completer's pair, sorted: ``value`` (gain left, points), ``low``,
        ``high``, ``level``, ``n`` (completers with both tests), ``gain`` (points), ``expected``
        (points that regression to the mean gives; negative = picked for high scores),
        ``reliability``, ``n_reliability`` (0 = given), ``mean_pre``, ``mean_everybody`` (of all
        with a pre-test), ``method``: "too few" comparison people (ten) leaves the value missing.

    Notes
    -----
    expected = (1 - reliability) (mean_everybody - mean_pre); interval by linearisation, with the
    standard error (1 - r^2) / sqrt(n - 1) of an estimated correlation. It holds where people were
    picked by this very pre-score and everybody tested stands for those they were picked from; a
    comparison group of high scorers only makes r, and so the gain left, too low. It is *not* a
    substitute for a comparison group. Davis (1976), American J. Epidemiology 104, 493-498. Pinned
    by ``tests/test_evaluation_learning.py``.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("ABCDABCD"), "course_id": "C.1",
    ...     "occasion": ["pre"] * 4 + ["post"] * 4, "score": [40, 50, 60, 70, 50, 60, 60, 70]})
    >>> attendance = pd.DataFrame({"session_id": "S1", "staff_id": ["A", "B"],
    ...     "status": "completed"})
    >>> sessions = pd.DataFrame({"session_id": ["S1"], "course_id": "C.1", "trainer": "T1",
    ...     "venue": "V1"})
    >>> left = score_regression(tests, attendance, sessions, reliability=0.8)
    >>> left[["gain", "expected", "value"]].values.round(3).tolist()
    [[10.0, 2.0, 8.0]]
    """
    people = pair_people(tests, attendance, sessions)
    rows = []
    for course, tested in people.groupby("course_id", observed=True):
        done = tested[(tested["status"] == "completed") & tested["gain"].notna()]
        if len(done):
            row = _regress(tested[tested["pre"].notna()], done, reliability)
            rows.append({"course_id": course, **row})
    names = ["course_id", "value", "variance", "n", *REGRESSION, "method"]
    table = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(["value", "variance"], float))
    start, end = t_interval(table["value"], table["variance"], table["n"] - 1, confidence)
    table = table.assign(low=start, high=end, level=confidence)
    return table[["course_id", "value", "low", "high", "level", "n", *REGRESSION, "method"]]


def _regress(
    tested: pd.DataFrame, done: pd.DataFrame, reliability: float | None
) -> dict[str, object]:
    """One course: everybody with a pre-test, and those of them who completed it."""
    others = tested.drop(done.index)["pre"]
    r, error, n = _reliability(tested, reliability)
    mean, everybody = float(done["pre"].mean()), float(tested["pre"].mean())
    expected = (1 - r) * (everybody - mean)
    gain = float(done["gain"].mean())
    # Everybody's mean holds the completers too: what their own scores add is counted once.
    outside = 1 - len(done) / len(tested)
    pull = (1 - r) * outside
    own = (done["gain"] + pull * done["pre"]).var() / len(done)
    variance = own + pull**2 * others.var() / max(len(others), 1)
    variance += (outside * (others.mean() - mean)) ** 2 * error**2
    known = len(others) > 1 and np.isfinite(r)
    return {
        "value": gain - expected if known else np.nan,
        "variance": variance if known else np.nan,
        "n": len(done),
        "gain": gain,
        "expected": expected if known else np.nan,
        "reliability": r,
        "n_reliability": n,
        "mean_pre": mean,
        "mean_everybody": everybody,
        "method": METHOD if known else "too few",
    }


def _reliability(tested: pd.DataFrame, given: float | None) -> tuple[float, float, int]:
    """Reliability, its standard error, and how many people told it."""
    if given is not None:
        return given, 0.0, 0
    rows = tested.loc[tested["status"] == COMPARISON, ["earlier", "pre"]].dropna()
    if len(rows) < FEWEST or (rows.std() < 1e-9).any():
        return np.nan, np.nan, len(rows)
    r = float(np.clip(np.corrcoef(rows["earlier"], rows["pre"])[0, 1], 0.0, 1.0))
    return r, (1 - r**2) / np.sqrt(len(rows) - 1), len(rows)
