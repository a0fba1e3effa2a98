"""Instruments that changed: linked with an error, or declared not comparable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import improvement
from cakra_analysis.contracts import STANDARD, STATED
from cakra_analysis.errors import AnalysisError

UNITS = pd.DataFrame({"unit_id": ["A"], "parent_id": [None]})
FIGURES = ["value", "low", "high", "total", "who", "joined", "left", "moved", "answered"]


def make_gaps(cycles=("2024", "2025", "2026"), items=("M.1", "M.2")):
    rng = np.random.default_rng(0)
    rows = [
        (f"S{i}", c, k, 3.0, rng.normal(2, 0.5)) for i in range(12) for c in cycles for k in items
    ]
    columns = ["staff_id", "cycle", "competency_id", "required", "observed"]
    gaps = pd.DataFrame(rows, columns=columns).assign(unit_id="A", gap_definition=STANDARD)
    return gaps.assign(gap=gaps["required"] - gaps["observed"], noise_variance=0.1)


def declare(*rows):
    columns = ["cycle", "version", "comparable", "slope", "shift", "link_error"]
    return pd.DataFrame(rows, columns=columns)


def test_link_worked_by_hand() -> None:
    # docs/methods.md: old 1, 2, 3, 4 and new 1.5, 2, 2.5, 3: half as steep, one up.
    bridge = pd.DataFrame({"old": [1.0, 2, 3, 4] * 3, "new": [1.5, 2.0, 2.5, 3.0] * 3})
    row = improvement.link_levels(bridge).iloc[0]
    assert (row["slope"], row["shift"]) == pytest.approx((0.5, 1.0))
    assert row["link_error"] == pytest.approx(0)


def test_link_recovers_planted_line_with_its_error() -> None:
    slope, shift, held, values, errors = 0.8, 0.5, [], [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        true = rng.normal(3, 0.7, 150)
        old = true + rng.normal(0, 0.3, 150)
        new = shift + slope * (true + rng.normal(0, 0.3, 150))
        row = improvement.link_levels(pd.DataFrame({"old": old, "new": new})).iloc[0]
        values.append((row["slope"], row["shift"], row["shift"] + row["slope"] * 3))
        errors.append((row["slope_error"], row["shift_error"], row["link_error"]))
        held.append(row["slope_low"] <= slope <= row["slope_high"])
    values, errors = np.array(values), np.array(errors)
    assert values.mean(axis=0) == pytest.approx([slope, shift, 2.9], abs=0.02)
    assert errors.mean(axis=0) == pytest.approx(values.std(axis=0), rel=0.15)
    assert 180 <= sum(held) <= 199  # 95% stated


def test_too_little_is_not_linked() -> None:
    few = pd.DataFrame({"old": [1.0, 2, None] * 3, "new": [1.0, 2, 3] * 3})
    with pytest.raises(AnalysisError, match="6 pairs are too few"):
        improvement.link_levels(few)
    with pytest.raises(AnalysisError, match="alike"):
        improvement.link_levels(pd.DataFrame({"old": [2.0] * 12, "new": range(12)}))


@pytest.mark.slow
def test_linked_cycles_stand_on_the_latest_scale() -> None:
    gaps = make_gaps()
    rows = declare(("2024", "1", "linked", 0.5, 1.0, 0.1), ("2025", "2", "same", None, None, None),
                   ("2026", "2", "same", None, None, None))  # fmt: skip
    linked = improvement.apply_instruments(gaps, rows)
    old = gaps["cycle"] == "2024"
    expected = 3 - (1 + 0.5 * gaps.loc[old, "observed"])
    pd.testing.assert_series_equal(linked.loc[old, "gap"], expected, check_names=False)
    assert linked.loc[old, "noise_variance"].unique() == pytest.approx(0.025)
    pd.testing.assert_series_equal(linked.loc[~old, "gap"], gaps.loc[~old, "gap"])
    assert linked["link_variance"].unique().tolist() == pytest.approx([0.01, 0.0])
    trend = improvement.score_trend(linked, UNITS, instruments=rows)
    plain = improvement.score_trend(linked.assign(link_variance=0.0), UNITS, instruments=rows)
    wide, narrow = trend["high"] - trend["low"], plain["high"] - plain["low"]
    assert (wide > narrow)[trend["linked"]].all()
    assert wide[~trend["linked"]].to_numpy() == pytest.approx(narrow[~trend["linked"]].to_numpy())
    assert set(trend.loc[trend["linked"], "first"]) == {"2024"}


@pytest.mark.slow
def test_not_comparable_gives_no_number() -> None:
    rows = declare(("2024", "1", "no", None, None, None), ("2025", "2", "same", None, None, None),
                   ("2026", "2", "same", None, None, None))  # fmt: skip
    trend = improvement.judge_changes(improvement.score_trend(make_gaps(), UNITS, instruments=rows))
    apart = trend["first"] == "2024"
    assert (trend["comparable"] == ~apart).all()
    assert trend.loc[apart, FIGURES].isna().all().all()
    assert trend.loc[apart, "verdict"].isna().all()
    assert set(trend.loc[apart, "apart"]) == {"instrument"}
    assert trend.loc[~apart, "value"].notna().all()
    found = improvement.find_change(improvement.select_period(trend, whole=True), unit="A")
    assert found.key == "improvement.trend.apart.instrument"
    kinds = make_gaps().assign(job_class="x")
    same = improvement.score_same_units(kinds, UNITS, instruments=rows)
    assert same.loc[same["first"] == "2024", ["value", "mix", "total"]].isna().all().all()


def test_two_old_cycles_of_one_version_compare() -> None:
    rows = declare(("2024", "1", "no", None, None, None), ("2025", "1", "no", None, None, None),
                   ("2026", "2", "same", None, None, None))  # fmt: skip
    table = improvement.compare_cycles(make_gaps(), rows).drop_duplicates(["first", "last"])
    told = dict(zip(table["first"] + table["last"], table["comparable"], strict=True))
    assert told == {"20242025": True, "20242026": False, "20252026": False}


def test_undeclared_is_taken_as_the_same_and_says_so() -> None:
    for rows in (None, declare(), declare(("2026", "2", "same", None, None, None))):
        table = improvement.compare_cycles(make_gaps(), rows)
        assert table["comparable"].all()
        assert not table["declared"].any()


def test_other_definitions_raters_and_items_are_told_apart() -> None:
    gaps = make_gaps(("2025", "2026"), ("M.1", "M.2", "M.3"))
    new, item = gaps["cycle"] == "2026", gaps["competency_id"]
    gaps.loc[new & (item == "M.1"), "gap_definition"] = STATED
    gaps["basis"] = np.where(new & (item == "M.2"), "assessed", "perception")
    gaps = gaps[~(new & (item == "M.3"))]
    table = improvement.compare_cycles(gaps).set_index("competency_id")
    reasons = {"M.1": "definition", "M.2": "basis", "M.3": "absent", "all": "definition"}
    assert table["apart"].to_dict() == reasons
    trend = improvement.score_trend(gaps, UNITS)
    assert trend[FIGURES].isna().all().all()
    gaps.loc[item == "M.1", "gap_definition"] = STANDARD
    trend = improvement.score_trend(gaps, UNITS).set_index("competency_id")
    # The mean over competencies is over the one that can be compared.
    assert trend.loc["all", "value"] == pytest.approx(trend.loc["M.1", "value"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (declare(("2025", "1", "maybe", None, None, None)), "maybe"),
        (declare(*[("2025", "1", "same", None, None, None)] * 2), "two rows"),
    ],
)
def test_impossible_declarations_are_refused(rows, said) -> None:
    with pytest.raises(AnalysisError, match=said):
        improvement.compare_cycles(make_gaps(), rows)


@pytest.mark.parametrize(("slope", "shift"), [(None, 1.0), (1.0, None), (0.0, 1.0), (-1.0, 1.0)])
def test_link_without_a_line_is_refused(slope, shift) -> None:
    rows = declare(("2024", "1", "linked", slope, shift, None))
    with pytest.raises(AnalysisError, match="2024 is linked without"):
        improvement.apply_instruments(make_gaps(), rows)
    needs = make_gaps().assign(gap_definition=STATED)
    with pytest.raises(AnalysisError, match="standard"):
        improvement.apply_instruments(needs, declare(("2024", "1", "linked", 1.0, 0.0, None)))
