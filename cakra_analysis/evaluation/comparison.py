"""Whom to compare with whom: participants and the untrained, with what they had before."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.pairs import COMPARISON
from cakra_analysis.tree import ancestors

OWN = ("sex", "employment", "branch")  # covariates that the staff table gives
FEWEST = 3  # sessions of a course, below which they tell nothing of how sessions differ
SCARCE = 8  # people a covariate's column needs


def select_tests(
    tests: pd.DataFrame, attendance: pd.DataFrame, sessions: pd.DataFrame, *, cycle: str
) -> pd.DataFrame:
    """Return the tests that a cycle's courses are judged by.

    Parameters
    ----------
    tests : DataFrame
        staff_id, course_id, occasion, score.
    attendance : DataFrame
        session_id, staff_id.
    sessions : DataFrame
        session_id, course_id, cycle; of all cycles.
    cycle : str
        Cycle of the sessions to judge.

    Returns
    -------
    DataFrame
        Rows of courses held in the cycle, without people who came to the same course in another
        cycle only: they are neither trained now nor untrained.

    Examples
    --------
    >>> tests = pd.DataFrame({"staff_id": list("ABC"), "course_id": "K", "score": [1.0, 2.0, 3.0]})
    >>> attendance = pd.DataFrame({"session_id": ["S1", "S2"], "staff_id": ["A", "B"]})
    >>> sessions = pd.DataFrame({"session_id": ["S1", "S2"], "course_id": "K",
    ...                          "cycle": ["2025", "2026"]})
    >>> select_tests(tests, attendance, sessions, cycle="2026")["staff_id"].tolist()
    ['B', 'C']
    """
    keys = ["staff_id", "course_id"]
    came = attendance.merge(sessions, on="session_id", validate="many_to_one")
    now = pd.MultiIndex.from_frame(came.loc[came["cycle"] == cycle, keys])
    once = pd.MultiIndex.from_frame(came[keys])
    each = pd.MultiIndex.from_frame(tests[keys])
    held = tests["course_id"].isin(sessions.loc[sessions["cycle"] == cycle, "course_id"])
    return tests[held & (each.isin(now) | ~each.isin(once))].reset_index(drop=True)


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


def describe_design(sessions: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return how each course's participants were chosen and whether anybody can be compared.

    Parameters
    ----------
    sessions : DataFrame
        course_id, assignment.
    people : DataFrame
        From ``gather_people``.

    Returns
    -------
    DataFrame
        One row a course of ``sessions``, sorted: ``assignment`` (the weakest of its sessions:
        lot, wait list, applied, nominated, low score), ``n_trained``, ``n_comparison`` (people
        with a score before), ``lost_trained``, ``lost_comparison`` (shares without an outcome,
        0-1), ``sessions`` (with anybody trained), ``n``.

    Examples
    --------
    >>> sessions = pd.DataFrame({"course_id": ["C", "C"], "assignment": ["lot", "applied"]})
    >>> people = pd.DataFrame({"course_id": ["C"], "treated": True, "after": 1.0,
    ...                        "session_id": "S"})
    >>> describe_design(sessions, people)[["assignment", "n_trained"]].values.tolist()
    [['applied', 1]]
    """
    order = ["lot", "wait list", "applied", "nominated", "low score"]
    place = sessions["assignment"].astype("object").map(order.index).groupby(sessions["course_id"])
    table = place.max().map(dict(enumerate(order))).rename("assignment").to_frame()
    for side, name in ((True, "trained"), (False, "comparison")):
        after = people.loc[people["treated"] == side].groupby("course_id")["after"]
        table[f"n_{name}"] = after.size().reindex(table.index, fill_value=0)
        table[f"lost_{name}"] = (1 - after.count() / after.size()).reindex(table.index)
    table["sessions"] = people.groupby("course_id")["session_id"].nunique()
    return table.assign(n=table["n_trained"] + table["n_comparison"]).reset_index()
