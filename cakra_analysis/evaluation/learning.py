"""Level 2: how much more those who completed a course score, and how much of it they keep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.effect_sizes import score_paired
from cakra_analysis.evaluation.gain import name_band, score_gain, score_shift
from cakra_analysis.evaluation.pairs import pair_people

FEWEST = 10  # people, below which a figure beside the main one is not given
CEILING, FLOOR = 0.9, 0.1  # of the scale
ENDS = ["", "_low", "_high"]
COLUMNS = ["course_id", "value", "low", "high", "level", "n", "n_started", "matched"]
COLUMNS += [f"{size}{end}" for size in ("d_av", "g_av") for end in ENDS]
COLUMNS += ["d_z", "rank_biserial", "p_wilcoxon", "gain_class", "category", "normalised_change"]
COLUMNS += ["ceiling", "floor", *(f"retention{end}" for end in ENDS), "n_retention"]
COLUMNS += [f"{shift}{end}" for shift in ("then_gain", "response_shift") for end in ENDS]
COLUMNS += ["n_then", "mean_pre", "mean_post", "sd_pre", "method"]


def score_learning(
    tests: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    low: float = 0.0,
    high: float | Mapping[str, float] = 100.0,
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Return how much more those who completed a course score after it than before.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion (earlier, pre, then, post, retention), score.
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent).
    sessions : DataFrame
        session_id, course_id, trainer, venue.
    low : float
        Lowest score of the tests.
    high : float or mapping of str to float
        Highest score, or that of each course; missing = no limit, so nothing that hangs on it.
    confidence : float
        Of the intervals.
    seed, resamples : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        One row a course with a completer's pair, sorted by course_id. ``value``, ``low``, ``high``
        (mean gain, points), ``level``, ``n`` (completers with both tests), ``n_started`` (with a
        pre-test, completed or dropped), ``matched`` (n / n_started, 0-1); ``d_av``, ``g_av`` (each
        with ``_low``, ``_high``), ``d_z`` (standard deviations), ``rank_biserial`` (-1 to 1),
        ``p_wilcoxon``; ``gain_class`` (Hake, 1 = all that could be learned), ``category`` (low,
        medium, high, of gain_class), ``normalised_change``; ``ceiling`` (share of pre-scores in the
        top tenth of the scale), ``floor`` (of post-scores in the lowest tenth); ``retention``
        (points kept or lost since the post-test) and, in points, ``then_gain`` and
        ``response_shift``, each with ``_low``, ``_high``, and ``n_retention``, ``n_then`` (people;
        fewer than ten: missing); ``mean_pre``, ``mean_post``, ``sd_pre`` (points), ``method``.

    Notes
    -----
    Formulas: ``score_paired``, ``score_gain``, ``score_shift``; retention = mean (retention -
    post). A gain from one test to the next is *not yet an effect*: practice, time, regression to
    the mean and who left are in it. Intervals take people as independent. Levels: Kirkpatrick &
    Kirkpatrick (2006), Evaluating Training Programs. Pinned by
    ``tests/test_evaluation_learning.py``.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("ABCABC"), "course_id": "C.1",
    ...     "occasion": ["pre"] * 3 + ["post"] * 3, "score": [50, 60, 70, 66, 72, 80]})
    >>> attendance = pd.DataFrame({"session_id": "S1", "staff_id": list("ABC"),
    ...     "status": ["completed", "completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S1"], "course_id": "C.1", "trainer": "T1",
    ...     "venue": "V1"})
    >>> score_learning(tests, attendance, sessions)[["value", "n", "n_started"]].values.tolist()
    [[14.0, 2.0, 3.0]]
    """
    people = pair_people(tests, attendance, sessions)
    started = people[people["status"].isin(["completed", "dropped"]) & people["pre"].notna()]
    before = started.groupby("course_id", observed=True).size()
    done = started[(started["status"] == "completed") & started["post"].notna()]
    rows = []
    for course, pairs in done.groupby("course_id", observed=True):
        sizes = score_paired(
            pairs["pre"], pairs["post"], confidence=confidence, seed=seed, resamples=resamples
        ).set_index("measure")
        top = high.get(str(course), np.nan) if isinstance(high, Mapping) else high
        row = _spread_sizes(sizes) | _describe(pairs, low, top) | _later(pairs, confidence)
        counts = {"n_started": before[course], "matched": len(pairs) / before[course]}
        rows.append({"course_id": course, "level": confidence, **row, **counts})
    return pd.DataFrame(rows, columns=COLUMNS)


def _spread_sizes(sizes: pd.DataFrame) -> dict[str, object]:
    """The columns of one course from the rows of ``score_paired``."""
    row = {name: sizes.at["mean_difference", name] for name in ("value", "low", "high", "n")}
    for size in ("d_av", "g_av"):
        row |= {f"{size}{end}": sizes.at[size, end[1:] or "value"] for end in ENDS}
    row |= {size: sizes.at[size, "value"] for size in ("d_z", "rank_biserial")}
    how = sizes.at["mean_difference", "method"]
    method = "mean gain; t over people" if how == "t" else how
    return row | {"p_wilcoxon": sizes.at["rank_biserial", "p"], "method": method}


def _describe(pairs: pd.DataFrame, low: float, high: float) -> dict[str, object]:
    row: dict[str, object] = {
        "mean_pre": float(pairs["pre"].mean()),
        "mean_post": float(pairs["post"].mean()),
        "sd_pre": float(pairs["pre"].std()),
    }
    if not np.isfinite(high):
        return row
    gains = score_gain(pairs["pre"], pairs["post"], low=low, high=high)
    gains = gains.set_index("measure")["value"]
    top, bottom = (low + share * (high - low) for share in (CEILING, FLOOR))
    return row | {
        "gain_class": gains["class_gain"],
        "category": name_band(gains["class_gain"]),
        "normalised_change": gains["normalised_change"],
        "ceiling": float((pairs["pre"] >= top).mean()),
        "floor": float((pairs["post"] <= bottom).mean()),
    }


def list_highest(courses: pd.DataFrame) -> dict[str, float]:
    """Return the highest possible test score of each course.

    Parameters
    ----------
    courses : DataFrame
        course_id, perhaps score_high (missing = no limit; without the column it is 100).

    Returns
    -------
    dict of str to float
        NaN where there is no limit.

    Examples
    --------
    >>> list_highest(pd.DataFrame({"course_id": ["C"]}))
    {'C': 100.0}
    """
    highest = courses.get("score_high", pd.Series(100.0, index=courses.index))
    return dict(zip(courses["course_id"], highest.astype(float), strict=True))


def _later(pairs: pd.DataFrame, confidence: float) -> dict[str, object]:
    """What was kept, and what people said of the past; of too few people nothing."""
    shifts = score_shift(pairs["pre"], pairs["then"], pairs["post"], confidence=confidence)
    # Its first row is retention less post.
    kept = score_shift(pairs["post"], pairs["post"], pairs["retention"], confidence=confidence)
    both = pd.concat([shifts, kept.head(1).assign(measure="retention")]).set_index("measure")
    both.loc[both["n"] < FEWEST, ["value", "low", "high"]] = np.nan
    row: dict[str, object] = {"n_retention": both.at["retention", "n"]}
    row |= {"n_then": both.at["then_gain", "n"]}
    for name in ("retention", "then_gain", "response_shift"):
        row |= {f"{name}{end}": both.at[name, end[1:] or "value"] for end in ENDS}
    return row
