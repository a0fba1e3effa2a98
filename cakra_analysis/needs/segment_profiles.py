"""What tells groups of people apart, and how they keep their numbers from cycle to cycle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from cakra_analysis.results import Finding

MOST_TELLING, CLEAR = 3, 0.5  # competencies that describe a group; standard deviations apart
NEAR = 1.0  # root mean square distance, in standard deviations, up to which a group is still itself


def profile_segments(wide: pd.DataFrame, segment: pd.Series) -> pd.DataFrame:
    """Return each group's mean gaps and which of them tell it from everybody else.

    Parameters
    ----------
    wide : DataFrame
        One row a person, one column a competency: gaps in levels, missing = not rated.
    segment : Series
        Number of each person's group, on the same index.

    Returns
    -------
    DataFrame
        One row a group and competency, sorted: segment, competency_id, ``value`` (mean gap,
        levels), ``difference`` (from everybody else, in standard deviations within groups; missing
        with one group), ``spread`` (that standard deviation, levels), ``telling`` (at most three a
        group, half a standard deviation or more apart), ``n`` (rated members).

    Examples
    --------
    >>> wide = pd.DataFrame({"M.1": [0.0, 0.2, 2.0, 2.2], "M.2": [1.0, 1.2, 1.0, 1.2]})
    >>> table = profile_segments(wide, pd.Series([1, 1, 2, 2]))
    >>> table[["segment", "competency_id", "telling"]].values.tolist()[:2]
    [[1, 'M.1', True], [1, 'M.2', False]]
    """
    groups = wide.groupby(segment)
    mean, n = groups.mean(), groups.count()
    free = np.maximum(n.sum() - len(mean), 1)
    spread = np.sqrt((wide - groups.transform("mean")).pow(2).sum() / free)
    apart = wide.count() - n
    others = (wide.sum() - groups.sum()) / apart.where(apart > 0)
    difference = (mean - others) / spread.where(spread > 0)
    long = {"value": mean, "difference": difference, "n": n}
    table = pd.DataFrame(
        {k: v.rename_axis(columns="competency_id").stack() for k, v in long.items()}
    )
    table = table.rename_axis(["segment", "competency_id"]).reset_index()
    table["spread"] = table["competency_id"].map(spread)
    size = table["difference"].abs()
    place = size.groupby(table["segment"]).rank(ascending=False, method="first")
    table["telling"] = (place <= MOST_TELLING) & (size >= CLEAR)
    return table.sort_values(["segment", "competency_id"], ignore_index=True)


def match_segments(means: pd.DataFrame, previous: pd.DataFrame) -> Mapping[int, int]:
    """Return the number each group keeps: that of the last cycle's nearest group, else a new one.

    Parameters
    ----------
    means : DataFrame
        One row a group (its present number), one column a competency: mean gap.
    previous : DataFrame
        ``profile_segments`` of the last cycle.

    Returns
    -------
    dict of int to int
        Present to lasting number. Groups are paired so that the sum of distances is least; a pair
        further apart than one standard deviation (root mean square over the competencies that both
        cycles have) is no pair.

    Examples
    --------
    >>> means = pd.DataFrame({"M.1": [2.0, 0.0]}, index=[1, 2])
    >>> last = pd.DataFrame({"segment": [1, 2], "competency_id": "M.1", "value": [0.1, 2.1],
    ...                      "spread": 0.5})
    >>> match_segments(means, last)
    {1: 2, 2: 1}
    """
    old = previous.pivot(index="segment", columns="competency_id", values="value")
    spread = previous.groupby("competency_id")["spread"].first()
    both = old.columns.intersection(means.columns)
    taken = [int(number) for number in old.index]
    kept: dict[int, int] = {}
    if len(both):
        scale = spread[both].where(spread[both] > 0, 1.0).to_numpy()
        apart = means[both].to_numpy()[:, None] / scale - old[both].to_numpy()[None] / scale
        distance = np.sqrt(np.nan_to_num(apart**2, nan=NEAR**2).mean(axis=2))
        for row, column in zip(*linear_sum_assignment(distance), strict=True):
            if distance[row, column] <= NEAR:
                kept[int(means.index[row])] = taken[column]
    free = iter(range(max(taken) + 1, max(taken) + 2 + len(means)))
    return {int(number): kept.get(int(number)) or next(free) for number in means.index}


def name_segments(
    segments: pd.DataFrame, profiles: pd.DataFrame, competencies: pd.DataFrame
) -> pd.DataFrame:
    """Return the groups with what to call them, in both languages.

    Parameters
    ----------
    segments : DataFrame
        One row a group: segment, n, share, stability.
    profiles : DataFrame
        From ``profile_segments``.
    competencies : DataFrame
        competency_id, name_id, name_en.

    Returns
    -------
    DataFrame
        ``segments`` with ``leaning`` (``more``: named for where its gaps are larger than everybody
        else's; ``less``: only smaller ones tell it apart; ``alike``: nothing does), ``name_id`` and
        ``name_en`` (those competencies, the most telling first) and ``fewest`` (members of the
        smallest group: the number that must not be too small, since sizes add up).

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": [1], "n": 9, "share": 1.0, "stability": 1.0})
    >>> profiles = pd.DataFrame({"segment": [1], "competency_id": "M.1", "difference": 1.2,
    ...                          "telling": True})
    >>> names = pd.DataFrame({"competency_id": ["M.1"], "name_id": "A", "name_en": "B"})
    >>> name_segments(segments, profiles, names)[["leaning", "name_en"]].values.tolist()
    [['more', 'B']]
    """
    rows = profiles[profiles["telling"]].merge(competencies, on="competency_id")
    rows = rows.sort_values("difference", key=abs, ascending=False, kind="stable")
    table = segments.copy()
    more, less = (rows[rows["difference"] > 0], rows[rows["difference"] < 0])
    leans = [set(part["segment"]) for part in (more, less)]
    table["leaning"] = np.select(
        [table["segment"].isin(list(one)) for one in leans], ["more", "less"], "alike"
    )
    told = pd.concat([more, less[~less["segment"].isin(list(leans[0]))]])
    for name in ("name_id", "name_en"):
        joined = told.groupby("segment")[name].agg(", ".join)
        table[name] = table["segment"].map(joined).fillna("")
    return table.assign(fewest=table["n"].min())


def find_groups(segments: pd.DataFrame) -> Finding:
    """Find whether people fall into groups with like needs.

    Parameters
    ----------
    segments : DataFrame
        A published ``name_segments`` table.

    Returns
    -------
    Finding
        ``needs.segments.several`` with count, share of the largest and stability;
        ``needs.segments.one``; ``needs.segments.none`` with too few people, or where a group is too
        small to be shown.
    """
    if segments.empty or segments["n"].isna().any():
        return Finding("needs.segments.none")
    n = int(segments["n"].sum())
    if len(segments) == 1:
        return Finding("needs.segments.one", {"n": n}, n=n)
    values = {"count": len(segments), "share": segments["share"].max()}
    values |= {"stability": segments["stability"].iloc[0]}
    return Finding("needs.segments.several", values, n=n)
