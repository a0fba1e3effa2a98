"""From the tables to who could go where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.design.nomination_pairs import NEAR, Pairs, find_open, score_pairs
from cakra_analysis.design.nomination_slots import Bools, Floats, Ints, Slots


@dataclass(frozen=True)
class Request:
    """What ``nominate`` was asked, under the names it was asked with."""

    gaps: pd.DataFrame
    people: pd.DataFrame
    offers: pd.DataFrame
    effects: pd.DataFrame
    weights: pd.DataFrame
    sessions: pd.DataFrame
    session_units: pd.DataFrame | None
    meetings: pd.DataFrame | None
    completed: pd.DataFrame | None
    lots: pd.DataFrame | None
    fair: tuple[str, ...]
    courses_most: int
    least_jp: float
    most_jp_pppk: float
    debt_weight: float
    seed: int

    @property
    def courses(self) -> pd.Index:
        """The courses that have sessions, by position."""
        return pd.Index(sorted(set(self.sessions["course_id"])))

    @property
    def units(self) -> pd.Index:
        """The units that have people, by position."""
        return pd.Index(sorted(set(self.people["unit_id"].dropna())))


def read_pairs(asked: Request, slots: Slots) -> tuple[Pairs, pd.Index, Ints]:
    """Return people by courses, the competencies by position, and which courses draw lots.

    Parameters
    ----------
    asked : Request
        What ``nominate`` was asked.
    slots : Slots
        One a course.

    Returns
    -------
    tuple
        Pairs, competencies, and by person and course 0 = no lot in this course, 1 = in, -1 = not.
    """
    people, courses = asked.people, asked.courses
    rows = people[people["unit_id"].notna()].sort_values("staff_id")
    rows = rows.iloc[np.random.default_rng(asked.seed).permutation(len(rows))]
    staff = pd.Index(rows["staff_id"])
    offer = asked.offers.set_index("course_id").loc[courses]
    benefit, gap, cause, names = score_pairs(
        asked.gaps, asked.effects, asked.weights, staff=staff, courses=courses
    )
    hours = offer["hours_jp"].to_numpy(float)
    room, lacking = _read_hours(rows, asked.least_jp, asked.most_jp_pppk)
    requires = _read_requires(offer, courses)
    held = _mark(asked.completed, staff, courses)
    has = _read_has(asked.completed, staff, offer)
    drawn = _read_lots(asked.lots, staff, courses)
    unit = asked.units.get_indexer(rows["unit_id"]).astype(np.int64)
    free = ~held & (drawn >= 0) & (hours <= room[:, None] + NEAR)
    seated = free & (slots.cells.T[unit] > 0)
    score = _add_bonus(benefit, hours, lacking, asked.least_jp, asked.debt_weight)
    opened = find_open(score, seated, has, requires, slots.before)
    pairs = Pairs(
        staff.to_numpy(object), courses.to_numpy(object), unit, benefit, score, gap, cause,
        opened, free, has, held, requires, hours, room, lacking,
        np.full(len(staff), asked.courses_most, np.int64),
        {name: _read_levels(rows[name]) for name in asked.fair if name in rows},
    )  # fmt: skip
    return pairs, names, drawn


def list_eligible(
    gaps: pd.DataFrame,
    people: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    weights: pd.DataFrame,
    completed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return who has something to gain from which course, to draw lots among them.

    Parameters
    ----------
    gaps : DataFrame
        staff_id, competency_id, gap.
    people : DataFrame
        One row a person: staff_id and what strata are made of.
    effects : DataFrame
        course_id, competency_id, effect.
    weights : DataFrame
        competency_id, weight.
    completed : DataFrame, optional
        staff_id, course_id.

    Returns
    -------
    DataFrame
        One row a course and person, in this order: course_id, benefit (weighted levels expected
        to close) and the columns of ``people``. Required courses and hours are not looked at.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": ["A", "B"], "competency_id": "K", "gap": [-1.0, 2.0]})
    >>> effects = pd.DataFrame({"course_id": ["C"], "competency_id": ["K"], "effect": [0.5]})
    >>> weights = pd.DataFrame({"competency_id": ["K"], "weight": [2.0]})
    >>> people = pd.DataFrame({"staff_id": ["A", "B"]})
    >>> list_eligible(gaps, people, effects, weights=weights).values.tolist()
    [['C', 'B', 1.0]]
    """
    staff = pd.Index(sorted(people["staff_id"]))
    courses = pd.Index(sorted(set(effects["course_id"])))
    benefit = score_pairs(gaps, effects, weights, staff=staff, courses=courses)[0]
    course, person = np.nonzero((np.where(_mark(completed, staff, courses), 0.0, benefit) > NEAR).T)
    table = pd.DataFrame({"course_id": courses[course], "staff_id": staff[person]})
    table["benefit"] = benefit[person, course]
    return table.merge(people, on="staff_id", how="left", validate="many_to_one")


def _read_hours(rows: pd.DataFrame, least: float, most: float) -> tuple[Floats, Floats]:
    """JP that each may still have (PPPK), and lacks of the least (PNS)."""
    held = rows["hours_jp"].fillna(0).to_numpy(float) if "hours_jp" in rows else np.zeros(len(rows))
    status = rows["status"].astype("string").fillna("").to_numpy(str)
    room = np.where(np.char.startswith(status, "PPPK"), (most - held).clip(min=0), np.inf)
    return room, np.where(status == "PNS", (least - held).clip(min=0), 0.0)


def _add_bonus(
    benefit: Floats, hours: Floats, lacking: Floats, least: float, debt_weight: float
) -> Floats:
    worth = benefit > NEAR
    usual = float(np.median(benefit[worth])) if worth.any() else 0.0
    part = np.minimum(hours, lacking[:, None]) / max(least, NEAR)
    return benefit + debt_weight * usual * part


def _read_requires(offer: pd.DataFrame, courses: pd.Index) -> Ints:
    needs = offer["requires"] if "requires" in offer else pd.Series(None, offer.index, object)
    place = courses.get_indexer(needs).astype(np.int64)
    return np.where(needs.isna() | (needs == ""), -1, np.where(place < 0, -2, place))


def _mark(table: pd.DataFrame | None, staff: pd.Index, columns: pd.Index) -> Bools:
    marked = np.zeros((len(staff), len(columns)), bool)
    if table is not None and len(table):
        row, column = staff.get_indexer(table["staff_id"]), columns.get_indexer(table["course_id"])
        known = (row >= 0) & (column >= 0)
        marked[row[known], column[known]] = True
    return marked


def _read_has(completed: pd.DataFrame | None, staff: pd.Index, offer: pd.DataFrame) -> Bools:
    """Whether each person has what each course requires."""
    if "requires" not in offer:
        return np.ones((len(staff), len(offer)), bool)
    needs = offer["requires"].replace("", None)
    needed = pd.Index(sorted(set(needs.dropna())))
    if needed.empty:
        return np.ones((len(staff), len(offer)), bool)
    free, place = needs.isna().to_numpy(), needed.get_indexer(needs)
    return free | _mark(completed, staff, needed)[:, place]


def _read_lots(lots: pd.DataFrame | None, staff: pd.Index, courses: pd.Index) -> Ints:
    drawn = np.zeros((len(staff), len(courses)), np.int64)
    if lots is None or lots.empty:
        return drawn
    drawn[:, courses.isin(lots["course_id"])] = -1
    drawn[_mark(lots[lots["place"] == "seat"], staff, courses)] = 1
    return drawn


def _read_levels(column: pd.Series) -> Ints:
    """Position of each level in alphabetical order; -1 where it is not known."""
    return pd.factorize(column.replace("", None), sort=True)[0].astype(np.int64)
