"""Who reads what: a reader has the reports for every wider audience too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cakra_analysis.audit.release import Cell
from cakra_analysis.settings import AUDIENCES, PrivacySettings


@dataclass(frozen=True)
class Reader:
    """Somebody for whom reports are made, and everything that they may read.

    Attributes
    ----------
    audience : str
        Who.
    threshold : int
        Fewest people of whom they may learn something.
    narrowest : float
        Narrowest bracket, as a share of the scale.
    cells : list of Cell
        Their own reports and those for wider audiences.
    """

    audience: str
    threshold: int
    narrowest: float
    cells: list[Cell]

    def shows(self, cell: Cell) -> bool:
        """Return whether the cell is of a report made for this reader, not for wider ones."""
        return cell.audience == self.audience


def list_readers(cells: Sequence[Cell], settings: PrivacySettings | None = None) -> list[Reader]:
    """Return who can read what; a reader has the reports for every wider audience too.

    Parameters
    ----------
    cells : sequence of Cell
        All cells.
    settings : PrivacySettings, optional
        Thresholds; without them those that the tables were published with.

    Returns
    -------
    list of Reader
        Only those for whom there are reports.
    """
    readers = []
    for place, audience in enumerate(AUDIENCES):
        own = [cell for cell in cells if cell.audience == audience]
        if own:
            least = min(int(cell.rules["threshold"]) for cell in own)
            threshold = int(getattr(settings, audience)) if settings else least
            narrowest = (settings or PrivacySettings()).narrowest
            read = [cell for cell in cells if cell.audience in AUDIENCES[place:]]
            readers.append(Reader(audience, threshold, narrowest, read))
    return readers
