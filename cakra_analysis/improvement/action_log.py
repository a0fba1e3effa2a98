"""The log of actions: which are done, still open, or overdue."""

from __future__ import annotations

import pandas as pd

STATES = ("overdue", "open", "done", "dropped")


def list_actions(actions: pd.DataFrame, *, day: pd.Timestamp) -> pd.DataFrame:
    """Return the log with the state of each action on a day.

    Parameters
    ----------
    actions : DataFrame
        The table ``actions``.
    day : Timestamp
        Day of the data, so that a page says the same on whatever day it is built.

    Returns
    -------
    DataFrame
        The log's columns, sorted by state (overdue, open, done, dropped), then due and action_id:
        ``state`` is ``done`` or ``dropped`` by its status, else ``overdue`` where it was due before
        the day and ``open`` where not; ``days_late``: from the day it was due to the day it was
        done or, overdue, to the day of the data (0 = in time; missing where dropped or where the
        day it was done is not recorded).

    Examples
    --------
    >>> log = pd.DataFrame({"action_id": ["A1", "A2"], "due": ["2026-03-31", "2026-12-31"],
    ...                     "status": ["decided", "decided"], "done_on": None})
    >>> list_actions(log, day=pd.Timestamp("2026-04-10"))[["state", "days_late"]].values.tolist()
    [['overdue', 10.0], ['open', 0.0]]
    """
    days = actions.reindex(columns=["due", "done_on"])
    due, done = (pd.to_datetime(days[name], errors="coerce") for name in days)
    closed = actions["status"].isin(["done", "dropped"])
    state = pd.Series("open", index=actions.index).mask(due < day, "overdue")
    state = state.mask(closed, actions["status"])
    until = done.where(closed, day)
    late = (until - due).dt.days.clip(lower=0).astype(float).mask(state == "dropped")
    rows = actions.assign(state=state, days_late=late)
    place = {name: number for number, name in enumerate(STATES)}
    rows = rows.assign(place=state.map(place))
    order = ["place", "due", "action_id"]
    return rows.sort_values(order, ignore_index=True).drop(columns="place")
