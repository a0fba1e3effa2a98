"""Dates and times as surveys and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pandas as pd

ORDERS = ("day first", "month first", "year first")
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")  # days that a spreadsheet counts: 46023 is in 2026
SERIAL_FROM = datetime(1899, 12, 30)
PARTS = re.compile(
    r"(\d{1,4})[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ,]+(\d{1,4})"
    r"(?:(?:T|,? +)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?"
    r" ?(am|pm|a\.m\.|p\.m\.)?\s?(?:Z|(?:GMT|UTC|WIB|WITA|WIT)?(?:[+-]\d{1,2}:?\d{0,2})?)?",
    re.IGNORECASE,
)
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            *("jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu aug ags"),
            *("sep", "okt oct", "nov nop", "des dec"),
        ],
        start=1,
    )
    for name in names.split()
}


def find_orders(texts: Iterable[str]) -> list[str]:
    """Find in which orders of day and month every text is a date.

    Parameters
    ----------
    texts : iterable of str
        Cells.

    Returns
    -------
    list of str
        Of ``day first``, ``month first`` and ``year first``; two where the texts do not tell
        them apart, all three where the year stands first or days are counted, none where a text is
        no date.

    Examples
    --------
    >>> find_orders(["3/4/2026 10.05.33"]), find_orders(["31/4/2026", "30/4/2026"])
    (['day first', 'month first'], [])
    >>> find_orders(["2026-04-30T10:05:33+08:00", "46142.42"])
    ['day first', 'month first', 'year first']
    """
    given = list(texts)
    return [o for o in ORDERS if given and all(_read(text, o) is not None for text in given)]


def read_times(texts: pd.Series, order: str) -> pd.Series:
    """Read dates and times.

    Parameters
    ----------
    texts : Series
        Cells, missing where blank.
    order : str
        One of ``day first``, ``month first`` and ``year first``; a date that begins with a year of
        four digits, or that a spreadsheet counts in days, is read under each.

    Returns
    -------
    Series
        Times, missing where blank or no date.
    """
    read = [_read(text, order) if isinstance(text, str) else None for text in texts]
    times = pd.to_datetime(pd.Series(read, index=texts.index, dtype="object"))
    return times.rename(texts.name)


def _read(text: str, order: str) -> datetime | None:
    if SERIAL.fullmatch(text):
        return SERIAL_FROM + timedelta(seconds=round(float(text.replace(",", ".")) * 86400))
    match = PARTS.fullmatch(text.strip())
    if not match:
        return None
    first, second, third, hour, minute, second_of, half = match.groups()
    named = not second.isdigit()
    if named and second[:3].lower() not in MONTHS:
        return None
    middle = MONTHS[second[:3].lower()] if named else int(second)
    if len(first) == 4:
        year, month, day = int(first), middle, int(third)
    elif order == "year first" or len(third) != 4 or len(first) == 3:
        return None
    elif order == "day first" or named:
        year, month, day = int(third), middle, int(first)
    else:
        year, month, day = int(third), int(first), middle
    clock = int(hour or 0) % 12 + 12 * (half[0].lower() == "p") if half else int(hour or 0)
    try:
        return datetime(year, month, day, clock, int(minute or 0), int(second_of or 0))
    except ValueError:
        return None
