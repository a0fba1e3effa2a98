"""Gaps as plain sums by group, on any table: what is shown at every size is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrameT

from cakra_analysis.errors import AnalysisError

CELL = ("unit_id", "competency_id")
# As in score_chance and categorise_gaps: 0.5 but for binary rounding is 0.5.
TOLERANCE = 1e-9
COUNTS = ("n", "n_below", "n_none", "n_low", "n_medium", "n_high")
SUMS = ("sum_weight", "sum_weight_square", "sum_gap", "sum_gap_square", "sum_below")


def sum_gaps(
    gaps: IntoFrameT,
    *,
    by: Sequence[str] = CELL,
    weight: str | None = None,
    below_from: float = 0.5,
    categories: Sequence[float] | None = (0.0, 1.0, 2.0),
    also: Sequence[str] = (),
) -> IntoFrameT:
    """Return the sums that a group's mean gap, its spread and its shares are made of.

    Parameters
    ----------
    gaps : pandas, Polars, DuckDB or PySpark frame
        One row a person and competency: the columns of ``by``, ``gap`` (levels, positive = short;
        rows without one are left out), ``weight`` and ``also``.
    by : sequence of str
        Columns that make a group.
    weight : str, optional
        Column with the weight of a row, 0 or more; without it every row counts 1.
    below_from : float
        A row is below standard from this gap on, in levels.
    categories : sequence of three float, optional
        Upper ends of none, low and medium; None leaves the counts by category out.
    also : sequence of str
        More columns to sum, for instance required, observed or noise_variance.

    Returns
    -------
    same kind as ``gaps``
        One row a group, in no order; a lazy table stays lazy. ``n`` (rows), ``n_below``,
        ``n_none``, ``n_low``, ``n_medium``, ``n_high``; with w for the weight ``sum_weight``,
        ``sum_weight_square`` (w^2), ``sum_gap`` (w gap), ``sum_gap_square`` (w gap^2),
        ``sum_below``; and for each column x of ``also`` ``sum_x`` (w x) and ``known_x`` (the w of
        the rows that have an x).

    Raises
    ------
    AnalysisError
        When a column is missing.

    Notes
    -----
    Everything is a row's own product first and a plain sum in the group-by then: no engine refuses
    that, and sums of parts (files, months, machines) add up by ``add_sums``. The counts take each
    gap as it is. The share that ``score_gaps`` shows has the rating noise taken out, for which the
    group's spread must be known before its people are counted; ``score_gaps`` makes each person's
    chance first and gives it here in ``also``. Pinned by ``tests/test_needs_sums.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"unit_id": "U", "competency_id": "M.1", "gap": [1.0, 0.0, 2.0]})
    >>> sums = sum_gaps(gaps)
    >>> sums[["n", "sum_gap", "sum_gap_square", "n_below", "n_none"]].values.tolist()
    [[3.0, 3.0, 5.0, 2.0, 1.0]]
    """
    frame = open_table(gaps)
    weights = [weight] if weight else []
    need_columns(frame.collect_schema().names(), [*by, "gap", *weights, *also], "The gaps")
    # Not-a-number is missing, which pandas alone takes for granted.
    numbers = nw.col("gap", *weights, *also).cast(nw.Float64).fill_nan(None)
    frame = frame.select(*by, numbers)
    for name in ["gap", *weights]:
        frame = frame.filter(~nw.col(name).is_null())
    # A row's own products first: Dask and PyArrow take only plain sums in the group-by.
    below = nw.col("gap") >= below_from - TOLERANCE
    counted = {"n_below": below} | _place(categories)
    counted = {name: column.cast(nw.Int64) for name, column in counted.items()}
    summed = _weigh(weight, also, below) if weight else _multiply(also)
    row = counted | summed
    parts = frame.select(*by, *(column.alias(name) for name, column in row.items()))
    totals = [nw.len().alias("n"), *(nw.col(name).sum() for name in row)]
    if not weight:
        totals += [nw.col(f"sum_{x}").count().alias(f"known_{x}") for x in also]
    total = parts.group_by(*by).agg(*totals)
    if not weight:
        ones = {"sum_weight": "n", "sum_weight_square": "n", "sum_below": "n_below"}
        total = total.with_columns(nw.col(x).alias(name) for name, x in ones.items())
    known = [f"{part}_{x}" for x in also for part in ("sum", "known")]
    return nw.to_native(_tidy(total, by, ["n", *counted, *SUMS, *known]))


def add_sums(*parts: IntoFrameT, by: Sequence[str] = CELL) -> IntoFrameT:
    """Add the sums of parts up, of one kind of table all.

    Parameters
    ----------
    *parts : pandas, Polars, DuckDB or PySpark frames
        From ``sum_gaps`` with the same options, or from ``add_sums``. No person and competency may
        stand in two of them.
    by : sequence of str
        Columns that make a group: those of the parts, or fewer.

    Returns
    -------
    same kind as ``parts``
        One row a group, in no order; the columns of ``sum_gaps``.

    Raises
    ------
    AnalysisError
        When there is no part, a column of ``by`` is missing or the parts have other columns.

    Examples
    --------
    >>> gaps = pd.DataFrame({"unit_id": "U", "competency_id": "M.1", "gap": [1.0, 0.0, 2.0]})
    >>> total = add_sums(sum_gaps(gaps[:2]), sum_gaps(gaps[2:]))
    >>> total[["n", "sum_gap", "n_below"]].values.tolist()
    [[3.0, 3.0, 2.0]]
    """
    if not parts:
        raise AnalysisError("There are no parts to add up.")
    frames = [open_table(part) for part in parts]
    names = [frame.collect_schema().names() for frame in frames]
    need_columns(names[0], [*by, "n", *SUMS], "The sums")
    if any(set(other) != set(names[0]) for other in names):
        raise AnalysisError(
            "The parts do not have the same columns.",
            do="Make all of them by sum_gaps with the same options.",
        )
    summed = [name for name in names[0] if is_sum(name)]
    whole = nw.concat([frame.select(*by, *summed) for frame in frames])
    total = whole.group_by(*by).agg(*(nw.col(name).sum() for name in summed))
    return nw.to_native(_tidy(total, by, summed))


def open_table(table: Any) -> Any:
    """Return any kind of table as a Narwhals frame.

    Parameters
    ----------
    table : pandas, Polars, DuckDB or PySpark frame
        Any.

    Returns
    -------
    Narwhals frame
        Lazy where the table is.

    Raises
    ------
    AnalysisError
        When it is no table that Narwhals knows.
    """
    try:
        return nw.from_native(table)
    except TypeError:
        raise AnalysisError(
            f"{type(table).__name__} is no table that can be summed.",
            allowed="pandas, Polars, DuckDB, PySpark and what else Narwhals reads.",
        ) from None


def need_columns(have: Iterable[str], needed: Iterable[str], what: str) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    have : iterable of str
        Its columns.
    needed : iterable of str
        Those it must have.
    what : str
        What to call it.

    Raises
    ------
    AnalysisError
        When one is missing.
    """
    have = list(have)
    for name in needed:
        if name not in have:
            raise AnalysisError(
                f'{what} have no column "{name}".', allowed=f"They have: {', '.join(have)}."
            )


def is_sum(name: str) -> bool:
    """Tell whether a column of ``sum_gaps`` is a sum, or one of those that make a group.

    Parameters
    ----------
    name : str
        Of the column.

    Returns
    -------
    bool
        True for a sum or a count.
    """
    return name in COUNTS or name.startswith(("sum_", "known_"))


def _multiply(also: Sequence[str]) -> dict[str, nw.Expr]:
    """What a row adds to each sum where every row counts 1."""
    gap = nw.col("gap")
    own = {f"sum_{x}": nw.col(x) for x in also}
    return {"sum_gap": gap, "sum_gap_square": gap * gap} | own


def _weigh(weight: str, also: Sequence[str], below: nw.Expr) -> dict[str, nw.Expr]:
    """What a row adds to each sum where rows have weights."""
    w, gap = nw.col(weight), nw.col("gap")
    row = {"sum_weight": w, "sum_weight_square": w * w}
    row |= {"sum_gap": w * gap, "sum_gap_square": w * gap * gap}
    row |= {"sum_below": nw.when(below).then(w)}
    row |= {f"sum_{x}": w * nw.col(x) for x in also}
    return row | {f"known_{x}": nw.when(~nw.col(x).is_null()).then(w) for x in also}


def _place(categories: Sequence[float] | None) -> dict[str, nw.Expr]:
    if categories is None:
        return {}
    gap = nw.col("gap")
    none, low, medium = (limit + TOLERANCE for limit in categories)
    return {
        "n_none": gap <= none,
        "n_low": (gap > none) & (gap <= low),
        "n_medium": (gap > low) & (gap <= medium),
        "n_high": gap > medium,
    }


def _tidy(total: Any, by: Sequence[str], names: Sequence[str]) -> Any:
    """One order and one type a column on all engines; DuckDB makes sums of whole numbers wider."""
    kinds = {name: nw.Int64 if name in COUNTS else nw.Float64 for name in names}
    return total.select(*by, *(nw.col(name).cast(kind) for name, kind in kinds.items()))
