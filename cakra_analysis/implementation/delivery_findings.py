"""What delivery, learning hours, cost and points say, in no language."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

MILLION = 1e6
MOST = 0.8  # from here on "most" came
HALF = 0.5
NEAR = 0.05  # of the plan; a difference this small is called near


def find_delivery(by_unit: pd.DataFrame, by_course: pd.DataFrame, unit: str) -> Finding:
    """Find how many of those put forward came.

    Parameters
    ----------
    by_unit : DataFrame
        Published ``count_delivery(...).by_unit``.
    by_course : DataFrame
        Published ``count_delivery(...).by_course`` with names.
    unit : str
        Code of the unit that the page is about.

    Returns
    -------
    Finding
        ``implementation.delivery.most`` (four in five of those put forward came), ``.few``,
        ``.before`` (no session with nominations has met yet), ``.unlisted`` (no nominations are
        recorded), ``.hidden`` or ``.none``; values nominated, invited, declined, waiting, due,
        answered, came, completed, moved_up, uninvited, share, completed_share, people; where a
        course can be named also name and name_share (the lowest share that came).
    """
    row = _find_row(by_unit, unit)
    if row is None:
        return Finding("implementation.delivery.none")
    if pd.isna(row["n"]) or pd.isna(row["came"]):
        return Finding("implementation.delivery.hidden")
    counts = ["nominated", "invited", "declined", "waiting", "due", "answered", "came", "completed",
              "moved_up", "uninvited"]  # fmt: skip
    values = _pick(row, counts) | {"people": int(row["n"]), "share": row["came_share"]}
    values["completed_share"] = row["completed_share"]
    shown = by_course[by_course["came_share"].notna()]
    if len(shown):
        lowest = shown.sort_values(["came_share", "course_id"]).iloc[0]
        values |= {"name": name_item(lowest), "name_share": lowest["came_share"]}
    if not row["nominated"] > 0:
        kind = "unlisted"
    elif not row["due"] > 0:
        kind = "before"
    else:
        kind = "most" if row["came_share"] >= MOST else "few"
    return Finding(f"implementation.delivery.{kind}", values, "count", int(row["n"]))


def find_compliance(
    compliance: pd.DataFrame, unit: str, *, least: float = 20.0, most: float = 24.0
) -> Finding:
    """Find how many PNS have the learning hours they have a right to.

    Parameters
    ----------
    compliance : DataFrame
        Published ``score_compliance`` with the units' names.
    unit : str
        Code of the unit that the page is about.
    least, most : float
        JP a year: at least for PNS, at most for PPPK.

    Returns
    -------
    Finding
        ``implementation.learning.all`` (every PNS), ``.most`` (half or more), ``.few``, ``.hidden``
        or ``.none`` (no PNS, or nothing recorded); values share, reached, below, people (PNS),
        mean_jp, total_jp, contract, over (PPPK), unconfirmed (share of JP), least, most; with
        another unit shown also name, name_share (the lowest).
    """
    row = _find_row(compliance, unit)
    if row is None or row["n"] == 0:
        return Finding("implementation.learning.none")
    if pd.isna(row["value"]):
        return Finding("implementation.learning.hidden")
    values = _pick(row, ["reached", "below", "total_jp", "mean_jp", "contract", "over"])
    values |= {"share": row["value"], "people": int(row["n"]), "least": least, "most": most}
    values["unconfirmed"] = row["unconfirmed_share"]
    values |= _name_extreme(compliance, unit, "lowest")
    kind = "all" if row["below"] == 0 else "most" if row["value"] >= HALF else "few"
    return Finding(f"implementation.learning.{kind}", values, "count", int(row["n"]))


def find_unreached(unreached: pd.DataFrame, unit: str, *, years: int) -> Finding:
    """Find how many nothing reached.

    Parameters
    ----------
    unreached : DataFrame
        Published ``score_unreached`` with the units' names.
    unit : str
        Code of the unit that the page is about.
    years : int
        Years that were looked back.

    Returns
    -------
    Finding
        ``implementation.unreached.nobody``, ``.some``, ``.hidden`` or ``.none``; values share,
        unreached, new, people, years; with another unit shown also name, name_share (the highest).
    """
    row = _find_row(unreached, unit)
    if row is None:
        return Finding("implementation.unreached.none")
    if pd.isna(row["value"]):
        return Finding("implementation.unreached.hidden")
    values = _pick(row, ["unreached", "new"])
    values |= {"share": row["value"], "people": int(row["n"]), "years": years}
    values |= _name_extreme(unreached, unit, "highest")
    kind = "some" if row["value"] > 0 else "nobody"
    return Finding(f"implementation.unreached.{kind}", values, "count", int(row["n"]))


def find_cost(costs: pd.DataFrame) -> Finding:
    """Find whether the courses cost what was planned for them.

    Parameters
    ----------
    costs : DataFrame
        Published ``compare_cost`` with names.

    Returns
    -------
    Finding
        ``implementation.cost.over``, ``.under`` or ``.near`` (within 5 percent of the plan),
        ``.unknown`` (no course with plan and cost both known), ``.hidden`` or ``.none``; values
        planned, actual, over, volume, price (million rupiah; more is positive), share (over of
        planned), count (courses compared), uncosted (sessions held without a cost, all courses
        shown); name and name_over (million) of the course furthest above its plan, where one is.
    """
    if costs.empty:
        return Finding("implementation.cost.none")
    shown = costs[costs["n"].notna() & costs["uncosted"].notna()]
    if shown.empty:
        return Finding("implementation.cost.hidden")
    values: dict[str, Any] = {"uncosted": int(shown["uncosted"].sum())}
    known = shown[shown["over_idr"].notna() & shown["price_idr"].notna()]
    if known.empty or not known["planned_idr"].sum() > 0:
        return Finding("implementation.cost.unknown", values)
    for name in ("planned", "actual", "over", "volume", "price"):
        values[name] = known[f"{name}_idr"].sum() / MILLION
    values |= {"share": values["over"] / values["planned"], "count": len(known)}
    first = known.sort_values(["over_idr", "course_id"], ascending=[False, True]).iloc[0]
    if first["over_idr"] > 0:
        values |= {"name": name_item(first), "name_over": first["over_idr"] / MILLION}
    near = abs(values["share"]) <= NEAR
    kind = "near" if near else "over" if values["share"] > 0 else "under"
    return Finding(f"implementation.cost.{kind}", values, "count", int(known["n"].sum()))


def find_points(points: pd.DataFrame, unit: str) -> Finding:
    """Find the mean IP-ASN competence points.

    Parameters
    ----------
    points : DataFrame
        Published ``score_unit_points`` with the units' names.
    unit : str
        Code of the unit that the page is about.

    Returns
    -------
    Finding
        ``implementation.points.moved`` (a mean of the year before is known), ``.level`` (it is
        not), ``.hidden`` or ``.none``; values value, most (points that could be told), people,
        technical, seminar, post (missing where not known); of moved also before, change.
    """
    row = _find_row(points, unit)
    if row is None:
        return Finding("implementation.points.none")
    if pd.isna(row["value"]):
        return Finding("implementation.points.hidden")
    values = {name: row[name] for name in ("value", "most", "technical", "seminar", "post")}
    values["people"] = int(row["n"])
    moved = "before" in row.index and pd.notna(row["before"])
    if moved:
        values |= {"before": row["before"], "change": row["change"]}
    kind = "moved" if moved else "level"
    return Finding(f"implementation.points.{kind}", values, "mean", int(row["n"]))


def _find_row(table: pd.DataFrame, unit: str) -> pd.Series | None:
    rows = table[table["unit_id"] == unit]
    return None if rows.empty else rows.iloc[0]


def _pick(row: pd.Series, names: list[str]) -> dict[str, Any]:
    """Counts as numbers; a dash where a part is too small to be shown."""
    return {name: "–" if pd.isna(row[name]) else row[name] for name in names}


def _name_extreme(table: pd.DataFrame, unit: str, which: str) -> dict[str, Any]:
    """Name and share of the unit, another than the page's, with the lowest or highest value."""
    if "unit" not in table:
        return {}
    others = table[(table["unit_id"] != unit) & table["value"].notna()]
    if others.empty:
        return {}
    order = others.sort_values(["value", "unit_id"], ascending=[which == "lowest", True])
    return {"name": order.iloc[0]["unit"], "name_share": order.iloc[0]["value"]}
