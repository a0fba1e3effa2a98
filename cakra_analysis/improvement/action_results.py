"""Whether the gap that an action aimed at fell beyond what it would have fallen anyway."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from cakra_analysis.improvement.action_cells import CELL, LOGGED, LOWERING, aim_actions, pair_cells
from cakra_analysis.improvement.cycles import find_day_after
from cakra_analysis.improvement.regression_to_mean import expect_regression

METHOD = "fall beyond that of cells without an action with the same earlier gap"
FEW = "too few comparison cells"
SMALL = "no cell measured both times"
FLOOR = 1e-9
EARLY = "decided in the latest cycle"
LATE = "done after the latest cycle"
UNRATED = "no ratings of its cycle that can be compared"
PARTS = ["before", "after", "naive", "naive_low", "naive_high", "regression", "elsewhere"]
RESULT = ["action_id", "cycle", "kind", "course_id", "competency_id", "unit_id", "value", "low",
          "high", "level", *PARTS, "cells", "comparison", "reliability", "n", "method"]  # fmt: skip


def score_actions(
    actions: pd.DataFrame,
    gaps: pd.DataFrame,
    units: pd.DataFrame,
    *,
    cycle: str,
    courses: pd.DataFrame | None = None,
    fewest: int = 5,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return by how much each action's gap fell beyond what it would have fallen anyway.

    Parameters
    ----------
    actions : DataFrame
        The table ``actions``; those that are done and were meant to lower a gap (widen, revise,
        stop) are judged. One ``done_on`` a day after the latest cycle is not: the ratings are
        older than it. Where the day is not recorded it is taken to be early enough.
    gaps : DataFrame
        Of every cycle: cycle, unit_id, competency_id, value, low, high, level, n, and df if known.
        Only units without units below them are used, each with each competency a *cell*.
    units : DataFrame
        unit_id, parent_id.
    cycle : str
        The latest cycle, against which that of the action is set.
    courses : DataFrame, optional
        course_id, competency_id: what an action aims at that names a course only.
    fewest : int
        Comparison cells of the same competency below which nothing is told.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row such an action, in the order of the log, ``unit_id`` the unit at the top where it
        aimed at all: ``value`` (levels that its gap fell by
        beyond what cells without an action did with the same earlier gap; positive = it helped),
        ``low``, ``high``, ``level``; ``before`` and ``after`` (mean gap of its cells), ``naive``
        (before less after) with its interval, the part of it that ``regression`` to the mean gives
        and the part by which comparable cells fell ``elsewhere`` without an action, so that naive =
        regression + elsewhere + value; ``cells``, ``comparison`` (cells of the same competency
        without any action), ``reliability`` (0-1, of its cells' earlier gaps), ``n`` (people behind
        its cells, the smaller of both cycles) and ``method``, which says why a value is missing.

    Notes
    -----
    Regression-calibrated analysis of covariance. With s = middle + reliability (before - middle),
    what a cell's true gap is expected to be behind the noise (``expect_regression``), cells without
    an action give after = a_k + b s by weighted least squares, a_k for each competency; value = the
    weighted mean of a_k + b s - after over the action's cells, weights 1 / (sampling variance of
    after + b^2 spread (1 - reliability) + variance left over); t interval with the fit's degrees of
    freedom. It holds where cells were picked for their earlier *measured* gap, as a report picks
    them. The slope 1 of a full correction for errors in variables would be right only for cells
    picked by their true gap; here it would count regression to the mean as success. It is *not* an
    experiment: what else changed in those units counts as the action's. Actions that aim at the
    same cells share what they show. Carroll, Ruppert, Stefanski & Crainiceanu (2006), Measurement
    Error in Nonlinear Models, ch. 4; Goldberger (1972), Institute for Research on Poverty 129-72.
    Pinned by ``tests/test_improvement_actions.py``.

    Examples
    --------
    >>> log = pd.DataFrame({"action_id": ["A1"], "cycle": "2025", "kind": "widen",
    ...     "course_id": None, "competency_id": "M.1", "unit_id": "U0", "status": "done"})
    >>> units = pd.DataFrame({"unit_id": ["R", *[f"U{i}" for i in range(8)]],
    ...                       "parent_id": [None, *["R"] * 8]})
    >>> before = [1.0, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    >>> after = [0.4, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    >>> gaps = pd.DataFrame({"cycle": ["2025"] * 8 + ["2026"] * 8, "level": 0.95,
    ...     "unit_id": [*units["unit_id"][1:]] * 2, "n": 20, "competency_id": "M.1",
    ...     "value": before + after})
    >>> gaps = gaps.assign(low=gaps["value"] - 0.02, high=gaps["value"] + 0.02)
    >>> score_actions(log, gaps, units, cycle="2026")[["naive", "value"]].round(2).values.tolist()
    [[0.6, 0.6]]
    """
    aims = aim_actions(actions, units, courses)
    actions = actions.reindex(columns=[*LOGGED, "done_on"]).astype("object")
    done = actions[(actions["status"] == "done") & actions["kind"].isin(LOWERING)]
    top = units.loc[units["parent_id"].isna(), "unit_id"].iloc[0]
    done = done.assign(unit_id=done["unit_id"].fillna(top))
    fits = {
        start: _fit(pair_cells(gaps, units, aims, start=start, end=cycle))
        for start in sorted(done["cycle"].unique())
        if start < cycle
    }
    rows = [
        {**action, **_judge(_choose(fits, action, cycle), aims, action, fewest, confidence)}
        for action in done.to_dict("records")
    ]
    numbers = dict.fromkeys(["value", "low", "high", "level", *PARTS, "reliability"], float)
    return pd.DataFrame(rows, columns=RESULT).astype(numbers)


class _Fit:
    """What cells without an action tell of a cell's later gap."""

    def __init__(self, cells: pd.DataFrame) -> None:
        cells = expect_regression(cells)
        self.items = sorted(cells["competency_id"].unique())
        cells["shift"] = cells["reliability"] * (cells["before"] - cells["middle"])
        self.cells = cells
        self._free = cells[~cells["acted"]]
        self._x, self._y = self.design(self._free), self._free["after"].to_numpy(float)
        self.df = len(self._y) - int(np.linalg.matrix_rank(self._x))
        self._solve(np.ones(len(self._y)))  # plainly first, for the slope that the variance needs
        self.rest = self._find_rest()

    def design(self, cells: pd.DataFrame) -> np.ndarray:
        """A column for each competency, and one for how far the cell lies from its middle."""
        own = cells["competency_id"].to_numpy()[:, None] == np.array(self.items)[None, :]
        return np.column_stack([own.astype(float), cells["shift"].to_numpy(float)])

    def _solve(self, variance: np.ndarray) -> float:
        """Fit by weighted least squares; return the weighted sum of squares left over."""
        weighted = self._x / variance[:, None]
        self.cover = np.linalg.pinv(weighted.T @ self._x)
        self.beta = self.cover @ weighted.T @ self._y
        return float(((self._y - self._x @ self.beta) ** 2 / variance).sum())

    def _find_rest(self) -> float:
        """Variance that sampling does not explain, so that the squares left over fit their df."""
        known = np.maximum(self._known(self._free), FLOOR)
        most = float((self._y - self._x @ self.beta).std() ** 2 * len(self._y) / max(self.df, 1))

        def excess(rest: float) -> float:
            return self._solve(known + rest) - self.df

        if self.df < 1 or most <= 0 or excess(0.0) <= 0:
            self._solve(known)
            return 0.0
        rest = float(optimize.brentq(excess, 0.0, 2 * most + FLOOR))
        self._solve(known + rest)
        return rest

    def _known(self, cells: pd.DataFrame) -> np.ndarray:
        """Variance of a later gap, given the earlier one, that sampling explains."""
        hidden = self.beta[-1] ** 2 * cells["spread"] * (1 - cells["reliability"])
        return (cells["variance_after"] + hidden).to_numpy(float)

    def variance(self, cells: pd.DataFrame) -> np.ndarray:
        """Variance of a later gap about what the fit expects."""
        return np.maximum(self._known(cells), FLOOR) + self.rest

    def weigh(self, cells: pd.DataFrame) -> np.ndarray:
        """Weights of cells, the surer ones heavier; they add up to 1."""
        weight = 1 / self.variance(cells)
        return weight / weight.sum()


def _fit(cells: pd.DataFrame) -> _Fit | str:
    """The fit, or why there is none."""
    if cells.empty:
        return UNRATED
    return FEW if cells["acted"].all() else _Fit(cells)


def _choose(fits: dict[Any, _Fit | str], action: dict[Any, Any], cycle: str) -> _Fit | str:
    """What an action is judged by, or why it is not."""
    done_on = pd.to_datetime(action.get("done_on"), errors="coerce")
    if action["cycle"] in fits and done_on >= find_day_after(cycle):  # not known: not later
        return LATE
    return fits.get(action["cycle"], EARLY)


def _judge(
    fit: _Fit | str,
    aims: pd.DataFrame,
    action: dict[Any, Any],
    fewest: int,
    confidence: float,
) -> dict[str, Any]:
    """One action's row; ``method`` says why there is no value."""
    own = aims.loc[aims["action_id"] == action["action_id"], CELL]
    row: dict[str, Any] = {"level": confidence, "cells": 0, "comparison": 0, "n": 0}
    if len(own):
        row["competency_id"] = own["competency_id"].iloc[0]
    if isinstance(fit, str):
        return row | {"method": fit}
    cells = fit.cells.merge(own, on=CELL, validate="one_to_one")
    if cells.empty:
        return row | {"method": SMALL}
    free = fit.cells[~fit.cells["acted"]]
    others = int((free["competency_id"] == row["competency_id"]).sum())
    row |= {"cells": len(cells), "comparison": others, "n": int(cells["n"].sum())}
    row |= _look(fit, cells, confidence)
    if others < fewest or fit.df < 1:
        return row | {"method": FEW}
    value, half = _compare(fit, cells, confidence)
    row |= {"value": value, "low": value - half, "high": value + half, "method": METHOD}
    return row | {"elsewhere": row["naive"] - row["regression"] - value}


def _look(fit: _Fit, cells: pd.DataFrame, confidence: float) -> dict[str, float]:
    """What a glance at the action's own cells shows, and what regression to the mean gives."""
    weight = fit.weigh(cells)
    names = ("before", "after", "regression", "reliability")
    mean = {name: float(weight @ cells[name]) for name in names}
    naive = mean["before"] - mean["after"]
    error = np.sqrt(weight**2 @ (cells["variance"] + cells["variance_after"]))
    half = float(stats.norm.ppf((1 + confidence) / 2) * error)
    return mean | {"naive": naive, "naive_low": naive - half, "naive_high": naive + half}


def _compare(fit: _Fit, cells: pd.DataFrame, confidence: float) -> tuple[float, float]:
    """The fall beyond what the fit expects, and half its interval."""
    weight = fit.weigh(cells)
    x = weight @ fit.design(cells)
    error = np.sqrt(weight**2 @ fit.variance(cells) + x @ fit.cover @ x)
    half = stats.t.ppf((1 + confidence) / 2, fit.df) * error
    return float(x @ fit.beta - weight @ cells["after"]), float(half)
