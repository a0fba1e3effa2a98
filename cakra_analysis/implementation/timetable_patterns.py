"""The sets of days on which a session may meet."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .timetable_closed import Closed
from .timetable_inputs import Inputs, Present

Whole = NDArray[np.int64]


def list_patterns(usable: NDArray[np.bool_], meetings: int, spacing: int) -> Whole:
    """List the sets of days that begin on each usable day and go on as soon as they may.

    Parameters
    ----------
    usable : ndarray of bool
        Whether each day of the year can be used.
    meetings : int
        Days on which the session meets.
    spacing : int
        Least calendar days from one meeting to the next; 0 or 1 = the next usable day.

    Returns
    -------
    ndarray of int
        One row a set of days: places in the year, rising. Sets that run past the end are left out.

    Examples
    --------
    >>> list_patterns(np.array([True, True, False, False, True, True]), 2, 0)
    array([[0, 1],
           [1, 4],
           [4, 5]])
    >>> list_patterns(np.array([True, True, False, False, True, True]), 2, 2)
    array([[0, 4],
           [1, 4]])
    """
    size = len(usable)
    upcoming = np.full(size + 1, size)
    for day in range(size - 1, -1, -1):
        upcoming[day] = day if usable[day] else upcoming[day + 1]
    columns = [np.flatnonzero(usable)]
    for _ in range(meetings - 1):
        columns.append(upcoming[np.minimum(columns[-1] + max(1, spacing), size)])
    rows = np.column_stack(columns)
    return rows[rows[:, -1] < size].astype(np.int64)


def find_patterns(
    inputs: Inputs,
    rules: frozenset[str],
    closed: Closed,
    session: pd.Series,
    offer: pd.Series,
    units: list[int],
    now: Present | None,
) -> Whole:
    """Find the sets of days that a session may meet on, rooms and trainers aside.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    rules : frozenset of str
        The rules that must hold.
    closed : Closed
        The closures under these rules.
    session, offer : Series
        The rows of the session and its course.
    units : list of int
        Places of the units that send people.
    now : Present or None
        Where the session stands; its dates are one of the sets if the rules allow them.

    Returns
    -------
    ndarray of int
        As ``list_patterns`` gives them, sorted, each once.
    """
    own = session.get("meeting_days")
    whole = int(offer["meeting_days"])
    meetings = whole if own is None or pd.isna(own) else int(own)
    held = ~inputs.days["strength"].eq("hard").to_numpy()
    spacing = int(offer["spacing_days"])
    # A rule left out must add sets of days, never take one away: hence both kinds together.
    kinds = product(
        [held] if "day" in rules else [held, np.ones_like(held)],
        [spacing] if "spacing" in rules else [spacing, 0],
    )
    rows = [list_patterns(usable, meetings, step) for usable, step in kinds]
    dates = closed.index_dates(now.dates) if now is not None else None
    if dates is not None and len(dates) == meetings and _keeps(dates, held, spacing, rules):
        rows.append(dates[None, :])
    starts = np.unique(np.concatenate(rows), axis=0)
    if str(session["session_id"]) in inputs.barred and dates is not None:
        same = (starts == dates).all(axis=1) if len(dates) == meetings else False
        starts = starts[~np.broadcast_to(same, len(starts))]
    after = session.get("after")
    if after is not None and pd.notna(after):
        late = starts[:, 0] >= np.searchsorted(inputs.days["date"], pd.Timestamp(after))
        stays = dates is not None and len(dates) == meetings and (starts == dates).all(axis=1)
        starts = starts[late | stays]
    return starts[_fits_hours(inputs, rules, offer, whole, starts) & ~closed.hit(starts, units)]


def _keeps(dates: Whole, held: NDArray[np.bool_], spacing: int, rules: frozenset[str]) -> bool:
    apart = max(1, spacing) if "spacing" in rules else 1
    return bool((np.diff(dates) >= apart).all() and ("day" not in rules or held[dates].all()))


def _fits_hours(
    inputs: Inputs, rules: frozenset[str], offer: pd.Series, meetings: int, starts: Whole
) -> NDArray[np.bool_]:
    hours = float(offer["hours_jp"]) / meetings
    fits = np.ones(len(starts), dtype=bool)
    if "hours" in rules and hours > inputs.day_jp + 1e-9:
        fits[:] = False
    if "ramadan" in rules and hours > inputs.ramadan_jp + 1e-9:
        fits &= ~inputs.days["ramadan"].to_numpy(bool)[starts].any(axis=1)
    return fits
