"""What the published numbers give away, and which cells to hold back so that they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cakra_analysis.audit.arithmetic import find_derivable
from cakra_analysis.audit.leak import Leak
from cakra_analysis.audit.readers import list_readers
from cakra_analysis.audit.release import list_cells
from cakra_analysis.audit.repeats import find_repeats
from cakra_analysis.audit.shown import find_shown
from cakra_analysis.settings import PrivacySettings


def find_exposing(
    records: Iterable[Mapping[str, Any]], settings: PrivacySettings | None = None
) -> tuple[list[Leak], int]:
    """Find what all published numbers together tell about too few people.

    Parameters
    ----------
    records : iterable of mapping
        What the builder saves of each report.
    settings : PrivacySettings, optional
        Thresholds; without them those that the tables were published with.

    Returns
    -------
    tuple of (list of Leak, int)
        Each leak once, in the order of files; and how many hidden figures were tried.
    """
    leaks: dict[tuple[str, str, str], Leak] = {}
    tried = 0
    for reader in list_readers(list_cells(records), settings):
        derivable, hidden = find_derivable(reader)
        tried += hidden
        for leak in (*find_shown(reader), *find_repeats(reader), *derivable):
            leaks.setdefault((leak.file, leak.kind, leak.where), leak)
    return [leaks[key] for key in sorted(leaks)], tried


def find_exposed(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells to hold back so that the published numbers expose nobody.

    Parameters
    ----------
    records : iterable of mapping
        What the builder saves of each report; nothing is read or written.

    Returns
    -------
    list of dict
        ``table``, ``cycle`` and the keys of the row, each once. Building again with these withheld
        may show further ones, since the door then chooses anew what to hide beside them.

    Examples
    --------
    >>> table = {"name": "gaps", "threshold": 5, "counts": "n", "keys": ["unit_id"]}
    >>> report = {"audience": "public", "cycle": "2026"}
    >>> find_exposed([{**report, "tables": [{**table, "rows": [{"unit_id": "A", "n": 3}]}]}])
    [{'table': 'gaps', 'cycle': '2026', 'unit_id': 'A'}]
    """
    leaks, _ = find_exposing(records)
    cells = {tuple(cell.items()): cell for leak in leaks for cell in leak.cells}
    return [*cells.values()]
