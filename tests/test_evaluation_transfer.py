"""Behaviour before and after, its window, support and barriers, and what may be said of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.ptia import score_ptia
from cakra_analysis.evaluation.reaction_findings import (
    find_reaction_items,
    find_reaction_reliability,
    find_reactions,
    find_recommend,
)
from cakra_analysis.evaluation.support import count_barriers, find_blocking, score_support
from cakra_analysis.evaluation.support_findings import find_barriers, find_blocked, find_support
from cakra_analysis.evaluation.transfer import (
    BEHAVIOUR,
    find_alumni,
    score_behaviour,
    score_source_gap,
)
from cakra_analysis.evaluation.transfer_findings import (
    find_behaviour,
    find_ptia,
    find_source_gap,
    find_transfer_caveats,
    find_window,
)
from cakra_analysis.evaluation.transfer_window import check_window
from cakra_analysis.names import add_names
from cakra_analysis.privacy import publish
from cakra_analysis.words import say

COURSES = pd.DataFrame(
    {
        "course_id": ["C", "D"],
        "name_id": ["Pelayanan prima", "Kepemimpinan"],
        "name_en": ["Service", "Leadership"],
        "kind": ["technical", "managerial"],
    }
)
SESSIONS = pd.DataFrame(
    {"session_id": ["C1", "D1"], "course_id": ["C", "D"], "end": ["2026-01-31", "2026-01-31"]}
)
QUESTIONS = pd.DataFrame(
    {
        "question_id": ["S.1", "S.2", "B.1", "B.2", "B.3"],
        "block": ["support"] * 2 + ["transfer_barrier"] * 3,
        "name_id": ["Atasan membantu", "Rekan membantu", "Sarana kurang", "Tak sempat", "Lupa"],
        "name_en": ["Supervisor helps", "Colleagues help", "No tools", "No time", "Forgot"],
    }
)


def attend(ids: list[str], session: str = "C1", status: str = "completed") -> pd.DataFrame:
    return pd.DataFrame({"session_id": session, "staff_id": ids, "status": status})


def rate(staff: str, before: int, after: int, **columns) -> pd.DataFrame:
    fixed = {"staff_id": staff, "course_id": "C", "source": "self", "rater": None}
    fixed |= {"aspect": "application", "date": "2026-06-01"} | columns
    rows = pd.DataFrame({"occasion": ["before", "after"], "level": [before, after]})
    return rows.assign(**fixed)


def simulate(people: int, seed: int, *, effect: float = 0.6, courses: str = "CD"):
    """Transfer of self and supervisor, supervisors seeing 0.3 less; attendance."""
    rng = np.random.default_rng(seed)
    rows, came = [], []
    for course in courses:
        ids = [f"{course}{i:04}" for i in range(people)]
        came.append(attend(ids, f"{course}1"))
        for source, less in (("self", 0.0), ("supervisor", 0.3)):
            shape = (people, len(BEHAVIOUR))
            before = rng.integers(1, 3, size=shape)
            after = before + (rng.random(shape) < effect - less)
            for j, aspect in enumerate(BEHAVIOUR):
                for occasion, level in (("before", before[:, j]), ("after", after[:, j])):
                    block = {"staff_id": ids, "level": level, "aspect": aspect}
                    block |= {"occasion": occasion, "source": source, "course_id": course}
                    block |= {"rater": None, "date": "2026-06-01"}
                    rows.append(pd.DataFrame(block))
    return pd.concat(rows, ignore_index=True), pd.concat(came, ignore_index=True)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    return publish(table, "results", audience="internal").table


def names(table: pd.DataFrame) -> pd.DataFrame:
    return shown(add_names(table, items=COURSES))


def test_change_by_hand() -> None:
    rows = [rate("A", 1, 3), rate("B", 2, 2), rate("C", 2, 3), rate("D", 1, 4)]
    transfer = pd.concat(rows, ignore_index=True)
    attendance = pd.concat([attend(list("ABCE")), attend(["D"], status="dropped")])
    row = score_behaviour(transfer, SESSIONS, attendance).set_index("aspect").loc["application"]
    wanted = stats.ttest_1samp([2, 0, 1], 0).confidence_interval(0.95)
    assert row[["before", "after", "value"]].tolist() == pytest.approx([5 / 3, 8 / 3, 1])
    assert row[["low", "high"]].tolist() == pytest.approx([wanted.low, wanted.high])
    assert row[["n", "raters", "completers", "answered"]].tolist() == [3, 3, 4, 0.75]


def test_raters_of_an_alumnus_count_as_one() -> None:
    peers = [rate("A", 1, d, source="peer", rater=f"R{d}") for d in (1, 3)]
    other = rate("B", 1, 2, source="peer", rater="R1")
    transfer = pd.concat([*peers, other], ignore_index=True)
    row = score_behaviour(transfer, SESSIONS, attend(["A", "B"])).iloc[0]
    assert row["aspect"] == "all" and row["value"] == 1
    assert row[["n", "raters"]].tolist() == [2, 2] and row["method"] == "no variance"


def test_the_result_is_not_part_of_behaviour() -> None:
    parts = [rate("A", 1, 2), rate("A", 1, 4, aspect="result"), rate("B", 1, 3)]
    transfer = pd.concat(parts, ignore_index=True)
    table = score_behaviour(transfer, SESSIONS, attend(["A", "B"])).set_index("aspect")["value"]
    assert table.to_dict() == {"all": 1.5, "application": 1.5, "result": 3.0}


@pytest.mark.slow
def test_without_a_before_there_is_no_change() -> None:
    transfer = pd.concat([rate("A", 1, 2), rate("B", 1, 3), rate("C", 1, 4).iloc[[1]]])
    row = score_behaviour(transfer, SESSIONS, attend(list("ABC"))).iloc[0]
    assert row["n"] == 2 and row["answered"] == pytest.approx(2 / 3)
    with pytest.raises(DataError, match="from 1 to 4"):
        score_behaviour(rate("A", 0, 5), SESSIONS, attend(["A"]))
    assert score_behaviour(transfer.head(0), SESSIONS, attend(["A"])).empty


def test_order_and_shift_change_nothing() -> None:
    transfer, attendance = simulate(40, 3)
    one = score_behaviour(transfer, SESSIONS, attendance)
    up = transfer.assign(level=transfer["level"] + 1).sample(frac=1, random_state=1)
    two = score_behaviour(up, SESSIONS, attendance)
    same = ["course_id", "source", "aspect", "value", "low", "high", "n", "answered"]
    pd.testing.assert_frame_equal(one[same], two[same])
    assert (two["after"] - one["after"]).tolist() == pytest.approx([1] * len(one))


def test_planted_change_and_difference_of_sources_are_recovered() -> None:
    transfer, attendance = simulate(400, 5)
    table = score_behaviour(transfer, SESSIONS, attendance).query("aspect == 'all'")
    truth = table["source"].map({"self": 0.6, "supervisor": 0.3})
    assert ((table["low"] <= truth) & (truth <= table["high"])).sum() >= 3
    gaps = score_source_gap(transfer, SESSIONS, attendance)
    assert gaps["value"].tolist() == pytest.approx([0.3, 0.3], abs=0.06)
    assert (gaps["n"] == 400).all()


def test_the_last_completed_session_counts() -> None:
    sessions = pd.DataFrame(
        {"session_id": ["C1", "C2"], "course_id": "C", "end": ["2026-01-31", "2026-06-30"]}
    )
    twice = pd.concat([attend(["A"], "C1"), attend(["A"], "C2")])
    assert find_alumni(sessions, twice)["session_id"].tolist() == ["C2"]
    dropped = pd.concat([attend(["A"], "C1"), attend(["A"], "C2", "dropped")])
    assert find_alumni(sessions, dropped)["session_id"].tolist() == ["C1"]


@pytest.mark.parametrize(
    ("date", "technical", "managerial"),
    [
        ("2026-04-29", "early", "early"),
        ("2026-04-30", "value", "early"),  # three months after 31 January is 30 April
        ("2026-07-30", "value", "early"),
        ("2026-07-31", "value", "value"),
        ("2027-01-31", "value", "value"),
        ("2027-02-01", "late", "late"),
        (None, "undated", "undated"),
        ("31/04/2026", "undated", "undated"),
    ],
)
def test_the_window_at_its_ends(date, technical: str, managerial: str) -> None:
    transfer = pd.concat([rate("A", 1, 2, date=date), rate("A", 1, 2, date=date, course_id="D")])
    attendance = pd.concat([attend(["A"]), attend(["A"], "D1")])
    table = check_window(transfer, COURSES, SESSIONS, attendance).set_index("course_id")
    assert table.loc["C", technical] == 1 and table.loc["D", managerial] == 1
    shares = table[["value", "early", "late", "undated"]].sum(axis=1)
    assert shares.tolist() == [1, 1] and table["forms"].tolist() == [1, 1]


def test_forms_are_counted_and_not_answers() -> None:
    parts = [rate("A", 1, 2, aspect=a) for a in BEHAVIOUR]
    parts.append(rate("A", 1, 2, source="peer", rater="R", date="2026-02-01"))
    transfer = pd.concat(parts, ignore_index=True)
    row = check_window(transfer, COURSES, SESSIONS, attend(["A"])).iloc[0]
    assert row[["forms", "n", "value", "early"]].tolist() == [2, 1, 0.5, 0.5]
    unknown = COURSES.assign(kind="other")
    with pytest.raises(AnalysisError, match="have no window"):
        check_window(transfer, unknown, SESSIONS, attend(["A"]))
    assert check_window(transfer.head(0), COURSES, SESSIONS, attend(["A"])).empty


def answer(levels: dict[str, list[float]], course: str = "C") -> pd.DataFrame:
    """Answers of as many people as there are levels, by question."""
    rows = pd.DataFrame(levels).rename_axis("i").reset_index()
    long = rows.melt("i", var_name="question_id", value_name="level")
    return long.assign(staff_id="C" + long["i"].map("{:04}".format), course_id=course)


def test_support_by_hand() -> None:
    answers = answer({"S.1": [5, 4, 3, 4], "S.2": [2, 2, np.nan, 1], "B.1": [5, 5, 5, 5]})
    table = score_support(answers, QUESTIONS).set_index("question_id")
    assert table["value"].tolist() == [4, pytest.approx(5 / 3)] and table["n"].tolist() == [4, 3]
    assert table.loc["S.1", ["share_4", "agree_share", "neutral_share"]].tolist() == [
        0.5, 0.75, 0.25,
    ]  # fmt: skip
    with pytest.raises(DataError):
        score_support(answers.assign(level=0), QUESTIONS)
    assert score_support(answers.head(0), QUESTIONS).empty


def test_barriers_are_counted_by_person() -> None:
    one = answer({"B.1": [5, 4, 3, 1], "B.2": [1, 1, 1, 4]})
    two = answer({"B.1": [1, 1, 5, 1]}, course="D")
    table = count_barriers(pd.concat([one, two]), QUESTIONS).set_index("question_id")
    assert table["value"].to_dict() == {"B.1": 0.75, "B.2": 0.25}
    assert table["n"].tolist() == [4, 4]
    wilson = stats.binomtest(3, 4).proportion_ci(0.95, method="wilson")
    assert table.loc["B.1", ["low", "high"]].tolist() == pytest.approx([wilson.low, wilson.high])
    by_course = count_barriers(pd.concat([one, two]), QUESTIONS, by="course_id")
    assert by_course["course_id"].tolist() == ["C", "C", "D"]
    assert count_barriers(one.head(0), QUESTIONS).empty


def plant(people: int, seed: int, weight: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who names B.1 changes less by ``weight``; B.2 goes with nothing."""
    rng = np.random.default_rng(seed)
    named = rng.random((people, 2)) < 0.4
    answers = answer({"B.1": 2 + 3 * named[:, 0], "B.2": 2 + 3 * named[:, 1]})
    change = rng.random((people, len(BEHAVIOUR))) < 0.6 - weight * named[:, [0]]
    ids = sorted(answers["staff_id"].unique())
    parts = []
    for j, aspect in enumerate(BEHAVIOUR):
        for occasion, level in (("before", 2), ("after", 2 + change[:, j].astype(int))):
            block = {"staff_id": ids, "level": level, "occasion": occasion, "aspect": aspect}
            parts.append(pd.DataFrame(block))
    transfer = pd.concat(parts, ignore_index=True)
    return answers, transfer.assign(course_id="C", source="self", rater=None)


@pytest.mark.slow
def test_a_planted_barrier_is_found_and_the_other_is_not() -> None:
    answers, transfer = plant(300, 4, 0.25)
    table = find_blocking(answers, transfer, QUESTIONS).set_index("question_id")
    assert table.loc["B.1", "low"] <= -0.25 <= table.loc["B.1", "high"] < 0
    assert table.loc["B.1", "p_adjusted"] < 0.001 < 0.05 < table.loc["B.2", "p_adjusted"]
    found = find_blocked(shown(table.reset_index()))
    assert found.key == "evaluation.support.blocking.fewer"
    assert [n["en"] for n in found.values["names"]] == ["No tools"]
    assert "belum tentu sebab" in say(found, "id")


@pytest.mark.slow
def test_the_association_in_one_course_is_the_difference_of_means() -> None:
    answers, transfer = plant(60, 9, 0.1)
    row = find_blocking(answers, transfer, QUESTIONS).set_index("question_id").loc["B.1"]
    level = transfer.pivot_table(index="staff_id", columns="occasion", values="level")
    change = level["after"] - level["before"]
    own = answers.query("question_id == 'B.1'").set_index("staff_id")["level"] >= 4
    one, other = change[own[own].index], change[own[~own].index]
    assert row["value"] == pytest.approx(one.mean() - other.mean())
    welch = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert row[["low", "high"]].tolist() == pytest.approx([welch.low, welch.high], abs=0.01)
    assert row["n"] == min(own.sum(), (~own).sum())


@pytest.mark.slow
def test_courses_with_more_change_do_not_make_a_barrier() -> None:
    """In course D everybody names it and changes less; within a course nothing differs."""
    answers, transfer = plant(80, 2, 0.0)
    other = answers.assign(course_id="D", staff_id="D" + answers["staff_id"], level=5)
    lazy = transfer.assign(course_id="D", staff_id="D" + transfer["staff_id"], level=2)
    table = find_blocking(pd.concat([answers, other]), pd.concat([transfer, lazy]), QUESTIONS)
    assert (table["p_adjusted"] > 0.05).all()


@pytest.mark.slow
def test_barriers_that_nobody_or_everybody_names() -> None:
    answers, transfer = plant(30, 1, 0.0)
    everybody = answers.assign(level=answers["level"].mask(answers["question_id"] == "B.1", 5))
    table = find_blocking(everybody, transfer, QUESTIONS).set_index("question_id")
    assert table.loc["B.1", "method"] == "too few" and np.isnan(table.loc["B.1", "value"])
    assert table.loc["B.2", "p_adjusted"] == table.loc["B.2", "p"]
    flat = transfer.assign(level=2)
    table = find_blocking(answers, flat, QUESTIONS)
    assert set(table["method"]) == {"no variance"} and table["value"].isna().all()
    assert find_blocking(answers.head(0), transfer, QUESTIONS).empty


@pytest.mark.parametrize(
    ("effect", "variant", "gap"),
    [(0.6, "both", "higher"), (0.3, "self_only", "higher")],
)
def test_what_is_said_of_behaviour(effect: float, variant: str, gap: str) -> None:
    transfer, attendance = simulate(60, 8, effect=effect)
    if effect == 0.3:  # supervisors see as much going down as up
        theirs = transfer["source"] == "supervisor"
        steps = np.random.default_rng(0).integers(-1, 2, size=len(transfer))
        level = 2 + steps * (transfer["occasion"] == "after")
        transfer["level"] = transfer["level"].mask(theirs, level)
    table = shown(score_behaviour(transfer, SESSIONS, attendance))
    found = find_behaviour(table)
    assert found.key == f"evaluation.transfer.behaviour.{variant}"
    assert found.values["answered"] == 1 and say(found, "id", "title") and say(found, "en")
    gaps = shown(score_source_gap(transfer, SESSIONS, attendance))
    assert find_source_gap(gaps).key == f"evaluation.transfer.gap.{gap}"


def figure(value: float, low: float, high: float, source: str = "self") -> pd.DataFrame:
    row = {"course_id": "C", "source": source, "aspect": "all", "value": value, "low": low}
    row |= {"high": high, "level": 0.95, "n": 30, "completers": 40, "method": "m"}
    return pd.DataFrame([row])


def test_an_interval_with_zero_is_never_called_a_rise() -> None:
    stem = "evaluation.transfer.behaviour"
    assert find_behaviour(figure(0.2, -0.1, 0.5)).key == f"{stem}.unclear"
    assert find_behaviour(figure(0.2, 0.1, 0.3)).key == f"{stem}.observed"
    assert find_behaviour(figure(-0.2, -0.3, -0.1, "peer")).key == f"{stem}.fallen"
    doubtful = pd.concat([figure(0.5, 0.4, 0.6), figure(0.1, -0.1, 0.3, "supervisor")])
    assert find_behaviour(doubtful).key == f"{stem}.self_only"
    alone = pd.concat([figure(0.1, -0.1, 0.3), figure(0.5, 0.4, 0.6, "supervisor")])
    assert find_behaviour(alone).key == f"{stem}.observed"
    assert find_behaviour(figure(np.nan, np.nan, np.nan)).key == f"{stem}.hidden"
    assert find_behaviour(figure(0, 0, 0).head(0)).key == f"{stem}.none"


def test_what_is_said_of_the_window_and_the_score() -> None:
    transfer, attendance = simulate(30, 2)
    window = names(check_window(transfer, COURSES, SESSIONS, attendance))
    found = find_window(window)
    # 1 June is inside for technical courses, too early for managerial ones.
    assert found.key == "evaluation.transfer.window.missed" and found.values["share"] == 0.5
    assert found.values["worst"]["en"] == "Leadership" and "50%" in say(found, "id", "head")
    technical = window[window["course_id"] == "C"]
    assert find_window(technical).key == "evaluation.transfer.window.kept"
    ptia = names(score_ptia(transfer))
    several = find_ptia(ptia)
    assert several.key == "evaluation.transfer.ptia.several" and several.values["total"] == 2
    single = find_ptia(ptia.head(1))
    assert single.key.startswith("evaluation.transfer.ptia.single_")
    for lang in ("id", "en"):
        for part in ("title", "head", "text"):
            assert say(several, lang, part) and say(single, lang, part)
    behaviour = shown(score_behaviour(transfer, SESSIONS, attendance))
    keys = [f.key.rsplit(".", 1)[1] for f in find_transfer_caveats(behaviour, ptia)]
    assert keys == ["looking_back", "mended"]
    assert find_transfer_caveats(behaviour.head(0), ptia.head(0)) == []
    assert find_ptia(ptia.head(0)).key == "evaluation.transfer.ptia.none"
    alone = names(score_ptia(transfer[transfer["staff_id"] < "D0015"]
                             .query("source == 'self' or staff_id < 'C0025'")))  # fmt: skip
    last = find_transfer_caveats(behaviour, alone)[-1]
    assert last.key == "evaluation.transfer.caveat.one_source" and 0 < last.values["share"] < 1


def test_what_is_said_of_support_and_barriers() -> None:
    rng = np.random.default_rng(3)
    high, low = rng.integers(3, 6, 60), rng.integers(1, 4, 60)
    answers = answer({"S.1": high, "S.2": low, "B.1": high, "B.2": low, "B.3": low})
    support = find_support(shown(score_support(answers, QUESTIONS)))
    assert support.key == "evaluation.support.climate.differ"
    assert support.values["worst"]["en"] == "Colleagues help"
    barriers = find_barriers(shown(count_barriers(answers, QUESTIONS)))
    assert barriers.key == "evaluation.support.barriers.differ"
    assert "“Sarana kurang”" in say(barriers, "id", "title")
    same = answer({"S.1": high, "S.2": high[::-1], "B.1": low, "B.2": low[::-1]})
    assert find_support(shown(score_support(same, QUESTIONS))).key.endswith("climate.alike")
    assert find_barriers(shown(count_barriers(same, QUESTIONS))).key.endswith("barriers.alike")
    few = same[same["staff_id"] < "C0003"]
    assert find_barriers(shown(count_barriers(few, QUESTIONS))).key.endswith("barriers.hidden")
    assert find_support(shown(score_support(few, QUESTIONS))).key.endswith("climate.hidden")


def course_figures(values: list[float], half: float) -> pd.DataFrame:
    table = pd.DataFrame({"course_id": ["C", "D"][: len(values)], "value": values, "n": 30})
    table = table.assign(low=table["value"] - half, high=table["value"] + half, level=0.95)
    return add_names(table.assign(method="m", question_id="R.1"), items=COURSES)


def test_what_is_said_of_reactions() -> None:
    apart, close = course_figures([4.5, 3.2], 0.2), course_figures([4.0, 3.9], 0.2)
    assert find_reactions(apart).key == "evaluation.reaction.courses.differ"
    assert find_reactions(close).key == "evaluation.reaction.courses.alike"
    assert find_reactions(close.head(1)).key == "evaluation.reaction.courses.single"
    hidden = close.assign(value=np.nan, low=np.nan, high=np.nan)
    assert find_reactions(hidden).key == "evaluation.reaction.courses.hidden"
    said = say(find_reactions(apart), "id", "title")
    assert (
        said == "Reaksi rata-rata tertinggi untuk “Pelayanan prima”, terendah untuk “Kepemimpinan”"
    )
    items = apart.assign(question_id=["R.1", "R.2"])
    assert find_reaction_items(items).key == "evaluation.reaction.items.differ"
    assert find_reaction_items(items.head(1)).key == "evaluation.reaction.items.hidden"
    for score, kind in ((30.0, "more"), (-30.0, "fewer"), (3.0, "unclear")):
        found = find_recommend(course_figures([score, score], 10.0))
        assert found.key == f"evaluation.reaction.recommend.{kind}"
        assert found.values["n"] == 60 and say(found, "en")
    assert find_recommend(hidden).key == "evaluation.reaction.recommend.hidden"
    alpha = course_figures([0.85, 0.6], 0.1)
    assert find_reaction_reliability(alpha).key == "evaluation.reaction.reliability.weak"
    assert find_reaction_reliability(alpha.head(1)).key == "evaluation.reaction.reliability.good"


@pytest.mark.slow
def test_a_large_region_takes_seconds() -> None:
    import time

    transfer, attendance = simulate(3000, 1)
    start = time.process_time()
    score_behaviour(transfer, SESSIONS, attendance)
    score_source_gap(transfer, SESSIONS, attendance)
    check_window(transfer, COURSES, SESSIONS, attendance)
    score_ptia(transfer)
    assert time.process_time() - start < 8
