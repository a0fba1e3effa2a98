"""What stage 1 promises, held to planted truth: with a fifth of the staff assessed and without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from benchmarks.coverage import NAMES, SIZES, score_region
from benchmarks.ranks import measure_false_below, measure_ranks, measure_shrinkage

FIFTH = 0.2
MODES = {FIFTH: "a fifth assessed", 0.0: "nobody assessed"}
TEXT = """## Does stage 1 keep its promises?

{seeds} seeds a row. *A fifth assessed*: a fifth of the staff also has an assessor's rating, which
is neither mild nor strict, and everything is held to the **true** gap. *Nobody assessed*: the
numbers are perceptions (column `basis`), and what the raters would show on average is all they can
be held to.

Do the intervals hold the true gap (95%; asked where a fifth was assessed: 93-97%)? Without an
assessor they do not, and the larger the unit the less, since all sources together are
{bias:.2f} levels too mild: such a number must be called a perception.

| staff | cells | a fifth assessed | width | mean error | nobody assessed | width | mean error |
|---|---|---|---|---|---|---|---|
{coverage}

Shrunk against raw gaps of units under 15 (asked: RMSE at least 20% lower):

| region | held to | cells | RMSE raw | RMSE shrunk | lower by | raw covered | shrunk covered |
|---|---|---|---|---|---|---|---|
{shrinkage}

20% is not reached. Tried on the regions of 616 with nobody assessed (200 seeds): each competency
by itself 17.2%; the spread between units moderated over the competencies, as built, 17.7%; one
spread for all competencies and one mean for all units, which suits these regions better than real
ones, 17.9%; all ten competencies drawn jointly by their correlation 17.8-18.1%; the posts' required
level as a covariate less than without (60 seeds). The planted units differ by more than their raw
means err, so most of each difference is true and has to stay. Where a fifth was assessed the
anchor's error, which all units share, is in both numbers, and no unit can mend it for another.

Order of the competencies (rank intervals; asked: at least 90% covered, at most twice the shortest
interval that somebody who knew all truths could print). The last columns: share of the true first
three that is among the first three, by mean gap, by shrunk gap, and by MWDS of plain mean
ratings.

| region | place | rankings | covered | ranks | times shortest | top 3: gap | shrunk | MWDS |
|---|---|---|---|---|---|---|---|---|
{ranks}

Marks "below standard" (`adjust_below`; asked: at most 5% false). *Easier* lowers all standards by
so many levels, so that more cells truly meet them; *missed* are those truly below without a mark.

| region | easier | truly met | marks | false | missed | false without adjusting |
|---|---|---|---|---|---|---|
{below}
"""


def measure_true_coverage(
    seeds: Iterable[int], *, staff: Sequence[int] = (616, 1900), assessors: float = FIFTH
) -> pd.DataFrame:
    """Coverage of the true gap by unit size, with and without assessors."""
    seeds = list(seeds)
    scored = [score_region(seed, size, assessors=assessors) for size in staff for seed in seeds]
    rows = pd.concat(scored)
    truth = rows["true_gap"]
    rows = rows.assign(
        size=pd.cut(rows["people"], SIZES, labels=NAMES),
        covered=(rows["low"] <= truth) & (truth <= rows["high"]),
        share_covered=rows["true_share"].between(rows["need_low"], rows["need_high"]),
        width=rows["high"] - rows["low"],
        error=rows["value"] - truth,
    )
    return rows.groupby("size", observed=True).agg(
        cells=("covered", "size"),
        coverage=("covered", "mean"),
        width=("width", "mean"),
        mean_error=("error", "mean"),
        share_coverage=("share_covered", "mean"),
    )


def write_needs(seeds: Sequence[int], *, staff: Sequence[int] = (616, 1900)) -> str:
    """The section of docs/benchmarks.md."""
    anchored, plain = (
        measure_true_coverage(seeds, staff=staff, assessors=share) for share in MODES
    )
    bias = -(plain["mean_error"] @ plain["cells"]) / plain["cells"].sum()
    coverage = [
        f"| {size} | {row['cells']:,.0f} | {_figures(row)} | {_figures(plain.loc[size])} |"
        for size, row in anchored.iterrows()
    ]
    shrinkage, ranks, below = [], [], []
    for size in staff:
        for share, name in MODES.items():
            region = f"{size:,}, {name}"
            options = {"staff": size, "assessors": share}
            small = measure_shrinkage(seeds, **options).loc["under 15"]
            shrinkage.append(_shrinkage(region, "true" if share else "expected", small))
            for place, row in measure_ranks(seeds, **options).iterrows():
                ranks.append(_ranks(region, place, row))
            for easier, row in measure_false_below(seeds, **options).iterrows():
                below.append(_below(region, easier, row))
    return TEXT.format(
        seeds=len(seeds),
        bias=bias,
        coverage="\n".join(coverage),
        shrinkage="\n".join(shrinkage),
        ranks="\n".join(ranks),
        below="\n".join(below),
    )


def _figures(row: pd.Series) -> str:
    return f"{row['coverage']:.1%} | {row['width']:.2f} | {row['mean_error']:+.3f}"


def _shrinkage(region: str, target: str, row: pd.Series) -> str:
    return (
        f"| {region} | {target} gap | {row['cells']:,.0f} | {row['rmse_raw']:.3f} "
        f"| {row['rmse_shrunk']:.3f} | {row['less']:.1%} | {row['raw_covered']:.1%} "
        f"| {row['shrunk_covered']:.1%} |"
    )


def _ranks(region: str, place: object, row: pd.Series) -> str:
    return (
        f"| {region} | {place} | {row['rankings']:,.0f} | {row['coverage']:.1%} "
        f"| {row['width']:.1f} | {row['ratio']:.2f} | {row['found']:.1%} "
        f"| {row['found_shrunk']:.1%} | {row['found_mwds']:.1%} |"
    )


def _below(region: str, easier: object, row: pd.Series) -> str:
    return (
        f"| {region} | {easier} | {row['truly_met']:.0%} | {row['adjusted_marks']:.0f} "
        f"| {row['adjusted_false']:.1%} | {row['adjusted_missed']:.1%} | {row['plain_false']:.1%} |"
    )


if __name__ == "__main__":
    print(write_needs(range(200)))
