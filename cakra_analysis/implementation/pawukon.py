"""The days of the 210-day Balinese year (Pawukon) on which training is not, or better not, held."""

from __future__ import annotations

import pandas as pd

CYCLE = 210  # days: thirty weeks of seven
GALUNGAN = pd.Timestamp(2026, 6, 17)
# Days from Galungan: Wednesday of the week Dungulan; the others by their place in the cycle.
PLACES = {
    "penampahan": -1,
    "galungan": 0,
    "umanis": 1,
    "kuningan": 10,
    "saraswati": -74,
    "pagerwesi": -70,
}


def list_pawukon(year: int) -> pd.DataFrame:
    """List the holy days of the Pawukon calendar in a year.

    A day is a holy day when its distance from Galungan of 17 June 2026 leaves the day's own place
    after division by 210; so Galungan falls once or twice in a year, sometimes in January and
    August. The rule is arithmetic and needs no decree: these days are certain.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    DataFrame
        ``date`` and ``holy`` (penampahan, galungan, umanis, kuningan, saraswati, pagerwesi),
        sorted by date. No weekday is named: that follows from the date.

    References
    ----------
    Reingold and Dershowitz, *Calendrical Calculations*, chapter on the Balinese Pawukon.
    Pinned by ``tests/test_implementation_calendar.py``.

    Examples
    --------
    >>> days = list_pawukon(2027)
    >>> days[days["holy"] == "galungan"]["date"].dt.strftime("%d %b").tolist()
    ['13 Jan', '11 Aug']
    """
    dates = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    past = (dates - GALUNGAN).days
    found = [
        pd.DataFrame({"date": dates[(past - place) % CYCLE == 0], "holy": holy})
        for holy, place in PLACES.items()
    ]
    return pd.concat(found).sort_values(["date", "holy"], ignore_index=True)
