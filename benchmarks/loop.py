"""What closing the loop brings over many regions, and how well planted effects are recovered.

``python -m benchmarks loop`` runs it and draws docs/loop.png.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pandas as pd

from cakra_analysis.cycles import (
    CLAIMS,
    MEASURED,
    STAFF,
    Regions,
    compare_arms,
    find_loop,
    run_regions,
    score_learnt,
)
from cakra_analysis.words import label, say

PICTURE = Path(__file__).parent.parent / "docs" / "loop.png"
SEEDS = 50
NAMES = {"claims": "the catalogue's claims", "measured": "measured effects", "truth": "the truth"}


def measure_main(seeds: int = SEEDS) -> Regions:
    """All ways of planning in the usual world."""
    return run_regions(range(1, seeds + 1), workers=0)


def measure_without_lots(seeds: int = SEEDS) -> pd.DataFrame:
    """Claims again in the same regions, with the seats given to those who lack most."""
    regions = range(1, seeds + 1)
    return run_regions(regions, arms=(CLAIMS,), lots=False, workers=0).closed


def write_loop() -> str:
    """The Markdown section; the picture beside it."""
    main = measure_main()
    return tell_loop(main, measure_without_lots())


def tell_loop(main: Regions, without_lots: pd.DataFrame) -> str:
    """The section, from what was measured."""
    table = compare_arms(main.closed)
    draw_picture(table)
    many = main.closed["seed"].nunique()
    lines = [
        "## Does closing the loop pay?",
        "",
        f"`cakra cycle --demo`: {many} regions of {STAFF} staff, three cycles each, lived through "
        "with the same people, raters and luck in three ways; `benchmarks/loop.py`. Gap closed: "
        "true levels below standard at the end of a cycle, less than had nobody been trained. 95% "
        "t intervals over regions; differences are taken within each region. What is assumed of "
        "the courses stands in `cakra_analysis/cycles/promises.py`.",
        "",
        *[f"- {label(f'cycle.story.{name}', 'en')}" for name in ("note_same", "note_made")],
        "",
        "![Gap closed after each cycle, by what programmes are planned with](loop.png)",
        "",
        say(find_loop(table), "en"),
        "",
        *_list_closed(table, main.closed),
        "",
        "Recovery of the planted effects, over all 20 courses of each region, measured or not "
        "(levels; 0 cycles = the catalogue):",
        "",
        *_list_learnt(main.learnt),
        "",
        "And against the same regions where planning with claims saves itself the lots and seats "
        "who is expected to lack most, after three cycles:",
        "",
        *_list_lots(main.closed, without_lots),
    ]
    return "\n".join(lines) + "\n"


def draw_picture(table: pd.DataFrame) -> None:
    """The figure for the docs."""
    from cakra_analysis.charts import plot_loop
    from cakra_analysis.report.blocks import draw_png

    PICTURE.write_bytes(base64.b64decode(draw_png(plot_loop(table, lang="en"))))


def _list_closed(table: pd.DataFrame, closed: pd.DataFrame) -> list[str]:
    lines = [
        "| cycle | planned with | gap closed | 95% | more than claims, points | 95% "
        "| seats in harmful courses | in useless ones |",
        "|---|---|---|---|---|---|---|---|",
    ]
    seats = closed.groupby(["number", "arm"])[["seats", "harmful", "useless"]].sum()
    shares = seats[["harmful", "useless"]].div(seats["seats"], axis=0)
    more = table[table["compared"] != ""].set_index(["number", "arm"])
    for row in table[table["compared"] == ""].itertuples():
        key, said = (row.number, row.arm), "- | -"
        if key in more.index:
            said = _points(more.loc[key])
        lines.append(
            f"| {row.number} | {NAMES[row.arm]} | {row.value:.1%} | {row.low:.1%} to "
            f"{row.high:.1%} | {said} | {shares.loc[key, 'harmful']:.1%} "
            f"| {shares.loc[key, 'useless']:.1%} |"
        )
    return lines


def _points(row: pd.Series) -> str:
    return f"{100 * row['value']:+.2f} | {100 * row['low']:+.2f} to {100 * row['high']:+.2f}"


def _list_learnt(learnt: pd.DataFrame) -> list[str]:
    told = learnt[learnt["evaluations"] > 0]
    own = told.assign(squared=(told["effect"] - told["truth"]) ** 2).groupby("number")
    lines = [
        "| cycles measured | error (RMSE) | too high by | 95% range holds the truth "
        "| believed of harmful ones | of useless ones | courses measured | their error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    regions = learnt["seed"].nunique()
    for row in score_learnt(learnt).itertuples():
        measured, error = "0", "-"
        if row.number in own.groups:
            mine = own.get_group(row.number)
            measured = f"{len(mine) / regions:.1f}"
            error = f"{mine['squared'].mean() ** 0.5:.2f}"
        lines.append(
            f"| {row.number} | {row.error:.2f} | {row.high_by:+.2f} | {row.covered:.0%} "
            f"| {row.harmful:+.2f} | {row.useless:+.2f} | {measured} | {error} |"
        )
    return lines


def _list_lots(closed: pd.DataFrame, without_lots: pd.DataFrame) -> list[str]:
    needy = "by lot only where effects are measured, with claims to who lacks most"
    return [
        "| seats | regions | measured less claims, points | 95% |",
        "|---|---|---|---|",
        _line("by lot in both", closed),
        _line(needy, pd.concat([closed[closed["arm"] == MEASURED], without_lots])),
    ]


def _line(name: str, closed: pd.DataFrame) -> str:
    both = closed[closed["seed"].isin(closed.loc[closed["arm"] == CLAIMS, "seed"])]
    table = compare_arms(both)
    last = table[(table["number"] == table["number"].max()) & (table["compared"] == CLAIMS)]
    row = last[last["arm"] == MEASURED].iloc[0]
    return f"| {name} | {row['n']} | {_points(row)} |"
