"""Ratings combined: leniency moved out of the way, noise measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs import combine_ratings, combine_sides, list_weights
from cakra_analysis.needs.leniency import fit_leniency, moderate_shifts

WEIGHTS = {"self": 1.0, "supervisor": 2.0, "peer": 1.0}


def frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["staff_id", "competency_id", "source", "level"])


def simulate(seed: int, people: int = 400, missing: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(2.5, 0.8, people)
    rows = []
    for source, leniency, sd in (("self", 0.6, 0.6), ("supervisor", 0.0, 0.3), ("peer", 0.2, 0.5)):
        seen = truth + leniency + rng.normal(0, sd, people)
        kept = np.flatnonzero(rng.random(people) >= missing)
        rows += [(f"S{i:04d}", "M.1", source, seen[i]) for i in kept]
    return frame(rows), truth


def test_weighted_mean_by_hand() -> None:
    rows = [("A", "M.1", "self", 4), ("A", "M.1", "supervisor", 2), ("A", "M.1", "peer", 3)]
    rows += [("B", "M.1", "self", 5), ("B", "M.1", "supervisor", 3), ("B", "M.1", "peer", 4)]
    combined = combine_ratings(frame(rows), weights=WEIGHTS)
    assert combined["observed"].tolist() == pytest.approx(
        [(4 + 2 * 2 + 3) / 4, (5 + 2 * 3 + 4) / 4]
    )
    # Both sides agree to the letter, so only the rounding to whole levels is left as noise.
    assert combined["noise_variance"].tolist() == pytest.approx([6 / 16 / 12] * 2)
    assert combined["n_ratings"].tolist() == [3, 3]


def test_two_peers_share_the_weight_of_one_source() -> None:
    rows = [("A", "M.1", "supervisor", 2), ("A", "M.1", "peer", 2), ("A", "M.1", "peer", 4)]
    combined = combine_ratings(frame(rows), weights=WEIGHTS)
    assert combined["observed"].item() == pytest.approx((2 * 2 + 3) / 3)
    assert combined["n_ratings"].item() == 3 and combined["n_sources"].item() == 2


def test_a_missing_source_does_not_flatter() -> None:
    ratings, _ = simulate(1)
    whole = combine_ratings(ratings, weights=WEIGHTS).set_index("staff_id")["observed"]
    few = [f"S{i:04d}" for i in range(100)]
    only_self = ratings[~ratings["staff_id"].isin(few) | (ratings["source"] == "self")]
    fewer = combine_ratings(only_self, weights=WEIGHTS).set_index("staff_id")["observed"]
    assert abs(fewer[few].mean() - whole[few].mean()) < 0.15  # raw, it would be 0.4


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_leniency_and_each_sources_noise_are_recovered(missing: float) -> None:
    ratings, _ = simulate(2, people=4000, missing=missing)
    wide = ratings.pivot(index="staff_id", columns="source", values="level")
    wide = wide[["self", "supervisor", "peer"]]
    levels = wide.to_numpy()
    leniency, variance, df = fit_leniency(levels, np.ones_like(levels), np.array([1, 2, 1]))
    assert df > 3000
    assert leniency - leniency[1] == pytest.approx([0.6, 0.0, 0.2], abs=0.05)
    assert np.average(leniency, weights=[1, 2, 1]) == pytest.approx(0)
    assert variance == pytest.approx([0.36, 0.09, 0.25], abs=0.04)


def test_the_noise_variance_is_that_of_the_combined_level() -> None:
    ratings, truth = simulate(3, people=4000)
    combined = combine_ratings(ratings, weights=WEIGHTS)
    error = combined["observed"] - truth
    assert combined["noise_variance"].mean() == pytest.approx(error.var(), rel=0.1)


def test_without_a_second_source_the_noise_is_not_known() -> None:
    combined = combine_ratings(
        frame([("A", "M.1", "self", 3), ("B", "M.1", "self", 4)]), weights=WEIGHTS
    )
    assert combined["observed"].tolist() == [3, 4]
    assert combined["noise_variance"].isna().all()


def test_order_of_rows_and_arguments_untouched() -> None:
    ratings, _ = simulate(4, people=50, missing=0.2)
    before = ratings.copy()
    one = combine_ratings(ratings, weights=WEIGHTS)
    other = combine_ratings(ratings.sample(frac=1, random_state=1), weights=WEIGHTS)
    pd.testing.assert_frame_equal(ratings, before)
    pd.testing.assert_frame_equal(one, other)


def test_a_few_assessed_people_move_nobody_else() -> None:
    ratings, _ = simulate(5, people=200)
    few = [("S0000", "M.1", "assessor", 1.0), ("S0001", "M.1", "assessor", 1.0)]
    weights = {**WEIGHTS, "assessor": 3.0}
    before = combine_ratings(ratings, weights=weights).set_index("staff_id")["observed"]
    with_few = pd.concat([ratings, frame(few)])
    after = combine_ratings(with_few, weights=weights).set_index("staff_id")["observed"]
    assert (after - before).drop(["S0000", "S0001"]).abs().max() < 0.02


def test_a_source_that_nobody_links_stays_as_it_is() -> None:
    ratings, _ = simulate(6, people=30)
    alone = frame([("X", "M.1", "assessor", 3.0)])
    combined = combine_ratings(
        pd.concat([ratings, alone]), weights={**WEIGHTS, "assessor": 3.0}
    ).set_index("staff_id")
    assert combined.loc["X", "observed"] == pytest.approx(3.0)


def test_a_source_without_weight_is_left_out() -> None:
    rows = [("A", "M.1", "self", 5), ("A", "M.1", "supervisor", 2)]
    weights = {"self": 0.0, "supervisor": 1.0}
    assert combine_ratings(frame(rows), weights=weights)["observed"].item() == 2
    assert list_weights(frame(rows), weights) == {"supervisor": 1.0}
    with pytest.raises(AnalysisError, match="No rating"):
        combine_ratings(frame(rows[:1]), weights=weights)


def test_sides_by_definition() -> None:
    ratings = frame([("A", "M.1", "self", 2)]).assign(need=5.0)
    standards = pd.DataFrame({"position_id": ["P"]})
    weights = {"self": 1.0}
    observed, wanted = combine_sides(
        ratings, standards, definition="need minus mastery", weights=weights
    )
    assert wanted["observed"].item() - observed["observed"].item() == 3  # domain notes, vector 22
    stated, _ = combine_sides(ratings, standards, definition="stated need", weights=weights)
    assert stated["observed"].item() == 5
    with pytest.raises(AnalysisError, match='no column "need"'):
        combine_sides(
            ratings.drop(columns="need"), standards, definition="stated need", weights=weights
        )


def assess(ratings: pd.DataFrame, truth: np.ndarray, people: int, seed: int = 0) -> pd.DataFrame:
    """The ratings and an assessor's of the first ``people``, in every competency."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"S{i:04d}", code, "assessor", truth[i] + rng.normal(0, 0.4))
        for code in ratings["competency_id"].unique()
        for i in range(people)
    ]
    return pd.concat([ratings, frame(rows)], ignore_index=True)


ASSESSED = {**WEIGHTS, "assessor": 3.0}


def test_an_anchor_takes_off_what_all_sources_share() -> None:
    ratings, truth = simulate(7)
    combined = combine_ratings(assess(ratings, truth, 100), weights=ASSESSED)
    assert set(combined["basis"]) == {"assessed"}
    assert combined["observed"].mean() == pytest.approx(truth.mean(), abs=0.1)
    plain = combine_ratings(ratings, weights=ASSESSED)
    assert set(plain["basis"]) == {"perception"} and (plain["anchor_variance"] == 0).all()
    # The planted mildness of the mix, (0.6 + 0 + 0.2) / 4.
    assert plain["observed"].mean() - truth.mean() == pytest.approx(0.2, abs=0.05)


@pytest.mark.slow
def test_the_anchors_variance_is_that_of_the_common_error() -> None:
    errors, variances = [], []
    for seed in range(150):
        ratings, truth = simulate(seed, people=200)
        combined = combine_ratings(assess(ratings, truth, 40, seed), weights=ASSESSED)
        errors.append(combined["observed"].mean() - truth.mean())
        variances.append(combined["anchor_variance"].iloc[0])
    # Each person's own noise, which averages out over the 200, is the rest of the error.
    assert np.mean(variances) == pytest.approx(np.var(errors), rel=0.3)
    assert np.mean(errors) == pytest.approx(0, abs=0.02)


def test_too_few_assessed_people_are_no_anchor() -> None:
    ratings, truth = simulate(8)
    few = assess(ratings, truth, 19)
    usual = combine_ratings(few, weights=ASSESSED, anchor=None)
    pd.testing.assert_frame_equal(combine_ratings(few, weights=ASSESSED), usual)
    assert set(usual["basis"]) == {"perception"}
    lower = combine_ratings(few, weights=ASSESSED, least_anchored=19)
    assert set(lower["basis"]) == {"assessed"}
    # Somebody whom nobody else rated links the assessor to no other source.
    apart = few.assign(staff_id=few["staff_id"].where(few["source"] != "assessor", "X"))
    apart["staff_id"] += np.where(apart["source"] == "assessor", apart.index.astype(str), "")
    found = combine_ratings(apart, weights=ASSESSED, least_anchored=1)
    assert set(found["basis"]) == {"perception"}


def test_nothing_but_assessors_needs_no_moving() -> None:
    rows = [(f"S{i}", "M.1", "assessor", i % 5) for i in range(25)]
    combined = combine_ratings(frame(rows), weights=ASSESSED)
    assert set(combined["basis"]) == {"assessed"} and (combined["anchor_variance"] == 0).all()
    assert combined.set_index("staff_id").loc["S3", "observed"] == 3


def test_competencies_help_each_other_to_an_anchor() -> None:
    covariance = np.full((6, 6), 0.002) + np.eye(6) * 0.01
    alike, sure = moderate_shifts(np.array([0.1, 0.3, 0.2, 0.15, 0.25, 0.2]), covariance)
    assert alike == pytest.approx(np.full(6, 0.2))
    assert (sure < 0.012).all() and (sure > covariance.mean()).all()
    apart = np.array([-1.0, 1.0, 0.5, -0.5, 2.0, -2.0])
    kept, variance = moderate_shifts(apart, covariance)
    assert kept == pytest.approx(apart, abs=0.02) and variance == pytest.approx(0.012, rel=0.02)
    three, own = moderate_shifts(apart[:3], covariance[:3, :3])
    assert three.tolist() == apart[:3].tolist() and own.tolist() == [0.012] * 3


def test_a_need_and_a_difference_of_two_ratings_have_no_anchor() -> None:
    ratings, truth = simulate(9)
    both = assess(ratings, truth, 100).assign(need=lambda t: t["level"] + 1)
    sides = combine_sides(both, both, definition="need minus mastery", weights=ASSESSED)
    assert [set(side["basis"]) for side in sides] == [{"perception"}] * 2
    observed, _ = combine_sides(both, both, definition="standard minus observed", weights=ASSESSED)
    assert set(observed["basis"]) == {"assessed"}
