"""The plan table of PP 11/2017 article 207: what, for whom, how, by whom, when and for how much."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.handover.plan_cells import (
    KEYS,
    find_classes,
    find_months,
    rank_competencies,
    split_cost,
    tell_result,
)
from cakra_analysis.handover.texts import read_forms, read_plan_columns

OFFERS = ["course_id", "name_id", "name_en", "competency_id", "route", "hours_jp", "provider",
          "curriculum", "funding"]  # fmt: skip
OF_A_COURSE = {
    "name": "pelatihan",
    "form": "jenis",
    "route": "jalur",
    "hours_jp": "jp",
    "provider": "penyelenggara",
    "curriculum": "standar_kurikulum",
    "funding": "sumber_dana",
}


def make_plan_table(
    seats: pd.DataFrame,
    sessions: pd.DataFrame,
    offers: pd.DataFrame,
    competencies: pd.DataFrame,
    units: pd.DataFrame,
    *,
    year: int,
    meetings: pd.DataFrame | None = None,
    session_units: pd.DataFrame | None = None,
    weights: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
    classes: pd.DataFrame | None = None,
    by: str = "unit",
    lang: str = "id",
) -> pd.DataFrame:
    """Return the plan table of a programme, what is not known left blank.

    Parameters
    ----------
    seats : DataFrame
        course_id, unit_id, seats; several rows a pair add up (``Portfolio.seats``).
    sessions : DataFrame
        course_id, cost_idr (``Portfolio.sessions``).
    offers : DataFrame
        course_id, name_id, name_en, competency_id, route, hours_jp, provider, curriculum, funding.
    competencies : DataFrame
        competency_id, name_id, name_en, group.
    units : DataFrame
        unit_id, parent_id, name.
    year : int
        Of the plan.
    meetings : DataFrame, optional
        session_id, course_id, date; without it the schedule is blank.
    session_units : DataFrame, optional
        session_id, unit_id; which sessions a unit takes part in. A unit without any counts for all
        sessions of the course.
    weights : DataFrame, optional
        competency_id, weight; the heaviest is priority 1.
    effects : DataFrame, optional
        course_id, competency_id, effect, low, high; for the indicator of the result.
    classes : DataFrame, optional
        course_id, unit_id, job_class of those seated; see ``list_classes``.
    by : str
        ``unit``: one row a unit and course; ``course``: the top unit stands for all.
    lang : str
        Of names, months and the indicator (``id`` or ``en``); headings are Indonesian.

    Returns
    -------
    DataFrame
        Sorted by unit and course: unit_id, course_id, then the columns of ``plan.toml`` in order.
        ``anggaran`` is the unit's share, by seats, of the cost of the course in whole rupiah, and
        adds up to it; ``jp`` is of one participant; ``jadwal`` stands as triwulan and bulan. Cells
        that the data do not tell are missing: they are to be filled in, not guessed.

    Raises
    ------
    AnalysisError
        When there are no texts in the language.

    Notes
    -----
    The rule names the contents, not the shape; columns as in the domain notes, 2.5 [I], and the
    name of the course. Pinned by ``tests/test_handover.py``.

    Examples
    --------
    >>> seats = pd.DataFrame({"course_id": "C", "unit_id": ["U", "V"], "seats": [2, 1]})
    >>> sessions = pd.DataFrame({"course_id": ["C"], "cost_idr": [100.0]})
    >>> offers = pd.DataFrame({"course_id": ["C"], "name_id": "Coaching", "route": "coaching"})
    >>> units = pd.DataFrame({"unit_id": ["U", "V"], "parent_id": None, "name": ["Satu", "Dua"]})
    >>> none = pd.DataFrame(columns=["competency_id", "name_id", "name_en", "group"])
    >>> found = make_plan_table(seats, sessions, offers, none, units, year=2027)
    >>> found[["opd", "sasaran_jumlah", "jenis", "anggaran"]].values.tolist()
    [['Satu', 2, 'non-klasikal', 67], ['Dua', 1, 'non-klasikal', 33]]
    """
    rows = _sum_seats(seats, units, by)
    months = find_months(rows, meetings, session_units, lang)
    names = competencies.set_index("competency_id")[f"name_{lang}"]
    course = _list_courses(rows, offers, lang)
    table = rows[KEYS].assign(
        tahun=year,
        opd=rows["unit_id"].map(units.set_index("unit_id")["name"]),
        jenis_kompetensi=course["competency_id"].map(names),
        kelompok=course["competency_id"].map(competencies.set_index("competency_id")["group"]),
        sasaran_jumlah=rows["seats"].astype(int),
        sasaran_jenjang=find_classes(rows, classes, by),
        triwulan=months["triwulan"],
        bulan=months["bulan"],
        anggaran=split_cost(rows, sessions),
        prioritas=rank_competencies(course["competency_id"], weights),
        indikator_hasil=tell_result(rows, course["competency_id"], effects, names, lang),
    )
    return table.join(course[list(OF_A_COURSE)].rename(columns=OF_A_COURSE))[
        [*KEYS, *read_plan_columns()]
    ]


def list_classes(
    nominations: pd.DataFrame, meetings: pd.DataFrame, staff: pd.DataFrame, positions: pd.DataFrame
) -> pd.DataFrame:
    """Return the job classes of those who have a seat, by course and unit.

    Parameters
    ----------
    nominations : DataFrame
        session_id, staff_id, and place or status; who waits is left out.
    meetings : DataFrame
        session_id, course_id.
    staff : DataFrame
        staff_id, unit_id, position_id.
    positions : DataFrame
        position_id, job_class, in the order to tell them.

    Returns
    -------
    DataFrame
        One row a course, unit and class, sorted: course_id, unit_id, job_class.
    """
    columns = ["course_id", "unit_id", "job_class"]
    if nominations.empty or "position_id" not in staff:
        return pd.DataFrame(columns=columns)
    place = nominations["place"] if "place" in nominations else nominations["status"]
    rows = nominations.loc[~place.isin(["waiting", "declined"]), ["session_id", "staff_id"]]
    courses = meetings[["session_id", "course_id"]].drop_duplicates()
    rows = rows.merge(courses, on="session_id", validate="many_to_one")
    rows = rows.merge(
        staff[["staff_id", "unit_id", "position_id"]], on="staff_id", validate="many_to_one"
    ).merge(positions[["position_id", "job_class"]], on="position_id", validate="many_to_one")
    return rows[columns].drop_duplicates().sort_values(columns).reset_index(drop=True)


def _list_courses(rows: pd.DataFrame, offers: pd.DataFrame, lang: str) -> pd.DataFrame:
    """What the offers tell of each row's course, its name in the language first."""
    about = offers.reindex(columns=OFFERS).astype("object").set_index("course_id")
    told = pd.DataFrame({name: rows["course_id"].map(about[name]) for name in OFFERS[1:]})
    name = told[f"name_{lang}"].fillna(told["name_id"])
    hours = told["hours_jp"].astype("Float64")
    return told.assign(name=name, form=told["route"].map(read_forms()), hours_jp=hours)


def _sum_seats(seats: pd.DataFrame, units: pd.DataFrame, by: str) -> pd.DataFrame:
    rows = seats.reindex(columns=[*KEYS, "seats"]).astype(dict.fromkeys(KEYS, "object"))
    if by == "course":
        rows["unit_id"] = units.loc[units["parent_id"].isna(), "unit_id"].iloc[0]
    sums = rows.groupby(KEYS)["seats"].sum()
    return sums[sums > 0].reset_index()
