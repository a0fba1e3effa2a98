"""What stands in the reports folder and from what it was made, so that nothing is built twice."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cakra_analysis.report.keys import Parts
from cakra_analysis.report.publish import ENDINGS, page_path, write_whole
from cakra_analysis.report.records import read_whole_record
from cakra_analysis.report.run import Run

OWN = ".cakra"  # the builder's own folder inside the reports folder
LEDGER, CURRENT, EXECUTED = "ledger.json", "current.json", "executed"


@dataclass(frozen=True)
class Entry:
    """One report as it stands.

    Attributes
    ----------
    parts : mapping of str to str
        What it was made from, see ``find_parts``.
    content : str
        Digest of what it says.
    when : str
        Moment of its build, ISO 8601.
    files : mapping of str to list of int
        Size in bytes and time of change in ns, by ending.
    """

    parts: Parts
    content: str
    when: str
    files: Mapping[str, list[int]] = field(default_factory=dict)


class Ledger:
    """The reports that stand in a folder; a lost or damaged ledger is made again from them.

    Parameters
    ----------
    to : Path
        The reports folder.
    """

    def __init__(self, to: Path) -> None:
        self._to = to
        self._path = to / OWN / LEDGER
        self._entries = _read(self._path)
        self._changed = False

    def find(self, run: Run) -> Entry | None:
        """Return how a run's report stands; None where it is missing or not whole."""
        entry = self._entries.get(run.name)
        files = _stat(self._to, run)
        if entry is None or entry.files != files:
            entry = self._recover(run, files)
        return entry

    def _recover(self, run: Run, files: Mapping[str, list[int]]) -> Entry | None:
        """Read what the report itself keeps, and see that its files are those it was made with."""
        self._changed = True
        self._entries.pop(run.name, None)
        record = read_whole_record(self._to, run)
        try:
            entry = Entry(dict(record["parts"]), record["content"], record["when"], files)
        except (KeyError, TypeError, ValueError):  # not whole, or made by an older version
            return None
        self._entries[run.name] = entry
        return entry

    def keep(self, run: Run, parts: Parts, content: str, when: str) -> None:
        """Note down that a run's report stands and is made from these parts."""
        self._entries[run.name] = Entry(dict(parts), content, when, _stat(self._to, run))
        self._changed = True

    def save(self) -> None:
        """Write the ledger, whole or not at all."""
        if self._changed:
            text = json.dumps({name: asdict(entry) for name, entry in self._entries.items()})
            write_whole(self._path, text)
            self._changed = False


def _read(path: Path) -> dict[str, Entry]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): _entry(entry) for name, entry in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def _entry(content: Mapping[str, Any]) -> Entry:
    return Entry(
        dict(content["parts"]), content["content"], content["when"], dict(content["files"])
    )


def _stat(to: Path, run: Run) -> dict[str, list[int]]:
    page = page_path(to, run)
    found = {}
    for ending in ENDINGS:
        try:
            stat = page.with_suffix(f".{ending}").stat()
        except OSError:
            continue
        found[ending] = [stat.st_size, stat.st_mtime_ns]
    return found


def keep_current(to: Path, names: Collection[str]) -> None:
    """Write down which reports say what they would say if they were made now.

    Parameters
    ----------
    to : Path
        The reports folder.
    names : collection of str
        Names of reports. The data set may have changed in what they do not read.
    """
    if set(names) != read_current(to):
        write_whole(to / OWN / CURRENT, json.dumps(sorted(names)))


def read_current(to: Path) -> set[str]:
    """Return which reports are up to date, as the last build found.

    Parameters
    ----------
    to : Path
        The reports folder.

    Returns
    -------
    set of str
        Names; empty where no build has told.
    """
    try:
        return set(json.loads((to / OWN / CURRENT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return set()
