"""A line for every run and every build, for machines; and the last build, for people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

LOG = "log.jsonl"


def write_line(to: Path, line: Mapping[str, Any]) -> None:
    """Add a line to the log of a reports folder, in one write.

    Parameters
    ----------
    to : Path
        The reports folder.
    line : mapping
        What happened; the moment is added.
    """
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    text = json.dumps({"when": when, **line}, ensure_ascii=False) + "\n"
    path = to / LOG
    # A writer that was killed may have left half a line; the next one begins on its own.
    with path.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            text = text if stream.read(1) == b"\n" else f"\n{text}"
        stream.write(text.encode())


def read_last(to: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the last build that ended, and its runs.

    Parameters
    ----------
    to : Path
        The reports folder.

    Returns
    -------
    tuple of dict and list of dict
        The build's own line (empty where none is there) and those of its runs. A damaged line is
        passed over.
    """
    try:
        lines = (to / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}, []
    found: list[dict[str, Any]] = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        found += [entry] if isinstance(entry, dict) else []
    builds = [entry for entry in found if entry.get("kind") == "build"]
    if not builds:
        return {}, []
    last = builds[-1]
    runs = [e for e in found if e.get("kind") == "run" and e.get("build") == last.get("build")]
    return last, runs
