"""What plans, timetables and their notes tell: small tables in, findings and sentences out."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from cakra_analysis import brief, design, handover, implementation
from cakra_analysis.design.rules import Rules
from cakra_analysis.errors import DataError
from cakra_analysis.results import Finding
from cakra_analysis.words import say
from cakra_analysis.words.catalogue import catalogue

OFFERS = pd.DataFrame(
    {
        "course_id": ["C1", "C2"],
        "name_id": ["Satu", "Dua"],
        "name_en": ["One", "Two"],
        "mode": ["formal", "social"],
        "hours_jp": [10.0, 8.0],
        "route": ["workshop/lokakarya", "e-learning"],
    }
)
EFFECTS = pd.DataFrame(
    {
        "course_id": ["C1", "C2", "C2"],
        "competency_id": ["M.1", "M.1", "M.2"],
        "effect": [0.5, 0.2, 0.1],
        "low": [0.3, 0.0, 0.0],
        "high": [0.7, 0.4, 0.2],
        "source": "x",
        "confirmed": ["yes", "no", "no"],
    }
)
PLAN = SimpleNamespace(
    sessions=pd.DataFrame(
        {
            "course_id": ["C1", "C2"],
            "sessions": [2, 1],
            "seats": [40, 9],
            "cost_idr": [5e6, 1e6],
            "hours_jp": [400.0, 72.0],
            "closed": [3.0, 8.0],
        }
    ),
    rules=Rules(budget_idr=1e7),
)
REGRET = SimpleNamespace(
    courses=pd.DataFrame({"course_id": ["C1", "C2"], "planned": True, "share": [1.0, 0.5]}),
    n=4,
    asked=6,
)


def test_courses_of_a_plan_stand_by_what_they_close():
    table = design.describe_courses(PLAN, OFFERS, REGRET)
    assert table["course_id"].tolist() == ["C2", "C1"]
    assert table.loc[0, ["value", "hours_jp", "in_draws"]].tolist() == [8.0, 8.0, 0.5]
    assert design.describe_courses(PLAN, OFFERS)["in_draws"].isna().all()


def test_effects_are_shown_with_course_and_competency():
    items = pd.DataFrame(
        {"competency_id": ["M.1", "M.2"], "name_id": ["A", "B"], "name_en": ["AA", "BB"]}
    )
    table = design.describe_effects(EFFECTS, OFFERS, items, staff=600)
    assert table[["name_en", "item_id", "value", "confirmed"]].values.tolist() == [
        ["One", "A", 0.5, "yes"],
        ["Two", "A", 0.2, "no"],
        ["Two", "B", 0.1, "no"],
    ]


def test_a_plan_says_how_much_of_it_is_guessed():
    caveats = {f.key: f.values for f in design.find_plan_caveats(EFFECTS, PLAN, REGRET)}
    assert caveats["caveat.plan.effects"] == {"guessed": 2, "count": 3}
    assert caveats["caveat.plan.draws"] == {"n": 4, "asked": 6}
    steps = design.find_plan_steps(EFFECTS, PLAN)
    assert [s.key for s in steps] == ["next.plan.measure", "next.plan.carry_out"]
    assert steps[0].values == {"count": 1}
    known = design.find_plan_steps(EFFECTS.assign(confirmed="yes"), PLAN)
    assert [s.key for s in known] == ["next.plan.carry_out"]


def test_closed_days_are_working_days_with_their_reason():
    days = implementation.list_days(2026)
    closed = implementation.list_closed(days).set_index("date")
    assert "Nyepi" in closed.loc["2026-03-19", "reason_id"]
    assert closed.loc["2026-06-17", "confirmed"] == "yes"
    assert pd.to_datetime(closed.index).day_of_week.max() == 4


def test_the_data_tell_their_own_day():
    sessions = pd.DataFrame({"end": ["2026-03-01", None]})
    done = pd.DataFrame({"done": ["2026-05-04"]})
    assert implementation.find_data_day(sessions, done) == pd.Timestamp("2026-05-04")
    assert implementation.find_data_day(sessions, done.head(0)) == pd.Timestamp("2026-03-01")


@pytest.mark.parametrize(("share", "kind"), [(0.25, "kept"), (0.5, "single")])
def test_the_load_is_held_to_the_limit(share, kind):
    table = pd.DataFrame({"unit": ["A", "B"], "value": [0.1, share], "n": [20, 2]})
    found = implementation.find_load(table, limit=0.25)
    assert found.key == f"implementation.load.{kind}"
    assert found.values["name"] == "B"
    assert implementation.find_load(table.head(0), limit=0.25).key.endswith(".none")


def test_estimated_days_are_a_caveat_only_where_there_are_any():
    sure = Finding("implementation.calendar.sure", {"estimated": 0, "year": "2026"})
    keys = [f.key for f in implementation.find_time_caveats(sure)]
    assert keys == ["caveat.time.feasts", "caveat.time.venues", "caveat.time.rates"]
    late = implementation.find_time_steps(Finding("x", {"overdue": 3}))
    assert [f.key for f in late] == ["next.time.book", "next.time.support"]
    assert len(implementation.find_time_steps(Finding("x"))) == 1


def test_the_year_ahead_is_told_only_where_it_was_saved():
    placed = {"sessions": 2, "first": "2027-01-04", "last": "2027-11-30"}
    told = brief.find_ahead(Finding("saved.none"), Finding("p", placed))
    assert [f.key for f in told] == ["brief.ahead.placed"]
    assert "4 January 2027" in say(told[0], "en")
    assert "4 Januari 2027" in say(told[0], "id")
    assert brief.find_ahead(Finding("saved.none"), Finding("saved.none")) == []


def test_a_list_that_is_not_there_says_how_to_make_it(tmp_path):
    with pytest.raises(DataError, match="cakra plan DATA --to FOLDER"):
        handover.read_list(tmp_path, "jadwal")


def test_every_reason_for_a_seat_or_for_waiting_has_its_sentence():
    seat = ["largest_gap", "jp_debt", "fairness_sex", "fairness_grade", "lot",
            "prerequisite_path", "unused_seat", "next_in_line"]  # fmt: skip
    waiting = ["prerequisite", "lot", "most_jp", "most_courses", "full", "unit_full",
               "double_booking", "not_proven"]  # fmt: skip
    for lang in ("id", "en"):
        for place, reasons in (("seat", seat), ("waiting", waiting)):
            table = pd.DataFrame({"place": place, "reason": reasons, "n": [1] * len(reasons)})
            for reason in reasons:
                one = table[table["reason"] == reason]
                found = design.find_reasons(one, place)
                assert "100%" in say(found, lang)
                assert f"design.nomination.{place}.{reason}.text" in catalogue(lang)


def test_figures_too_small_to_show_stay_a_dash_in_sentences():
    counts = ["nominated", "invited", "declined", "waiting", "due", "answered", "came",
              "completed", "moved_up", "uninvited"]  # fmt: skip
    row = pd.DataFrame([dict.fromkeys(counts, 20.0) | {"unit_id": "U", "n": 20}])
    row = row.assign(waiting=float("nan"), came_share=0.9, completed_share=0.8)
    none = pd.DataFrame({"came_share": []})
    found = implementation.find_delivery(row, none, "U")
    assert found.key == "implementation.delivery.most"
    assert "–" in say(found, "en")
