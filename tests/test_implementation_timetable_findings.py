"""What the calendar, the plan and the changed plan are said to hold."""

from __future__ import annotations

import pandas as pd
import pytest
from test_implementation_replan import shut, simple
from timetable_cases import TABLES, options

from cakra_analysis.implementation import (
    find_calendar,
    find_placed,
    find_replanned,
    list_days,
    plan_timetable,
    replan_timetable,
)


def test_a_year_without_estimated_days_is_sure():
    found = find_calendar(list_days(2026))
    assert found.key == "implementation.calendar.sure"
    assert found.values["open"] + found.values["soft"] + found.values["hard"] == 365
    assert found.values["estimated"] == 0


@pytest.mark.parametrize(
    ("date", "kind", "near"), [("2027-03-16", "near", 1), ("2027-04-06", "clear", 0)]
)
def test_a_session_beside_an_estimated_day(date, kind, near):
    meetings = pd.DataFrame({"session_id": ["A", "A"], "date": [date, date]})
    found = find_calendar(list_days(2027), meetings)
    assert found.key == f"implementation.calendar.{kind}"
    assert found.values["near"] == near
    # Idul Fitri and Idul Adha with their joint leave.
    assert found.values["estimated"] == 7


@pytest.mark.slow
def test_a_plan_and_a_changed_plan():
    case, meetings = simple()
    made = plan_timetable(*(case[name] for name in TABLES), **options(case))
    found = find_placed(made, case["venues"], case["days"])
    assert found.key == "implementation.timetable.placed.optimal"
    assert (found.values["sessions"], found.values["meetings"]) == (2, 6)
    assert (found.values["soft"], found.values["government"], found.values["gap"]) == (0, 1.0, 0)
    given = {name: case[name] for name in TABLES[1:]}
    same = replan_timetable(meetings, **given, **options(case), from_date="2027-04-01")
    assert find_replanned(same).key == "implementation.timetable.replanned.none"
    closed = shut(case, "venue", "V0", "2027-04-05", "2027-04-06")
    moved = replan_timetable(meetings, **given, **options(closed), from_date="2027-04-01")
    found = find_replanned(moved)
    assert found.key == "implementation.timetable.replanned.least"
    values = {name: found.values[name] for name in ("moved", "least", "dates", "venues", "way")}
    assert values == {"moved": 1, "least": 1, "dates": 0, "venues": 1, "way": 0}
