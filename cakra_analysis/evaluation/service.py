"""SKM: the public's satisfaction index (IKM) and its nine elements, PermenPANRB 14/2017."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.skm import ELEMENTS, Element, categorise_ikm
from cakra_analysis.intervals import t_interval
from cakra_analysis.tree import climb

LOWEST, HIGHEST, TO_100 = 1, 4, 25
FLAGGED = 3


def score_ikm(
    answers: pd.DataFrame,
    *,
    weight: str = "exact",
    by: Sequence[str] = ("unit_id", "period"),
    elements: Sequence[str] = tuple(ELEMENTS),
    units: pd.DataFrame | None = None,
    population: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the satisfaction index (IKM) of a unit in a period, with its official category.

    Parameters
    ----------
    answers : DataFrame
        One row a form: the columns ``by`` and ``elements``, 1-4, missing = not answered.
    weight : str
        "exact" (1 / number of elements) or "0.11", as printed by the regulation for nine: 1% lower.
    by : sequence of str
        Columns that make a row of the result.
    elements : sequence of str
        Names of the columns with answers; a survey with extra elements names them too.
    units : DataFrame, optional
        unit_id, parent_id; with it a form counts for every unit above its own as well.
    population : DataFrame, optional
        Some of ``by`` and ``population``, the number of people served; narrows the interval.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a combination of ``by``, sorted: ``value`` (IKM, 25-100), ``low``, ``high``,
        ``level``, ``n`` (forms with an answer), ``category`` (A-D of the value rounded half up to
        two decimals), ``method`` (names the weight). Value missing where an element has no answer
        at all; interval missing with one form ("too few") or where all are alike ("no variance").

    Raises
    ------
    DataError
        When a column is lacking or an answer is not within 1-4.
    AnalysisError
        When ``weight`` is unknown, or is 0.11 with other than nine elements.

    Notes
    -----
    IKM = 25 sum_j w mean_j, every element's mean over its own valid answers. With e_i = 25 sum_j w
    (x_ij - mean_j) n / n_j over the elements that form i answers, SE = sd(e) / sqrt(n) * sqrt((N -
    n) / (N - 1)); on complete forms e is the form's mean and this is the plain formula. t interval,
    cut off at the ends of the scale; a population below n is not used. It is *not* a measure of
    quality but of those who answered. PermenPANRB 14/2017; linearised mean: Lohr (2010), Sampling,
    ch. 9. Pinned by ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> answers = pd.DataFrame([[3] * 9, [4] * 9, [3] * 9], columns=list(ELEMENTS))
    >>> answers = answers.assign(unit_id="U", period="2026-03")
    >>> score_ikm(answers)[["value", "n", "category"]].round(2).values.tolist()
    [[83.33, 3, 'B']]
    """
    share = _weight(weight, len(elements))
    rows = _read(answers, elements, by, units)
    rows = rows[rows[list(elements)].notna().any(axis=1)]
    groups = rows.groupby(list(by), observed=True)
    counts = groups[list(elements)].transform("count")
    size = groups[by[0]].transform("size")
    given = rows[list(elements)]
    mean = groups[list(elements)].transform("mean")
    reach = ((given - mean) / counts).fillna(0).sum(axis=1) * size * share * TO_100
    table = pd.DataFrame(
        {
            # An element that nobody answered makes the index missing, not the others' mean.
            "value": groups[list(elements)].mean().sum(axis=1, skipna=False) * share * TO_100,
            "variance": reach.groupby([rows[c] for c in by], observed=True).var() / groups.size(),
            "n": groups.size(),
        }
    ).reset_index()
    table = _correct(table, by, population)
    text = f"IKM, weight {f'1/{len(elements)}' if weight == 'exact' else weight}; t over forms"
    ends = (LOWEST * TO_100 * share * len(elements), HIGHEST * TO_100 * share * len(elements))
    table = _with_interval(table, confidence, text, ends)
    table["category"] = table["value"].map(categorise_ikm)
    return table[[*by, "value", "low", "high", "level", "n", "category", "method"]]


def score_elements(
    answers: pd.DataFrame,
    *,
    by: Sequence[str] = ("unit_id", "period"),
    elements: Sequence[str] = tuple(ELEMENTS),
    units: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean of every element (nilai rata-rata, NRR) and which are lowest.

    Parameters
    ----------
    answers : DataFrame
        As for ``score_ikm``.
    by : sequence of str
        Columns that, with the element, make a row of the result.
    elements : sequence of str
        Names of the columns with answers.
    units : DataFrame, optional
        unit_id, parent_id; with it a form counts for every unit above its own as well.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a combination of ``by`` and an element, in the order of ``elements``: ``element``,
        ``code``, ``name_id``, ``name_en`` (of an extra element: its column), ``value`` (1-4),
        ``low``, ``high``, ``level``, ``n`` (valid answers), ``lowest`` (among the three lowest;
        ties together), ``method``.

    Raises
    ------
    DataError
        When a column is lacking or an answer is not within 1-4.

    Notes
    -----
    NRR_j = sum_i x_ij / n_j; t interval. Three lowest of nine is a rank, *not* a proven difference:
    see the intervals. PermenPANRB 14/2017. Pinned by ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> answers = pd.DataFrame([[3] * 8 + [2], [4] * 8 + [3]], columns=list(ELEMENTS))
    >>> table = score_elements(answers.assign(unit_id="U", period="2026-03"))
    >>> table[["code", "value", "n"]].values.tolist()[-2:]
    [['U8', 3.5, 2], ['U9', 2.5, 2]]
    """
    rows = _read(answers, elements, by, units)
    long = rows.melt(list(by), list(elements), var_name="element", value_name="answer")
    long["element"] = pd.Categorical(long["element"], list(elements), ordered=True)
    groups = long.groupby([*by, "element"], observed=True)["answer"]
    table = groups.agg(value="mean", variance="var", n="count").reset_index()
    table["variance"] /= table["n"].clip(lower=1)
    table = _with_interval(table, confidence, "NRR; t over forms", (LOWEST, HIGHEST))
    place = table.groupby(list(by), observed=True)["value"].rank(method="min")
    table["lowest"] = place <= FLAGGED
    names = {e: ELEMENTS.get(e, Element(f"U{i}", e, e)) for i, e in enumerate(elements, start=1)}
    for column in Element._fields:
        table[column] = [getattr(names[e], column) for e in table["element"]]
    table["element"] = table["element"].astype(str)
    columns = [*by, "element", *Element._fields, "value", "low", "high", "level", "n", "lowest"]
    return table[[*columns, "method"]]


def _weight(weight: str, count: int) -> float:
    if weight == "exact":
        return 1 / count
    if weight != "0.11" or count != len(ELEMENTS):
        raise AnalysisError(
            f'The weight "{weight}" cannot be used with {count} elements.',
            allowed='"exact", or "0.11" with nine elements.',
        )
    return 0.11


def _read(
    answers: pd.DataFrame, elements: Sequence[str], by: Sequence[str], units: pd.DataFrame | None
) -> pd.DataFrame:
    lacking = [c for c in (*by, *elements) if c not in answers]
    if lacking:
        raise DataError(f"service_answers lacks {', '.join(lacking)}.")
    rows = answers[[*by, *elements]].astype(dict.fromkeys(elements, float))
    wrong = rows[list(elements)].lt(LOWEST) | rows[list(elements)].gt(HIGHEST)
    if wrong.to_numpy().any():
        raise DataError("service_answers has an answer that is not on the scale.", allowed="1-4")
    return rows if units is None else climb(rows, units)


def _correct(
    table: pd.DataFrame, by: Sequence[str], population: pd.DataFrame | None
) -> pd.DataFrame:
    """Finite-population correction of the variance, where the population is known."""
    if population is None:
        return table
    shared = [c for c in by if c in population]
    table = table.merge(population[[*shared, "population"]], how="left", validate="many_to_one")
    known = table["population"].where(table["population"] >= table["n"].clip(lower=2))
    table["variance"] *= ((known - table["n"]) / (known - 1)).fillna(1.0)
    return table.assign(known=known.notna())


def _with_interval(
    table: pd.DataFrame, confidence: float, text: str, ends: tuple[float, float]
) -> pd.DataFrame:
    alike = np.isclose(table["variance"], 0, atol=1e-12)
    counted = table.get("known", pd.Series(False, index=table.index)) & (table["n"] > 1)
    spread = table["variance"].mask(alike & ~counted)
    low, high = t_interval(table["value"], spread, table["n"] - 1, confidence)
    method = np.where(counted, f"{text}; finite population", text)
    method = np.where(alike & ~counted, f"{text}; no variance", method)
    method = np.where(table["n"] < 2, f"{text}; too few", method)
    low, high = low.clip(*ends), high.clip(*ends)
    return table.assign(low=low, high=high, level=confidence, method=method)
