"""A plan made ready, and remembered: the next time files are compared and nothing is loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cakra_analysis.errors import DataError
from cakra_analysis.files import fingerprint, name_place
from cakra_analysis.report.entries import Places, find_places, read_entries
from cakra_analysis.report.keys import digest, digest_files, digest_library
from cakra_analysis.report.ledger import OWN
from cakra_analysis.report.publish import page_path, write_whole
from cakra_analysis.report.run import Run

REMEMBERED = "plan.json"
DATA = "{data}"  # stands in a note for where the data lie


@dataclass(frozen=True)
class Prepared:
    """A plan, ready to be built.

    Attributes
    ----------
    runs : list of Run
        In the order of the plan.
    digests : dict of str to dict
        By the name of a run, digests of the data that it reads.
    data, dataset, fingerprint : str
        Folder, workbook or URL, name and SHA-256 of the data set.
    notes : list of str
        What is to be said of the data before a build; ``{data}`` stands for where they lie.
    lacking : dict of str to list of str
        By the name of a run, tables that its notebook cannot do without and that are not there.
    """

    runs: list[Run]
    digests: dict[str, dict[str, str]]
    data: str
    dataset: str
    fingerprint: str
    notes: list[str]
    lacking: dict[str, list[str]]


def prepare(
    path: Path, to: Path, *, data: str = "", languages: Sequence[str] = (), remember: bool = True
) -> Prepared:
    """Read a plan with its data set, or what is remembered of it if no file has changed since.

    Parameters
    ----------
    path : Path
        The plan.
    to : Path
        The reports folder, where the plan is remembered.
    data : str
        Another data set than the plan's.
    languages : sequence of str
        Other languages than the plan's.
    remember : bool
        Whether to write down what was read.

    Returns
    -------
    Prepared
        Runs and what they read.

    Raises
    ------
    PlanError
        As ``read_plan``.
    DataError
        When the data set cannot be loaded.
    """
    places = find_places(path, read_entries(path), data)
    inputs = _digest_inputs(path, places, languages)
    kept = to / OWN / REMEMBERED
    found = _recall(kept, inputs, places)
    if found is None:
        found = _read(path, data, languages)
        if remember and inputs:
            write_whole(kept, json.dumps({"inputs": inputs, "prepared": _forget_places(found)}))
    return _leave_out(found, to)


def _leave_out(found: Prepared, to: Path) -> Prepared:
    """A stage whose tables were never there is left out; one that had a page before fails."""
    out = [run for run in found.runs if found.lacking.get(run.name) and not _has_page(to, run)]
    if len(out) in (0, len(found.runs)):  # a plan of nothing else says what is missing by failing
        return found
    notebooks = dict.fromkeys(run.notebook.stem for run in out)
    tables = dict.fromkeys(table for run in out for table in found.lacking[run.name])
    note = f"left out, as the data have no {', no '.join(tables)}: {', '.join(notebooks)}"
    runs = [run for run in found.runs if run not in out]
    return replace(found, runs=runs, notes=[*found.notes, note])


def _has_page(to: Path, run: Run) -> bool:
    """Whether the notebook of a run has made a page there, of any cycle and unit."""
    pages = to.glob(f"*/{page_path(to, run).parent.name}/*.html")
    return any(not page.name.endswith(".failed.html") for page in pages)


def _digest_inputs(path: Path, places: Places, languages: Sequence[str]) -> str:
    """The digest of all files that a plan names; empty where they cannot be read."""
    try:
        content = fingerprint(places.data)
    except (OSError, DataError):
        return ""
    settings = [Path(places.settings)] if places.settings else []
    files = [path, *settings, *places.notebooks.glob("*.ipynb")]
    return digest(content, digest_files(files), digest_library(), *languages)


def _forget_places(found: Prepared) -> dict[str, Any]:
    """A plan as it may lie in the reports folder."""
    runs = []
    for run in found.runs:
        given = {k: v for k, v in run.parameters.items() if k not in ("data", "settings")}
        runs.append({**asdict(run), "notebook": run.notebook.name, "parameters": given})
    return {**asdict(found), "runs": runs, "data": ""}


def _recall(kept: Path, inputs: str, places: Places) -> Prepared | None:
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        if not inputs or content["inputs"] != inputs:
            return None
        told: dict[str, Any] = content["prepared"]
        runs = [_run(run, places) for run in told["runs"]]
        return Prepared(**{**told, "runs": runs, "data": str(places.data)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _run(kept: Mapping[str, Any], places: Places) -> Run:
    """A run as ``read_plan`` makes it."""
    given = {"data": name_place(places.data), "settings": places.settings}
    shape = {"notebook": places.notebooks / kept["notebook"], "formats": tuple(kept["formats"])}
    return Run(**{**kept, **shape, "parameters": {**given, **kept["parameters"]}})


def _read(path: Path, data: str, languages: Sequence[str]) -> Prepared:
    from cakra_analysis.report.plan import read_plan
    from cakra_analysis.report.reads import Digests, list_lacking, read_declaration

    runs, dataset = read_plan(path, data=data, languages=languages)
    digests = Digests(dataset)
    declared = {run.notebook: read_declaration(run.notebook) for run in runs}
    lacking = {notebook: list_lacking(notebook, dataset) for notebook in declared}
    readers = {run.name for run in runs if "reports" in run.parameters}
    return Prepared(
        runs,
        {r.name: {} if r.name in readers else digests.of(r, declared[r.notebook]) for r in runs},
        str(dataset.path),
        dataset.name,
        dataset.fingerprint,
        [*_tell_aside(dataset), *tell_rare(dataset), *tell_others(dataset)],
        {run.name: lacking[run.notebook] for run in runs if lacking[run.notebook]},
    )


def _tell_aside(dataset: Any) -> list[str]:
    count = dataset.set_aside
    rows = f"{count:,} row{'s' * (count != 1)} set aside; see: cakra check {DATA}"
    return [rows] if count else []


def tell_others(dataset: Any, *, lang: str = "en") -> list[str]:
    """Return which tables of a database are no part of the data set.

    Parameters
    ----------
    dataset : Dataset
        The data set.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        One sentence, or none; a misspelt table is among them.
    """
    from cakra_analysis.words import label

    names = ", ".join(dataset.others)
    return [label("terminal.others", lang, names=names)] if names else []


def tell_rare(dataset: Any, *, lang: str = "en") -> list[str]:
    """Return which cycles look mistyped and are not taken as the latest.

    Parameters
    ----------
    dataset : Dataset
        The data set.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        A sentence a cycle.
    """
    from cakra_analysis.words import label

    said = {"all": len(dataset["ratings"]), "latest": dataset.latest}
    return [
        label("terminal.rare", lang, cycle=cycle, count=count, **said)
        for cycle, count in dataset.rare_cycles.items()
    ]
