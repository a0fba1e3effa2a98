"""What a course can mend and what it cannot: the causes that supervisors name, and performance."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.contracts import list_allowed
from cakra_analysis.intervals import share_interval, t_interval
from cakra_analysis.tree import climb

SKILL, *OTHERS = list_allowed("causes", "cause")
PREDICATES = list_allowed("performance", "predicate")  # worst first
USUAL_TARGET = "Baik"


def score_causes(
    causes: pd.DataFrame,
    gaps_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    below_from: float = 0.5,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return for what share of those in need learning is named as a cause at all.

    Parameters
    ----------
    causes : DataFrame
        One cycle: staff_id, competency_id, cause (skill, tools, workload, incentive, procedure);
        one person may have several for one competency.
    gaps_by_person : DataFrame
        From ``score_person_gaps``; who is less than ``below_from`` short is left out.
    units : DataFrame
        unit_id, parent_id.
    below_from : float
        In need from this gap on, in levels.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it) and competency, sorted: ``value`` (share, 0-1, for
        whom skill is named), ``low``, ``high``, ``level``, ``n`` (people in need with a cause),
        ``share_tools``, ``share_workload``, ``share_incentive``, ``share_procedure`` (0-1; with
        several causes they and ``value`` add up to more than 1), ``method``. Empty without causes.

    Notes
    -----
    k / n with Wilson's interval; those without a named cause are taken as like the others. It is
    the supervisor's view, *not* a test. Splitting what training mends from what it does not: Mager
    & Pipe (1997), Analyzing Performance Problems. Pinned by ``tests/test_needs_causes.py``.

    Examples
    --------
    >>> causes = pd.DataFrame({"staff_id": list("AAB"), "competency_id": "M.1",
    ...                        "cause": ["skill", "tools", "tools"]})
    >>> gaps = pd.DataFrame({"staff_id": list("ABC"), "competency_id": "M.1", "unit_id": "U",
    ...                      "gap": [1.0, 2.0, 1.0]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_causes(causes, gaps, units)[["value", "n", "share_tools"]].values.tolist()
    [[0.5, 2.0, 1.0]]
    """
    names = [SKILL, *OTHERS]
    keys = ["staff_id", "competency_id"]
    told = pd.crosstab([causes[k] for k in keys], causes["cause"]).clip(upper=1)
    told = told.reindex(columns=names, fill_value=0).astype(float).reset_index()
    short = gaps_by_person.loc[gaps_by_person["gap"] >= below_from - 1e-9, [*keys, "unit_id"]]
    rows = short.merge(told, on=keys, validate="one_to_one")
    groups = climb(rows, units).groupby(["unit_id", "competency_id"], observed=True)
    table = groups[names].mean().assign(n=groups.size())
    table = table.rename(columns={SKILL: "value", **{c: f"share_{c}" for c in OTHERS}})
    smoothed = (table["value"] * table["n"] + 1) / (table["n"] + 2)
    low, high = share_interval(table["value"], smoothed * (1 - smoothed) / table["n"], confidence)
    method = "share of those in need whose supervisor names a cause; Wilson"
    table = table.assign(low=low, high=high, level=confidence, method=method)
    columns = ["value", "low", "high", "level", "n", *(f"share_{c}" for c in OTHERS), "method"]
    return table[columns].reset_index()


def score_performance(
    performance: pd.DataFrame,
    gaps_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how much larger the gaps are of those who perform below target.

    Parameters
    ----------
    performance : DataFrame
        One cycle: staff_id, predicate, target (missing = Baik).
    gaps_by_person : DataFrame
        From ``score_person_gaps``; a person's gap is the mean over the competencies.
    units : DataFrame
        unit_id, parent_id.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (mean gap of those below target
        less that of the others, levels), ``low``, ``high``, ``level``, ``appraised`` (people with
        both figures), ``below_target`` (share, 0-1), ``performance_gap`` (mean steps of the
        predicate below target, a surplus counting as none), ``n`` (people in the smaller of the two
        groups: what must not be too few), ``method``. Empty without appraisals.

    Notes
    -----
    Difference of means with Welch's interval; the five predicates are an order, so the performance
    gap counts steps and is *not* a measure. A difference is not a cause. PP 11/2017 article 206
    asks for both gaps. Welch (1947), Biometrika 34, 28-35. Pinned by
    ``tests/test_needs_causes.py``.

    Examples
    --------
    >>> performance = pd.DataFrame({"staff_id": list("ABCD"), "target": None,
    ...                             "predicate": ["Kurang", "Kurang", "Baik", "Baik"]})
    >>> gaps = pd.DataFrame({"staff_id": list("ABCD"), "unit_id": "U", "gap": [2.0, 1.0, 1.0, 0.0]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_performance(performance, gaps, units)[["value", "below_target"]].values.tolist()
    [[1.0, 0.5]]
    """
    step = {name: place for place, name in enumerate(PREDICATES)}
    target = performance.get("target", pd.Series(index=performance.index, dtype=object))
    aimed, reached = target.fillna(USUAL_TARGET).map(step), performance["predicate"].map(step)
    short = (aimed.astype(float) - reached.astype(float)).clip(lower=0)
    people = performance[["staff_id"]].assign(short=short)
    gaps = gaps_by_person.groupby(["staff_id", "unit_id"], observed=True)["gap"].mean()
    rows = gaps.reset_index().merge(people, on="staff_id", validate="one_to_one")
    rows = climb(rows.assign(below=rows["short"] > 0), units)
    sides = rows.groupby(["unit_id", "below"])["gap"].agg(["mean", "var", "size"]).unstack()
    sides = sides.reindex(columns=[(m, b) for m in ("mean", "var", "size") for b in (True, False)])
    n = sides["size"].fillna(0)
    error = sides["var"] / n.where(n > 1)
    total = error.sum(axis=1, skipna=False)
    df = total**2 / (error**2 / (n - 1)).sum(axis=1)
    value = sides["mean"][True] - sides["mean"][False]
    low, high = t_interval(value, total, df, confidence)
    whole = rows.groupby("unit_id").agg(
        appraised=("below", "size"),
        below_target=("below", "mean"),
        performance_gap=("short", "mean"),
    )
    table = pd.DataFrame({"value": value, "low": low, "high": high, "level": confidence})
    table = table.join(whole).assign(
        n=n.min(axis=1).astype(int), method="difference of means; Welch"
    )
    return table.rename_axis("unit_id").reset_index()
