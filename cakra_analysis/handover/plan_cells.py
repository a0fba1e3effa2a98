"""Cells of the plan table that several tables decide together."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.handover.texts import read_texts

KEYS = ["unit_id", "course_id"]
QUARTERS = ("I", "II", "III", "IV")


def find_months(
    rows: pd.DataFrame,
    meetings: pd.DataFrame | None,
    session_units: pd.DataFrame | None,
    lang: str,
) -> pd.DataFrame:
    """Return the quarters and months in which each unit's sessions of a course meet.

    Parameters
    ----------
    rows : DataFrame
        course_id, unit_id, seats.
    meetings, session_units : DataFrame, optional
        As for ``make_plan_table``.
    lang : str
        Of the months.

    Returns
    -------
    DataFrame
        Rows as ``rows``: triwulan, bulan (text; missing where nothing is planned).
    """
    names = read_texts(lang)["months"].split(",")
    blank = pd.DataFrame({"triwulan": None, "bulan": None}, index=rows.index, dtype="object")
    if meetings is None or meetings.empty:
        return blank
    dates = pd.to_datetime(meetings["date"].astype("object"))
    held = meetings[["session_id", "course_id"]].assign(month=dates.dt.month).drop_duplicates()
    every = held.groupby("course_id")["month"].agg(set).to_dict()
    own: dict[tuple[str, str], set[int]] = {}
    if session_units is not None and len(session_units):
        pairs = session_units[["session_id", "unit_id"]].drop_duplicates()
        both = held.merge(pairs, on="session_id", validate="many_to_many")
        own = both.groupby(KEYS)["month"].agg(set).to_dict()
    for i, unit, course in zip(rows.index, rows["unit_id"], rows["course_id"], strict=True):
        months = sorted(own.get((unit, course)) or every.get(course) or ())
        if months:
            quarters = sorted({(month - 1) // 3 for month in months})
            blank.loc[i, "triwulan"] = ", ".join(QUARTERS[q] for q in quarters)
            blank.loc[i, "bulan"] = ", ".join(names[month - 1] for month in months)
    return blank


def find_classes(rows: pd.DataFrame, classes: pd.DataFrame | None, by: str) -> pd.Series:
    """Return the job classes of those seated, of the unit or of everybody.

    Parameters
    ----------
    rows : DataFrame
        course_id, unit_id, seats.
    classes : DataFrame, optional
        course_id, unit_id, job_class.
    by : str
        ``unit`` or ``course``.

    Returns
    -------
    Series
        Text; missing where nobody is seated yet.
    """
    if classes is None or classes.empty:
        return pd.Series(None, index=rows.index, dtype="object")
    keys = KEYS if by == "unit" else ["course_id"]
    told = classes.groupby(keys)["job_class"].agg(lambda names: ", ".join(dict.fromkeys(names)))
    found = told.reindex(
        pd.MultiIndex.from_frame(rows[KEYS]) if by == "unit" else rows["course_id"]
    )
    return pd.Series(found.to_numpy(), index=rows.index, dtype="object")


def split_cost(rows: pd.DataFrame, sessions: pd.DataFrame) -> pd.Series:
    """Return each unit's share of the cost in whole rupiah.

    Parameters
    ----------
    rows : DataFrame
        course_id, unit_id, seats.
    sessions : DataFrame
        course_id, cost_idr.

    Returns
    -------
    Series
        By seats; the largest remainders get what is left, so that shares add up to the cost.

    Examples
    --------
    >>> rows = pd.DataFrame({"course_id": "C", "unit_id": list("UVW"), "seats": 1})
    >>> split_cost(rows, pd.DataFrame({"course_id": ["C"], "cost_idr": [100.0]})).tolist()
    [34, 33, 33]
    """
    cost = sessions.reindex(columns=["course_id", "cost_idr"]).groupby("course_id")["cost_idr"]
    whole = rows["course_id"].map(cost.sum(min_count=1)).astype(float).round()
    share = whole * rows["seats"] / rows.groupby("course_id")["seats"].transform("sum")
    floor = share.floordiv(1)
    left = whole - floor.groupby(rows["course_id"]).transform("sum")
    turn = (share - floor).groupby(rows["course_id"]).rank(method="first", ascending=False)
    return (floor + (turn <= left)).astype("Int64")


def rank_competencies(competency: pd.Series, weights: pd.DataFrame | None) -> pd.Series:
    """Return the priority of each competency, the heaviest first.

    Parameters
    ----------
    competency : Series
        Codes.
    weights : DataFrame, optional
        competency_id, weight.

    Returns
    -------
    Series
        1, 2, ...; equal weights share a place; missing where no weight is known.
    """
    if weights is None or weights.empty:
        return pd.Series(pd.NA, index=competency.index, dtype="Int64")
    rank = weights.set_index("competency_id")["weight"].rank(method="dense", ascending=False)
    return competency.map(rank).astype("Int64")


def tell_result(
    rows: pd.DataFrame,
    competency: pd.Series,
    effects: pd.DataFrame | None,
    names: pd.Series,
    lang: str,
) -> pd.Series:
    """Return what those who complete are expected to gain in the competency aimed at.

    Parameters
    ----------
    rows : DataFrame
        course_id, unit_id, seats.
    competency : Series
        Code of the competency that each row's course aims at.
    effects : DataFrame, optional
        course_id, competency_id, effect, low, high.
    names : Series
        Of competencies, by code.
    lang : str
        Of the text.

    Returns
    -------
    Series
        Text; missing where no gain is expected or known.
    """
    told = pd.Series(None, index=rows.index, dtype="object")
    if effects is None or effects.empty:
        return told
    known = effects.set_index(["course_id", "competency_id"])[["effect", "low", "high"]]
    for i, course, code in zip(rows.index, rows["course_id"], competency, strict=True):
        if (course, code) in known.index and known.loc[(course, code), "effect"] > 0:
            figures = {k: f"{v:.1f}" for k, v in known.loc[(course, code)].items()}
            if lang == "id":
                figures = {k: v.replace(".", ",") for k, v in figures.items()}
            told[i] = read_texts(lang)["indicator"].format(name=names.get(code, code), **figures)
    return told
