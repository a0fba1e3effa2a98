"""One thing that tells about a person, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Leak:
    """One thing that tells too much.

    Attributes
    ----------
    kind : str
        What sort of leak, in two or three words.
    file : str
        Below the audited folder.
    where : str
        Table and row, sheet and cell, page or line.
    what : str
        What was found; never the identifier or the secret itself.
    cells : tuple of dict
        Published cells to hold back so that it is mended; empty where that does not help.
    """

    kind: str
    file: str
    where: str
    what: str
    cells: tuple[dict[str, Any], ...] = ()
