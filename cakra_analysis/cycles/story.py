"""One region's cycle as it would be told there, and beside it what nobody there can see."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cakra_analysis.cycles.run import Year
from cakra_analysis.cycles.world import World
from cakra_analysis.results import Finding
from cakra_analysis.serving import select_staff
from cakra_analysis.synthetic.places import COMPETENCIES

MOST_NAMED = 3


def find_year(world: World, year: Year) -> list[Finding]:
    """Return what happened in a cycle, from needs to improvement.

    Parameters
    ----------
    world : World
        The region.
    year : Year
        From ``run_cycles``, with evidence used.

    Returns
    -------
    list of Finding
        ``cycle.year.needs``, ``.programme``, ``.held``, ``.measured``, ``.learnt`` and, last,
        ``.truth``, which only the simulation knows.
    """
    held, portfolio = year.held, year.programme.portfolio
    status = held.attendance["status"].value_counts()
    tested = held.tests.loc[held.tests["occasion"] == "pre", ["staff_id", "course_id"]]
    came = held.attendance.merge(held.sessions[["session_id", "course_id"]], on="session_id")
    waiting = len(tested) - len(tested.merge(came, on=["staff_id", "course_id"]))
    return [
        _find_needs(world, year),
        Finding(
            "cycle.year.programme",
            {
                "courses": len(portfolio.sessions),
                "sessions": int(portfolio.sessions["sessions"].sum()),
                "seats": int(portfolio.sessions["seats"].sum()),
                "cost": portfolio.cost_idr,
                "value": portfolio.value,
            },
        ),
        Finding(
            "cycle.year.held",
            {s: int(status.get(s, 0)) for s in ("completed", "dropped", "absent")}
            | {"waiting": waiting},
        ),
        Finding(
            "cycle.year.measured",
            {"measured": len(year.evaluations), "courses": held.sessions["course_id"].nunique()},
        ),
        _find_learnt(world, year),
        Finding(
            "cycle.year.truth",
            {"closed": year.closed, "share": year.closed / year.untrained},
        ),
    ]


def _find_needs(world: World, year: Year) -> Finding:
    gaps = year.programme.gaps
    short = gaps.loc[gaps["gap"] > 0, "staff_id"].nunique()
    most = gaps.groupby("competency_id")["gap"].sum().nlargest(MOST_NAMED).index
    names = {code: {"id": name, "en": english} for code, name, english, _ in COMPETENCIES}
    values = {
        "people": short,
        "staff": len(select_staff(world.staff, year.cycle)),
        "names": [names[code] for code in most],
    }
    return Finding("cycle.year.needs", values, n=gaps["staff_id"].nunique())


def _find_learnt(world: World, year: Year) -> Finding:
    both = year.believed.merge(
        year.learnt[["course_id", "value"]], on="course_id", validate="one_to_one"
    )
    row = both.loc[(both["value"] - both["effect"]).abs().idxmax()]
    values = {
        "name": _name(world, row["course_id"]),
        "was": float(row["effect"]),
        "now": float(row["value"]),
        "before": float(both["effect"].mean()),
        "after": float(both["value"].mean()),
    }
    return Finding("cycle.year.learnt", values)


def _name(world: World, course: str) -> dict[str, Any]:
    row = world.offers.set_index("course_id").loc[course]
    return {"id": row["name_id"], "en": row["name_en"]}


def list_courses(world: World, year: Year) -> pd.DataFrame:
    """Return the courses of a cycle: what was expected, what was found, what is expected next.

    Parameters
    ----------
    world : World
        The region.
    year : Year
        From ``run_cycles``, with evidence used.

    Returns
    -------
    DataFrame
        One row a course that was held, sorted: course_id, name_id, name_en, ``sessions``,
        ``seats``, ``believed`` (levels), ``measured``, ``low``, ``high`` (levels; missing where
        nothing could be measured), ``grade``, ``next`` (levels).
    """
    held = year.programme.portfolio.sessions[["course_id", "sessions", "seats"]]
    names = world.offers[["course_id", "name_id", "name_en"]]
    believed = year.believed[["course_id", "effect"]].rename(columns={"effect": "believed"})
    found = year.evaluations[["course_id", "effect", "low", "high", "grade"]]
    found = found.rename(columns={"effect": "measured"})
    after = year.learnt[["course_id", "value"]].rename(columns={"value": "next"})
    table = held.merge(names, on="course_id", validate="one_to_one")
    for other in (believed, found, after):
        table = table.merge(other, on="course_id", how="left", validate="one_to_one")
    columns = ["course_id", "name_id", "name_en", "sessions", "seats", "believed", "measured",
               "low", "high", "grade", "next"]  # fmt: skip
    return table[columns].sort_values("course_id", ignore_index=True)
