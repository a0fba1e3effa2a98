"""From the sums of groups to their means and spread, on any table."""

from __future__ import annotations

import narwhals as nw
from narwhals.typing import IntoFrameT

from cakra_analysis.needs.sums import SUMS, is_sum, need_columns, open_table

# Sums of millions of gaps are right to about this share of themselves.
ACCURACY = 1e-12


def mean_sums(sums: IntoFrameT) -> IntoFrameT:
    """Return the means and the spread that sums stand for.

    Parameters
    ----------
    sums : pandas, Polars, DuckDB or PySpark frame
        From ``sum_gaps`` or ``add_sums``.

    Returns
    -------
    same kind as ``sums``
        The columns that make a group, ``n`` (rows), ``weight`` (their sum), ``n_effective`` (the
        number of equal weights that would tell as much), ``value`` (mean gap, levels),
        ``variance`` (of the gaps, squared levels; missing for one row), ``below_share`` (0-1) and
        the mean of each further column. An interval is *not* here: ``score_sums`` makes it, with
        what all groups tell about the spread.

    Raises
    ------
    AnalysisError
        When a sum is missing.

    Notes
    -----
    With W = sum w and W2 = sum w^2: value = sum(w g) / W, n_effective = W^2 / W2 (Kish 1965, Survey
    Sampling, sec. 11.7), variance = (sum(w g^2) - W value^2) / (W - W2 / W), which is the usual one
    (over n - 1) where all weights are alike. A spread below the accuracy of the sums is 0.
    Pinned by ``tests/test_needs_sums.py``.

    Examples
    --------
    >>> from cakra_analysis.needs.sums import sum_gaps
    >>> gaps = pd.DataFrame({"unit_id": "U", "competency_id": "M.1", "gap": [1.0, 0.0, 2.0]})
    >>> mean_sums(sum_gaps(gaps))[["value", "variance", "n_effective"]].values.tolist()
    [[1.0, 1.0, 3.0]]
    """
    frame = open_table(sums)
    names = frame.collect_schema().names()
    need_columns(names, ["n", *SUMS], "The sums")
    means = [name.removeprefix("known_") for name in names if name.startswith("known_")]
    keys = [name for name in names if not is_sum(name)]
    weight, square = nw.col("sum_weight"), nw.col("sum_weight_square")
    gap, gap_square = nw.col("sum_gap"), nw.col("sum_gap_square")
    spread = gap_square - _divide(gap * gap, weight)
    rounded = nw.when(spread > gap_square * ACCURACY).then(spread).otherwise(nw.lit(0.0))
    free = weight - _divide(square, weight)
    return nw.to_native(
        frame.select(
            *keys,
            "n",
            weight.alias("weight"),
            _divide(weight * weight, square).alias("n_effective"),
            _divide(gap, weight).alias("value"),
            nw.when(nw.col("n") > 1).then(_divide(rounded, free)).alias("variance"),
            _divide(nw.col("sum_below"), weight).alias("below_share"),
            *(_divide(nw.col(f"sum_{x}"), nw.col(f"known_{x}")).alias(x) for x in means),
        )
    )


def _divide(upper: nw.Expr, lower: nw.Expr) -> nw.Expr:
    """Missing where there is nothing to divide by; Spark would stop there."""
    return nw.when(lower > 0).then(upper / nw.when(lower > 0).then(lower).otherwise(nw.lit(1.0)))
