"""Instrument quality: alpha, omega, item-rest correlations, speeders; wanted numbers made by R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.reliability import find_speeders, score_items, score_reliability

GOLDENS = Path(__file__).parent / "goldens"  # reliability.R beside the CSVs makes them
KEYS = {"self": {"reverse": ["A1"], "scale": (1, 6)}, "supervisor": {}}
ESTIMATES = ["alpha", "alpha_low", "alpha_high", "omega", "omega_low", "omega_high"]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDENS / name, dtype={"rater": str})


def long(answers: np.ndarray, source: str = "self") -> pd.DataFrame:
    people, items = answers.shape
    rows = {
        "staff_id": np.repeat([f"S{i:03d}" for i in range(people)], items),
        "competency_id": np.tile([f"M.{j}" for j in range(items)], people),
        "level": answers.ravel(),
    }
    return pd.DataFrame(rows).assign(source=source, rater="1")


def simulate(seed: int, people: int = 60, loadings: tuple = (0.8, 0.7, 0.6, 0.5)) -> np.ndarray:
    rng, own = np.random.default_rng(seed), np.array(loadings)
    noise = rng.normal(size=(people, len(own))) * np.sqrt(1 - own**2)
    return np.clip(np.round(2.5 + 1.2 * (rng.normal(size=(people, 1)) * own + noise)), 0, 5)


@pytest.mark.parametrize("source", ["self", "supervisor"])
def test_scales_equal_r(source: str) -> None:
    found = score_reliability(read("reliability_ratings.csv"), source=source, **KEYS[source])
    wanted = read("reliability_scales.csv").query("source == @source")
    for column in ("items", "n", "dropped"):
        assert found[column].item() == wanted[column].item()
    for column in ("alpha", "alpha_low", "alpha_high"):
        assert found[column].item() == pytest.approx(wanted[column].item(), abs=1e-6)
    assert found["omega"].item() == pytest.approx(wanted["omega"].item(), abs=1e-3)
    assert found["omega_low"].item() < found["omega"].item() < found["omega_high"].item()


@pytest.mark.parametrize("source", ["self", "supervisor"])
def test_items_equal_r(source: str) -> None:
    found = score_items(read("reliability_ratings.csv"), source=source, **KEYS[source])
    both = found.merge(
        read("reliability_items.csv"), on=["source", "competency_id"], validate="one_to_one"
    )
    assert len(both) == len(found)
    for column in ("item_rest", "alpha_dropped"):
        assert both[f"{column}_x"].to_numpy() == pytest.approx(both[f"{column}_y"], abs=1e-6)


def test_alpha_by_hand() -> None:
    # Variances 5/3 each, covariance 4/3: the sum has variance 6.
    found = score_reliability(long(np.array([[1, 2], [2, 1], [3, 3], [4, 4]]))).iloc[0]
    assert found["alpha"] == pytest.approx(2 * (1 - (10 / 3) / 6))
    assert found["alpha_low"] < found["alpha"] < found["alpha_high"] < 1
    assert np.isnan(found["omega"])  # one factor is not identified by two items


def test_omega_of_an_exact_one_factor_correlation() -> None:
    own = np.array([0.9, 0.8, 0.7, 0.6, -0.3])
    wanted = np.outer(own, own) + np.diag(1 - own**2)
    raw = np.random.default_rng(3).normal(size=(80, 5))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    found = score_reliability(long(white @ np.linalg.cholesky(wanted).T), resamples=20)
    true = own.sum() ** 2 / (own.sum() ** 2 + (1 - own**2).sum())
    assert found["omega"].item() == pytest.approx(true, abs=1e-6)


def test_items_by_hand() -> None:
    answers = np.array([[1, 2, 4.0], [2, 1, 3], [3, 3, 2], [4, 4, np.nan], [5, 4, 1]])
    found = score_items(long(answers)).set_index("competency_id")
    complete = answers[~np.isnan(answers).any(axis=1)]
    for j, item in enumerate(found.index):
        rest = np.delete(complete, j, axis=1)
        wanted = np.corrcoef(complete[:, j], rest.sum(axis=1))[0, 1]
        assert found.loc[item, "item_rest"] == pytest.approx(wanted)
        total = rest.sum(axis=1).var(ddof=1)
        assert found.loc[item, "alpha_dropped"] == pytest.approx(
            2 * (1 - rest.var(axis=0, ddof=1).sum() / total)
        )
    assert found["mean"].tolist() == pytest.approx([3, 2.8, 2.5])
    assert found["n"].tolist() == [5, 5, 4] and found["forms"].tolist() == [4, 4, 4]
    assert found["missing_share"].tolist() == pytest.approx([0, 0, 0.2])
    assert found.loc["M.2", "flag"] == "negative"


def test_a_reversed_item_is_called_out_until_it_is_keyed() -> None:
    answers = simulate(1)
    turned = answers.copy()
    turned[:, 2] = 5 - turned[:, 2]
    assert score_items(long(answers))["flag"].tolist() == [""] * 4
    assert score_items(long(turned))["flag"].tolist()[2] == "negative"
    pd.testing.assert_frame_equal(
        score_items(long(turned), reverse=["M.2"]), score_items(long(answers))
    )
    pd.testing.assert_frame_equal(
        score_reliability(long(turned), reverse=["M.2"]), score_reliability(long(answers))
    )


@pytest.mark.parametrize("change", ["shuffle", "relabel", "shift"])
def test_what_must_not_matter(change: str) -> None:
    # Two raters of a person, so that the bootstrap over persons is put to the test as well.
    second = long(simulate(2)).assign(rater="2")
    ratings = pd.concat([long(simulate(1)), second[second["staff_id"] < "S030"]])
    ratings = ratings.assign(level=ratings["level"].mask(ratings.index % 37 == 0))
    changed = ratings
    if change == "shuffle":
        changed = ratings.sample(frac=1, random_state=4)
    if change == "relabel":
        names = np.random.default_rng(5).permutation(ratings["staff_id"].unique())
        codes = dict(zip(ratings["staff_id"].unique(), names, strict=True))
        changed = ratings.assign(staff_id=ratings["staff_id"].map(codes))
    moved = int(change == "shift")
    changed = changed.assign(level=changed["level"] + moved)
    found = score_reliability(changed, reverse=["M.1"], scale=(0 + moved, 5 + moved))
    wanted = score_reliability(ratings, reverse=["M.1"])
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-9)
    found = score_items(changed, reverse=["M.1"], scale=(0 + moved, 5 + moved))
    wanted = score_items(ratings, reverse=["M.1"])
    pd.testing.assert_frame_equal(found.assign(mean=found["mean"] - moved), wanted, rtol=1e-9)


def test_sources_are_judged_apart() -> None:
    both = pd.concat([long(simulate(1)), long(simulate(2), "peer")])
    found = score_reliability(both)
    assert found["source"].tolist() == ["peer", "self"]
    alone = score_reliability(both, source="self")
    pd.testing.assert_frame_equal(found.iloc[[1]].reset_index(drop=True), alone)


def test_seed_and_confidence_move_the_interval_alone() -> None:
    ratings = long(simulate(1))
    first, again = score_reliability(ratings), score_reliability(ratings)
    pd.testing.assert_frame_equal(first, again)
    other = score_reliability(ratings, seed=1, confidence=0.8)
    assert other["omega"].item() == first["omega"].item()
    assert other["omega_low"].item() > first["omega_low"].item()
    assert other["alpha_high"].item() < first["alpha_high"].item()


@pytest.mark.parametrize(
    "answers",
    [
        simulate(1)[:2],
        simulate(1)[:, :1],
        np.full((9, 3), 3.0),
        np.column_stack([simulate(1)[:, 0], np.full(60, 4.0)]),
        np.where(np.arange(60)[:, None] < 58, np.array([1, np.nan, 2, np.nan]), simulate(1)),
    ],
    ids=["two forms", "one item", "all constant", "one item varies", "two complete"],
)
def test_too_few(answers: np.ndarray) -> None:
    found = score_reliability(long(answers)).iloc[0]
    assert found["method"] == "too few"
    assert found[ESTIMATES].isna().all()
    items = score_items(long(answers))
    assert items[["item_rest", "alpha_dropped"]].isna().all(axis=None)
    assert (items["flag"] == "").all()


def test_a_constant_item_is_set_aside() -> None:
    answers = simulate(1)
    with_constant = np.column_stack([answers, np.full(len(answers), 4.0)])
    found, wanted = score_reliability(long(with_constant)), score_reliability(long(answers))
    assert found[["items", "constant"]].values.tolist() == [[5, 1]]
    assert found[ESTIMATES].iloc[0].tolist() == pytest.approx(wanted[ESTIMATES].iloc[0].tolist())
    items = score_items(long(with_constant)).set_index("competency_id")
    assert np.isnan(items.loc["M.4", "item_rest"]) and items.loc["M.4", "sd"] == 0
    assert items["item_rest"].iloc[:4].tolist() == pytest.approx(
        score_items(long(answers))["item_rest"].tolist()
    )


def test_items_that_say_the_same_and_items_that_cancel() -> None:
    one = simulate(1)[:, :1]
    same = score_reliability(long(np.repeat(one, 3, axis=1))).iloc[0]
    assert same["alpha"] == pytest.approx(1) and same["omega"] > 0.99
    cancel = score_reliability(long(np.column_stack([one, 5 - one]))).iloc[0]
    assert np.isnan(cancel["alpha"])
    items = score_items(long(np.column_stack([one, 5 - one])))
    assert items["flag"].tolist() == ["negative"] * 2


@pytest.mark.slow
def test_intervals_hold_the_true_reliability_about_as_often_as_they_say() -> None:
    own = np.array([0.8, 0.7, 0.6, 0.5])
    omega = own.sum() ** 2 / (own.sum() ** 2 + (1 - own**2).sum())
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        answers = rng.normal(size=(100, 1)) * own + rng.normal(size=(100, 4)) * np.sqrt(1 - own**2)
        found = score_reliability(long(answers), seed=seed).iloc[0]
        held.append(found["omega_low"] < omega < found["omega_high"])
    assert 0.85 <= np.mean(held) <= 0.99


def test_what_cannot_be_judged_is_refused() -> None:
    ratings = long(simulate(1))
    with pytest.raises(AnalysisError, match=r'Did you mean "M\.1"'):
        score_reliability(ratings, reverse=["M.11"])
    with pytest.raises(AnalysisError, match="one cycle"):
        score_items(pd.concat([ratings, ratings]))
    for nothing in (ratings.assign(level=np.nan), ratings[ratings["source"] == "peer"]):
        with pytest.raises(AnalysisError, match="left to judge"):
            score_reliability(nothing)
    with pytest.raises(AnalysisError, match="left to judge"):
        score_items(ratings, source="peer")


def test_speeders_by_hand() -> None:
    times = pd.DataFrame({"staff_id": list("ABCDEFG"), "level": 3})
    times["seconds"] = [300, 100, 99, None, 400, 0, 301]
    forms, counts = find_speeders(times)
    # Median of 99, 100, 300, 301, 400 is 300: the limit is 100, and 100 itself is not faster.
    assert forms.columns.tolist() == ["staff_id", "seconds", "speeder"]
    assert forms["speeder"].isna().tolist() == [False, False, False, True, False, True, False]
    assert forms["speeder"].fillna(False).tolist() == [False, False, True] + [False] * 4
    wanted = {"forms": 7, "judged": 5, "speeders": 1, "share": 0.2, "median_seconds": 300}
    assert counts.iloc[0].to_dict() == pytest.approx(wanted | {"limit_seconds": 100, "n": 5})
    assert find_speeders(times, share=0.5)[1]["speeders"].item() == 2


def test_speeders_scale_with_time_and_keep_the_order() -> None:
    taken = np.random.default_rng(1).lognormal(6, 0.8, 200)
    times = pd.DataFrame({"staff_id": range(200), "minutes": taken})
    forms, counts = find_speeders(times, seconds="minutes")
    slower = find_speeders(times.assign(minutes=taken * 8), seconds="minutes")[0]
    assert forms["speeder"].tolist() == slower["speeder"].tolist()
    mixed = times.sample(frac=1, random_state=2)
    again = find_speeders(mixed, seconds="minutes")[0].sort_values("staff_id")
    assert again["speeder"].tolist() == forms["speeder"].tolist()
    assert counts["speeders"].item() == forms["speeder"].sum() > 0


def test_no_times_at_all() -> None:
    times = pd.DataFrame({"staff_id": ["A", "B"], "seconds": [None, None]})
    forms, counts = find_speeders(times)
    assert forms["speeder"].isna().all()
    assert counts[["forms", "judged", "speeders"]].values.tolist() == [[2, 0, 0]]
    assert counts[["share", "limit_seconds"]].isna().all(axis=None)
