"""Whether trained and untrained were alike before, and can be compared at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.covariates import code_covariates, scale_columns, select_complete
from cakra_analysis.evaluation.propensity import EDGE, estimate_propensity, weigh

NAMES = {
    "before": {"id": "Nilai awal", "en": "Score before"},
    "earlier": {"id": "Nilai jauh sebelumnya", "en": "Earlier score"},
    "sex=male": {"id": "Laki-laki", "en": "Men"},
    "sex=female": {"id": "Perempuan", "en": "Women"},
    "missing": {"id": "tidak diketahui", "en": "not known"},
    "other": {"id": "lainnya", "en": "other"},
}
LARGEST = 0.1  # standardised difference that is called out


def check_balance(
    people: pd.DataFrame,
    *,
    covariates: Sequence[str] = (),
    estimand: str = "att",
    limit: float = LARGEST,
    ridge: float = 1.0,
) -> pd.DataFrame:
    """Return how far apart trained and untrained were before, as they are and after weighting.

    Parameters
    ----------
    people : DataFrame
        One row a person: treated, before, after (missing = lost) and the covariates.
    covariates : sequence of str
        Columns measured before the course; ``before`` is looked at always.
    estimand : str
        ``att`` or ``ate``: which weights.
    limit : float
        Standardised difference from which a covariate is called out.
    ridge : float
        Penalty of the weights' model, as in ``estimate_effect``.

    Returns
    -------
    DataFrame
        One row a covariate (text ones: a category), in the order given: ``covariate``,
        ``mean_trained``, ``mean_comparison`` (unit of the covariate), ``smd_before`` and
        ``smd_after`` (standardised differences, before and after weighting), ``over_before``,
        ``over_after`` (beyond the limit), ``n`` (people with an outcome). Empty where fewer than
        two people stand on a side.

    Notes
    -----
    (mean_T - mean_C) / sd_T for the ATT, over the pooled sd for the ATE, the unweighted sd in
    both columns. Balance in what was measured says *nothing* of what was not. Austin (2009),
    Statistics in Medicine 28, 3083-3107. Pinned by ``tests/test_evaluation_balance.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True, True, False, False], "before": [4.0, 2, 1, 3],
    ...                        "after": 1.0})
    >>> check_balance(people)[["mean_trained", "mean_comparison"]].values.tolist()
    [[3.0, 2.0]]
    """
    columns, treated, chance = _prepare(people, covariates, ridge)
    names = ["covariate", "mean_trained", "mean_comparison", "smd_before", "smd_after",
             "over_before", "over_after", "n"]  # fmt: skip
    if not len(chance):
        return pd.DataFrame(columns=names)
    values = columns.to_numpy(dtype=float)
    weights = weigh(treated, chance, estimand)
    spread = values[treated].var(axis=0, ddof=1)
    if estimand == "ate":
        spread = (spread + values[~treated].var(axis=0, ddof=1)) / 2
    spread = np.where(spread > 0, np.sqrt(spread), values.std(axis=0))
    means = [values[side].mean(axis=0) for side in (treated, ~treated)]
    weighted = [np.average(values[s], axis=0, weights=weights[s]) for s in (treated, ~treated)]
    before = (means[0] - means[1]) / spread
    after = (weighted[0] - weighted[1]) / spread
    parts = [columns.columns, *means, before, after, abs(before) > limit, abs(after) > limit]
    table = pd.DataFrame(dict(zip(names, parts, strict=False)))
    return table.assign(n=len(columns))


def check_overlap(
    people: pd.DataFrame,
    *,
    covariates: Sequence[str] = (),
    ridge: float = 1.0,
    edge: float = 0.05,
) -> pd.DataFrame:
    """Return whether every trained person has comparable untrained ones.

    Parameters
    ----------
    people : DataFrame
        One row a person: treated, before, after (missing = lost) and the covariates.
    covariates : sequence of str
        Columns measured before the course.
    ridge : float
        Penalty of the model.
    edge : float
        A chance of being trained above 1 - edge counts as without comparison.

    Returns
    -------
    DataFrame
        One row: ``low`` and ``high`` (the range of chances that both sides share, 0-1),
        ``outside`` (of the trained, without comparison), ``effective_n`` (untrained people
        the weighted comparison is worth), ``n_comparison``, ``n``. Empty where fewer than two
        people stand on a side.

    Notes
    -----
    Effective n = (sum w)^2 / sum w^2, Kish (1965). Trimming: Crump, Hotz, Imbens & Mitnik (2009),
    Biometrika 96, 187-199. Pinned by ``tests/test_evaluation_balance.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True, False] * 4, "before": [1.0] * 8, "after": 1.0})
    >>> check_overlap(people.assign(before=[1.0, 1, 2, 2, 3, 3, 4, 4]))[
    ...     ["outside", "n_comparison"]].values.tolist()
    [[0.0, 4.0]]
    """
    columns, treated, chance = _prepare(people, covariates, ridge)
    if not len(chance):
        names = ["low", "high", "outside", "effective_n", "n_comparison", "n"]
        return pd.DataFrame(columns=names)
    odds = (chance / np.clip(1 - chance, EDGE / 100, None))[~treated]
    high = min(chance[~treated].max(), 1 - edge)
    row = {
        "low": max(chance[treated].min(), chance[~treated].min()),
        "high": min(chance[treated].max(), chance[~treated].max()),
        "outside": float((chance[treated] > high).mean()),
        "effective_n": float(odds.sum() ** 2 / (odds**2).sum()),
        "n_comparison": int((~treated).sum()),
        "n": len(columns),
    }
    return pd.DataFrame([row])


def _prepare(
    people: pd.DataFrame, covariates: Sequence[str], ridge: float
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Covariates of the complete people, who was trained, and each one's chance of it.

    No chances where fewer than two people stand on a side, or nobody differs in any covariate.
    """
    kept = select_complete(people)
    treated = kept["treated"].to_numpy(dtype=bool)
    columns = code_covariates(kept, ["before", *covariates])
    if min(treated.sum(), (~treated).sum()) < 2 or columns.empty:
        return columns, treated, np.empty(0)
    return columns, treated, estimate_propensity(scale_columns(columns), treated, ridge=ridge)


def name_covariates(balance: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add what each covariate is called.

    Parameters
    ----------
    balance : DataFrame
        From ``check_balance``: covariate.
    units : DataFrame
        unit_id, name; a branch is called by its unit's name.

    Returns
    -------
    DataFrame
        Same rows with ``name_id`` and ``name_en``; a trait is called as the data call it.

    Examples
    --------
    >>> units = pd.DataFrame({"unit_id": ["SEK"], "name": ["Sekolah"]})
    >>> balance = pd.DataFrame({"covariate": ["before", "branch=SEK", "age"]})
    >>> name_covariates(balance, units)["name_en"].tolist()
    ['Score before', 'Sekolah', 'age']
    """
    places = units.set_index("unit_id")["name"].to_dict()

    def name(covariate: str, lang: str) -> str:
        if covariate in NAMES:
            return NAMES[covariate][lang]
        category = covariate.partition("=")[2] or covariate
        known = {code: words[lang] for code, words in NAMES.items()} | places
        return known.get(category, category)

    named = {f"name_{lang}": [name(c, lang) for c in balance["covariate"]] for lang in ("id", "en")}
    return balance.assign(**named)
