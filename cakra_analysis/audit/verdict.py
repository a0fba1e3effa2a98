"""The audit of a folder of reports: arithmetic on what is published, traces in every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cakra_analysis.audit.exposed import find_exposing
from cakra_analysis.audit.failed import allow_line, read_failures
from cakra_analysis.audit.files import read_pieces
from cakra_analysis.audit.known import Known, list_braced, read_known
from cakra_analysis.audit.leak import Leak
from cakra_analysis.audit.pieces import Piece, unveil
from cakra_analysis.audit.release import read_records
from cakra_analysis.audit.traces import describe, find_traces, mask
from cakra_analysis.errors import DataError
from cakra_analysis.settings import PrivacySettings

COLUMNS = ["kind", "file", "where", "what"]
Met = dict[tuple[str, str], dict[str, str]]  # text and sort -> kind -> what; reports share texts


@dataclass(frozen=True)
class Audit:
    """What an audit found, and how much it looked at.

    Attributes
    ----------
    leaks : DataFrame
        kind, file, where, what; by file.
    files, tables, hidden : int
        How many files were read, tables put together and hidden figures tried.
    """

    leaks: pd.DataFrame
    files: int
    tables: int
    hidden: int

    def describe(self) -> str:
        """Say what was found in how much: a table of leaks, if any, and one line."""
        looked = f"{self.files} files, {self.tables} tables, {self.hidden} hidden figures tried"
        if self.leaks.empty:
            return f"nothing found in {looked}"
        widths = {column: int(self.leaks[column].str.len().max()) for column in self.leaks}
        rows = [COLUMNS, *self.leaks.to_numpy().tolist()]
        lines = ["  ".join(f"{cell:<{widths[c]}}" for c, cell in zip(COLUMNS, row, strict=True))
                 for row in rows]  # fmt: skip
        return "\n".join([*map(str.rstrip, lines), f"{len(self.leaks)} leaks found in {looked}"])


def audit_reports(
    folder: Path, *, data: str = "", settings: PrivacySettings | None = None
) -> pd.DataFrame:
    """Find everything in built reports that tells about a person.

    Parameters
    ----------
    folder : Path
        The reports folder.
    data : str
        The data set, so that its identifiers and names can be looked for; empty for none.
    settings : PrivacySettings, optional
        Thresholds; without them those that the tables were published with.

    Returns
    -------
    DataFrame
        ``kind``, ``file`` (below the folder), ``where`` and ``what``, which never repeats an
        identifier or a secret in full; no row where nothing was found.

    Raises
    ------
    DataError
        When the folder holds no file, or the data set cannot be read.
    """
    return audit_folder(folder, data=data, settings=settings).leaks


def audit_folder(
    folder: Path,
    *,
    data: str = "",
    settings: PrivacySettings | None = None,
    watch: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Audit:
    """Find everything in built reports that tells about a person, and count what was looked at.

    Parameters
    ----------
    folder : Path
        The reports folder.
    data : str
        The data set; empty for none.
    settings : PrivacySettings, optional
        Thresholds; without them those that the tables were published with.
    watch : callable
        Takes the files and hands them out again one by one, to show how far the reading is.

    Returns
    -------
    Audit
        The leaks and the counts.

    Raises
    ------
    DataError
        When the folder holds no file, or the data set cannot be read.

    Notes
    -----
    What is looked for: ``audit.shown``, ``audit.repeats`` and ``audit.arithmetic`` (numbers),
    ``audit.traces`` (text). Limits: *What the audit does and does not find* in
    ``docs/architecture.md``. Pinned by ``tests/test_audit.py``.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        raise DataError(
            f"{folder}: there is no report here.",
            do="Give the folder that `cakra report` built into.",
        )
    records = read_records(folder)
    known = replace(
        read_known(data), braced=frozenset(list_braced([*records, *read_failures(folder)]))
    )
    leaks, hidden = find_exposing(records, settings)
    met: Met = {}
    for path in watch(files):
        leaks += scan_file(path, path.relative_to(folder).as_posix(), known, met)
    rows = [(leak.kind, mask(leak.file, known), mask(leak.where, known), leak.what)
            for leak in leaks]  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS, dtype="str").drop_duplicates()
    table = table.sort_values(["file", "kind"], kind="stable", ignore_index=True)
    tables = sum(len(record["tables"]) for record in records)
    return Audit(table, len(files), tables, hidden)


def scan_file(path: Path, name: str, known: Known, met: Met | None = None) -> list[Leak]:
    """Find traces in one file and its name.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Its path below the reports folder.
    known : Known
        Identifiers, names and keys to look for.
    met : dict, optional
        What was found in texts met before; added to.

    Returns
    -------
    list of Leak
        One a kind and place.
    """
    pieces = [Piece("name of the file", name, "name")]
    try:
        pieces += read_pieces(name, path.read_bytes())
    except OSError:
        pieces.append(Piece("", "", "unread"))
    pieces = allow_line(_allow_search(pieces, name), path)
    leaks = [
        Leak("unread", name, piece.where, "cannot be read, so nothing is known of it")
        for piece in pieces
        if piece.sort == "unread"
    ]
    met = {} if met is None else met
    found: dict[tuple[str, str], str] = {}
    for piece in map(unveil, pieces):
        hits = met.get((piece.text, piece.sort))
        if hits is None:
            hits = {kind: describe(kind, piece.text[start:end])
                    for kind, start, end in find_traces(piece, known)}  # fmt: skip
            met[piece.text, piece.sort] = hits
        found |= {(kind, piece.where): what for kind, what in hits.items()}
    return leaks + [Leak(kind, name, where, what) for (kind, where), what in found.items()]


def _allow_search(pieces: list[Piece], name: str) -> list[Piece]:
    """The index may have one script of its own, which searches it."""
    first = next((p for p in pieces if p.sort == "script" and not p.text), None)
    return [p for p in pieces if p is not first] if name == "index.html" else pieces
