"""Who was lost: counts by hand, bounds and weights against planted losses, and edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from cakra_analysis.evaluation.attrition import score_attrition, weigh_stayers
from cakra_analysis.evaluation.bounds import bound_effect
from cakra_analysis.evaluation.clusters import code_clusters

ENDS = ["low", "high"]


def frames(trained: pd.DataFrame, comparison: pd.DataFrame):
    """Tests, attendance and sessions of one course; both frames: pre, post (and status)."""
    people = pd.concat([trained, comparison], ignore_index=True)
    people["staff_id"] = [f"P{i:04}" for i in range(len(people))]
    tests = people.melt(["staff_id"], ["pre", "post"], "occasion", "score").dropna()
    came = people.head(len(trained))
    attendance = came[["staff_id", "status"]].assign(session_id=np.resize(["S1", "S2"], len(came)))
    sessions = pd.DataFrame({"session_id": ["S1", "S2"], "trainer": ["T1", "T2"], "venue": "V"})
    return tests.assign(course_id="C.1"), attendance, sessions.assign(course_id="C.1")


def small():
    """Of 40 trained 12 dropped out and 3 lack the post-test; of 30 others 6 lack it; 5 absent."""
    status = ["completed"] * 28 + ["dropped"] * 12 + ["absent"] * 5
    pre = [*range(50, 78), *range(40, 52), *range(5)]
    post = [70.0] * 25 + [np.nan] * 20
    trained = pd.DataFrame({"pre": pre, "post": post, "status": status})
    other = pd.DataFrame({"pre": 55.0, "post": [56.0] * 24 + [np.nan] * 6})
    return frames(trained, other)


def people(seed: int, n: int = 400, *, effect: float = 6.0, pull: float = 0.0) -> pd.DataFrame:
    """By lot; training moves people to stay, the more so those who score low."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(n) % 2 == 0)
    before = rng.normal(50, 10, n)
    after = before + effect * treated + rng.normal(0, 5, n)
    chance = rng.uniform(size=n)
    stays = chance < np.where(treated, 0.9, np.clip(0.9 - pull * (60 - before) / 10, 0.05, 0.9))
    always = chance < np.clip(0.9 - pull * (60 - before) / 10, 0.05, 0.9)
    frame = {"treated": treated, "before": before, "after": np.where(stays, after, np.nan)}
    return pd.DataFrame(frame).assign(always=always)


def test_losses_by_hand() -> None:
    row = score_attrition(*small()).iloc[0]
    assert row[["n", "left", "dropped", "n_comparison"]].tolist() == [40, 15, 12, 30]
    assert row[["lost", "lost_comparison"]].tolist() == pytest.approx([15 / 40, 0.2])
    stayed, left = np.arange(50, 75), [*range(75, 78), *range(40, 52)]
    assert row["value"] == pytest.approx(stayed.mean() - np.mean(left))
    assert row["low"] < row["value"] < row["high"] and row["method"] == "Welch"


def test_interval_of_the_difference_of_losses_is_newcombes() -> None:
    row = score_attrition(*small()).iloc[0]
    wanted = confint_proportions_2indep(15, 40, 6, 30, compare="diff", method="newcomb")
    assert row[["lost_difference_low", "lost_difference_high"]].tolist() == pytest.approx(wanted)


def test_few_who_left_are_not_told_of() -> None:
    tests, attendance, sessions = small()
    stayed = attendance["status"] == "completed"
    row = score_attrition(tests, attendance[stayed], sessions).iloc[0]
    assert row["left"] == 3 and np.isnan(row["value"]) and row["method"] == "too few"
    assert row["lost"] == pytest.approx(3 / 28)


def test_without_comparison_people_and_without_anybody() -> None:
    tests, attendance, sessions = small()
    own = tests[tests["staff_id"].isin(attendance["staff_id"])]
    row = score_attrition(own, attendance, sessions).iloc[0]
    assert row["n_comparison"] == 0 and np.isnan(row["lost_difference_low"])
    assert row["lost"] == pytest.approx(15 / 40)
    nobody = score_attrition(tests, attendance.head(0), sessions)
    assert nobody.empty and "lost_difference_high" in nobody


def test_bounds_by_hand() -> None:
    # Half of the others are lost, none of the trained: the trained are cut to half.
    frame = pd.DataFrame(
        {"treated": [True] * 4 + [False] * 4, "after": [1, 2, 3, 4, 2, 3] + [np.nan] * 2}
    )
    row = bound_effect(frame).iloc[0]
    assert row[["value", "lower", "upper", "trimmed"]].tolist() == [0.0, -1.0, 1.0, 0.5]
    assert row[["lost_treated", "lost_untreated", "n"]].tolist() == [0.0, 0.5, 6]
    other = bound_effect(frame.assign(treated=~frame["treated"])).iloc[0]
    assert other[["lower", "upper"]].tolist() == [-1.0, 1.0]
    # A third of two is trimmed: one person in part.
    third = frame.assign(after=[1, 2, 3, np.nan, 5, 7, np.nan, np.nan])
    cut = bound_effect(third).iloc[0]
    assert cut["trimmed"] == pytest.approx(1 / 3)
    assert cut[["lower", "upper"]].tolist() == pytest.approx([1.5 - 6, 2.5 - 6])


def test_equal_losses_leave_a_point_and_the_usual_interval() -> None:
    frame = people(1).dropna(subset=["after"])
    row = bound_effect(frame, resamples=2000).iloc[0]
    assert row["lower"] == row["value"] == row["upper"] and row["trimmed"] == 0
    arms = [frame.loc[frame["treated"] == t, "after"] for t in (True, False)]
    half = 1.96 * np.sqrt(sum(arm.var() / len(arm) for arm in arms))
    assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=0.06)


def test_bounds_hold_the_effect_where_the_plain_difference_misses() -> None:
    frame = people(2, 4000, pull=0.25)
    row = bound_effect(frame, resamples=200).iloc[0]
    assert row["value"] < 5  # who would score low stays when trained only
    assert row["lower"] < 6 < row["upper"] and row["low"] < row["lower"]
    gain = bound_effect(
        frame.assign(gain=frame["after"] - frame["before"]), outcome="gain", resamples=200
    )
    assert gain["lower"].item() < 6 < gain["upper"].item()
    assert gain["upper"].item() - gain["lower"].item() < row["upper"] - row["lower"]


@pytest.mark.slow
def test_interval_of_the_bounds_covers() -> None:
    rows = [bound_effect(people(seed, pull=0.2), resamples=200).iloc[0] for seed in range(200)]
    inside = np.mean([row["low"] < 6 < row["high"] for row in rows])
    assert inside > 0.93


def test_clusters_make_the_bounds_less_sure() -> None:
    frame = people(3, pull=0.2)
    side = np.where(frame["treated"], "T", "C")
    block = pd.Series(np.arange(len(frame)) % 20, index=frame.index)
    shift = np.random.default_rng(1).normal(0, 12, 20)[block]
    frame = frame.assign(after=frame["after"] + shift)
    alone = bound_effect(frame).iloc[0]
    together = bound_effect(frame.assign(cluster=side + block.astype(str))).iloc[0]
    assert together["lower"] == alone["lower"]
    assert together["high"] - together["low"] > 1.15 * (alone["high"] - alone["low"])
    one = bound_effect(frame.assign(cluster=side)).iloc[0]
    assert np.isnan(one["low"]) and "too few clusters" in one["method"]


def test_bounds_of_too_few() -> None:
    frame = people(4).assign(treated=True)
    row = bound_effect(frame).iloc[0]
    assert np.isnan(row["value"]) and row["method"] == "too few" and np.isnan(row["lost_untreated"])
    assert bound_effect(frame.head(0)).iloc[0]["n"] == 0


def test_clusters_are_numbered() -> None:
    frame = pd.DataFrame({"cluster": ["b", None, "a", "b"]})
    assert code_clusters(frame).tolist() == [0, 1, 2, 0]
    assert code_clusters(frame[[]]).tolist() == [0, 1, 2, 3]
    for empty in (np.nan, None):
        assert code_clusters(frame.assign(cluster=empty)).tolist() == [0, 1, 2, 3]


def leavers(seed: int, n: int = 3000) -> pd.DataFrame:
    """Weak people gain more, and leave more."""
    rng = np.random.default_rng(seed)
    before = rng.normal(50, 10, n)
    grade = rng.choice(["II", "III", "IV"], n)
    gain = 10 - 0.4 * (before - 50) + 4 * (grade == "II") + rng.normal(0, 5, n)
    score = 0.8 + (before - 50) / 10 - 1.0 * (grade == "II")
    stays = rng.uniform(size=n) < 1 / (1 + np.exp(-score))
    frame = pd.DataFrame({"treated": True, "before": before, "grade": grade, "truth": gain})
    return frame.assign(after=np.where(stays, before + gain, np.nan))


def test_weights_bring_back_the_gain_of_all() -> None:
    frame = leavers(1)
    truth = frame["truth"].mean()
    found = weigh_stayers(frame, covariates=["grade"]).set_index("weighting")
    assert found.at["none", "high"] < truth
    assert found.at["staying", "low"] < truth < found.at["staying", "high"]
    assert abs(found.at["staying", "value"] - truth) < 0.4
    assert found.at["staying", "effective"] < found.at["none", "effective"] == found.at["none", "n"]
    half = weigh_stayers(frame).set_index("weighting")  # the grade not told: half repaired
    assert found.at["none", "value"] < half.at["staying", "value"] < found.at["staying", "value"]


def test_both_arms_have_their_own_model() -> None:
    both = pd.concat([leavers(2, 500), leavers(3, 600).assign(treated=False)], ignore_index=True)
    found = weigh_stayers(both)
    assert found[["treated", "weighting"]].values.tolist() == [
        [False, "none"], [False, "staying"], [True, "none"], [True, "staying"]
    ]  # fmt: skip
    own = weigh_stayers(both[both["treated"]]).reset_index(drop=True)
    pd.testing.assert_frame_equal(found.tail(2).reset_index(drop=True), own)
    shuffled = weigh_stayers(both.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(found, shuffled)


def test_where_nobody_or_hardly_anybody_left() -> None:
    frame = leavers(4, 60)
    stayed = weigh_stayers(frame.dropna(subset=["after"]))
    assert stayed["value"].nunique() == 1 and stayed["method"].iloc[1] == "nobody left"
    few = pd.concat([frame.dropna(subset=["after"]), frame[frame["after"].isna()].head(4)])
    row = weigh_stayers(few).iloc[1]
    assert np.isnan(row["value"]) and row["method"] == "too few left"
    known = frame.assign(after=np.where(frame["before"] > 50, 60.0, np.nan))
    assert weigh_stayers(known)["method"].iloc[1] == "cannot be modelled"
    nobody = weigh_stayers(frame.assign(after=np.nan))
    assert (nobody["n"] == 0).all() and nobody["value"].isna().all()
    assert weigh_stayers(frame.head(0)).empty


def test_clusters_widen_the_interval_of_the_gain() -> None:
    frame = leavers(5, 600)
    block = np.arange(600) % 12
    shift = np.random.default_rng(2).normal(0, 4, 12)[block]
    frame = frame.assign(after=frame["after"] + shift)
    widths = [
        (table["high"] - table["low"]).tolist()
        for table in (
            weigh_stayers(frame.assign(cluster=[f"S{b}" for b in block])),
            weigh_stayers(frame),
        )
    ]
    assert widths[0][0] > 2 * widths[1][0] and widths[0][1] > 2 * widths[1][1]
