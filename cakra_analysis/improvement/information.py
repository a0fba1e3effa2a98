"""What an evaluation is worth before it is made: how far its result may change the next plan."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError

Array = np.ndarray
METHOD = "sample information by regression on the simulated result"
POWERS = 4  # columns of the regression: a cubic
PLAN = ["plan", "draw", "value"]
KNOWN = 1e-9  # levels; an effect that varies by less is known
NUMBERS = ["value", "low", "high", "most", "share"]


@dataclass(frozen=True)
class _Choice:
    """Values of the plans less those of the one that is best on the whole, by draw."""

    gains: Array
    draws: pd.Index


def score_information(
    values: pd.DataFrame,
    effects: pd.DataFrame,
    studies: pd.DataFrame,
    *,
    whole_gap: float,
    resamples: int = 200,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return which evaluation would most improve the choice of the next plan.

    Parameters
    ----------
    values : DataFrame
        One row a candidate plan and draw: plan, draw, ``value`` (weighted levels that it closes).
    effects : DataFrame
        One row a draw, course and competency: draw, course_id, competency_id, ``effect`` (levels).
    studies : DataFrame
        One row a course: course_id, competency_id (tested), ``error`` (standard error of the
        evaluation it could get, levels; missing = none), and any other column.
    whole_gap : float
        Weighted levels lacking, for the shares.
    resamples : int
        Draws of the regressions' own error.
    seed : int
        Of the simulated results.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        The rows of ``studies``, the most worth first: ``value`` (weighted levels that the next
        plan is expected to close more, because its choice may follow the result), ``low``,
        ``high`` (from the error of the draws), ``most`` (if the effect became known exactly),
        ``share`` (of the whole gap), ``rank`` (1 = first; equal values share one), ``reason``
        (why it is worth 0: *no_study*; *no_effect*, the effect is in no draw; *known*, it does
        not vary; *same_plan*, one plan is best whatever is found; *chance*, no more than the draws'
        own error), ``level``, ``n`` (draws), ``method``.

    Raises
    ------
    AnalysisError
        When plans and draws do not make a full table, or a draw's effects are missing.

    Notes
    -----
    value = E_y[max_p E(v_p | y)] - max_p E(v_p), with y = effect + N(0, error^2) the simulated
    result of each draw and E(v_p | y) the cubic regression of plan p's value, less that of the plan
    which is best on the whole, on y: Strong, Oakley & Brennan (2014), Medical Decision Making 34,
    311-326 (for ``most``), and Strong, Oakley, Brennan & Breeze (2015), 35, 570-583. The maximum of
    fitted values is too high on average; by how much is drawn from the regression's own error and
    taken off, never below 0. Where two plans are equally good on the whole it is a few percent too
    low, since one of them looks better by chance. Plans that are not among the candidates are not
    chosen, and what a result tells of *other* courses is not counted, so that the true value is
    rather larger. It is worth to this choice alone, *not* the worth of knowing. Pinned by
    ``tests/test_improvement_information.py``.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(0.0, 1.0, 500)
    >>> values = pd.DataFrame({"plan": "A", "draw": range(500), "value": draws})
    >>> values = pd.concat([values, values.assign(plan="B", value=0.0)])
    >>> effects = pd.DataFrame({"draw": range(500), "course_id": "C", "competency_id": "K",
    ...                         "effect": draws})
    >>> studies = pd.DataFrame({"course_id": ["C"], "competency_id": "K", "error": 1.0})
    >>> found = score_information(values, effects, studies, whole_gap=10)
    >>> found[["value", "most"]].round(1).values.tolist()
    [[0.2, 0.3]]
    """
    choice = _compare(values)
    drawn = effects.pivot(index="draw", columns=["course_id", "competency_id"], values="effect")
    drawn = drawn.reindex(choice.draws)
    if drawn.isna().to_numpy().any():
        raise AnalysisError("Some draws of the plans' values have no effects.", do="Draw together.")
    rows = []
    for study in studies.itertuples():
        pair = (study.course_id, study.competency_id)
        rng = np.random.default_rng([seed, crc32("|".join(map(str, pair)).encode())])
        effect = drawn[pair].to_numpy() if pair in drawn else None
        found = _score(choice.gains, effect, float(study.error), rng, resamples, confidence)
        rows.append(found)
    table = studies.assign(**pd.DataFrame(rows, index=studies.index, columns=[*NUMBERS, "reason"]))
    table = table.assign(
        share=table["value"] / whole_gap if whole_gap else np.nan,
        rank=table["value"].rank(method="min", ascending=False).astype(int),
        level=confidence,
        n=len(choice.draws),
        method=METHOD,
    )
    return table.sort_values(["rank", "course_id", "competency_id"], ignore_index=True)


def score_perfect_information(values: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return what it would be worth to know every effect exactly: no evaluation is worth more.

    Parameters
    ----------
    values : DataFrame
        As ``score_information``.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row: ``value`` (weighted levels), ``low``, ``high``, ``level``, ``n`` (draws),
        ``method``.

    Raises
    ------
    AnalysisError
        When plans and draws do not make a full table.

    Notes
    -----
    E[max_p v_p] - max_p E[v_p] over the draws and the candidate plans; a little too high where
    draws are few, since the best plan on the whole is chosen from the same draws. Raiffa &
    Schlaifer (1961), Applied Statistical Decision Theory, ch. 4.

    Examples
    --------
    >>> values = pd.DataFrame({"plan": [*"A" * 40, *"B" * 40], "draw": [*range(40)] * 2,
    ...                        "value": [2.0, 0.0] * 20 + [0.0, 1.0] * 20})
    >>> score_perfect_information(values)["value"].tolist()
    [0.5]
    """
    from scipy.stats import norm

    gains = _compare(values).gains.max(axis=1)
    half = norm.ppf((1 + confidence) / 2) * gains.std(ddof=1) / np.sqrt(len(gains))
    value = float(gains.mean())
    row = {"value": value, "low": max(0.0, value - half), "high": value + half}
    return pd.DataFrame([row | {"level": confidence, "n": len(gains), "method": "draws"}])


def _compare(values: pd.DataFrame) -> _Choice:
    table = values.pivot(index="draw", columns="plan", values="value").sort_index()
    if table.isna().to_numpy().any() or len(table) < 10 * POWERS:
        raise AnalysisError(
            f"{table.shape[1]} plans and {len(table)} draws cannot be compared.",
            allowed=f"Every plan needs a value in every draw, and at least {10 * POWERS} draws.",
        )
    numbers = table.to_numpy(float)
    best = numbers.mean(axis=0).argmax()
    return _Choice(numbers - numbers[:, [best]], table.index)


def _score(
    gains: Array,
    effect: Array | None,
    error: float,
    rng: np.random.Generator,
    resamples: int,
    confidence: float,
) -> dict[str, object]:
    nothing: dict[str, object] = {"value": 0.0, "low": 0.0, "high": 0.0, "most": 0.0}
    if effect is None:
        return nothing | {"reason": "no_effect"}
    if effect.std() < KNOWN:
        return nothing | {"reason": "known"}
    most = _value(gains, effect, rng, resamples, confidence)[0]
    if not np.isfinite(error):
        return nothing | {"most": most, "reason": "no_study"}
    result = effect + error * rng.standard_normal(len(effect))
    value, low, high, fitted = _value(gains, result, rng, resamples, confidence)
    reason = "" if value > 0 else "chance" if fitted > 0 else "same_plan"
    return {"value": value, "low": low, "high": high, "most": max(most, value), "reason": reason}


def _value(
    gains: Array, told: Array, rng: np.random.Generator, resamples: int, confidence: float
) -> tuple[float, float, float, float]:
    """Value without the bias of the fit, its ends, and the value as fitted."""
    columns = np.vander((told - told.mean()) / told.std(), POWERS, increasing=True)
    basis, _ = np.linalg.qr(columns)
    slopes = basis.T @ gains
    left = gains - basis @ slopes
    shape = left.T @ left / (len(told) - POWERS)
    weights, ways = np.linalg.eigh(shape)
    root = ways * np.sqrt(np.clip(weights, 0, None))
    fitted = _expect_best(basis @ slopes)
    noise = rng.standard_normal((resamples, POWERS, len(shape))) @ root.T
    drawn = np.array([_expect_best(basis @ (slopes + each)) for each in noise])
    tail = (1 - confidence) / 2
    low = max(0.0, 2 * fitted - float(np.quantile(drawn, 1 - tail)))
    high = float(np.quantile(drawn, 1 - tail)) if fitted > 0 else 0.0
    return max(0.0, 2 * fitted - float(drawn.mean())), low, high, fitted


def _expect_best(expected: Array) -> float:
    """Choosing by what was found, less choosing once for all; 0 where one plan is always best."""
    return float(expected.max(axis=1).mean() - expected.mean(axis=0).max())
