"""Do rank intervals, shrunk gaps and "below standard" keep their word on planted regions?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from benchmarks.coverage import score_region
from cakra_analysis.needs import combine_ratings, count_people, score_gaps, score_person_gaps
from cakra_analysis.needs.below import adjust_below
from cakra_analysis.needs.order import rank_values
from cakra_analysis.needs.priorities import score_mwds
from cakra_analysis.needs.ranks import rank_needs
from cakra_analysis.needs.shrinkage import shrink_gaps
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region

SMALL, TOP = 15, 3


def rank_region(
    seed: int, *, staff: int = 616, units: bool = True, assessors: float = 0.0
) -> pd.DataFrame:
    """Ranks in one region and in each of its units, with the planted ones and those of MWDS.

    MWDS is scored as it usually is, from the plain mean of all ratings of a person.
    """
    region = make_region(seed, staff=staff, cycles=1, mistakes=False, assessors=assessors)
    tables = region.tables
    text = dict.fromkeys(("staff_id", "competency_id", "source", "rater"), "str")
    ratings = tables["ratings"].astype(text)
    observed = combine_ratings(ratings, weights=Settings().gap.weights)
    gaps = score_person_gaps(observed, tables["standards"], tables["staff"])
    plain = ratings.groupby(["staff_id", "competency_id"])["level"].mean().rename("plain")
    gaps = gaps.join(plain, on=["staff_id", "competency_id"], validate="one_to_one")
    people = count_people(tables["staff"], tables["standards"], tables["competencies"])
    levels = region.truth["levels"].merge(tables["staff"][["staff_id", "unit_id"]], on="staff_id")
    levels["true_gap"] = levels["required_level"] - levels["true_level"]
    levels["expected_gap"] = levels["required_level"] - levels["expected_level"]
    frame = tables["units"].assign(parent_id=lambda t: t["parent_id"].replace("", None))
    shrunk = shrink_gaps(score_gaps(gaps, frame, people=people), frame)
    parts = [_rank("region", gaps, people, levels, shrunk[shrunk["unit_id"] == "CKR"])]
    for unit, rows in gaps.groupby("unit_id") if units else ():
        if rows["staff_id"].nunique() > 2:
            own = people[people["unit_id"] == unit]
            size = "units under 30" if own["people"].max() < 30 else "units of 30 or more"
            mine = [table[table["unit_id"] == unit] for table in (levels, shrunk)]
            parts.append(_rank(size, rows, own, *mine))
            parts[-1]["unit_id"] = unit
    ranked = pd.concat(parts).assign(seed=seed)
    return ranked.assign(target_rank=ranked["true_rank" if assessors else "expected_rank"])


def _rank(
    place: str,
    gaps: pd.DataFrame,
    people: pd.DataFrame,
    levels: pd.DataFrame,
    shrunk: pd.DataFrame,
) -> pd.DataFrame:
    table = rank_needs(gaps, people=people).set_index("competency_id")
    truth = levels.groupby("competency_id")[["expected_gap", "true_gap"]].mean()
    mwds = (
        score_mwds(gaps.assign(observed=gaps["plain"]))
        .set_index("competency_id")["rank"]
        .rename("mwds_rank")
    )
    table = table.join(truth, validate="one_to_one").join(mwds, validate="one_to_one")
    table = table.join(shrunk.set_index("competency_id")["shrunk"], validate="one_to_one")
    table["shrunk_rank"] = rank_values(table["shrunk"].to_numpy())
    for name in ("expected", "true"):
        table[f"{name}_rank"] = rank_values(table[f"{name}_gap"].to_numpy())
    return table.reset_index().assign(place=place, unit_id="")


def measure_ranks(
    seeds: Iterable[int], *, staff: int = 616, assessors: float = 0.0
) -> pd.DataFrame:
    """By size of unit: coverage and width of rank intervals, the true first three found.

    Held to the true order where some were assessed, else to that of the expected ratings.
    """
    rows = pd.concat([rank_region(seed, staff=staff, assessors=assessors) for seed in seeds])
    rank = rows["target_rank"]
    rows = rows.assign(
        covered=(rows["rank_low"] <= rank) & (rank <= rows["rank_high"]),
        width=rows["rank_high"] - rows["rank_low"] + 1,
        first=rows["true_rank"] <= TOP,
        found_shrunk=(rows["true_rank"] <= TOP) & (rows["shrunk_rank"] <= TOP),
        found=(rows["true_rank"] <= TOP) & (rows["rank"] <= TOP),
        found_mwds=(rows["true_rank"] <= TOP) & (rows["mwds_rank"] <= TOP),
        surest=rows["top_share"].where(rows["true_rank"] <= TOP),
    )
    places = rows.groupby("place")
    table = places.agg(
        rankings=("rank", "size"),
        coverage=("covered", "mean"),
        width=("width", "mean"),
        found=("found", "sum"),
        found_shrunk=("found_shrunk", "sum"),
        found_mwds=("found_mwds", "sum"),
        top_share=("surest", "mean"),
    )
    shortest = places[["rank", "target_rank"]].apply(shortest_width)
    table["shortest"] = shortest
    table["ratio"] = table["width"] / shortest
    found = ["found", "found_shrunk", "found_mwds"]
    table[found] = table[found].div(places["first"].sum(), axis=0)
    return table


def shortest_width(rows: pd.DataFrame, *, hold: float = 0.9) -> float:
    """Mean number of ranks in the shortest interval that, for each estimated rank, holds the true
    rank in 90% of the cases: what somebody who knew all truths could print."""
    total = 0.0
    for _, true in rows.groupby("rank")["target_rank"]:
        ranks = np.sort(true.to_numpy())
        need = int(np.ceil(hold * len(ranks)))
        total += len(ranks) * (1 + (ranks[need - 1 :] - ranks[: len(ranks) - need + 1]).min())
    return total / len(rows)


def measure_shrinkage(
    seeds: Iterable[int], *, staff: int = 616, assessors: float = 0.0
) -> pd.DataFrame:
    """By size of unit: errors of raw and shrunk gaps, and coverage of their intervals."""
    parts = []
    for seed in seeds:
        region = make_region(seed, staff=staff, cycles=1, mistakes=False, with_levels=False)
        units = region.tables["units"].assign(parent_id=lambda t: t["parent_id"].replace("", None))
        scored = score_region(seed, staff, assessors=assessors)
        keys = ["unit_id", "competency_id"]
        target = "true_gap" if assessors else "expected_gap"
        truth = scored[[*keys, "people", target]].rename(columns={target: "planted_gap"})
        parts.append(shrink_gaps(scored, units).merge(truth, on=keys, validate="one_to_one"))
        # Nothing below the unit: what the target is about.
        parts[-1] = parts[-1][~parts[-1]["unit_id"].isin(units["parent_id"].dropna())]
    rows = pd.concat(parts)
    truth = rows["planted_gap"]
    rows = rows.assign(
        size=np.where(rows["people"] < SMALL, "under 15", "15 or more"),
        raw_square=(rows["value"] - truth) ** 2,
        shrunk_square=(rows["shrunk"] - truth) ** 2,
        raw_covered=(rows["low"] <= truth) & (truth <= rows["high"]),
        shrunk_covered=(rows["shrunk_low"] <= truth) & (truth <= rows["shrunk_high"]),
        raw_width=rows["high"] - rows["low"],
        shrunk_width=rows["shrunk_high"] - rows["shrunk_low"],
    )
    names = ["raw_square", "shrunk_square", "raw_covered", "shrunk_covered"]
    table = rows.groupby("size")[[*names, "raw_width", "shrunk_width", "weight"]].mean()
    table.insert(0, "cells", rows.groupby("size").size())
    table.insert(1, "rmse_raw", np.sqrt(table.pop("raw_square")))
    table.insert(2, "rmse_shrunk", np.sqrt(table.pop("shrunk_square")))
    table.insert(3, "less", 1 - table["rmse_shrunk"] / table["rmse_raw"])
    return table


def measure_false_below(
    seeds: Iterable[int],
    *,
    staff: int = 616,
    easier: Iterable[float] = (0.0, 0.3, 0.6),
    assessors: float = 0.0,
) -> pd.DataFrame:
    """False marks "below standard" among all marks, mean over regions: plain and adjusted.

    ``easier`` lowers all standards by so many levels, so that more cells are truly met.
    """
    rows = []
    for seed in seeds:
        scored = score_region(seed, staff, assessors=assessors)
        target = "true_gap" if assessors else "expected_gap"
        for shift in easier:
            columns = ["value", "low", "high", target]
            moved = scored.assign(**{name: scored[name] - shift for name in columns})
            met = moved[target] <= 0
            marks = {"plain": moved["low"] > 0, "adjusted": adjust_below(moved)["below"]}
            row = {"easier": shift, "cells": len(moved), "truly_met": met.mean()}
            for name, mark in marks.items():
                row[f"{name}_marks"] = mark.sum()
                row[f"{name}_false"] = (mark & met).sum() / max(mark.sum(), 1)
                row[f"{name}_missed"] = (~mark & ~met).sum() / max((~met).sum(), 1)
            rows.append(row)
    return pd.DataFrame(rows).groupby("easier").mean()
