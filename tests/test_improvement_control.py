"""The control chart: rules by hand, false alarms as declared, a planted shift, small sessions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import improvement, privacy
from cakra_analysis.errors import AnalysisError, SettingsError
from cakra_analysis.improvement.control import estimate_between
from cakra_analysis.improvement.control_findings import find_charts
from cakra_analysis.improvement.signals import RULES
from cakra_analysis.settings import read_settings
from cakra_analysis.words import say

FAR_ONLY = RULES | {"pair": 0.0, "run": 0.0}


def make_sessions(courses: int, each: int, seed: int, *, between=0.2, within=0.5, sizes=(6, 30)):
    """Forms of stable courses held in turn, with as many people as come."""
    rng = np.random.default_rng(seed)
    total = courses * each
    codes = [f"S{number:03d}" for number in range(total)]
    course = [f"C{number % courses:02d}" for number in range(total)]
    days = pd.date_range("2026-01-05", periods=total, freq="D").strftime("%Y-%m-%d")
    sessions = pd.DataFrame({"session_id": codes, "course_id": course, "start": days})
    size = rng.integers(*sizes, total)
    mean = 4 + 0.3 * (np.arange(total) % courses) + rng.normal(0, between, total)
    forms = pd.DataFrame({"session_id": np.repeat(codes, size)})
    forms["value"] = np.repeat(mean, size) + rng.normal(0, within, size.sum())
    return forms, sessions


def name(control):
    return control.assign(name_id=control["course_id"], name_en=control["course_id"])


def test_rules_by_hand() -> None:
    z = np.array([0.5, -0.2, 2.1, 0.3, 2.4, -3.1, *[0.1] * 8])
    assert improvement.find_signals(z) == ["", "", "", "", "pair", "far", *[""] * 7, "run"]
    assert improvement.find_signals(z, FAR_ONLY) == ["", "", "", "", "", "far", *[""] * 8]
    assert improvement.find_signals(-z) == improvement.find_signals(z)
    assert improvement.find_signals(np.array([2.5, -2.5, 0, 0])) == [""] * 4


def test_rules_alarm_as_often_as_published() -> None:
    """Champ & Woodall (1987): one signal in 122 points with rules 1, 2 and 4, in 370 with 1."""
    rng = np.random.default_rng(1)
    lengths = []
    for _ in range(700):
        signals = improvement.find_signals(rng.standard_normal(700))
        lengths.append(next((i + 1 for i, s in enumerate(signals) if s), 700))
    assert np.mean(lengths) == pytest.approx(122, rel=0.12)


def test_limits_worked_by_hand() -> None:
    # docs/methods.md: nine sessions of two people 0.25 off their mean, 4.0 and 3.6 in turn.
    means = np.array([4.0, 3.6] * 4 + [4.0])
    forms = pd.DataFrame({"session_id": np.repeat(list("ABCDEFGHI"), 2)})
    forms["value"] = np.repeat(means, 2) + np.tile([0.25, -0.25], 9)
    days = [f"2026-01-0{day}" for day in range(1, 10)]
    sessions = pd.DataFrame({"session_id": list("ABCDEFGHI"), "course_id": "C", "start": days})
    table = improvement.score_control(forms, sessions)
    row = table[table["group"] == "course"].iloc[0]
    inside = 0.125 / 2  # 0.25^2 * 2 / (2 - 1), of two people
    between = ((0.4 / np.sqrt(2 / np.pi)) ** 2 - 2 * inside) / 2
    assert row["within"] == pytest.approx(np.sqrt(0.125))
    assert row["between"] == pytest.approx(np.sqrt(between))
    assert row["centre"] == pytest.approx(means.mean())
    error = np.sqrt((between + inside) * (1 - 1 / 9))
    assert row["limit_high"] - row["centre"] == pytest.approx(3 * error)
    assert row["z"] == pytest.approx((4 - means.mean()) / error)


def test_small_sessions_have_wider_limits() -> None:
    table = improvement.score_control(*make_sessions(1, 12, 3))
    own = table[table["group"] == "course"].sort_values("n")
    width = (own["limit_high"] - own["limit_low"]).to_numpy()
    assert width[0] > width[-1]


@pytest.mark.slow
def test_stable_courses_alarm_as_seldom_as_declared() -> None:
    far = both = points = 0
    for seed in range(15):
        forms, sessions = make_sessions(2, 40, seed)
        table = improvement.score_control(forms, sessions)
        table = table[table["group"] == "all"]
        far += (table["signal"] == "far").sum()
        both += (table["signal"] != "").sum()
        points += len(table)
    # Declared with known limits: 0.27% beyond three standard errors, 0.8% by any rule.
    assert points == 1200
    assert far / points < 0.01
    assert 0.002 < both / points < 0.02


@pytest.mark.slow
def test_planted_shift_is_found_and_what_large_sessions_vary_by_is_not() -> None:
    found = 0
    for seed in range(12):
        forms, sessions = make_sessions(1, 20, seed, between=0.15, sizes=(20, 60))
        late = forms["session_id"] >= "S012"
        forms.loc[late, "value"] -= 0.5  # the last eight sessions
        table = improvement.score_control(forms, sessions)
        table = table[(table["group"] == "course") & (table["session_id"] >= "S012")]
        found += ((table["side"] == "below") & (table["signal"] != "")).any()
    assert found >= 10
    # Limits from the people's spread alone would call every third session a signal.
    forms, sessions = make_sessions(1, 20, 1, between=0.3, sizes=(50, 90))
    table = improvement.score_control(forms, sessions)
    naive = (table["value"] - table["centre"]).abs() > 3 * table["within"] / np.sqrt(table["n"])
    assert naive.mean() > 0.3
    assert (table["signal"] == "far").mean() < 0.1


def test_between_is_recovered_and_zero_where_people_explain_it() -> None:
    rng = np.random.default_rng(2)
    noise = rng.uniform(0.01, 0.1, 3000)
    means = rng.normal(0, np.sqrt(0.09 + noise))
    assert estimate_between(means, noise) == pytest.approx(0.09, rel=0.1)
    assert estimate_between(np.full(9, 4.0), np.full(9, 0.1)) == 0
    assert estimate_between(means / 100, noise) == 0


def test_too_few_sessions_have_no_limits() -> None:
    table = improvement.score_control(*make_sessions(1, 7, 1))
    assert (table["method"] == "too few sessions").all()
    assert table[["centre", "limit_low", "limit_high", "z"]].isna().all().all()
    assert table["value"].notna().all()
    found = improvement.find_control(name(table))
    assert (found.key, found.values["total"]) == ("improvement.control.few", 7)
    assert find_charts(name(table)).key == "improvement.control.charts.none"


def test_courses_with_few_sessions_are_judged_together_each_against_itself() -> None:
    forms, sessions = make_sessions(6, 5, 4, between=0.1)
    worst = sessions["session_id"].iloc[14]
    forms.loc[forms["session_id"] == worst, "value"] -= 2
    table = improvement.score_control(forms, sessions)
    signals = table[table["signal"] != ""]
    assert worst in set(signals["session_id"])
    assert set(signals["group"]) == {"all"}
    found = improvement.find_control(name(table))
    assert found.key == "improvement.control.below"
    assert found.values["date"] == sessions["start"].iloc[14]
    assert find_charts(name(table)).key == "improvement.control.charts.pooled"
    told = improvement.find_control_caveats(table[table["group"] == "all"], RULES)
    assert [f.key for f in told] == ["improvement.caveat.signals"]
    assert told[0].values["total"] == 30 and say(told[0], "id") and say(told[0], "en")
    assert improvement.find_control_caveats(table, {**RULES, "far": 2.0}) == []
    centre = table[table["group"] == "all"].groupby("course_id")["centre"].nunique()
    assert (centre == 1).all()


def test_no_session_can_be_worked_out_from_its_course() -> None:
    forms, sessions = make_sessions(1, 10, 6)
    small = forms.groupby("session_id").head(6)
    three = small[small["session_id"] != "S000"]
    three = pd.concat([three, small[small["session_id"] == "S000"].head(3)])
    table = improvement.score_control(three, sessions, fewest=5)
    own = table[table["group"] == "course"]
    assert own["value"].isna().sum() == 2  # the one of three, and one of six with it
    shown = privacy.publish(table, "control", audience="internal").table
    assert shown.loc[shown["session_id"] == "S000", "suppressed"].all()
    assert improvement.find_control(name(shown)).key == "improvement.control.stable"


def test_what_is_not_known_is_refused() -> None:
    forms, sessions = make_sessions(1, 9, 1)
    with pytest.raises(AnalysisError, match="course and start"):
        improvement.score_control(forms, sessions.iloc[1:])
    assert improvement.find_control(forms.iloc[:0]).key == "improvement.control.none"


@pytest.mark.parametrize(
    "rules", ["sessions = 2", "far = 1.0", "pair = -1.0", "run = 2", "run = 8.5", "near = 1"]
)
def test_impossible_rules_are_refused(tmp_path, rules) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[improvement]\ncontrol = {{ {rules} }}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="improvement"):
        read_settings(file)
