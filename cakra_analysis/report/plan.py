"""``reports.toml`` becomes a list of runs: notebook x unit x cycle x language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.files import Place, name_place
from cakra_analysis.load import load
from cakra_analysis.report.entries import find_places, read_entries
from cakra_analysis.report.parameters import check_parameters, read_parameters
from cakra_analysis.report.run import CADENCES, FORMATS, MINUTES, ON_DATA, OUTLINES, USUAL, Run
from cakra_analysis.settings import AUDIENCES, read_settings
from cakra_analysis.words import LANGUAGES

INNER, BELOW, ALL, LATEST = "root", "below", "all", "latest"


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
    folder, settings, notebooks = find_places(path, plan, data)
    dataset = load(folder)
    _refuse_empty(folder, dataset)
    read_settings(settings)
    runs: list[Run] = []
    for entry in plan["report"]:
        runs += _runs(path, entry, notebooks, dataset, name_place(folder), settings, languages)
    _refuse_mixed_cadences(path, runs)
    runs = [replace(run, place=place) for place, run in enumerate(runs)]
    names = [run.name for run in runs]
    small = [name.lower() for name in names]  # as some file systems see them
    twice = next((n for n in names if small.count(n.lower()) > 1), None)
    if twice:
        raise PlanError(f"{path}: two entries would both write {twice}. Keep one of them.")
    return runs, dataset


def _refuse_mixed_cadences(path: Path, runs: Sequence[Run]) -> None:
    """Reports of one notebook show the same figures; of two states of the data they would tell."""
    found: dict[Path, str] = {}
    for run in runs:
        if found.setdefault(run.notebook, run.cadence) != run.cadence:
            raise PlanError(
                f"{path}: reports of {run.notebook.stem} have the cadences "
                f'"{found[run.notebook]}" and "{run.cadence}".',
                allowed="Reports of one notebook show the same figures, so they are made together; "
                "an old figure beside a new one may give away who changed.",
                do="Give all entries of this notebook the same cadence.",
            )


def _refuse_empty(folder: Place, dataset: Dataset) -> None:
    needed = ["ratings", "standards"] if dataset.gap_definition == STANDARD else ["ratings"]
    needed = needed if "ratings" in dataset.tables else ["sessions"]
    empty = next((name for name in needed if dataset[name].empty), "")
    if empty:
        raise PlanError(
            f"{folder}: no usable row is left in the table {empty}.",
            do=f"`cakra check {folder}` lists what is wrong with it.",
        )


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
    words = {INNER: [dataset.root], BELOW: below, **_levels(dataset["units"])}
    units = choose("unit", entry.get("units", ALL), codes, words)
    cycles = choose(
        "cycle", entry.get("cycles", LATEST), dataset.cycles, {LATEST: [dataset.latest]}
    )
    wanted = list(languages) or entry.get("languages", ["id"])
    chosen = choose("language", wanted, list(LANGUAGES), {})
    wanted = entry.get("formats", ALL)  # an empty list: nothing beside the page
    formats = tuple(choose("format", wanted, list(FORMATS), {})) if wanted else ()
    (cadence,) = choose("cadence", [entry.get("cadence", ON_DATA)], list(CADENCES), {})
    given = {"data": data, "settings": settings, **_given(path, entry, notebook)}
    limits = (float(entry.get("minutes", MINUTES)), float(entry.get("gigabytes", 0)))
    runs = [
        Run(notebook, {**given, "cycle": cycle, "unit": unit, "lang": lang}, names[unit], 0,
            dataset.name, formats, cadence, *limits)
        for cycle in cycles
        for unit in units
        for lang in chosen
    ]  # fmt: skip
    for run in runs[:1]:
        check_parameters(notebook, run.parameters)
    return runs


def _levels(units: pd.DataFrame) -> dict[str, list[str]]:
    """Units by their level in the tree: level 1 is the unit at the top."""
    parents = units.set_index("unit_id")["parent_id"].dropna().to_dict()
    found: dict[str, list[str]] = {}
    for unit in units["unit_id"]:
        level, above = 1, unit
        while above in parents:
            level, above = level + 1, parents[above]
        found.setdefault(f"level {level}", []).append(unit)
    return dict(sorted(found.items()))


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
    offered = ", ".join([*known[:40], *([*words, ALL] if words else [])])
    if isinstance(wanted, str):
        wanted = {**words, ALL: known}.get(wanted, [wanted])
    elif not wanted:
        raise PlanError(
            f"{path}: the list of {what}s is empty.",
            allowed=f"There are: {offered}.",
        )
    for name in wanted:
        if name not in known:
            raise PlanError(
                f'{path}: there is no {what} "{name}".',
                allowed=f"There are: {offered}.",
                do=suggest(name, known) if isinstance(name, str) else "Write it in quotes.",
            )
    return list(wanted)
