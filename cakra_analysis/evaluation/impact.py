"""Every course's effect by every method, and every check that goes with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.balance import check_balance, check_overlap
from cakra_analysis.evaluation.comparison import list_covariates
from cakra_analysis.evaluation.covariates import select_complete
from cakra_analysis.evaluation.effect import estimate_effect
from cakra_analysis.evaluation.matching import match_nearest
from cakra_analysis.evaluation.placebo import check_placebo
from cakra_analysis.evaluation.propensity import estimate_propensity
from cakra_analysis.evaluation.sensitivity import bound_rosenbaum, score_evalue

SHOWN = ("naive", "difference", "did", "ancova", "weighting", "aipw", "matching")
BY_LOT = ("lot",)


def choose_method(assignment: str) -> str:
    """Return the method that decides about a course, fixed by how participants were chosen.

    Parameters
    ----------
    assignment : str
        lot, wait list, applied, nominated or low score.

    Returns
    -------
    str
        ``ancova`` after a lot, ``aipw`` else.

    Examples
    --------
    >>> choose_method("lot"), choose_method("nominated")
    ('ancova', 'aipw')
    """
    return "ancova" if assignment in BY_LOT else "aipw"


def estimate_courses(
    people: pd.DataFrame,
    design: pd.DataFrame,
    *,
    traits: Sequence[str] = (),
    methods: Sequence[str] = SHOWN,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return what each course did, by every method side by side.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.
    design : DataFrame
        From ``describe_design``.
    traits : sequence of str
        Columns of ``people`` that are traits.
    methods : sequence of str
        Of ``estimate_effect``.
    confidence : float
        Of the intervals.
    seed : int
        Of the folds.

    Returns
    -------
    DataFrame
        One row a course of ``design`` and method, in the order of both: course_id, the columns of
        ``estimate_effect`` (unit: points of the test), ``spread`` (mean of the trained people's
        standard deviations before and after), ``d``, ``d_low``, ``d_high`` (effect over that: of
        the kind of d_av), ``decides`` (the method that ``choose_method`` fixes).

    Notes
    -----
    The deciding method is fixed before anybody looks: choosing the best-looking of seven would
    turn chance into success. Pinned by ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True, False] * 6, "status": "x",
    ...                        "before": range(12), "after": range(12)})
    >>> design = pd.DataFrame({"course_id": ["C"], "assignment": ["lot"]})
    >>> estimate_courses(people, design, methods=["did"])[["method", "value"]].values.tolist()
    [['did', 0.0]]
    """
    rows = []
    for course in design.itertuples():
        mine = people[people["course_id"] == course.course_id]
        covariates = list_covariates(mine, traits=tuple(traits))
        trained = mine[mine["treated"].astype(bool) & mine["after"].notna()]
        spread = (trained["before"].std() + trained["after"].std()) / 2
        for method in methods:
            row = estimate_effect(
                mine, method=method, covariates=covariates, confidence=confidence, seed=seed
            )
            rows.append(
                row.assign(
                    course_id=course.course_id,
                    spread=spread,
                    decides=method == choose_method(course.assignment),
                )
            )
    empty = estimate_effect(people.head(0)).head(0)
    none = empty.assign(course_id="", spread=float("nan"), decides=False)
    table = pd.concat(rows, ignore_index=True) if rows else none
    spread = table["spread"].where(table["spread"] > 0)
    ends = {"d": "value", "d_low": "low", "d_high": "high"}
    table = table.assign(**{name: table[column] / spread for name, column in ends.items()})
    return table[["course_id", *(c for c in table if c != "course_id")]]


def check_courses(
    people: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    traits: Sequence[str] = (),
    imbalance: float = 0.1,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far each course's comparison can be trusted.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.
    effects : DataFrame
        From ``estimate_courses``.
    traits : sequence of str
        Columns of ``people`` that are traits.
    imbalance : float
        Standardised difference that is called out.
    confidence : float
        Of the placebo's interval.
    seed : int
        Of the folds.

    Returns
    -------
    tuple of DataFrame
        Checks, one row a course: course_id, ``worst_before`` and ``worst_after`` (largest absolute
        standardised difference, before and after weighting), ``worst_covariate``,
        ``outside`` (trained without comparison, 0-1), ``effective_n``, ``placebo`` with
        ``placebo_low`` and ``placebo_high``, ``trend`` with ``trend_low`` and ``trend_high``
        (points), ``e_value``, ``e_limit``, ``gamma`` (Rosenbaum), ``n``; missing where there is
        nobody to compare. And balance, one row a course and covariate.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True, False] * 6, "status": "x",
    ...                        "before": range(12), "after": range(12)})
    >>> design = pd.DataFrame({"course_id": ["C"], "assignment": ["lot"]})
    >>> checks, balance = check_courses(people, estimate_courses(people, design))
    >>> balance["smd_before"].round(2).tolist()
    [-0.27]
    """
    checks, balances = [], []
    for effect in effects[effects["decides"]].itertuples():
        mine = people[people["course_id"] == effect.course_id]
        covariates = list_covariates(mine, traits=tuple(traits))
        balance = check_balance(mine, covariates=covariates, limit=imbalance)
        balances.append(balance.assign(course_id=effect.course_id))
        checks.append({"course_id": effect.course_id, "n": effect.n} | _summarise(balance))
        if balance.empty:
            continue
        checks[-1] |= check_overlap(mine, covariates=covariates).iloc[0].to_dict() | {"n": effect.n}
        placebo = check_placebo(
            mine, method=effect.method, covariates=covariates, confidence=confidence, seed=seed
        ).set_index("check")
        for check in ("placebo", "trend"):
            ends = placebo.loc[check, ["value", "low", "high"]]
            checks[-1] |= dict(zip([check, f"{check}_low", f"{check}_high"], ends, strict=True))
        if np.isfinite(effect.d_low):
            e_value = score_evalue(effect.d, effect.d_low, effect.d_high).iloc[0]
            checks[-1] |= {"e_value": e_value["value"], "e_limit": e_value["limit"]}
        checks[-1]["gamma"] = _gamma(mine)
    columns = ["course_id", "worst_before", "worst_after", "worst_covariate", "outside",
               "effective_n", "placebo", "placebo_low", "placebo_high", "trend", "trend_low",
               "trend_high", "e_value", "e_limit", "gamma", "n"]  # fmt: skip
    names = ["course_id", *check_balance(people.head(0)).columns]
    told = [table for table in balances if len(table)]
    both = pd.concat(told, ignore_index=True)[names] if told else pd.DataFrame(columns=names)
    return pd.DataFrame(checks, columns=columns), both


def _summarise(balance: pd.DataFrame) -> dict[str, object]:
    if balance.empty:
        return {}
    after = balance["smd_after"].abs()
    return {
        "worst_before": balance["smd_before"].abs().max(),
        "worst_after": after.max(),
        "worst_covariate": balance.loc[after.idxmax(), "covariate"],
    }


def _gamma(people: pd.DataFrame) -> float:
    """How much hidden bias the gains of pairs matched on the score before withstand."""
    kept = select_complete(people)
    treated = kept["treated"].to_numpy(dtype=bool)
    if min(treated.sum(), (~treated).sum()) < 5 or kept["before"].nunique() < 2:
        return float("nan")
    before = kept["before"].to_numpy(dtype=float)
    scaled = ((before - before.mean()) / before.std())[:, None]
    trained, matches = match_nearest(estimate_propensity(scaled, treated), treated)
    gain = kept["after"].to_numpy(dtype=float) - before
    return float(bound_rosenbaum(gain[trained] - gain[matches])["value"].item())
