"""Sizes of changes and differences: the domain notes' vectors, R's numbers, and what must hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.effect_sizes import score_independent, score_paired
from cakra_analysis.evaluation.gain import name_band, score_gain, score_shift

GOLDENS = pd.read_csv(Path(__file__).parent / "goldens" / "evaluation_effect_sizes.csv")
PRE = [50, 55, 60, 45, 70, 65, 58, 62, 48, 52]
POST = [68, 70, 72, 60, 80, 79, 70, 75, 66, 65]
ENDS = ["low", "high"]
IN_DEVIATIONS = ["d_z", "d_av", "d_rm", "glass", "g_av"]


def paired(pre=PRE, post=POST, **options) -> pd.DataFrame:
    return score_paired(pre, post, **options).set_index("measure")


def golden(data: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    rows = GOLDENS[GOLDENS["data"] == data]
    sides = [rows.loc[rows["side"] == side, "score"].to_numpy() for side in (1, 2)]
    return *sides, rows[rows["measure"].notna()].set_index("measure")


def test_vector_13_of_the_domain_notes() -> None:
    found = paired()
    wanted = {"mean_difference": 14.0, "d_z": 5.42218, "d_av": 1.97099, "d_rm": 1.50117}
    wanted |= {"glass": 1.76151, "g_av": 1.80205}
    for measure, value in wanted.items():
        assert found.at[measure, "value"] == pytest.approx(value, abs=5e-6)
    assert found.loc["d_z", ENDS].tolist() == pytest.approx([2.8827, 7.9521], abs=5e-5)
    assert found.loc["mean_difference", ENDS].tolist() == pytest.approx([12.153, 15.847], abs=5e-4)
    assert (found["n"] == 10).all() and (found["level"] == 0.95).all()


@pytest.mark.parametrize("data", ["sleep", "immer", "PlantGrowth", "ToothGrowth"])
def test_sizes_equal_r(data: str) -> None:
    first, second, wanted = golden(data)
    of_pairs = data in ("sleep", "immer")
    found = (score_paired if of_pairs else score_independent)(first, second).set_index("measure")
    assert len(wanted) == len(found) and set(wanted.index) == set(found.index)
    for measure, row in wanted.drop(index="hedges_g", errors="ignore").iterrows():
        assert found.at[measure, "value"] == pytest.approx(row["value"], abs=1e-6)
        for name in (*ENDS, "p"):
            if pd.notna(row[name]):
                assert found.at[measure, name] == pytest.approx(row[name], abs=1e-6)
    if not of_pairs:  # R corrects by gamma functions, we by Hedges's own approximation
        ours, theirs = found.at["hedges_g", "value"], wanted.at["hedges_g", "value"]
        assert ours == pytest.approx(theirs, rel=3e-4)
        assert ours == pytest.approx(
            found.at["d_s", "value"] * (1 - 3 / (4 * found["n"].iloc[0] - 9))
        )


def test_bootstrap_interval_is_that_of_scipy_but_for_chance() -> None:
    rng = np.random.default_rng(3)
    pre = rng.normal(50, 10, 60)
    post = pre + rng.gamma(2.0, 4.0, 60)

    def size(a, b, axis=-1):
        spread = (a.std(axis=axis, ddof=1) + b.std(axis=axis, ddof=1)) / 2
        return (b - a).mean(axis=axis) / spread

    theirs = stats.bootstrap(
        (pre, post), size, paired=True, vectorized=True, n_resamples=4000, rng=1
    ).confidence_interval
    ours = paired(pre, post, resamples=4000).loc["d_av", ENDS]
    assert ours.tolist() == pytest.approx([theirs.low, theirs.high], abs=0.03)


def test_many_people_take_parts_of_the_resamples_and_give_the_same_kind_of_interval() -> None:
    rng = np.random.default_rng(4)
    pre = rng.normal(50, 10, 6000)
    post = pre + rng.normal(6, 5, 6000)
    found = paired(pre, post, resamples=400).loc["d_av"]
    assert found["low"] < found["value"] < found["high"] < found["low"] + 0.05


def test_the_same_seed_gives_the_same_interval_and_another_nearly() -> None:
    pd.testing.assert_frame_equal(paired(seed=5), paired(seed=5))
    one, other = paired(seed=5).loc["g_av", ENDS], paired(seed=6).loc["g_av", ENDS]
    assert (one != other).all() and np.abs(one - other).max() < 0.4


def test_order_shift_and_scale() -> None:
    pre, post = np.array(PRE, dtype=float), np.array(POST, dtype=float)
    whole = paired()
    order = np.random.default_rng(1).permutation(10)
    shuffled = paired(pre[order], post[order])
    assert shuffled["value"].tolist() == pytest.approx(whole["value"].tolist())
    moved = paired(3 * pre + 7, 3 * post + 7)
    same = [*IN_DEVIATIONS, "rank_biserial"]
    for name in ("value", *ENDS):
        assert moved.loc[same, name].tolist() == pytest.approx(whole.loc[same, name].tolist())
    assert moved.at["mean_difference", "value"] == pytest.approx(42)
    turned = paired(post, pre)
    assert turned.loc[["d_z", "d_av"], "value"].tolist() == pytest.approx(
        [-5.42218, -1.97099], abs=1e-5
    )
    assert turned.at["d_z", "low"] == pytest.approx(-whole.at["d_z", "high"])


def test_a_missing_score_leaves_the_pair_out() -> None:
    with_gap = paired([*PRE, np.nan, 60], [*POST, 70, np.nan])
    pd.testing.assert_frame_equal(with_gap, paired())


def test_two_sides_of_unequal_length_are_refused() -> None:
    with pytest.raises(DataError, match="10 first scores and 9 second"):
        score_paired(PRE, POST[:9])
    with pytest.raises(DataError, match="10 first scores and 9 second"):
        score_gain(PRE, POST[:9])


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_few_people_have_fewer_figures(n: int) -> None:
    found = paired(PRE[:n], POST[:n])
    assert (found["n"] == n).all()
    assert found.at["mean_difference", "value"] == pytest.approx(
        np.mean(np.subtract(POST, PRE)[:n]) if n else np.nan, nan_ok=True
    )
    assert found.loc[["d_av", "g_av"], "low"].isna().all()
    assert (found.loc[["d_av", "g_av"], "method"] == "too few").all()
    assert np.isnan(found.at["mean_difference", "low"]) == (n < 2)


def test_without_variance_there_is_no_size() -> None:
    found = paired([50] * 6, [60] * 6)
    assert found.at["mean_difference", "value"] == 10
    assert found.loc[IN_DEVIATIONS, "value"].isna().all()
    assert (found.loc[IN_DEVIATIONS, "method"] == "no variance").all()
    nobody_moved = paired([50, 60, 70, 80, 90], [50, 60, 70, 80, 90])
    assert np.isnan(nobody_moved.at["rank_biserial", "value"])
    assert nobody_moved.at["d_av", "value"] == 0
    one_sided = paired([50] * 6, [55, 60, 65, 70, 75, 80])
    assert np.isnan(one_sided.at["glass", "value"]) and one_sided.at["d_av", "value"] > 0
    apart = score_independent([5, 5], [3, 3]).set_index("measure")
    assert apart.at["mean_difference", "value"] == 2 and np.isnan(apart.at["d_s", "value"])
    few = score_independent([5], [3, 4])
    assert few["value"].isna().all() and (few["method"] == "too few").all()


def test_a_huge_effect_has_a_value_but_no_interval() -> None:
    change = np.tile([10.0, 10.0001], 10)
    found = paired(np.arange(20.0), np.arange(20.0) + change).loc["d_z"]
    assert found["value"] > 1e4 and np.isnan(found["low"])


def test_vector_14_of_the_domain_notes() -> None:
    found = score_gain(PRE, POST).set_index("measure")
    assert found.at["class_gain", "value"] == pytest.approx(0.32184, abs=5e-6)
    assert found.at["individual_gain", "value"] == pytest.approx(0.32442, abs=5e-6)
    assert (found["band"] == "medium").all() and (found["undefined"] == 0).all()
    assert (found["low"] < found["value"]).all() and (found["value"] < found["high"]).all()


def test_gain_by_hand_where_it_is_undefined_or_negative() -> None:
    # Rises by half, falls by half, stays inside, stays at the top, stays at the bottom.
    found = score_gain([50, 80, 60, 100, 0], [75, 40, 60, 100, 0]).set_index("measure")
    assert found.at["normalised_change", "value"] == pytest.approx((0.5 - 0.5 + 0) / 3)
    assert found.loc["normalised_change", ["n", "undefined"]].tolist() == [3, 2]
    assert found.at["individual_gain", "value"] == pytest.approx((0.5 - 2 + 0 + 0) / 4)
    assert found.loc["individual_gain", ["n", "undefined"]].tolist() == [4, 1]
    full = score_gain([100, 100], [100, 90]).set_index("measure")
    assert np.isnan(full.at["class_gain", "value"]) and pd.isna(full.at["class_gain", "band"])
    assert full.at["normalised_change", "value"] == pytest.approx(-0.1)


def test_gain_depends_on_the_scale_and_off_it_is_refused() -> None:
    pre, post = np.array(PRE) / 20, np.array(POST) / 20
    other = score_gain(pre, post, high=5)["value"].tolist()
    assert other == pytest.approx(score_gain(PRE, POST)["value"].tolist())
    with pytest.raises(DataError, match="from 0 to 100"):
        score_gain([50, 101], [60, 70])
    assert score_gain([], [])["value"].isna().all()


@pytest.mark.slow
def test_class_gain_interval_covers() -> None:
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(400):
        pre = rng.normal(50, 8, 40)
        post = pre + 0.4 * (100 - pre) + rng.normal(0, 4, 40)
        row = score_gain(pre, post).iloc[0]
        inside += row["low"] < 0.4 < row["high"]
    assert 0.92 < inside / 400 < 0.98


def test_bands() -> None:
    assert [name_band(g) for g in (-1, 0.0, 0.2999, 0.3, 0.6999, 0.7, 0.1 + 0.6)] == [
        None, "low", "low", "medium", "medium", "high", "high"
    ]  # fmt: skip


def test_vector_15_of_the_domain_notes() -> None:
    found = score_shift([3.4], [2.6], [3.9])
    assert found["value"].tolist() == pytest.approx([0.5, 1.3, -0.8])
    assert found["low"].isna().all() and (found["method"] == "too few").all()


def test_the_three_gains_add_up() -> None:
    then = np.array(PRE) - np.arange(10)
    found = score_shift(PRE, [*then[:9], np.nan], POST).set_index("measure")
    assert (found["n"] == 9).all()
    value = found["value"]
    assert value["then_gain"] == pytest.approx(value["conventional_gain"] - value["response_shift"])
    assert found.at["response_shift", "high"] < 0 < found.at["then_gain", "low"]
