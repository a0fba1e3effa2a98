"""``reports.toml`` becomes a list of runs: notebook x unit x cycle x language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from cakra_analysis.contracts import STANDARD
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.load import load
from cakra_analysis.report.entries import read_entries
from cakra_analysis.report.parameters import check_parameters, read_parameters
from cakra_analysis.settings import AUDIENCES, read_settings
from cakra_analysis.words import LANGUAGES

INNER, BELOW, ALL, LATEST = "root", "below", "all", "latest"
USUAL = "leadership"  # audience that file names do not mention
PAGE, REPORT = "page", "laporan"
OUTLINES = (PAGE, REPORT)
MOST_LETTERS = 60  # of a unit's code in a file name
FORMATS = ("pdf", "xlsx", "docx")  # beside the page; docx is for the official outline only


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
    formats : tuple of str
        What is made beside the page: pdf, xlsx, docx.
    """

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit_name: str = ""
    place: int = 0
    dataset: str = ""
    formats: tuple[str, ...] = FORMATS

    @property
    def lang(self) -> str:
        """Language of the page."""
        return str(self.parameters["lang"])

    @property
    def is_official(self) -> bool:
        """Whether the report follows the customary outline of an official one."""
        return self.parameters.get("outline", PAGE) == REPORT

    @property
    def name(self) -> str:
        """Path of the result below the reports folder, without an ending.

        Safe as a file name whatever the unit is called, and another one for every unit. An audience
        other than the leadership, and an outline other than the page, are part of it, so that one
        notebook may serve several.
        """
        cycle, stem = (_safe(str(p)) for p in (self.parameters["cycle"], self.notebook.stem))
        unit = _safe(code := str(self.parameters["unit"]))
        if unit != code:  # A/1 and A-1 are two units
            unit = f"{unit}-{hashlib.sha256(code.encode()).hexdigest()[:6]}"
        marks = (self.parameters["audience"], self.parameters.get("outline", PAGE))
        named = [unit, *(mark for mark in marks if mark not in (USUAL, PAGE)), self.lang]
        return f"{cycle}/{stem}/{'.'.join(named)}"


def _safe(text: str) -> str:
    clean = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    return clean[:MOST_LETTERS] or "x"


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
    small = [name.lower() for name in names]  # as some file systems see them
    twice = next((n for n in names if small.count(n.lower()) > 1), None)
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
    choose = partial(_choose, path)
    notebook = notebooks / f"{entry['notebook'].removesuffix('.ipynb')}.ipynb"
    names = dataset["units"].set_index("unit_id")["name"].astype(str)
    codes = list(names.index)
    below = [unit for unit in codes if unit != dataset.root]
    units = choose("unit", entry.get("units", ALL), codes, {INNER: [dataset.root], BELOW: below})
    cycles = choose(
        "cycle", entry.get("cycles", LATEST), dataset.cycles, {LATEST: [dataset.latest]}
    )
    wanted = list(languages) or entry.get("languages", ["id"])
    chosen = choose("language", wanted, list(LANGUAGES), {})
    wanted = entry.get("formats", ALL)  # an empty list: nothing beside the page
    formats = tuple(choose("format", wanted, list(FORMATS), {})) if wanted else ()
    given = {"data": data, "settings": settings, **_given(path, entry, notebook)}
    runs = [
        Run(notebook, {**given, "cycle": cycle, "unit": unit, "lang": lang}, names[unit],
            formats=formats)
        for cycle in cycles
        for unit in units
        for lang in chosen
    ]  # fmt: skip
    for run in runs[:1]:
        check_parameters(notebook, run.parameters)
    return runs


def _given(path: Path, entry: Mapping[str, Any], notebook: Path) -> dict[str, Any]:
    """What an entry gives every run: audience, outline, its own parameters."""
    given = dict(entry.get("parameters", {}))
    (given["audience"],) = _choose(
        path, "audience", [entry.get("audience", USUAL)], list(AUDIENCES), {}
    )
    if "outline" in entry:
        (given["outline"],) = _choose(path, "outline", [entry["outline"]], list(OUTLINES), {})
    if "reports" in read_parameters(notebook):  # it reads what others saved; the builder says where
        given["reports"] = ""
    return given


def _choose(
    path: Path, what: str, wanted: str | list[str], known: list[str], words: Mapping[str, list[str]]
) -> list[str]:
    """Resolve ``all``, a word, or a list of names; refuse a name that is not known."""
    if isinstance(wanted, str):
        wanted = {**words, ALL: known}.get(wanted, [wanted])
    elif not wanted:
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
