"""What an agency does before a cycle's courses: rate, find the needs, plan, draw lots for seats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis import design, needs
from cakra_analysis.contracts import STANDARD
from cakra_analysis.cycles.world import World
from cakra_analysis.needs.noise import correct_noise, expect_shortfall
from cakra_analysis.serving import select_staff
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import COMPETENCIES, make_standards
from cakra_analysis.synthetic.raters import make_ratings

BUDGET_A_HEAD = 450_000_000 / 616  # rupiah a year: that of settings.toml for the region's staff
COURSES_A_HEAD = (
    1  # a year, on average over a group: about the 20 JP that everybody should reach [I]
)
TIE = 1e-9  # levels by which who comes first in order is put before who lacks as much
NEAR = 0.01  # gap to the best programme at which the search stops


@dataclass(frozen=True)
class Programme:
    """What was found and decided before the courses.

    Attributes
    ----------
    gaps : DataFrame
        staff_id, competency_id, ``gap``: levels that those at least half a level below their
        standard are expected to lack, from ratings.
    portfolio : Portfolio
        What is held, for how many of which branch.
    lots : DataFrame
        Who is in and who waits: ``people`` of ``draw_lots``.
    """

    gaps: pd.DataFrame
    portfolio: design.Portfolio
    lots: pd.DataFrame


def find_gaps(world: World, level: np.ndarray, cycle: int, settings: Settings) -> pd.DataFrame:
    """Return what the ratings of a cycle say that people lack.

    Parameters
    ----------
    world : World
        Who rates, and with what luck.
    level : ndarray, shape (people, competencies)
        True levels now; only the raters see them.
    cycle : int
        Row number of the cycle.
    settings : Settings
        Weights of raters, and from what on a gap counts.

    Returns
    -------
    DataFrame
        staff_id, competency_id, ``gap`` (levels; 0 where less than ``below_from`` is expected).
    """
    now, name = world.people, world.cycles[cycle]
    serving = (now.first <= cycle) & (cycle <= now.last)
    last = np.where(serving, 0, -1).astype(np.int8)
    seen = People(
        now.unit, now.post, now.segment, np.zeros_like(last), last, level.astype(np.float32),
        now.required,
    )  # fmt: skip
    ratings = make_ratings(seen, [name], world.response, world.draw("ratings", cycle))
    ratings = ratings.assign(staff_id=world.staff["staff_id"].to_numpy()[ratings.pop("person")])
    ratings = ratings.astype(dict.fromkeys(("competency_id", "cycle", "source", "rater"), "str"))
    observed, wanted = needs.combine_sides(
        ratings,
        make_standards(),
        definition=STANDARD,
        weights=needs.list_weights(ratings, settings.gap.weights),
    )
    gaps = correct_noise(needs.score_person_gaps(observed, wanted, world.staff))
    lacking = expect_shortfall(gaps)
    gap = np.where(lacking >= settings.gap.below_from, lacking, 0.0)
    return gaps[["staff_id", "competency_id"]].assign(gap=gap)


def plan_cycle(
    world: World,
    gaps: pd.DataFrame,
    effects: pd.DataFrame,
    completed: pd.DataFrame,
    *,
    cycle: int,
    settings: Settings,
    lots: bool = True,
) -> Programme:
    """Choose a cycle's programme and who is in it.

    Parameters
    ----------
    world : World
        Staff and courses.
    gaps : DataFrame
        From ``find_gaps``.
    effects : DataFrame
        course_id, competency_id, effect, low, high: what the planner believes.
    completed : DataFrame
        staff_id, course_id; nobody sits in the same course twice.
    cycle : int
        Row number of the cycle.
    settings : Settings
        The sections ``design`` and ``learning``.
    lots : bool
        Whether seats are drawn by lot among those who lack something; else those who are
        expected to lack most of the course's competency are in, at the same gap in order of
        staff_id.

    Returns
    -------
    Programme
        Budget, fairness and overlap as in settings.toml. The branches (kecamatan, puskesmas,
        schools, city agencies) are planned for as units. The rules of hours and of the mix of
        modes are left out: they would fill seats for the hours' sake, whatever is known of effects.
    """
    people = select_staff(world.staff, world.cycles[cycle])
    people = people[["staff_id", "branch", "status"]].rename(columns={"branch": "unit_id"})
    weights = pd.DataFrame({"competency_id": [code for code, *_ in COMPETENCIES], "weight": 1.0})
    problem = design.gather_problem(
        gaps, people, world.offers, effects, weights=weights, least_jp=settings.learning.least_jp,
        most_jp_pppk=settings.learning.most_jp_pppk, completed=completed,
    )  # fmt: skip
    chosen = settings.design
    rules = design.Rules(
        budget_idr=BUDGET_A_HEAD * len(people),
        fair=chosen.fair,
        overlap_shares=chosen.overlap_shares,
        overlap_factors=chosen.overlap_factors,
        courses_most=COURSES_A_HEAD,
        least_share=0.0,
    )
    portfolio = design.plan_with(problem, rules, gap=NEAR)
    seats = portfolio.sessions[["course_id", "seats"]].astype({"seats": int})
    eligible = design.list_eligible(gaps, people, effects, weights=weights, completed=completed)
    seed = world.seed * len(world.cycles) + cycle
    offers = world.offers.set_index("course_id")
    eligible["item"] = eligible["course_id"].map(offers["competency_id"])
    hours = eligible["course_id"].map(offers["hours_jp"])
    eligible = eligible[(eligible["status"] != "PPPK") | (hours <= settings.learning.most_jp_pppk)]
    if not lots:
        eligible = _rank_by_gap(eligible, gaps)
    drawn = _draw_seats(eligible, seats, seed=seed, surely=0.0 if lots else 1.0)
    return Programme(gaps, portfolio, drawn)


def _rank_by_gap(eligible: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Let the expected gap be the benefit, and no two people have the same.

    What a course closes of a gap is its effect for nearly everybody, so it cannot rank them.
    """
    names = {"competency_id": "item"}
    table = eligible.merge(gaps.rename(columns=names), how="left", validate="many_to_one")
    turn = table["staff_id"].rank(method="dense")
    return table.assign(benefit=table.pop("gap") - TIE * turn)


def _draw_seats(
    eligible: pd.DataFrame, seats: pd.DataFrame, *, seed: int, surely: float
) -> pd.DataFrame:
    """Draw in rounds of one course a competency; nobody gets two on the same in a year."""
    item = eligible.drop_duplicates("course_id").set_index("course_id")["item"]
    seats = seats.assign(item=seats["course_id"].map(item)).dropna().sort_values("course_id")
    turn = seats.groupby("item").cumcount()
    parts: list[pd.DataFrame] = []
    taken = eligible[["staff_id", "item"]].head(0)
    for _, places in seats[["course_id", "seats"]].groupby(turn, sort=True):
        mine = eligible[eligible["course_id"].isin(places["course_id"])]
        mine = mine.merge(taken, how="left", indicator="free", validate="many_to_one")
        mine = mine[mine.pop("free") == "left_only"]
        drawn = design.draw_lots(
            mine, places, seed=seed, strata=("unit_id", "status"), surely=surely
        ).people
        parts.append(drawn)
        new = drawn.loc[drawn["place"] == "seat", ["course_id", "staff_id"]]
        new = new.assign(item=new["course_id"].map(item))[["staff_id", "item"]]
        taken = pd.concat([taken, new])
    if not parts:  # nothing is held
        none = seats[["course_id", "seats"]].head(0)
        return design.draw_lots(eligible.head(0), none, seed=seed).people
    return pd.concat(parts, ignore_index=True)
