"""A region over several cycles: people, courses, and all chance drawn beforehand.

Chance is drawn from the seed, the cycle and what it is for, never one after another, so that two
ways of planning meet the same people, the same raters and the same luck wherever they do the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.cycles.promises import Promises, draw_courses
from cakra_analysis.design import list_offers
from cakra_analysis.errors import DataError
from cakra_analysis.synthetic.offers import make_offers
from cakra_analysis.synthetic.people import People, make_people
from cakra_analysis.synthetic.places import COMPETENCIES, POSITIONS, make_units
from cakra_analysis.synthetic.training_tables import list_held

STAFF = 200
FIRST_YEAR = 2024
LEADING = ("Administrator", "Pengawas", "JPT Pratama")
KINDS = ("people", "courses", "staff", "response", "ratings", "learning", "tests", "sessions")


@dataclass(frozen=True)
class World:
    """Everything that is the same however the region plans.

    Attributes
    ----------
    seed : int
        Of all chance.
    cycles : tuple of str
        Names of the cycles.
    units : DataFrame
        unit_id, parent_id, name, kind.
    people : People
        Everybody who serves in one of the cycles.
    staff : DataFrame
        One row a person, as the table ``staff`` has it, with ``branch`` (unit below the top).
    response : ndarray of float, shape (units,)
        Share of a unit's people of whom there is any rating.
    offers : DataFrame
        From ``list_offers``.
    claims : DataFrame
        What the catalogue says: course_id, competency_id, effect, low, high.
    truth : DataFrame
        What the courses do: course_id, competency_id, effect, kind. No planner sees it.
    """

    seed: int
    cycles: tuple[str, ...]
    units: pd.DataFrame
    people: People
    staff: pd.DataFrame
    response: np.ndarray
    offers: pd.DataFrame
    claims: pd.DataFrame
    truth: pd.DataFrame

    def draw(self, kind: str, cycle: int = 0) -> np.random.Generator:
        """Return the chance of one kind in one cycle, from its beginning.

        Parameters
        ----------
        kind : str
            One of ``KINDS``.
        cycle : int
            Row number of the cycle.

        Returns
        -------
        Generator
            The same whenever it is asked for.
        """
        return _draw(self.seed, kind, cycle)

    @property
    def item(self) -> np.ndarray:
        """The competency of each course of ``offers``, as a row number of ``COMPETENCIES``."""
        codes = pd.Index([code for code, *_ in COMPETENCIES])
        return codes.get_indexer(self.offers["competency_id"])


def make_world(
    seed: int, *, staff: int = STAFF, cycles: int = 3, promises: Promises | None = None
) -> World:
    """Make a region from a seed.

    Parameters
    ----------
    seed : int
        The same seed gives the same region.
    staff : int
        Staff in service at a time, at least 100.
    cycles : int
        How many cycles it lives, 1 or more.
    promises : Promises, optional
        How claims and truth are made; as usual if missing.

    Returns
    -------
    World
        Units, posts and people of the synthetic region, and its courses on offer. A course trains
        one competency, requires none before it, and what it does is drawn anew in each region.

    Raises
    ------
    DataError
        When staff or cycles are too few.

    Examples
    --------
    >>> world = make_world(1, staff=100, cycles=2)
    >>> world.cycles, len(world.offers), (world.claims["effect"] > 0).all().item()
    (('2024', '2025'), 20, True)
    """
    if staff < 100 or cycles < 1:
        raise DataError(
            f"A region of {staff} staff over {cycles} cycles cannot be made.",
            allowed="It has at least 100 staff and 1 cycle.",
        )
    units = make_units(1, staff)
    people = make_people(units, cycles, _draw(seed, "people"))
    response = _draw(seed, "response").uniform(0.75, 0.97, size=len(units))
    courses = make_offers(list_held(), staff).assign(requires=None)
    offers = list_offers(courses)
    truth, claims = draw_courses(offers, promises or Promises(), _draw(seed, "courses"))
    names = tuple(str(FIRST_YEAR + number) for number in range(cycles))
    units = units.assign(parent_id=units["parent_id"].replace("", None))
    return World(
        seed=seed,
        cycles=names,
        units=units,
        people=people,
        staff=_list_staff(units, people, names, _draw(seed, "staff")),
        response=response,
        offers=offers,
        claims=claims,
        truth=truth,
    )


def _draw(seed: int, kind: str, cycle: int = 0) -> np.random.Generator:
    return np.random.default_rng([seed, KINDS.index(kind), cycle])


def _list_staff(
    units: pd.DataFrame, people: People, cycles: tuple[str, ...], rng: np.random.Generator
) -> pd.DataFrame:
    many = len(people.unit)
    leads = np.array([job in LEADING for _, _, job, _ in POSITIONS])[people.post]
    unit = units.iloc[people.unit]
    return pd.DataFrame(
        {
            "staff_id": np.char.add("S", np.char.zfill(np.arange(1, many + 1).astype(str), 5)),
            "unit_id": unit["unit_id"].to_numpy(),
            "branch": unit["parent_id"].to_numpy(),
            "position_id": np.array([code for code, *_ in POSITIONS])[people.post],
            "status": np.where(leads | (rng.random(many) < 0.75), "PNS", "PPPK"),
            "sex": rng.choice(["female", "male"], size=many),
            "first_cycle": np.array(cycles)[people.first],
            "last_cycle": np.array(cycles)[people.last],
        }
    )
