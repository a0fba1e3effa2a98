"""Staggered training: hand-made numbers, a plain second version, planted truth, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.evaluation.event_study import (
    estimate_event_study,
    estimate_placebo,
    find_trained_units,
)
from cakra_analysis.evaluation.staggered import estimate_staggered
from tests.sizes import cases


def simulate_panel(
    seed: int,
    *,
    units: int = 20,
    trained: int = 10,
    effect: float = 2.0,
    growth: float = 0.0,
    drift: float = 0.0,
    noise: float = 2.0,
    missing: float = 0.0,
) -> pd.DataFrame:
    """Twenty-four months; errors follow one another (0.5); trained in month 10, 13 or 16."""
    rng = np.random.default_rng(seed)
    first = np.full(units, np.nan)
    first[:trained] = rng.permutation(np.resize([10, 13, 16], trained))
    error = rng.normal(0, noise, (units, 24))
    error[:, 0] /= np.sqrt(1 - 0.5**2)
    for month in range(1, 24):
        error[:, month] += 0.5 * error[:, month - 1]
    since = np.arange(24) - first[:, None]
    value = 75 + rng.normal(0, 4, (units, 1)) + rng.normal(0, 1, 24).cumsum() + error
    value += np.where(since >= 0, effect + growth * since, 0) + drift * np.nan_to_num(since)
    panel = pd.DataFrame({"unit_id": np.repeat([f"U{i:02d}" for i in range(units)], 24)})
    panel["period"] = np.tile(np.arange(24), units)
    panel = panel.assign(value=value.ravel(), first_trained=np.repeat(first, 24))
    return panel[rng.random(len(panel)) >= missing]


def overall(table: pd.DataFrame) -> pd.Series:
    return table.set_index("kind").loc["overall"]


def at(table: pd.DataFrame, step: int) -> pd.Series:
    return table[(table["kind"] == "event") & (table["event_time"] == step)].iloc[0]


def plain(panel: pd.DataFrame, leads: int, lags: int) -> dict[int, float]:
    """ATT(g, t) of Callaway and Sant'Anna, base g - 1, by loops; weighted by size of the group."""
    wide = panel.pivot(index="unit_id", columns="period", values="value")
    first = panel.drop_duplicates("unit_id").set_index("unit_id")["first_trained"].fillna(np.inf)
    sums: dict[int, list[float]] = {}
    for group in sorted(set(first[np.isfinite(first)])):
        for time in wide.columns:
            step = int(time - group)
            free = first[(first > max(time, group - 1)) & (first != group)].index
            if group - 1 not in wide or not -leads <= step <= lags or free.empty:
                continue
            change = wide[time] - wide[group - 1]
            size = int((first == group).sum())
            effect = change[first == group].mean() - change[free].mean()
            total = sums.setdefault(step, [0.0, 0.0])
            total[0], total[1] = total[0] + size * effect, total[1] + size
    return {step: total / size for step, (total, size) in sums.items()}


def test_two_groups_and_two_periods_are_welchs_t() -> None:
    before = np.array([70, 72, 75, 71, 74, 73, 70.0])
    after = np.array([76, 75, 82, 72, 76, 73, 70.5])
    panel = pd.DataFrame({"unit_id": list("ABCDEFG") * 2})
    panel["period"] = np.repeat(["2026-01", "2026-02"], 7)
    panel["value"] = np.concatenate([before, after])
    panel["first_trained"] = panel["unit_id"].map(dict.fromkeys("ABC", "2026-02"))
    change = after - before
    welch = stats.ttest_ind(change[:3], change[3:], equal_var=False)
    ends = welch.confidence_interval()
    for row in (overall(estimate_staggered(panel)), at(estimate_staggered(panel), 0)):
        wanted = [16 / 3 - 3.5 / 4, ends.low, ends.high, welch.pvalue]
        assert row[["value", "low", "high", "p"]].tolist() == pytest.approx(wanted)
        assert (row["n"], row["n_comparison"]) == (3, 4)


def test_the_plain_version_gives_the_same_numbers() -> None:
    panel = simulate_panel(3, growth=0.3)
    table = estimate_staggered(panel, leads=8, lags=10)
    events = table[table["kind"] == "event"].set_index("event_time")["value"]
    wanted = plain(panel, 8, 10)
    assert events.to_dict() == pytest.approx(wanted)
    assert at(table, -1)["value"] == 0 and pd.isna(at(table, -1)["low"])


def test_real_staggered_laws_give_the_same_numbers() -> None:
    from causaldata import castle

    rows = castle.load_pandas().data
    rows["homicide"] = rows["homicide"].astype(float)
    start = rows[rows["post"] > 0].groupby("sid")["year"].min()
    panel = rows.assign(first_trained=rows["sid"].map(start))
    panel = panel.rename(columns={"sid": "unit_id", "year": "period", "homicide": "value"})
    table = estimate_staggered(panel, leads=6, lags=4)
    events = table[table["kind"] == "event"].set_index("event_time")["value"]
    assert events.to_dict() == pytest.approx(plain(panel, 6, 4))
    assert overall(table)["n"] == 21  # states that changed their law


def test_already_trained_units_are_never_a_comparison() -> None:
    # Everybody is trained in the end; effects grow, so early units would be a wrong comparison.
    panel = simulate_panel(5, trained=20, noise=0.0, effect=2.0, growth=1.0)
    table = estimate_staggered(panel, leads=6, lags=5)
    truth = {step: 2.0 + step for step in range(6)}
    found = {step: at(table, step)["value"] for step in truth}
    assert found == pytest.approx(truth)
    dummies = panel.assign(on=(panel["period"] >= panel["first_trained"]).astype(float))
    fitted = smf.ols("value ~ on + C(unit_id) + C(period)", dummies).fit()
    after = (panel["period"] - panel["first_trained"]).where(lambda e: e >= 0)
    mean_effect = (2.0 + after).mean()
    assert fitted.params["on"] < 0.5 * mean_effect  # two-way fixed effects: less than half of it
    sizes = {step: at(table, step)["n"] for step in truth}
    wanted = sum(truth[s] * sizes[s] for s in truth) / sum(sizes.values())
    assert overall(table)["value"] == pytest.approx(wanted)


@pytest.mark.parametrize("base", [1, 3])
def test_holes_do_not_move_an_exact_effect(base: int) -> None:
    panel = simulate_panel(7, noise=0.0, effect=3.0, missing=0.25)
    table = estimate_staggered(panel, base=base)
    after = table[(table["kind"] == "event") & (table["event_time"] >= 0)]
    assert after["value"].tolist() == pytest.approx([3.0] * len(after))
    missing = panel.assign(value=panel["value"].where(panel["period"] % 7 != 0))
    assert overall(estimate_staggered(missing, base=base))["value"] == pytest.approx(3.0)


def test_order_names_shift_and_scale_do_not_matter() -> None:
    panel = simulate_panel(8, missing=0.1)
    table = estimate_staggered(panel, base=2)
    again = estimate_staggered(panel.sample(frac=1, random_state=1), base=2)
    pd.testing.assert_frame_equal(table, again)
    other = panel.assign(value=panel["value"] * 2 + 100, period=panel["period"] + 7)
    other["first_trained"] += 7
    figures = ["value", "low", "high"]
    scaled = estimate_staggered(other, base=2)[figures] / 2
    assert scaled.to_numpy() == pytest.approx(table[figures].to_numpy(), nan_ok=True)
    assert (table["low"].dropna() <= table["value"][table["low"].notna()]).all()


def test_months_as_text_and_as_numbers_agree() -> None:
    panel = simulate_panel(9)
    months = {i: f"{2025 + i // 12}-{i % 12 + 1:02d}" for i in range(24)}
    text = panel.assign(
        period=panel["period"].map(months), first_trained=panel["first_trained"].map(months)
    )
    pd.testing.assert_frame_equal(estimate_event_study(panel), estimate_event_study(text))


def test_units_drawn_together_count_once() -> None:
    panel = simulate_panel(10, units=12, trained=6)
    copies = [
        panel.assign(person=panel["unit_id"] + str(i), session=panel["unit_id"]) for i in range(4)
    ]
    many = pd.concat(copies, ignore_index=True)
    alone = estimate_staggered(panel)
    drawn = estimate_staggered(many, unit="person", cluster="session")
    columns = ["value", "low", "high"]
    assert drawn[columns].to_numpy() == pytest.approx(alone[columns].to_numpy(), nan_ok=True)
    naive = overall(estimate_staggered(many, unit="person"))
    shown = overall(drawn)
    assert shown["high"] - shown["low"] > 1.5 * (naive["high"] - naive["low"])
    assert shown["n"] == 24


def test_a_drift_before_training_is_seen() -> None:
    calm, drifting = (
        estimate_event_study(simulate_panel(11, noise=0.5, drift=d)) for d in (0, 0.5)
    )
    for kind in ("before", "before joint", "placebo"):
        assert drifting.set_index("kind").loc[kind, "p"] < 0.01
        assert calm.set_index("kind").loc[kind, "p"] > 0.05


def test_the_placebo_sees_only_what_came_before() -> None:
    panel = simulate_panel(12)
    changed = panel.assign(value=panel["value"] + 50 * (panel["period"] >= panel["first_trained"]))
    pd.testing.assert_frame_equal(estimate_placebo(panel), estimate_placebo(changed))
    with pytest.raises(AnalysisError, match="at least one period"):
        estimate_placebo(panel, shift=0)


def test_too_few_units_have_no_interval() -> None:
    panel = simulate_panel(13, units=6, trained=1)
    row = overall(estimate_staggered(panel))
    assert pd.notna(row["value"]) and pd.isna(row["low"]) and row["method"].endswith("too few")
    lonely = overall(
        estimate_staggered(simulate_panel(13, units=6, trained=5).query("period < 12"))
    )
    assert pd.notna(lonely["value"])
    nobody = estimate_staggered(panel.assign(first_trained=np.nan))
    assert nobody.empty
    always = estimate_staggered(panel.assign(first_trained=0))
    assert always.empty  # no period before, nobody to compare with


def test_a_broken_panel_is_refused() -> None:
    panel = simulate_panel(14)
    for wrong in (
        pd.concat([panel, panel.head(1)]),
        panel.assign(first_trained=panel["period"]),
        panel.drop(columns="value"),
        panel.head(0),
    ):
        with pytest.raises(DataError):
            estimate_staggered(wrong)
    with pytest.raises(AnalysisError, match="base"):
        estimate_staggered(panel, base=0)


def test_a_unit_is_trained_when_enough_completed() -> None:
    sessions = pd.DataFrame({"session_id": ["S1", "S2", "X"], "course_id": ["C", "C", "D"]}).assign(
        end=["2026-03-14", "2026-05-02", "2026-01-01"]
    )
    rows = [("S1", "A1"), ("S2", "A2"), ("S2", "A1"), ("S2", "B1"), ("X", "B1"), ("X", "B2")]
    attendance = pd.DataFrame(rows, columns=["session_id", "staff_id"]).assign(status="completed")
    attendance.loc[3, "status"] = "dropped"
    people = {"A": 4, "B": 2}
    names = [(f"{u}{i}", u) for u, count in people.items() for i in range(1, count + 1)]
    staff = pd.DataFrame(names, columns=["staff_id", "unit_id"])
    table = find_trained_units(attendance, sessions, staff, course="C", share=0.5)
    table = table.set_index("unit_id")
    assert table.loc["A"].tolist() == ["2026-05", 0.5, 4]
    assert pd.isna(table.loc["B", "first_trained"]) and table.loc["B", "share"] == 0
    early = find_trained_units(attendance, sessions, staff, course="C", share=0.25)
    assert early["first_trained"][0] == "2026-03"
    units = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
    above = find_trained_units(attendance, sessions, staff, course="C", units=units)
    assert above.set_index("unit_id").loc["R", ["first_trained", "n"]].tolist() == ["2026-05", 6]
    for wrong in ({"course": "Z"}, {"course": "C", "share": 0}):
        with pytest.raises(AnalysisError):
            find_trained_units(attendance, sessions, staff, **wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "base"),
    [
        ({"units": 12, "trained": 6}, 3),
        ({"units": 20, "trained": 10}, 1),
        ({"units": 20, "trained": 10, "missing": 0.15}, 3),
        ({"units": 30, "trained": 12}, 3),
    ],
)
def test_intervals_cover_the_planted_effect(shape, base) -> None:
    runs = cases(100, 400)
    most = 0.4 / np.sqrt(runs)  # two standard errors of a share of 0.95
    tables = [
        estimate_staggered(simulate_panel(s, **shape), base=base, leads=8, lags=8)
        for s in range(5000, 5000 + runs)
    ]
    rows = pd.DataFrame([overall(t) for t in tables])
    covered = ((rows["low"] <= 2) & (rows["high"] >= 2)).mean()
    assert abs(covered - 0.95) <= most
    assert rows["value"].mean() == pytest.approx(2, abs=4 * rows["value"].std() / np.sqrt(runs))
    third = pd.DataFrame([at(t, 3) for t in tables])
    assert abs(((third["low"] <= 2) & (third["high"] >= 2)).mean() - 0.95) <= 1.5 * most
    joint = np.mean([t.set_index("kind").loc["before joint", "p"] < 0.05 for t in tables])
    assert joint <= 0.09


@pytest.mark.slow
def test_people_in_sessions_are_covered_too() -> None:
    covered = []
    for seed in range(cases(100, 300)):
        rng = np.random.default_rng(seed)
        people = pd.DataFrame({"staff_id": [f"P{i}" for i in range(160)]})
        people["session"] = [f"S{i // 10}" if i < 80 else None for i in range(160)]
        people["first"] = np.where(np.arange(160) < 80, 2.0, np.nan)
        shared = people["session"].map({f"S{i}": rng.normal(0, 3) for i in range(8)})
        before = rng.normal(60, 8, 160)
        after = before + rng.normal(0, 6, 160) + 1 + (5 + shared).fillna(0)
        panel = pd.concat([people.assign(time=1, score=before), people.assign(time=2, score=after)])
        names = {"unit": "staff_id", "period": "time", "outcome": "score", "first": "first"}
        row = overall(estimate_staggered(panel, **names, cluster="session"))
        covered.append(row["low"] <= 5 <= row["high"])
    assert 0.92 <= np.mean(covered) <= 0.98
