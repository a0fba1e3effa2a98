"""A change of a mean, taken apart: the same people, those who came, those who went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

CELL = ["period", "unit_id", "competency_id"]
# What a person can be between two cycles, and the part of the change that it belongs to.
PARTS = ("joined", "left", "moved", "answered")
NO_VARIANCE = 1e-12
Columns = Mapping[str, np.ndarray]


def split_change(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Take the change of every unit's mean gap apart, exactly.

    Parameters
    ----------
    rows : DataFrame
        One row a pair of cycles (``period``), person, unit (with those above it) and competency:
        period, unit_id, competency_id, ``kind`` (``same``, or one of ``PARTS``), ``first`` and
        ``last`` (the gap in either cycle; missing where the person was not there or not rated),
        ``shared`` (squared levels, of an error in the change that all people share).
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a period, unit and competency, sorted: ``value``, ``low``, ``high`` (change on the
        same people, levels), ``total``, ``who`` (of who is there: all but the same people),
        ``joined``, ``left``, ``moved``, ``answered``, each with ``_low`` and ``_high``; ``n`` (the
        same people), ``n_joined`` ... ``n_answered``, ``n_came``, ``n_went``, ``n_first``,
        ``n_last``, ``mean_first``, ``mean_last``. value + joined + left + moved + answered = total.
        A part of nobody is 0. Without people in both cycles only the total is known.

    Notes
    -----
    With S the people of both cycles, E those of the last only and X those of the first only,
    Gb - Ga = (S_b - S_a) + sum_E (n_E / n_b) (E_b - S_b) + sum_X (n_X / n_a) (S_a - X_a):
    Melitz & Polanec (2015), RAND J. Economics 46, 362-375, for people of equal weight. Each part is
    alpha S_b - beta S_a + the means of others, so its variance is var(alpha b - beta a) / n_S over
    the same people, paired, + sum (n_E / n_b)^2 s_b^2 / n_E + sum (n_X / n_a)^2 s_a^2 / n_X, s the
    spread within groups, group sizes as they are; t with Satterthwaite's degrees of freedom. A
    variance of zero gives no interval. Pinned by ``tests/test_improvement_trend.py``.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": "1-2", "unit_id": "U", "competency_id": "M.1",
    ...     "shared": 0.0, "kind": ["same", "same", "joined", "left"],
    ...     "first": [1.0, 2.0, None, 3.0], "last": [0.5, 2.0, 0.5, None]})
    >>> split_change(rows)[["total", "value", "joined", "left"]].round(2).values.tolist()
    [[-1.0, -0.25, -0.25, -0.5]]
    """
    cells = _sum_cells(rows)
    kept = [*CELL, "n_same", *(f"n_{part}" for part in PARTS)]
    table = cells[kept].rename(columns={"n_same": "n"})
    columns = {str(c): cells[c].to_numpy(float) for c in cells if c not in CELL}
    for name, figure in _list_figures(columns).items():
        value, low, high = _estimate(columns, figure, confidence)
        stem = "" if name == "value" else f"{name}_"
        table = table.assign(**{name: value, f"{stem}low": low, f"{stem}high": high})
    table = table.assign(
        n_came=sum(cells[f"n_b_{part}"] for part in PARTS),
        n_went=sum(cells[f"n_a_{part}"] for part in PARTS),
        n_first=cells["n_a"],
        n_last=cells["n_b"],
        mean_first=cells["mean_a"],
        mean_last=cells["mean_b"],
    )
    counts = [c for c in table if c == "n" or c.startswith("n_")]
    return table.astype(dict.fromkeys(counts, int))


def _sum_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Numbers, means and spreads of every cell: ``a`` the first cycle, ``b`` the last."""
    same = rows[rows["kind"] == "same"]
    own = same.groupby(CELL, observed=True)[["first", "last"]]
    off = same[["first", "last"]] - own.transform("mean")
    cross = (off["first"] * off["last"]).groupby([same[key] for key in CELL], observed=True).sum()
    cells = pd.DataFrame({"shared": rows.groupby(CELL, observed=True)["shared"].max()})
    cells["n_same"] = own.size()
    cells[["same_a", "same_b"]] = own.mean()
    cells[["var_a", "var_b"]] = own.var()
    cells["covariance"] = cross / (cells["n_same"] - 1).where(cells["n_same"] > 1)
    for end, column in (("a", "first"), ("b", "last")):
        cells = cells.join(_sum_end(rows[rows[column].notna()], end, column))
    counts = [c for c in cells if c.startswith("n_")]
    cells[counts] = cells[counts].fillna(0)
    for part in PARTS:
        cells[f"n_{part}"] = cells[f"n_a_{part}"] + cells[f"n_b_{part}"]
    return cells.reset_index()


def _sum_end(there: pd.DataFrame, end: str, column: str) -> pd.DataFrame:
    """One cycle's people: how many, their mean, the spread within groups, and each group."""
    known = there.groupby(CELL, observed=True)[column]
    cells = known.agg(["size", "mean"]).set_axis([f"n_{end}", f"mean_{end}"], axis=1)
    groups = there.groupby([*CELL, "kind"], observed=True)[column].agg(["size", "mean", "var"])
    groups["inside"] = groups["var"].fillna(0.0) * (groups["size"] - 1)
    groups["df"] = groups["size"] - 1
    inside = groups.groupby(level=CELL, observed=True)[["inside", "df"]].sum()
    cells[f"df_{end}"] = inside["df"]
    cells[f"spread_{end}"] = inside["inside"] / inside["df"].where(inside["df"] > 0)
    for part in PARTS:
        mine = groups[groups.index.get_level_values("kind") == part].droplevel("kind")
        cells[f"n_{end}_{part}"], cells[f"mean_{end}_{part}"] = mine["size"], mine["mean"]
    return cells


@dataclass(frozen=True)
class Figure:
    """A sum of group means: what each is weighed with.

    Attributes
    ----------
    last, first : ndarray
        Weights of the same people's means in either cycle.
    others : mapping of (str, str) to ndarray
        By cycle and part, of the people of one cycle only.
    shared : bool
        Whether an error that all share is in it.
    alone : bool
        Whether it is known without people of both cycles.
    """

    last: np.ndarray
    first: np.ndarray
    others: Mapping[tuple[str, str], np.ndarray]
    shared: bool = False
    alone: bool = False


def _list_figures(cells: Columns) -> dict[str, Figure]:
    others: dict[tuple[str, str], np.ndarray] = {}
    for end, sign in (("b", 1.0), ("a", -1.0)):
        whole = np.where(cells[f"n_{end}"] > 0, cells[f"n_{end}"], np.nan)
        others |= {(end, p): sign * cells[f"n_{end}_{p}"] / whole for p in PARTS}
    new, gone = (np.sum([others[end, p] for p in PARTS], axis=0) for end in ("b", "a"))
    parts = {
        p: Figure(-others["b", p], -others["a", p], {k: others[k] for k in (("a", p), ("b", p))})
        for p in PARTS
    }
    one = np.ones(len(cells["n_same"]))
    return {
        "value": Figure(one, -one, {}, shared=True),
        "total": Figure(1 - new, -1 - gone, others, shared=True, alone=True),
        "who": Figure(-new, -gone, others),
        **parts,
    }


def _estimate(
    cells: Columns, figure: Figure, confidence: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A figure and the ends of its interval."""
    n, last, first = cells["n_same"], figure.last, figure.first
    value = last * np.nan_to_num(cells["same_b"]) + first * np.nan_to_num(cells["same_a"])
    paired = last**2 * cells["var_b"] + first**2 * cells["var_a"]
    with np.errstate(divide="ignore", invalid="ignore"):
        paired = (paired + 2 * last * first * cells["covariance"]) / n
        pieces = [(np.where((last == 0) & (first == 0), 0.0, paired), n - 1)]
        for (end, part), weight in figure.others.items():
            here, size = weight != 0, cells[f"n_{end}_{part}"]
            value = value + np.where(here, weight * cells[f"mean_{end}_{part}"], 0.0)
            noise = np.where(here, weight**2 * cells[f"spread_{end}"] / size, 0.0)
            pieces.append((noise, cells[f"df_{end}"]))
        variance = sum(piece for piece, _ in pieces) + cells["shared"] * figure.shared
        doubt = sum(np.where(piece > 0, piece**2 / df, 0.0) for piece, df in pieces)
        df = np.where(doubt > 0, variance**2 / doubt, np.inf)
    variance = np.where(variance > NO_VARIANCE, variance, np.nan)
    half = stats.t.ppf((1 + confidence) / 2, df) * np.sqrt(variance)
    weights = sum(np.abs(weight) for weight in (last, first, *figure.others.values()))
    half = np.where(weights == 0, 0.0, half)  # nobody came or went
    value = np.where((n > 0) | figure.alone, value, np.nan)
    return value, value - half, value + half
