"""What a notice says, in the reader's language; it names units and reports, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cakra_analysis.words import label, write_date

MOST_LISTED = 10
LONGEST_CAUSE = 300
SUBJECTS = {"ok": "subject_ok", "failed": "subject_failed", "stopped": "subject_stopped"}


def write_message(summary: Mapping[str, Any]) -> tuple[str, str]:
    """Write the notice of a build.

    Parameters
    ----------
    summary : mapping of str to object
        As :func:`cakra_analysis.notices.send_notices` takes it.

    Returns
    -------
    tuple of str and str
        The subject, one line, and the text.

    Examples
    --------
    >>> counts = {"built": 3, "kept": 0, "failed": 0}
    >>> times = {"started": "2026-11-24T05:30:00+08:00", "ended": "2026-11-24T05:31:00+08:00"}
    >>> about = {"plan": "reports.toml", "dataset": "Sample", "lang": "en", "index": "index.html"}
    >>> write_message({**about, **times, "outcome": "ok", "counts": counts, "failed": []})[0]
    'Cakra: all reports are in order (Sample)'
    """
    lang, outcome = summary["lang"], summary["outcome"]
    names = {key: _line(summary[key]) for key in ("plan", "dataset", "index")}
    times = {key: _moment(summary[key], lang) for key in ("started", "ended")}
    stopped = {"cause": _cut(summary["cause"])} if outcome == "stopped" else {}
    values = {**names, **times, **summary["counts"], **stopped}
    lines = ["stopped"] if stopped else ["built", "counts"]
    parts = [[label(f"notice.{key}", lang, **values) for key in (*lines, "times")]]
    if summary["failed"]:
        parts.append(_failures(summary["failed"], lang))
    if outcome != "ok":
        parts.append([label("notice.last_good", lang)])
    parts.append([label("notice.index", lang, **values)])
    text = "\n\n".join("\n".join(part) for part in parts)
    return label(f"notice.{SUBJECTS[outcome]}", lang, **values), f"{text}\n"


def _failures(failed: list[Mapping[str, str]], lang: str) -> list[str]:
    lines = [
        f"- {_line(item['unit'])} ({_line(item['report'])}): {_cut(item['cause'])}"
        for item in failed[:MOST_LISTED]
    ]
    rest = len(failed) - MOST_LISTED
    more = [label("notice.more", lang, count=rest)] if rest > 0 else []
    return [label("notice.failures", lang), *lines, *more]


def _cut(cause: str) -> str:
    whole = _line(cause)
    return whole if len(whole) <= LONGEST_CAUSE else f"{whole[:LONGEST_CAUSE]} ..."


def _line(text: str) -> str:
    """Put a text on one line; a line break in a subject would be a header of its own."""
    return " ".join(str(text).split())


def _moment(text: str, lang: str) -> str:
    return write_date(datetime.fromisoformat(text), lang)
