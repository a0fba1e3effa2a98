"""Competence points of the IP-ASN from the learning that was recorded."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cakra_analysis.implementation.points_rules import PARTS, PointsRules, read_points
from cakra_analysis.tree import climb

PEOPLE = ["staff_id", "unit_id", "group", *PARTS, "points", "most"]
UNITS = ["unit_id", "value", "most", *PARTS, "n"]


def score_points(
    activities: pd.DataFrame,
    staff: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    year: str,
    rules: PointsRules | None = None,
    held: Collection[str] | None = None,
    prorate: bool = False,
) -> pd.DataFrame:
    """Return the competence points of each person for a year.

    Parameters
    ----------
    activities : DataFrame
        From ``list_activities``, as many years as are recorded.
    staff : DataFrame
        In service: staff_id, unit_id, position_id.
    positions : DataFrame
        position_id, job_class.
    year : str
        Of the score, for instance ``2026``.
    rules : PointsRules, optional
        From ``read_points``; the package's own unless given.
    held : collection of str, optional
        staff_id of everybody who holds the leadership or functional training of the own post,
        whenever it was. Without it that part is known only of who is seen to complete one.
    prorate : bool
        Whether technical training short of the JP asked for earns its share of the points, as some
        applications do (not confirmed), instead of none.

    Returns
    -------
    DataFrame
        One row a person, in the order of ``staff``: staff_id, unit_id, ``group`` (structural,
        functional, general; missing for another job class, and so is the rest), ``post``,
        ``technical``, ``seminar`` (points; missing where it cannot be told), ``points`` (their
        sum), ``most`` (points that the parts which can be told give at most). It holds persons.

    Notes
    -----
    Technical: JP of the routes and kinds that count in the last year add up. Seminar: any in the
    last two years. The score is of what was *recorded*: activities of before the records begin are
    missing from it. Pinned by ``tests/test_implementation_points.py``.

    Examples
    --------
    >>> activities = pd.DataFrame({"staff_id": "A", "year": ["2026", "2025"], "kind": None,
    ...     "route": ["kursus", "workshop/lokakarya"], "hours_jp": [12.0, 5.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A"], "unit_id": "U", "position_id": "P"})
    >>> positions = pd.DataFrame({"position_id": ["P"], "job_class": "Pelaksana"})
    >>> found = score_points(activities, staff, positions, year="2026", prorate=True)
    >>> found[["technical", "seminar", "points", "most"]].values.tolist()
    [[13.5, 17.5, 31.0, 40.0]]
    """
    rules = rules or read_points()
    classes = positions.set_index("position_id")["job_class"]
    post = staff.get("position_id", pd.Series(None, staff.index, dtype="object"))
    group = post.map(classes).map(rules.classes)
    most = {part: group.map({g: p[part] for g, p in rules.points.items()}) for part in PARTS}
    earned = _find_earned(activities, rules, int(year))
    people = staff["staff_id"]
    jp = people.map(earned["technical"]).fillna(0.0)
    share = (jp / rules.technical_jp).clip(upper=1.0)
    share = share if prorate else (jp >= rules.technical_jp - 1e-9).astype(float)
    trained = _find_trained(people, group, activities, rules, int(year), held)
    seen = people.map(earned["seminar"]).fillna(0.0) > 0
    parts = {
        "post": (most["post"] * trained).mask(most["post"] == 0, 0.0),
        "technical": most["technical"] * share,
        "seminar": most["seminar"] * seen.astype(float),
    }
    table = pd.DataFrame({"staff_id": people, "unit_id": staff["unit_id"], "group": group} | parts)
    told = pd.DataFrame({part: most[part].where(parts[part].notna()) for part in PARTS})
    table["points"] = table[[*PARTS]].sum(axis=1).where(group.notna())
    table["most"] = told.sum(axis=1).where(group.notna())
    return table.reset_index(drop=True)[PEOPLE]


def _find_earned(activities: pd.DataFrame, rules: PointsRules, year: int) -> dict[str, pd.Series]:
    """JP of each person that count as technical and as seminar."""
    when = activities["year"].astype(int)
    back = {"technical": rules.technical_years, "seminar": rules.seminar_years}
    found = {}
    for part, years in back.items():
        own = activities["route"].isin(rules.routes[part]) & when.between(year - years + 1, year)
        if part == "technical":
            own &= activities["kind"].fillna("technical") == "technical"
        found[part] = activities[own].groupby("staff_id", observed=True)["hours_jp"].sum()
    return found


def _find_trained(
    people: pd.Series,
    group: pd.Series,
    activities: pd.DataFrame,
    rules: PointsRules,
    year: int,
    held: Collection[str] | None,
) -> pd.Series:
    """1 for who holds the training of the own post, 0 for who does not, missing if not known."""
    done = activities[(activities["year"].astype(int) <= year) & (activities["hours_jp"] > 0)]
    seen = pd.Series(False, index=people.index)
    for name in ("structural", "functional"):
        own = set(done.loc[done["route"].isin(rules.routes[name]), "staff_id"])
        seen |= (group == name) & people.isin(own)
    if held is not None:
        return (seen | people.isin(held)).astype(float)
    return seen.astype(float).where(seen)


def score_unit_points(
    points: pd.DataFrame, units: pd.DataFrame, *, before: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the mean competence points of each unit, and of the year before.

    Parameters
    ----------
    points : DataFrame
        From ``score_points``; who has none is left out.
    units : DataFrame
        unit_id, parent_id.
    before : DataFrame, optional
        The same of the year before, scored alike.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (mean points), ``most`` (mean of
        what could be told), ``post``, ``technical``, ``seminar`` (mean points; ``post`` over those
        of whom it is known), ``n`` (people with points); with ``before`` also ``before`` (mean
        points then), ``change``. People who came or left move a mean too.

    Notes
    -----
    Pinned by ``tests/test_implementation_points.py``.

    Examples
    --------
    >>> points = pd.DataFrame({"unit_id": "U", "points": [40.0, 20.0], "most": 40.0, "post": 0.0,
    ...                        "technical": [22.5, 20.0], "seminar": [17.5, 0.0]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_unit_points(points, units)[["value", "n"]].values.tolist()
    [[30.0, 2.0]]
    """
    rows = climb(points.loc[points["points"].notna(), ["unit_id", "points", "most", *PARTS]], units)
    groups = rows.groupby("unit_id")
    table = groups[["points", "most", *PARTS]].mean().rename(columns={"points": "value"})
    table = table.assign(n=groups.size()).reset_index()[UNITS]
    if before is None:
        return table
    then = score_unit_points(before, units).set_index("unit_id")["value"]
    past = table["unit_id"].map(then).astype(float)
    return table.assign(before=past, change=table["value"] - past)
