"""Courses from tables to verdicts: who is compared, planted truth, and the region's own effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.evaluation import DESIGNS, measure_effects, summarise
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import DataError
from cakra_analysis.evaluation import (
    add_fewest,
    check_balance,
    check_courses,
    correlate_occasions,
    count_fewest,
    describe_design,
    estimate_courses,
    estimate_effect,
    estimate_service_effect,
    estimate_single_unit,
    estimate_subgroups,
    find_comparison,
    find_gain,
    find_harm,
    find_impact_caveats,
    find_next_step,
    find_reach,
    find_rollout,
    find_subgroups,
    find_verdicts,
    gather_people,
    grade_evidence,
    judge_courses,
    list_covariates,
    name_covariates,
    pair_people,
    score_ikm_by_period,
    score_sides,
    select_tests,
    spread_methods,
    weigh_courses,
)
from cakra_analysis.privacy import publish
from tests.conftest import REGION
from tests.sizes import cases

pytestmark = pytest.mark.slow  # models fitted many times over


@pytest.fixture(scope="session")
def people(region: Dataset) -> pd.DataFrame:
    pairs = pair_people(region["tests"], region["attendance"], region["sessions"])
    return gather_people(pairs, region["staff"], region["units"], region["traits"])


@pytest.fixture(scope="session")
def design(region: Dataset, people: pd.DataFrame) -> pd.DataFrame:
    return describe_design(region["sessions"], people)


@pytest.fixture(scope="session")
def effects(people: pd.DataFrame, design: pd.DataFrame) -> pd.DataFrame:
    return estimate_courses(people, design)


@pytest.fixture(scope="session")
def judged(people, design, effects) -> pd.DataFrame:
    checks, _ = check_courses(people, effects)
    return judge_courses(effects, grade_evidence(design, checks))


TRUTH = pd.read_csv(REGION / "truth" / "effects.csv").set_index("course_id")["effect"]


def test_a_course_held_in_two_cycles_needs_two_codes() -> None:
    """Its tests do not tell which cycle they belong to, so nobody may be guessed untrained."""
    tests = pd.DataFrame({"staff_id": list("ABC"), "course_id": [*"KKL"], "score": 1.0})
    sessions = pd.DataFrame({"session_id": [*"xyz"], "course_id": [*"KLM"], "cycle": "2026"})
    assert len(select_tests(tests, sessions, cycle="2026")) == 3
    assert select_tests(tests, sessions, cycle="2025").empty
    again = pd.concat([sessions, sessions.head(1).assign(session_id="w", cycle="2025")])
    with pytest.raises(DataError, match="K has sessions in the cycles 2025, 2026"):
        select_tests(tests, again, cycle="2026")


def test_a_trait_may_not_take_the_name_of_a_column(region: Dataset) -> None:
    pairs = pair_people(region["tests"], region["attendance"], region["sessions"])
    traits = pd.DataFrame({"staff_id": ["S002"], "trait": "sex", "value": [1.0]})
    with pytest.raises(DataError, match='"sex"'):
        gather_people(pairs, region["staff"], region["units"], traits)


def test_figures_of_two_sides_are_published_by_the_smaller(people, effects) -> None:
    mine = people[people["course_id"] == "C02"]
    few = pd.concat([mine[mine["treated"] & mine["after"].notna()].head(4), mine[~mine["treated"]]])
    assert count_fewest(few).to_dict() == {"C02": 4}
    balance = add_fewest(check_balance(few).assign(course_id="C02"), few)
    shown = publish(balance, "results", audience="internal", counts="fewest").table
    assert shown["suppressed"].all() and shown["mean_trained"].isna().all()
    alone = people[people["course_id"] == "C08"]
    assert count_fewest(people)["C08"] == alone["after"].notna().sum()  # nobody to compare


def test_equal_scores_before_and_no_sessions_stop_nothing(people, design) -> None:
    even = people[people["course_id"] == "C02"].assign(before=60.0)
    even = even[["course_id", "treated", "before", "after", "status"]]
    for method in ("aipw", "weighting", "matching", "ancova"):
        found = estimate_effect(even, method=method)["value"].item()
        plain = estimate_effect(even, method="difference")["value"].item()
        assert found == pytest.approx(plain, abs=1.5 if method != "matching" else 6)
    none = estimate_courses(people.head(0), design.head(0))
    assert none.empty and "d_low" in none
    checks, balance = check_courses(people.head(0), none)
    judged = judge_courses(none, grade_evidence(design.head(0), checks))
    assert judged.empty and balance.empty
    assert find_verdicts(published(judged)).key == "evaluation.verdicts.none"


def test_a_gain_below_the_effect_is_called_so() -> None:
    table = pd.DataFrame({"course_id": ["A", "B"], "gain": [2.0, 5.0], "points": [8.0, 4.9]})
    table = table.assign(points_low=[5.0, 2.0], points_high=[11.0, 8.0], n=50, method="aipw")
    found = find_gain(published(table))
    assert found.key == "evaluation.gain.below" and found.values["name"]["en"] == "A"


def test_people_carry_what_models_need(region: Dataset, people: pd.DataFrame) -> None:
    assert not people.duplicated(["course_id", "staff_id"]).any()
    by_lot = people[people["course_id"] == "C01"]
    assert by_lot["cluster"].eq(by_lot["unit_id"]).all()  # whole offices
    other = people[people["course_id"] == "C02"]
    came = other[other["treated"]]
    assert came["cluster"].eq(came["session_id"]).all()
    assert other.loc[~other["treated"], "cluster"].isna().all()
    assert people.loc[people["status"] == "dropped", "after"].isna().all()
    absent = region["attendance"].query("status == 'absent'")["staff_id"]
    assert len(absent) and not people["status"].eq("absent").any()


def test_a_trait_joins_the_covariates(region: Dataset) -> None:
    pairs = pair_people(region["tests"], region["attendance"], region["sessions"])
    ids = region["staff"]["staff_id"]
    traits = pd.DataFrame({"staff_id": ids, "trait": "age", "value": np.arange(len(ids)) % 40})
    people = gather_people(pairs, region["staff"], region["units"], traits)
    mine = people[people["course_id"] == "C02"]
    assert list_covariates(mine, traits=("age",))[:2] == ["earlier", "age"]
    assert len(list_covariates(mine.head(20), traits=("age",))) <= 1


def test_every_sound_verdict_of_the_region_is_the_planted_one(judged: pd.DataFrame) -> None:
    found = judged.set_index("course_id")
    assert found.loc["C08", ["verdict", "grade"]].tolist() == ["cannot_tell", "D"]
    works = found[found["verdict"] == "works"].index
    assert len(works) >= 2 and (TRUTH[works] > 2).all()
    assert found.loc["C04", "verdict"] != "works"
    assert found.loc["C07", "verdict"] == "harmful" and TRUTH["C07"] < -4


def test_intervals_of_the_region_hold_the_planted_effects(effects: pd.DataFrame) -> None:
    deciding = effects[effects["decides"] & effects["low"].notna()].set_index("course_id")
    truth = TRUTH[deciding.index]
    inside = (deciding["low"] <= truth) & (truth <= deciding["high"])
    assert inside.sum() >= 6
    naive = effects[effects["method"] == "naive"].set_index("course_id")["value"]
    assert naive["C02"] > TRUTH["C02"] + 2  # picked for low scores: what a bare gain hides


def test_methods_stand_side_by_side(effects: pd.DataFrame) -> None:
    wide = spread_methods(effects).set_index("course_id")
    assert wide.loc["C01", "decides"] == "ancova" and wide.loc["C02", "decides"] == "aipw"
    assert wide.loc["C08", ["did", "aipw"]].isna().all()


def test_sides_are_means_of_those_with_both_scores(people: pd.DataFrame) -> None:
    sides = score_sides(people).set_index(["course_id", "group"])
    mine = people.query("course_id == 'C03' and treated and after.notna()")
    assert sides.loc[("C03", "trained"), "after"] == pytest.approx(mine["after"].mean())
    assert sides.loc[("C03", "trained"), "n"] == len(mine)
    assert ("C08", "comparison") not in sides.index


def test_scores_are_steady_as_planted(people: pd.DataFrame) -> None:
    assert correlate_occasions(people) == pytest.approx(0.8, abs=0.08)
    assert correlate_occasions(people.head(3)) == 0.5


def test_a_group_that_gains_more_is_found_and_noise_is_not() -> None:
    rng = np.random.default_rng(0)
    n = 400
    people = pd.DataFrame(
        {"course_id": "C", "treated": rng.random(n) < 0.5, "before": rng.normal(60, 8, n)}
        | {"sex": rng.choice(["female", "male"], n), "branch": rng.choice(list("ABCDE"), n)}
    )
    noise = rng.normal(0, 5, n)
    even = people.assign(after=people["before"] + 3 * people["treated"] + noise)
    assert not estimate_subgroups(even)["differs"].any()
    more = 8 * (people["treated"] & (people["sex"] == "female"))
    found = estimate_subgroups(even.assign(after=even["after"] + more))
    assert set(found.loc[found["differs"], "variable"]) == {"sex"}
    assert found["p_adjusted"].ge(found["p"]).all()


def test_service_rises_where_it_was_planted(region: Dataset) -> None:
    series = score_ikm_by_period(region["service_answers"])
    rollout = find_rollout(series, region["attendance"], region["sessions"], region["staff"])
    assert rollout["course_id"].unique().tolist() == ["C01"]
    found = estimate_service_effect(series, rollout).set_index("kind").loc["overall"]
    assert found["low"] < 0.16 * 25 * 0.9 and found["low"] > 0  # 4 points, after two months
    assert estimate_service_effect(series, rollout.head(0)).empty


def test_one_unit_alone_gets_a_series_of_its_own(region: Dataset) -> None:
    answers = region["service_answers"]
    series = score_ikm_by_period(answers[answers["unit_id"] == "OPD-3"])
    args = (region["attendance"], region["sessions"], region["staff"])
    alone = estimate_single_unit(series, find_rollout(series, *args))
    assert alone["effect"].tolist() == ["level", "slope", "before"]
    assert alone["low"].notna().all()
    whole = score_ikm_by_period(answers)
    assert estimate_single_unit(whole, find_rollout(whole, *args)).empty


def test_gains_weighted_for_who_left_stand_beside_the_plain_ones(people) -> None:
    table = weigh_courses(people).set_index("course_id")
    gains = people[people["treated"]].assign(gain=lambda p: p["after"] - p["before"])
    plain = gains.groupby("course_id")["gain"].mean()
    assert table["gain"].tolist() == pytest.approx(plain.tolist())
    told = table.dropna()
    assert len(told) >= 3 and (told["weighted"] - told["gain"]).abs().max() < 3


def published(table: pd.DataFrame) -> pd.DataFrame:
    names = {"name_id": table["course_id"], "name_en": table["course_id"]}
    return publish(table.assign(**names), "results", audience="leadership").table


def test_findings_follow_the_tables(region, people, design, effects, judged) -> None:
    table = published(judged)
    verdicts = find_verdicts(table)
    assert verdicts.key == "evaluation.verdicts.works"
    assert verdicts.values["count"] == (judged["verdict"] == "works").sum()
    assert find_harm(table).key in ("evaluation.harm.both", "evaluation.harm.harmful")
    assert find_gain(table).key == "evaluation.gain.above"
    checks, balance = check_courses(people, effects)
    named = name_covariates(balance, region["units"])
    assert named["name_id"].str.contains("=").sum() == 0
    compared = find_comparison(
        published(checks), publish(named, "results", audience="leadership").table
    )
    assert compared.key == "evaluation.comparison.apart"  # C04 took the weakest of all
    assert find_subgroups(published(estimate_subgroups(people))).key.startswith(
        "evaluation.subgroups."
    )
    assert compared.values["limit"] == 0.1
    known = published(checks.merge(design.drop(columns="n"), on="course_id"))
    keys = [f.key for f in find_impact_caveats(known, table)]
    assert keys == [
        "caveat.unmeasured",
        "caveat.no_comparison",
        "caveat.lost",
        "caveat.scale",
    ]
    assert {f.key.rsplit(".")[-1] for f in find_next_step(table)} == set(judged["verdict"])


@pytest.mark.parametrize(
    ("verdicts", "key"),
    [
        (["works", "harmful"], "works"),
        (["harmful", "promising"], "harmful"),
        (["promising", "no_sign"], "promising"),
        (["no_sign", "cannot_tell"], "nothing"),
        (["cannot_tell", "cannot_tell"], "untold"),
    ],
)
def test_the_headline_names_the_best_verdict_unless_one_does_harm(
    verdicts: list[str], key: str
) -> None:
    table = pd.DataFrame({"course_id": ["A", "B"], "verdict": verdicts, "value": [0.5, 0.1]})
    table = table.assign(points=1.0, points_low=0.0, points_high=2.0, n=50.0, method="aipw")
    assert find_verdicts(published(table)).key == f"evaluation.verdicts.{key}"
    assert find_verdicts(published(table.assign(n=2.0))).key == "evaluation.verdicts.hidden"
    assert find_verdicts(published(table.head(0))).key == "evaluation.verdicts.none"


def test_a_suppressed_course_tells_neither_verdict_nor_grade(judged: pd.DataFrame) -> None:
    table = published(judged.assign(n=np.where(judged["course_id"] == "C01", 4, judged["n"])))
    row = table.set_index("course_id").loc["C01"]
    assert row[["verdict", "grade", "reason", "value", "gain"]].isna().all()


def test_reach_without_figures_says_nobody() -> None:
    found = find_reach(pd.DataFrame({"n": [np.nan], "courses": [np.nan]}))
    assert found.values == {"people": "–", "sessions": "–"}


@pytest.mark.slow
def test_planted_effects_are_found_and_null_courses_are_not_called_working() -> None:
    """A small version of ``python -m benchmarks evaluation``; the limits allow for its size."""
    runs = cases(5, 25)
    results = measure_effects(range(runs), designs=DESIGNS[:3], methods=("naive", "ancova", "aipw"))
    table = summarise(results).set_index(["design", "planted", "method"])
    deciding = results[results["decides"]]
    for design in DESIGNS[:3]:
        method = "ancova" if design.assignment == "lot" else "aipw"
        row = table.loc[(design.name, 7.0, method)]
        assert abs(row["bias"]) < 3.3 * row["spread"] / np.sqrt(runs)
        assert row["covered"] >= 0.84
        assert table.loc[(design.name, 0.0, method), "covered"] >= 0.84
    assert table.loc[("the weak sent", 0.0, "naive"), "bias"] > 2.5
    assert table.loc[("the weak sent", 0.0, "naive"), "covered"] < 0.6
    assert deciding["alarm"].mean() < 0.11
    null = deciding[deciding["planted"] == 0]
    assert (null["verdict"] == "works").mean() <= 0.05
    assert (deciding.loc[deciding["planted"] == 7, "verdict"].isin(["works", "promising"])).all()
