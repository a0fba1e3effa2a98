"""What is kept of reports that failed: their pages may show one line of a programme."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cakra_analysis.audit.pieces import Piece

NOTE, PAGE = ".failed.json", ".failed.html"


def read_failures(folder: Path) -> list[dict[str, Any]]:
    """Read what the builder noted down of reports that failed.

    Parameters
    ----------
    folder : Path
        The reports folder.

    Returns
    -------
    list of dict
        Without files that are not the builder's.
    """
    found = [_read(path) for path in sorted(folder.rglob(f"*{NOTE}"))]
    return [note for note in found if note]


def allow_line(pieces: Iterable[Piece], path: Path) -> list[Piece]:
    """Let the page of a failure show the line at which its notebook failed.

    Parameters
    ----------
    pieces : iterable of Piece
        Of any file.
    path : Path
        The file.

    Returns
    -------
    list of Piece
        As given; in the page of a failure, the line that is noted down beside it counts as text,
        in which persons, secrets and paths are still looked for.
    """
    cell = str(_read(path.with_suffix(".json")).get("cell", "")) if path.name.endswith(PAGE) else ""
    if not cell:
        return list(pieces)
    return [
        replace(piece, sort="text")
        if piece.sort == "visible" and cell.endswith(piece.text.strip())
        else piece
        for piece in pieces
    ]


def _read(path: Path) -> dict[str, Any]:
    try:
        note = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}
