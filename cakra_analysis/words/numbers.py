"""Numbers, dates and lists as each language writes them."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale, dates, lists, numbers

PATTERNS = {
    "levels": "#,##0.00",
    "level1": "#,##0.0",
    "signed": "+#,##0.00;-#,##0.00",
    "signed1": "+#,##0.0;-#,##0.0",
    "signed0": "+#,##0;-#,##0",
    "count": "#,##0",
    "percent": "#,##0%",
    "percent1": "#,##0.0%",
    "percent2": "#,##0.00%",
    "of100": "#,##0",
    "thousands": "#,##0",
    "jpm": "#,##0",
}
NO_FIGURE = "–"  # a finding's value that is too small to be shown
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def write_number(value: float, lang: str, kind: str = "levels") -> str:
    """Write a number as the language does, with a true minus sign.

    Parameters
    ----------
    value : float
        The number; a share (0-1) for ``percent``, a percentage (0-100) for ``jpm``.
    lang : str
        ``id`` or ``en``.
    kind : str
        One of ``PATTERNS``, or ``rupiah``, which is written short: ``Rp 1,2 juta``.

    Returns
    -------
    str
        For instance ``1,12``; a dash for a missing value.

    Examples
    --------
    >>> write_number(-1234.5, "id"), write_number(0.076, "en", "percent")
    ('−1.234,50', '8%')
    >>> write_number(420e6, "id", "rupiah"), write_number(42_300, "en", "rupiah")
    ('Rp 420 juta', 'Rp 42.3 thousand')
    """
    if value is None or math.isnan(value):
        return NO_FIGURE
    if kind == "rupiah":
        long = numbers.format_compact_decimal(
            value, format_type="long", locale=lang, fraction_digits=1
        )
        return f"Rp {long}".replace("Rp -", "−Rp ")
    value = value / 1000 if kind == "thousands" else value
    text = str(numbers.format_decimal(value, format=PATTERNS[kind], locale=lang))
    text += "%" if kind == "jpm" else ""
    zero = text.lstrip("+-").strip("0.,%") == ""
    return text.lstrip("+-") if zero else text.replace("-", "−")


def write_day(moment: datetime, lang: str) -> str:
    """Write a day, for instance ``24 November 2026``.

    Parameters
    ----------
    moment : datetime
        Any moment of the day.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Day, month, year.

    Examples
    --------
    >>> write_day(datetime(2026, 8, 3), "id")
    '3 Agustus 2026'
    """
    return str(dates.format_date(moment, "d MMMM y", locale=lang))


def write_date(moment: datetime, lang: str) -> str:
    """Write a moment as day and time, for instance ``24 November 2026 pukul 07.00 WITA``.

    Parameters
    ----------
    moment : datetime
        With its time zone.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Date, time and zone.
    """
    if lang == "id":
        return f"{write_day(moment, lang)} pukul {moment:%H.%M} {moment.tzname()}"
    return f"{write_day(moment, lang)}, {moment:%H:%M} {moment.tzname()}"


class Writer(string.Formatter):
    """``str.format``; specs are those of ``PATTERNS``, ``list``, ``quoted``, ``lower``, ``day``."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value of a sentence."""
        if format_spec == "list":
            names = [lower_first(self._name(v)) for v in value]
            return str(lists.format_list(names, locale=Locale.parse(self.lang)))
        if format_spec == "quoted":
            names = [f"“{self._name(v)}”" for v in value]
            return str(lists.format_list(names, locale=Locale.parse(self.lang)))
        if format_spec.startswith("list_"):
            texts = [write_number(v, self.lang, format_spec.removeprefix("list_")) for v in value]
            return str(lists.format_list(texts, locale=Locale.parse(self.lang)))
        if format_spec == "lower":
            return lower_first(self._name(value))
        if format_spec == "day":
            return write_day(datetime.fromisoformat(value), self.lang)
        if value == NO_FIGURE:
            return NO_FIGURE
        if format_spec:
            return write_number(value, self.lang, format_spec)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return write_number(value, self.lang, "count")
        return self._name(value)

    def _name(self, value: Any) -> str:
        name = str(value[self.lang] if isinstance(value, Mapping) else value)
        # Isolated, so that letters written from the right do not turn the figures after them.
        return f"\u2068{name}\u2069" if RIGHT_TO_LEFT.search(name) else name


def lower_first(text: str) -> str:
    """Write a name inside a sentence: its first letter small, unless the word has other capitals.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    str
        The name for the middle of a sentence.

    Examples
    --------
    >>> lower_first("Public service"), lower_first("AI-assisted coding")
    ('public service', 'AI-assisted coding')
    """
    word = text.split(" ", maxsplit=1)[0]
    return text[:1].lower() + text[1:] if word[1:].islower() or len(word) == 1 else text
