"""What is planned for the year ahead, in a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from cakra_analysis.results import Finding


def find_ahead(planned: Finding, placed: Finding) -> Sequence[Finding]:
    """Say what the saved plan holds and when it begins.

    Parameters
    ----------
    planned : Finding
        Saved ``design.portfolio``: sessions, seats, budget (million rupiah), share (0-1).
    placed : Finding
        Saved ``implementation.timetable.placed``: sessions, first, last (ISO dates).

    Returns
    -------
    sequence of Finding
        ``brief.ahead.planned`` and ``brief.ahead.placed``, each only where it was saved.

    Examples
    --------
    >>> values = {"sessions": 3, "seats": 60, "budget": 90.0, "share": 0.2}
    >>> [f.key for f in find_ahead(Finding("design.portfolio.planned", values), Finding("none"))]
    ['brief.ahead.planned']
    """
    told = []
    if "share" in planned.values:
        kept = {name: planned.values[name] for name in ("sessions", "seats", "budget", "share")}
        told.append(Finding("brief.ahead.planned", kept, planned.method, planned.n))
    if "first" in placed.values:
        kept = {name: placed.values[name] for name in ("sessions", "first", "last")}
        told.append(Finding("brief.ahead.placed", kept, placed.method, placed.n))
    return told
