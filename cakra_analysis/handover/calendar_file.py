"""Calendar entries as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from cakra_analysis.handover.texts import read_texts

if TYPE_CHECKING:
    import icalendar


def write_calendar(
    entries: pd.DataFrame,
    *,
    title: str,
    courses: Mapping[str, str],
    venues: Mapping[str, str],
    timezone: str = "Asia/Makassar",
    lang: str = "id",
) -> bytes:
    """Write entries as an iCalendar file.

    Parameters
    ----------
    entries : DataFrame
        From ``list_entries``, of one recipient.
    title : str
        What the calendar is called in a calendar program.
    courses, venues : mapping of str to str
        Names by code; where one is missing the code stands.
    timezone : str
        Of the local times.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    bytes
        The same entries give the same bytes. It names no person, whatever the recipient is.

    Notes
    -----
    Pinned by ``tests/test_handover.py``, which reads it back strictly.
    """
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Cakra//cakra-analysis//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    zone = ZoneInfo(timezone)
    for row in sorted(entries.itertuples(), key=lambda row: (row.start, row.uid)):
        event = icalendar.Event()
        for name, value in _describe(row, courses, venues, zone, read_texts(lang)).items():
            event.add(name, value)
        calendar.add_component(event)
    if len(entries):
        calendar.subcomponents.insert(0, _write_zone(timezone))
    return calendar.to_ical()


@cache
def _write_zone(timezone: str) -> icalendar.Timezone:
    """The zone's rules; working them out takes longer than the rest of a calendar."""
    import icalendar

    return icalendar.Timezone.from_tzid(timezone)


def _describe(
    row: Any,
    courses: Mapping[str, str],
    venues: Mapping[str, str],
    zone: ZoneInfo,
    texts: Mapping[str, str],
) -> dict[str, Any]:
    """The properties of one event."""
    several = "event_of_several" if row.meetings > 1 else "event"
    summary = texts[several].format(
        name=courses.get(row.course_id, row.course_id), meeting=row.meeting, meetings=row.meetings
    )
    if row.status == "CANCELLED":
        summary = texts["event_cancelled"].format(name=summary)
    about = [texts["session"].format(session=row.session_id)]
    if pd.notna(row.seats):
        about.append(texts["seats"].format(seats=int(row.seats)))
    modified = row.modified.to_pydatetime().replace(tzinfo=UTC)
    return {
        "uid": row.uid,
        "dtstamp": modified,
        "last-modified": modified,
        "sequence": int(row.sequence),
        "dtstart": row.start.to_pydatetime().replace(tzinfo=zone),
        "dtend": row.end.to_pydatetime().replace(tzinfo=zone),
        "summary": summary,
        "description": " ".join(about),
        "location": "" if pd.isna(row.venue_id) else venues.get(row.venue_id, row.venue_id),
        "status": row.status,
    }
