"""Whether a report is fresh, stale or failed, as the index tells its readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from cakra_analysis import __version__
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
        if not record:
            return State(FAILED, label("index.failed_none", lang))
        when = write_date(datetime.fromisoformat(record["when"]).astimezone(zone), lang)
        return State(FAILED, label("index.failed_kept", lang, when=when))
    made_with = record.get("facts", {}).get("fingerprint", "")
    if fingerprint and made_with and made_with != fingerprint:
        return State(STALE, label("index.stale_data", lang))
    if record.get("version", __version__) != __version__:
        return State(STALE, label("index.stale_version", lang, version=record["version"]))
    return State(FRESH)
