"""How units moved with the mix of their people held fixed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.comparable import ALL, compare_cycles
from cakra_analysis.tree import climb

CELL = ["unit_id", "competency_id"]
METHOD = "mix held fixed at the mean of both cycles; Kitagawa"


def score_same_units(
    gaps_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    by: str = "job_class",
    instruments: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how every unit's mean gap moved as if the mix of its people had not.

    Parameters
    ----------
    gaps_by_person : DataFrame
        As for ``score_trend``, and ``by``: the kind of each person in that cycle.
    units : DataFrame
        unit_id, parent_id.
    by : str
        Column whose mix is held fixed, for instance job_class or segment. A missing kind is a kind
        of its own.
    instruments : DataFrame, optional
        As for ``compare_cycles``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a pair of cycles (one after the other, and first to last), unit (with those below
        it) and competency (``all`` too), sorted: period, first, last, ``value`` (change within the
        kinds, levels; below 0 = the gap fell), ``low``, ``high``, ``level``, ``mix`` (change
        because the kinds' shares changed), ``total`` (both), ``n`` (people of the cycle with
        fewer), comparable, apart, declared, linked, ``method``. Rows not comparable have no
        figures.

    Raises
    ------
    AnalysisError
        When there are fewer than two cycles, or no such column.

    Notes
    -----
    p_c the kinds' shares and m_c their means: value = sum_c (p_ca + p_cb) / 2 (m_cb - m_ca) and
    mix = sum_c (m_ca + m_cb) / 2 (p_cb - p_ca); Kitagawa (1955), JASA 50, 1168-1194. A kind seen in
    one cycle only has no change within it: it is all mix. Variance: people as clusters, each with
    both cycles' deviations from the means of their kind (HC2), a person alone in a kind with the
    unit's spread. Other people of the same kind are *not* the same people: ``score_trend`` has
    those. Pinned by ``tests/test_improvement_trend.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": list("ABCABC"), "unit_id": "U", "competency_id": "M.1",
    ...     "cycle": ["2025"] * 3 + ["2026"] * 3, "job_class": list("xxyxyy"),
    ...     "gap": [1.0, 1.0, 0.0, 1.0, 0.0, 0.0]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_same_units(gaps, units)[["value", "mix", "total"]].round(2).values.tolist()
    [[0.0, -0.33, -0.33], [0.0, -0.33, -0.33]]
    """
    cycles = sorted(gaps_by_person["cycle"].unique())
    if by not in gaps_by_person or len(cycles) < 2:
        raise AnalysisError(f'A trend by "{by}" needs that column and two cycles or more.')
    rules = compare_cycles(gaps_by_person, instruments)
    kinds = gaps_by_person[by].astype("object").where(gaps_by_person[by].notna(), "")
    rows = gaps_by_person[["staff_id", "cycle", *CELL, "gap"]].assign(kind=kinds.astype(str))
    pairs = [*pairwise(cycles)] + ([(cycles[0], cycles[-1])] if len(cycles) > 2 else [])
    tables = []
    for first, last in pairs:
        rule = rules[(rules["first"] == first) & (rules["last"] == last)]
        both = rows[rows["cycle"].isin([first, last])]
        placed = climb(_add_mean(both.assign(end=np.where(both["cycle"] == first, "a", "b")), rule),
                       units)  # fmt: skip
        table = _standardise(placed, confidence)
        table = table.merge(rule, on="competency_id", validate="many_to_one")
        tables.append(table.assign(period=f"{first}\u2013{last}"))
    table = pd.concat(tables, ignore_index=True).assign(level=confidence, method=METHOD)
    figures = ["value", "low", "high", "mix", "total"]
    table[figures] = table[figures].where(table["comparable"])
    return table.sort_values(["last", "first", *CELL], ignore_index=True)


def _add_mean(rows: pd.DataFrame, rule: pd.DataFrame) -> pd.DataFrame:
    """The rows, and each person's mean over the competencies that can be compared."""
    fit = rows[rows["competency_id"].isin(rule.loc[rule["comparable"], "competency_id"])]
    fit = fit if len(fit) else rows  # without figures in the end, to say why
    person = ["staff_id", "cycle", "unit_id", "kind", "end"]
    means = fit.groupby(person, observed=True)["gap"].mean().reset_index()
    return pd.concat([rows, means.assign(competency_id=ALL)], ignore_index=True)


def _standardise(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One pair of cycles, ``end`` a or b."""
    by_kind = rows.groupby([*CELL, "kind", "end"], observed=True)["gap"].agg(["size", "mean"])
    wide = by_kind.unstack("end")
    size, mean = wide["size"].fillna(0.0), wide["mean"]
    size, mean = size.reindex(columns=["a", "b"], fill_value=0.0), mean.reindex(columns=["a", "b"])
    share = size / size.groupby(level=CELL, observed=True).transform("sum")
    mean = mean.T.bfill().ffill().T  # a kind of one cycle only: no change within it
    parts = pd.DataFrame({"weight": share.mean(axis=1)}, index=wide.index)
    parts["value"] = parts["weight"] * (mean["b"] - mean["a"])
    parts["mix"] = mean.mean(axis=1) * (share["b"] - share["a"])
    twice = (size > 0).all(axis=1)
    parts["used"] = parts["weight"].where(twice, 0.0)
    table = parts.groupby(level=CELL, observed=True)[["value", "mix"]].sum(skipna=False)
    table["total"] = table["value"] + table["mix"]
    table["n"] = size.groupby(level=CELL, observed=True).sum().min(axis=1).astype(int)
    variance, df = _find_variance(rows, parts["used"])
    variance = variance.where(variance > 1e-12)
    half = stats.t.ppf((1 + confidence) / 2, df) * np.sqrt(variance)
    table = table.assign(low=table["value"] - half, high=table["value"] + half)
    return table.reset_index()


def _find_variance(rows: pd.DataFrame, used: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Variance of the change within kinds, and its degrees of freedom."""
    keys = [*CELL, "kind", "end"]
    group = rows.groupby(keys, observed=True)["gap"]
    n, off = group.transform("size"), rows["gap"] - group.transform("mean")
    cell = [rows[key] for key in [*CELL, "end"]]
    spread = (off**2).groupby(cell, observed=True).transform("sum")
    free = (n.groupby(cell, observed=True).transform("size")
            - rows.groupby([*CELL, "end"], observed=True)["kind"].transform("nunique"))  # fmt: skip
    alone = spread / free.where(free > 0)
    weight = rows[[*CELL, "kind"]].join(used, on=[*CELL, "kind"])["used"]
    push = weight / n * off / np.sqrt(1 - 1 / n.where(n > 1))
    push = push.fillna(0.0) * np.where(rows["end"] == "b", 1.0, -1.0)
    person = [rows[key] for key in [*CELL, "staff_id"]]
    clusters = push.groupby(person, observed=True).sum() ** 2
    lonely = (weight**2 * alone).where((n == 1) & (weight > 0), 0.0)
    variance = clusters.groupby(level=CELL, observed=True).sum()
    variance = variance + lonely.groupby([rows[k] for k in CELL], observed=True).sum(min_count=1)
    kinds = rows.groupby(CELL, observed=True)["kind"].nunique()
    people = rows.groupby(CELL, observed=True)["staff_id"].nunique()
    return variance, (people - kinds).clip(lower=1)
