"""What the planning of a year starts from: people with their gaps, and what can be offered them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cakra_analysis import needs
from cakra_analysis.contracts import STANDARD
from cakra_analysis.dataset import Dataset
from cakra_analysis.design import Rules, list_offers
from cakra_analysis.errors import AnalysisError
from cakra_analysis.evaluation.transfer import find_alumni
from cakra_analysis.improvement.claims import find_offers
from cakra_analysis.needs.noise import correct_noise, expect_shortfall
from cakra_analysis.once import once
from cakra_analysis.serving import select_staff
from cakra_analysis.settings import Settings
from cakra_analysis.year_effects import expect_effects


@dataclass(frozen=True)
class Year:
    """One unit's people and courses, for the year after a cycle.

    Attributes
    ----------
    year : int
        The year planned.
    people : DataFrame
        staff_id, unit_id, segment, status, sex, job_class, hours_jp.
    gaps : DataFrame
        staff_id, competency_id, ``gap`` (levels, expected shortfall, 0 or more).
    offers, effects : DataFrame
        From ``list_offers`` and ``expect_effects``.
    weights : DataFrame
        competency_id, ``weight`` (1 on average): how important stakeholders find it.
    priorities : tuple of str
        The competency that each group of stakeholders misses most.
    completed : DataFrame
        staff_id, course_id of what was completed in any cycle, under every code of its offer.
    day_cost_idr : float
        Usual cost of a trainer and a government venue for a day, kept back until the timetable
        tells.
    sizes : DataFrame
        unit_id, ``people``: staff by unit.
    """

    year: int
    people: pd.DataFrame
    gaps: pd.DataFrame
    offers: pd.DataFrame
    effects: pd.DataFrame
    weights: pd.DataFrame
    priorities: tuple[str, ...]
    completed: pd.DataFrame
    day_cost_idr: float

    @property
    def sizes(self) -> pd.DataFrame:
        """Staff by unit: unit_id, people."""
        return self.people.groupby("unit_id").size().rename("people").reset_index()


@once
def gather_year(
    tables: Dataset,
    *,
    cycle: str,
    unit: str,
    settings: Settings,
    judged: pd.DataFrame | None = None,
) -> Year:
    """Return what a programme for the year after a cycle is planned from.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    cycle : str
        The cycle whose needs are met; it begins with its year, for instance 2026.
    unit : str
        Whose people: the unit and all below it.
    settings : Settings
        Weights of raters and stakeholders, and the sections ``evaluation`` and ``improvement``.
    judged : DataFrame, optional
        The cycle's verdicts from ``judge_cycle``, where they are known already.

    Returns
    -------
    Year
        Everything that the stages 2 and 3 need of stage 1.

    Raises
    ------
    AnalysisError
        When no course is on offer, no effect is known, or nobody of the unit was rated.

    Notes
    -----
    A person's gap is the shortfall to be expected behind the ratings (``expect_shortfall``), since
    rating noise alone would make everybody seem in need of something. What is not a matter of
    learning is taken off: where supervisors named causes and learning is none of them, no gap is
    planned for.
    """
    staff = needs.select_unit(select_staff(tables["staff"], cycle), tables["units"], unit)
    offers = list_offers(tables["courses"])
    if offers.empty or tables["course_effects"].empty:
        raise AnalysisError(
            "There is nothing to choose a programme from.",
            allowed="The table courses needs seats_most for what is on offer, and course_effects "
            "what each is expected to do.",
            do="See data/README.md for both tables; until they are filled in, take 02_design, "
            "03_implementation and 05_improvement out of reports/reports.toml.",
        )
    gaps = _expect_gaps(tables, staff, cycle, settings)
    asked, causes = tables["stakeholders"], tables["causes"]
    heard = needs.hear_stakeholders(
        tables["stakeholder_answers"],
        asked[asked["cycle"] == cycle],
        tables["population_margins"],
        weights=settings.stakeholders.weights,
    )
    members = needs.find_segments(gaps).members
    people = _describe(staff, tables["positions"], members)
    return Year(
        year=int(cycle[:4]) + 1,
        people=people,
        gaps=_leave_learning(gaps, causes[causes["cycle"] == cycle]),
        offers=offers,
        effects=expect_effects(tables, cycle=cycle, settings=settings, judged=judged),
        weights=_weigh(tables["competencies"], heard.importance),
        priorities=_first(heard.groups),
        completed=_completed(tables, staff),
        day_cost_idr=_price_day(tables["trainers"], tables["venues"]),
    )


def make_rules(year: Year, settings: Settings, *, budget_idr: float = 0.0) -> Rules:
    """Return what a programme must keep to.

    Parameters
    ----------
    year : Year
        From ``gather_year``.
    settings : Settings
        The section ``design``.
    budget_idr : float
        Rupiah; 0 = that of the settings.

    Returns
    -------
    Rules
        For ``plan_with``.
    """
    chosen = settings.design
    return Rules(
        budget_idr=budget_idr or chosen.budget_idr,
        fair=chosen.fair,
        modes=chosen.modes,
        overlap_shares=chosen.overlap_shares,
        overlap_factors=chosen.overlap_factors,
        courses_most=chosen.courses_most,
        priorities=year.priorities,
        day_cost_idr=year.day_cost_idr,
        away=settings.implementation.away,
    )


def _expect_gaps(
    tables: Dataset, staff: pd.DataFrame, cycle: str, settings: Settings
) -> pd.DataFrame:
    """Each person's gaps as rated, with ``shortfall``, what is to be expected behind them."""
    if tables.gap_definition != STANDARD:
        raise AnalysisError(
            f'A programme cannot be planned from gaps defined as "{tables.gap_definition}".',
            allowed=f'It needs levels below a standard: gap_definition "{STANDARD}" in about.',
        )
    ratings = tables["ratings"]
    ratings = ratings[ratings["cycle"] == cycle]
    weights = needs.list_weights(ratings, settings.gap.weights)
    observed, wanted = needs.combine_sides(
        ratings, tables["standards"], definition=STANDARD, weights=weights
    )
    gaps = correct_noise(needs.score_person_gaps(observed, wanted, staff, definition=STANDARD))
    return gaps.assign(shortfall=expect_shortfall(gaps))


def _leave_learning(gaps: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    keys = ["staff_id", "competency_id"]
    told = causes.assign(skill=causes["cause"] == "skill").groupby(keys, observed=True)["skill"]
    table = gaps.merge(told.any().reset_index(), on=keys, how="left", validate="one_to_one")
    other = table["skill"].eq(False)
    gap = table["shortfall"].where(~other, 0.0)
    return table[keys].assign(gap=gap)


def _describe(staff: pd.DataFrame, positions: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Everybody with segment and job class; what is not known stays missing."""
    segment = members.set_index("staff_id")["segment"]
    jobs = positions.set_index("position_id")["job_class"]
    wanted = ["staff_id", "unit_id", "status", "sex", "position_id", "supervisor_id"]
    people = staff.reindex(columns=wanted)
    return people.assign(
        segment=people["staff_id"].map(segment).fillna(0).astype(int),
        job_class=people["position_id"].map(jobs),
        hours_jp=0.0,
    ).reset_index(drop=True)


def _weigh(competencies: pd.DataFrame, importance: pd.DataFrame | None) -> pd.DataFrame:
    codes = competencies["competency_id"]
    if importance is None:
        return pd.DataFrame({"competency_id": codes, "weight": 1.0})
    said = codes.map(importance.set_index("competency_id")["value"])
    return pd.DataFrame({"competency_id": codes, "weight": (said / said.mean()).fillna(1.0)})


def _first(groups: pd.DataFrame) -> tuple[str, ...]:
    """The competency with each group's largest gap between importance and performance."""
    missed = groups[groups["measure"] == "gap"]
    if missed.empty:
        return ()
    first = missed.loc[missed.groupby("group", observed=True)["value"].idxmax(), "competency_id"]
    return tuple(dict.fromkeys(first))


def _completed(tables: Dataset, staff: pd.DataFrame) -> pd.DataFrame:
    courses = tables["courses"]
    codes = courses[["course_id"]].assign(offer=find_offers(courses["course_id"], courses))
    done = find_alumni(tables["sessions"], tables["attendance"])
    done = done.loc[done["staff_id"].isin(staff["staff_id"]), ["staff_id", "course_id"]]
    done = done.merge(codes, on="course_id").drop(columns="course_id").merge(codes, on="offer")
    return done[["staff_id", "course_id"]].drop_duplicates(ignore_index=True)


def _price_day(trainers: pd.DataFrame, venues: pd.DataFrame) -> float:
    fees = trainers.drop_duplicates("trainer_id").get("fee_day_idr", pd.Series(dtype=float))
    rooms = venues[venues["kind"] == "government"].get("cost_day_idr", pd.Series(dtype=float))
    return float(fees.fillna(0).mean() if len(fees) else 0) + float(
        rooms.fillna(0).mean() if len(rooms) else 0
    )
