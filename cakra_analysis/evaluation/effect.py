"""What a course did: trained against not trained, by one signature for every method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.errors import DataError, suggest
from cakra_analysis.evaluation.clusters import code_clusters
from cakra_analysis.evaluation.covariates import code_covariates, scale_columns, select_complete
from cakra_analysis.evaluation.matching import match_nearest
from cakra_analysis.evaluation.propensity import estimate_propensity, predict_apart, weigh
from cakra_analysis.evaluation.robust import Coefficient, fit_clustered

METHODS = {
    "naive": "mean gain of the trained alone; not an effect",
    "difference": "difference after the course",
    "did": "difference in differences",
    "ancova": "difference after the course, scores before and covariates held constant",
    "weighting": "inverse probability weighting",
    "aipw": "augmented inverse probability weighting, cross-fitted",
    "matching": "nearest match on the chance of being trained, the rest held constant",
}
ESTIMANDS = ("att", "ate")
FEWEST = 5  # trained, and compared
CALIPER = 0.2  # standard deviations of the logit: Austin (2011), Pharmaceutical Statistics 10
REPEATS = 5  # divisions into folds whose median is taken
COLUMNS = ["method", "estimand", "value", "low", "high", "level", "error", "df", "p", "n",
           "n_trained", "n_comparison", "clusters", "lost", "reason"]  # fmt: skip


@dataclass(frozen=True)
class _Sample:
    outcome: np.ndarray
    before: np.ndarray
    treated: np.ndarray
    cluster: np.ndarray
    columns: pd.DataFrame

    def fit(self, outcome: np.ndarray, held: np.ndarray, **options: np.ndarray) -> Coefficient:
        constant = np.ones(len(outcome))
        columns = np.column_stack([constant, self.treated, held])
        return fit_clustered(outcome, columns, self.cluster, **options)  # type: ignore[arg-type]


def estimate_effect(
    people: pd.DataFrame,
    *,
    method: str = "aipw",
    estimand: str = "att",
    covariates: Sequence[str] = (),
    cluster: str | None = "cluster",
    confidence: float = 0.95,
    ridge: float = 1.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how much higher the trained score after a course than they would have without it.

    Parameters
    ----------
    people : DataFrame
        One row a person: treated (yes/no), before and after (any unit; after missing = lost), and
        the columns named below.
    method : str
        One of ``METHODS``: ``naive``, ``difference``, ``did``, ``ancova``, ``weighting``,
        ``aipw``, ``matching``.
    estimand : str
        ``att``: mean effect on the trained; ``ate``: on everybody, of weighting and aipw only.
    covariates : sequence of str
        Columns measured before the course; ``before`` is held constant always, but by ``naive``,
        ``difference`` and ``did``.
    cluster : str, optional
        Column that tells whose outcomes hang together (session, unit); missing or None: nobody's.
    confidence : float
        Of the interval.
    ridge : float
        Penalty of the models of weighting and aipw on scaled covariates; 0 = none.
    seed : int
        Of aipw's folds.

    Returns
    -------
    DataFrame
        One row: method, estimand, ``value`` with ``low``, ``high``, ``level`` and ``error`` (unit
        of the outcome), ``df``, ``p`` (two-sided), ``n`` (people used), ``n_trained``,
        ``n_comparison``, ``clusters``, ``lost`` (share of the people without an outcome, 0-1),
        ``reason`` (why there is no value; else empty). No value where fewer than five trained or
        compared people are left.

    Raises
    ------
    DataError
        When the method or estimand is unknown or a column is missing.

    Notes
    -----
    With y the outcome, T trained, e(x) the chance of being trained, m0(x) the expected outcome
    untrained: ATT by aipw = mean(y - m0 | T=1) - sum(w (y - m0)) / sum(w) over T=0, w = e / (1 -
    e); e and m0 learnt on other people (five folds, median of five divisions). Errors cluster-
    robust (CR2); the chance and m0 count as known, which errs on the safe side for weighting. It
    holds if who was trained depends, beyond what is held constant, on nothing that matters for the
    outcome: *no* method here can prove that; look at ``check_balance``, ``check_placebo`` and
    ``score_evalue`` with it. Robins, Rotnitzky & Zhao (1994), JASA 89, 846-866; Hirano, Imbens &
    Ridder (2003), Econometrica 71, 1161-1189. Pinned by ``tests/test_evaluation_effect.py`` (the
    numbers of R and of LaLonde's experiment) and ``benchmarks/evaluation.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True] * 6 + [False] * 6, "before": [*range(6)] * 2,
    ...                        "after": [3, 5, 4, 7, 7, 8, 0, 2, 1, 4, 4, 5]})
    >>> estimate_effect(people, method="did", cluster=None)[["value", "n"]].values.tolist()
    [[3.0, 12.0]]
    """
    _check(people, method, estimand)
    kept = select_complete(people)
    if method == "naive":
        kept = kept[kept["treated"].astype(bool)]
    treated = kept["treated"].to_numpy(dtype=bool)
    counts = {
        "n": len(kept),
        "n_trained": int(treated.sum()),
        "n_comparison": int((~treated).sum()),
        "lost": 1 - len(kept) / len(people) if method != "naive" and len(people) else np.nan,
    }
    few = counts["n_trained"] < FEWEST or (method != "naive" and counts["n_comparison"] < FEWEST)
    found, reason = Coefficient(np.nan, np.nan, np.nan, 0), ""
    if few:
        reason = "fewer than five people on a side"
    else:
        found = _estimate(_sample(kept, covariates, cluster), method, estimand, ridge, seed)
        reason = "" if np.isfinite(found.error) else "too few clusters, or no differences"
    low, high = found.interval(confidence) if np.isfinite(found.error) else (np.nan, np.nan)
    row = {"method": method, "estimand": estimand, "value": found.value, "low": low, "high": high}
    row |= {"level": confidence, "error": found.error, "df": found.df, "clusters": found.clusters}
    row |= {"p": found.p if np.isfinite(found.error) else np.nan, "reason": reason, **counts}
    return pd.DataFrame([row], columns=COLUMNS)


def _check(people: pd.DataFrame, method: str, estimand: str) -> None:
    for value, known, what in ((method, METHODS, "method"), (estimand, ESTIMANDS, "estimand")):
        if value not in known:
            raise DataError(
                f'"{value}" is not a {what} of estimating an effect.',
                allowed=f"It is one of: {', '.join(known)}.",
                do=suggest(value, known),
            )
    missing = [c for c in ("treated", "before", "after") if c not in people]
    if missing:
        raise DataError(f"The table of people has no column {missing[0]}.")


def _sample(kept: pd.DataFrame, covariates: Sequence[str], cluster: str | None) -> _Sample:
    named = kept[cluster] if cluster is not None and cluster in kept else None
    codes = code_clusters(kept.assign(cluster=named))
    return _Sample(
        kept["after"].to_numpy(dtype=float),
        kept["before"].to_numpy(dtype=float),
        kept["treated"].to_numpy(dtype=bool),
        codes,
        _columns(kept, covariates),
    )


def _columns(kept: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Covariates; where nobody differs in any, a column that says nothing."""
    columns = code_covariates(kept, ["before", *covariates])
    return columns if len(columns.columns) else pd.DataFrame({"nothing": 0.0}, index=kept.index)


def _estimate(sample: _Sample, method: str, estimand: str, ridge: float, seed: int) -> Coefficient:
    nothing = np.empty((len(sample.outcome), 0))
    gain = sample.outcome - sample.before
    match method:
        case "naive":
            return fit_clustered(gain, np.ones((len(gain), 1)), sample.cluster, place=0)
        case "difference":
            return sample.fit(sample.outcome, nothing)
        case "did":
            return sample.fit(gain, nothing)
        case "ancova":
            return sample.fit(sample.outcome, scale_columns(sample.columns))
        case "weighting":
            chance = estimate_propensity(scale_columns(sample.columns), sample.treated, ridge=ridge)
            weights = weigh(sample.treated, chance, estimand)
            return sample.fit(sample.outcome, nothing, weights=weights)
        case "matching":
            return _match(sample)
    rng = np.random.default_rng(seed)
    tries = [_augment(sample, estimand, ridge, rng) for _ in range(REPEATS)]
    middle = float(np.median([t.value for t in tries]))
    spread = [t.error**2 + (t.value - middle) ** 2 for t in tries]
    first = tries[0]
    return Coefficient(middle, float(np.sqrt(np.median(spread))), first.df, first.clusters)


def _augment(sample: _Sample, estimand: str, ridge: float, rng: np.random.Generator) -> Coefficient:
    nothing = np.empty((len(sample.outcome), 0))
    chance, without, with_it = predict_apart(
        scale_columns(sample.columns), sample.treated, sample.outcome, sample.cluster,
        ridge=ridge, rng=rng,
    )  # fmt: skip
    weights = weigh(sample.treated, chance, estimand)
    if estimand == "att":
        return sample.fit(sample.outcome - without, nothing, weights=weights)
    expected = np.where(sample.treated, with_it, without)
    rest = sample.fit(sample.outcome - expected, nothing, weights=weights)
    uplift = with_it - without
    share = fit_clustered(uplift, np.ones((len(uplift), 1)), sample.cluster, place=0)
    error = float(np.hypot(rest.error, share.error))
    return Coefficient(rest.value + share.value, error, rest.df, rest.clusters)


def _match(sample: _Sample) -> Coefficient:
    chance = estimate_propensity(scale_columns(sample.columns), sample.treated)
    trained, compared = match_nearest(chance, sample.treated, caliper=CALIPER)
    if len(trained) < FEWEST:
        return Coefficient(np.nan, np.nan, np.nan, len(trained))
    rows = np.concatenate([trained, compared])
    pairs = np.tile(np.arange(len(trained)), 2)
    held = scale_columns(sample.columns.iloc[rows])
    columns = np.column_stack([np.ones(len(rows)), sample.treated[rows], held])
    return fit_clustered(sample.outcome[rows], columns, pairs)
