"""How often the intervals of gaps hold the planted truth, by size of unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from cakra_analysis.needs import combine_ratings, count_people, score_gaps, score_person_gaps
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import Region, make_region

SIZES = [0, 4, 6, 9, 15, 30, 60, 100, 250]
NAMES = ["3-4", "5-6", "7-9", "10-15", "16-30", "31-60", "61-100", "101-250"]


def score_tables(region: Region, staff: pd.DataFrame) -> pd.DataFrame:
    """The gaps of some of a region's staff, the planted ones beside them."""
    tables = region.tables
    text = dict.fromkeys(("staff_id", "competency_id", "source", "rater"), "str")
    ratings = tables["ratings"].astype(text)
    ratings = ratings[ratings["staff_id"].isin(staff["staff_id"])]
    observed = combine_ratings(ratings, weights=Settings().gap.weights)
    gaps = score_person_gaps(observed, tables["standards"], staff)
    units = tables["units"].assign(parent_id=lambda t: t["parent_id"].replace("", None))
    people = count_people(staff, tables["standards"], tables["competencies"])
    scored = score_gaps(gaps, units, people=people)
    levels = region.truth["levels"].merge(staff[["staff_id", "unit_id"]], on="staff_id")
    for name in ("expected", "true"):
        gap = levels["required_level"] - levels[f"{name}_level"]
        levels[f"{name}_gap"] = gap
        levels[f"{name}_share"] = gap >= Settings().gap.below_from
    keys = ["unit_id", "competency_id"]
    truths = ["expected_gap", "expected_share", "true_gap", "true_share"]
    means = levels.groupby(keys)[truths].mean().reset_index()
    return scored.merge(means, on=keys, validate="one_to_one")


@cache  # every measure of benchmarks.needs holds the same regions to something else
def score_region(seed: int, staff: int, *, assessors: float = 0.0) -> pd.DataFrame:
    """The units' own gaps of one region, the planted ones beside them."""
    region = make_region(seed, staff=staff, cycles=1, mistakes=False, assessors=assessors)
    return score_tables(region, region.tables["staff"].astype({"staff_id": "str"}))


def measure_coverage(seeds: Iterable[int], *, staff: Sequence[int] = (616, 1900)) -> pd.DataFrame:
    """Coverage of 95% intervals by unit size, over seeds and sizes of region."""
    seeds = list(seeds)
    rows = pd.concat([score_region(seed, size) for size in staff for seed in seeds])
    truth = rows["expected_gap"]
    rows = rows.assign(
        size=pd.cut(rows["people"], SIZES, labels=NAMES),
        covered=(rows["low"] <= truth) & (truth <= rows["high"]),
        too_high=truth < rows["low"],
        share_covered=rows["expected_share"].between(rows["need_low"], rows["need_high"]),
        width=rows["high"] - rows["low"],
        answered=rows["n"] / rows["people"],
        error=rows["value"] - truth,
    )
    groups = rows.groupby("size", observed=True)
    return groups.agg(
        cells=("covered", "size"),
        coverage=("covered", "mean"),
        truth_below=("too_high", "mean"),
        width=("width", "mean"),
        answered=("answered", "mean"),
        mean_error=("error", "mean"),
        share_coverage=("share_covered", "mean"),
    )


def measure_small_office(seeds: Iterable[int]) -> pd.DataFrame:
    """Coverage where a single small unit is all the data there is."""
    rows = []
    for seed in seeds:
        region = make_region(seed, staff=616, cycles=1, mistakes=False)
        staff = region.tables["staff"].astype({"staff_id": "str"})
        for unit in ("KEL-11", "KEL-07", "SD-4", "KEC-00"):
            scored = score_tables(region, staff[staff["unit_id"] == unit])
            rows.append(scored[scored["unit_id"] == unit])
    table = pd.concat(rows)
    covered = table["expected_gap"].between(table["low"], table["high"])
    width = table["high"] - table["low"]
    groups = table.assign(covered=covered, width=width).groupby("people")
    return groups.agg(
        cells=("covered", "size"), coverage=("covered", "mean"), width=("width", "mean")
    )
