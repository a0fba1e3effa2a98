"""What evaluation found changes what the next cycle's plan expects of each course."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.improvement.claims import NORMAL, PRIOR, THING, list_claims
from cakra_analysis.improvement.own_data import (
    DECAY,
    GRADES,
    pool_evaluations,
    weigh_evaluations,
)
from cakra_analysis.improvement.posterior import find_posterior

METHOD = "empirical Bayes over courses and methods"
COLUMNS = ["course_id", "competency_id", *PRIOR, "data", "data_low", "data_high", "evaluations",
           "last_cycle", "trust", "status", "value", "low", "high", "level", "n",
           "fewest", "method"]  # fmt: skip


def update_effects(
    catalogue: pd.DataFrame,
    courses: pd.DataFrame,
    evaluations: pd.DataFrame,
    *,
    cycle: str,
    grades: Mapping[str, float] = GRADES,
    decay: float = DECAY,
    bias: float = 0.4,
    spread: float = 0.3,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what is to be expected of each course: what it claims, drawn to what was found.

    Parameters
    ----------
    catalogue : DataFrame
        The table ``course_effects``: course_id, competency_id, effect, low, high (levels; a 95
        percent range, which may be missing), and perhaps confirmed.
    courses : DataFrame
        The table ``courses``: course_id, and perhaps offer_id, route, mode.
    evaluations : DataFrame
        The table ``evaluations``: course_id, competency_id, cycle, effect, low, high, grade, n,
        and perhaps fewest.
    cycle : str
        Evaluations of later cycles are not read; age is counted from it.
    grades : mapping of str to float
        Weight of each grade of evidence, 0-1.
    decay : float
        Weight that is left of an evaluation after one more cycle, above 0 to 1.
    bias : float
        How far all claims of the catalogue may be off together, as a share of the claim.
    spread : float
        How far methods, and courses of one method, may be off by themselves, as a share of the
        claim: scale of the half-normal prior of both spreads.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a course and competency of the catalogue, or evaluated without standing in it,
        sorted: course_id, competency_id, ``prior``, ``prior_low``, ``prior_high`` (the claim;
        missing where there is none), ``data``, ``data_low``, ``data_high`` (what its own
        evaluations say together, by grade and age; missing without any), ``evaluations`` (how many
        count), ``last_cycle``, ``trust`` (0-1: share of the value that is its own data),
        ``status`` (*evaluated*; *borrowed*: not evaluated itself, but other courses were, and tell
        how far such claims hold; *claim*: nothing measured tells of it), ``value``, ``low``,
        ``high`` (levels), ``level``, ``n`` (people in its evaluations),
        ``fewest`` (on the smallest side of any of them, 0 without), ``method``.

    Raises
    ------
    AnalysisError
        When catalogue or evaluations hold what cannot be (see ``list_claims`` and
        ``weigh_evaluations``), or something is no cycle.

    Notes
    -----
    effect_i = c_i (b + m_i + k_i) + e_i: c the claim; b ~ N(1, bias^2), what share of claims comes
    true, apart for claims ``confirmed`` and not; m ~ N(0, s^2) by method, half of it the route's
    and half the mode's; k ~ N(0, t^2) by course; e with the variance of the claim's own range.
    Evaluations are normal around effect_i with the variance of ``weigh_evaluations``. All is normal
    given s and t; these are integrated over 10 x 10 quantiles of half-normal priors, so that two
    or three evaluated courses do not make them 0 and the rest too certain. Without own data the
    variance of e is never made smaller; where nothing at all was evaluated every claim stands as it
    is, range and all. An offer held under several codes is one thing. A share of
    a claim of 0 is 0: such a claim learns from its own data only. Efron & Morris (1975), JASA 70,
    311-319. It is *not* a new finding about a course, but a bet on the next time. Pinned by
    ``tests/test_improvement_evidence.py`` and ``benchmarks/evidence.py``.

    Examples
    --------
    >>> catalogue = pd.DataFrame({"course_id": ["C", "D"], "competency_id": "K",
    ...                           "effect": 0.5, "low": 0.3, "high": 0.7})
    >>> told = pd.DataFrame({"course_id": ["C"], "competency_id": "K", "cycle": "2026",
    ...     "effect": 0.2, "low": 0.1, "high": 0.3, "grade": "A", "n": 60})
    >>> courses = pd.DataFrame({"course_id": ["C", "D"]})
    >>> found = update_effects(catalogue, courses, told, cycle="2026")
    >>> found[["course_id", "status", "value"]].round(2).values.tolist()
    [['C', 'evaluated', 0.21], ['D', 'borrowed', 0.36]]
    """
    weighed = weigh_evaluations(evaluations, courses, cycle=cycle, grades=grades, decay=decay)
    things, rows = list_claims(catalogue, courses, weighed)
    pooled = pool_evaluations(weighed)
    found = find_posterior(things, pooled, bias=bias, spread=spread)
    found = found.merge(pooled, on=THING, how="left", validate="one_to_one", suffixes=("", "_own"))
    kept = [*THING, "mean", "variance", "trust", "told", "data", "variance_own", "evaluations",
            "last_cycle", "n", "fewest"]  # fmt: skip
    table = rows.merge(found[kept], on=THING, how="left", validate="many_to_one")
    return _show(
        table.assign(level=confidence, method=METHOD), stats.norm.ppf((1 + confidence) / 2)
    )


def _show(table: pd.DataFrame, z: float) -> pd.DataFrame:
    """The columns that a reader gets; where nobody evaluated anything, claims stand as they are."""
    half, own = z * np.sqrt(table["variance"]), z * np.sqrt(table["variance_own"].astype(float))
    wider = z / NORMAL
    low = table["prior"] - (table["prior"] - table["prior_low"]) * wider
    high = table["prior"] + (table["prior_high"] - table["prior"]) * wider
    count = table["evaluations"].fillna(0).astype(int)
    status = np.select([count > 0, table["told"]], ["evaluated", "borrowed"], "claim")
    stands = not count.any()  # nothing tells how far claims may be off; they stand as they are
    data = table["data"].astype(float)
    table = table.assign(
        prior_low=low,
        prior_high=high,
        data=data,
        data_low=data - own,
        data_high=data + own,
        evaluations=count,
        last_cycle=table["last_cycle"].astype("object").fillna(""),
        status=status,
        value=table["mean"],
        low=low if stands else table["mean"] - half,
        high=high if stands else table["mean"] + half,
        n=table["n"].fillna(0).astype(int),
        fewest=table["fewest"].fillna(0).astype(int),
    )
    return table[COLUMNS]
