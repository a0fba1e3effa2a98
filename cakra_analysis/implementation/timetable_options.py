"""The rooms and trainers that a session may have."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .timetable_inputs import NOWHERE, Inputs, Present

Whole = NDArray[np.int64]


def is_fixed(now: Present, rules: frozenset[str]) -> bool:
    """Tell whether a session must stay where it is.

    Parameters
    ----------
    now : Present
        Where it stands.
    rules : frozenset of str
        The rules that must hold.

    Returns
    -------
    bool
        True if it is marked and the rule counts.
    """
    return now.fixed and "fixed" in rules


def find_venues(
    inputs: Inputs, rules: frozenset[str], session: pd.Series, offer: pd.Series
) -> tuple[Whole, Whole]:
    """Find the rooms that a session may have, and the points of a day in each.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold.
    session, offer : Series
        The rows of the session and its course.

    Returns
    -------
    tuple of two ndarrays of int
        Places of the rooms and points a day; -1 and 0 for a course that needs none.
    """
    if offer["route"] in inputs.online_routes:
        return np.array([NOWHERE]), np.array([0])
    venues, points, seats = inputs.venues, inputs.points, int(session["seats"])
    fits = np.ones(len(venues), dtype=bool)
    if "capacity" in rules:
        fits &= venues["capacity"].to_numpy(float) >= seats
    if "equipment" in rules:
        wanted = split_equipment(offer["equipment"])
        fits &= [wanted <= split_equipment(has) for has in venues["equipment"]]
    if "access" in rules and inputs.accessible_only:
        fits &= venues["accessible"].eq("yes").to_numpy()
    if "private" in rules:
        told = venues["justification"].astype(str).str.strip().ne("")
        fits &= (venues["kind"].ne("private") | told).to_numpy()
    rank = venues["kind"].map({"campus": points.campus_day, "private": points.private_day})
    travel = venues["distance_km"].astype(float) * seats * points.km_seat_day
    cost = venues["cost_day_idr"].astype(float) + rank.fillna(0) + travel
    chosen = np.flatnonzero(fits)
    return chosen, np.rint(cost.to_numpy(float)[chosen]).astype(np.int64)


def split_equipment(text: object) -> set[str]:
    """Split a list of equipment.

    Parameters
    ----------
    text : object
        Names separated by semicolons; a blank cell holds none.

    Returns
    -------
    set of str
        The names, small letters.

    Examples
    --------
    >>> sorted(split_equipment("Projector; computers"))
    ['computers', 'projector']
    """
    if not isinstance(text, str):
        return set()
    return {part.strip().lower() for part in text.split(";") if part.strip()}


def find_trainers(
    inputs: Inputs,
    rules: frozenset[str],
    course: str,
    offer: pd.Series,
    trainer_ids: tuple[str, ...],
) -> tuple[Whole, Whole]:
    """Find the trainers that may teach a course, and their fees a day.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold.
    course : str
        The course.
    offer : Series
        Its row.
    trainer_ids : tuple of str
        All trainers.

    Returns
    -------
    tuple of two ndarrays of int
        Places of the trainers and rupiah a day; -1 and 0 for an online course without one. A
        trainer of other courses, allowed only without the rule, costs the highest own fee.
    """
    table = inputs.trainers.assign(fee_day_idr=inputs.trainers["fee_day_idr"].astype(float))
    own = table[table["course_id"].eq(course)].groupby("trainer_id")["fee_day_idr"].min()
    if own.empty and offer["route"] in inputs.online_routes:
        return np.array([NOWHERE]), np.array([0])
    fees = own if "qualified" in rules else table.groupby("trainer_id")["fee_day_idr"].max()
    if "qualified" not in rules:
        fees.update(own)
    place = {code: i for i, code in enumerate(trainer_ids)}
    chosen = np.array(sorted(place[str(code)] for code in fees.index), dtype=np.int64)
    by_place = {place[str(code)]: fee for code, fee in fees.items()}
    return chosen, np.rint([by_place[i] for i in chosen]).astype(np.int64)
