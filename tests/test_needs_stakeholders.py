"""Stakeholders: numbers made by R and by hand, properties, and a planted bias that raking removes.

The CSVs in ``goldens/stakeholders_*.csv`` are made by ``goldens/stakeholders.R``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.sample import compare_sample, required_sample, slovin
from cakra_analysis.needs.stakeholders import (
    combine_groups,
    place_importance,
    score_concordance,
    score_groups,
)
from cakra_analysis.needs.weighting import compare_margins, rake_weights, score_weights
from cakra_analysis.synthetic.voices import make_stakeholders
from tests.sizes import cases

GOLDENS = Path(__file__).parent / "goldens"
SIDES = ("importance", "performance")


def golden(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDENS / f"stakeholders_{name}.csv")


def people_like(**counts: int) -> pd.DataFrame:
    """Respondents by sex, ``untold`` for those who did not say it."""
    sex = [None if s == "untold" else s for s, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"stakeholder_id": [f"P{i}" for i in range(len(sex))], "sex": sex})


def margins_like(variable: str = "sex", **people: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"variable": variable, "category": list(people), "population": list(people.values())}
    )


def gap_table(**gaps: list[float]) -> pd.DataFrame:
    rows = [(g, f"K.{i}", "gap", v) for g, values in gaps.items() for i, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["group", "competency_id", "measure", "value"])


def answers_of(**groups: list[tuple[float | None, float | None]]) -> tuple:
    """One competency; a (importance, performance) pair for each respondent of each group."""
    rows = [(f"{g}{i}", g, *pair) for g, pairs in groups.items() for i, pair in enumerate(pairs)]
    table = pd.DataFrame(rows, columns=["stakeholder_id", "group", "importance", "performance"])
    return table.drop(columns="group").assign(competency_id="K.1"), table.iloc[:, :2]


@pytest.fixture(scope="module")
def region() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    people, answers, margins = make_stakeholders(600, "2026", np.random.default_rng(5))
    return people, answers, margins, rake_weights(people[people["group"] == "public"], margins)


# Numbers of others


def test_raking_is_surveys_rake() -> None:
    people, margins = golden("people"), golden("margins")
    weights = rake_weights(people, margins, trim=np.inf)
    assert weights["weight"].to_numpy() == pytest.approx(people["weight"].to_numpy(), abs=1e-6)


def test_trimmed_raking_is_surveys_calibrate_with_bounds() -> None:
    people = golden("people")
    weight = rake_weights(people, golden("margins"))["weight"]
    assert weight.to_numpy() == pytest.approx(people["trimmed"].to_numpy(), abs=1e-6)
    assert (weight > weight.max() - 1e-9).sum() > 10  # the limit did cut


def test_means_and_standard_errors_are_svymeans() -> None:
    people, expected = golden("people"), golden("means").set_index("measure")
    answers = people[["stakeholder_id", "importance", "performance"]].assign(competency_id="K.1")
    weights = people[["stakeholder_id", "weight"]]
    table = score_groups(answers, people.assign(group="public"), weights).set_index("measure")
    for column in ("value", "standard_error", "low", "high"):
        found = table[column].loc[expected.index].to_numpy()
        assert found == pytest.approx(expected[column].to_numpy(), abs=1e-6), column
    # R can also carry the raking into the variance: less where age tells the answer.
    raked = expected["standard_error_raked"]
    assert raked["performance"] < 0.95 * table["standard_error"]["performance"]
    assert raked["importance"] == pytest.approx(table["standard_error"]["importance"], rel=0.03)


@pytest.mark.parametrize(("row", "column"), [(0, "continuous"), (1, "tied")])
def test_concordance_is_friedmans_test(row: int, column: str) -> None:
    expected = golden("concordance").iloc[row]
    gaps = golden("rankings").assign(measure="gap").rename(columns={column: "value"})
    table = score_concordance(gaps)
    assert table.loc[0, ["value", "chi_square", "p_value"]].tolist() == pytest.approx(
        expected[["w", "chi_square", "p_value"]].tolist(), abs=1e-6
    )
    pairs = table.iloc[1:]
    names = pairs["group_a"] + "_" + pairs["group_b"]
    assert pairs["value"].tolist() == pytest.approx(expected[names].tolist(), abs=1e-6)
    assert (table["m"] == 3).all() and (table["k"] == 9).all()


def test_required_sample_is_krejcie_and_morgans() -> None:
    printed = {10: 10, 15: 14, 20: 19, 30: 28, 50: 44, 60: 52, 100: 80, 150: 108, 200: 132}
    printed |= {250: 152, 300: 169, 400: 196, 500: 217, 600: 234, 800: 260, 1000: 278, 1500: 306}
    printed |= {2000: 322, 3000: 341, 5580: 359, 6000: 361, 65000: 382, 1e9: 384}
    assert {n: required_sample(n) for n in printed} == printed
    assert [required_sample(n, rounding="ceil") for n in (450, 1, 0)] == [208, 1, 0]
    assert required_sample(np.inf) == 384 and required_sample(np.inf, margin=0.1) == 96
    assert [slovin(n) for n in (450, 6000, 65000, np.inf)] == [212, 375, 398, 400]


# By hand


def test_weights_by_hand() -> None:
    weights = rake_weights(people_like(female=2, male=6), margins_like(female=60, male=40))
    assert weights["weight"].tolist() == pytest.approx([2.4] * 2 + [0.4 / 0.75] * 6)
    facts = score_weights(weights).iloc[0]
    assert facts["design_effect"] == pytest.approx(1 + weights["weight"].var(ddof=0))
    assert facts["effective_n"] == pytest.approx(8 / facts["design_effect"])
    assert facts[["smallest", "largest"]].tolist() == pytest.approx([0.4 / 0.75, 2.4])


def test_concordance_by_hand() -> None:
    same = score_concordance(gap_table(a=[3, 1, 2], b=[30, 10, 20], c=[0.3, 0.1, 0.2]))
    assert same["value"].tolist() == pytest.approx([1, 1, 1, 1])
    opposed = score_concordance(gap_table(a=[1, 2, 3], b=[3, 2, 1]))
    assert opposed["value"].tolist() == pytest.approx([0, -1])
    # Ranks 3 2 1 and 2.5 2.5 1: S = 6.5, T = 6.
    tied = score_concordance(gap_table(a=[1, 2, 3], b=[1, 1 + 1e-13, 3]))
    assert tied["value"][0] == pytest.approx(12 * 6.5 / (4 * 24 - 2 * 6))
    both = score_concordance(gap_table(a=[1, 1, 3], b=[2, 2, 9]))
    assert both["value"].tolist() == pytest.approx([1, 1])


def test_means_and_gap_by_hand() -> None:
    answers, people = answers_of(public=[(5, 2), (4, 2), (3, None)], private=[(4, 4)])
    weights = pd.DataFrame(
        {"stakeholder_id": ["public0", "public1", "public2"], "weight": [2, 1, 1]}
    )
    table = score_groups(answers, people, weights).set_index(["group", "measure"])
    assert table["value"].to_dict() == pytest.approx(
        {
            ("private", "gap"): 0,
            ("private", "importance"): 4,
            ("private", "performance"): 4,
            ("public", "gap"): 17 / 4 - 2,
            ("public", "importance"): 17 / 4,
            ("public", "performance"): 2,
        }
    )
    assert table.loc[("public", "gap"), ["n", "effective_n"]].tolist() == [2, 9 / 5]
    pulls = np.array([2 * 0.75, -0.25, -1.25]) / 4
    error = np.sqrt(3 / 2 * (pulls**2).sum())
    assert table.loc[("public", "importance"), "standard_error"] == pytest.approx(error)
    # One answer, or all alike: nobody knows how sure that is.
    unsure = [("private", "gap"), ("private", "importance"), ("public", "performance")]
    assert table.loc[unsure, ["low", "high"]].isna().all(axis=None)


def test_ties_are_ties_whatever_the_binary_rounding() -> None:
    pairs = {"K.1": [(5, 4), (4, 3), (4, 3)], "K.2": [(4, 3), (3, 2), (5, 4)], "K.3": [(5, 1)] * 3}
    rows = [(f"P{i}", k, *p) for k, values in pairs.items() for i, p in enumerate(values)]
    columns = ["stakeholder_id", "competency_id", "importance", "performance"]
    people = pd.DataFrame({"stakeholder_id": ["P0", "P1", "P2"], "group": "academia"})
    table = score_groups(pd.DataFrame(rows, columns=columns), people)
    gaps = table[table["measure"] == "gap"]
    assert gaps["value"][gaps.index[0]] != gaps["value"][gaps.index[1]]  # 13/3 - 10/3 and 4 - 3
    assert gaps["rank"].tolist() == [2.5, 2.5, 1]


def test_groups_combine_by_declared_weights_by_hand() -> None:
    groups = gap_table(public=[4.0, 1.0], private=[2.0])
    facts = {"standard_error": [0.2, 0.3, 0.1], "df": [10, 10, 4], "n": [11, 11, 5]}
    groups = groups.assign(**facts, effective_n=groups["value"] * 0 + 5, level=0.9)
    table = combine_groups(groups, weights={"public": 3, "private": 1, "academia": 1})
    first, second = table.iloc[0], table.iloc[1]
    variance = 0.75**2 * 0.04 + 0.25**2 * 0.01
    assert first[["value", "n", "n_groups", "rank"]].tolist() == [3.5, 16, 2, 1]
    assert first["standard_error"] == pytest.approx(np.sqrt(variance))
    parts = (0.75**2 * 0.04) ** 2 / 10 + (0.25**2 * 0.01) ** 2 / 4
    assert first["df"] == pytest.approx(variance**2 / parts)
    assert first["low"] < 3.5 < first["high"] and first["level"] == 0.9
    assert second[["value", "n_groups"]].tolist() == [1, 1]
    assert combine_groups(groups, weights={"public": 0, "private": 1})["value"].tolist() == [2]


def test_importance_is_placed_by_hand() -> None:
    # A value on a line counts as high; the means are 3.5 and 3.
    cells = {"a": (3, 3), "b": (4, 2.5), "c": (3.5, 3 - 1e-13), "d": (3.5, 3.5)}
    rows = [(k, m, v) for k, pair in cells.items() for m, v in zip(SIDES, pair, strict=True)]
    scores = pd.DataFrame(rows, columns=["competency_id", "measure", "value"])
    table = place_importance(scores)
    assert table["quadrant_scale"].tolist() == ["keep up", "concentrate", "keep up", "keep up"]
    assert table["quadrant_data"].tolist() == ["overkill", "concentrate", "keep up", "keep up"]
    assert table["changes"].tolist() == [True, False, False, False]
    assert table["above_diagonal"].tolist() == [False, True, True, False]
    low = place_importance(scores, scale_middle=5)["quadrant_scale"]
    assert (low == "low priority").all()
    twice = pd.concat(
        [scores.assign(group="x"), scores.assign(group="y", value=scores["value"] + 1)]
    )
    by_group = place_importance(twice).groupby("group")["middle_importance"].first()
    assert by_group.tolist() == [3.5, 4.5]


def test_sample_needed_against_what_came() -> None:
    people = pd.DataFrame({"group": ["public"] * 100 + ["private"] * 20})
    people["stakeholder_id"] = [f"P{i}" for i in range(120)]
    weights = pd.DataFrame({"stakeholder_id": people["stakeholder_id"][:100], "weight": 1.0})
    weights.loc[:49, "weight"] = 3.0
    population = {"public": 1000, "academia": 12}
    table = compare_sample(people, population, weights=weights).set_index("group")
    assert table["n"].to_dict() == {"academia": 0, "private": 20, "public": 100}
    assert table["required"].to_dict() == pytest.approx(
        {"academia": 12, "private": np.nan, "public": 278}, nan_ok=True
    )
    assert table.loc["public", ["effective_n", "short"]].tolist() == pytest.approx([80, 198])
    reached = 1.96 * np.sqrt(0.25 / 80 * 920 / 999)
    assert table.loc["public", "margin_reached"] == pytest.approx(reached, rel=1e-4)
    assert table.loc["private", "margin_reached"] == pytest.approx(0.98 / np.sqrt(20), rel=1e-4)
    assert np.isnan(table.loc["academia", "margin_reached"])


# Properties


def test_order_and_labels_change_nothing(region) -> None:
    people, answers, margins, weights = region
    table = score_groups(answers, people, weights)
    code = dict(zip(people["stakeholder_id"], people["stakeholder_id"].sample(frac=1), strict=True))
    renamed = [
        t.assign(stakeholder_id=t["stakeholder_id"].map(code)).sample(frac=1, random_state=1)
        for t in (people, answers)
    ]
    public = renamed[0][renamed[0]["group"] == "public"]
    again = rake_weights(public, margins.sample(frac=1, random_state=2))
    expected = weights.assign(stakeholder_id=weights["stakeholder_id"].map(code))
    pd.testing.assert_frame_equal(
        again.sort_values("stakeholder_id", ignore_index=True),
        expected.sort_values("stakeholder_id", ignore_index=True),
        rtol=1e-7,
    )
    shuffled = score_groups(renamed[1], renamed[0], again)
    pd.testing.assert_frame_equal(shuffled, table, rtol=1e-7)
    for step in (combine_groups, score_concordance, place_importance):
        pd.testing.assert_frame_equal(
            step(table.sample(frac=1, random_state=3)), step(table), rtol=1e-9
        )


def test_everybody_twice_changes_no_mean(region) -> None:
    people, answers, margins, weights = region
    twins = [
        pd.concat([t, t.assign(stakeholder_id=t["stakeholder_id"] + "b")], ignore_index=True)
        for t in (people, answers)
    ]
    double = rake_weights(twins[0][twins[0]["group"] == "public"], margins)
    assert double["weight"].to_numpy() == pytest.approx(np.tile(weights["weight"], 2), abs=1e-7)
    once, twice = score_groups(answers, people, weights), score_groups(twins[1], twins[0], double)
    assert twice["value"].to_numpy() == pytest.approx(once["value"].to_numpy(), abs=1e-7)
    assert (twice["n"] == 2 * once["n"]).all() and (twice["high"] < once["high"]).all()


def test_a_group_twice_does_not_outweigh_the_others(region) -> None:
    people, answers, _, weights = region
    extra = people[people["group"] == "private"]
    more = answers[answers["stakeholder_id"].isin(extra["stakeholder_id"])]
    people = pd.concat([people, extra.assign(stakeholder_id=extra["stakeholder_id"] + "b")])
    longer = pd.concat([answers, more.assign(stakeholder_id=more["stakeholder_id"] + "b")])
    once = combine_groups(score_groups(answers, region[0], weights))
    twice = combine_groups(score_groups(longer, people, weights))
    assert twice["value"].to_numpy() == pytest.approx(once["value"].to_numpy(), abs=1e-12)
    assert (once["n_groups"] == 3).all()


def test_weights_are_for_the_public_unless_said_otherwise(region) -> None:
    people, answers, margins, weights = region
    plain, with_weights = score_groups(answers, people), score_groups(answers, people, weights)
    differs = (plain["value"] - with_weights["value"]).abs() > 1e-9
    assert set(plain.loc[differs, "group"]) == {"public"}
    everybody = rake_weights(people, margins)
    same = score_groups(answers, people, everybody, weighted=())
    pd.testing.assert_frame_equal(same, plain)
    with pytest.raises(AnalysisError, match="lack a weight"):
        score_groups(answers, people, weights, weighted=("public", "private"))
    with pytest.raises(AnalysisError, match="lack a weight"):
        score_groups(answers, people, weights.iloc[1:])


def test_margins_hold_and_no_weight_is_above_the_limit(region) -> None:
    people, _, margins, weights = region
    public = people[people["group"] == "public"]
    table = compare_margins(public, weights, margins)
    assert table["weighted_share"].to_numpy() == pytest.approx(table["population_share"], abs=1e-9)
    assert (table["raw_share"] - table["population_share"]).abs().max() > 0.1
    assert weights["weight"].max() <= 5 * weights["weight"].median() * (1 + 1e-9)
    assert weights["weight"].mean() == pytest.approx(1)
    free = rake_weights(public, margins, trim=np.inf)
    assert free["weight"].max() > weights["weight"].max()
    assert score_weights(free)["effective_n"][0] < score_weights(weights)["effective_n"][0]


# Edges


def test_untold_keep_their_share_and_an_empty_category_is_reported() -> None:
    people = people_like(female=2, male=6, untold=2)
    margins = margins_like(female=450, male=450, other=100)
    weights = rake_weights(people, margins)
    assert weights["weight"].tolist() == pytest.approx([2.0] * 2 + [4 / 6] * 6 + [1.0] * 2)
    table = compare_margins(people, weights, margins).set_index("category")
    assert table["reached"].to_dict() == {"female": True, "male": True, "other": False}
    assert table["weighted_share"].tolist() == pytest.approx([0.5, 0.5, 0])
    assert table["population_share"].tolist() == pytest.approx([0.45, 0.45, 0.1])
    assert (table["n_untold"] == 2).all()
    nobody = people_like(untold=3)
    assert rake_weights(nobody, margins)["weight"].tolist() == [1, 1, 1]
    empty = compare_margins(nobody, rake_weights(nobody, margins), margins)
    assert empty[["raw_share", "weighted_share"]].isna().all(axis=None)


def test_what_cannot_be_weighted_is_refused() -> None:
    people, margins = people_like(female=2, male=6), margins_like(female=50, male=50)
    with pytest.raises(AnalysisError, match="sex male"):
        rake_weights(people, margins_like(female=50, man=50))
    with pytest.raises(AnalysisError, match="sex male"):
        rake_weights(people, margins_like(female=50, male=0))
    with pytest.raises(AnalysisError, match="No variable"):
        rake_weights(people, margins_like("age_band", young=1))
    with pytest.raises(AnalysisError, match="Nobody"):
        rake_weights(people.iloc[:0], margins)
    with pytest.raises(AnalysisError, match="trim"):
        rake_weights(people, margins, trim=1)
    # 9 of 10 inhabitants are women; one of eight respondents is: no limit of 5 can do that.
    few = people_like(female=1, male=7)
    with pytest.raises(
        AnalysisError, match=r"most for sex (fe)?male\.\n.*\n.*from 63\.0 on nobody"
    ):
        rake_weights(few, margins_like(female=90, male=10))
    assert rake_weights(few, margins_like(female=90, male=10), trim=np.inf)["weight"][0] > 7


def test_margins_that_contradict_the_sample_are_refused() -> None:
    people = people_like(female=3, male=3).assign(age_band=["young"] * 3 + ["old"] * 3)
    margins = [margins_like(female=50, male=50), margins_like("age_band", young=20, old=80)]
    # Not the limit's fault, and the message says so.
    with pytest.raises(
        AnalysisError, match=r"After 500 rounds(.|\n)* inf times(.|\n)*variable out\.$"
    ):
        rake_weights(people, pd.concat(margins))


def test_sample_size_and_group_weights_refuse_nonsense() -> None:
    for wrong in ({"margin": 0}, {"margin": 5}, {"rounding": "cell"}):
        with pytest.raises(AnalysisError):
            required_sample(100, **wrong)
    for population in (-1, np.nan):
        with pytest.raises(AnalysisError):
            slovin(population)
    answers, people = answers_of(public=[(5, 2), (4, 3)], private=[(3, 1), (4, 1)])
    groups = score_groups(answers, people)
    for weights in ({"public": 1}, {"public": -1, "private": 1}, {"public": 0, "private": 0}):
        with pytest.raises(AnalysisError, match="No usable weight"):
            combine_groups(groups, weights=weights)
    with pytest.raises(AnalysisError, match="agreement"):
        score_concordance(groups)


def test_groups_that_answer_less_are_left_out_and_counted() -> None:
    answers, people = answers_of(public=[(5, None), (4, None)], private=[(3, 1), (4, 2)])
    groups = score_groups(answers, people)
    assert groups.loc[groups["group"] == "public", "measure"].tolist() == ["importance"]
    combined = combine_groups(groups).set_index("measure")
    assert combined["n_groups"].to_dict() == {"gap": 1, "importance": 2, "performance": 1}
    assert combined.loc["importance", "value"] == 4
    flat = score_concordance(gap_table(a=[1, 1, 1], b=[1, 2, 3]))
    assert np.isnan(flat["value"][1]) and flat["value"][0] == pytest.approx(0.5)
    assert score_concordance(gap_table(a=[1, 1], b=[2, 2]))["value"].isna().all()


# Recovery


@pytest.mark.slow
def test_raking_removes_most_of_a_planted_bias() -> None:
    """Performance depends on age; the young answer three times as often, men twice."""
    raw_errors, errors, covered = [], [], []
    for seed in range(cases(30, 60)):
        rng = np.random.default_rng(seed)
        town = pd.DataFrame({"sex": rng.choice(["female", "male"], 20_000)})
        town["age_band"] = rng.choice(["17-29", "30-44", "45+"], 20_000, p=[0.3, 0.3, 0.4])
        mean = town["age_band"].map({"17-29": 4.2, "30-44": 3.6, "45+": 2.6})
        town["performance"] = np.clip(np.rint(mean + rng.normal(0, 0.8, len(town))), 1, 5)
        eager = town["age_band"].map({"17-29": 3, "30-44": 2, "45+": 1}) * (
            1 + (town["sex"] == "male")
        )
        came = rng.choice(20_000, 400, replace=False, p=eager / eager.sum())
        people = town.iloc[came].assign(
            group="public", stakeholder_id=[f"P{i}" for i in range(400)]
        )
        answers = people.assign(competency_id="K.1", importance=4.0).drop(columns="group")
        parts = {v: town[v].value_counts().rename_axis("category") for v in ("sex", "age_band")}
        margins = pd.concat(
            [c.reset_index(name="population").assign(variable=v) for v, c in parts.items()]
        )
        weights = rake_weights(people, margins, trim=8)
        row = score_groups(answers, people, weights).set_index("measure")
        truth = town["performance"].mean()
        raw_errors.append(people["performance"].mean() - truth)
        errors.append(row.loc["performance", "value"] - truth)
        covered.append(row.loc["performance", "low"] < truth < row.loc["performance", "high"])
    assert np.mean(raw_errors) > 0.25
    assert abs(np.mean(errors)) < 0.05 * np.mean(raw_errors)
    assert np.mean(covered) >= 0.93
