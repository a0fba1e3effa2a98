"""What is on offer for the year: the courses that a plan may choose from, with every default."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import AnalysisError

# What a blank planning cell, or a column that is not there, stands for; see contracts.toml.
DEFAULTS = {
    "mode": "formal",
    "seats_least": 1,
    "sessions_most": 20,
    "meeting_days": 1,
    "spacing_days": 0,
    "cost_session_idr": 0.0,
    "cost_seat_idr": 0.0,
    "equipment": "",
}
WHOLE = ("seats_least", "seats_most", "sessions_most", "meeting_days", "spacing_days")
MONEY = ("cost_session_idr", "cost_seat_idr", "hours_jp")
TEXTS = ("requires", "competency_id", "route", "provider", "curriculum", "funding")
COLUMNS = (
    "course_id",
    "name_id",
    "name_en",
    "competency_id",
    "route",
    "mode",
    "hours_jp",
    "seats_least",
    "seats_most",
    "sessions_most",
    "meeting_days",
    "spacing_days",
    "cost_session_idr",
    "cost_seat_idr",
    "equipment",
    "requires",
    "provider",
    "curriculum",
    "funding",
)


def list_offers(courses: pd.DataFrame) -> pd.DataFrame:
    """Return the courses on offer, every planning column filled.

    Parameters
    ----------
    courses : DataFrame
        One row a course: course_id, hours_jp and any other column of the contract. A course whose
        ``seats_most`` is blank is not on offer; without that column no course is.

    Returns
    -------
    DataFrame
        One row a course on offer, sorted by course_id: ``course_id``, ``name_id``, ``name_en``
        (the code where blank), ``competency_id``, ``route`` (None where blank), ``mode``
        ("formal"), ``hours_jp`` (JP of one participant), ``seats_least`` (1), ``seats_most``,
        ``sessions_most`` (20), ``meeting_days`` (1), ``spacing_days`` (0), ``cost_session_idr``
        and ``cost_seat_idr`` (0), ``equipment`` (empty), ``requires``, ``provider``,
        ``curriculum``, ``funding`` (None); in brackets what a blank stands for.

    Raises
    ------
    AnalysisError
        When a course is listed twice, or its least seats are more than its most seats.

    Notes
    -----
    The one place where defaults of planning columns are filled. Pinned by
    ``tests/test_design_portfolio.py``.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": ["B", "A"], "hours_jp": 20,
    ...                         "seats_most": [30, None]})
    >>> list_offers(courses)[["course_id", "mode", "seats_most", "sessions_most"]].values.tolist()
    [['B', 'formal', 30, 20]]
    """
    table = courses.reindex(columns=list(COLUMNS))
    table = table[table["seats_most"].notna()].sort_values("course_id", ignore_index=True)
    for name, value in DEFAULTS.items():
        table[name] = table[name].where(table[name].notna(), value)
    for name in ("name_id", "name_en"):
        table[name] = table[name].where(table[name].notna(), table["course_id"])
    for name in TEXTS:
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    table["mode"], table["equipment"] = table["mode"].astype(str), table["equipment"].astype(str)
    table = table.astype(dict.fromkeys(WHOLE, int) | dict.fromkeys(MONEY, float))
    _check(table)
    return table


def _check(table: pd.DataFrame) -> None:
    twice = table["course_id"][table["course_id"].duplicated()]
    if len(twice):
        raise AnalysisError(f"courses lists {twice.iloc[0]} twice.", allowed="Once each.")
    wrong = table[(table["seats_least"] > table["seats_most"]) | (table["seats_least"] < 1)]
    if len(wrong):
        row = wrong.iloc[0]
        raise AnalysisError(
            f"Course {row['course_id']} needs at least {row['seats_least']} and holds at most "
            f"{row['seats_most']} people.",
            allowed="seats_least from 1 to seats_most.",
        )
    if not (table["hours_jp"] >= 0).all():
        raise AnalysisError("A course on offer has no hours_jp.", allowed="0 or more JP.")
