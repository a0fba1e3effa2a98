"""What the courses as they were held could have shown."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.power import chance_to_show, plan_power

USUAL_EFFECT = 0.63  # mean effect on learning in 234 studies: Arthur et al. (2003)


def score_power(
    groups: pd.DataFrame,
    *,
    usual_effect: float = USUAL_EFFECT,
    correlation: float = 0.5,
    icc: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
    sd: float | None = None,
) -> pd.DataFrame:
    """Return the smallest effect that every course could have shown.

    Parameters
    ----------
    groups : DataFrame
        One row a course: course_id, n_trained, n_comparison (people), sessions; for instance from
        ``describe_design``. A course without anybody to compare has no row to look at.
    usual_effect : float
        What a usual course does, in standard deviations.
    correlation, icc, alpha, power : float
        As for ``plan_power``.
    sd : float, optional
        Standard deviation of the score, for the effect in points.

    Returns
    -------
    DataFrame
        As ``plan_power``, one row a course, with ``chance_usual`` (0-1, that an effect of the usual
        size would have been found). ``n``: people of both groups.

    Raises
    ------
    AnalysisError
        As ``plan_power``.

    Notes
    -----
    From the sizes alone, so it is *not* the power "observed" from a result, which says nothing new.
    Usual effect on learning: Arthur et al. (2003), J. Applied Psychology 88, 234-245. Pinned by
    ``tests/test_evaluation_power.py``.

    Examples
    --------
    >>> groups = pd.DataFrame({"course_id": ["C"], "n_trained": 20, "n_comparison": 20})
    >>> score_power(groups)[["value", "chance_usual"]].round(2).values.tolist()
    [[0.79, 0.61]]
    """
    options = {"correlation": correlation, "icc": icc, "alpha": alpha}
    table = plan_power(groups, **options, power=power, sd=sd)
    chance = [chance_to_show(usual_effect, row, **options) for row in groups.to_dict("records")]
    table.insert(table.columns.get_loc("n"), "chance_usual", chance)
    return table
