"""Gaps unit by unit, up the tree, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cakra_analysis.contracts import STANDARD, STATED
from cakra_analysis.intervals import share_interval, t_interval
from cakra_analysis.needs.intervals import add_anchor, estimate_variance
from cakra_analysis.needs.means import mean_sums
from cakra_analysis.needs.noise import correct_noise, score_chance
from cakra_analysis.needs.sums import CELL, sum_gaps
from cakra_analysis.tree import ancestors

NEED_SCALE = (1.0, 5.0)
MEANS = ["value", "required", "observed", "need_share", "slope"]
CHANCES = ["need", "need_noise", "slope", "drawn_variance"]
LEVELS = ["required", "observed", "noise_variance", "noise_df"]
COUNTED = "mean of persons; moderated variance; shares counted as rated"
CORRECTED = "mean of persons; moderated variance, finite population, rating noise kept"


def score_gaps(
    gaps_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    need_from: float = 0.5,
    categories: Sequence[float] = (0.0, 1.0, 2.0),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean gap of every unit in every competency, up the unit tree.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``.
    units : DataFrame
        unit_id, parent_id (missing at the top).
    people : DataFrame, optional
        unit_id, competency_id, ``people``: how many staff the unit itself has to whom the
        competency applies, asked or not. Without it the unit counts as endless: no
        finite-population correction, and parents weigh units by their answers.
    need_from : float
        A person is in need from this gap (or stated need) on, in levels.
    categories : sequence of float
        Upper ends of none, low and medium for ``category``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it) and competency, sorted by both: ``value`` (mean
        gap, levels), ``low``, ``high``, ``level`` (confidence), ``df``, ``n`` (people rated),
        ``people`` (NaN = not known), ``required`` and ``observed`` (mean levels), ``need_share``
        with ``need_low`` and ``need_high`` (0-1; rating noise taken out, see ``correct_noise``),
        ``category`` (of ``categorise_gaps``, or ``unclear`` where a mean above zero has an interval
        that reaches it), gap_definition, ``method``, ``basis``
        (``assessed`` or ``perception``), ``anchor_variance`` (squared levels, the part of the
        mean's variance that all units share). A unit nobody answered in has no row; a parent
        speaks for the units below it that have one.

    Notes
    -----
    A parent is a stratified mean, sum_h N_h mean_h / N, so a unit that answers more does not count
    for more. The interval is for the unit's mean expected gap: what rating everyone without rating
    noise would show. A supervisor who is too mild with a whole unit is *not* seen by it, and what
    all raters share only where the basis is ``assessed``. Variance:
    ``intervals.estimate_variance``; everything is a function of the plain sums of ``sum_gaps``.
    Pinned by ``tests/test_needs_gaps.py`` and ``benchmarks/coverage.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"staff_id": list("ABCD"), "competency_id": "M.1", "unit_id": "U",
    ...     "required": 3.0, "observed": [2.0, 3.0, 2.0, 1.0], "gap": [1.0, 0.0, 1.0, 2.0],
    ...     "noise_variance": 0.1, "n_ratings": 3, "gap_definition": "standard minus observed"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_gaps(people, units)[["value", "n", "need_share"]].round(2).values.tolist()
    [[1.0, 4.0, 0.76]]
    """
    rows = _add_chances(gaps_by_person, need_from)
    sums = sum_gaps(rows, below_from=need_from, categories=None, also=[*LEVELS, *CHANCES])
    return score_sums(
        sums,
        units,
        people=people,
        categories=categories,
        confidence=confidence,
        definition=gaps_by_person["gap_definition"].iloc[0],
        shared=gaps_by_person,
    )


def score_sums(
    sums: IntoFrame,
    units: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    categories: Sequence[float] = (0.0, 1.0, 2.0),
    confidence: float = 0.95,
    definition: str = STANDARD,
    shared: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table of ``score_gaps`` from sums, wherever and in however many parts they arose.

    Parameters
    ----------
    sums : pandas, Polars, DuckDB or PySpark frame
        From ``sum_gaps``, ``sum_ratings`` or ``add_sums``, by unit_id and competency_id.
    units, people, categories, confidence : DataFrame, DataFrame, sequence of float, float
        As for ``score_gaps``.
    definition : str
        Of the gap.
    shared : DataFrame, optional
        competency_id, basis, anchor_variance, as in ``score_person_gaps``; without it nobody was
        assessed.

    Returns
    -------
    DataFrame
        That of ``score_gaps``, in pandas: it is small by now. Without the sums of a person's chance
        that ``score_gaps`` makes, need_share is the share counted as rated (below_share); without
        those of noise_variance there is no finite-population correction, which errs on the wide
        side. With weights, their effective number stands for n in the variances.

    Examples
    --------
    >>> gaps = pd.DataFrame({"unit_id": "U", "competency_id": "M.1", "gap": [1.0, 0.0, 1.0, 2.0]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_sums(sum_gaps(gaps), units)[["value", "n", "need_share"]].values.tolist()
    [[1.0, 4.0, 0.75]]
    """
    cells = _read_cells(sums)
    cells = cells.join(_people(cells, people))
    size = cells.assign(n=cells["n_effective"])
    cells = cells.join(estimate_variance(size))
    cells["need_variance"] = _share_variance(size)
    table = add_anchor(_up_the_tree(cells, units), pd.DataFrame() if shared is None else shared)
    low, high = t_interval(table["value"], table["mean_variance"], table["df"], confidence)
    if definition == STATED:  # a need stands on a scale that ends
        low, high = low.clip(lower=NEED_SCALE[0]), high.clip(upper=NEED_SCALE[1])
    need_low, need_high = share_interval(table["need_share"], table["need_variance"], confidence)
    table = table.assign(low=low, high=high, need_low=need_low, need_high=need_high)
    table = table.assign(
        level=confidence,
        category=categorise_gaps(table["value"], categories).mask(
            (table["value"] > 0) & ~(low > 0), "unclear"
        ),
        gap_definition=definition,
        method=CORRECTED if cells["need_noise"].notna().any() else COUNTED,
    )
    columns = ["value", "low", "high", "level", "df", "n", "people", "required", "observed"]
    columns += ["need_share", "need_low", "need_high", "category", "gap_definition", "method"]
    columns += ["basis", "anchor_variance"]
    return table[columns].reset_index().sort_values(["unit_id", "competency_id"], ignore_index=True)


def categorise_gaps(values: pd.Series, categories: Sequence[float]) -> pd.Series:
    """Return ``none``, ``low``, ``medium`` or ``high`` for each gap.

    Parameters
    ----------
    values : Series
        Gaps in levels.
    categories : sequence of three float
        Upper ends of none, low and medium; a gap on an end belongs below it.

    Returns
    -------
    Series of str
        Missing where the gap is.

    Notes
    -----
    No regulation fixes the limits; they are a setting. Tidak ada, rendah, sedang, tinggi.

    Examples
    --------
    >>> categorise_gaps(pd.Series([-1.0, 0.0, 0.4, 2.0, 2.1]), (0, 1, 2)).tolist()
    ['none', 'none', 'low', 'medium', 'high']
    """
    # A tolerance keeps a mean that is 1 but for binary rounding on its side of the limit.
    edges = [-np.inf, *(c + 1e-9 for c in categories), np.inf]
    return pd.cut(values, edges, labels=["none", "low", "medium", "high"]).astype("str")


def _add_chances(gaps: pd.DataFrame, need_from: float) -> pd.DataFrame:
    """Each person's chance to be in need, which hangs on the spread in the unit: not a sum yet."""
    people = correct_noise(gaps)
    chance, slope = score_chance(people, need_from)
    rows = people.assign(need=chance, need_noise=chance * (1 - chance), slope=slope)
    return rows if "noise_df" in rows else rows.assign(noise_df=np.nan)


def _read_cells(sums: IntoFrame) -> pd.DataFrame:
    """Per unit (its own staff) and competency: n, means, variance of the gap, mean noise."""
    means = nw.from_native(mean_sums(sums)).lazy().collect("pandas").to_native()
    cells = means.set_index([*CELL]).sort_index()
    missing = [name for name in [*LEVELS, *CHANCES] if name not in cells]
    cells = cells.assign(**dict.fromkeys(missing, np.nan))
    if "need" in missing:  # counted as rated: no chance, hence no noise in it and no slope
        cells = cells.assign(need=cells["below_share"], slope=0.0, drawn_variance=0.0)
    names = {"need": "need_share", "noise_variance": "noise", "drawn_variance": "drawn"}
    return cells.rename(columns=names)


def _people(cells: pd.DataFrame, people: pd.DataFrame | None) -> pd.Series:
    if people is None:
        return pd.Series(np.nan, index=cells.index, name="people")
    known = people.set_index(["unit_id", "competency_id"])["people"].astype(float)
    # Somebody who was rated belongs to the unit, whatever the list says.
    return np.maximum(known.reindex(cells.index), cells["n"]).rename("people")


def _share_variance(cells: pd.DataFrame) -> pd.Series:
    """Variance of a unit's share: whom we did not ask, each one's chance, the common mean."""
    smoothed = (cells["need_share"] * cells["n"] + 1) / (cells["n"] + 2)
    total = smoothed * (1 - smoothed)
    # Where the noise is not known, nothing is taken off for a unit that was asked whole.
    noise = cells["need_noise"].where(cells["noise"].notna(), np.inf).clip(upper=total)
    asked = (cells["n"] / cells["people"]).fillna(0.0)
    common = cells["slope"] ** 2 * cells["drawn"]
    return ((total - noise) * (1 - asked) + noise + common) / cells["n"]


def _up_the_tree(cells: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Combine every unit's own cells with those of all units below it."""
    below = ancestors(units).merge(cells.reset_index(), on="unit_id", validate="many_to_many")
    weight = below["people"].fillna(below["weight"])
    parts = pd.DataFrame({k: below[k] * weight for k in MEANS})
    for name in ("mean_variance", "need_variance"):
        parts[name] = below[name] * weight**2
    parts["df"] = (below["mean_variance"] * weight**2) ** 2 / below["df"]
    parts = parts.assign(weight=weight, n=below["n"], people=below["people"])
    keys = [below["ancestor"].rename("unit_id"), below["competency_id"]]
    sums = parts.groupby(keys).sum(min_count=1)
    table = sums[MEANS].div(sums["weight"], axis=0)
    # Satterthwaite; the weights cancel out of it.
    table["df"] = (sums["mean_variance"] ** 2 / sums["df"]).fillna(np.inf)
    for name in ("mean_variance", "need_variance"):
        # One unit whose variance is not known leaves that of its parents unknown too.
        unknown = parts[name].isna().groupby(keys).any()
        table[name] = (sums[name] / sums["weight"] ** 2).mask(unknown)
    return table.assign(n=sums["n"], people=sums["people"])
