"""Is the instrument good: do its items measure one thing, and was it filled in with care."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError, suggest
from cakra_analysis.intervals import alpha_interval

Estimate = tuple[float, float, float]  # with low and high end
FORM = ["staff_id", "rater"]
ESTIMATES = ["alpha", "alpha_low", "alpha_high", "omega", "omega_low", "omega_high"]
NONE = (np.nan, np.nan, np.nan)
MOST_LOADING = 0.995**0.5  # as psych: a lone item may not take the whole factor


def score_reliability(
    ratings: pd.DataFrame,
    *,
    value: str = "level",
    source: str | None = None,
    confidence: float = 0.95,
    reverse: Collection[str] = (),
    scale: tuple[float, float] = (0, 5),
    resamples: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how reliably the sum over a form's items tells people apart: alpha and omega.

    Parameters
    ----------
    ratings : DataFrame
        One cycle: staff_id, competency_id, source, rater, ``value`` (missing = not answered).
    value, source : str
        Column to judge; only this source's forms.
    confidence : float
        Of both intervals.
    reverse : collection of str
        Reverse-keyed items, recoded as low end + high end - value.
    scale : tuple of float
        Low and high end of the answers.
    resamples, seed : int
        Of omega's percentile bootstrap over persons.

    Returns
    -------
    DataFrame
        One row a source, sorted: ``items`` asked, ``constant`` (of these, set aside: all answers
        alike), ``n`` complete forms, ``dropped`` (an answer missing), ``alpha``, ``alpha_low``,
        ``alpha_high``, ``omega``, ``omega_low``, ``omega_high``, ``level``, ``method``. Missing,
        with method "too few", below two items that vary or three forms; omega takes three items.

    Raises
    ------
    AnalysisError
        No rating is left, a form rates an item twice, or an item to reverse does not exist.

    Notes
    -----
    alpha = k/(k-1) (1 - sum s_j^2 / s_sum^2), ends 1 - (1 - alpha) F(p; n-1, (n-1)(k-1)): too
    narrow where a person has several forms. omega total = 1 - sum u_j^2 / sum r_ij, standardised
    items, u_j^2 unique in a one-factor model by minimum residuals; its 95% interval held the truth
    in 89% of trials with 40 forms, 93% with 150. Neither shows that items measure *one* thing, nor
    the right one. Feldt (1965), Psychometrika 30, 357-370; omega: McDonald (1999), Test Theory, ch.
    6. Pinned by ``tests/test_needs_reliability.py`` against R's psych.

    Examples
    --------
    >>> rows = {"staff_id": list("ABCD") * 2, "competency_id": ["M.1"] * 4 + ["M.2"] * 4}
    >>> forms = pd.DataFrame(rows).assign(source="self", rater="1", level=[1, 2, 3, 4, 2, 1, 3, 4])
    >>> score_reliability(forms)[["items", "n", "alpha", "omega"]].round(3).values.tolist()
    [[2.0, 4.0, 0.889, nan]]
    """
    rows = []
    for name, wide in _forms(ratings, value, source, reverse, sum(scale)):
        complete, varying = _complete(wide)
        row = {"source": name, "items": wide.shape[1], "constant": wide.shape[1] - len(varying)}
        row |= {"n": len(complete), "dropped": len(wide) - len(complete)}
        enough = len(varying) >= 2 and len(complete) >= 3
        alpha = alpha_interval(complete[varying], confidence) if enough else NONE
        omega = _omega(complete[varying], confidence, resamples, seed) if enough else NONE
        row |= dict(zip(ESTIMATES, [*alpha, *omega], strict=True))
        method = "alpha: Feldt F; omega: minres, bootstrap" if enough else "too few"
        rows.append(row | {"level": confidence, "method": method})
    return pd.DataFrame(rows)


def score_items(
    ratings: pd.DataFrame,
    *,
    value: str = "level",
    source: str | None = None,
    reverse: Collection[str] = (),
    scale: tuple[float, float] = (0, 5),
) -> pd.DataFrame:
    """Return how each item goes with the rest of its form.

    Parameters
    ----------
    ratings, value, source, reverse, scale : DataFrame, str, str, collection of str, tuple
        As for ``score_reliability``.

    Returns
    -------
    DataFrame
        One row a source and item, sorted: ``mean`` and ``sd`` (recoded) of the ``n`` answers,
        ``missing_share`` (0-1, of forms with any answer); of complete ``forms``: ``item_rest`` (its
        correlation with the sum of the others; missing if constant), ``alpha_dropped`` (alpha
        without it); ``flag``: "negative" where item_rest < 0 (keyed or read wrongly), else "".

    Notes
    -----
    r_j = corr(x_j, sum_{i != j} x_i), the corrected item-total correlation. Nunnally & Bernstein
    (1994), Psychometric Theory, ch. 8. Pinned by ``tests/test_needs_reliability.py``, by R's psych.

    Examples
    --------
    >>> rows = {"staff_id": list("ABCD") * 2, "competency_id": ["M.1"] * 4 + ["M.2"] * 4}
    >>> forms = pd.DataFrame(rows).assign(source="self", rater="1", level=[1, 2, 3, 4, 4, 3, 2, 2])
    >>> score_items(forms)["flag"].tolist(), score_items(forms, reverse=["M.2"])["flag"].tolist()
    (['negative', 'negative'], ['', ''])
    """
    parts = []
    for name, wide in _forms(ratings, value, source, reverse, sum(scale)):
        complete, varying = _complete(wide)
        part = pd.DataFrame({"source": name, "competency_id": wide.columns}, index=wide.columns)
        part = part.assign(mean=wide.mean(), sd=wide.std(), n=wide.notna().sum())
        part = part.assign(missing_share=wide.isna().mean(), forms=len(complete))
        parts.append(part.join(_against_rest(complete[varying]), validate="one_to_one"))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(flag=np.where(table["item_rest"] < 0, "negative", ""))


def find_speeders(
    times: pd.DataFrame, *, seconds: str = "seconds", share: float = 1 / 3
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which forms were filled in faster than a third of the median time, and how many.

    Parameters
    ----------
    times : DataFrame
        One row a form: staff_id, ``seconds`` (missing, zero or negative = not known, not judged).
    seconds : str
        Column of the time taken.
    share : float
        Of the median; faster is a speeder.

    Returns
    -------
    tuple of DataFrame
        The forms in their order: staff_id, ``seconds``, ``speeder`` (missing = not judged); one row
        of counts: ``forms``, ``judged``, ``speeders``, ``share`` (0-1, of the judged),
        ``median_seconds``, ``limit_seconds``, ``n`` (= judged). A sign of haste, not a proof.

    Notes
    -----
    limit = share * median: Greszki, Meyer & Schoen (2015), Public Opinion Quarterly 79, 471-503.
    Pinned by ``tests/test_needs_reliability.py``.

    Examples
    --------
    >>> times = pd.DataFrame({"staff_id": list("ABCD"), "seconds": [300, 290, 60, None]})
    >>> find_speeders(times)[0]["speeder"].tolist()
    [False, False, True, <NA>]
    """
    taken = times[seconds].astype(float).where(lambda s: s > 0)
    judged, median = int(taken.notna().sum()), taken.median()
    fast = (taken < share * median).astype("boolean").mask(taken.isna())
    counts = pd.DataFrame({"forms": [len(times)], "judged": judged, "speeders": int(fast.sum())})
    counts = counts.assign(share=fast.dropna().astype(float).mean(), median_seconds=median)
    counts = counts.assign(limit_seconds=share * median, n=judged)
    return times[["staff_id", seconds]].assign(speeder=fast).reset_index(drop=True), counts


def _forms(
    ratings: pd.DataFrame, value: str, source: str | None, reverse: Collection[str], ends: float
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each source with its forms (what one rater gave on one person) by items, recoded."""
    kept = ratings[ratings[value].notna() & ratings["source"].eq(source or ratings["source"])]
    if kept.empty:
        raise AnalysisError(f'No rating with a "{value}" is left to judge.')
    items = kept["competency_id"]
    for name in set(reverse) - set(items):
        raise AnalysisError(f'No item "{name}" to reverse.', do=suggest(name, set(items)))
    if kept.duplicated(["source", *FORM, "competency_id"]).any():
        raise AnalysisError("A form rates an item twice.", do="Give the ratings of one cycle only.")
    keyed = kept[value].where(~items.isin(list(reverse)), ends - kept[value])
    for name, rows in kept.assign(**{value: keyed}).groupby("source", observed=True):
        yield name, rows.pivot(index=FORM, columns="competency_id", values=value).astype(float)


def _complete(wide: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    complete = wide.dropna()
    return complete, list(complete.columns[complete.nunique() > 1])  # items that vary


def _against_rest(items: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(index=items.columns, columns=["item_rest", "alpha_dropped"], dtype=float)
    n, k = items.shape
    for item in items if n >= 3 and k >= 2 else ():
        others = items.drop(columns=item)
        table.loc[item, "item_rest"] = items[item].corr(others.sum(axis=1))
        table.loc[item, "alpha_dropped"] = alpha_interval(others)[0] if k > 2 else np.nan
    return table


def _omega(items: pd.DataFrame, confidence: float, resamples: int, seed: int) -> Estimate:
    """Omega total and its percentile interval; persons are drawn with all their forms."""
    if items.shape[1] < 3:
        return NONE
    # Persons are numbered by what they answered, so that other names draw the same samples.
    pattern = pd.Series(np.unique(items.to_numpy(), axis=0, return_inverse=True)[1].ravel())
    staff = items.index.get_level_values("staff_id").to_numpy()
    order = pattern.groupby(staff).agg(lambda own: tuple(sorted(own))).sort_values().index
    shares = np.full(len(order), 1 / len(order))
    drawn = np.random.default_rng(seed).multinomial(len(order), shares, size=resamples)
    times = np.vstack([np.ones(len(staff), dtype=int), drawn[:, order.get_indexer(staff)]])
    moments = np.array([np.cov(items.to_numpy().T, fweights=w) for w in times])
    sd = np.sqrt(np.diagonal(moments, axis1=1, axis2=2))
    usable = (sd > 1e-9).all(axis=1)  # a sample in which an item is constant is left out
    r = moments[usable] / (sd[:, :, None] * sd[:, None, :])[usable]
    omega = 1 - (1 - _fit_one_factor(r) ** 2).sum(axis=1) / r.sum(axis=(1, 2))
    ends = [(1 - confidence) / 2, (1 + confidence) / 2]
    return omega[0], *(np.quantile(omega[1:], ends) if len(omega) > 1 else NONE[:2])


def _fit_one_factor(r: np.ndarray) -> np.ndarray:
    """Loadings (samples, items): each by least squares given the others, until none moves."""
    roots, vectors = np.linalg.eigh(r)
    loadings = vectors[:, :, -1] * np.sqrt(roots[:, -1:])
    before, left = np.zeros_like(loadings), 1000
    while (left := left - 1) and np.abs(loadings - before).max() > 1e-8:
        before = loadings.copy()
        for item in range(r.shape[1]):
            others = np.where(np.arange(r.shape[1]) == item, 0.0, loadings)
            best = (r[:, item] * others).sum(axis=1) / np.maximum((others**2).sum(axis=1), 1e-12)
            loadings[:, item] = np.clip(best, -MOST_LOADING, MOST_LOADING)
    return loadings
