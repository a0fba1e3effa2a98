"""Effects that must not be there: on scores taken before the course."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cakra_analysis.evaluation.effect import COLUMNS, estimate_effect


def check_placebo(
    people: pd.DataFrame,
    *,
    method: str = "aipw",
    covariates: Sequence[str] = (),
    cluster: str | None = "cluster",
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the "effect" of a course on scores taken before it began, which must be none.

    Parameters
    ----------
    people : DataFrame
        One row a person: treated, earlier, before (missing = none) and the covariates.
    method : str
        As in ``estimate_effect``.
    covariates : sequence of str
        As in ``estimate_effect``.
    cluster : str, optional
        As in ``estimate_effect``.
    confidence : float
        Of the intervals.
    seed : int
        Of the folds.

    Returns
    -------
    DataFrame
        Two rows, columns of ``estimate_effect`` and ``check``: ``placebo`` (the same method, the
        earlier score as the outcome, all else held constant alike) and ``trend`` (by how much more
        the trained grew before the course, difference in differences). Without an earlier score
        both have no value and say so in ``reason``.

    Notes
    -----
    If the score before and the covariates tell all of who was trained that matters, the earlier
    score is alike given them: a placebo without zero in its interval speaks against that, and so
    against every method that holds the score before constant. A trend without zero speaks against
    the difference in differences: people picked for a low score show one by chance alone, as the
    low score was partly bad luck. An interval that holds zero is *not* proof. Imbens (2004),
    Review of Economics and Statistics 86, 4-29. Pinned by ``tests/test_evaluation_balance.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"treated": [True, False] * 6, "before": range(12), "after": 0.0})
    >>> check_placebo(people)["reason"].unique().tolist()
    ['no earlier score']
    """
    told = people.get("earlier", pd.Series(np.nan, index=people.index))
    kept = people[people["after"].notna()].assign(earlier=told)
    options = {"cluster": cluster, "confidence": confidence, "seed": seed}
    placebo = estimate_effect(
        kept.assign(after=kept["earlier"]),
        method=method,
        covariates=[name for name in covariates if name != "earlier"],
        **options,  # type: ignore[arg-type]
    )
    trend = estimate_effect(
        kept.assign(after=kept["before"], before=kept["earlier"]),
        method="did",
        **options,  # type: ignore[arg-type]
    )
    rows = [placebo.assign(check="placebo"), trend.assign(check="trend")]
    if kept["earlier"].notna().sum() == 0:
        rows = [row.assign(reason="no earlier score") for row in rows]
    return pd.concat(rows, ignore_index=True)[["check", *COLUMNS]]
