"""The synthetic region: the same from a seed, dirty as real data is, true where it says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import DataError
from cakra_analysis.load import load
from cakra_analysis.synthetic import make_region, write_region
from cakra_analysis.synthetic.raters import SOURCES, expect, rate
from tests.conftest import REGION


@pytest.mark.slow
def test_the_committed_region_is_the_default_seeds(tmp_path: Path) -> None:
    written = write_region(make_region(with_levels=False), tmp_path)
    committed = sorted(p.relative_to(REGION) for p in REGION.rglob("*") if p.is_file())
    assert sorted(p.relative_to(tmp_path) for p in written) == committed
    for file in written:
        name = file.relative_to(tmp_path)
        assert file.read_bytes() == (REGION / name).read_bytes(), name


@pytest.mark.slow
def test_another_seed_gives_another_region_of_the_same_shape() -> None:
    one, two = (make_region(s, staff=150, cycles=2).tables["ratings"] for s in (1, 2))
    assert list(one.columns) == list(two.columns) and not one.equals(two)


def test_the_region_is_as_described(region) -> None:
    units, staff, ratings = region["units"], region["staff"], region["ratings"]
    assert (units["kind"] == "kelurahan").sum() == 10
    assert {"kecamatan", "puskesmas", "sekolah", "dinas"} <= set(units["kind"])
    serving = staff["last_cycle"].isna().sum()
    assert 580 <= serving <= 640
    assert region.cycles == ["2024", "2025", "2026"]
    assert set(ratings["source"]) == {"self", "supervisor", "peer"}
    sizes = staff[staff["last_cycle"].isna()].groupby("unit_id").size()
    assert sizes.min() <= 4 and sizes.max() >= 60
    levels = region["standards"].merge(region["positions"], on="position_id")
    general = levels[levels["competency_id"] == "M.5"].set_index("job_class")["required_level"]
    assert general["Administrator"].eq(3).all() and general["Pengawas"].eq(2).all()
    assert general["JPT Pratama"] == 4 and general["Pelaksana"] == 1
    assert 900 <= len(region["stakeholders"]) <= 1100


def test_mistakes_are_planted_and_found(region) -> None:
    rules = region.problems["rule"].value_counts()
    assert rules["too_high"] == 10 and rules["duplicate"] == 6


def test_the_stakeholders_mix_is_not_the_populations(region) -> None:
    margins = region["population_margins"].query("variable == 'age_band'")
    population = margins.set_index("category")["population"] / margins["population"].sum()
    answered = region["stakeholders"]["age_band"].value_counts(normalize=True)
    assert (population - answered).abs().max() > 0.08


def test_the_expected_rating_is_what_endless_rating_gives() -> None:
    rng = np.random.default_rng(3)
    level = rng.uniform(0, 5, (4, 10)).astype(np.float32)
    for source in SOURCES[:2]:
        repeated = np.repeat(level, 20_000, axis=0)
        ratings = rate(repeated, source, rng).astype(float)
        ratings[ratings < 0] = np.nan
        means = np.nanmean(ratings.reshape(4, 20_000, 10), axis=1)
        assert np.abs(means - expect(level, source)).max() < 0.03


def test_the_truth_returned_is_the_truth_rated(small) -> None:
    levels, ratings = small.truth["levels"], small.tables["ratings"]
    keys = ["staff_id", "competency_id"]
    own = ratings[ratings["source"] == "supervisor"].astype(dict.fromkeys(keys, "str"))
    both = own.merge(levels.astype(dict.fromkeys(keys, "str")), on=keys, validate="one_to_one")
    assert np.corrcoef(both["level"], both["true_level"])[0, 1] > 0.75
    gaps = levels.assign(gap=levels["required_level"] - levels["true_level"])
    unit = gaps.merge(small.tables["staff"][["staff_id", "unit_id"]].astype("str"), on="staff_id")
    means = unit.groupby(["unit_id", "competency_id"])["gap"].mean()
    planted = small.truth["gaps"].set_index(["unit_id", "competency_id"])["true_gap"]
    pd.testing.assert_series_equal(means, planted, check_names=False, rtol=1e-5, check_dtype=False)


def test_segments_differ_where_they_were_planted(small) -> None:
    people = small.truth["people"].set_index("staff_id")["segment"]
    levels = small.truth["levels"]
    short = levels["required_level"] - levels["true_level"]
    means = short.groupby([levels["staff_id"].map(people), levels["competency_id"]]).mean()
    assert means["digital services"]["T.1"] > means["maintenance"]["T.1"] + 0.6
    assert means["decision making"]["M.8"] > means["digital services"]["M.8"] + 0.5


@pytest.mark.slow
def test_any_size_keeps_the_contracts(tmp_path: Path) -> None:
    region = make_region(1, staff=5000, cycles=1)
    assert abs(len(region.tables["staff"]) - 5000) < 100
    write_region(region, tmp_path, kind="parquet")
    data = load(tmp_path)
    assert len(data.problems) == 16
    assert len(data["units"]) > 60


@pytest.mark.slow
def test_assessors_rate_some_rightly_and_change_nothing_else() -> None:
    plain, some = (make_region(4, staff=600, cycles=2, assessors=a) for a in (0.0, 0.2))
    own = make_region(4, staff=600, cycles=2, assessors=0.2, mistakes=False).tables["ratings"]
    assert set(plain.tables) == set(some.tables)
    for name in set(plain.tables) - {"ratings", "stakeholder_answers"}:
        pd.testing.assert_frame_equal(plain.tables[name], some.tables[name])
    without = make_region(4, staff=600, cycles=2, mistakes=False).tables["ratings"]
    assessed = own["source"] == "assessor"
    rest = own[~assessed].reset_index(drop=True).astype({"source": "str"})
    pd.testing.assert_frame_equal(rest, without.astype({"source": "str"}))
    last = own[assessed & (own["cycle"] == "2026")].astype({"staff_id": "str"})
    serving = (some.tables["staff"]["last_cycle"] == "").sum()
    assert last["staff_id"].nunique() == round(0.2 * serving)
    assert len(last) == 10 * last["staff_id"].nunique()
    keys = ["staff_id", "competency_id"]
    levels = some.truth["levels"].astype(dict.fromkeys(keys, "str"))
    both = last.astype(dict.fromkeys(keys, "str")).merge(levels, on=keys, validate="one_to_one")
    assert abs((both["level"] - both["true_level"]).mean()) < 0.06


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(DataError, match="at least 100 staff"):
        make_region(1, staff=5)
    with pytest.raises(DataError, match="1 to 3 cycles"):
        make_region(1, cycles=4)
    with pytest.raises(DataError, match=r"share of 1\.2"):
        make_region(1, assessors=1.2)


@pytest.mark.slow
def test_people_leave_and_are_replaced(small) -> None:
    region = make_region(5, staff=600, cycles=3, with_levels=False)
    staff = region.tables["staff"]
    left, came = (
        staff["last_cycle"].isin(["2024", "2025"]),
        staff["first_cycle"].isin(["2025", "2026"]),
    )
    assert left.sum() == came.sum() > 20
