"""Delivery, learning hours, reach and cost: counted by hand, up the tree, whatever the order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import implementation, needs
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import AnalysisError
from cakra_analysis.privacy import publish

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
STAFF = pd.DataFrame({"staff_id": list("abcdef"), "unit_id": ["A", "A", "A", "B", "B", "R"],
                      "status": ["PNS", "PNS", "PPPK", "PNS", "CPNS", "PNS"]})  # fmt: skip
SESSIONS = pd.DataFrame({"session_id": ["S1", "S2", "S3"], "course_id": ["X", "X", "Y"],
                         "cycle": "2026", "seats": [4, 4, 2]})  # fmt: skip
COURSES = pd.DataFrame({"course_id": ["X", "Y", "Z"], "hours_jp": [10.0, 24.0, 5.0],
                        "route": ["workshop", "pelatihan", None]})  # fmt: skip
NOMINATIONS = pd.DataFrame(
    [("S1", "a", "invited"), ("S1", "b", "nominated"), ("S1", "c", "declined"),
     ("S1", "d", "waiting"), ("S2", "a", "invited"), ("S9", "a", "invited")],
    columns=["session_id", "staff_id", "status"],
)  # fmt: skip
ATTENDANCE = pd.DataFrame(
    [("S1", "a", "completed", 10), ("S1", "b", "absent", 0), ("S1", "d", "dropped", 4),
     ("S1", "e", "completed", None), ("S3", "f", "completed", 24)],
    columns=["session_id", "staff_id", "status", "hours_jp"],
)  # fmt: skip
RATES = pd.DataFrame(
    {"route": ["workshop/lokakarya", "seminar", "coaching", "patok banding", "workshop",
               "pelatihan"], "hours_jp": [5.0, 4.0, 2.0, 10.0, 5.0, 1.0],
     "confirmed": ["yes", "yes", "yes", "no", "yes", "yes"]}
)  # fmt: skip
RECORDS = pd.DataFrame({"staff_id": [], "cycle": [], "route": [], "quantity": []}, dtype="object")
TABLES = (NOMINATIONS, ATTENDANCE, SESSIONS, COURSES, STAFF, UNITS)


def shuffled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    return table.sample(frac=1, random_state=seed).reset_index(drop=True)


def test_delivery_counts_places_by_hand() -> None:
    found = implementation.count_delivery(*TABLES)
    x = found.by_course.set_index("course_id").loc["X"]
    names = ["sessions", "held", "nominated", "invited", "declined", "waiting", "due", "answered"]
    # S2 has not met, so a's place there is not due.
    assert x[names].tolist() == [2, 1, 4, 3, 1, 1, 3, 1]
    names = ["came", "completed", "moved_up", "uninvited", "n"]
    assert x[names].tolist() == [3, 2, 1, 1, 5]  # d moved up, e stood on no list
    assert x["came_share"] == pytest.approx(1 / 3)
    assert x["completed_share"] == pytest.approx(2 / 3)
    y = found.by_course.set_index("course_id").loc["Y"]
    assert y[["nominated", "came", "uninvited"]].tolist() == [0, 1, 0]  # nobody was listed there
    assert pd.isna(y["came_share"])


def test_delivery_adds_up_the_tree_and_does_not_mind_the_order() -> None:
    found = implementation.count_delivery(*TABLES)
    units = found.by_unit.set_index("unit_id")
    counts = ["nominated", "waiting", "came", "completed", "moved_up", "uninvited"]
    own = [1 if name in ("came", "completed") else 0 for name in counts]  # f of the region itself
    assert (units.loc["A", counts] + units.loc["B", counts] + own == units.loc["R", counts]).all()
    assert units.loc["R", "n"] == 6
    total = found.by_course[counts].sum()
    assert (total == units.loc["R", counts]).all()
    again = implementation.count_delivery(*(shuffled(t, 3) for t in TABLES[:-1]), UNITS)
    pd.testing.assert_frame_equal(found.by_unit, again.by_unit)
    pd.testing.assert_frame_equal(found.by_course, again.by_course)


def test_delivery_of_nothing_has_its_columns() -> None:
    none, units = NOMINATIONS.head(0), UNITS
    found = implementation.count_delivery(none, ATTENDANCE.head(0), SESSIONS, COURSES, STAFF, units)
    assert found.by_unit.empty
    assert found.by_course["nominated"].tolist() == [0, 0]
    nothing = implementation.count_delivery(*(t.head(0) for t in TABLES[:-1]), UNITS)
    assert list(nothing.by_course) == list(found.by_course)
    assert "completed_share" in nothing.by_unit


def ledger(records: pd.DataFrame = RECORDS, attendance: pd.DataFrame = ATTENDANCE, **options):
    return implementation.keep_ledger(
        attendance, SESSIONS, COURSES, records, RATES, STAFF, **options
    ).set_index("staff_id")


def record(*rows: tuple[str, str, float], cycle: str = "2026") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["staff_id", "route", "quantity"])
    return table.assign(cycle=cycle, record=[str(i) for i in range(len(rows))])


def test_vector_18_of_the_domain_notes() -> None:
    rows = record(("b", "workshop/lokakarya", 2), ("b", "seminar", 1), ("b", "coaching", 3),
                  ("b", "patok banding", 1))  # fmt: skip
    person = ledger(rows, ATTENDANCE.head(0)).loc["b"]
    assert person[["hours_jp", "record_jp", "unconfirmed_jp"]].tolist() == [30.0, 30.0, 10.0]
    assert person["reached"]


def test_courses_and_records_are_counted_once() -> None:
    # a's record of a workshop is the course X; the second, of as many JP, is another one.
    rows = record(("a", "workshop", 2), ("a", "workshop", 2), ("e", "workshop", 2),
                  ("d", "workshop", 2), ("f", "seminar", 6), ("c", "unheard of", 1))  # fmt: skip
    table = ledger(rows)
    names = ["course_jp", "record_jp", "repeated_jp", "hours_jp"]
    assert table.loc["a", names].tolist() == [10, 10, 10, 20]
    assert table.loc["e", names].tolist() == [10, 0, 10, 10]  # JP not recorded: the course's own
    assert table.loc["d", names].tolist() == [0, 10, 0, 10]  # dropped out: nothing to repeat
    assert table.loc["f", names].tolist() == [24, 24, 0, 48]  # as many JP, another route
    assert table.loc["c", ["hours_jp", "unrated"]].tolist() == [0, 1]
    assert table.loc["d", ["came", "activities"]].tolist() == [1, 1]
    kept = ledger(rows, repeats="keep")
    assert kept["hours_jp"].sum() == table["hours_jp"].sum() + table["repeated_jp"].sum()
    with pytest.raises(AnalysisError, match="no way"):
        ledger(rows, repeats="twice")


def test_minimum_for_pns_and_maximum_for_pppk_point_opposite_ways() -> None:
    rows = record(("a", "seminar", 5), ("b", "seminar", 4.75), ("c", "seminar", 6),
                  ("e", "seminar", 9))  # fmt: skip
    table = ledger(rows, ATTENDANCE.head(0))
    assert table["reached"].to_dict() == dict(zip("abcdef", [1, 0, 0, 0, 0, 0], strict=True))
    assert not table["over"].any()  # 24 exactly is allowed
    more = ledger(record(("c", "seminar", 6.25)), ATTENDANCE.head(0))
    assert more.loc["c", "over"]
    assert more.loc["c", ["least", "most"]].isna().tolist() == [True, False]


def test_years_cycles_and_service() -> None:
    halves = pd.concat([record(("a", "seminar", 3), cycle="2026-S1"),
                        record(("a", "seminar", 2), cycle="2026-S2")])  # fmt: skip
    staff = STAFF.assign(
        first_cycle=["2026-S2"] + [None] * 5, last_cycle=[None, "2025"] + [None] * 4
    )
    table = implementation.keep_ledger(
        ATTENDANCE.head(0), SESSIONS.head(0), COURSES, halves, RATES, staff, years=["2025", "2026"]
    )
    assert table[["year", "staff_id"]].to_numpy().tolist() == [
        *(["2025", p] for p in "bcdef"),
        *(["2026", p] for p in "acdef"),
    ]
    assert table.loc[table["staff_id"] == "a", "hours_jp"].item() == 20


def test_compliance_by_unit_by_hand() -> None:
    rows = record(("a", "seminar", 5), ("b", "patok banding", 1), ("c", "seminar", 7))
    table = implementation.score_compliance(ledger(rows, ATTENDANCE.head(0)).reset_index(), UNITS)
    units = table.set_index("unit_id")
    names = ["value", "reached", "below", "n", "staff", "total_jp", "mean_jp", "contract", "over"]
    assert units.loc["A", names].tolist() == [0.5, 1, 1, 2, 3, 58, 58 / 3, 1, 1]
    assert units.loc["B", names].tolist() == [0, 0, 1, 1, 2, 0, 0, 0, 0]
    assert units.loc["R", ["reached", "n", "staff", "total_jp"]].tolist() == [1, 4, 6, 58]
    assert units.loc["A", "unconfirmed_share"] == pytest.approx(10 / 58)
    assert pd.isna(units.loc["B", "unconfirmed_share"])


def test_compliance_of_records_alone_is_what_the_needs_stage_says(region: Dataset) -> None:
    staff = needs.select_staff(region["staff"], "2026")
    table = implementation.keep_ledger(
        region["attendance"].head(0), region["sessions"], region["courses"],
        region["learning_records"], region["jp_conversion"], staff)  # fmt: skip
    found = implementation.score_compliance(table, region["units"]).set_index("unit_id")
    theirs = needs.score_learning(
        region["learning_records"], region["jp_conversion"], staff, region["units"]
    ).set_index("unit_id")
    np.testing.assert_allclose(found.loc[theirs.index, "value"], theirs["share_reached"])
    assert found.loc[theirs.index, ["n", "over"]].equals(theirs[["n", "over"]])


def test_unreached_looks_back_and_knows_newcomers() -> None:
    years = pd.DataFrame(
        [("a", "2024", 1, 0), ("a", "2026", 0, 0), ("b", "2025", 0, 2), ("b", "2026", 0, 0),
         ("d", "2026", 0, 0), ("e", "2024", 0, 0), ("e", "2025", 0, 0), ("e", "2026", 0, 0)],
        columns=["staff_id", "year", "came", "activities"],
    )  # fmt: skip
    years = years.merge(STAFF[["staff_id", "unit_id"]])
    table = implementation.score_unreached(years, UNITS, last=3).set_index("unit_id")
    assert table.loc["B", ["value", "unreached", "new", "n"]].tolist() == [1, 2, 1, 2]
    assert table.loc["R", ["unreached", "n"]].tolist() == [2, 4]
    two = implementation.score_unreached(years, UNITS, last=2).set_index("unit_id")
    assert two.loc["R", "unreached"] == 3  # a's course of 2024 is too long ago
    courses = implementation.score_unreached(years, UNITS, last=2, by="course")
    assert courses.set_index("unit_id").loc["R", "unreached"] == 4
    assert implementation.score_unreached(years.head(0), UNITS).empty
    with pytest.raises(AnalysisError):
        implementation.score_unreached(years, UNITS, by="money")


COSTS = pd.DataFrame(
    [("S1", "honor", 100.0), ("S1", "konsumsi", 45.0), ("S1", "waktu kerja peserta", 9e9),
     ("S3", "honor", 30.0)], columns=["session_id", "item", "amount_idr"])  # fmt: skip
OFFERS = pd.DataFrame({"course_id": ["X", "Y", "Z"], "cost_session_idr": [80.0, 20.0, 5.0],
                       "cost_seat_idr": [10.0, 10.0, 1.0]})  # fmt: skip


def test_cost_against_the_sessions_as_they_stand() -> None:
    table = implementation.compare_cost(COSTS, SESSIONS, OFFERS, ATTENDANCE).set_index("course_id")
    money = ["planned_idr", "rate_idr", "actual_idr", "volume_idr", "price_idr", "over_idr"]
    # X: two sessions of four planned, one held with three who came.
    assert table.loc["X", money].tolist() == [240, 110, 145, -130, 35, -95]
    assert table.loc["Y", money].tolist() == [40, 30, 30, -10, 0, -10]
    np.testing.assert_allclose(table["volume_idr"] + table["price_idr"], table["over_idr"])


def test_cost_against_a_plan_names_what_was_never_held_or_never_paid() -> None:
    plan = pd.DataFrame({"course_id": ["X", "Z"], "sessions": [1, 2], "seats": [4, 8],
                         "cost_idr": [120.0, 18.0]})  # fmt: skip
    table = implementation.compare_cost(
        COSTS[COSTS["session_id"] != "S3"], SESSIONS, OFFERS, ATTENDANCE, plan=plan
    ).set_index("course_id")
    assert table.loc["X", ["planned_idr", "over_idr"]].tolist() == [120, 25]
    assert table.loc["Z", ["held", "actual_idr", "over_idr"]].tolist() == [0, 0, -18]
    assert table.loc["Y", ["uncosted", "planned_idr", "planned_sessions"]].tolist() == [1, 0, 0]
    assert pd.isna(table.loc["Y", "actual_idr"])
    empty = implementation.compare_cost(COSTS.head(0), SESSIONS.head(0), OFFERS, ATTENDANCE.head(0))
    assert list(empty) == [*table.reset_index()]
    assert empty.empty


def test_findings_say_only_what_is_there(region: Dataset) -> None:
    units, root = region["units"], "CKR"
    found = implementation.count_delivery(
        region["nominations"], region["attendance"], region["sessions"], region["courses"],
        region["staff"], units)  # fmt: skip
    by_course = found.by_course.merge(region["courses"][["course_id", "name_id", "name_en"]])
    by_unit = publish(found.by_unit, "delivery", audience="internal", units=units).table
    said = implementation.find_delivery(by_unit, by_course, root)
    row = found.by_unit.set_index("unit_id").loc[root]
    assert said.values["came"] == row["came"]
    assert said.key in {f"implementation.delivery.{k}" for k in ("most", "few")}
    hidden = by_unit.assign(came=np.nan, n=np.nan)
    assert implementation.find_delivery(hidden, by_course, root).key.endswith(".hidden")
    assert implementation.find_delivery(by_unit.head(0), by_course, root).key.endswith(".none")
    unlisted = implementation.find_delivery(by_unit.assign(nominated=0), by_course, root)
    assert unlisted.key.endswith(".unlisted")


def test_findings_of_hours_reach_and_cost() -> None:
    rows = record(*((p, "seminar", 5) for p in "abdf"))
    table = ledger(rows, ATTENDANCE.head(0)).reset_index()
    hours = implementation.score_compliance(table, UNITS).assign(unit=["A", "B", "R"])
    said = implementation.find_compliance(hours, "R")
    assert (said.key, said.values["reached"]) == ("implementation.learning.all", 4)
    few = hours.assign(value=[0.1, 0.4, 0.25], below=3)
    said = implementation.find_compliance(few, "R")
    assert (said.key, said.values["name"]) == ("implementation.learning.few", "A")
    assert implementation.find_compliance(hours.assign(value=np.nan), "R").key.endswith("hidden")
    reach = implementation.score_unreached(table, UNITS)
    said = implementation.find_unreached(reach, "R", years=1)
    assert (said.key, said.values["unreached"]) == ("implementation.unreached.some", 2)
    cost = implementation.compare_cost(COSTS, SESSIONS, OFFERS, ATTENDANCE)
    cost = cost.assign(name_id="n", name_en="n")
    said = implementation.find_cost(cost)
    assert said.key == "implementation.cost.under"
    assert said.values["over"] == pytest.approx(-105 / 1e6)
    assert implementation.find_cost(cost.assign(over_idr=np.nan)).key.endswith(".unknown")
    assert implementation.find_cost(cost.head(0)).key.endswith(".none")


def test_missing_optional_columns_and_tables_do_not_matter() -> None:
    courses = COURSES[["course_id", "hours_jp"]]
    attendance = ATTENDANCE[["session_id", "staff_id", "status"]]
    table = implementation.keep_ledger(
        attendance, SESSIONS, courses, RECORDS, RATES.head(0), STAFF.drop(columns="status")
    ).set_index("staff_id")
    assert (table["status"] == "PNS").all()
    assert table.loc[["a", "e", "f"], "hours_jp"].tolist() == [10, 10, 24]
    assert table.loc["a", "unconfirmed_jp"] == 10  # without a route nobody knows its rate
    nothing = implementation.keep_ledger(
        attendance.head(0), SESSIONS.head(0), courses, RECORDS, RATES, STAFF
    )
    assert list(nothing) == [*table.reset_index()[list(nothing)]]
    assert nothing.empty
    assert implementation.score_compliance(nothing, UNITS).empty
    said = implementation.find_compliance(implementation.score_compliance(nothing, UNITS), "R")
    assert said.key == "implementation.learning.none"
    seatless = SESSIONS.drop(columns="seats")
    cost = implementation.compare_cost(COSTS, seatless, OFFERS, ATTENDANCE).set_index("course_id")
    assert cost.loc["X", "planned_seats"] == 3  # those who came


@pytest.mark.slow
def test_tables_absent_from_a_data_set_read_as_empty(region: Dataset) -> None:
    # units and staff are never absent; staff may be without a row here
    bare = Dataset({}, region.problems, region.path, "")
    names = ["attendance", "sessions", "courses", "staff", "mentors", "follow_ups"]
    found = implementation.plan_support(
        *(bare[name] for name in names), today=pd.Timestamp("2026-07-01"), units=region["units"]
    )
    assert found.people.empty
    assert implementation.summarise_support(found, region["units"]).by_unit.empty
    delivery = implementation.count_delivery(
        *(bare[n] for n in ("nominations", *names[:4])), region["units"]
    )
    assert delivery.by_unit.empty
    ledger = implementation.keep_ledger(
        *(bare[n] for n in (*names[:3], "learning_records", "jp_conversion", "staff"))
    )
    assert ledger.empty
    for helper in (names[4:], names[4:5]):  # only the helpers' tables are absent
        tables = [bare[n] if n in helper else region[n] for n in names]
        found = implementation.plan_support(
            *tables, today=pd.Timestamp("2026-07-01"), units=region["units"]
        )
        assert set(found.people["why"]) == {"none"}


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_every_table_for_a_page_can_be_published(region: Dataset, audience: str) -> None:
    units = region["units"]
    parts = [region[n] for n in ("attendance", "sessions", "courses", "learning_records",
                                 "jp_conversion")]  # fmt: skip
    ledger = implementation.keep_ledger(*parts, region["staff"])
    activities = implementation.list_activities(*parts)
    points = implementation.score_points(
        activities, region["staff"], region["positions"], year="2026"
    )
    offers = region["courses"].fillna({"cost_session_idr": 0, "cost_seat_idr": 0})
    cost = implementation.compare_cost(
        region["costs"], region["sessions"], offers, region["attendance"]
    )
    tables = {
        "compliance": implementation.score_compliance(ledger, units),
        "unreached": implementation.score_unreached(ledger, units),
        "points": implementation.score_unit_points(points, units),
    }
    for name, table in tables.items():
        shown = publish(table, name, audience=audience, units=units).table
        assert len(shown) == len(table)
        assert shown["suppressed"].any()
        assert shown.loc[shown["suppressed"], "value"].isna().all()
    assert len(publish(cost, "cost", audience=audience).table) == len(cost)
