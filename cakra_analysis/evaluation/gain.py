"""How much of what could be learned was learned, and whether people's own yardstick moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from cakra_analysis.errors import DataError

BANDS = {"low": -np.inf, "medium": 0.3, "high": 0.7}  # from here on; Hake (1998)
TOO_FEW = "too few"


def score_gain(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    low: float = 0.0,
    high: float = 100.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what share of the way to the highest score was covered.

    Parameters
    ----------
    pre, post : array-like of float
        Two scores of each person, in the same order; a pair with a missing score is left out.
    low, high : float
        Ends of the scale.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a ``measure``: class_gain, individual_gain, normalised_change; ``value`` (1 = all
        reached the highest score), ``low``, ``high``, ``level``, ``n`` (people counted),
        ``undefined`` (people whose own figure does not exist), ``band`` (low below 0.3, high from
        0.7, else medium; missing without a value), ``method``. Below two people no interval.

    Raises
    ------
    DataError
        When the two are not equally long, or a score is off the scale.

    Notes
    -----
    With H and L the ends of the scale: class_gain = (mean post - mean pre) / (H - mean pre), its
    interval by linearisation; individual_gain = mean of (post - pre) / (H - pre), undefined at pre
    = H; normalised_change = mean c, with c = (post - pre) / (H - pre) for who rose, (post - pre) /
    (pre - L) for who fell, 0 for who stayed, undefined for who stayed at H or L. It depends on the
    difficulty of the test and is *not* an effect of the course. Hake (1998), American J. Physics
    66, 64-74; Marx & Cummings (2007), American J. Physics 75, 87-91. Pinned by
    ``tests/test_evaluation_effect_sizes.py``.

    Examples
    --------
    >>> pre, post = [50, 55, 60, 45, 100], [68, 70, 72, 60, 100]
    >>> score_gain(pre, post)[["measure", "value", "n", "band"]].round(3).values.tolist()[:2]
    [['class_gain', 0.316, 5, 'medium'], ['individual_gain', 0.317, 4, 'medium']]
    """
    x, y = match_scores(pre, post)
    if ((np.r_[x, y] < low) | (np.r_[x, y] > high)).any():
        raise DataError(
            f"There are scores between {np.r_[x, y].min():g} and {np.r_[x, y].max():g}.",
            allowed=f"The scale runs from {low:g} to {high:g}.",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        individual = np.where(x < high, (y - x) / (high - x), np.nan)
        fallen = np.where(y < x, (y - x) / (x - low), individual)
    change = np.where((x == y) & ((x == low) | (x == high)), np.nan, fallen)
    rows = [
        ("class_gain", *_class_gain(x, y, high, confidence), len(x)),
        ("individual_gain", *_mean(individual, confidence)),
        ("normalised_change", *_mean(change, confidence)),
    ]
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "method", "n"])
    table = table.assign(level=confidence, undefined=len(x) - table["n"])
    table["band"] = [name_band(value) for value in table["value"]]
    columns = ["measure", "value", "low", "high", "level", "n", "undefined", "band", "method"]
    return table[columns]


def name_band(gain: float) -> str | None:
    """Return the customary name of a gain's size.

    Parameters
    ----------
    gain : float
        A class gain or mean individual gain.

    Returns
    -------
    str or None
        ``low`` (from 0 to below 0.3), ``medium`` or ``high`` (from 0.7); None without a gain, and
        where scores fell: a fall is no low gain.

    Examples
    --------
    >>> [name_band(gain) for gain in (-0.1, 0.29, 0.3, 0.7)]
    [None, 'low', 'medium', 'high']
    """
    if np.isnan(gain) or gain < 0:
        return None
    # Scores like 0.7 are seldom exact in binary.
    return [name for name, start in BANDS.items() if gain >= start - 1e-9][-1]


def score_shift(
    pre: ArrayLike, then: ArrayLike, post: ArrayLike, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the gain against the first test, against the test in hindsight, and their difference.

    Parameters
    ----------
    pre, then, post : array-like of float
        Scores of each person, in the same order: before; of that time, but judged afterwards; and
        afterwards. People who lack one are left out.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a ``measure``: conventional_gain (post - pre), then_gain (post - then),
        response_shift (then - pre; negative = people rated themselves too high before); ``value``
        (points), ``low``, ``high``, ``level``, ``n`` (people), ``method``. Below two people no
        interval.

    Raises
    ------
    DataError
        When the three are not equally long.

    Notes
    -----
    Means with t intervals; then_gain = conventional_gain - response_shift. Then-gains are for
    self-ratings and run high, as people like to see that they have grown; they must *not* be set
    beside gains of others or meta-analyses. Howard (1980), Evaluation Review 4, 93-106. Pinned by
    ``tests/test_evaluation_effect_sizes.py``.

    Examples
    --------
    >>> score_shift([3.4], [2.6], [3.9])["value"].round(1).tolist()
    [0.5, 1.3, -0.8]
    """
    x, t = match_scores(pre, then, keep=True)
    x, y = match_scores(x, post, keep=True)
    changes = {"conventional_gain": y - x, "then_gain": y - t, "response_shift": t - x}
    whole = ~np.isnan(x + t + y)
    rows = [(name, *_mean(change[whole], confidence)) for name, change in changes.items()]
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "method", "n"])
    return table.assign(level=confidence)[
        ["measure", "value", "low", "high", "level", "n", "method"]
    ]


def match_scores(
    first: ArrayLike, second: ArrayLike, *, keep: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return two scores of each person as arrays of one length.

    Parameters
    ----------
    first, second : array-like of float
        Scores of the same people, in the same order.
    keep : bool
        Whether people who lack one stay.

    Returns
    -------
    tuple of ndarray of float
        First and second scores.

    Raises
    ------
    DataError
        When there are not as many first as second scores.

    Examples
    --------
    >>> [scores.tolist() for scores in match_scores([1, 2], [3, np.nan])]
    [[1.0], [3.0]]
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if x.shape != y.shape:
        raise DataError(
            f"There are {x.size} first scores and {y.size} second ones.",
            allowed="A pair is two scores of one person, in the same order.",
        )
    both = keep | ~(np.isnan(x) | np.isnan(y))
    return x[both], y[both]


def _mean(scores: np.ndarray, confidence: float) -> tuple[float, float, float, str, int]:
    """Mean, ends of its t interval, method and number of the scores that are there."""
    there = scores[~np.isnan(scores)]
    n = len(there)
    mean = float(there.mean()) if n else np.nan
    if n < 2:
        return mean, np.nan, np.nan, TOO_FEW, n
    half = stats.t.ppf((1 + confidence) / 2, n - 1) * there.std(ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half, "t", n


def _class_gain(
    x: np.ndarray, y: np.ndarray, high: float, confidence: float
) -> tuple[float, float, float, str]:
    """One less the ratio of what is left to learn after and before."""
    room = high - x.mean() if len(x) else 0.0
    if room <= 0:
        return np.nan, np.nan, np.nan, TOO_FEW if not len(x) else "no room to gain"
    left = (high - y.mean()) / room
    # Their mean is the gain, and their spread tells how sure it is.
    gains = 1 - left - ((high - y) - left * (high - x)) / room
    value, start, end, method, _ = _mean(gains, confidence)
    return value, start, end, "linearised ratio, t" if method == "t" else method
