"""Rank intervals, shares on top, shaken weights and false marks: by hand, then by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.ranks import measure_false_below, measure_ranks, shortest_width
from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs import score_gaps
from cakra_analysis.needs.below import adjust_below
from cakra_analysis.needs.order import rank_values
from cakra_analysis.needs.ranks import rank_needs
from cakra_analysis.needs.robustness import score_robustness

COLUMNS = ["competency_id", "value", "rank", "rank_low", "rank_high", "top_share", "n", "level"]
COLUMNS += ["method"]
NUMBERS = ["value", "rank", "rank_low", "rank_high", "top_share"]


def persons(gaps: np.ndarray, *, units: int = 3, noise: float = 0.1) -> pd.DataFrame:
    """One row a person and competency; people go to the units in turn."""
    people, items = gaps.shape
    return pd.DataFrame(
        {
            "staff_id": np.repeat([f"S{i:04}" for i in range(people)], items),
            "unit_id": np.repeat([f"U{i % units}" for i in range(people)], items),
            "competency_id": np.tile([f"K{k:02}" for k in range(items)], people),
            "required": 3.0,
            "observed": 3.0 - gaps.ravel(),
            "gap": gaps.ravel(),
            "noise_variance": noise,
            "gap_definition": "standard minus observed",
        }
    )


def draw(means, *, people: int = 60, spread: float = 0.7, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    general = rng.normal(0, 0.3, (people, 1))
    return np.array(means) + general + rng.normal(0, spread, (people, len(means)))


def headcount(gaps: pd.DataFrame, times: float) -> pd.DataFrame:
    size = gaps.groupby(["unit_id", "competency_id"])["gap"].size() * times
    return size.rename("people").reset_index()


def test_far_apart_is_sure_and_alike_is_not() -> None:
    means = np.array([0.0, 3.0, 1.5, 1.5001, 1.5002])
    gaps = draw(means)
    table = rank_needs(persons(gaps - gaps.mean(axis=0) + means), top=2)
    assert list(table) == COLUMNS and table["n"].tolist() == [60] * 5
    low, high = table["rank_low"].tolist(), table["rank_high"].tolist()
    assert (low[0], high[0], low[1], high[1]) == (5, 5, 1, 1)
    assert low[2:] == [2, 2, 2] and high[2:] == [4, 4, 4]
    assert table["top_share"].tolist()[:2] == [0, 1] and table["top_share"].sum() == pytest.approx(
        2
    )
    assert (table["top_share"].iloc[2:] > 0.05).all()


def test_value_is_that_of_score_gaps() -> None:
    gaps = persons(draw([0.5, 1.0, 0.2]))
    gaps = gaps.drop(index=[0, 5, 17])
    units = pd.DataFrame({"unit_id": ["R", "U0", "U1", "U2"], "parent_id": [None, *["R"] * 3]})
    people = headcount(gaps, 1).assign(
        people=lambda t: t["people"] * t["unit_id"].str[1].astype(int)
    )
    people["people"] += 30
    for given in (None, people):
        top = score_gaps(gaps, units, people=given).query("unit_id == 'R'")
        table = rank_needs(gaps, people=given)
        assert table["value"].tolist() == pytest.approx(top["value"].tolist())
        assert table["n"].tolist() == top["n"].tolist()


def test_the_fewer_are_left_unasked_the_narrower() -> None:
    gaps = persons(draw([1.0, 1.2, 1.4, 1.6, 1.8, 2.0]), noise=0.02)

    def width(people: pd.DataFrame | None) -> int:
        table = rank_needs(gaps, people=people)
        return int((table["rank_high"] - table["rank_low"]).sum())

    whole, half, endless = width(headcount(gaps, 1)), width(headcount(gaps, 2)), width(None)
    assert whole < half <= endless
    assert width(headcount(gaps, 1).assign(people=np.nan)) == endless
    # Noise that nobody knows leaves no correction: the wide side.
    assert (
        rank_needs(gaps.assign(noise_variance=np.nan), people=headcount(gaps, 1))[NUMBERS]
    ).equals(rank_needs(gaps)[NUMBERS])


def test_people_are_kept_whole() -> None:
    """A person who is low everywhere blurs no difference."""
    rng = np.random.default_rng(2)
    general = rng.normal(0, 2, (40, 1))
    own = rng.normal([0.0, 0.2, 0.4, 0.6], 0.1, (40, 4))
    table = rank_needs(persons(general + own))
    assert (table["rank_low"] == table["rank"]).all() and (
        table["rank_high"] == table["rank"]
    ).all()


def test_ties_and_no_spread() -> None:
    table = rank_needs(persons(np.tile([1.0, 0.1 + 0.2, 0.3, 2.0], (9, 1))), top=2)
    assert table["rank"].tolist() == [2, 3.5, 3.5, 1]
    assert table["rank_low"].tolist() == [2, 3, 3, 1]
    assert table["rank_high"].tolist() == [2, 4, 4, 1]
    assert table["top_share"].tolist() == [1, 0, 0, 1]
    tied = rank_needs(persons(np.ones((9, 4))), top=1)
    assert tied["top_share"].tolist() == [0.25] * 4 and tied["rank_high"].tolist() == [4] * 4


def test_one_of_everything() -> None:
    assert rank_needs(persons(draw([1.0])))[NUMBERS[1:]].values.tolist() == [[1, 1, 1, 1]]
    single = rank_needs(persons(draw([1.0, 1.1]), units=1))
    assert single["rank_high"].tolist() == [2, 2]
    # Everybody alone in a unit: the spread between people is still seen.
    alone = rank_needs(persons(draw([1.0, 1.1], people=20), units=20))
    assert alone["rank_high"].tolist() == [2, 2] and (alone["top_share"] > 0.9).all()
    lone = rank_needs(persons(draw([1.0, 2.0], people=1)))
    assert lone["n"].tolist() == [1, 1]


def test_missing_answers() -> None:
    gaps = persons(draw([0.0, 2.0, 4.0]))
    holes = gaps.copy()
    holes.loc[::7, "gap"] = np.nan
    pd.testing.assert_frame_equal(rank_needs(holes), rank_needs(holes.dropna(subset="gap")))
    assert rank_needs(holes)["rank"].tolist() == [3, 2, 1]
    with pytest.raises(AnalysisError, match="one gap a person"):
        rank_needs(gaps.head(0))
    with pytest.raises(AnalysisError, match="one gap a person"):
        rank_needs(pd.concat([gaps, gaps.head(1)]))


def test_order_and_names_do_not_matter() -> None:
    gaps = persons(draw([0.5, 0.6, 0.7, 1.5, 1.6], people=40))
    people = headcount(gaps, 2)
    table = rank_needs(gaps, people=people, seed=3)
    mixed = gaps.sample(frac=1, random_state=5)[list(gaps)[::-1]]
    sizes = people.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(rank_needs(mixed, people=sizes, seed=3), table)
    names = {name: name[::-1] for name in gaps["staff_id"].unique()}
    swapped = {"U0": "U2", "U1": "U0", "U2": "U1"}
    other = gaps.assign(staff_id=gaps["staff_id"].map(names), unit_id=gaps["unit_id"].map(swapped))
    moved = people.assign(unit_id=people["unit_id"].map(swapped))
    pd.testing.assert_frame_equal(rank_needs(other, people=moved, seed=3), table)
    up = rank_needs(gaps.assign(gap=gaps["gap"] + 5), people=people, seed=3)
    pd.testing.assert_frame_equal(up[NUMBERS[1:]], table[NUMBERS[1:]])
    pd.testing.assert_frame_equal(rank_needs(gaps, people=people, seed=3), table)
    assert not rank_needs(gaps, people=people, seed=4)["top_share"].equals(table["top_share"])


def test_an_anchors_error_blurs_the_order() -> None:
    gaps = persons(draw([1.0, 1.5, 2.0], people=200, spread=0.3))
    assert rank_needs(gaps)["rank_high"].tolist() == [3, 2, 1]
    same = rank_needs(gaps.assign(anchor_variance=0.0))
    pd.testing.assert_frame_equal(same, rank_needs(gaps))
    blurred = rank_needs(gaps.assign(anchor_variance=0.25))
    assert (blurred["rank_low"] == 1).all() and (blurred["rank_high"] == 3).all()
    assert blurred["value"].tolist() == same["value"].tolist()


def test_importance_of_stakeholders_weighs_and_its_error_counts() -> None:
    gaps = persons(draw([1.0, 1.6, 2.6], people=200, spread=0.3))
    scores = pd.DataFrame({"competency_id": ["K00", "K01", "K02"], "value": [5.0, 3.0, 1.0]})
    sure = rank_needs(gaps, stakeholder_scores=scores.assign(standard_error=0.01))
    plain = rank_needs(gaps)
    factor = np.array([5, 3, 1]) / 3
    assert sure["value"].tolist() == pytest.approx((plain["value"] * factor).tolist())
    assert sure["rank"].tolist() == [1, 2, 3] or sure["rank"].tolist() == [2, 1, 3]
    assert sure["rank_low"].iloc[2] == 3
    unsure = rank_needs(gaps, stakeholder_scores=scores.assign(standard_error=2.0))
    assert (unsure["rank_low"] == 1).all() and (unsure["rank_high"] == 3).all()
    with pytest.raises(AnalysisError, match="importance"):
        rank_needs(gaps, stakeholder_scores=scores.assign(standard_error=1.0).head(2))
    with pytest.raises(AnalysisError, match="importance"):
        rank_needs(gaps, stakeholder_scores=scores.assign(standard_error=1.0, value=0.0))


@pytest.mark.slow
@pytest.mark.parametrize(
    "means",
    [
        np.linspace(0, 1.4, 8),
        [0.0, 0.5, 0.5 + 1e-4, 0.5 + 2e-4, 0.5 + 3e-4, 0.5 + 4e-4, 1.0, 1.001],
        np.arange(8) * 1e-5,
    ],
    ids=["spread", "near ties", "all nearly tied"],
)
def test_intervals_cover_the_true_rank(means) -> None:
    true = rank_values(np.array(means))
    tables = [rank_needs(persons(draw(means, seed=s)), resamples=500, seed=s) for s in range(60)]
    covered = [(t["rank_low"] <= true) & (true <= t["rank_high"]) for t in tables]
    assert np.mean(covered, axis=0).min() >= 0.9


@pytest.mark.slow
def test_a_sample_without_replacement_covers_too() -> None:
    rng = np.random.default_rng(11)
    covered = []
    for seed in range(60):
        everybody = draw(np.linspace(0, 0.7, 6), people=90, seed=seed)
        true = rank_values(everybody.mean(axis=0))
        asked = np.sort(rng.choice(90, 60, replace=False))
        noisy = everybody + rng.normal(0, 0.3, everybody.shape)
        gaps = persons(noisy, units=3, noise=0.09)
        rated = gaps[gaps["staff_id"].isin([f"S{i:04}" for i in asked])]
        table = rank_needs(rated, people=headcount(gaps, 1), resamples=500, seed=seed)
        covered.append((table["rank_low"] <= true) & (true <= table["rank_high"]))
    assert np.mean(covered) >= 0.9


def test_robustness_by_hand() -> None:
    parts = pd.DataFrame(
        [("a", "p", 3.0), ("a", "q", 1.0), ("b", "p", 1.0), ("b", "q", 2.9), ("c", "p", 0.5)],
        columns=["competency_id", "part", "value"],
    )
    table = score_robustness(parts, {"p": 1, "q": 1}, top=1)
    assert table["value"].tolist() == pytest.approx([2.0, 1.95, 0.5])
    assert table["n"].tolist() == [2, 2, 1] and table["rank"].tolist() == [1, 2, 3]
    assert table["rank_low"].tolist() == [1, 1, 3] and table["rank_high"].tolist() == [2, 2, 3]
    # a leads where 2 w_p > 1.9 w_q, with w uniform on 0.8-1.2: a little more than half of it.
    assert table["top_share"].tolist() == pytest.approx([0.61, 0.39, 0], abs=0.05)
    still = score_robustness(parts, {"p": 1, "q": 1}, noise=0.0, top=1)
    assert still["top_share"].tolist() == [1, 0, 0] and (still["rank_low"] == still["rank"]).all()
    nothing = score_robustness(parts, {"p": 0, "q": 1})
    assert nothing["value"].fillna(-1).tolist() == [1, 2.9, -1]
    assert nothing["top_share"].fillna(-1).tolist() == [1, 1, -1]
    only = score_robustness(parts, {"p": 2, "q": 0, "unused": 1})
    assert only["value"].tolist() == [3, 1, 0.5]
    mixed = parts.sample(frac=1, random_state=1)[["value", "part", "competency_id"]]
    pd.testing.assert_frame_equal(score_robustness(mixed, {"q": 1, "p": 1}, top=1), table)


@pytest.mark.parametrize("weights", [{"p": 1}, {"p": 1, "q": -1}, {"p": 0, "q": 0}])
def test_robustness_needs_weights(weights) -> None:
    parts = pd.DataFrame({"competency_id": "a", "part": ["p", "q"], "value": [1.0, 2.0]})
    with pytest.raises(AnalysisError, match="weights"):
        score_robustness(parts, weights)


def cells(values, errors) -> pd.DataFrame:
    value, half = np.array(values, dtype=float), 1.959963984540054 * np.array(errors, dtype=float)
    return pd.DataFrame({"value": value, "low": value - half, "high": value + half, "level": 0.95})


def test_marks_by_hand() -> None:
    # Benjamini & Hochberg (1995), section 3.3: fifteen p-values, four are rejected at 5%.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0 - 1e-9]
    table = adjust_below(cells(stats.norm.isf(p), np.ones(15)))
    assert table["p_value"].tolist() == pytest.approx(p, abs=1e-9)
    assert table["below"].tolist() == [True] * 4 + [False] * 11
    back = adjust_below(cells(stats.norm.isf(p), np.ones(15)).iloc[::-1])
    pd.testing.assert_frame_equal(back.iloc[::-1], table)


def test_marks_at_the_edges() -> None:
    table = adjust_below(cells([1.0, 0.0, -1.0, 3.0], [0, 0, 0, np.nan]))
    assert table["below"].tolist() == [True, False, False, False]
    assert np.isnan(table["p_value"].iloc[3])
    assert adjust_below(cells([], []))["below"].tolist() == []
    assert not adjust_below(cells([-1, -2], [1, 1]))["below"].any()
    few, many = cells([4.0], [1.0]).assign(df=2.0), cells([4.0], [1.0])
    assert adjust_below(few)["p_value"].item() > 100 * adjust_below(many)["p_value"].item()


@pytest.mark.slow
@pytest.mark.parametrize("share_met", [0.5, 0.9, 1.0])
def test_false_marks_stay_under_the_rate(share_met: float) -> None:
    rng = np.random.default_rng(4)
    false = []
    for _ in range(200):
        met = rng.random(250) < share_met
        common = rng.normal(0, 0.4)  # cells go together, as those of one unit do
        noise = common + rng.normal(0, np.sqrt(1 - 0.16), 250)
        table = adjust_below(cells(np.where(met, 0.0, 3.0) + noise, np.ones(250)))
        false.append((table["below"] & met).sum() / max(table["below"].sum(), 1))
    assert np.mean(false) <= 0.05 * share_met + 0.03


def test_shortest_width() -> None:
    rows = pd.DataFrame({"rank": [1] * 10 + [2] * 10, "target_rank": [1] * 9 + [5] + [1, 3] * 5})
    assert shortest_width(rows) == pytest.approx((1 + 3) / 2)


@pytest.mark.slow
@pytest.mark.parametrize(("assessors", "seeds"), [(0.0, 4), (0.2, 2)])
def test_planted_regions(assessors: float, seeds: int) -> None:
    table = measure_ranks(range(seeds), assessors=assessors)
    assert (table["coverage"] >= 0.9).all()
    assert (table["found_shrunk"] >= table["found_mwds"] - 0.02).all()
    assert (table["ratio"] < 2.6).all()
    false = measure_false_below(range(seeds), assessors=assessors)
    assert (false["adjusted_false"] <= 0.05).all() and (false["adjusted_marks"] > 0).all()
