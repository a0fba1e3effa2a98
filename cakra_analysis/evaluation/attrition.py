"""Who was lost between the first test and the last, and what that does to the gain."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.evaluation.clusters import code_clusters
from cakra_analysis.evaluation.covariates import code_covariates, scale_columns
from cakra_analysis.evaluation.effect_sizes import score_independent
from cakra_analysis.evaluation.pairs import COMPARISON, pair_people
from cakra_analysis.evaluation.robust import fit_clustered

FEWEST = 10  # people who left, below which nothing is told of them
COLUMNS = ["course_id", "value", "low", "high", "level", "n", "left", "dropped"]
COLUMNS += [f"lost{end}" for end in ("", "_low", "_high")]
COLUMNS += ["n_comparison", *(f"lost_comparison{end}" for end in ("", "_low", "_high"))]
COLUMNS += [*(f"lost_difference{end}" for end in ("", "_low", "_high")), "method"]


def score_attrition(
    tests: pd.DataFrame,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how many were lost before the post-test, and whether they differed from the start.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion, score.
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent).
    sessions : DataFrame
        session_id, course_id, trainer, venue.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a course that somebody with a pre-test started, sorted. ``value`` (mean pre-score of
        who stayed less that of who left, points), ``low``, ``high``, ``level``, ``n`` (started: a
        pre-test, completed or dropped), ``left`` (dropped, or without post-test), ``dropped``;
        ``lost`` (left / n), ``n_comparison``, ``lost_comparison`` (their share without post-test),
        ``lost_difference``, each share with ``_low`` and ``_high``; ``method``. The value is
        missing, "too few", where fewer than ten left or stayed.

    Notes
    -----
    Welch's interval of the difference; Wilson's of the shares; of their difference Newcombe's, from
    Wilson's ends. Alike pre-scores do *not* show that losses do no harm: people may leave for what
    the test does not measure. Newcombe (1998), Statistics in Medicine 17, 873-890. Pinned by
    ``tests/test_evaluation_attrition.py``.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("ABCDA"), "course_id": "C.1",
    ...     "occasion": ["pre"] * 4 + ["post"], "score": [50, 60, 40, 55, 70]})
    >>> attendance = pd.DataFrame({"session_id": "S1", "staff_id": list("ABC"),
    ...     "status": ["completed", "completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S1"], "course_id": "C.1", "trainer": "T1",
    ...     "venue": "V1"})
    >>> score_attrition(tests, attendance, sessions)[["n", "left", "dropped"]].values.tolist()
    [[3, 2, 1]]
    """
    people = pair_people(tests, attendance, sessions)
    people = people[people["pre"].notna() & (people["status"] != "absent")]
    rows = []
    for course, tested in people.groupby("course_id", observed=True):
        own = tested[tested["status"] != COMPARISON]
        if len(own):
            others = tested[tested["status"] == COMPARISON]
            row = _compare(own, confidence) | _losses(own, others, confidence)
            rows.append({"course_id": course, "level": confidence, **row})
    return pd.DataFrame(rows, columns=COLUMNS)


def weigh_stayers(
    people: pd.DataFrame, *, covariates: Sequence[str] = (), confidence: float = 0.95
) -> pd.DataFrame:
    """Return the mean gain with stayers counting also for those like them who left.

    Parameters
    ----------
    people : DataFrame
        One row a person: treated (bool), before, after (missing = lost); cluster where there are
        any; the covariates. Who has no ``before`` is left out.
    covariates : sequence of str
        Columns that may tell who stays, beside ``before``; numbers, or text as categories.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        Two rows an arm: ``treated``, ``weighting`` (none, staying), ``value`` (mean of after less
        before, points), ``low``, ``high``, ``level``, ``n`` (stayers), ``effective`` (people that
        an even weighting would need), ``method``. The weighted value is missing where fewer than
        ten left ("too few left") or who stays can be told without error ("cannot be modelled");
        where nobody left it is the other one.

    Notes
    -----
    Weights 1 / p, p from a logistic regression of staying, within the arm; t interval, robust to
    clusters (CR2; none below three of them), which takes the weights as known and so is rather too
    wide. Two values alike do *not* show that losses do no harm: only what the covariates tell is
    repaired. Seaman & White (2013), Statistical Methods in Medical Research 22, 278-295. Pinned by
    ``tests/test_evaluation_attrition.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": True, "before": [50, 60, 55], "after": [60, 66, 63]})
    >>> weigh_stayers(people)[["weighting", "value", "n"]].values.tolist()
    [['none', 8.0, 3], ['staying', 8.0, 3]]
    """
    rows = []
    known = people[people["before"].notna()]
    for treated, arm in known.groupby("treated"):
        stayed = arm["after"].notna()
        stayers = arm[stayed]
        weights, method = _weigh(arm, stayed, ["before", *covariates])
        for name, weight, how in (
            ("none", pd.Series(1.0, index=arm.index), "mean gain"),
            ("staying", weights, method),
        ):
            row = _mean_gain(stayers, weight[stayed].to_numpy(), confidence)
            rows.append({"treated": bool(treated), "weighting": name, **row, "method": how})
    names = ["value", "low", "high", "level", "n", "effective", "method"]
    return pd.DataFrame(rows, columns=["treated", "weighting", *names]).assign(level=confidence)


def _compare(own: pd.DataFrame, confidence: float) -> dict[str, object]:
    """Pre-scores of who stayed against who left."""
    stays = (own["status"] == "completed") & own["post"].notna()
    row: dict[str, object] = {
        "n": len(own),
        "left": int((~stays).sum()),
        "dropped": int((own["status"] == "dropped").sum()),
    }
    if min(stays.sum(), (~stays).sum()) < FEWEST:
        return row | {"method": "too few"}
    sizes = score_independent(own["pre"][stays], own["pre"][~stays], confidence=confidence)
    return row | sizes.iloc[0][["value", "low", "high", "method"]].to_dict()


def _losses(own: pd.DataFrame, others: pd.DataFrame, confidence: float) -> dict[str, float]:
    gone = (own["status"] == "dropped") | own["post"].isna()
    lost, low, high = _share(int(gone.sum()), len(own), confidence)
    missed, start, end = _share(int(others["post"].isna().sum()), len(others), confidence)
    row = {"lost": lost, "lost_low": low, "lost_high": high, "n_comparison": len(others)}
    row |= {"lost_comparison": missed, "lost_comparison_low": start, "lost_comparison_high": end}
    difference = lost - missed
    down, up = np.hypot(lost - low, end - missed), np.hypot(high - lost, missed - start)
    row |= {"lost_difference": difference, "lost_difference_low": difference - float(down)}
    return row | {"lost_difference_high": difference + float(up)}


def _share(count: int, n: int, confidence: float) -> tuple[float, float, float]:
    if not n:
        return np.nan, np.nan, np.nan
    ends = stats.binomtest(count, n).proportion_ci(confidence, method="wilson")
    return count / n, float(ends.low), float(ends.high)


def _weigh(arm: pd.DataFrame, stayed: pd.Series, covariates: list[str]) -> tuple[pd.Series, str]:
    """One over the chance to have stayed; missing where it cannot be told."""
    import statsmodels.api as sm

    if stayed.all():
        return pd.Series(1.0, index=arm.index), "nobody left"
    unknown = pd.Series(np.nan, index=arm.index)
    if (~stayed).sum() < FEWEST or stayed.sum() < FEWEST:
        return unknown, "too few left"
    columns = sm.add_constant(scale_columns(code_covariates(arm, covariates)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model = sm.GLM(stayed.to_numpy(dtype=float), columns, sm.families.Binomial())
            chance = model.fit().fittedvalues
    except (Warning, np.linalg.LinAlgError):
        return unknown, "cannot be modelled"
    return pd.Series(1 / chance, index=arm.index), "weighted by one over the chance to stay"


def _mean_gain(stayers: pd.DataFrame, weights: np.ndarray, confidence: float) -> dict[str, float]:
    """Weighted mean of the gains with an interval robust to clusters."""
    gains = (stayers["after"] - stayers["before"]).to_numpy(dtype=float)
    row = {"value": np.nan, "low": np.nan, "high": np.nan, "n": len(gains), "effective": np.nan}
    if not len(gains) or np.isnan(weights).any():
        return row
    codes = code_clusters(stayers)
    found = fit_clustered(gains, np.ones((len(gains), 1)), codes, weights=weights, place=0)
    low, high = found.interval(confidence)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return row | {"value": found.value, "low": low, "high": high, "effective": effective}


def weigh_courses(people: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return each course's mean gain of the trained, as it is and weighted for who left.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a course with trained people, sorted: course_id, ``gain`` (of those who stayed,
        points), ``weighted`` (the same weighted by the chance of staying; missing where too few
        left to model it), ``weighted_low``, ``weighted_high``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": True, "before": [50, 60, 55],
    ...                        "after": [60, 66, 63]})
    >>> weigh_courses(people)[["gain", "weighted"]].values.tolist()
    [[8.0, 8.0]]
    """
    rows = []
    for course, mine in people[people["treated"].astype(bool)].groupby("course_id", sort=True):
        both = weigh_stayers(mine, confidence=confidence).set_index("weighting")
        after = both.loc["staying"]
        row = {"course_id": course, "gain": both.at["none", "value"], "weighted": after["value"]}
        rows.append(row | {"weighted_low": after["low"], "weighted_high": after["high"]})
    columns = ["course_id", "gain", "weighted", "weighted_low", "weighted_high"]
    return pd.DataFrame(rows, columns=columns)
