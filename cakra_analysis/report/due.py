"""When new data leads to a new report: at once, once a month, once a quarter."""

from __future__ import annotations

from datetime import datetime, timedelta

from cakra_analysis.report.run import MONTHLY, ON_DATA

AHEAD = timedelta(days=1)  # a build dated further in the future tells that a clock was wrong


def is_due(cadence: str, last: datetime, now: datetime) -> bool:
    """Return whether a report of a cadence is due.

    Parameters
    ----------
    cadence : str
        ``on data`` (due whenever its data change, never by the calendar), ``monthly`` or
        ``quarterly``.
    last, now : datetime
        Moment of the last build and the present one, both with a zone.

    Returns
    -------
    bool
        Whether a new month or quarter has begun since; a missed one is made up for at the next
        try. A last build in the future, after a clock jumped, counts as due.

    Examples
    --------
    >>> from datetime import UTC
    >>> is_due("monthly", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    True
    """
    if cadence == ON_DATA:
        return False
    if is_ahead(last, now):
        return True
    months = 1 if cadence == MONTHLY else 3
    return _period(now, months) > _period(last.astimezone(now.tzinfo), months)


def is_ahead(last: datetime, now: datetime) -> bool:
    """Return whether a build is dated in the future by more than a day.

    Parameters
    ----------
    last, now : datetime
        With a zone.

    Returns
    -------
    bool
        True where one of the two clocks was wrong.
    """
    return last - now > AHEAD


def _period(moment: datetime, months: int) -> tuple[int, int]:
    return moment.year, (moment.month - 1) // months
