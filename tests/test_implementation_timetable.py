"""Timetables against brute force, against every rule written twice, and against the greedy plan."""

from __future__ import annotations

import pandas as pd
import pytest
from timetable_cases import ALL, TABLES, Reading, make_case, options

from benchmarks.timetable import make_city
from cakra_analysis.errors import AnalysisError, ConflictError
from cakra_analysis.implementation.calendar import list_days
from cakra_analysis.implementation.timetable import plan_timetable
from cakra_analysis.implementation.timetable_bound import find_bound
from cakra_analysis.implementation.timetable_inputs import Inputs, TimetablePoints, gather
from cakra_analysis.implementation.timetable_problem import frame_problem
from cakra_analysis.implementation.timetable_search import search
from cakra_analysis.implementation.timetable_tables import count_load, list_gantt
from tests.sizes import THOROUGH, cases


def plan(case, **changes):
    return plan_timetable(*(case[name] for name in TABLES), **(options(case) | changes))


def check_case(seed, *, tight):
    """Compare one case with brute force; tells whether it has a plan."""
    case = make_case(seed, tight=tight)
    reading = Reading(case)
    costs = (sum(reading.cost(s, p) for s, p in one.items()) for one in reading.plans())
    best = min(costs, default=None)
    if best is not None:
        made = plan(case)
        assert reading.broken(reading.read(made.meetings)) == set()
        assert (made.value, made.bound, made.gap, made.status) == (best, best, 0, "optimal")
        assert made.costs["points"].sum() == best
        return True
    with pytest.raises(ConflictError) as caught:
        plan(case)
    rules = frozenset(caught.value.rules)
    assert next(reading.plans(rules), None) is None
    for rule in rules:
        assert next(reading.plans(rules - {rule}), None) is not None, (seed, rules, rule)
    return False


@pytest.mark.slow
def test_small_cases_equal_brute_force():
    # 1010: a set of two days once counted as two sets of one day.
    feasible = [check_case(seed, tight=False) for seed in (*range(cases(9, 19)), 1010)]
    assert 3 <= sum(feasible) < len(feasible)


@pytest.mark.slow
def test_small_impossible_cases_name_a_minimal_conflict():
    feasible = [check_case(seed, tight=True) for seed in range(cases(4, 8))]
    assert sum(feasible) < len(feasible)


@pytest.mark.slow
@pytest.mark.parametrize("tight", [False, True])
def test_many_small_cases_equal_brute_force(tight):
    number = cases(12, 200)
    feasible = [check_case(seed, tight=tight) for seed in range(1000, 1000 + number)]
    assert 0 < sum(feasible) < number


def city(scale, year=2027, **options):
    tables = make_city(scale)
    closures = tables.pop("closures")
    days = list_days(year)
    inputs = Inputs(
        **gather(tables | {"days": days}, closures, 0.25), away=0.25, day_jp=10, ramadan_jp=6
    )
    return inputs, plan_timetable(**tables, days=days, closures=closures, **options)


class CityReading(Reading):
    """The rules of a case on a city's tables."""

    def __init__(self, inputs):
        names = (*TABLES, "unit_people", "closures")
        super().__init__({name: getattr(inputs, name) for name in names})


@pytest.mark.slow
@pytest.mark.parametrize("year", [2026, 2027] if THOROUGH else [2027])
def test_a_city_s_year_keeps_every_rule(year, monkeypatch):
    monkeypatch.setattr("timetable_cases.DAY_JP", 10.0)
    monkeypatch.setattr("timetable_cases.RAMADAN_JP", 6.0)
    inputs, made = city(0.3, year, seconds=2)
    reading = CityReading(inputs)
    assert reading.broken(reading.read(made.meetings)) == set()
    assert set(made.meetings["session_id"]) == set(inputs.sessions["session_id"])
    days = inputs.days.set_index("date")
    strengths = days.loc[made.meetings["date"], "strength"]
    assert strengths.ne("hard").all()
    held = set(made.meetings["date"])
    named = days[days["name_id"].str.contains("Cuti Bersama|Nyepi|Galungan$|Idul")]
    assert not held & set(named[named["strength"] == "hard"].index)
    assert made.bound <= made.value
    assert made.costs["points"].sum() == made.value
    assert made.loads["share"].le(0.25).sum() + made.loads["away"].eq(1).sum() >= len(made.loads)
    used = made.use.set_index(["kind", "code"])["used"]
    assert used["venue"].sum() == made.meetings["venue_id"].notna().sum()
    assert (made.use["used"] <= made.use["open"]).all()


@pytest.mark.slow
def test_never_worse_than_greedy_and_the_same_again():
    inputs, made = city(0.3, seconds=2)
    problem = frame_problem(inputs)
    bound = find_bound(problem)
    greedy, value = search(problem, rounds=0, seed=0, bound=bound, until=float("inf"))
    assert None not in greedy
    assert bound <= made.value <= value
    again = city(0.3, seconds=2)[1]
    pd.testing.assert_frame_equal(made.meetings, again.meetings)
    assert made.bound == again.bound


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(cases(1, 3)))
def test_full_size_is_within_five_per_cent(seed):
    tables = make_city(1.0, seed)
    made = plan_timetable(**tables, days=list_days(2027), seconds=cases(8, 20))
    assert made.gap < 0.05


@pytest.mark.slow
def test_fixed_sessions_stay():
    seeds = [seed for seed in range(40) if next(Reading(make_case(seed)).plans(), None)]
    for seed in seeds[:4]:
        case = make_case(seed)
        reading = Reading(case)
        plans = list(reading.plans())
        kept = plans[-1]["S0"]
        earlier = pd.DataFrame(
            {
                "session_id": "S0",
                "meeting": range(1, len(kept.days) + 1),
                "date": [reading.dates[day] for day in kept.days],
                "venue_id": kept.room,
                "trainer_id": kept.trainer,
                "fixed": "yes",
            }
        )
        made = plan(case, earlier=earlier)
        found = reading.read(made.meetings)
        assert found["S0"] == kept
        costs = [
            sum(reading.cost(s, p) for s, p in one.items()) for one in plans if one["S0"] == kept
        ]
        assert made.value == min(costs)
        assert made.meetings.set_index("session_id").loc[["S0"], "fixed"].eq("yes").all()


def one_session(**changes):
    case = make_case(0, sessions=2)
    case["sessions"] = pd.DataFrame({"session_id": ["S1"], "course_id": ["C0"], "seats": [60]})
    case["session_units"] = pd.DataFrame({"session_id": ["S1"], "unit_id": ["U0"], "seats": [1]})
    case["offers"] = case["offers"].assign(equipment="projector", requires=None, meeting_days=1)
    case["offers"] = case["offers"].assign(hours_jp=4.0, route="workshop/lokakarya")
    case["venues"] = case["venues"].assign(justification="x", equipment="projector", capacity=80)
    case["trainers"] = pd.DataFrame({"trainer_id": ["T0"], "course_id": ["C0"]})
    case["closures"] = case["closures"].iloc[:0]
    for name, columns in changes.items():
        case[name] = case[name].assign(**columns)
    return case


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rules", "changes", "said"),
    [
        (
            ("capacity",),
            {"venues": {"capacity": 40}},
            "hold 60 people .the largest of all holds 40",
        ),
        (("equipment",), {"offers": {"equipment": "Ovens"}}, "must have ovens"),
        (("hours",), {"offers": {"hours_jp": 9.0}}, "takes 9 JP and a day holds 8"),
        (("private",), {"venues": {"kind": "private", "justification": ""}}, "justification"),
        (("qualified",), {"trainers": {"course_id": "C1"}}, "can teach course C0"),
        (("ramadan",), {"offers": {"hours_jp": 6.0}, "days": {"ramadan": True}}, "Ramadan holds 5"),
        (("day",), {"days": {"strength": "hard"}}, "too few"),
        (("away",), {"session_units": {"seats": 99}}, "calls 99 of the"),
    ],
)
def test_a_conflict_in_words(rules, changes, said):
    with pytest.raises(ConflictError, match=said) as caught:
        plan(one_session(**changes))
    assert caught.value.rules == rules
    assert "S1 of course C0" in str(caught.value)


def test_access_can_be_asked_for():
    case = one_session(venues={"accessible": "no"})
    assert len(plan(case).meetings) == 1
    with pytest.raises(ConflictError) as caught:
        plan(case, accessible_only=True)
    assert caught.value.rules == ("access",)


@pytest.mark.slow
def test_too_many_sessions_for_a_trainer():
    case = one_session()
    case["days"] = case["days"].assign(strength="open", ramadan=False)
    count = len(case["days"]) + 1
    case["sessions"] = pd.DataFrame(
        {"session_id": [f"S{i}" for i in range(count)], "course_id": "C0", "seats": 5}
    )
    case["session_units"] = case["session_units"].iloc[:0]
    case["venues"] = pd.concat([case["venues"].assign(venue_id=f"V{i}") for i in range(2)])
    with pytest.raises(ConflictError, match="teach them have too few days") as caught:
        plan(case)
    assert caught.value.rules == ("trainer_once",)


def test_online_courses_need_no_room():
    case = one_session(offers={"route": "e-learning"}, venues={"capacity": 1})
    made = plan(case).meetings
    assert made["venue_id"].isna().all()
    assert made["trainer_id"].tolist() == ["T0"]
    case["trainers"] = case["trainers"].assign(course_id="C1")
    assert plan(case).meetings["trainer_id"].isna().all()
    with pytest.raises(ConflictError):
        plan(case, online_routes=())


def test_government_rooms_come_first():
    case = one_session()
    room = case["venues"].iloc[[0]].assign(cost_day_idr=0, distance_km=1.0)
    kinds = ("private", "campus", "government")
    case["venues"] = pd.concat([room.assign(venue_id=f"V-{kind}", kind=kind) for kind in kinds])
    assert plan(case).meetings["venue_id"].tolist() == ["V-government"]


def test_months_are_not_crowded():
    case = one_session()
    days = pd.DataFrame({"date": pd.date_range("2027-01-25", "2027-02-08")})
    case["days"] = days.assign(strength="open", ramadan=False)
    case["sessions"] = pd.DataFrame(
        {"session_id": [f"S{i}" for i in range(6)], "course_id": "C0", "seats": 5}
    )
    made = plan(case, points=TimetablePoints(crowded=1000, room_for_month=1.0))
    by_month = made.meetings["date"].dt.month.value_counts()
    assert by_month.to_dict() == {1: 3, 2: 3}
    assert made.costs.set_index("part").loc["crowded", "points"] == 0


def test_a_wrong_table_is_refused():
    case = one_session()
    with pytest.raises(AnalysisError, match="capacity"):
        plan(case | {"venues": case["venues"].drop(columns="capacity")})
    with pytest.raises(AnalysisError, match="not on offer"):
        plan(case | {"sessions": case["sessions"].assign(course_id="C9")})
    with pytest.raises(AnalysisError, match="share"):
        plan(case, away=25)


def test_tables_for_charts():
    meetings = pd.DataFrame(
        {
            "session_id": ["A", "A", "B"],
            "meeting": [1, 2, 1],
            "course_id": ["C2", "C2", "C1"],
            "date": pd.to_datetime(["2027-04-06", "2027-04-07", "2027-04-05"]),
        }
    )
    offers = pd.DataFrame({"course_id": ["C1", "C2"], "name_id": ["a", "b"], "name_en": ["c", "d"]})
    gantt = list_gantt(meetings, offers, list_days(2027))
    assert gantt["course_id"].tolist() == ["C1", "C2", "C2"]
    assert gantt["strength"].eq("open").all()
    calls = pd.DataFrame({"session_id": ["A", "B"], "unit_id": ["U1", "U1"], "seats": [3, 1]})
    load = count_load(meetings, calls, pd.DataFrame({"unit_id": ["U1"], "people": [10]}))
    assert load.values.tolist() == [["U1", pd.Timestamp("2027-04-05"), 0.3, 10]]
    assert frozenset({"day", "away"}) <= ALL
