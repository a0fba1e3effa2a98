"""The build as an attacker reads it: what must be held back, and what must not be published."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cakra_analysis.files import find_place, fingerprint
from cakra_analysis.report.publish import ENDINGS, STAGED, page_path
from cakra_analysis.report.records import read_record
from cakra_analysis.report.run import Run
from cakra_analysis.settings import read_settings

HELD = "withheld"  # names the file of cells held back, and the parameter that gives it


def hold_back(
    found: Iterable[Any], built: Sequence[Run], standing: Sequence[Run], staged: Path, to: Path
) -> list[Run]:
    """Hold back the cells with which reports give something away when read together.

    Parameters
    ----------
    found : iterable of Leak
        Of ``find_new``.
    built : sequence of Run
        What was built.
    standing : sequence of Run
        Reports of the same plan that stand as they are; they too can be built again.
    staged : Path
        The folder of the build.
    to : Path
        The reports folder, with what was published earlier.

    Returns
    -------
    list of Run
        Those to build again, with the cells that they may not show.
    """
    cells = [*{tuple(cell.items()): cell for leak in found for cell in leak.cells}.values()]
    if not cells:
        return []
    again = []
    for run, where in [*((run, staged) for run in built), *((run, to) for run in standing)]:
        shown = {table["name"] for table in read_record(where, run)["tables"]}
        own = [c for c in cells if c["table"] in shown and c["cycle"] == run.parameters["cycle"]]
        if own:
            again.append(_withhold(run, own, staged))
    return again


def _withhold(run: Run, cells: Iterable[Mapping[str, Any]], staged: Path) -> Run:
    """Add cells to those that a run already holds back."""
    path = staged / HELD / f"{run.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [{k: v for k, v in cell.items() if k != "cycle"} for cell in cells]
    path.write_text(json.dumps([*earlier, *kept]), encoding="utf-8")
    return replace(run, parameters={**run.parameters, HELD: str(path)})


def _read_all(built: Sequence[Run], staged: Path, to: Path) -> list[dict[str, Any]]:
    """What is kept of the reports just built and of those that stand beside them."""
    from cakra_analysis.audit import read_records

    own = [{**read_record(staged, run), "file": f"{run.name}.json"} for run in built]
    names = {run.name for run in built}
    datasets = {run.dataset for run in built}
    beside = [
        record
        for record in read_records(to)
        if not record["file"].startswith(STAGED)
        and record.get("name") not in names
        and record.get("dataset") in datasets
    ]
    return [*own, *beside]


def list_leaks(
    found: Iterable[Any], built: Sequence[Run], staged: Path, to: Path
) -> dict[str, str]:
    """Return what reports still give away together, for which they are not published.

    Parameters
    ----------
    found : iterable of Leak
        Of ``find_new`` for these reports.
    built : sequence of Run
        What was built, with cells held back as often as that helped.
    staged : Path
        The folder of the build.
    to : Path
        The reports folder.

    Returns
    -------
    dict of str to str
        The cause by the name of a run.
    """
    refused: dict[str, str] = {}
    left = list(built)
    while blamed := _blame(found, left, staged):
        # The older page of a refused report stays, and is read beside the others.
        refused |= blamed
        left = [run for run in built if run.name not in refused]
        found = find_new(left, staged, to)
    return refused


def find_new(built: Sequence[Run], staged: Path, to: Path) -> list[Any]:
    """Find what is told with the reports just built, but not already by the earlier ones alone.

    Parameters
    ----------
    built : sequence of Run
        What was built.
    staged : Path
        The folder of the build.
    to : Path
        The reports folder, with what was published earlier.

    Returns
    -------
    list of Leak
        See ``cakra_analysis.audit``.
    """
    from cakra_analysis.audit import find_exposing

    if not built:
        return []
    rules = read_settings(built[0].parameters["settings"]).privacy
    every = _read_all(built, staged, to)
    earlier, _ = find_exposing(every[len(built) :], rules)
    known = {(leak.kind, leak.file, leak.where) for leak in earlier}
    leaks, _ = find_exposing(every, rules)
    return [leak for leak in leaks if (leak.kind, leak.file, leak.where) not in known]


def _blame(leaks: Iterable[Any], built: Sequence[Run], staged: Path) -> dict[str, str]:
    """The cause by the run that tells it: the one it stands in, else all with the same table."""
    names = {f"{run.name}.json": run.name for run in built}
    found: dict[str, str] = {}
    for leak in leaks:
        own = {cell["table"] for cell in leak.cells}
        blamed = [names[leak.file]] if leak.file in names else [
            run.name
            for run in built
            if own & {table["name"] for table in read_record(staged, run)["tables"]}
        ]  # fmt: skip
        for name in blamed:
            found.setdefault(name, _tell(leak.kind, leak.where, leak.what))
    return found


def find_trace(run: Run, staged: Path) -> str:
    """Return what a report's own files tell about a person, a path or a secret.

    Parameters
    ----------
    run : Run
        Which.
    staged : Path
        The folder of the build.

    Returns
    -------
    str
        The cause why it is not published; empty where nothing was found.
    """
    from cakra_analysis.audit import list_braced, scan_file

    # Braces that the data brings, in an odd name, are no template left unfilled.
    braced = frozenset(list_braced([read_record(staged, run)]))
    data = str(run.parameters["data"])
    known = replace(read_known_once(data, fingerprint(find_place(data))), braced=braced)
    page = page_path(staged, run)
    for path in (page.with_suffix(f".{ending}") for ending in ENDINGS):
        if path.exists():
            name = f"{run.name}{path.suffix}"
            for leak in scan_file(path, name, known):
                return _tell(leak.kind, f"{name}, {leak.where}", leak.what)
    return ""


@functools.cache
def read_known_once(data: str, _: str) -> Any:
    """Return what identifies persons in a data set, read once for each state of its files.

    Parameters
    ----------
    data : str
        The data set.
    _ : str
        Its fingerprint.

    Returns
    -------
    Known
        See ``cakra_analysis.audit.read_known``.
    """
    from cakra_analysis.audit import read_known

    return read_known(data)


def _tell(kind: str, where: str, what: str) -> str:
    return f"It would give away what may not leave ({kind}): {where}: {what}."
