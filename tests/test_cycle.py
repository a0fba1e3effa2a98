"""A region over several cycles: the same world for all, no look at the truth, honest sentences."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

from cakra_analysis import cycles
from cakra_analysis.charts import describe_loop, plot_loop
from cakra_analysis.cli import main
from cakra_analysis.cycles import CLAIMS, MEASURED, TRUTH, run
from cakra_analysis.cycles.held import hold
from cakra_analysis.cycles.measured import measure
from cakra_analysis.cycles.programme import find_gaps, plan_cycle
from cakra_analysis.errors import DataError
from cakra_analysis.improvement import update_effects
from cakra_analysis.settings import Settings
from cakra_analysis.words import label, say

STAFF = 100


@pytest.fixture(scope="module")
def world() -> cycles.World:
    return cycles.make_world(3, staff=STAFF, cycles=2)


@pytest.fixture(scope="module")
def ran(world) -> dict[str, list[cycles.Year]]:
    return {arm: cycles.run_cycles(world, arm) for arm in (CLAIMS, MEASURED)}


@pytest.mark.slow
def test_arms_live_in_one_world_until_their_plans_differ(ran) -> None:
    one, other = ran[CLAIMS][0], ran[MEASURED][0]
    assert_frame_equal(one.programme.gaps, other.programme.gaps)
    assert_frame_equal(one.programme.lots, other.programme.lots)
    assert_frame_equal(one.held.tests, other.held.tests)
    assert one.lacking == other.lacking
    assert [y.untrained for y in ran[CLAIMS]] == [y.untrained for y in ran[MEASURED]]
    assert not ran[CLAIMS][1].believed["effect"].equals(ran[MEASURED][1].believed["effect"])


@pytest.mark.slow
def test_who_does_the_same_has_the_same_luck(world, ran) -> None:
    """Half of the courses are not held and the rows come in another order: luck stays."""
    whole = ran[CLAIMS][0].programme
    kept = sorted(whole.lots["course_id"].unique())[::2]
    lots = whole.lots[whole.lots["course_id"].isin(kept)].sample(frac=1, random_state=1)
    level = world.people.level_in(0).astype(float)
    one, other = (hold(world, p, level, 0) for p in (whole, replace(whole, lots=lots)))
    assert_frame_equal(one.tests, ran[CLAIMS][0].held.tests)
    for table, keys in (("attendance", ["session_id"]), ("tests", ["course_id", "occasion"])):
        first, second = (getattr(held, table) for held in (one, other))
        same = first.merge(second, on=["staff_id", *keys], suffixes=("", "_other"))
        value = {"attendance": "status", "tests": "score"}[table]
        assert len(same) >= 30 and same[value].nunique() > 1
        assert same[value].equals(same[f"{value}_other"])
        assert len(second) < len(first)


@pytest.mark.slow
def test_arms_meet_the_same_luck_in_the_second_cycle(world, ran) -> None:
    """What is left of differences is what was learnt before, and the luck of another session."""
    one, other = (
        y[1].held.attendance.merge(y[1].held.sessions[["session_id", "course_id"]])
        for y in ran.values()
    )
    same = one.merge(other, on=["staff_id", "course_id"], suffixes=("", "_other"))
    assert len(same) > 5
    assert same["status"].equals(same["status_other"])


@pytest.mark.slow
def test_a_seat_changes_levels_of_completers_only(world, ran) -> None:
    held = ran[CLAIMS][0].held
    done = held.attendance[held.attendance["status"] == "completed"]
    people, _ = np.nonzero(held.learnt)
    assert set(world.staff["staff_id"].to_numpy()[people]) == set(done["staff_id"])
    assert len(people) == len(done)  # nobody had two courses on one competency


@pytest.mark.slow
def test_seats_are_drawn_within_the_plan_and_the_hours_of_pppk(world, ran) -> None:
    for year in ran[CLAIMS]:
        drawn = year.programme.lots
        seated = drawn[drawn["place"] == "seat"].groupby("course_id").size()
        planned = year.programme.portfolio.sessions.set_index("course_id")["seats"]
        assert (seated <= planned.reindex(seated.index)).all()
        rows = drawn.merge(world.staff[["staff_id", "status"]]).merge(world.offers)
        assert (rows.loc[rows["status"] == "PPPK", "hours_jp"] <= 24).all()
    first, second = ran[CLAIMS]
    done = first.held.attendance.merge(first.held.sessions[["session_id", "course_id"]])
    done = done[done["status"] == "completed"]
    again = second.programme.lots.merge(done, on=["staff_id", "course_id"])
    assert again.empty  # nobody draws for a course they completed


@pytest.mark.slow
def test_a_region_that_saves_itself_the_lots_seats_who_lacks_most(world) -> None:
    gaps = find_gaps(world, world.people.level_in(0).astype(float), 0, Settings())
    empty = pd.DataFrame({"staff_id": [], "course_id": []}, dtype="str")
    plan = partial(plan_cycle, world, gaps, world.claims, empty, cycle=0, settings=Settings())
    drawn = plan(lots=False).lots
    assert set(drawn["assignment"]) == {"need", "none"}  # no seat is "lot"
    assert "lot" in set(plan(lots=True).lots["assignment"])
    rows = drawn.merge(world.offers[["course_id", "competency_id"]]).merge(gaps)
    ends = rows.groupby(["course_id", "place"])["gap"].agg(["min", "max"]).unstack()
    # Who waits lacks no more, unless already seated in another course on the same competency.
    once = rows.groupby("competency_id")["course_id"].nunique()
    one = rows.loc[rows["competency_id"].isin(once.index[once == 1]), "course_id"].unique()
    assert len(one) >= 2
    assert (ends.loc[one, ("max", "waiting")] <= ends.loc[one, ("min", "seat")]).all()


@pytest.mark.slow
def test_what_is_learnt_does_not_read_the_truth(world, ran, monkeypatch) -> None:
    """Once courses were held, hiding another truth behind them changes nothing."""
    year = ran[MEASURED][0]
    turned = world.truth.assign(effect=world.truth["effect"].to_numpy()[::-1])
    other = replace(world, truth=turned)
    found = measure(other, year.held, Settings())
    assert_frame_equal(found, year.evaluations)
    learnt = update_effects(other.claims, other.offers, found, cycle=year.cycle)
    assert_frame_equal(learnt, year.learnt)
    recorded = dict(enumerate(y.held for y in ran[MEASURED]))
    monkeypatch.setattr(run, "hold", lambda *args: recorded[args[-1]])
    for kept, hidden in zip(ran[MEASURED], cycles.run_cycles(other, MEASURED), strict=True):
        assert_frame_equal(hidden.believed, kept.believed)
        assert_frame_equal(hidden.learnt, kept.learnt)
        assert_frame_equal(hidden.programme.gaps, kept.programme.gaps)
        assert_frame_equal(hidden.programme.portfolio.sessions, kept.programme.portfolio.sessions)
        assert_frame_equal(hidden.programme.lots, kept.programme.lots)
    assert not turned["effect"].equals(world.truth["effect"])


def test_evidence_counts_as_the_settings_say(world, monkeypatch) -> None:
    told: dict[str, object] = {}
    monkeypatch.setattr(run, "update_effects", lambda *_, **how: told.update(how) or world.claims)
    nothing = world.claims.head(0)
    learnt = Settings().improvement
    learnt = replace(learnt, grades={**learnt.grades, "A": 0.5}, decay=0.7, bias=0.2, spread=0.1)
    run._learn(world, nothing, "2024", Settings(improvement=learnt))
    assert told == {
        "cycle": "2024", "grades": learnt.grades, "decay": 0.7, "bias": 0.2, "spread": 0.1
    }  # fmt: skip


@pytest.mark.slow
def test_a_region_learns_that_its_courses_do_harm() -> None:
    world = cycles.make_world(1, staff=150, cycles=1, promises=cycles.Promises(harmful=1.0))
    (year,) = cycles.run_cycles(world, MEASURED)
    own = year.learnt[year.learnt["status"] == "evaluated"]
    assert len(own) >= 3
    assert (own["value"] < own["prior"] - 0.2).all()
    assert (own["value"] < 0).mean() > 0.5
    others = year.learnt[year.learnt["status"] == "borrowed"]
    assert (others["value"] < others["prior"]).all()  # and mistrusts the other claims as well
    assert year.closed < 0


def test_a_plan_without_anything_to_hold_is_a_cycle_too(world) -> None:
    settings = Settings()
    level = world.people.level_in(0).astype(float)
    gaps = find_gaps(world, level, 0, settings)
    none = world.claims.assign(effect=0.0, low=0.0, high=0.0)
    empty = pd.DataFrame({"staff_id": [], "course_id": []}, dtype="str")
    programme = plan_cycle(world, gaps, none, empty, cycle=0, settings=settings)
    held = hold(world, programme, level, 0)
    assert held.tests.empty and not held.learnt.any()
    assert measure(world, held, settings).empty


def test_gaps_come_from_ratings_and_count_from_half_a_level_on(world) -> None:
    level = world.people.level_in(0).astype(float)
    gaps = find_gaps(world, level, 0, Settings())
    some = gaps.loc[gaps["gap"] > 0, "gap"]
    assert len(some) > 50 and some.min() >= 0.5
    true = np.maximum(world.people.required - level, 0)[world.people.serving_in(0)].mean()
    assert gaps["gap"].mean() == pytest.approx(true, rel=0.4)


def test_regions_that_cannot_be_made_are_refused() -> None:
    with pytest.raises(DataError, match="at least 100 staff"):
        cycles.make_world(1, staff=99)


def make_closed(differences: list[float]) -> pd.DataFrame:
    rows = [
        (seed, arm, number, 0.1 * number + 0.01 * seed + more * (number == 2))
        for seed, difference in enumerate(differences)
        for number in (1, 2)
        for arm, more in ((CLAIMS, 0.0), (MEASURED, difference), (TRUTH, 0.05))
    ]
    return pd.DataFrame(rows, columns=["seed", "arm", "number", "share"])


def test_differences_are_taken_within_regions() -> None:
    table = cycles.compare_arms(make_closed([0.01, 0.02, 0.03]))
    row = table[(table["compared"] == CLAIMS) & (table["arm"] == MEASURED)].iloc[-1]
    half = 4.302653 * 0.01 / np.sqrt(3)  # t with 2 degrees of freedom
    assert row[["value", "low", "high"]].tolist() == pytest.approx([0.02, 0.02 - half, 0.02 + half])
    own = table[(table["compared"] == "") & (table["arm"] == CLAIMS)]
    assert own["value"].tolist() == pytest.approx([0.11, 0.21])


@pytest.mark.parametrize(
    ("differences", "state", "indonesian", "english"),
    [
        ([0.04, 0.05, 0.06], "more", "menutup lebih banyak", "closes more"),
        ([-0.04, -0.05, -0.06], "less", "menutup lebih sedikit", "closes less"),
        ([-0.04, 0.05, 0.06], "open", "Belum dapat dikatakan", "cannot be told"),
        ([0.05], "single", "Satu daerah", "One region"),
    ],
)
def test_the_sentence_depends_on_the_interval(differences, state, indonesian, english) -> None:
    finding = cycles.find_loop(cycles.compare_arms(make_closed(differences)))
    assert finding.key == f"cycle.loop.{state}"
    assert indonesian in say(finding, "id", "title") and english in say(finding, "en", "title")
    text = say(finding, "en")
    assert ("percentage points more" in text) == (state == "more")


@pytest.mark.parametrize("differences", [[0.0, 0.0, 0.0], [0.0]])
def test_one_cycle_is_not_said_to_be_chance(differences) -> None:
    closed = make_closed(differences)
    finding = cycles.find_loop(cycles.compare_arms(closed[closed["number"] == 1]))
    assert finding.key == "cycle.loop.first"
    for lang, told in (("id", "program pertamanya sama"), ("en", "first programme is the same")):
        assert told in say(finding, lang) and "0.00" not in say(finding, lang)


def test_recovery_counts_error_and_cover() -> None:
    learnt = pd.DataFrame(
        {
            "number": [0, 0, 1, 1],
            "truth": [0.0, -0.3, 0.0, -0.3],
            "kind": ["useless", "harmful"] * 2,
            "effect": [0.4, 0.3, 0.1, -0.2],
            "low": [0.1, 0.1, -0.1, -0.4],
            "high": [0.7, 0.5, 0.3, 0.0],
        }
    )
    score = cycles.score_learnt(learnt)
    assert score["error"].tolist() == pytest.approx([np.sqrt((0.16 + 0.36) / 2), 0.1])
    assert score["covered"].tolist() == [0.0, 1.0]
    assert score["harmful"].tolist() == [0.3, -0.2]


def test_the_chart_shows_the_table() -> None:
    table = cycles.compare_arms(make_closed([0.01, 0.02, 0.03]))
    ax = plot_loop(table, lang="en")
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_gid() == "value"}
    for arm, line in lines.items():
        own = table[(table["compared"] == "") & (table["arm"] == arm)]
        assert line.get_ydata().tolist() == pytest.approx((100 * own["value"]).tolist())
    assert set(lines) == {CLAIMS, MEASURED, TRUTH}
    assert len({line.get_marker() for line in lines.values()}) == 3  # never colour alone
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert ticks[1].splitlines()[1:] == ["difference +2.00 points", "(−0.48 to +4.48)"]
    said = describe_loop(table, lang="id")
    assert "siklus 2 +2,00 poin (−0,48 sampai +4,48)" in said and "23,0%" in said


@pytest.mark.slow
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_labels_of_the_chart_do_not_overlap(count: int, lang: str, narrow: bool) -> None:
    closed = make_closed([0.01, 0.02, 0.03])
    last = closed[closed["number"] == 2]
    closed = pd.concat([last.assign(number=n) for n in range(1, count + 1)])
    ax = plot_loop(cycles.compare_arms(closed), lang=lang, narrow=narrow)
    ax.figure.draw_without_rendering()
    ends = [Text.get_window_extent(text) for text in ax.texts if text.get_gid() == "end"]
    ends = sorted(ends, key=lambda box: box.y0)
    if count > 3:  # below the first line stands the last difference alone
        labels = [text.get_text().partition("\n") for text in ax.get_xticklabels()]
        assert [bool(below) for *_, below in labels] == [False] * (count - 1) + [True]
        ax.set_xticks(ax.get_xticks(), [first for first, *_ in labels])
    ticks = [text.get_window_extent() for text in ax.get_xticklabels()]
    assert len(ends) == 3 and len(ticks) == count
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(ends))
    assert all(left.x1 < right.x0 for left, right in pairwise(ticks))


def test_the_chart_shows_that_courses_did_harm() -> None:
    closed = make_closed([0.01, 0.02, 0.03])
    table = cycles.compare_arms(closed.assign(share=-closed["share"]))
    ax = plot_loop(table, lang="en")
    low, high = ax.get_ylim()
    assert low < 100 * table["low"].min() < 0 < high
    assert [line for line in ax.get_lines() if line.get_gid() == "zero"]


def test_the_chart_does_without_intervals_and_without_rows() -> None:
    table = cycles.compare_arms(make_closed([0.05]))
    assert not plot_loop(table, lang="id", narrow=True).collections
    assert plot_loop(table.head(0)).get_lines()[:] == []
    assert describe_loop(table.head(0), lang="en") == label("alt.empty", "en")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ([], "cakra report --data DATA"),
        (["data/mine"], "cakra plan data/mine --to FOLDER"),
        (["data/mine", "--demo"], 'cannot use "data/mine"'),
        (["--demo", "--seeds", "0"], "--seeds and --cycles are 1 or more"),
        (["--demo", "--staff", "50", "--seeds", "1"], "at least 100 staff"),
        (["--demo", "--to", __file__], "is no folder"),
    ],
)
def test_calls_that_cannot_be_run_say_what_can(call, told, capsys) -> None:
    assert main(["cycle", *call]) == 2
    assert told in capsys.readouterr().err


def test_stopped_writes_nothing(monkeypatch, tmp_path: Path, capsys) -> None:
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cycles, "run_cycles", lambda *_: [])
    monkeypatch.setattr(cycles, "run_regions", stop)
    to = tmp_path / "loop"
    assert main(["cycle", "--demo", "--staff", "100", "--to", str(to)]) == 130
    assert "nothing was written" in capsys.readouterr().out
    assert not to.exists()


@pytest.mark.slow
def test_knowing_the_truth_closes_more_and_workers_change_nothing() -> None:
    small = {"staff": STAFF, "cycles": 1, "arms": (CLAIMS, TRUTH)}
    one = cycles.run_regions([1, 2, 3], **small)
    two = cycles.run_regions([2, 3], workers=2, **small)
    kept = one.closed[one.closed["seed"] > 1].reset_index(drop=True)
    assert_frame_equal(kept, two.closed, check_exact=True)
    mean = one.closed.groupby("arm")["share"].mean()
    assert mean[TRUTH] >= mean[CLAIMS]


@pytest.mark.slow
def test_the_demonstration_tells_and_writes(tmp_path: Path, capsys) -> None:
    call = ["cycle", "--demo", "--seeds", "1", "--staff", "100", "--cycles", "1"]
    assert main([*call, "--to", str(tmp_path)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for word in ("Kebutuhan:", "Program:", "Pelaksanaan:", "Evaluasi:", "Pelajaran:"):
        assert word in printed
    assert "program pertamanya sama" in printed
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
    assert (tmp_path / "loop.png").read_bytes()[:4] == b"\x89PNG"
    assert len(pd.read_csv(tmp_path / "regions.csv")) == 3
    assert (tmp_path / "loop.svg").read_text("utf-8").startswith("<?xml")
