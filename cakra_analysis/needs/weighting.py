"""Weights that give those who answered the population's mix."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError

VARIABLES = ("kelurahan", "sex", "age_band")
BOUNDS = (1e-100, 1e100)  # of a factor that finds no end, so that it stays a number
Side = tuple[np.ndarray, np.ndarray, pd.Series]


def rake_weights(
    stakeholders: pd.DataFrame,
    margins: pd.DataFrame,
    *,
    trim: float = 5.0,
    tolerance: float = 1e-10,
    rounds: int = 500,
) -> pd.DataFrame:
    """Return a weight for every respondent, so that together they have the population's mix.

    Parameters
    ----------
    stakeholders : DataFrame
        One row a respondent, only those the population stands for (usually the public):
        stakeholder_id and any of kelurahan, sex, age_band (missing = not told).
    margins : DataFrame
        variable, category, population (inhabitants). Every variable is used by its shares; one
        that either table lacks is not weighted for.
    trim : float
        No weight is above ``trim`` times the median weight; ``inf`` does not trim.
    tolerance : float
        Largest difference between a weighted share and its aim.
    rounds : int
        Most passes over the variables.

    Returns
    -------
    DataFrame
        stakeholder_id and ``weight`` (mean 1), in the order of ``stakeholders``.

    Raises
    ------
    AnalysisError
        When nobody answered, no variable can be used, a respondent's category has no population,
        ``trim`` is not above 1, or the margins and the limit cannot both be met.

    Notes
    -----
    w_i = min(prod_v f_v(c_iv), trim * median(w)): one factor f a category, set in turn until every
    weighted share is the population's. Whoever is cut keeps the largest weight and the rest is
    raked again, in one loop; without a cut this is raking as it is. Those who did not tell a
    variable form a category of their own that keeps its share of the sample, and get their weight
    from the other variables. A category of the population that nobody answered from cannot be
    matched: the others share its place (``compare_margins`` lists it). Weights do *not* mend what
    is tied to no variable here. Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444; with the
    limit, Deville & Sarndal (1992), JASA 87, 376-382. Pinned by
    ``tests/test_needs_stakeholders.py`` (R's survey::rake, and calibrate with bounds).

    Examples
    --------
    >>> people = pd.DataFrame({"stakeholder_id": list("ABCDE"),
    ...                        "sex": ["female", "male", "male", "male", None]})
    >>> margins = pd.DataFrame({"variable": "sex", "category": ["female", "male"],
    ...                         "population": [500, 500]})
    >>> rake_weights(people, margins)["weight"].round(3).tolist()
    [2.0, 0.667, 0.667, 0.667, 1.0]
    """
    if stakeholders.empty:
        raise AnalysisError("Nobody answered, so there is nobody to weight.")
    if not trim > 1:
        raise AnalysisError(f"trim is {trim}.", allowed="A number above 1, or inf.")
    sides = {v: _aim(stakeholders[v], margins) for v in _variables(stakeholders, margins)}
    weight = _rake(len(stakeholders), sides, trim, tolerance, rounds)
    return pd.DataFrame({"stakeholder_id": stakeholders["stakeholder_id"].array, "weight": weight})


def score_weights(weights: pd.DataFrame) -> pd.DataFrame:
    """Return what the weights cost in precision.

    Parameters
    ----------
    weights : DataFrame
        From ``rake_weights``: one row a respondent, weight.

    Returns
    -------
    DataFrame
        One row: ``n``, ``effective_n`` (equal answers that would be as precise), ``design_effect``
        (1 = nothing lost), ``smallest`` and ``largest`` weight (the mean is 1).

    Notes
    -----
    deff = 1 + cv^2(w), effective n = n / deff = (sum w)^2 / sum w^2. It is the loss of weighting
    for its own sake: an answer tied to the margins loses less. Kish (1965), Survey Sampling, sec.
    11.7. Pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> score_weights(pd.DataFrame({"weight": [2.0, 1.0, 0.5, 0.5]})).round(3).values.tolist()
    [[4.0, 2.909, 1.375, 0.5, 2.0]]
    """
    weight = weights["weight"] / weights["weight"].mean()
    effective = weight.sum() ** 2 / (weight**2).sum()
    return pd.DataFrame(
        {
            "n": [len(weight)],
            "effective_n": effective,
            "design_effect": len(weight) / effective,
            "smallest": weight.min(),
            "largest": weight.max(),
        }
    )


def compare_margins(
    stakeholders: pd.DataFrame, weights: pd.DataFrame, margins: pd.DataFrame
) -> pd.DataFrame:
    """Return each category's share of the population beside its share of those who answered.

    Parameters
    ----------
    stakeholders : DataFrame
        As ``rake_weights`` takes them.
    weights : DataFrame
        stakeholder_id, weight; a respondent without a weight leaves the weighted shares missing.
    margins : DataFrame
        As ``rake_weights`` takes them.

    Returns
    -------
    DataFrame
        One row a variable and category, in the order of ``margins``: ``population_share``,
        ``raw_share`` and ``weighted_share`` (0-1, of those who told the variable; missing when
        nobody did), ``n`` (respondents of the category), ``n_untold`` (respondents who did not tell
        the variable), ``reached`` (False: nobody answered, so it cannot be matched).

    Raises
    ------
    AnalysisError
        When no variable can be used or a respondent's category has no population.

    Notes
    -----
    Where a category is not reached the others' weighted shares add to 1 without it, so each is
    above its share of the population. Pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"stakeholder_id": list("ABCD"), "sex": ["female"] + ["male"] * 3})
    >>> margins = pd.DataFrame({"variable": "sex", "category": ["female", "male"],
    ...                         "population": [500, 500]})
    >>> table = compare_margins(people, rake_weights(people, margins), margins)
    >>> table[["raw_share", "weighted_share"]].round(3).values.tolist()
    [[0.25, 0.5], [0.75, 0.5]]
    """
    sought = stakeholders[["stakeholder_id"]].merge(
        weights, on="stakeholder_id", how="left", validate="one_to_one"
    )
    parts = []
    for variable in _variables(stakeholders, margins):
        codes, _, wanted = _aim(stakeholders[variable], margins)
        n = np.bincount(codes, minlength=len(wanted) + 1)
        weighted = np.bincount(codes, sought["weight"], len(wanted) + 1)[:-1]
        told = max(n[:-1].sum(), 1)
        part = wanted.rename("population_share").reset_index()
        parts.append(
            part.assign(
                variable=variable,
                raw_share=n[:-1] / told if n[:-1].any() else np.nan,
                weighted_share=weighted / weighted.sum() if n[:-1].any() else np.nan,
                n=n[:-1],
                n_untold=n[-1],
                reached=n[:-1] > 0,
            )
        )
    columns = ["variable", "category", "population_share", "raw_share", "weighted_share"]
    table = pd.concat(parts)[[*columns, "n", "n_untold", "reached"]]
    return margins[columns[:2]].merge(table, on=columns[:2], validate="one_to_one")


def _variables(stakeholders: pd.DataFrame, margins: pd.DataFrame) -> list[str]:
    known = set(margins.loc[margins["population"] > 0, "variable"])
    variables = [v for v in VARIABLES if v in known and v in stakeholders.columns]
    if not variables:
        raise AnalysisError(
            "No variable is both in the stakeholders and in the population's margins.",
            allowed=f"The variables are {', '.join(VARIABLES)}.",
            do="Fill population_margins, or score without weights.",
        )
    return variables


def _aim(values: pd.Series, margins: pd.DataFrame) -> Side:
    """Each respondent's category, the share to reach in the sample, the share of the population.

    The last category of the first two is those who did not tell.
    """
    rows = margins[margins["variable"] == values.name].set_index("category")["population"]
    wanted = rows / rows.sum()
    strange = sorted(set(values.dropna()) - set(wanted.index[wanted > 0]))
    if strange:
        raise AnalysisError(
            f"Respondents come from {values.name} {', '.join(map(str, strange))}, which has no "
            "population in the margins.",
            allowed=f"The margins know {', '.join(map(str, wanted.index[wanted > 0]))}.",
            do="Spell the category as in population_margins, or add its population there.",
        )
    codes = wanted.index.get_indexer(values.to_numpy(dtype=object))
    codes = np.where(codes < 0, len(wanted), codes)
    n = np.bincount(codes, minlength=len(wanted) + 1)
    share = np.where(n[:-1] > 0, wanted, 0.0)
    untold = n[-1] / len(codes)
    return codes, np.append(share / (share.sum() or 1.0) * (1 - untold), untold), wanted


def _rake(n: int, sides: dict[str, Side], trim: float, tolerance: float, rounds: int) -> np.ndarray:
    product, limit, off = np.ones(n), trim, ""
    for _ in range(rounds):
        for codes, aim, _wanted in sides.values():
            reached = np.bincount(codes, np.minimum(product, limit), len(aim))
            product = np.clip(product * (n * aim / np.fmax(reached, BOUNDS[0]))[codes], *BOUNDS)
        weight = np.minimum(product, limit)
        limit = trim * float(np.median(weight))
        worst, off = _furthest(weight, sides)
        if worst <= tolerance and weight.max() <= limit * (1 + tolerance):
            return weight / weight.mean()
    do = "Join small categories in both tables, or leave a variable out"
    if trim < np.inf:
        free = _rake(n, sides, np.inf, tolerance, rounds)
        do += f", or raise trim (from {free.max() / np.median(free):.1f} on nobody is cut)"
    raise AnalysisError(
        f"After {rounds} rounds the weights are still off the population, most for {off}.",
        allowed=f"Shares within {tolerance} and no weight above {trim} times the median.",
        do=f"{do}.",
    )


def _furthest(weight: np.ndarray, sides: dict[str, Side]) -> tuple[float, str]:
    found = []
    for variable, (codes, aim, wanted) in sides.items():
        off = np.abs(np.bincount(codes, weight, len(aim)) / len(weight) - aim)
        names = [*wanted.index, "not told"]
        found.append((float(off.max()), f"{variable} {names[int(off.argmax())]}"))
    return max(found)
