"""A year planned in one go: from ratings to people in seats, and the command that writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.cli import main
from cakra_analysis.errors import AnalysisError, ConflictError
from cakra_analysis.load import load
from cakra_analysis.sections import ImplementationSettings
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region, write_region
from cakra_analysis.year import _completed, gather_year, make_rules
from cakra_analysis.year_plan import draw_year, nominate_year, plan_year
from tests.conftest import ROOT

# The slow tests share one region and one plan.
pytestmark = pytest.mark.xdist_group("plan_year")
CYCLE, BUDGET = "2026", 60_000_000
SETTINGS = Settings(implementation=ImplementationSettings(seconds=2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    to = tmp_path_factory.mktemp("region")
    write_region(make_region(4, staff=150, cycles=1, with_levels=False), to)
    return to


@pytest.fixture(scope="module")
def tables(folder):
    return load(folder)


@pytest.fixture(scope="module")
def year(tables):
    return gather_year(tables, cycle=CYCLE, unit="CKR", settings=SETTINGS)


@pytest.fixture(scope="module")
def planned(tables, year):
    rules = make_rules(year, Settings(), budget_idr=BUDGET)
    return plan_year(tables, year, rules, settings=SETTINGS)


@pytest.mark.slow
def test_a_year_starts_from_everybody_in_service(tables, year):
    serving = tables["staff"][tables["staff"]["last_cycle"].isna()]
    assert year.year == 2027
    assert sorted(year.people["staff_id"]) == sorted(serving["staff_id"])
    assert year.sizes["people"].sum() == len(serving)
    assert (year.gaps["gap"] >= 0).all()
    assert year.weights["weight"].mean() == pytest.approx(1)
    assert set(year.priorities) <= set(tables["competencies"]["competency_id"])
    assert year.day_cost_idr > 0


@pytest.mark.slow
def test_what_is_no_matter_of_learning_is_not_planned_for(tables, year):
    causes = tables["causes"][tables["causes"]["cycle"] == CYCLE]
    keys = ["staff_id", "competency_id"]
    learning = causes.assign(skill=causes["cause"] == "skill").groupby(keys)["skill"].any()
    gaps = year.gaps.set_index(keys)["gap"]
    told = gaps.reindex(learning.index).dropna()
    other = told[~learning.reindex(told.index)]
    assert len(other)
    assert (other == 0).all()
    assert (told[learning.reindex(told.index)] > 0).mean() > 0.9


@pytest.mark.slow
def test_a_unit_is_planned_for_by_itself(tables):
    part = gather_year(tables, cycle=CYCLE, unit="KES", settings=SETTINGS)
    assert set(part.people["unit_id"]) == {"PKM-1", "PKM-2"}
    assert set(part.gaps["staff_id"]) <= set(part.people["staff_id"])


@pytest.mark.slow
def test_what_was_completed_under_an_older_code_counts_for_the_new_one(tables, year):
    done = year.completed
    old = done["course_id"].iloc[0]
    courses = tables["courses"].assign(offer_id=None)
    again = courses[courses["course_id"] == old].assign(course_id="BARU")
    courses = pd.concat([courses, again], ignore_index=True)
    courses.loc[courses["course_id"].isin([old, "BARU"]), "offer_id"] = "SAMA"
    renewed = replace(tables, tables={**tables.tables, "courses": courses})
    found = _completed(renewed, tables["staff"])
    by_code = found.groupby("course_id")["staff_id"].apply(sorted)
    assert by_code["BARU"] == by_code[old]
    assert len(found) == len(done) + len(by_code["BARU"])


@pytest.mark.slow
def test_without_courses_on_offer_the_error_says_what_to_fill_in(tables):
    bare = replace(tables, tables={**tables.tables, "course_effects": pd.DataFrame()})
    with pytest.raises(AnalysisError, match="seats_most"):
        gather_year(bare, cycle=CYCLE, unit="CKR", settings=SETTINGS)


@pytest.mark.slow
def test_the_plan_keeps_its_rules_and_the_calendar(tables, year, planned):
    meetings, days = planned.timetable.meetings, planned.days.set_index("date")
    dates = pd.to_datetime(meetings["date"])
    assert (days.loc[dates, "strength"] != "hard").all()
    assert planned.portfolio.cost_idr <= BUDGET * (1 + 1e-9)
    seats = planned.portfolio.sessions.set_index("course_id")["seats"]
    by_course = planned.sessions.groupby("course_id")["seats"].sum()
    assert by_course.to_dict() == seats.to_dict()
    assert set(meetings["session_id"]) == set(planned.sessions["session_id"])
    people = year.sizes.set_index("unit_id")["people"]
    called = planned.called.merge(meetings[["session_id", "date"]], on="session_id")
    away = called.groupby(["unit_id", "date"])["seats"].sum()
    most = (0.25 * people).astype(int).clip(lower=1)
    assert (away <= most.reindex(away.index.get_level_values("unit_id")).to_numpy()).all()


@pytest.mark.slow
def test_the_same_plan_comes_out_again(tables, year, planned):
    rules = make_rules(year, Settings(), budget_idr=BUDGET)
    again = plan_year(tables, year, rules, settings=SETTINGS)
    pd.testing.assert_frame_equal(again.timetable.meetings, planned.timetable.meetings)
    pd.testing.assert_frame_equal(again.portfolio.seats, planned.portfolio.seats)


@pytest.mark.slow
def test_people_are_nominated_within_the_seats(year, planned):
    chosen = nominate_year(year, planned, settings=SETTINGS)
    filled = chosen.seats.groupby("session_id").size()
    seats = planned.sessions.set_index("session_id")["seats"]
    assert (filled <= seats.reindex(filled.index)).all()
    done = set(year.completed.itertuples(index=False, name=None))
    assert not done & set(
        chosen.seats[["staff_id", "course_id"]].itertuples(index=False, name=None)
    )
    dates = chosen.seats.merge(planned.timetable.meetings[["session_id", "date"]], on="session_id")
    assert not dates.duplicated(["staff_id", "date"]).any()
    pppk = chosen.ledger["status"].eq("PPPK")
    assert (chosen.ledger.loc[pppk, "jp_planned"] <= 24 + 1e-9).all()


@pytest.mark.slow
def test_lots_decide_who_is_seated_and_who_is_compared(year, planned):
    drawn = planned.sessions["course_id"].iloc[:1].tolist()
    lots = draw_year(year, planned, drawn)
    assert lots.seed == 2027
    chosen = nominate_year(year, planned, settings=SETTINGS, lots=lots)
    seated = chosen.seats[chosen.seats["course_id"] == drawn[0]]
    won = lots.people.loc[lots.people["place"] == "seat", "staff_id"]
    assert len(seated)
    assert set(seated["staff_id"]) <= set(won)
    with pytest.raises(AnalysisError, match="does not hold it"):
        draw_year(year, planned, ["C99"])


@pytest.mark.slow
def test_too_little_money_names_the_rules_in_conflict(tables, year):
    rules = make_rules(year, Settings(), budget_idr=1e6)
    with pytest.raises(ConflictError, match="a budget of Rp") as caught:
        plan_year(tables, year, rules, settings=SETTINGS)
    assert "budget" in caught.value.rules


@pytest.mark.slow
def test_the_command_writes_plans_again_and_keeps_to_itself(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    to, call = tmp_path / "plan", ["plan", str(folder), "--to", str(tmp_path / "plan")]
    assert main([*call, "--budget", str(BUDGET), "--seconds", "2"]) == 0
    printed = capsys.readouterr().out
    assert "pseudonyms" in printed
    assert not pd.read_csv(folder / "staff.csv")["staff_id"].isin(printed.split()).any()
    files = [file for file in to.rglob("*") if file.is_file()]
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    before = pd.read_csv(to / "rencana" / "jadwal.csv")
    row = before.dropna(subset=["venue_id"]).iloc[-1]
    closed = f"X999,venue,{row['venue_id']},{row['date']},{row['date']},hard,a,b,yes\n"
    (tmp_path / "changed").mkdir()
    for file in folder.glob("*.csv"):
        text = file.read_text() + (closed if file.stem == "closures" else "")
        (tmp_path / "changed" / file.name).write_text(text)
    call[1] = str(tmp_path / "changed")
    assert main([*call, "--replan", "2027-01-01", "--lang", "en"]) == 0
    assert "Sessions moved: 1, the fewest possible" in capsys.readouterr().out
    after = pd.read_csv(to / "rencana" / "jadwal.csv")
    moved = pd.read_csv(to / "rencana" / "pindah.csv")["session_id"].tolist()
    assert moved == [row["session_id"]]
    same = ~before["session_id"].isin(moved)
    pd.testing.assert_frame_equal(before[same], after[~after["session_id"].isin(moved)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--to", "reports/plan"], "may not lie in"),
        (["--to", "{tmp}/x", "--unit", "NOBODY"], 'There is no unit "NOBODY"'),
        (["--to", "{tmp}/x", "--cycle", "1999"], 'There is no cycle "1999"'),
        (["--to", "{tmp}/x", "--replan", "2027-01-01"], "there is no plan here"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_planned(
    folder, tmp_path, capsys, monkeypatch, more, told
):
    monkeypatch.chdir(ROOT)
    assert main(["plan", str(folder), *(m.format(tmp=tmp_path) for m in more)]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
