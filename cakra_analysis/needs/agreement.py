"""Do several raters say the same of a person: agreement, and self minus supervisor."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.intervals import t_interval
from cakra_analysis.tree import ancestors

Row = tuple[str, float, float, float, int, str]  # kind, value, low, high, n, method

PAIR = ["self", "supervisor"]
TOO_FEW, NO_VARIANCE = "too few", "no variance"


def score_agreement(
    ratings: pd.DataFrame,
    *,
    value: str = "level",
    confidence: float = 0.95,
    scale_levels: int = 6,
) -> pd.DataFrame:
    """Return how far those who rate the same person agree, per competency.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating of one cycle: staff_id, competency_id, source, ``value`` (missing = not
        answered).
    value : str
        Column to judge.
    confidence : float
        Of the intervals.
    scale_levels : int
        Number of answers on the scale, for rwg: 0-5 are six.

    Returns
    -------
    DataFrame
        One row a competency and kind, sorted by competency: ``competency_id``, ``kind``, ``value``,
        ``low``, ``high``, ``level``, ``n`` (persons), ``method``. Kinds: "ICC(1)", one rating
        against another of the same person, whoever gave it (at most 1, below 0 possible);
        "ICC(1,k)", the mean of the average number of ratings; "ICC(A,1)", one source against
        another, leniency counted as disagreement; "ICC(C,1)", the same with leniency left out;
        "rwg" (0-1), how close one person's ratings are, 0 = as random answers. The two-way kinds
        read the persons whom every source rated, several raters of a source as their mean; rwg
        those with two ratings. Missing, with method "too few", below two such persons or two
        ratings each; "no variance": persons do not differ (rwg: they agree equally, no interval).

    Notes
    -----
    One way: ICC(1) = (B - W) / (B + (k0 - 1) W), ICC(1,k) = (B - W) / B with the mean squares B
    between and W within persons and k0 = (N - sum k_i^2 / N) / (n - 1); F interval, exact for equal
    k_i. Two way, k sources: C = (R - E) / (R + (k - 1) E), A = (R - E) / (R + (k - 1) E +
    k (S - E) / n) with the mean squares R of persons, S of sources, E of the rest. rwg = mean over
    persons of max(0, 1 - s_i^2 / ((L^2 - 1) / 12)), t interval. An ICC is *not* accuracy: raters
    may agree and be wrong; and it is low where persons hardly differ. McGraw & Wong (1996),
    Psychological Methods 1, 30-46; rwg: James, Demaree & Wolf (1984), J. Applied Psychology 69,
    85-98. Pinned by ``tests/test_needs_agreement.py`` against R's psych and the table printed by
    Shrout & Fleiss.

    Examples
    --------
    >>> rows = {"staff_id": list("ABC") * 2, "source": ["self"] * 3 + ["supervisor"] * 3}
    >>> ratings = pd.DataFrame(rows).assign(competency_id="M.1", level=[2, 3, 5, 1, 2, 4])
    >>> score_agreement(ratings)[["kind", "value"]].round(3).values.tolist()[2:]
    [['ICC(A,1)', 0.824], ['ICC(C,1)', 1.0], ['rwg', 0.829]]
    """
    kept = ratings[ratings[value].notna()]
    kept = kept.assign(**{value: kept[value].astype(float)})
    upper = (1 + confidence) / 2
    rows: list[tuple[str | float, ...]] = []
    for competency, given in kept.groupby("competency_id", observed=True):
        people = given.groupby("staff_id", observed=True)[value].agg(["size", "mean", "var"])
        matrix = given.pivot_table(index="staff_id", columns="source", values=value, observed=True)
        found = _one_way(people, upper) + _two_way(matrix.dropna().to_numpy(), upper)
        found.append(_within(people["var"].dropna(), scale_levels, confidence))
        rows += [(competency, *row, confidence) for row in found]
    columns = ["competency_id", "kind", "value", "low", "high", "n", "method", "level"]
    table = pd.DataFrame(rows, columns=columns)
    return table[["competency_id", "kind", "value", "low", "high", "level", "n", "method"]]


def score_self_gap(
    ratings: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    *,
    value: str = "level",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return by how much people rate themselves above what their supervisor sees, by unit.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating of one cycle: staff_id, competency_id, source, ``value`` (missing = not
        answered). Read where a person and competency have both, self and supervisor.
    staff : DataFrame
        Everybody in service in the cycle: staff_id, unit_id.
    units : DataFrame
        unit_id, parent_id.
    value : str
        Column to compare.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it) that has such a person, sorted by unit_id:
        ``value`` (levels, positive = rates oneself higher), ``low``, ``high``, ``level``, ``n``
        (persons), ``method``: "t over persons"; "too few" (one person) and "no variance" (all
        alike) have no interval. Not who is right: both are perceptions.

    Notes
    -----
    d_i = mean over i's competencies of self minus supervisor (several raters of a source: their
    mean); value = mean d_i, every person counting once; value +- t(n-1) s_d / sqrt(n). Without a
    finite-population correction, so on the wide side. Student (1908), Biometrika 6, 1-25; that
    self-ratings run higher: Harris & Schaubroeck (1988), Personnel Psychology 41, 43-62. Pinned
    by ``tests/test_needs_agreement.py``.

    Examples
    --------
    >>> rows = {"staff_id": list("AABB"), "source": ["self", "supervisor"] * 2}
    >>> ratings = pd.DataFrame(rows).assign(competency_id="M.1", level=[4, 3, 5, 2])
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_self_gap(ratings, staff, units)[["unit_id", "value", "n"]].values.tolist()
    [['U', 2.0, 2]]
    """
    kept = ratings[ratings[value].notna() & ratings["source"].isin(PAIR)]
    keys = ["staff_id", "competency_id", "source"]
    sides = kept.groupby(keys, observed=True)[value].mean().unstack("source").reindex(columns=PAIR)
    gaps = (sides["self"] - sides["supervisor"]).dropna().groupby("staff_id", observed=True).mean()
    rows = staff[["staff_id", "unit_id"]].merge(
        gaps.rename("gap").reset_index(), on="staff_id", validate="one_to_one"
    )
    rows = rows.merge(ancestors(units), on="unit_id", validate="many_to_many")
    table = rows.groupby("ancestor")["gap"].agg(value="mean", variance="var", n="size")
    table = table.rename_axis("unit_id").reset_index()
    same = np.isclose(table["variance"], 0, atol=1e-12)
    spread = (table["variance"] / table["n"]).mask(same)
    low, high = t_interval(table["value"], spread, table["n"] - 1, confidence)
    method = np.select([table["n"] < 2, same], [TOO_FEW, NO_VARIANCE], "t over persons")
    table = table.assign(low=low, high=high, level=confidence, method=method)
    return table[["unit_id", "value", "low", "high", "level", "n", "method"]]


def _one_way(people: pd.DataFrame, upper: float) -> list[Row]:
    """``people`` has a row a person: size, mean and var of the ratings."""
    size, n = people["size"], len(people)
    total = int(size.sum())
    if n < 2 or total == n:
        return _rows(["ICC(1)", "ICC(1,k)"], np.full((2, 3), np.nan), n, TOO_FEW)
    within = (people["var"].fillna(0) * (size - 1)).sum() / (total - n)
    mean = (people["mean"] * size).sum() / total
    between = (size * (people["mean"] - mean) ** 2).sum() / (n - 1)
    k0 = (total - (size**2).sum() / total) / (n - 1)
    ends = within * np.array([1, *stats.f.ppf([upper, 1 - upper], n - 1, total - n)])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = [(between - ends) / (between + (k0 - 1) * ends), (between - ends) / between]
    method = NO_VARIANCE if np.isclose(between + within, 0, atol=1e-12) else "one-way ANOVA, F"
    return _rows(["ICC(1)", "ICC(1,k)"], np.array(values), n, method)


def _two_way(y: np.ndarray, upper: float) -> list[Row]:
    """``y`` has a row a person and a column a source, none missing."""
    n, k = y.shape
    kinds = ["ICC(A,1)", "ICC(C,1)"]
    if n < 2 or k < 2:
        return _rows(kinds, np.full((2, 3), np.nan), n, TOO_FEW)
    persons, sources = y.mean(axis=1, keepdims=True), y.mean(axis=0)
    r, s = k * persons.var(ddof=1), n * sources.var(ddof=1)
    e = ((y - persons - sources + y.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    whole = r + (k - 1) * e + k * (s - e) / n
    if np.isclose([r + e, whole], 0, atol=1e-12).any():
        return _rows(kinds, np.full((2, 3), np.nan), n, NO_VARIANCE)
    ends = e * np.array([1, *stats.f.ppf([upper, 1 - upper], n - 1, (n - 1) * (k - 1))])
    consistent = (r - ends) / (r + (k - 1) * ends)
    a = (r - e) / whole
    # Satterthwaite's degrees of freedom of the denominator: McGraw & Wong, table 7. They have no
    # sense below 0, where R's psych goes on and may come out without an interval.
    rho = max(a, 0.0)
    of_s, of_e = k * rho * s, (n * (1 + (k - 1) * rho) - k * rho) * e
    below = (n - 1) * of_s**2 + of_e**2
    df = (n - 1) * (k - 1) * (of_s + of_e) ** 2 / below if below > 0 else 1.0
    rest = k * s + (k * n - k - n) * e
    down, up = stats.f.ppf(upper, n - 1, df), stats.f.ppf(upper, df, n - 1)
    low = n * (r - down * e) / (down * rest + n * r)
    high = n * (up * r - e) / (rest + n * up * r)
    return _rows(kinds, np.array([(a, low, high), consistent]), n, "two-way ANOVA, F")


def _within(variances: pd.Series, scale_levels: int, confidence: float) -> Row:
    n = len(variances)
    if n < 2:
        return "rwg", np.nan, np.nan, np.nan, n, TOO_FEW
    agreement = (1 - variances / ((scale_levels**2 - 1) / 12)).clip(lower=0)
    mean, spread = agreement.mean(), agreement.var()
    if np.isclose(spread, 0, atol=1e-12):
        return "rwg", mean, np.nan, np.nan, n, NO_VARIANCE
    half = stats.t.ppf((1 + confidence) / 2, n - 1) * np.sqrt(spread / n)
    return "rwg", mean, max(mean - half, 0.0), min(mean + half, 1.0), n, "uniform null, t"


def _rows(kinds: list[str], values: np.ndarray, n: int, method: str) -> list[Row]:
    known = np.isfinite(values) & np.isfinite(values[:, :1]) & (method != NO_VARIANCE)
    values = np.where(known, values, np.nan)
    named = zip(kinds, values.tolist(), strict=True)
    return [(kind, value, low, high, n, method) for kind, (value, low, high) in named]
