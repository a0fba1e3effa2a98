"""Who is called away by a session: learning at the own desk calls nobody."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.routes import ONLINE


def list_called(
    session_units: pd.DataFrame,
    sessions: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    online_routes: tuple[str, ...] = ONLINE,
) -> pd.DataFrame:
    """Return how many of each unit a session calls away from their post.

    Parameters
    ----------
    session_units : DataFrame
        session_id, unit_id, seats.
    sessions : DataFrame
        session_id, course_id.
    offers : DataFrame
        course_id, route.
    online_routes : tuple of str
        Routes that are learnt at the own desk.

    Returns
    -------
    DataFrame
        The rows of ``session_units`` whose session meets in person.

    Examples
    --------
    >>> units = pd.DataFrame({"session_id": ["A", "B"], "unit_id": "U", "seats": 1})
    >>> sessions = pd.DataFrame({"session_id": ["A", "B"], "course_id": ["C", "D"]})
    >>> offers = pd.DataFrame({"course_id": ["C", "D"], "route": ["seminar", "e-learning"]})
    >>> list_called(units, sessions, offers)["session_id"].tolist()
    ['A']
    """
    online = offers.loc[offers["route"].isin(online_routes), "course_id"]
    at_desk = sessions.loc[sessions["course_id"].isin(online), "session_id"]
    return session_units[~session_units["session_id"].isin(at_desk)]
