"""A plan's seats as sessions: as even as can be, and few of one unit away together."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.design.portfolio import Portfolio
from cakra_analysis.errors import AnalysisError


def list_sessions(portfolio: Portfolio, offers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sessions of a plan and how many of each unit sit in them.

    Parameters
    ----------
    portfolio : Portfolio
        From ``plan_portfolio``: its ``sessions`` and ``seats``.
    offers : DataFrame
        ``list_offers``.

    Returns
    -------
    tuple of two DataFrames
        Sessions, sorted: ``session_id`` (course, "A" and a number from 01), ``course_id``,
        ``seats``; and one row a session and unit: ``session_id``, ``unit_id``, ``seats``.

    Raises
    ------
    AnalysisError
        When a plan's sessions cannot hold its seats.

    Notes
    -----
    Seats of a course are dealt in turn, unit after unit: sessions differ by at most one seat, and
    no unit has two more in one session than in another. So sizes lie between the fewest and the
    most whenever the course's seats do on average, which the plan's rules see to. Pinned by
    ``tests/test_design_portfolio.py``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plan = SimpleNamespace(
    ...     sessions=pd.DataFrame({"course_id": ["C"], "sessions": 2, "seats": 5}),
    ...     seats=pd.DataFrame({"course_id": "C", "unit_id": ["U", "V"], "seats": [2, 3]}))
    >>> offers = pd.DataFrame({"course_id": ["C"], "seats_least": 2, "seats_most": 3})
    >>> list_sessions(plan, offers)[1].values.tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['C-A01', 'U', 1], ['C-A01', 'V', 2], ['C-A02', 'U', 1], ['C-A02', 'V', 1]]
    """
    limits = offers.set_index("course_id")
    by_unit = portfolio.seats.groupby(["course_id", "unit_id"], observed=True)["seats"].sum()
    dealt = []
    for row in portfolio.sessions.itertuples():
        limit = limits.loc[row.course_id]
        if (
            not limit["seats_least"] * row.sessions
            <= row.seats
            <= limit["seats_most"] * row.sessions
        ):
            raise AnalysisError(
                f"{row.sessions} sessions of {row.course_id} cannot hold {row.seats} people.",
                allowed=f"{limit['seats_least']} to {limit['seats_most']} each.",
            )
        units = by_unit.loc[[row.course_id]].reset_index()
        dealt.append(_deal(units, int(row.sessions)))
    columns = ["session_id", "course_id", "unit_id", "seats"]
    table = pd.concat(dealt) if dealt else pd.DataFrame(columns=columns)
    table = table.sort_values(["session_id", "unit_id"], ignore_index=True)
    sessions = table.groupby(["session_id", "course_id"], observed=True)["seats"].sum()
    return sessions.reset_index(), table[["session_id", "unit_id", "seats"]]


def _deal(units: pd.DataFrame, sessions: int) -> pd.DataFrame:
    places = units.loc[units.index.repeat(units["seats"])].reset_index(drop=True)
    number = places.index.to_numpy() % sessions + 1
    width = max(2, len(str(sessions)))
    names = [f"{c}-A{n:0{width}d}" for c, n in zip(places["course_id"], number, strict=True)]
    places = places.assign(session_id=names)
    keys = ["session_id", "course_id", "unit_id"]
    return places.groupby(keys, observed=True).size().rename("seats").reset_index()
