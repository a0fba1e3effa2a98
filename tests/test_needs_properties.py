"""Properties of every table on the needs page: no order of rows or columns and no name matters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import needs
from cakra_analysis.contracts import STANDARD

CYCLE = "2026"
INPUTS = ["ratings", "staff", "standards", "competencies", "stakeholders", "stakeholder_answers"]
INPUTS += ["population_margins", "causes", "performance", "learning_records", "jp_conversion"]
INPUTS += ["units"]


def analyse(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every table of the page from one set of inputs."""
    units, staff = tables["units"], needs.select_staff(tables["staff"], CYCLE)
    of_cycle = {n: t[t["cycle"] == CYCLE] for n, t in tables.items() if "cycle" in t}
    ratings = of_cycle["ratings"]
    observed, wanted = needs.combine_sides(
        ratings, tables["standards"], definition=STANDARD, weights={"self": 1, "supervisor": 2}
    )
    people = needs.score_person_gaps(observed, wanted, staff)
    counted = needs.count_people(staff, tables["standards"], tables["competencies"])
    gaps = needs.adjust_below(needs.score_gaps(people, units, people=counted))
    voices = needs.hear_stakeholders(
        tables["stakeholder_answers"],
        of_cycle["stakeholders"],
        tables["population_margins"],
        weights={"public": 1, "private": 1, "academia": 1},
    )
    own = needs.add_names(gaps[gaps["unit_id"] == "CKR"], items=tables["competencies"])
    pairs = people[["staff_id", "competency_id", "required", "observed"]]
    divided = needs.find_segments(people)
    return {
        "gaps": gaps,
        "shrunk": needs.shrink_gaps(gaps, units),
        "ranked": needs.rank_table(people, own, voices, people=counted),
        "groups": voices.groups,
        "combined": voices.combined,
        "places": voices.places,
        "sample": voices.sample,
        "mwds": needs.score_mwds(pairs),
        "rds": needs.score_rds(pairs),
        "causes": needs.score_causes(of_cycle["causes"], people, units),
        "performance": needs.score_performance(of_cycle["performance"], people, units),
        "learning": needs.score_learning(
            of_cycle["learning_records"], tables["jp_conversion"], staff, units
        ),
        "target": needs.score_target_gaps(
            observed, tables["standards"], tables["competencies"], staff, units
        ),
        "agreement": needs.score_agreement(ratings),
        "reliability": needs.score_reliability(ratings, resamples=0).drop(
            columns=["omega_low", "omega_high"]
        ),
        "items": needs.score_items(ratings),
        "self_gap": needs.score_self_gap(ratings, staff, units),
        "segments": divided.segments,
        "profiles": divided.profiles,
    }


def inputs(region) -> dict[str, pd.DataFrame]:
    return {name: region[name] for name in INPUTS}


@pytest.fixture(scope="module")
def before(region) -> dict[str, pd.DataFrame]:
    return analyse(inputs(region))


def assert_same(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> None:
    for name, table in before.items():
        keys = [c for c in table.columns if c in ("unit_id", "competency_id", "source", "kind")]
        keys += [c for c in ("group", "measure", "segment") if c in table.columns]
        one, two = (
            t.sort_values(keys, kind="stable", ignore_index=True)[sorted(table.columns)]
            for t in (table, after[name])
        )
        # A search for the best variance stops within its own tolerance.
        within = 1e-6 if name == "shrunk" else 1e-9
        pd.testing.assert_frame_equal(one, two, rtol=within, atol=within, obj=name)


@pytest.mark.slow
@pytest.mark.xdist_group("properties")
def test_the_order_of_rows_and_columns_changes_nothing(region, before) -> None:
    turned = {
        name: table.sample(frac=1, random_state=7)[table.columns[::-1]].reset_index(drop=True)
        for name, table in inputs(region).items()
    }
    assert_same(before, analyse(turned))


@pytest.mark.slow
@pytest.mark.xdist_group("properties")
def test_the_names_of_people_change_nothing(region, before) -> None:
    rng = np.random.default_rng(3)
    renamed = {}
    for column in ("staff_id", "stakeholder_id"):
        table = region["staff" if column == "staff_id" else "stakeholders"]
        order = rng.permutation(len(table))
        renamed[column] = dict(zip(table[column], [f"X{i:05d}" for i in order], strict=True))
    changed = {
        name: table.assign(**{c: table[c].map(renamed[c]) for c in renamed if c in table})
        for name, table in inputs(region).items()
    }
    assert_same(before, analyse(changed))


@pytest.mark.slow
@pytest.mark.xdist_group("properties")
def test_everybody_twice_changes_no_mean(region, before) -> None:
    """Twice the people: the same means, shares and ranks, narrower intervals."""
    person = {"staff_id", "stakeholder_id"}
    doubled = {}
    for name, table in inputs(region).items():
        own = [c for c in table.columns if c in person]
        again = table.assign(**{c: table[c] + "-again" for c in own})
        doubled[name] = pd.concat([table, again], ignore_index=True) if own else table
    after = analyse(doubled)
    for name in ("gaps", "causes", "performance", "learning", "combined", "self_gap", "mwds"):
        pd.testing.assert_series_equal(before[name]["value"], after[name]["value"], rtol=1e-9)
    for name in ("gaps", "causes", "combined", "self_gap"):
        one, two = (t[name]["high"] - t[name]["low"] for t in (before, after))
        assert (two <= one + 1e-9).mean() > 0.97, name
    assert after["ranked"]["competency_id"].tolist() == before["ranked"]["competency_id"].tolist()
