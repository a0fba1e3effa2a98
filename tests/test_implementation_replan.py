"""A changed plan moves no more sessions than it must: brute force on small cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from timetable_cases import TABLES, Reading, make_case, options

from cakra_analysis.errors import ConflictError
from cakra_analysis.implementation.replan import replan_timetable
from cakra_analysis.implementation.timetable import plan_timetable
from tests.sizes import cases

WEIGHTS = (4, 2, 1)


def write(reading, plan, fixed=()):
    rows = [
        (s, i, reading.sessions[s]["course_id"], reading.dates[day], p.room, p.trainer)
        for s, p in plan.items()
        for i, day in enumerate(p.days, start=1)
    ]
    columns = ["session_id", "meeting", "course_id", "date", "venue_id", "trainer_id"]
    table = pd.DataFrame(rows, columns=columns).assign(seats=1)
    table["seats"] = [reading.sessions[s]["seats"] for s in table["session_id"]]
    table["fixed"] = np.where(table["session_id"].isin(fixed), "yes", "no")
    return table


def weigh(old, new):
    """Sessions that moved, and what moved of them."""
    changes = [[a != b for a, b in zip(old[s], new[s], strict=True)] for s in old]
    moved = sum(any(change) for change in changes)
    return moved, sum(w * c for change in changes for w, c in zip(WEIGHTS, change, strict=True))


def replan(case, meetings, **changes):
    given = {name: case[name] for name in TABLES[1:]}
    return replan_timetable(meetings, **given, **(options(case) | changes))


def check_case(seed):
    """Close a room, a trainer or a unit and compare with every plan there is."""
    case = make_case(seed)
    reading = Reading(case)
    plans = list(reading.plans())
    if not plans:
        return None
    rng = np.random.default_rng(seed)
    old = plans[int(rng.integers(len(plans)))]
    kind, code = [("venue", "V0"), ("trainer", "T0"), ("unit", "U0")][seed % 3]
    first = int(rng.integers(0, 6))
    row = (kind, code, reading.dates[first], reading.dates[min(7, first + 2)], "hard")
    new_closure = pd.DataFrame([row], columns=case["closures"].columns)
    shut = case | {"closures": pd.concat([case["closures"], new_closure], ignore_index=True)}
    after = Reading(shut)
    fixed = ["S0"] if seed % 4 == 0 else []
    allowed = [p for p in after.plans() if all(p[s] == old[s] for s in fixed)]
    meetings = write(reading, old, fixed)
    if not allowed:
        with pytest.raises(ConflictError):
            replan(shut, meetings, from_date=reading.dates[0])
        return False
    made = replan(shut, meetings, from_date=reading.dates[0])
    new = after.read(made.meetings)
    assert after.broken(new) == set()
    assert weigh(old, new) == min(weigh(old, p) for p in allowed)
    assert made.status == "optimal"
    assert made.value == made.bound == len(made.moved) == weigh(old, new)[0]
    assert set(made.moved["session_id"]) == {s for s in old if old[s] != new[s]}
    return True


@pytest.mark.slow
def test_fewest_moves_equal_brute_force():
    found = [check_case(seed) for seed in range(cases(12, 24))]
    assert found.count(True) >= len(found) // 4
    assert found.count(False) >= 1


@pytest.mark.slow
def test_many_fewest_moves_equal_brute_force():
    number = cases(20, 400)
    found = [check_case(seed) for seed in range(2000, 2000 + number)]
    assert found.count(True) >= number // 4


def planned(seed, count=3):
    case = make_case(seed, sessions=count)
    made = plan_timetable(*(case[name] for name in TABLES), **options(case))
    return case, made.meetings


def test_nothing_moves_without_a_reason():
    case, meetings = planned(3)
    made = replan(case, meetings, from_date="2027-02-01")
    assert made.moved.empty
    assert (made.value, made.bound, made.gap, made.status) == (0, 0, 0, "optimal")
    pd.testing.assert_frame_equal(made.meetings, meetings)


def simple(days=12):
    """Two sessions of a course of three meetings, one room, two trainers."""
    case = make_case(0)
    case["sessions"] = pd.DataFrame({"session_id": ["A", "B"], "course_id": "C0", "seats": 10})
    case["session_units"] = pd.DataFrame({"session_id": ["A"], "unit_id": ["U0"], "seats": [1]})
    case["unit_people"] = pd.DataFrame({"unit_id": ["U0"], "people": [20]})
    offer = case["offers"].iloc[[0]].assign(route="workshop/lokakarya", equipment="", requires=None)
    case["offers"] = offer.assign(meeting_days=3, spacing_days=0, hours_jp=12.0)
    room = case["venues"].iloc[[0]].assign(kind="government", cost_day_idr=0, capacity=30)
    case["venues"] = pd.concat(
        [room.assign(venue_id="V0"), room.assign(venue_id="V1", kind="campus")]
    )
    case["trainers"] = pd.DataFrame({"trainer_id": ["T0", "T1"], "course_id": "C0"})
    dates = pd.date_range("2027-04-01", periods=days)
    case["days"] = pd.DataFrame({"date": dates, "strength": "open", "ramadan": False})
    case["closures"] = case["closures"].iloc[:0]
    meetings = pd.DataFrame(
        {
            "session_id": ["A"] * 3 + ["B"] * 3,
            "meeting": [1, 2, 3] * 2,
            "course_id": "C0",
            "date": dates[:6],
            "venue_id": "V0",
            "trainer_id": "T0",
            "seats": 10,
            "fixed": "no",
        }
    )
    return case, meetings


def shut(case, *row):
    table = pd.DataFrame([(*row, "hard")], columns=case["closures"].columns)
    return case | {"closures": table.assign(start=pd.to_datetime(table["start"]))}


def test_what_was_held_stays_and_the_rest_goes_on():
    case, meetings = simple()
    closed = shut(case, "trainer", "T0", "2027-04-02", "2027-04-03")
    made = replan(closed, meetings, from_date="2027-04-02")
    row = made.moved.iloc[0]
    assert (row["session_id"], row["changed"], row["why"]) == ("A", "trainer", "trainer")
    kept = made.meetings.set_index(["session_id", "meeting"])
    assert kept.loc[("A", 1), "trainer_id"] == "T0"
    assert kept.loc[("A", 2), "trainer_id"] == kept.loc[("A", 3), "trainer_id"] == "T1"
    assert kept["date"].tolist() == meetings["date"].tolist()


def test_another_room_is_less_than_another_date():
    case, meetings = simple()
    closed = shut(case, "venue", "V0", "2027-04-05", "2027-04-06")
    made = replan(closed, meetings, from_date="2027-04-01")
    assert made.moved[["session_id", "changed", "why"]].values.tolist() == [["B", "venue", "venue"]]
    assert made.moved[["from_venue_id", "to_venue_id"]].values.tolist() == [["V0", "V1"]]


def test_a_cancelled_session_gets_the_nearest_other_days():
    case, meetings = simple()
    made = replan(case, meetings, from_date="2027-04-01", cancelled=("B",))
    row = made.moved.iloc[0]
    assert (len(made.moved), row["changed"], row["why"]) == (1, "date", "cancelled")
    assert row["to_date"] == pd.Timestamp("2027-04-05")


def crowd():
    """One room, five days, two sessions of two meetings: A on days 0-1, B on days 3-4."""
    case, meetings = simple(days=6)
    case["venues"] = case["venues"].iloc[:1]
    case["offers"] = case["offers"].assign(meeting_days=2, hours_jp=8.0)
    case["days"] = case["days"].iloc[:5]
    meetings = meetings[meetings["meeting"] < 3].copy()
    meetings["date"] = case["days"]["date"].iloc[[0, 1, 3, 4]].to_numpy()
    return case, meetings


@pytest.mark.slow
def test_one_that_stood_well_makes_way():
    case, meetings = crowd()
    # B stands on days 2-3: with day 0 closed, A (days 0-1) fits nowhere unless B moves too.
    meetings["date"] = case["days"]["date"].iloc[[0, 1, 2, 3]].to_numpy()
    made = replan(
        shut(case, "venue", "V0", "2027-04-01", "2027-04-01"), meetings, from_date="2027-04-01"
    )
    assert (made.value, made.bound, made.status) == (2, 2, "optimal")
    assert made.moved["why"].tolist() == ["venue", "made_way"]
    assert made.meetings["date"].is_unique


@pytest.mark.slow
def test_no_new_plan_names_the_rules():
    case, meetings = crowd()
    closed = shut(case, "venue", "V0", "2027-04-01", "2027-04-03")
    with pytest.raises(ConflictError) as caught:
        replan(closed, meetings, from_date="2027-04-01")
    assert caught.value.rules == ("venue", "room_once")
