"""Whether a report is fresh, stale or failed, as the index tells its readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from cakra_analysis import __version__
from cakra_analysis.report.ceiling import CODE
from cakra_analysis.report.outcome import CAUSES
from cakra_analysis.words import label, write_date

FRESH, STALE, FAILED = "fresh", "stale", "failed"
Record = Mapping[str, Any]


class State(NamedTuple):
    """How a report stands: one of the three, and why in words; empty where it is fresh."""

    name: str
    why: str = ""


def find_state(
    record: Record,
    failure: Record | None,
    *,
    fingerprint: str,
    lang: str,
    zone: tzinfo | None = None,
) -> State:
    """Return how a report stands.

    Parameters
    ----------
    record : mapping
        What was kept of its last good build; empty where there is none.
    failure : mapping, optional
        What was kept of a build that failed after it.
    fingerprint : str
        Of the data set as it is now; empty where that is not known.
    lang : str
        ``id`` or ``en``.
    zone : tzinfo, optional
        In which moments are told; the machine's own if missing.

    Returns
    -------
    State
        ``failed`` when the last try failed, whether or not an earlier page stands; ``stale`` when
        data or library are no longer those that the page was made with; else ``fresh``.

    Examples
    --------
    >>> find_state({"facts": {"fingerprint": "a"}}, None, fingerprint="b", lang="en").name
    'stale'
    """
    if failure:
        reason = label(f"failure.{find_reason(failure)}.reason", lang)
        if not record:
            return State(FAILED, label("index.failed_none", lang, reason=reason))
        when = tell_moment(record["when"], lang, zone)
        return State(FAILED, label("index.failed_kept", lang, reason=reason, when=when))
    made_with = record.get("facts", {}).get("fingerprint", "")
    if fingerprint and made_with and made_with != fingerprint:
        return State(STALE, label("index.stale_data", lang))
    if record.get("version", __version__) != __version__:
        return State(STALE, label("index.stale_version", lang, version=record["version"]))
    return State(FRESH)


def find_reason(failure: Record) -> str:
    """Return which sort of cause a failure had.

    Parameters
    ----------
    failure : mapping
        What was kept of a build that failed; an older one does not say.

    Returns
    -------
    str
        One of ``CAUSES``.

    Examples
    --------
    >>> find_reason({"kind": "disk"}), find_reason({})
    ('disk', 'code')
    """
    kind = str(failure.get("kind"))
    return kind if kind in CAUSES else CODE


def tell_moment(when: str | None, lang: str, zone: tzinfo | None) -> str:
    """Return a moment that was noted down as a date in words.

    Parameters
    ----------
    when : str, optional
        ISO 8601.
    lang : str
        ``id`` or ``en``.
    zone : tzinfo, optional
        In which it is told; the machine's own if missing.

    Returns
    -------
    str
        Empty where nothing was noted down.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> tell_moment("2026-11-24T12:00:00+08:00", "en", ZoneInfo("Asia/Jakarta"))
    '24 November 2026, 11:00 WIB'
    """
    return write_date(datetime.fromisoformat(when).astimezone(zone), lang) if when else ""
