"""What evaluation found of each course, in the units that planning counts in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis import improvement, needs
from cakra_analysis.contracts import contracts
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import AnalysisError
from cakra_analysis.settings import Settings
from cakra_analysis.year_verdicts import judge_cycle, list_aims

COLUMNS = list(contracts()["evaluations"].columns)
KEY = contracts()["evaluations"].key


def evaluate_cycle(
    tables: Dataset, *, cycle: str, settings: Settings, judged: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what the tests of a cycle say of each course, as rows of the table ``evaluations``.

    Parameters
    ----------
    tables : Dataset
        courses, sessions, attendance, tests, traits, staff, units; and ratings, for the levels.
    cycle : str
        The cycle in which the courses were held.
    settings : Settings
        The sections ``evaluation`` and ``improvement``, and the weights of raters.
    judged : DataFrame, optional
        From ``judge_cycle``, where it is known already.

    Returns
    -------
    DataFrame
        One row a course with an effect, sorted: course_id, competency_id (that the course aims at),
        cycle, ``effect``, ``low``, ``high`` (levels; a 95 percent interval), ``grade``, ``n``
        (people), ``fewest`` (people on the smaller side), ``source``. Courses without a competency,
        without anybody to compare (grades D and E) or with fewer than five people on a side have
        none.

    Raises
    ------
    DataError
        When a course was held under one code in several cycles.
    AnalysisError
        When levels are to be worked out from ratings and there are none.

    Notes
    -----
    effect = d x s: d the effect by the deciding method over the standard deviation of the test
    (``estimate_courses``), s from ``score_spread``. That a standard deviation on the test is one in
    competency is a convention of this project, *not* a measurement: a test is not a level, and what
    is learnt is not yet used at work. Linear linking: Kolen & Brennan (2014), Test Equating, ch.
    10. Pinned by ``tests/test_improvement_evidence.py``.
    """
    if judged is None:
        judged = judge_cycle(tables, cycle=cycle, settings=settings)
    found = judged[np.isfinite(judged["low"].astype(float)) & judged["grade"].isin(["A", "B", "C"])]
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    found = found.merge(list_aims(tables), on="course_id", validate="one_to_one")
    levels = found["competency_id"].map(find_levels(tables, cycle=cycle, settings=settings))
    rows = found.assign(
        cycle=cycle,
        effect=found["value"] * levels,
        low=found["low"] * levels,
        high=found["high"] * levels,
        source=[
            f"{row.method}: d {row.value:.2f} x {each:.2f}"
            for row, each in zip(found.itertuples(), levels, strict=True)
        ],
    )
    return rows.dropna(subset=["effect"])[COLUMNS].sort_values(KEY, ignore_index=True)


def gather_evidence(
    tables: Dataset, *, cycle: str, settings: Settings, judged: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return everything that was found of courses up to a cycle.

    Parameters
    ----------
    tables : Dataset
        As for ``evaluate_cycle``, and the table evaluations.
    cycle : str
        The last cycle that counts.
    settings : Settings
        As for ``evaluate_cycle``.
    judged : DataFrame, optional
        The last cycle's verdicts from ``judge_cycle``, where they are known already.

    Returns
    -------
    DataFrame
        Rows of the shape of ``evaluations``, sorted: those of cycles whose raw answers are there
        (``evaluate_cycle``), and kept rows of other courses and cycles.

    Raises
    ------
    CakraError
        As ``evaluate_cycle``.
    """
    held = tables["sessions"].merge(tables["tests"][["course_id"]].drop_duplicates())
    cycles = pd.Series(sorted(held["cycle"].unique()), dtype="object")
    cycles = cycles[improvement.count_age(cycles, cycle=cycle) >= 0]
    known = {cycle: judged}
    raw = [
        evaluate_cycle(tables, cycle=each, settings=settings, judged=known.get(each))
        for each in cycles
    ]
    kept = tables["evaluations"].reindex(columns=COLUMNS)
    kept = kept[improvement.count_age(kept["cycle"], cycle=cycle) >= 0]
    rows = pd.concat([part for part in [*raw, kept] if len(part)] or [kept], ignore_index=True)
    return rows.drop_duplicates(KEY).sort_values(KEY, ignore_index=True)


def score_spread(observed: pd.DataFrame) -> pd.Series:
    """Return how much people truly differ in each competency.

    Parameters
    ----------
    observed : DataFrame
        From ``combine_ratings``: competency_id, observed, noise_variance.

    Returns
    -------
    Series
        Standard deviation between persons by competency_id, in levels: variance of what was rated
        less what rating noise alone causes. Where nothing is left, or nobody can tell the noise,
        the mean variance of the other competencies.

    Raises
    ------
    AnalysisError
        When ratings are all noise.

    Examples
    --------
    >>> observed = pd.DataFrame({"competency_id": "K", "observed": [1.0, 2.0, 3.0],
    ...                          "noise_variance": 0.19})
    >>> score_spread(observed).to_dict()
    {'K': 0.9}
    """
    cells = observed.groupby("competency_id", observed=True)
    true = cells["observed"].var() - cells["noise_variance"].mean()
    usual = true[true > 0].mean()
    if not usual > 0:
        raise AnalysisError(
            "What people's ratings differ by is no more than noise; effects of tests cannot be "
            "turned into levels.",
            do="Set improvement.levels_per_sd in settings.toml.",
        )
    spread: pd.Series = np.sqrt(true.where(true > 0, usual))
    return spread.round(12)


def find_levels(tables: Dataset, *, cycle: str, settings: Settings) -> pd.Series:
    """Return how many levels one standard deviation of a test counts for.

    Parameters
    ----------
    tables : Dataset
        ratings, competencies.
    cycle : str
        Whose ratings; the latest where it has none.
    settings : Settings
        ``improvement.levels_per_sd``, and the weights of raters where that is 0.

    Returns
    -------
    Series
        Levels by competency_id.

    Raises
    ------
    AnalysisError
        When they are to be worked out from ratings and there are none.
    """
    if fixed := settings.improvement.levels_per_sd:
        return pd.Series(fixed, index=tables["competencies"]["competency_id"])
    ratings = tables["ratings"]
    rated = sorted(ratings["cycle"].unique())
    if not rated:
        raise AnalysisError(
            "Effects of tests cannot be turned into levels: nobody was rated.",
            do="Set improvement.levels_per_sd in settings.toml, or give the table ratings.",
        )
    ratings = ratings[ratings["cycle"] == (cycle if cycle in rated else rated[-1])]
    weights = needs.list_weights(ratings, settings.gap.weights)
    return score_spread(needs.combine_ratings(ratings, weights=weights))
