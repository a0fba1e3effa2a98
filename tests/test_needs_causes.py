"""Causes, performance, learning hours, target posts, stakeholders in one go, and the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import needs
from cakra_analysis.contracts import STANDARD
from cakra_analysis.needs.caveats import find_rating_caveats
from cakra_analysis.synthetic.work import CAUSES, PLANTED, make_conversion

UNITS = pd.DataFrame({"unit_id": ["R", "U", "V"], "parent_id": [None, "R", "R"]})


@pytest.fixture(scope="module")
def scored(region):
    """The region's last cycle: people's gaps, staff, and what they rest on."""
    staff = needs.select_staff(region["staff"], "2026")
    ratings = region["ratings"].query("cycle == '2026'")
    observed, wanted = needs.combine_sides(
        ratings, region["standards"], definition=STANDARD, weights={"self": 1, "supervisor": 2}
    )
    by_person = needs.score_person_gaps(observed, wanted, staff)
    return {"staff": staff, "ratings": ratings, "observed": observed, "by_person": by_person}


@pytest.fixture(scope="module")
def voices(region):
    return needs.hear_stakeholders(
        region["stakeholder_answers"],
        region["stakeholders"],
        region["population_margins"],
        weights={"public": 1, "private": 1, "academia": 1},
    )


def people(count: int, unit: str = "U") -> pd.DataFrame:
    ids = [f"{unit}{i}" for i in range(count)]
    return pd.DataFrame({"staff_id": ids, "unit_id": unit, "competency_id": "M.1", "gap": 1.0})


def test_only_those_in_need_with_a_cause_are_counted() -> None:
    gaps = pd.concat([people(4), people(2, "V")], ignore_index=True)
    gaps.loc[0, "gap"] = 0.4  # not in need
    rows = [("U0", "skill"), ("U1", "skill"), ("U1", "tools"), ("U2", "tools"), ("V0", "skill")]
    causes = pd.DataFrame(rows, columns=["staff_id", "cause"]).assign(competency_id="M.1")
    table = needs.score_causes(causes, gaps, UNITS).set_index("unit_id")
    assert table.loc["U", ["n", "value", "share_tools"]].tolist() == [2, 0.5, 1.0]
    assert table.loc["R", "n"] == 3 and table.loc["R", "value"] == pytest.approx(2 / 3)
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()


def test_the_planted_cause_is_recovered(region, scored) -> None:
    causes = region["causes"].query("cycle == '2026'")
    table = needs.score_causes(causes, scored["by_person"], region["units"])
    root = table[table["unit_id"] == region.root].set_index("competency_id")
    # A fifth of the people have a second, different cause.
    for code, shares in PLANTED.items():
        named = dict(zip(CAUSES, shares, strict=True))
        assert root["low"][code] - 0.12 <= named["skill"] <= root["high"][code] + 0.05
    assert root["share_incentive"].idxmax() == "M.4" and root["share_tools"].idxmax() == "T.1"
    named = needs.add_names(table, items=region["competencies"])
    found = needs.find_causes(named, unit=region.root)
    assert found.key == "needs.causes.mixed"
    assert [n["en"] for n in found.values["names"]] == ["Results orientation"]


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(0.51, 0.8, "training"), (0.4, 0.6, "unclear"), (0.2, 0.49, "mixed")],
)
def test_only_what_the_interval_shows_is_said_of_learning(low, high, kind) -> None:
    rows = {"unit_id": "U", "value": [(low + high) / 2, 0.9], "low": [low, 0.8]}
    rows |= {"high": [high, 0.97], "n": 20, "name_id": ["A", "B"], "name_en": ["A", "B"]}
    found = needs.find_causes(pd.DataFrame(rows), unit="U")
    assert found.key == f"needs.causes.{kind}" and found.values["most"] == 0.9


def test_without_causes_nothing_is_said(region, scored) -> None:
    empty = region["causes"].head(0)
    table = needs.score_causes(empty, scored["by_person"], region["units"])
    named = needs.add_names(table, items=region["competencies"])
    assert needs.find_causes(named, unit="CKR").key == "needs.causes.none"


def test_performance_below_target_goes_with_the_planted_gaps(region, scored) -> None:
    table = needs.score_performance(region["performance"], scored["by_person"], region["units"])
    root = table.set_index("unit_id").loc[region.root]
    assert root["low"] > 0 and root["n"] < root["appraised"] / 2
    assert needs.find_performance(table, unit=region.root).key == "needs.performance.larger"
    one_sided = table.assign(value=np.nan)
    assert needs.find_performance(one_sided, unit=region.root).key == "needs.performance.hidden"
    none = needs.score_performance(region["performance"].head(0), scored["by_person"], UNITS)
    assert needs.find_performance(none, unit="R").key == "needs.performance.none"


def test_a_surplus_of_performance_is_no_gap() -> None:
    gaps = pd.concat([people(2), people(2, "V")], ignore_index=True)
    performance = pd.DataFrame(
        {
            "staff_id": ["U0", "U1", "V0", "V1"],
            "predicate": ["Sangat Baik", "Kurang", "Baik", "Butuh Perbaikan"],
            "target": ["Baik", "Baik", "Sangat Baik", None],
        }
    )
    table = needs.score_performance(performance, gaps, UNITS).set_index("unit_id")
    assert table.loc["R", "below_target"] == 0.75
    assert table.loc["R", "performance_gap"] == pytest.approx((0 + 2 + 1 + 1) / 4)


def test_learning_hours_of_the_domain_notes() -> None:
    routes = ["workshop/lokakarya", "seminar/konferensi/sarasehan", "coaching", "patok banding"]
    records = pd.DataFrame({"staff_id": "A", "route": routes, "quantity": [2, 1, 3, 1]})
    staff = pd.DataFrame({"staff_id": ["A"], "unit_id": "U", "status": "PNS"})
    table = needs.score_learning(records, make_conversion(), staff, UNITS).set_index("unit_id")
    assert table.loc["U", "value"] == 30 and table.loc["R", "share_reached"] == 1  # vector 18


def test_learning_hours_run_the_other_way_for_contract_staff() -> None:
    conversion = pd.DataFrame({"route": ["x"], "hours_jp": [1.0]})
    records = pd.DataFrame({"staff_id": list("ABC"), "route": "x", "quantity": [20, 25, 24]})
    staff = pd.DataFrame(
        {"staff_id": list("ABCD"), "unit_id": "U", "status": ["PNS", "PPPK", "PPPK", "PNS"]}
    )
    row = needs.score_learning(records, conversion, staff, UNITS).set_index("unit_id").loc["U"]
    assert row[["n", "share_reached", "over"]].tolist() == [2, 0.5, 1]
    found = needs.find_learning(records.head(0), unit="U", least=20)
    assert found.key == "needs.learning.none"


def test_a_target_post_asks_for_more(region, scored) -> None:
    args = (scored["observed"], region["standards"], region["competencies"])
    table = needs.score_target_gaps(*args, scored["staff"], region["units"])
    root = table[table["unit_id"] == region.root]
    aiming = scored["staff"]["target_position_id"].notna().sum()
    assert 0 < root["n"].max() <= aiming
    assert (root["value"] >= root["held"] - 1e-9).mean() > 0.9
    nobody = scored["staff"].assign(target_position_id=None)
    empty = needs.score_target_gaps(*args, nobody, region["units"])
    assert needs.find_target(empty, unit=region.root).key == "needs.target.none"


def test_stakeholders_in_one_go_equal_the_parts(region, voices) -> None:
    public = region["stakeholders"].query("group == 'public'")
    raked = needs.rake_weights(public, region["population_margins"])
    groups = needs.score_groups(region["stakeholder_answers"], region["stakeholders"], raked)
    pd.testing.assert_frame_equal(voices.groups, groups)
    assert voices.weighting == "raked" and voices.importance is not None
    found = needs.find_voices(
        needs.add_names(voices.places, items=region["competencies"]), voices.concordance
    )
    assert found.key == "needs.voices.agree" and found.values["w"] > 0.9
    assert {n["en"] for n in found.values["names"]} == {"Public service", "Digital literacy"}


def test_nobody_asked_gives_empty_tables_of_the_same_shape(voices) -> None:
    nobody = needs.hear_nobody()
    assert nobody.importance is None
    assert needs.spread_groups(nobody.groups).empty
    for name in ("groups", "combined", "places", "sample"):
        assert set(getattr(nobody, name).columns) <= set(getattr(voices, name).columns)
    assert needs.find_voices(nobody.places, nobody.concordance).key == "needs.voices.none"


def test_without_margins_the_public_counts_as_it_came(region) -> None:
    heard = needs.hear_stakeholders(
        region["stakeholder_answers"],
        region["stakeholders"],
        region["population_margins"].head(0),
        weights={"public": 1, "private": 1, "academia": 0},
    )
    assert heard.weighting == "none"
    assert set(heard.groups["group"]) == {"public", "private", "academia"}


def test_the_ranked_table_says_how_sure_the_order_is(region, scored, voices) -> None:
    people = needs.count_people(scored["staff"], region["standards"], region["competencies"])
    gaps = needs.score_gaps(scored["by_person"], region["units"], people=people)
    gaps = needs.adjust_below(needs.add_names(gaps, items=region["competencies"]))
    own = gaps[gaps["unit_id"] == region.root]
    ranked = needs.rank_table(scored["by_person"], own, voices, people=people)
    assert ranked["rank"].is_monotonic_increasing and len(ranked) == 10
    assert ((ranked["rank_low"] <= ranked["rank"]) & (ranked["rank"] <= ranked["rank_high"])).all()
    assert ranked["top_share"].sum() == pytest.approx(3)
    assert (ranked["shaken_low"] <= ranked["shaken_high"]).all()
    alone = needs.rank_table(scored["by_person"], own, needs.hear_nobody(), people=people)
    assert "importance" not in alone and (alone["value"].diff().dropna() <= 1e-9).all()
    found = needs.find_order(ranked)
    sure = ranked[ranked["rank_high"] <= 3]
    assert found.key == "needs.order.sure" and found.values["count"] == len(sure) > 0
    open_ = ranked.assign(rank_high=10)
    assert needs.find_order(open_).key == "needs.order.open"
    empty = needs.rank_table(scored["by_person"], own.head(0), voices)
    assert needs.find_order(empty).key == "needs.order.none"


def test_the_plan_holds_what_is_below_standard_only(region, scored, voices) -> None:
    gaps = needs.score_gaps(scored["by_person"], region["units"])
    gaps = needs.adjust_below(needs.add_names(gaps, items=region["competencies"]))
    own = gaps[gaps["unit_id"] == region.root]
    ranked = needs.rank_table(scored["by_person"], own, voices)
    none = pd.DataFrame(columns=["competency_id", "value", "name_id", "name_en"])
    plan = needs.plan_needs(own, ranked, none, none)
    assert set(plan["competency_id"]) == set(own.loc[own["below"], "competency_id"])
    assert (plan["people_low"] <= plan["people_high"]).all() and (plan["people_high"] > 0).all()
    assert plan["rank"].is_monotonic_increasing


def test_a_doubtful_mean_is_not_called_low() -> None:
    gaps = pd.DataFrame(
        {"value": [1.0, 0.1, -0.5], "low": [0.8, 0.0, -0.7], "high": [1.2, 0.2, -0.3]}
    )
    gaps = gaps.assign(level=0.95, category=["low", "low", "none"])
    marked = needs.adjust_below(pd.concat([gaps] + [gaps.iloc[[2]]] * 60, ignore_index=True))
    assert marked["category"].head(3).tolist() == ["low", "unclear", "none"]
    assert marked["below"].head(3).tolist() == [True, False, False]


def test_who_rates_oneself_higher_is_said(region, scored) -> None:
    table = needs.score_self_gap(scored["ratings"], scored["staff"], region["units"])
    (found,) = needs.find_self_gap(table, unit=region.root)
    assert found.key == "caveat.self_higher" and 0.3 < found.values["value"] < 0.7
    unsure = table.assign(low=-1.0, high=1.0)
    assert needs.find_self_gap(unsure, unit=region.root) == []


def test_caveats_name_the_rule_for_marks_and_single_ratings(scored) -> None:
    keys = [f.key for f in find_rating_caveats(scored["by_person"], false_rate=0.05)]
    assert keys[:2] == ["caveat.false_rate", "caveat.one_rating"]
    stated = scored["by_person"].assign(gap_definition="stated need")
    assert find_rating_caveats(stated, false_rate=0.05) == []


def test_the_instrument_is_judged(scored) -> None:
    agreement = needs.score_agreement(scored["ratings"])
    reliability = needs.score_reliability(scored["ratings"], resamples=20)
    good = needs.find_reliability(reliability, agreement)
    assert good.key == "needs.reliability.good" and 0.8 < good.values["omega"] < 1
    weak = needs.find_reliability(reliability.assign(omega_low=0.6), agreement)
    assert weak.key == "needs.reliability.weak"
    alone = needs.find_reliability(reliability, agreement.head(0))
    assert alone.key == "needs.reliability.good_alone"
    assert needs.find_reliability(reliability.head(0), agreement).key == "needs.reliability.none"
    items = needs.score_items(scored["ratings"])
    items = items.assign(name_id="x", name_en="y")
    assert needs.find_items(items).key == "check.items.fine"
    against = items.assign(item_rest=-0.1)
    assert needs.find_items(against).key == "check.items.negative"
