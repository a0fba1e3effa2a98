"""Shrunk gaps: lme4's numbers, what is left as it is, and errors on planted truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.ranks import measure_shrinkage
from cakra_analysis.needs.shrinkage import shrink_gaps
from tests.sizes import cases

GOLDENS = Path(__file__).parent / "goldens"
Z = stats.norm.ppf(0.975)
COLUMNS = ["unit_id", "competency_id", "value", "low", "high", "shrunk", "shrunk_low"]
COLUMNS += ["shrunk_high", "weight", "n", "level", "method"]


def tree(**children: str) -> pd.DataFrame:
    """Units under parents under R."""
    rows = [("R", None)] + [(parent, "R") for parent in children if parent != "R"]
    rows += [(child, parent) for parent, names in children.items() for child in names]
    return pd.DataFrame(rows, columns=["unit_id", "parent_id"])


def scored(units: list[str], values, variances, *, n=5, people=np.nan, code="M.1") -> pd.DataFrame:
    frame = pd.DataFrame({"unit_id": units, "competency_id": code, "value": values, "n": n})
    half = Z * np.sqrt(variances)
    low, high = frame["value"] - half, frame["value"] + half
    return frame.assign(low=low, high=high, level=0.95, people=people)


@pytest.mark.parametrize("data", ["Dyestuff", "Pastes"])  # one level, two levels
def test_balanced_data_give_the_numbers_of_lme4(data: str) -> None:
    rows = pd.read_csv(GOLDENS / "shrinkage.csv").query("data == @data").reset_index(drop=True)
    parents = [code for code in rows["parent"].unique() if code != "R"]
    above = [None, *["R"] * len(parents), *rows["parent"]]
    units = pd.DataFrame({"unit_id": ["R", *parents, *rows["unit"]], "parent_id": above})
    gaps = scored(rows["unit"], rows["mean"], rows["residual"] / rows["n"], n=rows["n"])
    table = shrink_gaps(gaps, units)
    assert set(COLUMNS) <= set(table)
    assert table["shrunk"].tolist() == pytest.approx(rows["shrunk"].tolist(), abs=1e-6)


def test_what_is_known_well_stays_and_what_is_not_moves() -> None:
    variances = [0.0001, 0.01, 0.1, 1.0, 0.05, 0.05]
    gaps = scored(list("ABCDEF"), [2.0, 2.0, 2.0, 2.0, 0.0, 1.0], variances)
    table = shrink_gaps(gaps, tree(R="ABCDEF"))
    assert table["weight"].head(4).is_monotonic_decreasing
    assert table["shrunk"].head(4).is_monotonic_decreasing
    assert table["shrunk"].between(0, 2).all() and table["weight"].between(0, 1).all()
    narrower = (table["shrunk_high"] - table["shrunk_low"]) < (table["high"] - table["low"])
    assert narrower.iloc[3]


def test_left_as_they_are() -> None:
    units = tree(R="", P="ABCDE", Q="X")
    gaps = scored(
        ["R", "P", "Q", *"ABCDE", "X"], np.arange(9.0), [0.1] * 3 + [0, np.nan] + [0.2] * 4
    )
    table = shrink_gaps(gaps, units).set_index("unit_id")
    # Of A-E only three have an interval of some width; P and Q are two: too few to tell.
    assert (table["shrunk"] == table["value"]).all() and (table["weight"] == 1).all()
    assert table["method"].str.startswith("as it is").all()
    same = table.drop(index="B")
    assert same["shrunk_low"].tolist() == pytest.approx(same["low"].tolist())
    assert np.isnan(table.loc["B", "shrunk_low"]) and table.loc["A", "shrunk_low"] == 3


def test_an_only_child_and_the_top_stay_while_others_move() -> None:
    units = tree(P="ABCDE", Q="X")
    gaps = scored(["R", *"ABCDE", "X"], [1.0, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0], 0.2)
    table = shrink_gaps(gaps, units).set_index("unit_id")
    assert (table["weight"] == 1).tolist() == [True, *[False] * 5, True]


def test_no_competency_no_unit_no_difference() -> None:
    units = tree(R="ABCDE")
    empty = scored([], [], 0.1)
    assert shrink_gaps(empty, units).empty and list(shrink_gaps(empty, units)) == COLUMNS
    alike = shrink_gaps(scored(list("ABCDE"), [1.0] * 5, 0.2), units)
    assert alike["shrunk"].tolist() == pytest.approx([1.0] * 5)
    assert (alike["shrunk_high"] > alike["shrunk_low"] + 0.1).all()


def test_confidence_is_kept_for_both_intervals() -> None:
    gaps = scored(list("ABCDE"), [0.0, 0.5, 1.0, 1.5, 2.0], 0.2)
    wide, narrow = (shrink_gaps(gaps, tree(R="ABCDE"), confidence=c) for c in (0.95, 0.8))
    assert wide["low"].tolist() == pytest.approx(gaps["low"].tolist())
    for low, high in (("low", "high"), ("shrunk_low", "shrunk_high")):
        ratio = (narrow[high] - narrow[low]) / (wide[high] - wide[low])
        assert ratio.tolist() == pytest.approx([stats.norm.ppf(0.9) / Z] * 5)


def test_few_people_are_expected_to_differ_more() -> None:
    rng = np.random.default_rng(3)
    people = np.array([4, 40] * 10)
    n = np.array([3, 36, 4, 20] * 5)
    spread = 0.4 * (1 - n / people) / n + 0.1 / n
    units = tree(R="ABCDEFGHIJKLMNOPQSTU")
    values = rng.normal(1, 0.3, 20)
    gaps = scored(units["unit_id"].tolist()[1:], values, spread, n=n, people=people)
    told, untold = (shrink_gaps(g, units) for g in (gaps, gaps.assign(people=np.nan)))
    assert told["weight"].iloc[0] > untold["weight"].iloc[0]


def test_order_names_and_unit_of_measure_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    units = tree(P="ABCDE", Q="FGHIJ")
    gaps = pd.concat(
        scored(list("ABCDEFGHIJ"), rng.normal(1, 0.5, 10), rng.uniform(0.05, 0.3, 10), code=code)
        for code in ("M.1", "M.2")
    ).reset_index(drop=True)
    table = shrink_gaps(gaps, units)
    order = rng.permutation(len(gaps))
    shuffled = shrink_gaps(gaps.iloc[order], units.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, table.iloc[order].reset_index(drop=True))
    letters = dict(zip("RPQABCDEFGHIJ", "zyxwvutsrqpon", strict=True))
    renamed = shrink_gaps(
        gaps.replace({"unit_id": letters}), units.replace(dict.fromkeys(units, letters))
    )
    numbers = ["shrunk", "shrunk_low", "shrunk_high", "weight"]
    pd.testing.assert_frame_equal(renamed[numbers], table[numbers])
    sizes = ["value", "low", "high"]
    moved = shrink_gaps(gaps.assign(**{c: gaps[c] * 3 + 2 for c in sizes}), units)
    for name in numbers[:3]:
        expected = (table[name] * 3 + 2).tolist()
        assert moved[name].tolist() == pytest.approx(expected, abs=1e-5)
    before = gaps.copy()
    shrink_gaps(gaps, units)
    pd.testing.assert_frame_equal(gaps, before)


@pytest.mark.slow
@pytest.mark.parametrize("between", [0.0, 0.05, 0.5])
def test_intervals_hold_the_truth_whatever_the_spread_between_units(between: float) -> None:
    rng = np.random.default_rng(8)
    names = [f"U{i:02}" for i in range(12)]
    units = pd.DataFrame({"unit_id": ["R", *names], "parent_id": [None, *["R"] * 12]})
    parts, truths = [], []
    for i in range(300):
        variance = rng.uniform(0.02, 0.3, 12)
        truth = rng.normal(1, np.sqrt(between), 12)
        truths.append(truth)
        parts.append(scored(names, rng.normal(truth, np.sqrt(variance)), variance, code=f"K{i:03}"))
    table, truth = shrink_gaps(pd.concat(parts), units), np.concatenate(truths)
    covered = (table["shrunk_low"] <= truth) & (truth <= table["shrunk_high"])
    assert covered.mean() > 0.93
    raw, shrunk = ((table[c] - truth).pow(2).mean() for c in ("value", "shrunk"))
    assert shrunk < raw


@pytest.mark.slow
def test_competencies_that_differ_alike_share_one_spread() -> None:
    rng = np.random.default_rng(5)
    names = list("ABCDEFGH")
    units = tree(R="ABCDEFGH")

    def weights(spreads) -> np.ndarray:
        """Kept by each competency together with the others, and by itself."""
        parts = [
            scored(names, rng.normal(1, np.sqrt(a + 0.1), 8), 0.1, code=f"K{i:02}")
            for i, a in enumerate(spreads)
        ]
        alone = [shrink_gaps(part, units)["weight"].iloc[0] for part in parts]
        together = shrink_gaps(pd.concat(parts), units).groupby("competency_id")["weight"].first()
        return np.array([together, alone])

    together, alone = weights([0.1] * 10)
    assert np.std(together) < 0.4 * np.std(alone)
    assert np.mean(together) == pytest.approx(0.5, abs=0.2)
    # Where they truly differ, nobody is drawn further than by the own competency.
    together, alone = weights([0.0, 5.0] * 5)
    assert together[1::2] == pytest.approx(alone[1::2], abs=0.02)
    assert (together[::2] < together[1::2].min()).all()


def test_what_all_units_share_draws_nobody_and_stays_in_the_interval() -> None:
    units = tree(R="ABCDEF")
    values = [0.0, 0.4, 0.9, 1.5, 2.0, 2.6]
    plain = shrink_gaps(scored(list("ABCDEF"), values, 0.2), units)
    common = scored(list("ABCDEF"), values, 0.2 + 0.1).assign(anchor_variance=0.1)
    table = shrink_gaps(common, units)
    assert table["shrunk"].tolist() == pytest.approx(plain["shrunk"].tolist())
    spread = [((t["shrunk_high"] - t["shrunk"]) / Z) ** 2 for t in (plain, table)]
    assert (spread[1] - spread[0]).tolist() == pytest.approx([0.1] * 6)
    raw = common["high"] - common["low"]
    assert (table["high"] - table["low"]).tolist() == pytest.approx(raw.tolist())


@pytest.mark.slow
def test_small_units_of_planted_regions_come_nearer_to_the_truth() -> None:
    table = measure_shrinkage(range(cases(2, 8)))
    small = table.loc["under 15"]
    assert small["less"] > 0.15
    assert 0.93 <= small["shrunk_covered"] <= 0.98
    assert small["shrunk_width"] < small["raw_width"]
    assert table.loc["15 or more", "less"] > 0
