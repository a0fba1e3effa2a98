"""Levels of one instrument brought to the scale of another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.contracts import STANDARD
from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.comparable import LINKED

FEWEST = 10  # pairs, below which two spreads are not compared
METHOD = "mean-sigma, linear; delta method"


def link_levels(bridge: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the line that brings levels of an old instrument to those of a new one.

    Parameters
    ----------
    bridge : DataFrame
        One row a person, or an item, rated on both: ``old``, ``new`` (levels). Rows with either
        missing are left out.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row: ``slope`` and ``shift`` (new level = shift + slope * old level), each with
        ``_low``, ``_high`` and ``_error`` (standard error), ``link_error`` (levels: standard error
        of a linked mean, at the bridge's own mean, for ``instruments.link_error``), ``level``,
        ``n``, ``method``.

    Raises
    ------
    AnalysisError
        With fewer than ten pairs, or one side that does not vary.

    Notes
    -----
    slope = s_new / s_old, shift = mean_new - slope mean_old: linear linking of one group, which is
    mean-sigma linking where rows are items; Kolen & Brennan (2014), Test Equating, Scaling, and
    Linking, sec. 2.4 and 6.3.1. Errors by the delta method, from each pair's influence
    slope (z_new^2 - z_old^2) / 2 on the slope and (new - mean_new) - slope (old - mean_old) on a
    linked mean. It is *not* the regression of new on old, whose slope noise makes too small; it
    needs both instruments to be about equally reliable. Pinned by
    ``tests/test_improvement_linking.py``.

    Examples
    --------
    >>> bridge = pd.DataFrame({"old": [1.0, 2, 3, 4] * 3, "new": [1.5, 2.0, 2.5, 3.0] * 3})
    >>> link_levels(bridge)[["slope", "shift", "n"]].values.tolist()
    [[0.5, 1.0, 12.0]]
    """
    pairs = bridge[["old", "new"]].dropna().astype(float)
    n = len(pairs)
    if n < FEWEST:
        raise AnalysisError(
            f"{n} pairs are too few to link two instruments.",
            allowed=f"At least {FEWEST} persons or items rated on both.",
            do='Rate more on both, or declare the cycle not comparable ("no").',
        )
    old, new = pairs["old"].to_numpy(), pairs["new"].to_numpy()
    if min(old.std(), new.std()) < 1e-9:
        raise AnalysisError("All levels of one instrument are alike; nothing can be linked.")
    slope = new.std() / old.std()
    shift = new.mean() - slope * old.mean()
    steep = slope * (((new - new.mean()) / new.std()) ** 2 - ((old - old.mean()) / old.std()) ** 2)
    mean = (new - new.mean()) - slope * (old - old.mean())
    errors = {
        "slope": _error(steep / 2),
        "shift": _error(mean - old.mean() * steep / 2),
        "link_error": _error(mean),
    }
    half = stats.t.ppf((1 + confidence) / 2, n - 2)
    row: dict[str, float | int | str] = {}
    for name, value in (("slope", slope), ("shift", shift)):
        row |= {name: value, f"{name}_low": value - half * errors[name]}
        row |= {f"{name}_high": value + half * errors[name], f"{name}_error": errors[name]}
    row |= {"link_error": errors["link_error"], "level": confidence, "n": n, "method": METHOD}
    return pd.DataFrame([row])


def _error(influence: np.ndarray) -> float:
    n = len(influence)
    return float(np.sqrt((influence**2).sum() / (n * (n - 2))))


def apply_instruments(gaps_by_person: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Return gaps whose levels all stand on the latest cycle's instrument, where that can be.

    Parameters
    ----------
    gaps_by_person : DataFrame
        One row a person, competency and cycle: cycle, required, observed, gap, gap_definition;
        noise_variance and anchor_variance where they are known.
    instruments : DataFrame
        cycle, comparable, slope, shift (read where linked: new level = shift + slope * level), and
        ``link_error`` (levels; standard error of a linked mean) where it is known.

    Returns
    -------
    DataFrame
        Same rows and order. Linked cycles: observed and gap on the new scale, the variances times
        slope squared, and ``link_variance`` (squared levels; an error that all people of the cycle
        share). Cycles that are the same, not comparable (``compare_cycles`` keeps them apart) or
        not declared stay as they are, ``link_variance`` 0.

    Raises
    ------
    AnalysisError
        When a linked cycle has no slope above 0 or no shift, when its gaps are not set against a
        standard, or when they lack observed and required.

    Notes
    -----
    gap = required - (shift + slope observed). The required level is one of the standard and does
    *not* change with the form that people are rated on. Kolen & Brennan (2014), as above. Pinned
    by ``tests/test_improvement_linking.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"cycle": ["2025", "2026"], "required": 3.0, "observed": [4.0, 3.0],
    ...                      "gap": [-1.0, 0.0], "gap_definition": "standard minus observed"})
    >>> rows = pd.DataFrame({"cycle": ["2025", "2026"], "comparable": ["linked", "same"],
    ...                      "slope": [0.5, None], "shift": [1.0, None]})
    >>> apply_instruments(gaps, rows)["gap"].tolist()
    [0.0, 0.0]
    """
    linked = instruments[instruments["comparable"] == LINKED].set_index("cycle")
    mine = gaps_by_person["cycle"].isin(linked.index)
    table = gaps_by_person.assign(link_variance=0.0)
    if not mine.any():
        return table
    _refuse(linked, gaps_by_person[mine])
    cycle = table["cycle"]
    slope = cycle.map(linked["slope"].astype(float)).fillna(1.0)
    shift = cycle.map(linked["shift"].astype(float)).fillna(0.0)
    observed = (shift + slope * table["observed"]).where(mine, table["observed"])
    table = table.assign(
        observed=observed, gap=(table["required"] - observed).where(mine, table["gap"])
    )
    for column in {"noise_variance", "anchor_variance"} & set(table):
        table[column] = table[column] * slope**2
    if "link_error" in linked:
        known = linked["link_error"].astype(float) ** 2
        table["link_variance"] = cycle.map(known).fillna(0.0)
    return table


def _refuse(linked: pd.DataFrame, gaps: pd.DataFrame) -> None:
    numbers = linked.reindex(columns=["slope", "shift"]).astype(float)
    wrong = linked.index[numbers.isna().any(axis=1) | ~(numbers["slope"] > 0)]
    if len(wrong):
        raise AnalysisError(
            f"The cycle {wrong[0]} is linked without a slope above 0 and a shift.",
            allowed="Level on the latest instrument = shift + slope * level.",
            do="Take both from link_levels, or declare the cycle not comparable.",
        )
    if not {"required", "observed"} <= set(gaps) or (gaps["gap_definition"] != STANDARD).any():
        raise AnalysisError(
            "Only gaps between a standard and an observed level can be linked.",
            do='Declare the cycle not comparable ("no") in the table instruments.',
        )
