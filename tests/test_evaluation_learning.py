"""Learning by course: hand counts, planted gains and losses, and what the findings say of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import DataError, PrivacyError
from cakra_analysis.evaluation.attrition import score_attrition
from cakra_analysis.evaluation.differences import score_groups
from cakra_analysis.evaluation.effect_sizes import score_paired
from cakra_analysis.evaluation.learning import score_learning
from cakra_analysis.evaluation.learning_findings import (
    find_ceiling,
    find_groups,
    find_learning,
    find_losses,
    find_regression,
    find_retention,
    find_shift,
)
from cakra_analysis.evaluation.pairs import pair_people, pair_tests
from cakra_analysis.evaluation.regression import score_regression
from cakra_analysis.privacy import publish
from cakra_analysis.words import say
from tests.sizes import cases

GAINS = {"C.1": 8.0, "C.2": 0.0, "C.3": 15.0}


def region(seed: int = 1, *, each: int = 60, sessions: int = 4) -> tuple[pd.DataFrame, ...]:
    """Three courses with planted gains, of which a fifth is lost again and a tenth drops out."""
    rng = np.random.default_rng(seed)
    tests, attendance, held = [], [], []
    for course, gain in GAINS.items():
        n = each * 2
        ids = [f"{course}-{i:04}" for i in range(n)]
        trained = np.arange(n) < each
        able = rng.normal(55, 8, n)

        def sit(add, noise=3.0, able=able):
            return np.clip(able + add + rng.normal(0, noise, len(able)), 0, 100)

        scores = {"earlier": sit(0), "pre": sit(0), "post": sit(gain * trained)}
        scores |= {"then": sit(-6.0), "retention": sit(0.8 * gain * trained)}
        dropped = trained & (np.arange(n) % 10 == 9)
        for occasion, score in scores.items():
            sat = ~dropped if occasion in ("post", "then", "retention") else np.ones(n, bool)
            frame = {"staff_id": ids, "course_id": course, "occasion": occasion, "score": score}
            tests.append(pd.DataFrame(frame)[sat])
        codes = [f"{course}-S{i}" for i in range(sessions)]
        place = np.resize(codes, each)
        status = np.where(dropped[:each], "dropped", "completed")
        attendance.append(
            pd.DataFrame({"session_id": place, "staff_id": ids[:each], "status": status})
        )
        held.append(pd.DataFrame({"session_id": codes, "course_id": course, "venue": "V1",
                                  "trainer": [f"T{i}" for i in range(sessions)]}))  # fmt: skip
    return tuple(pd.concat(parts, ignore_index=True) for parts in (tests, attendance, held))


def named(table: pd.DataFrame) -> pd.DataFrame:
    names = table["course_id"]
    return publish(
        table.assign(name_id="Kursus " + names, name_en="Course " + names),
        "results",
        audience="public",
    ).table


def hand() -> tuple[pd.DataFrame, ...]:
    """Twelve people: ten completed, one dropped with a post-test, one absent; two compared."""
    pre = [50, 55, 60, 45, 70, 65, 58, 62, 48, 52, 95, 40, 60, 61]
    post = [68, 70, 72, 60, 80, 79, 70, 75, 66, 65, 96, 41, 62, 60]
    ids = [f"P{i:02}" for i in range(14)]
    rows = [
        (i, o, s)
        for o, scores in (("pre", pre), ("post", post))
        for i, s in zip(ids, scores, strict=True)
    ]
    tests = pd.DataFrame(rows, columns=["staff_id", "occasion", "score"]).assign(course_id="C.1")
    status = ["completed"] * 10 + ["dropped", "absent"]
    attendance = pd.DataFrame({"session_id": "S1", "staff_id": ids[:12], "status": status})
    sessions = pd.DataFrame(
        {"session_id": ["S1"], "course_id": "C.1", "trainer": "T1", "venue": "V1"}
    )
    return tests, attendance, sessions


def test_tests_are_paired() -> None:
    tests, *_ = hand()
    pairs = pair_tests(tests.iloc[:-1])
    assert pairs["gain"].isna().sum() == 1 and len(pairs) == 14
    assert list(pairs.columns) == [
        "staff_id", "course_id", "earlier", "pre", "then", "post", "retention", "gain"
    ]  # fmt: skip
    other = pair_tests(tests, first="post", second="pre")
    assert other["gain"].tolist() == (-pair_tests(tests)["gain"]).tolist()
    assert pair_tests(tests.head(0)).empty
    with pytest.raises(DataError, match="stand twice"):
        pair_tests(pd.concat([tests, tests.head(1)]))
    with pytest.raises(DataError, match='"before"'):
        pair_tests(tests, first="before")


def test_who_came_twice_counts_where_it_was_completed() -> None:
    tests, attendance, sessions = hand()
    again = pd.DataFrame(
        {"session_id": "S0", "staff_id": ["P00", "P11"], "status": ["dropped", "completed"]}
    )
    more = pd.concat([sessions, sessions.assign(session_id="S0", trainer="T0")])
    people = pair_people(tests, pd.concat([attendance, again]), more).set_index("staff_id")
    assert people.loc[["P00", "P11"], "session_id"].tolist() == ["S1", "S0"]
    assert people["status"].value_counts().to_dict() == {
        "completed": 11,
        "dropped": 1,
        "comparison": 2,
    }


def test_learning_by_hand() -> None:
    tests, attendance, sessions = hand()
    table = score_learning(tests, attendance, sessions)
    row = table.iloc[0]
    assert len(table) == 1 and row["n"] == 10 and row["n_started"] == 11
    assert row["matched"] == pytest.approx(10 / 11)
    assert row["value"] == pytest.approx(14.0) and row["g_av"] == pytest.approx(1.80205, abs=5e-6)
    assert row[["low", "high"]].tolist() == pytest.approx([12.153, 15.847], abs=5e-4)
    assert row["gain_class"] == pytest.approx(0.32184, abs=5e-6) and row["category"] == "medium"
    sizes = score_paired(tests["score"][:10], tests["score"][14:24]).set_index("measure")
    assert (
        row[["d_av", "d_av_low", "d_av_high"]].tolist()
        == sizes.loc["d_av", ["value", "low", "high"]].tolist()
    )
    assert row["p_wilcoxon"] == sizes.at["rank_biserial", "p"]
    assert row[["ceiling", "floor", "n_retention", "n_then"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(row["retention"]) and np.isnan(row["then_gain"])


def test_ceiling_and_floor_follow_the_scale() -> None:
    tests, attendance, sessions = hand()
    on_five = tests.assign(score=np.where(tests["staff_id"] < "P03", 4.6, 0.5))
    row = score_learning(on_five, attendance, sessions, high=5.0).iloc[0]
    assert row[["ceiling", "floor"]].tolist() == pytest.approx([0.3, 0.7])
    assert row["d_av"] == 0 and row["value"] == 0


def test_planted_gains_are_recovered() -> None:
    table = score_learning(*region(), resamples=200).set_index("course_id")
    for course, gain in GAINS.items():
        row = table.loc[course]
        assert row["low"] - 0.5 < gain < row["high"] + 0.5
        assert row["retention_low"] - 0.5 < -0.2 * gain < row["retention_high"] + 0.5
        assert row["response_shift_high"] < -4 and row["n_then"] == row["n"] == 54
        assert row["then_gain"] - row["value"] == pytest.approx(-row["response_shift"])
    assert (table["n_started"] == 60).all()


def test_rows_in_another_order_give_the_same() -> None:
    tests, attendance, sessions = region(2)
    whole = score_learning(tests, attendance, sessions, resamples=100)
    other = score_learning(
        tests.sample(frac=1, random_state=1),
        attendance.sample(frac=1, random_state=2),
        sessions.sample(frac=1, random_state=3),
        resamples=100,
    )
    pd.testing.assert_frame_equal(whole, other)


def test_nobody_completed() -> None:
    tests, attendance, sessions = hand()
    table = score_learning(tests, attendance.assign(status="dropped"), sessions)
    assert table.empty and "response_shift_high" in table
    assert score_regression(tests, attendance.assign(status="dropped"), sessions).empty
    assert find_learning(named(table)).key == "evaluation.learning.gain.none"


def chosen(seed: int, n: int = 1200) -> tuple[pd.DataFrame, ...]:
    """The lower half by pre-score is trained, and learns nothing; reliability is 0.8."""
    rng = np.random.default_rng(seed)
    able = rng.normal(55, 8, n)
    scores = {o: able + rng.normal(0, 4, n) for o in ("earlier", "pre", "post")}
    ids = np.array([f"P{i:04}" for i in range(n)])
    low = np.argsort(scores["pre"])[: n // 2]
    tests = pd.concat(
        [pd.DataFrame({"staff_id": ids, "occasion": o, "score": s}) for o, s in scores.items()]
    ).assign(course_id="C.1")
    attendance = pd.DataFrame({"session_id": "S1", "staff_id": ids[low], "status": "completed"})
    sessions = pd.DataFrame(
        {"session_id": ["S1"], "course_id": "C.1", "trainer": "T1", "venue": "V1"}
    )
    return tests, attendance, sessions


def test_what_chance_lifts_is_no_gain() -> None:
    data = chosen(1)
    row = score_regression(*data, reliability=0.8).iloc[0]
    assert row["gain"] > 1 and row["low"] < 0 < row["high"]
    assert row["expected"] == pytest.approx(0.2 * (row["mean_everybody"] - row["mean_pre"]))
    assert score_learning(*data, resamples=100)["low"].item() > 0.5
    told = score_regression(*data).iloc[0]
    # Those compared are the upper half, so their correlation is too low and the rest too small.
    assert (
        told["n_reliability"] == 600 and told["reliability"] < 0.8 and told["value"] < row["value"]
    )
    assert told["high"] - told["low"] > row["high"] - row["low"]


@pytest.mark.slow
def test_interval_of_the_gain_left_covers() -> None:
    rows = [
        score_regression(*chosen(seed, 200), reliability=0.8).iloc[0]
        for seed in range(cases(150, 300))
    ]
    inside = np.mean([row["low"] < 0 < row["high"] for row in rows])
    assert 0.92 < inside < 0.98


def test_regression_needs_somebody_to_compare() -> None:
    tests, attendance, sessions = hand()
    row = score_regression(tests, attendance, sessions).iloc[0]
    assert np.isnan(row["value"]) and row["method"] == "too few" and row["n_reliability"] == 0
    given = score_regression(tests, attendance, sessions, reliability=0.7).iloc[0]
    assert np.isfinite(given["value"]) and given["n"] == 10
    drawn_by_lot = score_regression(*region(3))
    assert drawn_by_lot["expected"].abs().max() < 1 and (drawn_by_lot["n_reliability"] == 60).all()


def said(finding) -> list[str]:
    return [
        say(finding, lang, part, person="ASN")
        for lang in ("id", "en")
        for part in ("title", "head", "text")
    ]


def test_findings_name_the_courses_with_a_gain_and_never_an_effect() -> None:
    table = named(score_learning(*region(), resamples=100))
    found = find_learning(table)
    assert found.key == "evaluation.learning.gain.shown" and found.values["count"] == 2
    assert [n["en"] for n in found.values["names"]] == ["Course C.3", "Course C.1"]
    texts = said(found)
    assert "belum tentu" in texts[2] and "not yet an effect" in texts[5]
    none = find_learning(table.assign(low=-1.0))
    assert none.values["count"] == 0 and len(said(none)) == 6
    one = find_learning(table[table["course_id"] == "C.1"])
    assert one.values["count"] == 1 and len(said(one)) == 6
    assert find_learning(table.assign(value=np.nan)).key == "evaluation.learning.gain.hidden"


def test_ceiling_is_a_warning_above_a_quarter() -> None:
    table = named(score_learning(*region(), resamples=100))
    assert find_ceiling(table).key == "evaluation.learning.ceiling.none"
    high = table.assign(ceiling=[0.3, 0.1, 0.25])
    found = find_ceiling(high)
    assert found.key == "evaluation.learning.ceiling.shown" and found.values["count"] == 1
    assert "30%" in said(found)[5]


def test_retention_and_shift() -> None:
    table = named(score_learning(*region(each=200), resamples=100))
    found = find_retention(table)
    assert found.key == "evaluation.learning.retention.lost"
    assert found.values["name"]["en"] == "Course C.3"
    kept = table.assign(retention_low=-1.0, retention_high=1.0)
    assert find_retention(kept).key == "evaluation.learning.retention.unclear"
    untold = table.assign(retention=np.nan, n_retention=0)
    assert find_retention(untold).key == "evaluation.learning.retention.none"
    assert (
        find_retention(untold.assign(n_retention=4)).key == "evaluation.learning.retention.hidden"
    )
    shift = find_shift(table)
    assert shift.key == "evaluation.learning.shift.over" and shift.values["count"] == 3
    assert "meta" in said(shift)[5] and "meta" in said(shift)[2]
    assert (
        find_shift(table.assign(response_shift_high=1.0)).key == "evaluation.learning.shift.unclear"
    )
    assert (
        find_shift(table.assign(response_shift=np.nan, n_then=0)).key
        == "evaluation.learning.shift.none"
    )
    for found_ in (
        found,
        shift,
        find_retention(kept),
        find_retention(untold.assign(n_retention=4)),
    ):
        assert len(said(found_)) == 6


def test_losses_are_told_against_those_not_trained() -> None:
    table = named(score_attrition(*region(each=200)))
    found = find_losses(table)
    assert found.key == "evaluation.learning.losses.more" and found.values["count"] == 3
    same = table.assign(lost_difference_low=-0.1)
    assert find_losses(same).key == "evaluation.learning.losses.alike"
    alone = table.assign(n_comparison=0, lost_difference=np.nan, lost_difference_low=np.nan)
    assert find_losses(alone).key == "evaluation.learning.losses.alone"
    assert find_losses(table.head(0)).key == "evaluation.learning.losses.none"
    assert find_losses(table.assign(lost=np.nan)).key == "evaluation.learning.losses.hidden"
    apart = find_losses(table.assign(value=-5.0, low=-8.0, high=-2.0))
    assert apart.values["differing"] == 3
    for one in (found, find_losses(same), find_losses(alone), apart):
        assert len(said(one)) == 6


def test_regression_is_told_where_it_eats_the_gain() -> None:
    table = named(score_regression(*chosen(1), reliability=0.8))
    found = find_regression(table)
    assert found.key == "evaluation.learning.regression.gone" and len(said(found)) == 6
    left = find_regression(table.assign(low=0.5))
    assert left.key == "evaluation.learning.regression.left" and len(said(left)) == 6
    by_lot = named(score_regression(*region(3)))
    assert find_regression(by_lot).key == "evaluation.learning.regression.none"


def test_differences_are_told_only_beyond_chance() -> None:
    rng = np.random.default_rng(1)
    venue = np.repeat([f"T{i:02}" for i in range(8)], 60)
    people = pd.DataFrame({"venue": venue, "pre": rng.normal(50, 8, 480)})
    same = people.assign(gain=rng.normal(10, 6, 480))
    better = same.assign(gain=same["gain"] + 10 * (venue == "T03"))
    found = find_groups(
        publish(score_groups(better, by="venue"), "results", audience="public").table, by="venue"
    )
    assert found.key.endswith(("above", "both")) and found.values["above"] == ["T03"]
    assert "T03" in said(found)[5]
    wide = score_groups(better, by="venue").assign(shrunk_low=0.0, shrunk_high=99.0)
    assert find_groups(wide, by="venue").key == "evaluation.differences.spread"
    even = find_groups(score_groups(same, by="venue"), by="venue")
    assert even.key == "evaluation.differences.unclear"
    few = score_groups(same[same["venue"] < "T02"], by="venue")
    assert find_groups(few, by="venue").key == "evaluation.differences.hidden"
    assert find_groups(few.head(0), by="venue").key == "evaluation.differences.none"
    low = score_groups(better, by="venue").assign(shrunk_low=0.0)
    under = find_groups(low.assign(shrunk_high=low["shrunk"] - 1), by="venue")
    assert under.key == "evaluation.differences.below" and under.values["below"][-1] != "T03"
    persons = better.rename(columns={"venue": "trainer"})
    table = score_groups(persons, by="trainer")
    with pytest.raises(PrivacyError, match="column trainer"):
        publish(table, "results", audience="internal")
    unnamed = find_groups(table.drop(columns="trainer"), by="trainer")
    assert unnamed.key == "evaluation.differences.spread" and unnamed.values["above"] == []
    for one in (found, even, under, find_groups(wide, by="venue"), find_groups(few, by="venue")):
        assert len(said(one)) == 6


def test_a_hidden_row_keeps_no_figure() -> None:
    tests, attendance, sessions = hand()
    few = score_learning(tests, attendance.head(4), sessions)
    table = named(few)
    figures = table.select_dtypes("number").columns.drop("level")
    assert table["suppressed"].all() and table[figures].isna().all(axis=None)
    assert pd.isna(table["category"].iloc[0])
