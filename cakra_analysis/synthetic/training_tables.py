"""The tables of courses, sessions, attendance, tests and costs, and what the courses truly did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.contracts import list_allowed
from cakra_analysis.synthetic.courses import COST_ITEMS, COURSES, PER_PERSON
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.training import Trained, train

OCCASIONS = list_allowed("tests", "occasion")


def make_training(
    units: pd.DataFrame, people: People, ids: np.ndarray, cycle: int, rng: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], list[Trained]]:
    """Run every course.

    Parameters
    ----------
    units : DataFrame
        unit_id, kind.
    people : People
        Everybody.
    ids : ndarray of str, shape (people,)
        Their codes.
    cycle : int
        Row number of the last cycle.
    rng : Generator
        Source of randomness, not shared with other tables.

    Returns
    -------
    tuple of dict and list
        Tables ``courses``, ``sessions``, ``attendance``, ``tests``, ``costs``; and the courses as
        they ran, for what is asked about them.
    """
    ran = [train(course, units, people, cycle, rng) for course in COURSES]
    tables = {
        "courses": list_held(),
        "sessions": pd.concat([r.sessions for r in ran], ignore_index=True),
        "attendance": pd.concat([_attendance(r, ids) for r in ran], ignore_index=True),
        "tests": pd.concat([_tests(r, ids) for r in ran], ignore_index=True),
    }
    tables["costs"] = _costs(tables["sessions"], tables["attendance"], rng)
    return tables, ran


def list_held() -> pd.DataFrame:
    """Return the courses that were held before.

    Returns
    -------
    DataFrame
        course_id, name_id, name_en, kind, competency_id, route, hours_jp.
    """
    names = ["course_id", "name_id", "name_en", "kind", "competency_id", "route", "hours_jp"]
    rows = [(c.code, c.name_id, c.name_en, c.kind, c.competency, c.route, c.hours) for c in COURSES]
    return pd.DataFrame(rows, columns=names)


def _attendance(ran: Trained, ids: np.ndarray) -> pd.DataFrame:
    came = ran.session >= 0
    part = {"completed": 1.0, "absent": 0.0}
    share = pd.Series(ran.status[came]).map(part).fillna(0.4) * ran.course.hours
    table = pd.DataFrame(
        {
            "session_id": ran.sessions["session_id"].to_numpy()[ran.session[came]],
            "staff_id": ids[ran.person[came]],
            "status": ran.status[came],
            "hours_jp": np.rint(share),
        }
    )
    return table.sort_values(["session_id", "staff_id"], ignore_index=True)


def _tests(ran: Trained, ids: np.ndarray) -> pd.DataFrame:
    wide = pd.DataFrame(ran.scores, index=ids[ran.person]).rename_axis("staff_id")
    long = wide.rename_axis(columns="occasion").stack().dropna().rename("score").reset_index()
    long.insert(1, "course_id", ran.course.code)
    place = {name: number for number, name in enumerate(OCCASIONS)}
    return long.sort_values(
        ["staff_id", "occasion"], key=lambda c: c.map(place) if c.name == "occasion" else c,
        ignore_index=True,
    )  # fmt: skip


def _costs(
    sessions: pd.DataFrame, attendance: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    days = (pd.to_datetime(sessions["end"]) - pd.to_datetime(sessions["start"])).dt.days + 1
    heads = sessions["session_id"].map(attendance["session_id"].value_counts())
    parts = []
    for item, price in COST_ITEMS.items():
        times = days * (heads if item in PER_PERSON else 1)
        amount = (price * times * rng.uniform(0.9, 1.1, len(sessions)) / 1000).round() * 1000
        row = {"session_id": sessions["session_id"], "item": item, "amount_idr": amount}
        parts.append(pd.DataFrame(row))
    table = pd.concat(parts).sort_values(["session_id", "item"], ignore_index=True)
    return table.assign(amount_idr=table["amount_idr"].astype("int64"))


def tell_effects(ran: list[Trained]) -> pd.DataFrame:
    """Return what each course truly did to those who completed it.

    Parameters
    ----------
    ran : list of Trained
        From ``make_training``.

    Returns
    -------
    DataFrame
        course_id, ``planted`` (points, what was aimed at), ``effect`` (points, mean over those who
        completed, ceiling, sessions and trainers in it), ``completed`` (people).
    """
    rows = []
    for r in ran:
        done = r.status == "completed"
        rows.append((r.course.code, r.course.effect, r.gain[done].mean(), int(done.sum())))
    return pd.DataFrame(rows, columns=["course_id", "planted", "effect", "completed"])


def find_first_trained(ran: list[Trained], units: pd.DataFrame, people: People) -> dict[str, str]:
    """Return the month in which each office drawn by lot had its first session.

    Parameters
    ----------
    ran : list of Trained
        From ``make_training``.
    units : DataFrame
        unit_id.
    people : People
        Everybody.

    Returns
    -------
    dict of str to str
        Month, for instance 2026-03, by unit.
    """
    by_lot = next(r for r in ran if r.course.assignment == "lot")
    came = by_lot.session >= 0
    unit = units["unit_id"].to_numpy()[people.unit[by_lot.person[came]]]
    month = by_lot.sessions["end"].str[:7].to_numpy()[by_lot.session[came]]
    return pd.Series(month).groupby(unit).min().to_dict()
