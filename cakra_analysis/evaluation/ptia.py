"""The post-training score of the BPKP (PTIA), three of its defects mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.answer_means import NO_VARIANCE, TOO_FEW
from cakra_analysis.evaluation.transfer import pair_occasions

# All numbers: the BPKP's model as its public application has it, domain notes 2.7. No regulation
# was seen that fixes them.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "self": {
        "motivation": 8.94, "confidence": 10.48, "sharing": 7.62, "application": 24.41,
        "result": 37.95,
    },
    "supervisor": {
        "motivation": 8.44, "confidence": 9.89, "sharing": 7.18, "application": 23.04,
        "result": 35.82,
    },
}  # fmt: skip
SECONDARY = 26.23  # of 100, for the result: an indicator of performance that rose
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "behaviour": ("motivation", "confidence", "sharing", "application"),  # level 3
    "result": ("result",),  # level 4
}
BY_LEVEL = ("sharing",)  # judged by its level after; the others by their change
CHANGE_POINTS = (0, 63, 88, 100)  # of a change of 0 (or below), 1, 2, 3
LEVEL_POINTS = (0, 63, 83, 100)  # of level 1, 2, 3, 4
LIMITS = (25.0, 50.0, 75.0)  # upper ends, included
CATEGORIES = ("none", "slight", "moderate", "strong")
METHOD = "PTIA, three defects mended; bootstrap over alumni"


def score_ptia(
    transfer: pd.DataFrame,
    *,
    secondary: pd.DataFrame | None = None,
    fewest: int = 10,
    weights: Mapping[str, Mapping[str, float]] = WEIGHTS,
    secondary_weight: float = SECONDARY,
    change_points: Sequence[float] = CHANGE_POINTS,
    level_points: Sequence[float] = LEVEL_POINTS,
    limits: Sequence[float] = LIMITS,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the PTIA score of each course: behaviour (level 3), and result (level 4) where asked.

    Parameters
    ----------
    transfer : DataFrame
        staff_id, course_id, source (self and supervisor are read), rater, occasion, aspect, level.
    secondary : DataFrame, optional
        Indicators of performance: course_id, before, after. A course without any is scored on the
        survey alone.
    fewest : int
        Alumni without whom a course has no score.
    weights : mapping
        Weight by source and aspect.
    secondary_weight : float
        Of 100, for the indicators.
    change_points, level_points : sequence of float
        Points of a change of 0, 1, 2, 3, and of level 1, 2, 3, 4.
    limits : sequence of float
        Upper ends of the first three categories, included.
    confidence, resamples, seed : float, int, int
        Of the percentile bootstrap over alumni.

    Returns
    -------
    DataFrame
        One row a course and ``outcome`` (behaviour, result), sorted: ``value`` (0-100), ``low``,
        ``high``, ``level``, ``n`` (alumni with a complete source), ``category`` (none, slight,
        moderate, strong; missing without a score), ``from_self``, ``from_supervisor`` (mean points
        of those the source rated, out of its weights), ``one_source`` (0-1, of the alumni),
        ``improved`` (whether an indicator rose; missing without indicators), ``method``; "too few"
        below ``fewest``, "no variance" where all score alike (no interval).

    Raises
    ------
    DataError
        When a level is not on the scale 1-4.

    Notes
    -----
    d = ROUND(mean change) per alumnus, source and aspect (sharing: the level after), converted to
    points c; score_i = 100 sum w c / (100 sum w) over the sources complete for i; value =
    ROUND(mean score_i, 2), for the result (100 - S)% of it, and S = 26.23 more where an indicator
    rose. Halves round up, as SQL does. Mended, so values *differ from the application's*: (1) a
    fall counts 0 points instead of nothing; (2) a score of 0 is in the first category instead of
    none; (3) where one source is missing the other counts whole, instead of halving the score.
    Also, a result without indicators is scored on the survey alone, and parts are not rounded (at
    most 0.04 apart). It is *no* measure of effect: there is no comparison group, and a change of
    one of three levels already earns 63. Domain notes 2.7; no paper was found. Pinned by
    ``tests/test_evaluation_ptia.py``.

    Examples
    --------
    >>> rows = {"source": ["self"] * 2 + ["supervisor"] * 2, "occasion": ["before", "after"] * 2}
    >>> transfer = pd.DataFrame(rows).assign(staff_id="A", course_id="C", rater=None,
    ...                                      aspect="result", level=[1, 2, 2, 2])
    >>> score_ptia(transfer, fewest=1)[["outcome", "value", "category"]].values.tolist()
    [['result', 32.41, 'slight']]
    """
    points = _give_points(transfer, change_points, level_points)
    tables = []
    for outcome, aspects in OUTCOMES.items():
        people = _score_people(points, aspects, weights)
        people = people.assign(score=round_half_up(100 * people["share"]).clip(upper=100))
        table = _score_courses(people, fewest, confidence, resamples, seed)
        table = table.assign(outcome=outcome, improved=pd.Series(np.nan, table.index, dtype=object))
        if outcome == "result" and secondary is not None:
            table = _add_secondary(table, secondary, secondary_weight)
        tables.append(table)
    whole = pd.concat(tables).rename_axis("course_id")
    figures = ["value", "low", "high", "from_self", "from_supervisor"]
    whole[figures] = whole[figures].apply(round_half_up)
    whole = whole.assign(level=confidence, category=categorise_ptia(whole["value"], limits=limits))
    order = ["value", "low", "high", "level", "n", "category", "from_self", "from_supervisor"]
    columns = ["course_id", "outcome", *order, "one_source", "improved", "method"]
    return whole.reset_index().sort_values(columns[:2], ignore_index=True)[columns]


def categorise_ptia(value: pd.Series, *, limits: Sequence[float] = LIMITS) -> pd.Series:
    """Return the category of scores.

    Parameters
    ----------
    value : Series
        0-100.
    limits : sequence of float
        Upper ends of the first three categories, included; 0 is in the first.

    Returns
    -------
    Series
        none, slight, moderate or strong; missing without a score.

    Examples
    --------
    >>> categorise_ptia(pd.Series([0, 25, 25.01, 60.95, 100])).tolist()
    ['none', 'none', 'slight', 'moderate', 'strong']
    """
    place = np.searchsorted(np.asarray(limits), value.astype(float).fillna(0))
    names = pd.Series(np.array(CATEGORIES, dtype=object)[place], index=value.index, dtype=object)
    return names.where(value.notna(), None)


def round_half_up(value: pd.Series, digits: int = 2) -> pd.Series:
    """Return figures rounded as SQL's ROUND does: halves away from zero, for figures from 0 on.

    Parameters
    ----------
    value : Series
        Any figures.
    digits : int
        Decimals.

    Returns
    -------
    Series
        The rounded figures.

    Examples
    --------
    >>> round_half_up(pd.Series([0.125, 2.675, 60.9499])).tolist()
    [0.13, 2.68, 60.95]
    """
    scale = 10.0**digits
    return np.floor(value.astype(float) * scale + 0.5 + 1e-7) / scale


def _give_points(
    transfer: pd.DataFrame, change_points: Sequence[float], level_points: Sequence[float]
) -> pd.DataFrame:
    """Points by course, alumnus and source (rows) and aspect (columns); several raters' mean."""
    pairs = pair_occasions(transfer[transfer["source"].isin(list(WEIGHTS))])
    keys = ["course_id", "staff_id", "source", "aspect"]
    means = pairs.groupby(keys, observed=True)[["after", "change"]].mean().reset_index()
    by_level = means["aspect"].isin(BY_LEVEL)
    step = round_half_up((means["after"] - 1).where(by_level, means["change"]), 0)
    place = step.clip(0, 3).fillna(0).astype(int)
    given = np.where(by_level, np.take(level_points, place), np.take(change_points, place))
    points = means.assign(points=pd.Series(given, index=means.index).where(step.notna()))
    return points.set_index(keys)["points"].unstack("aspect")


def _score_people(
    points: pd.DataFrame, aspects: Sequence[str], weights: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame:
    """A row an alumnus with a complete source: share earned of what could be, points by source."""
    complete = points.reindex(columns=list(aspects)).dropna()
    source = complete.index.get_level_values("source")
    weight = pd.DataFrame({a: source.map({s: w[a] for s, w in weights.items()}) for a in aspects})
    weight = weight.astype(float).set_index(complete.index)
    earned = (complete * weight).sum(axis=1) / 100
    parts = pd.DataFrame({"earned": earned, "possible": weight.sum(axis=1)})
    wide = parts["earned"].unstack("source").reindex(columns=list(WEIGHTS))
    sums = parts.groupby(["course_id", "staff_id"])[["earned", "possible"]].sum()
    return wide.rename(columns="from_{}".format).assign(
        share=sums["earned"] / sums["possible"], one_source=wide.isna().any(axis=1) * 1.0
    )


def _score_courses(
    people: pd.DataFrame, fewest: int, confidence: float, resamples: int, seed: int
) -> pd.DataFrame:
    """Mean score and its percentile interval by course; alumni in the order of their scores."""
    groups = people.groupby("course_id")
    figures = ["from_self", "from_supervisor", "one_source"]
    table = groups[figures].mean().assign(value=groups["score"].mean(), n=groups.size())
    table = table.assign(low=np.nan, high=np.nan, method=METHOD)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    for course, scores in groups["score"]:
        own = np.sort(scores.to_numpy())
        if len(own) < 2 or np.ptp(own) < 1e-9:
            table.loc[course, "method"] = NO_VARIANCE
            continue
        drawn = np.random.default_rng(seed).multinomial(
            len(own), np.full(len(own), 1 / len(own)), size=resamples
        )
        table.loc[course, ["low", "high"]] = np.quantile(drawn @ own / len(own), tails)
    few = table["n"] < max(fewest, 1)
    table["method"] = table["method"].mask(few, TOO_FEW)
    hidden = ["value", "low", "high", "from_self", "from_supervisor"]
    table = table.assign(**{c: table[c].mask(few) for c in hidden})
    rated = groups[hidden[3:]].count()  # what one source said of too few stays untold
    return table.assign(**{c: table[c].mask(rated[c] < fewest) for c in hidden[3:]})


def _add_secondary(table: pd.DataFrame, secondary: pd.DataFrame, weight: float) -> pd.DataFrame:
    """The survey's share of 100 less the weight, and the weight itself where an indicator rose."""
    known = secondary.dropna(subset=["before", "after"])
    rose = (known["after"] > known["before"]).groupby(known["course_id"]).any()
    improved = rose.reindex(table.index).astype(object)
    told = improved.notna()
    extra = weight * improved.eq(True)
    figures = {
        c: table[c].where(~told, table[c] * (100 - weight) / 100 + extra)
        for c in ("value", "low", "high")
    }
    return table.assign(**figures, improved=improved)
