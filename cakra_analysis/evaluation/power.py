"""What sessions of a given size can show, and how large they must be to show an effect."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq

from cakra_analysis.errors import AnalysisError

LARGEST = 20.0  # standard deviations; what needs more than this cannot be shown
MOST_PEOPLE = 1_000_000


def plan_power(
    designs: pd.DataFrame,
    *,
    correlation: float = 0.5,
    icc: float = 0.0,
    dropout: float = 0.0,
    sd: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
) -> pd.DataFrame:
    """Return the smallest effect that a design is likely to show.

    Parameters
    ----------
    designs : DataFrame
        One row a design: n_trained, n_comparison (0 or missing = none: before and after only),
        ``sessions`` (optional; over how many the trained are spread), and any other column.
    correlation : float
        Between the score before and after (0 = no score before; below 1).
    icc : float
        Share of the variance of outcomes that lies between sessions.
    dropout : float
        Share of both groups without a second score.
    sd : float, optional
        Standard deviation of the outcome, for the effect in points.
    alpha, power : float
        Of the two-sided test; chance to find an effect of that size.

    Returns
    -------
    DataFrame
        The same rows with ``value`` (smallest effect, in standard deviations of the outcome),
        ``value_points`` (missing without ``sd``), ``level`` (1 - alpha), ``power``, ``n`` (people
        left after dropout), ``method``. Missing where too few are left ("too few").

    Raises
    ------
    AnalysisError
        When an argument is outside its range.

    Notes
    -----
    Two groups, adjusted for the score before: value = delta sqrt(1 - r^2), where a t test with
    effect delta has the power; variance of the difference icc / J + (1 - icc) / n1 + 1 / n2, J
    sessions, i.e. n1 less by the design effect 1 + (n1 / J - 1) icc; degrees of freedom by
    Satterthwaite. With one session its own effect is part of what is measured. One group: paired
    test, value = d_z sqrt(2 (1 - r)). A plan, *not* a finding about a course. Bloom (1995),
    Evaluation Review 19, 547-556. Pinned by ``tests/test_evaluation_power.py``.

    Examples
    --------
    >>> designs = pd.DataFrame({"n_trained": [64, 30, 30], "n_comparison": [64, 30, 0]})
    >>> plan_power(designs, correlation=0)["value"].round(2).tolist()
    [0.5, 0.74, 0.75]
    """
    _check(correlation, icc, dropout, alpha, power)
    rows = []
    for design in designs.to_dict("records"):
        people, error, df, scale, method = _read(design, icc, correlation, dropout)
        value = _smallest(error, df, alpha, power) * scale
        rows.append({"value": value, "n": math.floor(people + 1e-9), "method": method})
    found = pd.DataFrame(rows, columns=["value", "n", "method"], index=designs.index)
    missing = found["value"].isna()
    found["method"] = found["method"].mask(missing, found["method"] + "; too few")
    found["value_points"] = found["value"] * (np.nan if sd is None else sd)
    found = found.assign(level=1 - alpha, power=power)
    columns = ["value", "value_points", "level", "power", "n", "method"]
    return designs.drop(columns=[c for c in columns if c in designs]).join(found[columns])


def plan_sizes(
    effects: list[float],
    *,
    session_size: int = 1,
    correlation: float = 0.5,
    icc: float = 0.0,
    dropout: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> pd.DataFrame:
    """Return how many people a group needs so that an effect is likely to show.

    Parameters
    ----------
    effects : list of float
        Wanted effects, in standard deviations of the outcome; above 0.
    session_size : int
        People in a session; 1 = everybody by himself.
    correlation, icc, dropout, alpha, power : float
        As for ``plan_power``.

    Returns
    -------
    DataFrame
        One row an effect: ``effect``, ``n_trained`` and ``n_comparison`` (to invite, in whole
        sessions), ``sessions``, ``power`` (that this reaches), ``n`` (both groups), ``method``.

    Raises
    ------
    AnalysisError
        When an argument is outside its range, or a million people would not be enough.

    Notes
    -----
    As ``plan_power``; two sessions if icc > 0. Pinned by ``tests/test_evaluation_power.py``.

    Examples
    --------
    >>> plan_sizes([0.2, 0.5, 0.8], correlation=0)["n_trained"].tolist()
    [394, 64, 26]
    """
    _check(correlation, icc, dropout, alpha, power)
    if min(effects, default=1) <= 0 or session_size < 1:
        raise AnalysisError("Effects are above 0 and a session has at least one person.")

    def reached(effect: float, sessions: int) -> float:
        people = sessions * session_size * (1 - dropout)
        spread = sessions if icc else 1
        error, df, scale, _ = _describe(people, people, spread, icc, correlation)
        return _power(effect / scale, error, df, alpha)

    rows = []
    for effect in effects:
        low, high = int(icc > 0), 2
        while reached(effect, high) < power:
            low, high = high, high * 2
            if high * session_size > MOST_PEOPLE:
                raise AnalysisError(f"An effect of {effect} cannot be shown with {MOST_PEOPLE}.")
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(effect, middle) >= power else (middle, high)
        size = high * session_size
        row = {"effect": effect, "n_trained": size, "n_comparison": size, "sessions": high}
        rows.append(row | {"power": reached(effect, high), "n": 2 * size})
    return pd.DataFrame(rows).assign(method="t test of two groups, adjusted for the score before")


def chance_to_show(
    effect: float,
    design: Mapping[Hashable, Any],
    *,
    correlation: float = 0.5,
    icc: float = 0.0,
    dropout: float = 0.0,
    alpha: float = 0.05,
) -> float:
    """Return the chance that a design shows an effect.

    Parameters
    ----------
    effect : float
        In standard deviations of the outcome.
    design : mapping
        n_trained, n_comparison, sessions, as a row of ``plan_power``.
    correlation, icc, dropout, alpha : float
        As for ``plan_power``.

    Returns
    -------
    float
        0-1, in the effect's direction; 0 where too few are left.

    Examples
    --------
    >>> round(chance_to_show(0.5, {"n_trained": 64, "n_comparison": 64}, correlation=0), 3)
    0.801
    """
    _, error, df, scale, _ = _read(design, icc, correlation, dropout)
    return _power(effect / scale, error, df, alpha)


def _check(correlation: float, icc: float, dropout: float, alpha: float, power: float) -> None:
    shares = {"icc": icc, "dropout": dropout}
    wrong = [name for name, share in shares.items() if not 0 <= share < 1]
    if wrong or not -1 < correlation < 1 or not 0 < alpha < power < 1:
        raise AnalysisError(
            f"A plan cannot be made with this {', '.join(wrong) or 'correlation, alpha or power'}.",
            allowed="icc and dropout: 0 to below 1; correlation: within -1 and 1; alpha < power.",
        )


def _read(
    design: Mapping[Hashable, Any], icc: float, correlation: float, dropout: float
) -> tuple[float, float, float, float, str]:
    """People left of a design, and what ``_describe`` says of it."""
    names = ("n_trained", "n_comparison", "sessions")
    trained, other, sessions = (np.nan_to_num(float(design.get(c) or 0)) for c in names)
    trained, other = trained * (1 - dropout), other * (1 - dropout)
    found = _describe(trained, other, max(int(sessions), 1), icc, correlation)
    return (trained + other, *found)


def _describe(
    trained: float, other: float, sessions: int, icc: float, correlation: float
) -> tuple[float, float, float, str]:
    """Error and degrees of freedom of an effect, what turns it into the outcome's sd, method."""
    if trained <= 0:
        return np.nan, 0.0, 1.0, "nobody trained"
    many = sessions > 1 and icc > 0
    between = icc / sessions if many else 0.0
    within = (1 - icc if many else 1.0) / trained + (1 / other if other else 0.0)
    spread = sessions if many else 1
    residual = trained + other - spread - (1 if other else 0) - (other > 0 and correlation != 0)
    if residual <= 0:
        return np.nan, 0.0, 1.0, "t test"
    total = between + within
    df = total**2 / (within**2 / residual + (between**2 / (sessions - 1) if many else 0.0))
    scale = math.sqrt(1 - correlation**2 if other else 2 * (1 - correlation))
    method = "t test of two groups, adjusted for the score before" if other else "paired t test"
    note = "; one session: not told apart from its trainer" if icc and sessions == 1 else ""
    return math.sqrt(total), df, scale, method + note


def _power(effect: float, error: float, df: float, alpha: float) -> float:
    """Power of the two-sided t test in the effect's direction; none where too few are left."""
    from statsmodels.stats.power import ttest_power

    if not df > 0:
        return 0.0
    return float(ttest_power(effect, 1 / error**2, alpha / 2, df=df, alternative="larger"))


def _smallest(error: float, df: float, alpha: float, power: float) -> float:
    """Effect, in the units of ``error``'s standard deviation, that has the power."""
    if not df > 0:
        return math.nan
    guess = float(error * (stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(power, df)))
    if guess > LARGEST:
        return math.nan
    return float(brentq(lambda d: _power(d, error, df, alpha) - power, 0.0, 1.5 * guess))
