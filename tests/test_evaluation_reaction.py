"""Reactions: means and alpha against R, the net promoter score, what the sentences may claim."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.answer_means import mean_by, spread_levels
from cakra_analysis.evaluation.distinct import differ, pool_rows
from cakra_analysis.evaluation.reaction import (
    score_reactions,
    score_recommend,
    score_satisfaction,
)
from cakra_analysis.evaluation.reaction_reliability import score_reaction_reliability

GOLDENS = Path(__file__).parent / "goldens"  # evaluation_alpha.R beside the CSVs makes them
QUESTIONS = pd.DataFrame(
    {
        "question_id": ["R.1", "R.2", "R.3", "R.4", "N"],
        "block": ["reaction"] * 4 + ["recommend"],
        "scale_id": ["agree"] * 4 + ["nps"],
        "name_id": ["Materi", "Pengajar", "Tempat", "Waktu", "Saran"],
        "name_en": ["Content", "Trainer", "Venue", "Time", "Recommend"],
    }
)
SCALES = pd.DataFrame(
    {
        "scale_id": "agree",
        "level": range(1, 6),
        "label_id": list("abcde"),
        "label_en": list("vwxyz"),
    }
)


@pytest.fixture(scope="module")
def forms() -> pd.DataFrame:
    return pd.read_csv(GOLDENS / "evaluation_alpha_forms.csv")


@pytest.fixture(scope="module")
def sessions(forms: pd.DataFrame) -> pd.DataFrame:
    return forms[["session_id", "course_id"]].drop_duplicates()


def recommend(levels: list[int], *, course: str = "C", sessions: int = 1):
    """Answers to the 0-10 question dealt over the sessions of one course, and these."""
    where = [f"{course}-{i % sessions}" for i in range(len(levels))]
    answers = {"session_id": where, "respondent": range(len(levels)), "level": levels}
    held = pd.DataFrame({"session_id": sorted(set(where)), "course_id": course})
    return pd.DataFrame(answers).assign(question_id="N"), held


def test_means_and_intervals_equal_r(forms, sessions) -> None:
    found = score_reactions(forms, QUESTIONS, SCALES, sessions)
    wanted = pd.read_csv(GOLDENS / "evaluation_alpha_means.csv")
    both = found.merge(wanted, on=["course_id", "question_id"], validate="one_to_one")
    assert len(both) == len(wanted) == 12
    for name in ("value", "low", "high", "n"):
        assert both[f"{name}_x"].tolist() == pytest.approx(both[f"{name}_y"].tolist(), abs=1e-6)
    methods = found.groupby("course_id")["method"].unique().map(list).to_dict()
    assert methods == {
        "C1": ["clustered t (CR2)"], "C2": ["clustered t (CR2)"], "C3": ["plain t"]
    }  # fmt: skip


def test_alpha_equals_r(forms, sessions) -> None:
    found = score_reaction_reliability(forms, QUESTIONS, sessions)
    wanted = pd.read_csv(GOLDENS / "evaluation_alpha.csv")
    for name in ("value", "low", "high"):
        assert found[name].tolist() == pytest.approx(wanted[name].tolist(), abs=1e-6)
    assert found["n"].tolist() == wanted["n"].tolist() and (found["dropped"] > 0).all()


def test_with_equal_clusters_it_is_the_usual_robust_variance() -> None:
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({"g": "A", "s": np.repeat(range(6), 10)})
    rows["y"] = rng.normal(size=60) + rng.normal(size=6)[rows["s"]]
    row = mean_by(rows, ["g"], "y", cluster="s").iloc[0]
    fit = OLS(rows["y"], np.ones(60)).fit(cov_type="cluster", cov_kwds={"groups": rows["s"]})
    ends = fit.params.iloc[0] + np.array([-1, 1]) * 2.570582 * fit.bse.iloc[0]  # t(5)
    assert row[["low", "high"]].tolist() == pytest.approx(ends.tolist(), abs=1e-5)


@pytest.mark.slow
def test_intervals_hold_the_truth_where_sessions_differ() -> None:
    rng = np.random.default_rng(11)
    held = {"clustered": 0, "plain": 0}
    for _ in range(100):
        sizes = rng.integers(5, 40, size=8)
        session = np.repeat(np.arange(8), sizes)
        y = rng.normal(size=8, scale=0.5)[session] + rng.normal(size=len(session))
        rows = pd.DataFrame({"g": "A", "s": session, "y": y})
        for name, cluster in (("clustered", "s"), ("plain", None)):
            row = mean_by(rows, ["g"], "y", cluster=cluster).iloc[0]
            held[name] += row["low"] <= 0 <= row["high"]
    assert held["clustered"] >= 0.9 * 100 and held["plain"] < 80


def test_shares_add_up_and_fit_the_chart(forms, sessions) -> None:
    table = score_reactions(forms, QUESTIONS, SCALES, sessions)
    shares = [f"share_{k}" for k in range(1, 6)]
    assert table[shares].sum(axis=1).tolist() == pytest.approx([1.0] * 12)
    assert table["agree_share"].tolist() == pytest.approx(table[shares[3:]].sum(axis=1).tolist())
    assert table["neutral_share"].tolist() == table["share_3"].tolist()
    mean = (table[shares] * np.arange(1, 6)).sum(axis=1)
    assert table["value"].tolist() == pytest.approx(mean.tolist())
    assert table["label_id"].iloc[0].split("\n") == list("abcde")
    from cakra_analysis.charts.answers import plot_answers

    axes = plot_answers(table[table["course_id"] == "C1"])
    assert len(axes.patches) == 5 * 4


def test_by_session_and_order_of_rows(forms, sessions) -> None:
    table = score_reactions(forms, QUESTIONS, SCALES, sessions, by="session_id")
    assert len(table) == 14 * 4 and set(table["method"]) <= {"plain t", "no variance"}
    assert (table["sessions"] == 1).all()
    shuffled = forms.sample(frac=1, random_state=1)
    again = score_reactions(shuffled, QUESTIONS, SCALES, sessions, by="session_id")
    pd.testing.assert_frame_equal(table, again)


def test_a_shifted_scale_shifts_the_mean_only(forms, sessions) -> None:
    low = forms.assign(level=forms["level"].clip(upper=4))
    one = score_satisfaction(low, QUESTIONS, sessions)
    two = score_satisfaction(low.assign(level=low["level"] + 1), QUESTIONS, sessions)
    assert (two["value"] - one["value"]).tolist() == pytest.approx([1] * 3)
    widths = [(t["high"] - t["low"]).tolist() for t in (one, two)]
    assert widths[0] == pytest.approx(widths[1])


def test_everybody_alike_or_alone_has_no_interval() -> None:
    reactions = pd.DataFrame({"session_id": list("SSSU"), "respondent": [1, 2, 3, 1], "level": 5})
    sessions = pd.DataFrame({"session_id": ["S", "U"], "course_id": ["C", "D"]})
    table = score_satisfaction(reactions.assign(question_id="R.1"), QUESTIONS, sessions)
    assert table["method"].tolist() == ["no variance", "too few"]
    assert table["value"].tolist() == [5, 5] and table[["low", "high"]].isna().all(axis=None)


def test_nobody_answered() -> None:
    reactions = pd.DataFrame(
        {"session_id": ["S"], "respondent": [1], "question_id": ["R.1"], "level": [np.nan]}
    )
    sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})
    assert score_reactions(reactions, QUESTIONS, SCALES, sessions).empty
    assert score_recommend(reactions, QUESTIONS, sessions).empty
    assert score_satisfaction(reactions, QUESTIONS, sessions).empty
    assert score_reaction_reliability(reactions, QUESTIONS, sessions).empty


def test_answers_off_the_scale_and_unknown_groups_are_refused(forms, sessions) -> None:
    with pytest.raises(DataError, match="from 1 to 5"):
        score_reactions(forms.assign(level=6), QUESTIONS, SCALES, sessions)
    with pytest.raises(DataError, match="from 0 to 10"):
        score_recommend(forms.assign(level=11, question_id="N"), QUESTIONS, sessions)
    with pytest.raises(AnalysisError, match="Did you mean"):
        score_reactions(forms, QUESTIONS, SCALES, sessions, by="course")


def test_net_promoter_score_by_hand() -> None:
    answers, held = recommend([10] * 5 + [9] * 5 + [8] * 4 + [7] * 2 + [6, 5, 3, 0])
    row = score_recommend(answers, QUESTIONS, held).iloc[0]
    assert row["value"] == pytest.approx(100 * (10 - 4) / 20)
    shares = [f"share_{s}" for s in ("promoters", "passives", "detractors")]
    assert row[shares].tolist() == [0.5, 0.3, 0.2]
    half = 2.093024 * 100 * np.sqrt((0.5 + 0.2 - 0.3**2) / 19)
    assert row[["low", "high"]].tolist() == pytest.approx([30 - half, 30 + half], abs=1e-4)


def test_net_promoter_score_stays_on_its_scale() -> None:
    answers, held = recommend([10] * 19 + [0])
    row = score_recommend(answers, QUESTIONS, held).iloc[0]
    assert row["high"] == 100 and row["value"] == 90
    answers, held = recommend([10] * 10)
    row = score_recommend(answers, QUESTIONS, held).iloc[0]
    assert row["value"] == 100 and row["method"] == "no variance" and np.isnan(row["low"])


def test_alpha_too_few_and_without_variance() -> None:
    sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C"})

    def alpha(first: list[int], second: list[int]) -> pd.Series:
        wide = pd.DataFrame({"R.1": first, "R.2": second}).rename_axis("respondent").reset_index()
        rows = wide.melt("respondent", var_name="question_id", value_name="level")
        rows = rows.assign(session_id="S")
        return score_reaction_reliability(rows, QUESTIONS, sessions).iloc[0]

    assert alpha([1, 2], [1, 2])["method"] == "too few"
    constant = alpha([1, 2, 3, 4], [5, 5, 5, 5])
    assert constant["constant"] == 1 and constant["method"] == "too few"
    assert alpha([1, 2, 3, 4], [4, 3, 2, 1])["method"] == "no variance"


def figures(values: list[float], half: float) -> pd.DataFrame:
    table = pd.DataFrame({"course_id": [f"C{i}" for i in range(len(values))], "value": values})
    return table.assign(low=table["value"] - half, high=table["value"] + half, level=0.95, n=20)


@pytest.mark.slow
def test_the_two_ends_of_many_alike_are_rarely_told_apart() -> None:
    rng = np.random.default_rng(2)
    told = sum(differ(figures(rng.normal(size=12).tolist(), 1.959964)) for _ in range(200))
    assert told <= 0.09 * 200
    assert differ(figures([0, 0, 0, 6], 1.959964))
    assert not differ(figures([1.0], 0.1)) and not differ(figures([np.nan, 1.0], 0.1))


def test_pooling_weighs_by_people() -> None:
    table = figures([1.0, 2.0], 0.98).assign(n=[10, 30], g="A")
    row = pool_rows(table, ["g"]).iloc[0]
    assert row[["value", "n"]].tolist() == [1.75, 40]
    assert row["high"] - row["value"] == pytest.approx(0.98 * np.hypot(0.25, 0.75))
    assert pool_rows(table.assign(value=np.nan), ["g"]).empty


def test_of_a_scale_of_two_only_the_higher_answer_agrees() -> None:
    rows = pd.DataFrame({"g": "A", "level": [1, 2, 2, 1], "steps": 2})
    assert spread_levels(rows, ["g"])["agree_share"].tolist() == [0.5]
