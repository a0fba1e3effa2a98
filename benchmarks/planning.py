"""Can a year be planned, at the size of a region and of a city?"""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from benchmarks import delivery, nomination, timetable
from benchmarks.portfolio import write_portfolio
from cakra_analysis import implementation
from cakra_analysis.load import load
from cakra_analysis.settings import Settings
from cakra_analysis.year import gather_year, make_rules
from cakra_analysis.year_plan import YearPlan, make_days, nominate_year, plan_year

DATA = Path(__file__).parent.parent / "data" / "cakranegara"
TEXT = """## Can a year be planned?

### The bundled region

614 staff, 20 courses on offer: the plan of 2027 by `cakra_analysis.year_plan`, made twice; then its
busiest room is closed for its busiest two weeks and the year is planned again.

| what | measured |
|---|---|
{rows}
"""


def measure_region() -> str:
    """Plan the bundled region twice, put people in seats, close a room, plan again."""
    tables, settings = load(DATA), Settings()
    year = gather_year(tables, cycle=tables.latest, unit=tables.root, settings=settings)
    rules = make_rules(year, settings)
    start = time.perf_counter()
    plan = plan_year(tables, year, rules, settings=settings)
    made = time.perf_counter() - start
    again = plan_year(tables, year, rules, settings=settings)
    same = plan.timetable.meetings.equals(again.timetable.meetings)
    start = time.perf_counter()
    chosen = nominate_year(year, plan, settings=settings)
    named = time.perf_counter() - start
    rows = {
        "programme and timetable": f"{made:.1f} s",
        "programme: proven gap to the best": f"{plan.portfolio.gap:.2%}",
        "timetable: proven gap to the best": f"{plan.timetable.gap:.2%}",
        "sessions, seats": f"{len(plan.sessions)}, {plan.sessions['seats'].sum():,}",
        "made again: the same to the day, room and trainer": "yes" if same else "no",
        "meetings on a closed day": str(count_closed(plan)),
        "people in seats": f"{named:.1f} s, gap {chosen.gap:.2%}, {len(chosen.seats):,} seats",
        "PNS with 20 JP by this plan alone": f"{chosen.ledger['reached'].mean():.0%}",
        **close_room(tables, year, plan, settings),
    }
    return TEXT.format(rows="\n".join(f"| {what} | {figure} |" for what, figure in rows.items()))


def count_closed(plan: YearPlan) -> int:
    """How many meetings stand on a day on which nothing may stand."""
    hard = plan.days.loc[plan.days["strength"] == "hard", "date"]
    return int(pd.to_datetime(plan.timetable.meetings["date"]).isin(hard).sum())


def close_room(tables, year, plan: YearPlan, settings: Settings) -> dict[str, str]:
    """Close the busiest room for its busiest two weeks, and plan again."""
    meetings = plan.timetable.meetings.dropna(subset=["venue_id"])
    room = meetings["venue_id"].value_counts().index[0]
    days = pd.to_datetime(meetings.loc[meetings["venue_id"] == room, "date"])
    counts = {d: days.between(d, d + pd.Timedelta(days=13)).sum() for d in days.unique()}
    first = max(sorted(counts), key=lambda d: counts[d])
    closed = {"kind": "venue", "code": room, "start": first, "strength": "hard"}
    closed |= {"end": first + pd.Timedelta(days=13)}
    start = time.perf_counter()
    changed = implementation.replan_timetable(
        plan.timetable.meetings,
        plan.session_units,
        year.offers,
        tables["venues"],
        tables["trainers"],
        make_days(tables, year, settings=settings),
        unit_people=year.sizes,
        from_date=first - pd.Timedelta(days=30),
        closures=pd.concat([tables["closures"], pd.DataFrame([closed])], ignore_index=True),
        away=settings.implementation.away,
    )
    took = time.perf_counter() - start
    told = f"{room} from {first:%Y-%m-%d}: {changed.value} sessions moved"
    return {
        "busiest room closed for two weeks": f"{told}, least possible {changed.bound}; {took:.1f} s"
    }


def write_planning() -> str:
    """The Markdown section."""
    parts = [measure_region(), write_portfolio(), nomination.run(), timetable.run()]
    return "\n".join([*parts, "### Delivery, support, hand-over", "", delivery.run()])


if __name__ == "__main__":
    print(measure_region())
