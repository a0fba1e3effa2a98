"""One core of plain sums: the same numbers on every engine, and parts that add up."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.needs.gaps import categorise_gaps, score_gaps, score_sums
from cakra_analysis.needs.means import mean_sums
from cakra_analysis.needs.person_gaps import score_person_gaps
from cakra_analysis.needs.raters import combine_ratings
from cakra_analysis.needs.rating_sums import sum_ratings
from cakra_analysis.needs.sums import CELL, add_sums, sum_gaps
from cakra_analysis.scan import scan

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
WEIGHTS = {"self": 1, "supervisor": 2.5, "peer": 1, "assessor": 0}
ALSO = ["required", "observed", "noise_variance"]


def from_pandas(kind: type) -> Callable[[pd.DataFrame], Any]:
    def to_duckdb(table: pd.DataFrame) -> duckdb.DuckDBPyRelation:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        return duckdb.from_arrow(arrow)

    return {
        pd.DataFrame: lambda table: table,
        pl.DataFrame: pl.from_pandas,
        pl.LazyFrame: lambda table: pl.from_pandas(table).lazy(),
        duckdb.DuckDBPyRelation: to_duckdb,
        pa.Table: lambda table: pa.Table.from_pandas(table, preserve_index=False),
    }[kind]


KINDS = [pd.DataFrame, pl.DataFrame, pl.LazyFrame, duckdb.DuckDBPyRelation, pa.Table]
OTHERS = pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.__name__)


def to_pandas(table: Any, by: list[str] | None = None) -> pd.DataFrame:
    frame = nw.from_native(nw.from_native(table).lazy().collect("pyarrow").to_native())
    return frame.to_pandas().sort_values(by or [*CELL], ignore_index=True)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert one.columns.tolist() == other.columns.tolist()
    assert len(one) == len(other) > 0
    for name in one:
        if pd.api.types.is_numeric_dtype(one[name]):
            np.testing.assert_allclose(
                one[name].to_numpy(float), other[name].to_numpy(float), rtol=1e-9, atol=1e-9
            )
        else:
            assert one[name].tolist() == other[name].tolist()


def make_gaps(rows: int = 400, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "unit_id": rng.choice(["A", "B", "R"], rows),
            "competency_id": rng.choice(["M.1", "M.2"], rows),
            "required": 3.0,
            "gap": rng.integers(-9, 13, rows) / 3,
            "noise_variance": np.where(rng.random(rows) < 0.1, np.nan, rng.random(rows) / 5),
            "weight": rng.uniform(0.2, 3, rows),
        }
    )
    table["observed"] = table["required"] - table["gap"]
    table.loc[::17, "gap"] = np.nan
    return table


def make_ratings(people: int = 120, *, holes: bool = True) -> list[pd.DataFrame]:
    rng = np.random.default_rng(2)
    codes = [f"N{number}" for number in range(people)]
    staff = pd.DataFrame({"staff_id": codes, "unit_id": rng.choice(["A", "B"], people)})
    staff["position_id"] = rng.choice(["P", "Q"], people)
    if holes:
        staff.loc[::11, "position_id"] = None
    standards = [("P", "M.1", 3), ("P", "M.2", 4), ("Q", "M.1", 2)]
    columns = ["position_id", "competency_id", "required_level"]
    pairs = pd.DataFrame({"source": ["self", "supervisor", "peer", "peer", "assessor"]})
    ratings = staff[["staff_id"]].merge(
        pd.DataFrame({"competency_id": ["M.1", "M.2", "M.3"]}), "cross"
    )
    ratings = ratings.merge(pairs, "cross")
    ratings["level"] = rng.integers(0, 6, len(ratings)).astype(float)
    if holes:
        ratings.loc[rng.random(len(ratings)) < 0.3, "level"] = np.nan
    return [ratings, staff, pd.DataFrame(standards, columns=columns)]


def check_kind(convert: Callable[[pd.DataFrame], Any], kind: type) -> None:
    """What every engine must do; the kind of table that comes back is the one that was given."""
    gaps = make_gaps()
    for options in ({"also": ALSO}, {"also": ALSO, "weight": "weight"}, {"categories": None}):
        sums = sum_gaps(convert(gaps), **options)
        means = mean_sums(sums)
        assert isinstance(sums, kind)
        assert isinstance(means, kind)
        expected = sum_gaps(gaps, **options)
        same(to_pandas(sums), to_pandas(expected))
        same(to_pandas(means), to_pandas(mean_sums(expected)))
        halves = [sum_gaps(convert(part), **options) for part in (gaps[:150], gaps[150:])]
        whole = add_sums(*halves)
        assert isinstance(whole, kind)
        same(to_pandas(whole), to_pandas(expected))
        same(score_sums(sums, UNITS), score_sums(expected, UNITS))
    tables = make_ratings()
    for by in ([*CELL], ["competency_id"], ["unit_id"]):
        sums = sum_ratings(*(convert(table) for table in tables), weights=WEIGHTS, by=by)
        assert isinstance(sums, kind)
        expected = sum_ratings(*tables, weights=WEIGHTS, by=by)
        same(to_pandas(sums, by), to_pandas(expected, by))


@pytest.mark.slow
@OTHERS
def test_every_engine_gives_the_numbers_of_pandas_and_its_own_kind(kind: type) -> None:
    check_kind(from_pandas(kind), kind)


@pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None,
    reason="pyspark is not installed; make spark runs it",
)
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_numbers_of_pandas_and_its_own_kind() -> None:
    from pyspark.sql import DataFrame, SparkSession

    options = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    builder = SparkSession.builder.master("local[2]").appName("cakra")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        check_kind(lambda table: session.createDataFrame(_rows(table), _schema(table)), DataFrame)
    finally:
        session.stop()


def _rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(table.astype(object).where(table.notna(), None).itertuples(index=False, name=None))


def _schema(table: pd.DataFrame) -> str:
    kinds = {"f": "double", "i": "long"}
    return ", ".join(f"{name} {kinds.get(table[name].dtype.kind, 'string')}" for name in table)


def test_sums_by_hand() -> None:
    gaps = pd.DataFrame({"unit_id": "A", "competency_id": "M.1", "gap": [1.0, 0.0, 0.1 + 0.4, 3.0]})
    gaps["weight"], gaps["required"] = [1.0, 2.0, 4.0, 1.0], [3.0, np.nan, 2.0, 1.0]
    row = sum_gaps(gaps, weight="weight", also=["required"]).iloc[0]
    assert row[["n", "n_below", "n_none", "n_low", "n_medium", "n_high"]].tolist() == [
        4, 3, 1, 2, 0, 1,
    ]  # fmt: skip
    assert row[["sum_weight", "sum_weight_square"]].tolist() == [8, 22]
    assert row[["sum_gap", "sum_gap_square", "sum_below"]].tolist() == pytest.approx([6, 11, 6])
    assert row[["sum_required", "known_required"]].tolist() == [12, 6]
    mean = mean_sums(sum_gaps(gaps, weight="weight", also=["required"])).iloc[0]
    assert mean[["value", "below_share", "required"]].tolist() == [0.75, 0.75, 2.0]
    assert mean["n_effective"] == pytest.approx(64 / 22)
    assert mean["variance"] == pytest.approx((11 - 36 / 8) / (8 - 22 / 8))


def test_counts_keep_to_the_limits_of_categorise_gaps() -> None:
    gaps = pd.DataFrame({"gap": [-1.0, 0.1 + 0.2 - 0.3, 1 + 1e-12, 1.001, 2.0, 2.1]})
    gaps = gaps.assign(unit_id="A", competency_id="M.1")
    row = sum_gaps(gaps).iloc[0]
    counted = categorise_gaps(gaps["gap"], (0, 1, 2)).value_counts()
    assert {name: row[f"n_{name}"] for name in counted.index} == counted.to_dict()


def test_everybody_alike_has_no_spread_and_one_alone_none_that_is_known() -> None:
    gaps = pd.DataFrame({"unit_id": [*"AAAAAAB"], "competency_id": "M.1", "gap": 0.1})
    variance = mean_sums(sum_gaps(gaps)).set_index("unit_id")["variance"]
    assert variance["A"] == 0
    assert np.isnan(variance["B"])


def test_equal_weights_are_no_weights() -> None:
    gaps = make_gaps().assign(weight=0.3)
    plain = to_pandas(mean_sums(sum_gaps(gaps))).drop(columns="weight")
    same(to_pandas(mean_sums(sum_gaps(gaps, weight="weight"))).drop(columns="weight"), plain)


@pytest.mark.parametrize("noise", [True, False], ids=["with noise", "without noise"])
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not listed"])
def test_scores_from_sums_are_those_of_score_gaps(noise: bool, listed: bool) -> None:
    gaps = make_gaps().dropna(subset="gap").assign(gap_definition="standard minus observed")
    gaps["noise_variance"] = 0.05 if noise else np.nan
    gaps["noise_df"] = 40.0
    people = sum_gaps(gaps)[[*CELL, "n"]].rename(columns={"n": "people"}) if listed else None
    expected = score_gaps(gaps, UNITS, people=people)
    columns = [*ALSO, "noise_df"]
    scored = score_sums(sum_gaps(gaps, also=columns), UNITS, people=people)
    # A share with the noise taken out needs each person's chance, which is no plain sum.
    apart = [name for name in expected if name.startswith("need_")] if noise else []
    same(scored.drop(columns=[*apart, "method"]), expected.drop(columns=[*apart, "method"]))


@pytest.mark.parametrize("holes", [True, False])
def test_ratings_to_sums_are_the_person_gaps_of_pandas(holes: bool) -> None:
    ratings, staff, standards = make_ratings(holes=holes)
    sums = to_pandas(sum_ratings(ratings, staff, standards, weights=WEIGHTS))
    if holes:  # by hand: missing sources leave the others' weighted mean as it is
        rated = ratings.dropna(subset="level").assign(w=lambda t: t["source"].map(WEIGHTS))
        keys = ["staff_id", "competency_id"]
        means = rated[rated["w"] > 0].groupby([*keys, "source"]).mean().reset_index()
        means = means.assign(x=means["w"] * means["level"]).groupby(keys)[["x", "w"]].sum()
        observed = (means["x"] / means["w"]).rename("observed").reset_index()
        observed = observed.assign(noise_variance=0.0, noise_df=1.0, n_ratings=1)
    else:  # everybody has every source, so leniency cancels out
        observed = combine_ratings(ratings, weights=WEIGHTS)
    gaps = score_person_gaps(observed, standards, staff)
    same(sums, to_pandas(sum_gaps(gaps, also=["required", "observed"])))


numbers = st.integers(-20, 20).map(lambda k: k / 4)
rows_of = st.tuples(st.sampled_from("AB"), numbers, st.integers(1, 8), st.integers(0, 2))


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(rows=st.lists(rows_of, min_size=1, max_size=25))
def test_parts_add_up_however_they_are_split(rows: list[tuple[str, float, int, int]]) -> None:
    gaps = pd.DataFrame(rows, columns=["unit_id", "gap", "weight", "part"])
    gaps["competency_id"] = "M.1"
    parts = [part for _, part in gaps.groupby("part")]
    added = add_sums(*(sum_gaps(part, weight="weight") for part in parts))
    same(to_pandas(added), to_pandas(sum_gaps(gaps, weight="weight")))
    total = to_pandas(add_sums(sum_gaps(gaps), by=["competency_id"]), ["competency_id"])
    same(total, sum_gaps(gaps, by=["competency_id"]))


def test_what_cannot_be_summed_is_refused_in_words() -> None:
    gaps = make_gaps()
    with pytest.raises(AnalysisError, match='The gaps have no column "unit_id"'):
        sum_gaps(gaps.drop(columns="unit_id"))
    with pytest.raises(AnalysisError, match="list is no table"):
        sum_gaps([1])
    with pytest.raises(AnalysisError, match="same columns"):
        add_sums(sum_gaps(gaps), sum_gaps(gaps, categories=None))
    with pytest.raises(AnalysisError, match="no parts"):
        add_sums()
    with pytest.raises(AnalysisError, match='The sums have no column "n"'):
        mean_sums(gaps)
    ratings, staff, standards = make_ratings(4)
    with pytest.raises(AnalysisError, match=r"different kinds: polars, pandas"):
        sum_ratings(pl.from_pandas(ratings), staff, standards, weights=WEIGHTS)
    with pytest.raises(AnalysisError, match="No source has a weight"):
        sum_ratings(ratings, staff, standards, weights={"self": 0})
    with pytest.raises(AnalysisError, match='The staff have no column "office"'):
        sum_ratings(ratings, staff, standards, weights=WEIGHTS, by=["office"])


def test_scan_gives_a_lazy_table_and_checks_its_columns(tmp_path) -> None:
    ratings, staff, standards = (table.dropna(ignore_index=True) for table in make_ratings(20))
    ratings["cycle"] = "2026"
    for name, table in {"ratings": ratings, "staff": staff, "standards": standards}.items():
        table.to_parquet(tmp_path / f"{name}.parquet")
    tables = [scan(tmp_path, name) for name in ("ratings", "staff", "standards")]
    sums = sum_ratings(*tables, weights=WEIGHTS)
    same(to_pandas(sums), to_pandas(sum_ratings(ratings, staff, standards, weights=WEIGHTS)))
    with duckdb.connect() as own:
        assert scan(tmp_path, "staff", connection=own).shape == staff.shape
    ratings.drop(columns="source").to_parquet(tmp_path / "ratings.parquet")
    with pytest.raises(DataError, match='the column "source" is missing'):
        scan(tmp_path, "ratings")
    with pytest.raises(DataError, match="no such file"):
        scan(tmp_path, "units")
    (tmp_path / "units.parquet").write_text("no")
    with pytest.raises(DataError, match="not a Parquet file"):
        scan(tmp_path, "units")
    with pytest.raises(DataError, match="not a table"):
        scan(tmp_path, "unit")
