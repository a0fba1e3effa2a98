"""Who mentors whom: nobody overloaded, nobody by themselves, near by where it costs nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cakra_analysis.tree import ancestors

FAR = 3  # steps up the tree from which nearness no longer counts


def assign_mentors(
    people: pd.DataFrame,
    mentors: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame | None = None,
    *,
    own_supervisor: bool = False,
    load: pd.Series | None = None,
) -> pd.DataFrame:
    """Return a mentor for each person, the load spread as evenly as can be.

    Parameters
    ----------
    people : DataFrame
        staff_id, each once.
    mentors : DataFrame
        staff_id, most (people mentored at a time).
    staff : DataFrame
        staff_id, unit_id; supervisor_id where it is recorded.
    units : DataFrame, optional
        unit_id, parent_id; with it, of plans equally good a mentor near in the tree is taken.
    own_supervisor : bool
        Whether somebody's direct supervisor may be the mentor.
    load : Series, optional
        People whom each mentor has already, by staff_id.

    Returns
    -------
    DataFrame
        One row a person, in the order of ``people``: staff_id, ``mentor_id`` (missing without),
        ``why`` (empty with a mentor; ``none``: there is no other mentor; ``barred``: only the own
        supervisor; ``full``: those who may have no room).

    Notes
    -----
    Exact, in this order: the most people with a mentor; the least sum of squared loads (which also
    makes the largest load least); the fewest steps to the mentor's unit. A mentor's k-th place
    costs 2k - 1, the growth of the square, so an assignment of people to places solves it
    (Jonker-Volgenant, ``scipy.optimize.linear_sum_assignment``). Pinned by
    ``tests/test_implementation_support.py`` against every possible assignment.

    Examples
    --------
    >>> people = pd.DataFrame({"staff_id": list("ABC")})
    >>> mentors = pd.DataFrame({"staff_id": list("AM"), "most": [5, 5]})
    >>> staff = pd.DataFrame({"staff_id": list("ABCM"), "unit_id": "U"})
    >>> assign_mentors(people, mentors, staff)["mentor_id"].tolist()
    ['M', 'A', 'A']
    """
    persons = people["staff_id"].astype("object").reset_index(drop=True)
    table = pd.DataFrame({"staff_id": persons, "mentor_id": None, "why": "none"}, dtype="object")
    known = mentors.sort_values("staff_id").reset_index(drop=True)
    if persons.empty or known.empty:
        return table
    held = known["staff_id"].map(load if load is not None else {}).fillna(0).astype(int)
    other = persons.to_numpy()[:, None] != known["staff_id"].to_numpy()[None, :]
    may = other & (own_supervisor | ~_find_supervised(persons, known, staff))
    steps = _count_steps(persons, known, staff, units)
    places = _list_places(known["most"].astype(int).to_numpy(), held.to_numpy(), len(persons))
    taken = _solve(may, steps, places, len(persons))
    got = taken >= 0
    codes = known["staff_id"].astype("object").to_numpy()
    table["mentor_id"] = np.where(got, codes[np.maximum(taken, 0)], None)
    reason = np.select([~other.any(axis=1), ~may.any(axis=1)], ["none", "barred"], "full")
    table["why"] = np.where(got, "", reason)
    return table


def _list_places(
    most: NDArray[np.int64], held: NDArray[np.int64], people: int
) -> NDArray[np.int64]:
    """Mentor and cost (growth of the squared load) of every place that could be taken."""
    free = np.minimum(np.maximum(most - held, 0), people)
    mentor = np.repeat(np.arange(len(most)), free)
    first = np.repeat(np.cumsum(free) - free, free)
    order = np.arange(len(mentor)) - first + 1
    return np.stack([mentor, 2 * (held[mentor] + order) - 1])


def _solve(
    may: NDArray[np.bool_], steps: NDArray[np.int64], places: NDArray[np.int64], people: int
) -> NDArray[np.int64]:
    """Number of each person's mentor, -1 for none."""
    from scipy.optimize import linear_sum_assignment

    mentor, growth = places
    # Whole numbers, each aim out of reach of those after it; exact in a float up to 2**53.
    balance = FAR * people + 1
    missing = balance * (int(growth.max(initial=0)) + 1) * (people + 1)
    barred = 2 * missing  # dearer than going without, so never chosen
    cost = np.where(may[:, mentor], balance * growth + steps[:, mentor], barred)
    none = np.full((people, people), float(missing))
    rows, columns = linear_sum_assignment(np.hstack([cost.astype(float), none]))
    found = np.full(people, -1)
    chosen = columns < len(mentor)
    found[rows[chosen]] = mentor[columns[chosen]]
    return found


def _find_supervised(
    persons: pd.Series, mentors: pd.DataFrame, staff: pd.DataFrame
) -> NDArray[np.bool_]:
    """Whether the mentor (column) is the person's (row) own supervisor."""
    if "supervisor_id" not in staff:
        return np.zeros((len(persons), len(mentors)), dtype=bool)
    above = persons.map(staff.set_index("staff_id")["supervisor_id"]).astype("object").to_numpy()
    return np.asarray(above[:, None] == mentors["staff_id"].astype("object").to_numpy()[None, :])


def _count_steps(
    persons: pd.Series, mentors: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame | None
) -> NDArray[np.int64]:
    """Steps up the tree from the person's unit to one that holds the mentor's too."""
    steps = np.full((len(persons), len(mentors)), FAR)
    if units is None:
        return steps
    unit = staff.set_index("staff_id")["unit_id"]
    own, theirs = persons.map(unit), mentors["staff_id"].map(unit)
    every = ancestors(units)
    above = {u: set(rows["ancestor"]) for u, rows in every.groupby("unit_id")}
    up = every[every["steps"] < FAR]
    ways = {u: list(zip(r["ancestor"], r["steps"], strict=True)) for u, r in up.groupby("unit_id")}
    near = {
        (a, b): min((s for code, s in ways.get(a, []) if code in above.get(b, ())), default=FAR)
        for a in own.unique()
        for b in theirs.unique()
    }
    for j, b in enumerate(theirs):
        steps[:, j] = [near[a, b] for a in own]
    return steps
