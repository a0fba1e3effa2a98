"""Whom to compare with whom: participants and the untrained, with what they had before."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.pairs import COMPARISON
from cakra_analysis.tree import ancestors

OWN = ("sex", "employment", "branch")  # covariates that the staff table gives
FEWEST = 3  # sessions of a course, below which they tell nothing of how sessions differ
SCARCE = 8  # people a covariate's column needs


def select_tests(tests: pd.DataFrame, sessions: pd.DataFrame, *, cycle: str) -> pd.DataFrame:
    """Return the tests that a cycle's courses are judged by.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion, score.
    sessions : DataFrame
        session_id, course_id, cycle; of all cycles.
    cycle : str
        Cycle of the sessions to judge.

    Returns
    -------
    DataFrame
        Rows of courses held in the cycle.

    Raises
    ------
    DataError
        When such a course was held in another cycle as well: a score does not tell which of them
        it belongs to, and people trained in one would count as untrained in the other.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("AB"), "course_id": ["K", "L"], "score": [1.0, 2]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "K", "cycle": "2026"})
    >>> select_tests(tests, sessions, cycle="2026")["staff_id"].tolist()
    ['A']
    """
    held = set(sessions.loc[sessions["cycle"] == cycle, "course_id"])
    again = sessions[sessions["course_id"].isin(held & set(tests["course_id"]))]
    cycles = again.groupby("course_id")["cycle"].unique()
    for course, names in cycles[cycles.str.len() > 1].items():
        raise DataError(
            f"The course {course} has sessions in the cycles {', '.join(sorted(names))}, and its "
            "tests do not tell which they belong to.",
            do="Give the course a code of its own in every cycle, for instance "
            f"{course}-{cycle}, in courses, sessions and tests.",
        )
    return tests[tests["course_id"].isin(held)].reset_index(drop=True)


def gather_people(
    pairs: pd.DataFrame,
    staff: pd.DataFrame,
    units: pd.DataFrame,
    traits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return everybody tested for a course, as ``estimate_effect`` reads them.

    Parameters
    ----------
    pairs : DataFrame
        From ``pair_people``: a row a person and course.
    staff : DataFrame
        staff_id, unit_id, perhaps sex and status.
    units : DataFrame
        unit_id, parent_id.
    traits : DataFrame, optional
        staff_id, trait, value (numbers); each trait becomes a column.

    Returns
    -------
    DataFrame
        One row a person and course with a score before, sorted: course_id, staff_id, unit_id,
        ``treated`` (came to a session), ``earlier``, ``before``, ``after`` (points; after is
        missing for who dropped out or did not sit the test: lost), ``status``, ``session_id``,
        ``cluster`` (the unit where whole units were trained or not, else the session; missing for
        the untrained, and where a course had fewer than three sessions: they then count each
        alone, and what differs from session to session is not in the intervals), ``sex``,
        ``employment``, ``branch`` (unit below the top) where known, and the traits. Who was listed
        but never came is left out.

    Raises
    ------
    DataError
        When a trait has the name of another column.

    Notes
    -----
    The effect is that on who completed. Pinned by ``tests/test_evaluation_impact.py``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"staff_id": ["A", "B"], "course_id": "C", "session_id": ["S", None],
    ...     "status": ["completed", "comparison"], "earlier": np.nan, "pre": [5.0, 6.0],
    ...     "post": [9.0, 7.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> gather_people(pairs, staff, units)[["treated", "before", "after"]].values.tolist()
    [[True, 5.0, 9.0], [False, 6.0, 7.0]]
    """
    rows = pairs[pairs["pre"].notna() & (pairs["status"] != "absent")]
    rows = rows.assign(
        treated=rows["status"] != COMPARISON,
        before=rows["pre"],
        after=rows["post"].where(rows["status"] != "dropped"),
    )
    kept = ["course_id", "staff_id", "treated", "earlier", "before", "after", "status"]
    people = rows[[*kept, "session_id"]].merge(
        _describe(staff, units), on="staff_id", how="left", validate="many_to_one"
    )
    if traits is not None and len(traits):
        wide = traits.pivot(index="staff_id", columns="trait", values="value").reset_index()
        taken = sorted(set(wide) & (set(people) | {"cluster"}) - {"staff_id"})
        if taken:
            raise DataError(
                f'A trait is called "{taken[0]}", which is a column of the people already.',
                do="Call it otherwise in the table traits.",
            )
        people = people.merge(wide, on="staff_id", how="left", validate="many_to_one")
    people = people.sort_values(["course_id", "staff_id"], ignore_index=True)
    by_unit = people["course_id"].map(_whole_units(people))
    sessions = people.groupby("course_id")["session_id"].transform("nunique")
    session = people["session_id"].where(sessions >= FEWEST)
    return people.assign(cluster=session.where(~by_unit, people["unit_id"]))


def _describe(staff: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    above = ancestors(units)
    top = units.loc[units["parent_id"].isna(), "unit_id"]
    below_top = units.loc[units["parent_id"].isin(top), "unit_id"]
    branch = above[above["ancestor"].isin(below_top)].set_index("unit_id")["ancestor"]
    table = staff[["staff_id", "unit_id"]].assign(branch=staff["unit_id"].map(branch))
    for name, column in (("sex", "sex"), ("employment", "status")):
        if column in staff:
            table[name] = staff[column]
    return table


def _whole_units(people: pd.DataFrame) -> pd.Series:
    """Whether each course trained units as a whole: no unit has both trained and untrained."""
    mixed = people.groupby(["course_id", "unit_id"])["treated"].agg(["nunique", "size"])
    several = mixed[mixed["size"] > 1]
    whole = (several["nunique"] == 1).groupby("course_id").all()
    whole &= people.groupby("course_id")["treated"].nunique().reindex(whole.index) > 1
    many = (several.groupby("course_id").size() > 2).reindex(whole.index, fill_value=False)
    found = whole & many
    return found.reindex(people["course_id"].unique(), fill_value=False)


def list_covariates(people: pd.DataFrame, *, traits: tuple[str, ...] = ()) -> list[str]:
    """Return which covariates one course's people can carry.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``, one course.
    traits : tuple of str
        Names of the traits.

    Returns
    -------
    list of str
        ``earlier`` where most have it, then traits and the staff table's own, as long as a column
        has eight people; those without differences left out.

    Examples
    --------
    >>> people = pd.DataFrame({"earlier": range(40), "sex": ["female", "male"] * 20})
    >>> list_covariates(people)
    ['earlier', 'sex']
    """
    room = len(people) // SCARCE - 2  # the constant and the score before
    by_unit = "unit_id" in people and people["cluster"].eq(people["unit_id"]).all()
    chosen: list[str] = []
    for name in ("earlier", *traits, *OWN):
        if name not in people or people[name].notna().mean() <= 0.5:
            continue
        if name == "branch" and by_unit:  # a handful of units tells nothing of branches
            continue
        numeric = pd.api.types.is_numeric_dtype(people[name])
        columns = 1 if numeric else people[name].nunique() - 1
        if people[name].nunique() > 1 and columns <= room:
            chosen.append(name)
            room -= columns
    return chosen
