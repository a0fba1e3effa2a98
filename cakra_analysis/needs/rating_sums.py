"""From ratings to the sums of gaps without leaving the engine that holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrameT

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.sums import CELL, need_columns, open_table, sum_gaps


def sum_ratings(
    ratings: IntoFrameT,
    staff: IntoFrameT,
    standards: IntoFrameT,
    *,
    weights: Mapping[str, float],
    by: Sequence[str] = CELL,
    below_from: float = 0.5,
    categories: Sequence[float] | None = (0.0, 1.0, 2.0),
) -> IntoFrameT:
    """Return the sums of gaps against the standards of posts, straight from ratings.

    Parameters
    ----------
    ratings : pandas, Polars, DuckDB or PySpark frame
        One cycle: staff_id, competency_id, source, level (0-5, missing = not answered).
    staff : same kind
        One row a person: staff_id, position_id and the columns of ``by``.
    standards : same kind
        One row a post and competency: position_id, competency_id, required_level.
    weights : mapping of str to float
        Weight of each source; a source with weight 0 or without a weight is left out.
    by : sequence of str
        Columns that make a group: competency_id or columns of ``staff``.
    below_from : float
        A person is below standard from this gap on, in levels.
    categories : sequence of three float, optional
        Upper ends of none, low and medium; None leaves the counts by category out.

    Returns
    -------
    same kind as ``ratings``
        As ``sum_gaps`` gives it, with ``sum_required`` and ``sum_observed``. People without a post
        and competencies that a post does not require are left out.

    Raises
    ------
    AnalysisError
        When no source has a weight, the tables are of different kinds or a column is missing.

    Notes
    -----
    observed = sum_s w_s mean_s / sum_s w_s over the sources s that answered, mean_s over the raters
    of a source; gap = required - observed. These are the numbers of ``combine_ratings`` where
    everybody has the same sources. It does *not* move ratings by the leniency of a missing source
    and does not estimate rating noise: both need a fit over all people of a competency first, which
    is no sum by group. It does *not* check the rows either; keys that stand twice count twice.
    Pinned by ``tests/test_needs_sums.py``.

    Examples
    --------
    >>> ratings = pd.DataFrame({"staff_id": ["A", "A"], "competency_id": "M.1",
    ...                         "source": ["self", "supervisor"], "level": [4, 1]})
    >>> staff = pd.DataFrame({"staff_id": ["A"], "unit_id": ["U"], "position_id": ["P"]})
    >>> standards = pd.DataFrame({"position_id": ["P"], "competency_id": ["M.1"],
    ...                           "required_level": [3]})
    >>> sums = sum_ratings(ratings, staff, standards, weights={"self": 1, "supervisor": 2})
    >>> sums[["n", "sum_observed", "sum_gap"]].values.tolist()
    [[1.0, 2.0, 1.0]]
    """
    frames = [open_table(table) for table in (ratings, staff, standards)]
    used = {source: float(w) for source, w in weights.items() if w > 0}
    _check(frames, used, by)
    place = [name for name in by if name != "competency_id"]
    people = _text(frames[1].select("staff_id", "position_id", *place), ["staff_id", "position_id"])
    key = ["position_id", "competency_id"]
    wanted = frames[2].select(*key, nw.col("required_level").cast(nw.Float64).alias("required"))
    rows = _observe(frames[0], used).join(people, on="staff_id", how="inner")
    rows = rows.join(_text(wanted, key), on=key, how="inner")
    rows = rows.with_columns((nw.col("required") - nw.col("observed")).alias("gap"))
    return sum_gaps(
        nw.to_native(rows),
        by=by,
        below_from=below_from,
        categories=categories,
        also=["required", "observed"],
    )


def _check(frames: Sequence[Any], used: Mapping[str, float], by: Sequence[str]) -> None:
    kinds = list(dict.fromkeys(str(frame.implementation) for frame in frames))
    if len(kinds) > 1:
        raise AnalysisError(
            f"Ratings, staff and standards are of different kinds: {', '.join(kinds)}.",
            do="Give all three in the kind that holds the ratings.",
        )
    if not used:
        raise AnalysisError("No source has a weight above 0.")
    ratings, staff, standards = (frame.collect_schema().names() for frame in frames)
    need_columns(ratings, ["staff_id", "competency_id", "source", "level"], "The ratings")
    place = [name for name in by if name != "competency_id"]
    need_columns(staff, ["staff_id", "position_id", *place], "The staff")
    need_columns(standards, ["position_id", "competency_id", "required_level"], "The standards")


def _observe(ratings: Any, weights: Mapping[str, float]) -> Any:
    """One row a person and competency: observed. One group-by only, a column a source."""
    level = nw.col("level").cast(nw.Float64).fill_nan(None)
    by_source = {f"of_{i}": nw.col("source") == source for i, source in enumerate(weights)}
    parts = ratings.filter(nw.col("source").is_in(list(weights)), ~level.is_null()).select(
        "staff_id",
        "competency_id",
        *(nw.when(own).then(level).alias(name) for name, own in by_source.items()),
    )
    sums = parts.group_by("staff_id", "competency_id").agg(
        *(nw.col(name).sum().alias(f"sum_{name}") for name in by_source),
        *(nw.col(name).count().alias(f"n_{name}") for name in by_source),
    )
    upper, lower = nw.lit(0.0), nw.lit(0.0)
    for name, weight in zip(by_source, weights.values(), strict=True):
        n = nw.col(f"n_{name}").cast(nw.Float64)
        there = (n > 0).cast(nw.Float64)
        # 1 in place of 0 raters: their sum is 0, and Spark would stop at a division by 0.
        upper = upper + weight * nw.col(f"sum_{name}") / (n + 1.0 - there)
        lower = lower + weight * there
    keys = ["staff_id", "competency_id"]
    return _text(sums.select(*keys, (upper / lower).alias("observed")), keys)


def _text(frame: Any, names: Sequence[str]) -> Any:
    """Keys as text: categories of two tables do not join in Polars."""
    schema = frame.collect_schema()
    other = [name for name in names if schema[name] != nw.String]
    return frame.with_columns(nw.col(name).cast(nw.String) for name in other) if other else frame
