"""People who are planned for together: the same unit, segment and status."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.design.problem import Array, Problem, use_effects
from cakra_analysis.errors import AnalysisError

GROUP = ["unit_id", "segment", "status"]
NO_STATUS = "unknown"


def fill_people(people: pd.DataFrame) -> pd.DataFrame:
    """Return the people with segment, status and hours filled, as groups are made of them.

    Parameters
    ----------
    people : DataFrame
        staff_id, unit_id and, where known, segment, status, hours_jp.

    Returns
    -------
    DataFrame
        Sorted by staff_id; a missing ``segment`` is 0, ``status`` "unknown", ``hours_jp`` 0.

    Raises
    ------
    AnalysisError
        When nobody is there, or somebody twice.

    Examples
    --------
    >>> people = pd.DataFrame({"staff_id": ["A"], "unit_id": "U", "segment": [None]})
    >>> fill_people(people)[["segment", "status", "hours_jp"]].values.tolist()
    [[0, 'unknown', 0.0]]
    """
    if people.empty or people["staff_id"].duplicated().any():
        found = "There is nobody to plan for." if people.empty else "Somebody is listed twice."
        raise AnalysisError(found, allowed="people has one row a person.")
    wanted = [*people.columns, *(c for c in ("segment", "status", "hours_jp") if c not in people)]
    table = people.reindex(columns=wanted).sort_values("staff_id", ignore_index=True)
    segment = pd.to_numeric(table["segment"]).fillna(0).astype(int)
    hours = pd.to_numeric(table["hours_jp"]).fillna(0.0).astype(float)
    status = table["status"].astype(object).where(table["status"].notna(), NO_STATUS)
    return table.assign(segment=segment, status=status, hours_jp=hours)


def gather_problem(
    gaps_by_person: pd.DataFrame,
    people: pd.DataFrame,
    offers: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    weights: pd.DataFrame | None = None,
    least_jp: float = 20.0,
    most_jp_pppk: float = 24.0,
    completed: pd.DataFrame | None = None,
) -> Problem:
    """Gather what a portfolio is chosen for.

    Parameters
    ----------
    gaps_by_person : DataFrame
        staff_id, competency_id, gap (levels below the standard; 0 or less and missing: no need).
        Rows of anybody who is not in ``people`` are not used.
    people : DataFrame
        staff_id, unit_id and, where known, segment, status, hours_jp (held this year).
    offers : DataFrame
        ``list_offers``.
    effects : DataFrame
        course_id, competency_id, effect (levels a completer gains) and, where known, low, high.
        An effect of zero or less is expected to give nothing.
    weights : DataFrame, optional
        competency_id, weight (0 or more); a competency that is not there has 0. Without the table
        every competency has 1.
    least_jp : float
        JP a year that every PNS should reach.
    most_jp_pppk : float
        JP a year that no PPPK may pass.
    completed : DataFrame, optional
        staff_id, course_id of what was completed; nobody sits in the same course twice.

    Returns
    -------
    Problem
        One group a unit, segment and status, sorted so.

    Raises
    ------
    AnalysisError
        When nobody or nothing is there to plan, a gap or effect is given twice, or a weight is
        negative.

    Notes
    -----
    A seat closes, on average over the people of the group who lack anything that the course
    trains, min(effect, gap) of a competency: nobody gains more than is lacking. Which people of
    the group get the seats is left to ``nominate``, which takes those who gain most first, so the
    average is cautious. A seat lowers the JP debt by the average of min(hours, debt) over the
    debtors: hours beyond somebody's own debt pay nobody else's. Pinned by
    ``tests/test_design_portfolio.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U", "status": "PNS"})
    >>> gaps = pd.DataFrame({"staff_id": ["A", "B"], "competency_id": "M.1", "gap": [1.5, 0.4]})
    >>> offers = pd.DataFrame({"course_id": ["C"], "hours_jp": 10.0, "requires": None})
    >>> effects = pd.DataFrame({"course_id": ["C"], "competency_id": "M.1", "effect": 0.6})
    >>> gather_problem(gaps, people, offers, effects).usable.tolist()
    [[0.5]]
    """
    _check(gaps_by_person, offers, effects, weights)
    people = fill_people(people)
    names = sorted(set(gaps_by_person["competency_id"]) | set(effects["competency_id"]))
    competencies = _weigh(names, weights)
    gap = _spread_gaps(gaps_by_person, people["staff_id"], names)
    pairs = _list_pairs(effects, offers, names)
    may, had = _may_attend(people, offers, completed, most_jp_pppk)
    gains = may & _lacks_what_is_trained(gap, pairs, len(offers))
    keys = people.groupby(GROUP, sort=True, observed=True).ngroup().to_numpy()
    sum_up = _summer(keys)
    groups, credit = _group(people, offers, keys, least_jp, most_jp_pppk)
    problem = Problem(
        groups=groups,
        offers=offers,
        competencies=competencies,
        pairs=pairs,
        gaps=sum_up(gap),
        in_need=sum_up(gap > 0),
        seats_need=sum_up(gains),
        seats_all=sum_up(may),
        credit_jp=credit,
        completed=sum_up(had),
        usable=np.zeros((0, 0)),
        gap_of_person=gap,
        gains=gains,
        group_of_person=keys,
    )
    return use_effects(problem, pairs["effect"].to_numpy())


def _check(
    gaps: pd.DataFrame, offers: pd.DataFrame, effects: pd.DataFrame, weights: pd.DataFrame | None
) -> None:
    if offers.empty:
        raise AnalysisError(
            "No course is on offer.", do="Fill seats_most of the courses that can be held."
        )
    if gaps.duplicated(["staff_id", "competency_id"]).any():
        raise AnalysisError("A person has two gaps in one competency.", allowed="One.")
    if effects.duplicated(["course_id", "competency_id"]).any():
        raise AnalysisError("A course has two effects on one competency.", allowed="One.")
    if weights is not None and not (weights["weight"] >= 0).all():
        raise AnalysisError("A weight is negative or missing.", allowed="0 or more.")


def _weigh(names: list[str], weights: pd.DataFrame | None) -> pd.DataFrame:
    table = pd.DataFrame({"competency_id": names})
    if weights is None:
        return table.assign(weight=1.0)
    known = weights.set_index("competency_id")["weight"]
    return table.assign(weight=table["competency_id"].map(known).fillna(0.0).astype(float))


def _spread_gaps(gaps: pd.DataFrame, staff: pd.Series, names: list[str]) -> Array:
    rows = gaps[gaps["gap"] > 0]
    person = pd.Index(staff).get_indexer(rows["staff_id"])
    column = pd.Index(names).get_indexer(rows["competency_id"])
    table = np.zeros((len(staff), len(names)))
    known = person >= 0
    table[person[known], column[known]] = rows["gap"].to_numpy(float)[known]
    return table


def _list_pairs(effects: pd.DataFrame, offers: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    table = effects.reindex(columns=["course_id", "competency_id", "effect", "low", "high"])
    table = table.astype(dict.fromkeys(("effect", "low", "high"), float))
    course = pd.Index(offers["course_id"]).get_indexer(table["course_id"])
    competency = pd.Index(names).get_indexer(table["competency_id"])
    table = table.assign(course=course, competency=competency)
    table = table[(table["effect"] > 0) & (course >= 0)]
    table = table.sort_values(["course", "competency"], ignore_index=True)
    return table[["course", "competency", "effect", "low", "high"]]


def _lacks_what_is_trained(gap: Array, pairs: pd.DataFrame, courses: int) -> Array:
    trains = np.zeros((courses, gap.shape[1]))
    trains[pairs["course"], pairs["competency"]] = 1
    lacks: Array = (gap > 0).astype(float) @ trains.T > 0
    return lacks


def _may_attend(
    people: pd.DataFrame, offers: pd.DataFrame, completed: pd.DataFrame | None, most: float
) -> tuple[Array, Array]:
    """Who may sit in which course, and who has what it requires."""
    room = np.where(people["status"] == "PPPK", most - people["hours_jp"], np.inf)
    may = offers["hours_jp"].to_numpy()[None, :] <= room[:, None] + 1e-9
    has = pd.DataFrame(False, index=people["staff_id"], columns=offers["course_id"])
    needs = has.copy()
    if completed is not None:
        for course, staff in completed.groupby("course_id", observed=True)["staff_id"]:
            done = has.index.isin(staff)
            if course in has:
                has[course] = done
            for follower in offers.loc[offers["requires"] == course, "course_id"]:
                needs[follower] = done
    may = may & ~has.to_numpy()
    return may, needs.to_numpy() & may


def _group(
    people: pd.DataFrame, offers: pd.DataFrame, keys: Array, least: float, most: float
) -> tuple[pd.DataFrame, Array]:
    sum_up = _summer(keys)
    is_pns, is_pppk = people["status"] == "PNS", people["status"] == "PPPK"
    debt = np.where(is_pns, np.maximum(least - people["hours_jp"], 0), 0.0)
    groups = people.groupby(GROUP, sort=True, observed=True).size().rename("people").reset_index()
    room = sum_up(np.where(is_pppk, np.maximum(most - people["hours_jp"], 0), 0.0))
    groups["debt_jp"] = sum_up(debt)
    groups["room_jp"] = np.where(groups["status"] == "PPPK", room, np.inf)
    credit = sum_up(np.minimum(offers["hours_jp"].to_numpy()[None, :], debt[:, None]))
    return groups, credit / np.maximum(sum_up(debt > 0), 1)[:, None]


def _summer(keys: Array):  # type: ignore[no-untyped-def]
    from scipy.sparse import csr_array

    people = len(keys)
    sums = csr_array((np.ones(people), (keys, np.arange(people))), shape=(keys.max() + 1, people))
    return lambda values: sums @ np.asarray(values, dtype=float)
