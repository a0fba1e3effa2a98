"""``reports.toml`` becomes a list of runs: notebook x unit x cycle x language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cakra_analysis.contracts import STANDARD
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.load import load
from cakra_analysis.report.entries import read_entries
from cakra_analysis.report.parameters import check_parameters
from cakra_analysis.settings import AUDIENCES, read_settings
from cakra_analysis.words import LANGUAGES

INNER, ALL, LATEST = "root", "all", "latest"
USUAL = "leadership"  # audience that file names do not mention
PAGE, REPORT = "page", "laporan"
OUTLINES = (PAGE, REPORT)


@dataclass(frozen=True)
class Run:
    """One report to make.

    Attributes
    ----------
    notebook : Path
        What is run.
    parameters : mapping
        What is passed: data, cycle, unit, lang, audience, settings, and the plan's own.
    unit_name : str
        For people.
    place : int
        Position in the plan, which the index keeps.
    dataset : str
        Name of the data set.
    """

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit_name: str = ""
    place: int = 0
    dataset: str = ""

    @property
    def lang(self) -> str:
        """Language of the page."""
        return str(self.parameters["lang"])

    @property
    def name(self) -> str:
        """Path of the result below the reports folder, without an ending.

        Safe as a file name whatever the unit is called. An audience other than the leadership, and
        an outline other than the page, are part of it, so that one notebook may serve several.
        """
        parts = (self.parameters["cycle"], self.notebook.stem, self.parameters["unit"])
        cycle, stem, unit = (re.sub(r"[^A-Za-z0-9]+", "-", str(p)).strip("-") or "x" for p in parts)
        marks = (self.parameters["audience"], self.parameters.get("outline", PAGE))
        named = [unit, *(mark for mark in marks if mark not in (USUAL, PAGE)), self.lang]
        return f"{cycle}/{stem}/{'.'.join(named)}"


def read_plan(
    path: Path, *, data: str = "", languages: Sequence[str] = ()
) -> tuple[list[Run], Dataset]:
    """Read ``reports.toml`` and check every run against its notebook.

    Parameters
    ----------
    path : Path
        The plan. Paths in it count from the folder where the command runs, or from the plan's own.
    data : str
        Another data set than the plan's.
    languages : sequence of str
        Other languages than the plan's.

    Returns
    -------
    tuple of list of Run and Dataset
        Runs in the order of the plan, and the data set they are about.

    Raises
    ------
    PlanError
        When a key, unit, cycle, language, audience or parameter is not known.
    DataError
        When the data set cannot be loaded.
    """
    plan = read_entries(path)
    folder = Path(data) if data else find_path(path, plan["data"])
    dataset = load(folder)
    _refuse_empty(folder, dataset)
    settings = str(find_path(path, plan["settings"])) if plan.get("settings") else ""
    read_settings(settings)
    notebooks = find_path(path, plan.get("notebooks", "notebooks"))
    runs: list[Run] = []
    for entry in plan["report"]:
        runs += _runs(path, entry, notebooks, dataset, str(folder.resolve()), settings, languages)
    runs = [replace(r, place=place, dataset=dataset.name) for place, r in enumerate(runs)]
    names = [run.name for run in runs]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise PlanError(f"{path}: two entries would both write {twice}. Keep one of them.")
    return runs, dataset


def _refuse_empty(folder: Path, dataset: Dataset) -> None:
    needed = ["ratings", "standards"] if dataset.gap_definition == STANDARD else ["ratings"]
    needed = needed if "ratings" in dataset.tables else ["sessions"]
    empty = next((name for name in needed if dataset[name].empty), "")
    if empty:
        raise PlanError(
            f"{folder}: no usable row is left in the table {empty}.",
            do=f"`cakra check {folder}` lists what is wrong with it.",
        )


def find_path(plan: Path, text: str) -> Path:
    """Return a path of the plan, counted from here or from the plan's folder.

    Parameters
    ----------
    plan : Path
        The plan's file.
    text : str
        A path as written in it.

    Returns
    -------
    Path
        The first that exists, else the one counted from the plan.
    """
    here = Path(text)
    return (here if here.exists() else plan.parent / text).resolve()


def _runs(
    path: Path,
    entry: Mapping[str, Any],
    notebooks: Path,
    dataset: Dataset,
    data: str,
    settings: str,
    languages: Sequence[str],
) -> list[Run]:
    notebook = notebooks / f"{entry['notebook'].removesuffix('.ipynb')}.ipynb"
    names = dataset["units"].set_index("unit_id")["name"]
    units = _choose(
        path, "unit", entry.get("units", ALL), list(names.index), {INNER: [dataset.root]}
    )
    cycles = _choose(
        path, "cycle", entry.get("cycles", LATEST), dataset.cycles, {LATEST: [dataset.latest]}
    )
    chosen = _choose(
        path, "language", list(languages) or entry.get("languages", ["id"]), list(LANGUAGES), {}
    )
    audience = _choose(path, "audience", [entry.get("audience", USUAL)], list(AUDIENCES), {})[0]
    if "outline" in entry:
        outline = _choose(path, "outline", [entry["outline"]], list(OUTLINES), {})[0]
        entry = {**entry, "parameters": {**entry.get("parameters", {}), "outline": outline}}
    shared = {
        "data": data,
        "settings": settings,
        "audience": audience,
        **entry.get("parameters", {}),
    }
    runs = [
        Run(notebook, {**shared, "cycle": cycle, "unit": unit, "lang": lang}, str(names[unit]))
        for cycle in cycles
        for unit in units
        for lang in chosen
    ]
    check_parameters(notebook, runs[0].parameters)
    return runs


def _choose(
    path: Path, what: str, wanted: str | list[str], known: list[str], words: Mapping[str, list[str]]
) -> list[str]:
    """Resolve ``all``, a word, or a list of names; refuse a name that is not known."""
    if isinstance(wanted, str):
        wanted = {**words, ALL: known}.get(wanted, [wanted])
    if not wanted:
        raise PlanError(
            f"{path}: the list of {what}s is empty.",
            allowed=f"There are: {', '.join([*known[:40], *words, ALL])}.",
        )
    for name in wanted:
        if name not in known:
            raise PlanError(
                f'{path}: there is no {what} "{name}".',
                allowed=f"There are: {', '.join([*known[:40], *words, ALL])}.",
                do=suggest(name, known) if isinstance(name, str) else "Write it in quotes.",
            )
    return list(wanted)
