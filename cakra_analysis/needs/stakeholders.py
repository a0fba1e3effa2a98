"""What citizens, business and academia find important and see done, and whether they agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.errors import AnalysisError
from cakra_analysis.intervals import t_interval
from cakra_analysis.needs.sample import estimate_means

SIDES, CELL = ["importance", "performance"], ["group", "competency_id"]
QUADRANTS = ["keep up", "concentrate", "overkill"]  # both high, importance, performance
TIE = 1e-9  # values nearer than this are the same
COLUMNS = ["measure", "value", "low", "high", "level", "n", "effective_n"]
COLUMNS += ["standard_error", "df", "rank", "method"]


def score_groups(
    answers: pd.DataFrame,
    stakeholders: pd.DataFrame,
    weights: pd.DataFrame | None = None,
    *,
    weighted: Collection[str] = ("public",),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return each group's mean importance and performance of each competency, and the gap.

    Parameters
    ----------
    answers : DataFrame
        stakeholder_id, competency_id, importance and performance (1-5, missing = not answered).
    stakeholders : DataFrame
        stakeholder_id, group; answers of others are left out.
    weights : DataFrame, optional
        From ``rake_weights``; without it everybody counts the same, as in groups not ``weighted``.
    weighted : collection of str
        Groups the weights are for.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a group, competency and measure (importance, performance, gap = importance minus
        performance), sorted: columns of ``sample.estimate_means``, in points, with ``low``,
        ``high``, ``level``, ``rank`` (the competency's place in its group, largest gap first, equal
        gaps share the mean place; the same on its three rows), ``method``.

    Raises
    ------
    AnalysisError
        When a respondent of a weighted group has no weight.

    Notes
    -----
    Mean +- t SE; ``sample.estimate_means`` has the formula and its reference. Perceptions, *not*
    assessed levels. Pinned by ``tests/test_needs_stakeholders.py`` (R's survey::svymean).

    Examples
    --------
    >>> answers = pd.DataFrame({"stakeholder_id": list("ABC"), "competency_id": "M.1",
    ...                         "importance": [5, 4, 3], "performance": [2, 2, None]})
    >>> people = pd.DataFrame({"stakeholder_id": list("ABC"), "group": "academia"})
    >>> score_groups(answers, people)[["measure", "value", "n"]].values.tolist()
    [['gap', 2.0, 2], ['importance', 4.0, 3], ['performance', 2.0, 2]]
    """
    people = stakeholders[["stakeholder_id", "group"]].assign(weight=1.0)
    if weights is not None:
        own = people["stakeholder_id"].map(weights.set_index("stakeholder_id")["weight"])
        people["weight"] = own.where(people["group"].isin(list(weighted)), 1.0)
    if without := int(people["weight"].isna().sum()):
        raise AnalysisError(f"{without} of the weighted groups lack a weight.", do="Rake them too.")
    rows = answers.merge(people, on="stakeholder_id", validate="many_to_one")
    table = estimate_means(rows, *SIDES, by=CELL)
    return _finish(table, CELL, confidence, "weighted mean, linearised t")[CELL + COLUMNS]


def combine_groups(
    groups: pd.DataFrame, *, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Combine the groups' scores by declared weights; how many answered does not matter.

    Parameters
    ----------
    groups : DataFrame
        From ``score_groups``, one confidence level.
    weights : mapping of str to float, optional
        Weight of each group; 0 leaves it out. Without it all count the same.

    Returns
    -------
    DataFrame
        One row a competency and measure, sorted; columns as ``score_groups`` with ``n_groups``
        (groups in it), ``n`` added over them, ``effective_n`` as if their variances were equal.

    Raises
    ------
    AnalysisError
        When a group has no weight, or none is above 0.

    Notes
    -----
    value = sum a m / sum a over groups, V = sum a^2 V_g / (sum a)^2, df: Satterthwaite (1946),
    Biometrics Bull. 2, 110-114. A group that did not answer is left out and its weight shared out.
    No interval where a group has none. Pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> groups = pd.DataFrame({"group": ["public", "private"], "competency_id": "M.1", "n": [9, 4],
    ...     "measure": "gap", "value": [2.0, 1.0], "standard_error": [0.3, 0.4], "df": [8, 3],
    ...     "effective_n": [8.0, 4.0], "level": 0.95})
    >>> combine_groups(groups)[["value", "n", "n_groups", "standard_error"]].values.tolist()
    [[1.5, 13.0, 2.0, 0.25]]
    """
    present = sorted(set(groups["group"]))
    shares = dict.fromkeys(present, 1.0) if weights is None else dict(weights)
    lacking = [g for g in present if not shares.get(g, -1.0) >= 0]
    if lacking or not any(shares[g] > 0 for g in present):
        allowed = "A number from 0 on for each group, at least one above 0; 0 leaves a group out."
        raise AnalysisError(f"No usable weight for {lacking or present}.", allowed=allowed)
    groups = groups.assign(share=groups["group"].map(shares))
    rows = groups.query("share > 0").dropna(subset="value")
    keys = [rows["competency_id"], rows["measure"]]
    share = rows["share"] / rows["share"].groupby(keys).transform("sum")
    variance = (share * rows["standard_error"]) ** 2
    parts = rows[["n"]].assign(value=share * rows["value"], variance=variance, n_groups=1)
    parts = parts.assign(pull=variance**2 / rows["df"], lost=share**2 / rows["effective_n"])
    table = parts.groupby(keys).sum(skipna=False).reset_index()
    table = table.assign(df=table["variance"] ** 2 / table["pull"], effective_n=1 / table["lost"])
    table["standard_error"] = np.sqrt(table["variance"])
    columns = ["competency_id", *COLUMNS, "n_groups"]
    return _finish(table, columns[:1], groups["level"].iloc[0], "declared group weights")[columns]


def score_concordance(groups: pd.DataFrame) -> pd.DataFrame:
    """Return how far the groups agree on the order of the competencies.

    Parameters
    ----------
    groups : DataFrame
        From ``score_groups``; its gaps are ranked, of the competencies that every group scored.

    Returns
    -------
    DataFrame
        First row ``statistic`` kendall_w (0 = no agreement, 1 = one order) with chi_square, df and
        p_value (of ranking by chance); then spearman_rho of each pair ``group_a``, ``group_b``.
        ``value`` (missing where a group's gaps, for W every group's, are all equal), method, ``m``
        (groups), ``k`` (competencies).

    Raises
    ------
    AnalysisError
        With fewer than two groups or two common competencies.

    Notes
    -----
    W = 12 S / (m^2 (k^3 - k) - m sum T), T = sum (t^3 - t) over a group's ties; chi2 = m (k-1) W,
    rough for k below 8. Values may differ where orders agree, and sampling errors lower W. Kendall
    & Babington Smith (1939), Ann. Math. Stat. 10, 275-287. Pinned by
    ``tests/test_needs_stakeholders.py`` (R's friedman.test).

    Examples
    --------
    >>> groups = pd.DataFrame({"group": list("aaabbb"), "competency_id": list("xyzxyz"),
    ...                        "measure": "gap", "value": [3.0, 2.0, 1.0, 9.0, 7.0, 8.0]})
    >>> score_concordance(groups)[["statistic", "value"]].values.tolist()
    [['kendall_w', 0.75], ['spearman_rho', 0.5]]
    """
    gaps = groups[groups["measure"] == "gap"]
    wide = gaps.pivot(index="competency_id", columns="group", values="value").dropna()
    k, m = wide.shape
    if min(m, k) < 2:
        raise AnalysisError(f"{m} groups scored the same {k} competencies; agreement needs two.")
    ranks = wide.apply(_rank)
    spread = float(((ranks.sum(axis=1) - m * (k + 1) / 2) ** 2).sum())
    ties = sum(float((t**3 - t).sum()) for t in (ranks[g].value_counts() for g in ranks))
    most = m**2 * (k**3 - k) - m * ties
    w = 12 * spread / most if most > 0 else np.nan
    chi, df = m * (k - 1) * w, k - 1
    rows = [("kendall_w", None, None, w, chi, df, stats.chi2.sf(chi, df), "ties corrected")]
    for a, b in combinations(ranks.columns, 2):
        rho = ranks[a].corr(ranks[b]) if ranks[[a, b]].std().min() > 0 else np.nan
        rows.append(("spearman_rho", a, b, rho, np.nan, np.nan, np.nan, "ties at mean rank"))
    columns = "statistic group_a group_b value chi_square df p_value method"
    return pd.DataFrame(rows, columns=columns.split()).assign(m=m, k=k)


def place_importance(scores: pd.DataFrame, *, scale_middle: float = 3.0) -> pd.DataFrame:
    """Place each competency by importance and performance, with two crosshairs and the diagonal.

    Parameters
    ----------
    scores : DataFrame
        From ``combine_groups``, or ``score_groups`` (each group by itself).
    scale_middle : float
        Middle of the answer scale.

    Returns
    -------
    DataFrame
        One row a competency (and group), sorted: ``importance``, ``performance`` (points),
        ``quadrant_scale`` and ``quadrant_data`` (concentrate, keep up, low priority, overkill;
        cross at ``scale_middle`` or at the competencies' means ``middle_importance`` and
        ``middle_performance``), ``above_diagonal`` (importance above performance), ``changes`` (the
        quadrants differ). No row where one of the two is missing.

    Notes
    -----
    A value on a line counts as high. The means find something to concentrate on even where all is
    well, the scale often one quadrant for all. Intervals are *not* looked at. Martilla & James
    (1977), J. Marketing 41(1), 77-79; pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> scores = pd.DataFrame({"competency_id": ["M.1", "M.2"] * 2, "value": [4.5, 3.5, 3.0, 4.0],
    ...                        "measure": ["importance"] * 2 + ["performance"] * 2})
    >>> place_importance(scores)[["quadrant_scale", "quadrant_data", "changes"]].values.tolist()
    [['keep up', 'concentrate', True], ['keep up', 'overkill', True]]
    """
    keys = [c for c in CELL if c in scores.columns]
    wide = scores.pivot(index=keys, columns="measure", values="value")
    wide = wide.reindex(columns=SIDES).dropna().reset_index().rename_axis(columns=None)
    one = wide["group"] if "group" in keys else np.zeros(len(wide))
    wide[["middle_importance", "middle_performance"]] = wide.groupby(one)[SIDES].transform("mean")
    by_data = ("data", wide["middle_importance"], wide["middle_performance"])
    for name, *middle in (("scale", scale_middle, scale_middle), by_data):
        high, well = (wide[side] >= line - TIE for side, line in zip(SIDES, middle, strict=True))
        wide[f"quadrant_{name}"] = np.select([high & well, high, well], QUADRANTS, "low priority")
    wide["above_diagonal"] = wide["importance"] > wide["performance"] + TIE
    return wide.assign(changes=wide["quadrant_scale"] != wide["quadrant_data"])


def _finish(table: pd.DataFrame, keys: list[str], level: float, method: str) -> pd.DataFrame:
    low, high = t_interval(table["value"], table["standard_error"] ** 2, table["df"], level)
    table = table.assign(low=low, high=high, level=level, method=method)
    gaps = table[table["measure"] == "gap"].set_index(keys)["value"]
    ranks = gaps.groupby(level="group").transform(_rank) if "group" in keys else _rank(gaps)
    table = table.join(ranks.rename("rank"), on=keys)
    return table.sort_values([*keys, "measure"], ignore_index=True)


def _rank(values: pd.Series) -> pd.Series:
    ordered = values.sort_values(ascending=False)
    return (-ordered.diff() > TIE).cumsum().rank().reindex(values.index)
