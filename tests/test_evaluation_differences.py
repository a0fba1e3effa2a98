"""Gains by trainer: the numbers of lme4, what must hold, and planted differences found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.differences import score_groups
from cakra_analysis.evaluation.mixed import fit_mixed
from tests.sizes import cases

pytestmark = pytest.mark.slow  # models fitted many times over

GOLDENS = pd.read_csv(
    Path(__file__).parent / "goldens" / "evaluation_mixed.csv", dtype={"group": str}
)


def golden(data: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = GOLDENS[GOLDENS["data"] == data]
    people = rows[rows["gain"].notna()].rename(
        columns={"group": "trainer", "session": "session_id"}
    )
    return people[["trainer", "session_id", "pre", "gain"]], rows[rows["gain"].isna()].set_index(
        "group"
    )


def simulate(
    seed: int, *, trainers: int = 12, each: int = 3, people: int = 20, between=3.0, sessions=2.0
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    trainer = np.repeat(np.arange(trainers), each * people)
    session = np.repeat(np.arange(trainers * each), people)
    truth = rng.normal(10, between, trainers)
    pre = rng.normal(50, 10, len(trainer))
    gain = truth[trainer] + rng.normal(0, sessions, trainers * each)[session]
    gain = gain - 0.3 * (pre - 50) + rng.normal(0, 8, len(trainer))
    frame = {"trainer": [f"T{t:02}" for t in trainer], "session_id": [f"S{s:03}" for s in session]}
    return pd.DataFrame(frame | {"pre": pre, "gain": gain, "truth": truth[trainer]})


@pytest.mark.parametrize("data", ["sleepstudy", "Pastes", "Dyestuff2"])
def test_groups_equal_lme4(data: str) -> None:
    people, wanted = golden(data)
    within = "session_id" if data == "Pastes" else None
    found = score_groups(people, within=within).set_index("trainer")
    assert sorted(found.index) == sorted(wanted.index) and len(found) >= 6
    wanted = wanted.loc[found.index]
    for ours, theirs in (
        ("value", "value"),
        ("shrunk", "shrunk"),
        ("overall", "overall"),
        ("between", "between"),
    ):
        assert found[ours].tolist() == pytest.approx(wanted[theirs].tolist(), abs=1e-4)


@pytest.mark.parametrize("data", ["sleepstudy", "Pastes", "Dyestuff2"])
def test_the_model_equals_lme4(data: str) -> None:
    people, wanted = golden(data)
    columns = np.column_stack([np.ones(len(people)), people["pre"] - people["pre"].mean()])
    codes = [pd.factorize(people["trainer"])[0]]
    inner = [pd.factorize(people["session_id"])[0]] if data == "Pastes" else []
    fit = fit_mixed(people["gain"].to_numpy(), columns, codes + inner)
    none = fit_mixed(people["gain"].to_numpy(), columns, inner)
    first = wanted.iloc[0]
    assert fit.fixed.tolist() == pytest.approx([first["overall"], first["slope"]], abs=1e-4)
    assert np.sqrt(fit.variances[0]) == pytest.approx(first["between"], abs=1e-4)
    assert np.sqrt(fit.residual) == pytest.approx(first["residual"], abs=1e-4)
    assert none.deviance - fit.deviance == pytest.approx(first["ratio"], abs=1e-4)
    names = list(dict.fromkeys(people["trainer"]))
    if wanted["spread"].notna().all():
        ours = [fit.spread(np.array([1.0, 0.0]), place) for place in range(len(names))]
        assert ours == pytest.approx(wanted.loc[names, "spread"].tolist(), rel=1e-4)


def test_planted_trainers_are_recovered() -> None:
    people = simulate(1)
    found = score_groups(people).set_index("trainer")
    truth = people.groupby("trainer")["truth"].first()
    assert found["p_between"].iloc[0] < 0.001
    assert np.corrcoef(found["shrunk"], truth)[0, 1] > 0.8
    assert ((found["shrunk_low"] < truth) & (truth < found["shrunk_high"])).mean() > 0.8
    raw, drawn = (found["value"] - truth).abs().mean(), (found["shrunk"] - truth).abs().mean()
    assert drawn < raw
    assert ((found["weight"] > 0) & (found["weight"] < 1)).all()
    assert 0 < found["variance_share"].iloc[0] < 1


@pytest.mark.slow
def test_intervals_cover_and_false_alarms_are_rare() -> None:
    inside, alarms, naive, runs = [], 0, 0, cases(15, 75)
    for seed in range(runs):
        people = simulate(seed, trainers=10)
        found = score_groups(people).set_index("trainer")
        truth = people.groupby("trainer")["truth"].first()
        inside.append(((found["shrunk_low"] < truth) & (truth < found["shrunk_high"])).mean())
        same = simulate(seed, trainers=10, between=0.0)
        alarms += score_groups(same)["p_between"].iloc[0] < 0.05
        naive += score_groups(same, within=None)["p_between"].iloc[0] < 0.05
    assert abs(np.mean(inside) - 0.95) < 0.35 / np.sqrt(runs)
    assert alarms / runs < 0.09
    assert naive > 2 * alarms  # without sessions a lucky session looks like a good trainer


def test_where_groups_do_not_differ_all_are_the_mean() -> None:
    people = simulate(2, between=0.0, sessions=0.0)
    found = score_groups(people)
    assert found["between"].iloc[0] < 1.5
    same, _ = golden("Dyestuff2")
    flat = score_groups(same, within=None)
    assert flat["shrunk"].nunique() == 1 and (flat["weight"] == 0).all()
    assert (flat["p_between"] == 1).all() and (flat["variance_share"] == 0).all()
    # That nothing was found does not make each group's mean as sure as that of all.
    half = (flat["shrunk_high"] - flat["shrunk"]).iloc[0]
    assert half > 1.96 * same["gain"].std() / np.sqrt(len(same))


def test_rows_in_another_order_and_a_shift_of_all_gains() -> None:
    people = simulate(3)
    whole = score_groups(people)
    other = score_groups(people.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(whole, other, rtol=1e-4, atol=1e-4)
    moved = score_groups(people.assign(gain=people["gain"] + 5))
    assert (moved["shrunk"] - whole["shrunk"]).tolist() == pytest.approx([5.0] * 12, abs=1e-3)


def test_easy_pre_scores_and_easy_courses_are_no_merit() -> None:
    people = simulate(4, between=0.0, sessions=0.0)
    easy = people["trainer"] < "T06"
    people["course_id"] = np.where(easy, "C.1", "C.2")
    people["gain"] += np.where(easy, 15.0, 0.0)
    assert score_groups(people)["p_between"].iloc[0] > 0.05
    assert score_groups(people.drop(columns="course_id"))["p_between"].iloc[0] < 0.001
    low = people.assign(pre=people["pre"] - 20 * easy, gain=people["gain"] - 15 * easy + 6 * easy)
    assert score_groups(low.drop(columns="course_id"))["p_between"].iloc[0] > 0.05


def test_few_people_and_few_groups() -> None:
    people = simulate(5)
    lonely = people[(people["trainer"] != "T03") | ~people["trainer"].duplicated()]
    row = score_groups(lonely).set_index("trainer").loc["T03"]
    assert row["n"] == 1 and np.isnan(row["low"]) and np.isfinite(row["shrunk"])
    assert row["weight"] < 0.5
    few = score_groups(people[people["trainer"] < "T03"])
    assert (
        len(few) == 3 and few["shrunk"].isna().all() and (few["method"] == "too few groups").all()
    )
    flat = score_groups(people.assign(gain=7.0))
    assert (flat["method"] == "no variance").all() and flat["shrunk"].isna().all()
    assert score_groups(people.head(0)).empty
    assert list(score_groups(people.head(0)).columns) == list(few.columns)


def test_only_completers_count_and_gaps_are_left_out() -> None:
    people = simulate(6)
    more = people.assign(status="completed")
    extra = more.head(30).assign(status="dropped", gain=90.0)
    gaps = more.head(10).assign(gain=np.nan)
    found = score_groups(pd.concat([more, extra, gaps], ignore_index=True))
    pd.testing.assert_frame_equal(found, score_groups(people))


def test_by_venue_by_session_and_by_nothing_of_the_kind() -> None:
    people = simulate(7).rename(columns={"trainer": "venue"})
    assert "sessions within groups" in score_groups(people, by="venue")["method"].iloc[0]
    sessions = score_groups(people, by="session_id")
    assert len(sessions) == 36 and "within" not in sessions["method"].iloc[0]
    with pytest.raises(DataError, match="venue, session_id"):
        score_groups(people)
    with pytest.raises(DataError, match='"unit_id"'):
        score_groups(people, by="unit_id")


def test_a_perfect_fit_is_no_failure() -> None:
    people = pd.DataFrame(
        {"trainer": list("AABBCCDD"), "pre": [1.0, 2] * 4, "gain": [1.0, 1, 2, 2, 3, 3, 5, 5]}
    )
    found = score_groups(people)
    assert found["shrunk"].tolist() == pytest.approx([1, 2, 3, 5], abs=1e-3)
