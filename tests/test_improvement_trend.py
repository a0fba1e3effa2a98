"""The trend of gaps: exact parts, worked by hand, planted growth, and who may be named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import improvement, privacy
from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.parts import PARTS
from cakra_analysis.improvement.trend_caveats import find_trend_caveats
from cakra_analysis.names import add_names
from cakra_analysis.serving import select_staff
from cakra_analysis.synthetic.people import GROWTH, make_people
from cakra_analysis.synthetic.places import COMPETENCIES, make_units
from cakra_analysis.words import say

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
ITEM = "M.1"
CYCLES = ("2025", "2026")
# docs/methods.md: A stays with 1.0 -> 0.6, B with 0.5 -> 0.3; C (3.0) leaves, D (1.2) joins.
WORKED = [("A", "2025", 1.0), ("B", "2025", 0.5), ("C", "2025", 3.0),
          ("A", "2026", 0.6), ("B", "2026", 0.3), ("D", "2026", 1.2)]  # fmt: skip


def frame(rows, *, unit="A", item=ITEM):
    table = pd.DataFrame(rows, columns=["staff_id", "cycle", "gap"])
    return table.assign(unit_id=unit, competency_id=item)


def row_of(trend, unit="A", item=ITEM, first="2025"):
    mine = (trend["unit_id"] == unit) & (trend["competency_id"] == item)
    return trend[mine & (trend["first"] == first)].iloc[0]


def test_example_worked_by_hand() -> None:
    row = row_of(improvement.score_trend(frame(WORKED), UNITS))
    # Stayers: 0.75 -> 0.45. Leaver: a third of (0.75 - 3.0). Joiner: a third of (1.2 - 0.45).
    assert row["value"] == pytest.approx(-0.30, abs=1e-12)
    assert row["left"] == pytest.approx(-0.75, abs=1e-12)
    assert row["joined"] == pytest.approx(0.25, abs=1e-12)
    assert row["total"] == pytest.approx(0.7 - 1.5, abs=1e-12)
    assert [row[c] for c in ("n", "n_joined", "n_left", "n_moved", "n_came", "n_went")] == [
        2, 1, 1, 0, 1, 1]  # fmt: skip
    # Changes -0.4 and -0.2: mean -0.3, standard error 0.1, t on one degree of freedom.
    assert (row["low"], row["high"]) == pytest.approx((-0.3 - 1.2706205, -0.3 + 1.2706205))
    assert row["comparable"]
    assert not row["declared"]


def test_rated_in_one_cycle_only_is_neither_joined_nor_left() -> None:
    serving = pd.DataFrame({"staff_id": list("ABCD") * 2, "cycle": ["2025"] * 4 + ["2026"] * 4})
    row = row_of(improvement.score_trend(frame(WORKED), UNITS, serving=serving))
    assert (row["n_joined"], row["n_left"], row["n_answered"]) == (0, 0, 2)
    assert row["answered"] == pytest.approx(-0.5, abs=1e-12)
    assert (row["joined"], row["joined_low"], row["joined_high"]) == (0, 0, 0)


def test_moves_count_below_and_vanish_above() -> None:
    gaps = frame([*WORKED, ("E", "2025", 2.0), ("E", "2026", 1.0)])
    gaps.loc[(gaps["staff_id"] == "E") & (gaps["cycle"] == "2026"), "unit_id"] = "B"
    trend = improvement.score_trend(gaps, UNITS)
    assert row_of(trend, "A")["n_moved"] == 1
    assert row_of(trend, "R")["n_moved"] == 0
    assert row_of(trend, "R")["n"] == 3
    # Left A with 2.0, of four people whose stayers had 0.75.
    assert row_of(trend, "A")["moved"] == pytest.approx((0.75 - 2.0) / 4, abs=1e-12)


@pytest.mark.slow
def test_parts_add_up_exactly() -> None:
    """Sixty units in which people come, go, move and are not always rated."""
    rng = np.random.default_rng(11)
    units = [f"U{number}" for number in range(60)]
    tree = pd.DataFrame({"unit_id": ["R", *units], "parent_id": [None, *["R"] * 60]})
    rows = [
        (f"P{person}", rng.choice(units) if rng.random() < 0.2 else units[person % 60], c, i, gap)
        for person in range(400)
        for c in ("2024", "2025", "2026")
        for i, gap in (("M.1", rng.normal()), ("M.2", 3 + rng.normal()))
        if rng.random() < 0.6
    ]
    gaps = pd.DataFrame(rows, columns=["staff_id", "unit_id", "cycle", "competency_id", "gap"])
    gaps["unit_id"] = gaps.groupby(["staff_id", "cycle"])["unit_id"].transform("first")
    serving = gaps[["staff_id", "cycle"]].drop_duplicates().iloc[::2]
    trend = improvement.score_trend(gaps, tree, serving=serving)
    known = trend[trend["value"].notna()]
    assert len(known) > 400
    assert (known[["n_joined", "n_left", "n_moved", "n_answered"]].sum() > 100).all()
    parts = known[["value", *PARTS]].sum(axis=1)
    assert np.abs(parts - known["total"]).max() < 1e-12
    assert np.abs(known["value"] + known["who"] - known["total"]).max() < 1e-12
    both = trend[trend["total"].notna()]
    assert np.abs(both["mean_last"] - both["mean_first"] - both["total"]).max() < 1e-12
    # Shuffled rows and other names give the same figures.
    again = gaps.sample(frac=1, random_state=1).assign(staff_id=lambda t: "X" + t["staff_id"])
    other = serving.assign(staff_id="X" + serving["staff_id"])
    pd.testing.assert_frame_equal(
        trend, improvement.score_trend(again, tree, serving=other), rtol=1e-9
    )


def test_pure_composition_is_zero_on_the_same_people() -> None:
    rng = np.random.default_rng(3)
    stay = {f"S{i}": rng.normal(1, 0.5) for i in range(30)}
    rows = [(who, cycle, gap) for who, gap in stay.items() for cycle in ("2025", "2026")]
    rows += [(f"J{i}", "2026", 3.0 + i / 10) for i in range(6)]
    row = row_of(improvement.score_trend(frame(rows), UNITS))
    assert row["value"] == 0
    assert row["total"] == pytest.approx(row["joined"], abs=1e-12)
    assert row["total"] > 0.3
    judged = improvement.judge_changes(improvement.score_trend(frame(rows), UNITS))
    assert set(judged["verdict"]) == {"unclear"}


def test_all_compares_the_competencies_rated_twice() -> None:
    first, second = frame(WORKED), frame(WORKED, item="M.2")
    second["gap"] += 10  # M.2 was rated in 2025 only for A
    gaps = pd.concat([first, second[~((second["staff_id"] == "A") & (second["cycle"] == "2026"))]])
    row = row_of(improvement.score_trend(gaps, UNITS), item="all")
    # A: M.1 alone, -0.4; B: both, -0.2.
    assert row["value"] == pytest.approx(-0.3, abs=1e-12)


NOISE = 0.35


def make_planted(regions: int):
    """Gaps of regions with planted growth, rated with noise; each is a unit with units below it."""
    parts, truth, trees = [], [], []
    codes = [c[0] for c in COMPETENCIES][:2]
    for number in range(regions):
        rng = np.random.default_rng(number)
        units = make_units(1, 150)
        people = make_people(units, 3, rng)
        own = np.array([f"{number}:{unit}" for unit in units["unit_id"]])
        above = units["parent_id"].map(lambda unit, n=number: f"{n}:{unit}" if unit else None)
        trees.append(pd.DataFrame({"unit_id": own, "parent_id": above}))
        for cycle in range(3):
            serving = people.serving_in(cycle)
            serving = serving[rng.random(len(serving)) < 0.85]
            true = (people.required - people.level_in(cycle))[serving, :2]
            rows = pd.DataFrame(
                {
                    "staff_id": np.repeat([f"{number}:{i}" for i in serving], 2),
                    "unit_id": np.repeat(own[people.unit[serving]], 2),
                    "competency_id": np.tile(codes, len(serving)),
                    "cycle": f"{2024 + cycle}",
                    "gap": (true + NOISE * rng.standard_normal(true.shape)).ravel(),
                    "noise_variance": NOISE**2,
                }
            )
            parts.append(rows)
            truth.append(rows.assign(true=true.ravel(), region=number))
    return pd.concat(parts), pd.concat(trees), pd.concat(truth)


@pytest.fixture(scope="module")
def planted():
    gaps, units, truth = make_planted(30)
    return improvement.judge_changes(improvement.score_trend(gaps, units)), units, truth


def find_roots(units):
    return units.loc[units["parent_id"].isna(), "unit_id"]


@pytest.mark.slow
def test_planted_growth_is_recovered_at_the_stated_rate(planted) -> None:
    trend, units, truth = planted
    rows = trend[trend["unit_id"].isin(find_roots(units)) & (trend["competency_id"] == "all")]
    rows = rows[rows["first"] == "2025"]
    wide = truth.pivot(
        index=["region", "staff_id", "competency_id"], columns="cycle", values="true"
    )
    true = (wide["2026"] - wide["2025"]).dropna().groupby("region").mean().to_numpy()
    number = rows["unit_id"].str.split(":").str[0].astype(int)
    assert len(rows) == 30
    assert rows["value"].mean() == pytest.approx(-GROWTH, abs=0.01)
    held = (rows["low"] <= true[number]) & (rows["high"] >= true[number])
    assert held.sum() >= 25  # 95% stated; fewer would be chance in one of a thousand


@pytest.mark.slow
def test_noise_says_how_little_one_persons_change_is(planted) -> None:
    trend, units, _ = planted
    rows = trend[trend["unit_id"].isin(find_roots(units)) & (trend["competency_id"] == ITEM)]
    # Everybody grows alike: what changes differ by is noise.
    assert rows["reliability"].mean() < 0.1


def test_shared_error_widens_change_and_total_but_no_part() -> None:
    rows = [(f"S{i}", c, i % 3 + 0.1 * i * (c == "2026")) for i in range(12) for c in CYCLES]
    gaps = frame([*rows, ("J", "2026", 1.0), ("K", "2026", 2.0)])
    plain = row_of(improvement.score_trend(gaps, UNITS))
    shared = row_of(improvement.score_trend(gaps.assign(anchor_variance=0.04), UNITS))
    assert shared["high"] - shared["low"] > plain["high"] - plain["low"]
    assert shared["joined_high"] == plain["joined_high"]


def test_few_marks_are_false_and_zero_is_in_none() -> None:
    rng = np.random.default_rng(1)
    n = 400
    error = 0.1
    value = rng.normal(0, error, n)
    value[:40] -= 0.5  # truly better
    half = error * 2.0106  # t with 48 degrees of freedom
    trend = pd.DataFrame({"period": "p", "value": value, "low": value - half,
                          "high": value + half, "level": 0.95, "n": 49})  # fmt: skip
    judged = improvement.judge_changes(trend)
    marked = judged[judged["verdict"] != "unclear"]
    assert len(marked) >= 35
    assert (marked.index >= 40).mean() <= 0.1
    assert ((marked["low"] > 0) | (marked["high"] < 0)).all()
    assert (judged.loc[:39, "verdict"] != "worse").all()
    lost = trend.assign(value=np.nan, low=np.nan, high=np.nan)
    assert improvement.judge_changes(lost)["verdict"].isna().all()


def test_same_units_hold_the_mix_fixed() -> None:
    # Kitagawa by hand: kinds x (gap 1.0 -> 0.8) and y (0.0 -> 0.0), shares 2/3 -> 1/3.
    rows = [("A", "2025", 1.0, "x"), ("B", "2025", 1.0, "x"), ("C", "2025", 0.0, "y"),
            ("A", "2026", 0.8, "x"), ("B", "2026", 0.0, "y"), ("C", "2026", 0.0, "y")]  # fmt: skip
    gaps = pd.DataFrame(rows, columns=["staff_id", "cycle", "gap", "job_class"])
    gaps = gaps.assign(unit_id="A", competency_id=ITEM)
    table = improvement.score_same_units(gaps, UNITS)
    row = row_of(table)
    assert row["value"] == pytest.approx(0.5 * -0.2, abs=1e-12)
    assert row["mix"] == pytest.approx(-(0.9) / 3, abs=1e-12)
    assert row["total"] == pytest.approx(0.8 / 3 - 2 / 3, abs=1e-12)
    assert row["total"] == pytest.approx(row["value"] + row["mix"], abs=1e-12)


def test_same_units_cover_no_change() -> None:
    """Eighty units in which nobody changes, each of 60 people who are rated four times in five."""
    rng = np.random.default_rng(5)
    unit, kind = np.repeat(np.arange(80), 60), np.tile(np.where(np.arange(60) % 3, "y", "x"), 80)
    true = rng.normal(0, 0.6, 4800) + (kind == "x")
    one = pd.DataFrame({"staff_id": np.arange(4800), "job_class": kind})
    one = one.assign(unit_id=[f"U{u}" for u in unit], competency_id=ITEM)
    gaps = pd.concat(
        one.assign(cycle=cycle, gap=true + rng.normal(0, 0.4, 4800))[rng.random(4800) < 0.8]
        for cycle in CYCLES
    )
    tree = pd.DataFrame({"unit_id": one["unit_id"].unique(), "parent_id": None})
    table = improvement.score_same_units(gaps, tree)
    rows = table[table["competency_id"] == ITEM]
    held = (rows["low"] <= 0) & (rows["high"] >= 0)
    assert 70 <= held.sum() < 80
    assert ((rows["high"] - rows["low"]) > 0.2).all()


def test_nobody_who_came_or_went_stands_alone() -> None:
    rows = [(f"S{i}", c, i / 10 + 0.1 * (c == "2026")) for i in range(20) for c in ("2025", "2026")]
    gaps = pd.concat([frame([*rows, ("J", "2026", 4.0)]),
                      frame([(f"T{i}", c, i / 7) for i in range(20) for c in ("2025", "2026")]
                            + [(f"K{i}", "2026", 1.0) for i in range(7)], unit="B")])  # fmt: skip
    trend = improvement.judge_changes(improvement.score_trend(gaps, UNITS))
    shown = privacy.publish(
        improvement.select_changes(trend), "trend", audience="internal", units=UNITS
    ).table
    shown = shown[shown["competency_id"] == ITEM].set_index("unit_id")
    assert np.isnan(shown.loc["A", "value"])  # one joiner
    # R less B would give J's gap away: one of them goes too.
    assert shown.loc[["R", "B"], "value"].isna().sum() == 1
    parts = privacy.publish(
        improvement.select_parts(trend), "trend_parts", audience="internal", units=UNITS
    ).table
    assert parts.set_index(["unit_id", "competency_id"]).loc[("A", ITEM), "joined":].isna().any()


@pytest.mark.slow
def test_findings_follow_the_published_table(planted) -> None:
    trend, units, _ = planted
    units = units[units["unit_id"].str.startswith("2:")]
    trend = trend[trend["unit_id"].isin(units["unit_id"])].reset_index(drop=True)
    mine = (trend["competency_id"] == "M.2") & (trend["first"] == "2025")
    root = find_roots(units).item()
    trend.loc[mine & (trend["unit_id"] == root), ["value", "low", "high"]] = [-0.6, -0.7, -0.5]
    trend = improvement.judge_changes(trend)
    units = units.assign(name=units["unit_id"])
    items = pd.DataFrame(COMPETENCIES, columns=["competency_id", "name_id", "name_en", "group"])
    table = add_names(improvement.select_changes(trend), units=units, items=items)
    table = privacy.publish(table, "trend", audience="leadership", units=units).table
    latest = improvement.select_period(table)
    assert set(latest["first"]) == {"2025"}
    assert set(improvement.select_period(table, whole=True)["first"]) == {"2024"}
    assert improvement.find_change(latest, unit=root).values["first"] == "2025"
    found = improvement.find_improved(latest, unit=root)
    assert found.key == "improvement.trend.items.better"
    assert "Kerja sama" in [name["id"] for name in found.values["better"]]
    keys = [improvement.find_who(latest, unit=root).key]
    keys.append(improvement.find_changed_units(latest, among=units["unit_id"]).key)
    assert keys == ["improvement.trend.who.unclear", "improvement.trend.units.unclear"]
    assert improvement.find_change(latest, unit="none").key.endswith("none")
    for finding in [found, *find_trend_caveats(table, rate=0.05)]:
        assert say(finding, "id") != say(finding, "en")
    assert "improvement.trend.caveat.undeclared" in [
        f.key for f in find_trend_caveats(table, rate=0.05)
    ]


def test_opposite_directions_are_told() -> None:
    rows = [(f"S{i}", c, 1 + i / 30 - 0.3 * (c == "2026") + 0.01 * i * (c == "2026"))
            for i in range(20) for c in ("2025", "2026")]  # fmt: skip
    rows += [(f"J{i}", "2026", 3 + i / 10) for i in range(8)]
    trend = improvement.judge_changes(improvement.score_trend(frame(rows), UNITS))
    found = improvement.find_who(improvement.select_changes(trend), unit="A")
    assert found.key == "improvement.trend.who.opposite"
    assert found.values["total"] > 0 > found.values["value"]
    chance = improvement.select_changes(trend).assign(who_low=-0.1)
    assert improvement.find_who(chance, unit="A").key == "improvement.trend.who.unclear"
    assert improvement.find_parts(improvement.select_parts(trend), unit="A").values["n_joined"] == 8


def test_one_cycle_has_no_trend_and_says_so() -> None:
    one = frame(WORKED)
    one = one[one["cycle"] == "2025"]
    trend = improvement.judge_changes(improvement.score_trend(one, UNITS))
    whole = improvement.judge_changes(improvement.score_trend(frame(WORKED), UNITS))
    assert trend.empty and list(trend) == list(whole)
    moves = privacy.publish(improvement.select_changes(trend), "trend", audience="internal",
                            units=UNITS).table  # fmt: skip
    assert improvement.select_period(moves).empty
    assert improvement.find_change(moves, unit="A").key == "improvement.trend.change.none"
    assert improvement.find_who(moves, unit="A").key == "improvement.trend.who.none"
    assert improvement.compare_cycles(one).empty


def test_what_cannot_be_answered_is_refused() -> None:
    one = frame(WORKED)
    with pytest.raises(AnalysisError, match="needs ratings"):
        improvement.score_trend(one.head(0), UNITS)
    with pytest.raises(AnalysisError, match="two gaps"):
        improvement.score_trend(pd.concat([one, one.head(1)]), UNITS)
    with pytest.raises(AnalysisError, match="segment"):
        improvement.score_same_units(one, UNITS, by="segment")


@pytest.mark.slow
def test_region_is_gathered_and_moves_as_planted(region) -> None:
    from cakra_analysis.settings import Settings
    from cakra_analysis.year_trend import gather_forms, gather_gaps, gather_serving

    gaps = gather_gaps(region, cycle="2026", settings=Settings())
    assert sorted(gaps["cycle"].unique()) == ["2024", "2025", "2026"]
    assert gaps["basis"].nunique() == 1
    serving = gather_serving(region, cycle="2026")
    assert len(serving[serving["cycle"] == "2025"]) == len(select_staff(region["staff"], "2025"))
    trend = improvement.score_trend(
        gaps, region["units"], serving=serving, instruments=region["instruments"]
    )
    row = row_of(trend, "CKR", "all", "2025")
    assert row["declared"]
    assert row["low"] < -GROWTH < row["high"]
    assert row["n_answered"] > row["n_joined"] > 0
    forms, sessions = gather_forms(region, cycle="2026")
    assert forms["value"].between(1, 5).all()
    assert sessions["session_id"].is_unique
