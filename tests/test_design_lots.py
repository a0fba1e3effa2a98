"""Is a draw fair, repeatable, and does it buy what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.design.lots import draw_lots
from cakra_analysis.design.lots_plan import list_designs, plan_lots
from cakra_analysis.design.nomination_findings import find_lots
from cakra_analysis.errors import AnalysisError
from cakra_analysis.evaluation import plan_power
from tests.sizes import cases

SEATS = pd.DataFrame({"course_id": ["C"], "seats": [13]})


def make_eligible(people: int = 40, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"course_id": "C", "staff_id": [f"S{i:02d}" for i in range(people)]})
    table["unit_id"] = rng.choice(["U1", "U2", "U3"], people, p=[0.6, 0.35, 0.05])
    table["status"] = rng.choice(["PNS", "PPPK"], people)
    return table.assign(benefit=np.arange(people) + 1.0)


@pytest.mark.slow
def test_everybody_has_the_chance_that_is_told():
    eligible, runs = make_eligible(), cases(120, 1000)
    counts = pd.Series(0, eligible["staff_id"])
    for seed in range(runs):
        people = draw_lots(eligible, SEATS, seed=seed).people
        counts[people.loc[people["place"] == "seat", "staff_id"]] += 1
    assert people["chance"].tolist() == [13 / 40] * 40
    error = np.sqrt(13 / 40 * 27 / 40 / runs)
    assert (abs(counts / runs - 13 / 40) < 4.5 * error).all()
    # Spread as a fair lot's, neither less nor more: chi-square over people who share their seats.
    assert ((counts / runs - 13 / 40) ** 2).mean() < 2 * error**2


@pytest.mark.slow
def test_strata_come_in_by_their_part_of_the_seats():
    for seed in range(10):
        strata = draw_lots(make_eligible(), SEATS, seed=seed).strata
        assert strata["seats"].sum() == 13
        assert (abs(strata["seats"] - strata["n"] * 13 / 40) < 1).all()
        assert strata["n"].min() >= 4


def test_a_seed_repeats_the_draw_whatever_the_order_of_rows():
    eligible = make_eligible()
    one = draw_lots(eligible, SEATS, seed=7)
    other = draw_lots(eligible.sample(frac=1, random_state=1), SEATS, seed=7)
    pd.testing.assert_frame_equal(one.people, other.people)
    assert one.seed == 7
    assert not draw_lots(eligible, SEATS, seed=8).people["staff_id"].equals(one.people["staff_id"])


def test_one_block_does_not_change_another():
    eligible = pd.concat([make_eligible(), make_eligible().assign(course_id="D")])
    seats = pd.DataFrame({"course_id": ["C", "D"], "seats": [13, 5]})
    both = draw_lots(eligible, seats, seed=3).people
    alone = draw_lots(make_eligible(), SEATS, seed=3).people
    pd.testing.assert_frame_equal(both[both["course_id"] == "C"], alone)


def test_seats_of_a_unit_are_drawn_within_it():
    seats = pd.DataFrame({"course_id": "C", "unit_id": ["U1", "U2"], "seats": [3, 2]})
    eligible = make_eligible()
    people = draw_lots(eligible, seats, seed=1).people.merge(eligible[["staff_id", "unit_id"]])
    inside = people[people["place"] == "seat"].groupby("unit_id").size()
    assert inside.to_dict() == {"U1": 3, "U2": 2}
    assert "U3" not in set(people["unit_id"])


def test_largest_need_comes_in_without_a_lot():
    found = draw_lots(make_eligible(), SEATS, seed=1, surely=0.5)
    need = found.people[found.people["assignment"] == "need"]
    assert sorted(need["benefit"]) == [35, 36, 37, 38, 39, 40]
    rest = found.people[found.people["assignment"] == "lot"]
    assert rest["chance"].unique().tolist() == [7 / 34]
    plain = draw_lots(make_eligible(), SEATS, seed=1)
    assert found.courses["lost"].iloc[0] < plain.courses["lost"].iloc[0]


def test_equal_needs_all_draw():
    equal = make_eligible().assign(benefit=1.0)
    assert set(draw_lots(equal, SEATS, seed=1, surely=0.5).people["assignment"]) == {"lot"}


def test_cost_is_the_benefit_that_the_mean_draw_loses():
    found = draw_lots(make_eligible(), SEATS, seed=1).courses.iloc[0]
    assert found["benefit_most"] == sum(range(28, 41))
    assert found["benefit_lot"] == pytest.approx(13 / 40 * sum(range(1, 41)))
    assert found["lost"] == pytest.approx(1 - found["benefit_lot"] / found["benefit_most"])


def test_no_lot_where_all_come_in_or_no_seat_is_left():
    enough = draw_lots(make_eligible(10), SEATS, seed=1)
    assert set(enough.people["assignment"]) == {"all"}
    nothing = draw_lots(make_eligible(10), SEATS.assign(seats=0), seed=1)
    assert set(nothing.people["assignment"]) == {"none"}
    assert list_designs(nothing.courses).empty
    assert list_designs(enough.courses).empty


def test_a_draw_tells_its_power():
    lots = draw_lots(make_eligible(), SEATS, seed=1)
    designs = list_designs(lots.courses, pd.DataFrame({"session_id": ["C-1"], "course_id": ["C"]}))
    assert designs.values.tolist() == [["C", 13, 27, 1]]
    table = plan_lots(lots.courses, plan_power(designs)).assign(name_id="Satu", name_en="One")
    assert 0.5 < table["value"].iloc[0] < 1.2
    finding = find_lots(table)
    assert finding.key == "design.lots.able"
    assert (finding.values["drawn"], finding.values["waiting"]) == (13, 27)
    assert find_lots(table.assign(value=np.nan)).key == "design.lots.small"
    assert find_lots(table.assign(drawn=np.nan)).key == "design.lots.hidden"
    assert find_lots(table.iloc[:0]).key == "design.lots.none"


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(AnalysisError, match="surely"):
        draw_lots(make_eligible(), SEATS, seed=1, surely=1.5)
    with pytest.raises(AnalysisError, match="twice"):
        draw_lots(pd.concat([make_eligible()] * 2), SEATS, seed=1)
