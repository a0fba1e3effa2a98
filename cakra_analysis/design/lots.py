"""Lots where seats are fewer than eligible people, so that those who wait can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError


@dataclass(frozen=True)
class Lots:
    """A draw that anybody can repeat with its seed.

    Attributes
    ----------
    people : DataFrame
        One row a course and eligible person: course_id, staff_id, stratum, place ("seat" |
        "waiting"), assignment ("lot"; "need" = in without a lot; "all" = seats for everybody;
        "none" = no seat to draw for), chance (probability of a seat before the draw,
        0-1), order (those in, then those who wait, as drawn), benefit.
    strata : DataFrame
        One row a course and stratum of those who drew: course_id, stratum, n, seats, chance.
    courses : DataFrame
        One row a course: course_id, n (eligible), seats, need (in without a lot), drawn (in by
        lot), waiting (lost the draw), chance (mean of those who drew), benefit_most (with the
        seats given to the largest benefits), benefit_lot (expected with the draw), lost (share).
    seed : int
        Repeats the draw.
    """

    people: pd.DataFrame
    strata: pd.DataFrame
    courses: pd.DataFrame
    seed: int


def draw_lots(
    eligible: pd.DataFrame,
    seats: pd.DataFrame,
    *,
    seed: int,
    strata: Sequence[str] = ("unit_id", "segment", "status"),
    fewest: int = 4,
    surely: float = 0.0,
) -> Lots:
    """Return who is in and who waits, everybody who draws for the same seats with one chance.

    Parameters
    ----------
    eligible : DataFrame
        ``list_eligible``: course_id, staff_id, benefit, columns of ``strata``.
    seats : DataFrame
        course_id, seats, and by choice columns of ``eligible`` (unit_id, ...) whose people share
        these seats: a block. People of no block are left out.
    seed : int
        Of the draw; kept in the result.
    strata : sequence of str
        Columns whose groups come in and wait in proportion; those that ``eligible`` lacks are
        left out.
    fewest : int
        A stratum with fewer people joins the others of its block that are too small.
    surely : float
        Share of the seats (0-1) that go to the largest benefits without a lot.

    Returns
    -------
    Lots
        In order of course and place.

    Raises
    ------
    AnalysisError
        When somebody stands twice in a course, or ``surely`` is not within 0 and 1.

    Notes
    -----
    n people of a block in order of stratum, by chance within it, k seats, a start r drawn from 0 to
    n - 1: the i-th (from 0) is in if floor(((i + 1) k + r) / n) > floor((i k + r) / n). Each has
    the chance k / n exactly, and each stratum its part of the seats to within one (systematic
    sampling; Madow 1949, Ann. Math. Stat. 20, 333-354). Each block draws from the seed and the
    codes of its course and people, so that no other block changes it. Who has the same benefit as
    somebody who draws is never in without a lot. Pinned by ``tests/test_design_lots.py``.

    Examples
    --------
    >>> eligible = pd.DataFrame({"course_id": "C", "staff_id": [*"ABCD"], "benefit": 1.0})
    >>> seats = pd.DataFrame({"course_id": ["C"], "seats": [2]})
    >>> draw_lots(eligible, seats, seed=1).people["place"].tolist()
    ['seat', 'seat', 'waiting', 'waiting']
    """
    if not 0 <= surely <= 1:
        raise AnalysisError(f"surely is {surely}.", allowed="A share, 0 to 1.")
    if eligible.duplicated(["course_id", "staff_id"]).any():
        raise AnalysisError("Somebody stands twice in a course.", allowed="One row each.")
    block = [c for c in seats.columns if c != "seats"]
    rows = eligible.merge(seats, on=block, how="inner", validate="many_to_one")
    columns = [c for c in strata if c in rows]
    parts = [
        _draw(part.sort_values("staff_id"), columns, seed, fewest, surely)
        for _, part in rows.groupby(block, sort=True, dropna=False)
    ]
    names = ["course_id", "staff_id", "stratum", "place", "assignment", "chance", "benefit"]
    people = pd.concat(parts)[[*names, "turn"]] if parts else pd.DataFrame(columns=[*names, "turn"])
    people = people.sort_values(["course_id", "place", "turn", "staff_id"], ignore_index=True)
    people["order"] = people.groupby(["course_id", "place"]).cumcount() + 1
    people = people.drop(columns="turn")
    return Lots(people, _sum_strata(people), _sum_courses(people, parts), seed)


def _draw(
    part: pd.DataFrame, columns: list[str], seed: int, fewest: int, surely: float
) -> pd.DataFrame:
    """The draw of one block."""
    seats = min(int(part["seats"].iloc[0]), len(part))
    name = "|".join(map(str, [part["course_id"].iloc[0], *part["staff_id"]]))
    rng = np.random.default_rng([seed, crc32(name.encode())])
    table = part.assign(turn=rng.permutation(len(part)), most=seats)
    if seats == len(part):
        return table.assign(stratum="", place="seat", assignment="all", chance=1.0)
    table = table.sort_values(["benefit", "turn"], ascending=[False, True])
    first = int(surely * seats + 1e-9)
    # Of those with the same benefit as the first who draws, all draw.
    first = min(first, int((table["benefit"] > table["benefit"].iloc[first]).sum()))
    need, rest = table.iloc[:first], table.iloc[first:]
    need = need.assign(stratum="", place="seat", assignment="need", chance=1.0)
    rest = rest.assign(stratum=_join_small(rest, columns, fewest))
    rest = rest.sort_values(["stratum", "turn"])
    n, k = len(rest), seats - first
    if k == 0:
        return pd.concat([need, rest.assign(place="waiting", assignment="none", chance=0.0)])
    steps = np.arange(n + 1) * k + int(rng.integers(n))
    drawn = np.diff(steps // n) > 0
    place = np.where(drawn, "seat", "waiting")
    rest = rest.assign(place=place, assignment="lot", chance=k / n)
    return pd.concat([need, rest])


def _join_small(rows: pd.DataFrame, columns: list[str], fewest: int) -> pd.Series:
    """Name of everybody's stratum; "*" where small ones were joined."""
    if not columns:
        return pd.Series("*", rows.index)
    name = rows[columns].astype("string").fillna("-").agg("/".join, axis=1).astype(object)
    size = name.map(name.value_counts())
    name = name.where(size >= fewest, "*")
    sizes = name.value_counts()
    if 0 < sizes.get("*", 0) < fewest and len(sizes) > 1:
        others = sizes.drop("*")
        smallest = min(others.index[others == others.min()])
        name = name.replace(smallest, "*")
    return name


def _sum_strata(people: pd.DataFrame) -> pd.DataFrame:
    lots = people[people["assignment"] == "lot"]
    groups = lots.assign(seat=lots["place"] == "seat").groupby(["course_id", "stratum"])
    return groups.agg(
        n=("staff_id", "size"), seats=("seat", "sum"), chance=("chance", "mean")
    ).reset_index()


def _sum_courses(people: pd.DataFrame, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """What was drawn, and what the draw costs in expected benefit."""
    lot, seat = people["assignment"] == "lot", people["place"] == "seat"
    table = people.assign(
        seat=seat,
        need=people["assignment"] == "need",
        drawn=lot & seat,
        wait=lot & ~seat,
        odds=people["chance"].where(lot),
        expected=people["chance"] * people["benefit"],
    )
    courses = table.groupby("course_id").agg(
        n=("staff_id", "size"), seats=("seat", "sum"), need=("need", "sum"),
        drawn=("drawn", "sum"), waiting=("wait", "sum"), chance=("odds", "mean"),
        benefit_lot=("expected", "sum"),
    )  # fmt: skip
    best = [(p["course_id"].iloc[0], p["benefit"].nlargest(p["most"].iloc[0]).sum()) for p in parts]
    most = pd.DataFrame(best, columns=["course_id", "most"]).groupby("course_id")["most"].sum()
    courses.insert(6, "benefit_most", most)
    courses["lost"] = 1 - courses["benefit_lot"] / courses["benefit_most"]
    return courses.reset_index()
