"""How often the intervals of gaps hold the planted truth, by size of unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cakra_analysis.needs import combine_ratings, count_people, score_gaps, score_person_gaps
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region

SIZES = [0, 4, 6, 9, 15, 30, 60, 100, 250]
NAMES = ["3-4", "5-6", "7-9", "10-15", "16-30", "31-60", "61-100", "101-250"]


def score_region(seed: int, staff: int) -> pd.DataFrame:
    """The units' own gaps of one region, the planted ones beside them."""
    region = make_region(seed, staff=staff, cycles=1, mistakes=False, with_levels=False)
    tables = region.tables
    text = dict.fromkeys(("staff_id", "competency_id", "source", "rater"), "str")
    observed = combine_ratings(tables["ratings"].astype(text), weights=Settings().gap.weights)
    gaps = score_person_gaps(observed, tables["standards"], tables["staff"])
    units = tables["units"].assign(parent_id=lambda t: t["parent_id"].replace("", None))
    people = count_people(tables["staff"], tables["standards"], tables["competencies"])
    scored = score_gaps(gaps, units, people=people)
    truth = region.truth["gaps"].drop(columns="people")
    return scored.merge(truth, on=["unit_id", "competency_id"], validate="one_to_one")


def measure_coverage(seeds: Iterable[int], *, staff: Sequence[int] = (616, 1900)) -> pd.DataFrame:
    """Coverage of 95% intervals by unit size, over seeds and sizes of region."""
    seeds = list(seeds)
    rows = pd.concat([score_region(seed, size) for size in staff for seed in seeds])
    truth = rows["expected_gap"]
    rows = rows.assign(
        size=pd.cut(rows["people"], SIZES, labels=NAMES),
        covered=(rows["low"] <= truth) & (truth <= rows["high"]),
        too_high=truth < rows["low"],
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
    )
