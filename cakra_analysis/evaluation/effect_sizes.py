"""How large a change or a difference is, in points and in standard deviations."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import optimize, stats

from cakra_analysis.evaluation.bootstrap_pairs import estimate_changes, small_sample
from cakra_analysis.evaluation.gain import match_scores

TOO_FEW, NO_VARIANCE = "too few", "no variance"
COLUMNS = ["measure", "value", "low", "high", "level", "n", "p", "method"]

Row = tuple[str, float, float, float, float, str]  # measure, value, low, high, p, method


def score_paired(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Return how much the same people changed, in points and in standard deviations.

    Parameters
    ----------
    pre, post : array-like of float
        Two scores of each person, in the same order; a pair with a missing score is left out.
    confidence : float
        Of the intervals.
    seed : int
        Of the bootstrap.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        One row a ``measure``: mean_difference (points), d_z, d_av, d_rm, glass, g_av (standard
        deviations), rank_biserial (-1 to 1); ``value``, ``low``, ``high``, ``level``, ``n``
        (pairs), ``p`` (mean_difference: paired t; rank_biserial: Wilcoxon signed rank; else
        missing), ``method``. Missing with method "too few" (no pair; an interval: below two, by
        bootstrap five) or "no variance".

    Raises
    ------
    DataError
        When the two are not equally long.

    Notes
    -----
    D = post - pre: d_z = mean D / s_D; d_av = mean D / ((s_pre + s_post) / 2); d_rm = d_z
    sqrt(2 (1 - r)); glass = mean D / s_pre; g_av = J d_av with J = 1 - 3 / (4 (n - 1) - 1);
    rank_biserial = (W+ - W-) / (W+ + W-) over the pairs that differ, interval by Fisher's z.
    d_z by inversion of the noncentral t; d_av, d_rm, glass and g_av by BCa bootstrap over people.
    d_z grows with the correlation r and must *not* be set beside the d of meta-analyses: take g_av.
    None of them is the effect of a course. Lakens (2013), Frontiers in Psychology 4, 863; BCa:
    Efron (1987), JASA 82, 171-185. Pinned by ``tests/test_evaluation_effect_sizes.py``.

    Examples
    --------
    >>> pre, post = [50, 55, 60, 45, 70], [68, 70, 72, 60, 80]
    >>> score_paired(pre, post)[["measure", "value"]].round(3).values.tolist()[:3]
    [['mean_difference', 14.0], ['d_z', 4.542], ['d_av', 1.664]]
    """
    x, y = match_scores(pre, post)
    n, change = len(x), y - x
    drawn = estimate_changes(x, y, confidence=confidence, seed=seed, resamples=resamples)
    rows = [_mean_row(change, confidence), _standard_row(change, confidence)]
    rows += [(*row[:4], np.nan, row[4]) for row in drawn.itertuples(index=False)]
    rows.append(_sign_row(change, confidence))
    return _table(rows, n, confidence)


def score_independent(
    first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how much higher one group of people scores than another.

    Parameters
    ----------
    first, second : array-like of float
        One score a person; missing scores are left out.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a ``measure``, first less second: mean_difference (points), d_s, hedges_g (standard
        deviations), cliffs_delta (-1 to 1); ``value``, ``low``, ``high``, ``level``, ``n`` (people
        of both), ``p`` (mean_difference: Welch's t; cliffs_delta: Mann and Whitney; else missing),
        ``method``. Missing with method "too few" (below two in a group) or "no variance".

    Notes
    -----
    d_s = (m1 - m2) / s with the pooled s, interval by inversion of the noncentral t; hedges_g = J
    d_s with J = 1 - 3 / (4 (n1 + n2 - 2) - 1); cliffs_delta = P(first > second) - P(first <
    second), interval by Fisher's z. A difference of groups is *not* an effect unless lot made them.
    Hedges (1981), J. Educational Statistics 6, 107-128; Cliff (1993), Psychological Bulletin 114,
    494-509. Pinned by ``tests/test_evaluation_effect_sizes.py``.

    Examples
    --------
    >>> score_independent([4, 5, 6], [1, 2, 3, 4])[["measure", "value"]].round(3).values.tolist()
    [['mean_difference', 2.5], ['d_s', 2.113], ['hedges_g', 1.779], ['cliffs_delta', 0.917]]
    """
    x, y = (_clean(given) for given in (first, second))
    names = ["mean_difference", "d_s", "hedges_g", "cliffs_delta"]
    if min(len(x), len(y)) < 2:
        return _table([_empty(name, TOO_FEW) for name in names], len(x) + len(y), confidence)
    if _constant(x) and _constant(y):
        rows = [_empty(name, NO_VARIANCE) for name in names]
        rows[0] = _empty(names[0], NO_VARIANCE, float(x.mean() - y.mean()))
        return _table(rows, len(x) + len(y), confidence)
    test = stats.ttest_ind(x, y, equal_var=False)
    ends = test.confidence_interval(confidence)
    df, scale = len(x) + len(y) - 2, np.sqrt(1 / len(x) + 1 / len(y))
    pooled = np.sqrt(((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / df)
    d = float((x.mean() - y.mean()) / pooled)
    low, high = (scale * end for end in _noncentral(d / scale, df, confidence))
    j = small_sample(df)
    u = stats.mannwhitneyu(x, y)
    delta = 2 * float(u.statistic) / (len(x) * len(y)) - 1
    error = np.sqrt((len(x) + len(y) + 1) / (3 * len(x) * len(y)))
    rows = [
        (names[0], float(x.mean() - y.mean()), ends.low, ends.high, float(test.pvalue), "Welch"),
        (names[1], d, low, high, np.nan, "noncentral t"),
        (names[2], j * d, j * low, j * high, np.nan, "noncentral t"),
        (names[3], delta, *_fisher(delta, error, confidence), float(u.pvalue), "Fisher's z"),
    ]
    return _table(rows, len(x) + len(y), confidence)


def _clean(given: ArrayLike) -> np.ndarray:
    scores = np.asarray(given, dtype=float)
    return scores[~np.isnan(scores)]


def _constant(scores: np.ndarray) -> bool:
    return bool(np.ptp(scores) < 1e-9)


def _empty(measure: str, method: str, value: float = np.nan) -> Row:
    return (measure, value, np.nan, np.nan, np.nan, method)


def _table(rows: list[Row], n: int, confidence: float) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "p", "method"])
    return table.assign(level=confidence, n=n)[COLUMNS]


def _mean_row(change: np.ndarray, confidence: float) -> Row:
    if len(change) < 2 or _constant(change):
        mean = float(change.mean()) if len(change) else np.nan
        return _empty("mean_difference", TOO_FEW if len(change) < 2 else NO_VARIANCE, mean)
    test = stats.ttest_1samp(change, 0.0)
    ends = test.confidence_interval(confidence)
    return ("mean_difference", float(change.mean()), ends.low, ends.high, float(test.pvalue), "t")


def _standard_row(change: np.ndarray, confidence: float) -> Row:
    n = len(change)
    if n < 2 or _constant(change):
        return _empty("d_z", TOO_FEW if n < 2 else NO_VARIANCE)
    d = float(change.mean() / change.std(ddof=1))
    low, high = (end / np.sqrt(n) for end in _noncentral(d * np.sqrt(n), n - 1, confidence))
    return ("d_z", d, low, high, np.nan, "noncentral t")


def _sign_row(change: np.ndarray, confidence: float) -> Row:
    moved = change[change != 0]
    if not len(moved):
        return _empty("rank_biserial", NO_VARIANCE if len(change) else TOO_FEW)
    n, ranks = len(moved), stats.rankdata(np.abs(moved))
    value = float((ranks * np.sign(moved)).sum() / ranks.sum())
    error = np.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / ((n**2 + n) / 2)
    exact = n < 50 and len(np.unique(ranks)) == n
    p = float(
        stats.wilcoxon(
            moved, method="exact" if exact else "asymptotic", correction=not exact
        ).pvalue
    )
    return ("rank_biserial", value, *_fisher(value, error, confidence), p, "Fisher's z")


def _fisher(value: float, error: float, confidence: float) -> tuple[float, float]:
    """Ends on the scale of Fisher's z; at exactly -1 or 1 the two ends are that value."""
    half = stats.norm.ppf((1 + confidence) / 2) * error
    with np.errstate(divide="ignore"):
        return float(np.tanh(np.arctanh(value) - half)), float(np.tanh(np.arctanh(value) + half))


def _noncentral(t: float, df: int, confidence: float) -> tuple[float, float]:
    """The noncentralities under which t is just not too large and just not too small."""
    size, tail = abs(t), (1 - confidence) / 2
    if size > 1e4:  # the distribution cannot be computed so far out
        return np.nan, np.nan
    most = size + 6 * np.sqrt(1 + t * t / (2 * df))

    def solve(chance: float) -> float:
        def excess(noncentrality: float) -> float:
            return float(stats.nct.cdf(size, df, noncentrality)) - chance

        return float(optimize.brentq(excess, stats.norm.ppf(tail) - 1, most, xtol=1e-10))

    low, high = solve(1 - tail), solve(tail)
    return (low, high) if t >= 0 else (-high, -low)
