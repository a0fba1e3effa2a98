"""What a sample tells: how many answers it needs, and how sure its weighted means are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError, suggest
from cakra_analysis.needs.weighting import score_weights

CHI_SQUARE = 3.841  # one degree of freedom, 95%; to three digits, as the printed table has it
ROUNDINGS = ("table", "ceil")
SLACK = 1e-9


def required_sample(population: float, *, margin: float = 0.05, rounding: str = "table") -> int:
    """Return how many people to ask so that any share is known to +- ``margin`` in 95 of 100.

    Parameters
    ----------
    population : float
        People in the whole group; ``inf`` is an endless one.
    margin : float
        Half-width wanted, 0-1.
    rounding : str
        ``table`` (to the nearest, as the printed table) or ``ceil`` (up).

    Returns
    -------
    int
        Number of answers.

    Raises
    ------
    AnalysisError
        For a negative or missing population, a margin outside 0-1 or an unknown rounding.

    Notes
    -----
    S = X2 N P (1-P) / (d^2 (N-1) + X2 P (1-P)), X2 = 3.841, P = 0.5. It is made for a share near
    one half and a simple random sample: for a mean on 1-5 it asks for more than needed, under
    weights for less (``effective_n`` is what to hold against it). Krejcie & Morgan (1970), Educ.
    Psychol. Meas. 30, 607-610. Pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> [required_sample(n) for n in (10, 100, 450, 6000, float("inf"))]
    [10, 80, 207, 361, 384]
    >>> required_sample(450, rounding="ceil")
    208
    """
    _check(population, margin)
    if rounding not in ROUNDINGS:
        raise AnalysisError(
            f'The rounding is "{rounding}".',
            allowed=f"It may be {' or '.join(ROUNDINGS)}.",
            do=suggest(rounding, ROUNDINGS),
        )
    spread = CHI_SQUARE * 0.25
    if math.isinf(population):
        exact = spread / margin**2
    else:
        exact = spread * population / (margin**2 * max(population - 1, 0) + spread)
    return math.floor(exact + 0.5) if rounding == "table" else math.ceil(exact - SLACK)


def slovin(population: float, *, margin: float = 0.05) -> int:
    """Return Slovin's number of answers, rounded up.

    Parameters
    ----------
    population : float
        People in the whole group.
    margin : float
        Half-width wanted, 0-1.

    Returns
    -------
    int
        Number of answers.

    Raises
    ------
    AnalysisError
        For a negative or missing population or a margin outside 0-1.

    Notes
    -----
    n = N / (1 + N e^2), close to ``required_sample`` with X2 = 4 instead of 3.841; for comparison
    with reports that quote it. Its origin is not known: Tejada & Punzalan (2012), Philipp. Stat.
    61(1), 129-136. Pinned by ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> [slovin(n) for n in (450, 6000, 65000)]
    [212, 375, 398]
    """
    _check(population, margin)
    if math.isinf(population):
        return math.ceil(margin**-2 - SLACK)
    return math.ceil(population / (1 + population * margin**2) - SLACK)


def compare_sample(
    stakeholders: pd.DataFrame,
    population: Mapping[str, float],
    *,
    weights: pd.DataFrame | None = None,
    margin: float = 0.05,
    rounding: str = "table",
) -> pd.DataFrame:
    """Return, group by group, how many answers were needed and how many came.

    Parameters
    ----------
    stakeholders : DataFrame
        One row a respondent: stakeholder_id, group.
    population : mapping of str to float
        People in each group, where known.
    weights : DataFrame, optional
        stakeholder_id, weight; whoever is not in it counts 1.
    margin : float
        Half-width wanted, 0-1.
    rounding : str
        As in ``required_sample``.

    Returns
    -------
    DataFrame
        One row a group that answered or has a population, sorted: ``population`` and ``required``
        (missing = not known), ``n`` (came), ``effective_n`` (after weighting), ``short`` (effective
        answers too few; 0 = enough), ``margin`` (wanted), ``margin_reached`` (0-1: the half-width
        that ``effective_n`` gives a share near one half; missing when nobody came).

    Raises
    ------
    AnalysisError
        As ``required_sample``.

    Notes
    -----
    margin_reached = sqrt(X2 / 4 / n_eff * (N - n_eff) / (N - 1)), without the last factor where N
    is not known. Cochran (1977), Sampling Techniques, sec. 3.2. Pinned by
    ``tests/test_needs_stakeholders.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"stakeholder_id": range(100), "group": ["public"] * 90 + ["x"] * 10})
    >>> table = compare_sample(people, {"public": 100})
    >>> table[["group", "required", "n", "short"]].values.tolist()
    [['public', 80.0, 90, 0.0], ['x', nan, 10, nan]]
    """
    groups = sorted({*stakeholders["group"], *population})
    rows = stakeholders[["stakeholder_id", "group"]].assign(weight=1.0)
    if weights is not None:
        known = weights.set_index("stakeholder_id")["weight"]
        rows["weight"] = rows["stakeholder_id"].map(known).fillna(1.0)
    came = {group: score_weights(part).iloc[0] for group, part in rows.groupby("group")}
    table = pd.DataFrame({"group": groups})
    table["population"] = [float(population.get(g, np.nan)) for g in groups]
    table["required"] = [
        float(required_sample(n, margin=margin, rounding=rounding)) if pd.notna(n) else np.nan
        for n in table["population"]
    ]
    table["n"] = [int(came[g]["n"]) if g in came else 0 for g in groups]
    table["effective_n"] = [came[g]["effective_n"] if g in came else 0.0 for g in groups]
    table["short"] = np.ceil(table["required"] - table["effective_n"] - SLACK).clip(lower=0)
    unasked = (table["population"] - table["effective_n"]) / (table["population"] - 1).clip(1)
    unasked = unasked.clip(0, 1).fillna(1.0)
    reached = np.sqrt(CHI_SQUARE / 4 / table["effective_n"].replace(0.0, np.nan) * unasked)
    return table.assign(margin=margin, margin_reached=reached)


def estimate_means(rows: pd.DataFrame, first: str, second: str, *, by: list[str]) -> pd.DataFrame:
    """Return the weighted mean of two answers and of their difference, with standard errors.

    Parameters
    ----------
    rows : DataFrame
        One row a respondent (in each cell): ``by``, weight, ``first``, ``second`` (missing = not
        answered).
    first, second : str
        Columns of the two answers.
    by : list of str
        Columns that make a cell.

    Returns
    -------
    DataFrame
        One row a cell and ``measure`` (``first``, ``second`` and ``gap``, the first mean minus the
        second): ``value``, ``n`` (answers; of the gap: the fewer of the two), ``effective_n``,
        ``standard_error`` (missing with one answer, or where all answered alike, since a few equal
        answers are not certainty), ``df``. No row where nobody answered.

    Notes
    -----
    m = sum w x / sum w; V = n/(n-1) sum u^2 with u = w (x - m) / sum w; the gap has u_1 - u_2 and
    the n of all who gave either. Weights count as given and the population as endless. Sarndal,
    Swensson & Wretman (1992), Model Assisted Survey Sampling, sec. 5.7. Pinned by
    ``tests/test_needs_stakeholders.py`` (R's survey::svymean).

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": "U", "weight": [2.0, 1, 1], "i": [5, 4, 2], "p": [3, 2, None]})
    >>> estimate_means(rows, "i", "p", by=["unit"])[["measure", "value", "n"]].values.tolist()
    [['i', 4.0, 3], ['p', 2.6666666666666665, 2], ['gap', 1.3333333333333335, 2]]
    """
    cells = [rows[name] for name in by]
    (a, pull_a, told_a), (b, pull_b, told_b) = (
        _moments(rows[name].astype("float64"), rows["weight"], cells) for name in (first, second)
    )
    gap = np.minimum(a, b).assign(value=a["value"] - b["value"], n=np.minimum(a["n"], b["n"]))
    parts = [(first, a, pull_a, told_a), (second, b, pull_b, told_b)]
    parts.append(("gap", gap, pull_a - pull_b, told_a | told_b))
    tables = []
    for name, table, pull, told in parts:
        n = told.groupby(cells).sum()
        variance = n / (n - 1) * (pull**2).groupby(cells).sum()
        error = np.sqrt(variance.where((n > 1) & (variance > SLACK**2)))
        tables.append(
            table.assign(measure=name, standard_error=error, df=n - 1).dropna(subset="value")
        )
    table = pd.concat(tables).reset_index()
    return table[[*by, "measure", "value", "n", "effective_n", "standard_error", "df"]]


def _moments(
    x: pd.Series, weight: pd.Series, cells: list[pd.Series]
) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Mean and counts of each cell, every answer's pull on the mean, and who answered."""
    told = x.notna()
    w = weight.where(told, 0.0)
    parts = pd.DataFrame({"w": w, "wx": w * x.fillna(0.0), "ww": w**2, "n": told.astype("int64")})
    mine = parts.groupby(cells).transform("sum")
    pull = (w * (x - mine["wx"] / mine["w"]) / mine["w"]).where(told, 0.0)
    sums = parts.groupby(cells).sum()
    means = {"value": sums["wx"] / sums["w"], "n": sums["n"]}
    return pd.DataFrame(means | {"effective_n": sums["w"] ** 2 / sums["ww"]}), pull, told


def _check(population: float, margin: float) -> None:
    if not population >= 0:
        raise AnalysisError(f"The population is {population}.", allowed="A number from 0 on.")
    if not 0 < margin < 1:
        raise AnalysisError(f"The margin is {margin}.", allowed="A share between 0 and 1.")
