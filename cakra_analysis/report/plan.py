"""``reports.toml`` becomes a list of runs: notebook x unit x cycle x language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.load import load
from cakra_analysis.report.parameters import check_parameters
from cakra_analysis.settings import AUDIENCES, read_settings
from cakra_analysis.words import LANGUAGES

TOP = {"data": str, "settings": str, "notebooks": str, "report": list}
KEYS = {"notebook": str, "units": (str, list), "cycles": (str, list), "languages": list}
KEYS |= {"audience": str, "parameters": dict}
INNER, ALL, LATEST = "root", "all", "latest"


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
    """

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit_name: str = ""
    place: int = 0

    @property
    def lang(self) -> str:
        """Language of the page."""
        return str(self.parameters["lang"])

    @property
    def name(self) -> str:
        """Path of the result below the reports folder, without an ending.

        Safe as a file name whatever the unit is called.
        """
        parts = (self.parameters["cycle"], self.notebook.stem, self.parameters["unit"])
        cycle, stem, unit = (re.sub(r"[^A-Za-z0-9]+", "-", str(p)).strip("-") or "x" for p in parts)
        return f"{cycle}/{stem}/{unit}.{self.lang}"


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
    plan = _read(path)
    folder = Path(data) if data else find_path(path, plan["data"])
    dataset = load(folder)
    if not dataset.cycles:
        raise PlanError(
            f"{folder}: no usable row is left in the table ratings.",
            do=f"`cakra check {folder}` lists what is wrong with it.",
        )
    settings = str(find_path(path, plan["settings"])) if plan.get("settings") else ""
    read_settings(settings)
    notebooks = find_path(path, plan.get("notebooks", "notebooks"))
    runs: list[Run] = []
    for entry in plan["report"]:
        runs += _runs(path, entry, notebooks, dataset, str(folder.resolve()), settings, languages)
    runs = [replace(run, place=place) for place, run in enumerate(runs)]
    names = [run.name for run in runs]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise PlanError(f"{path}: two entries would both write {twice}. Keep one of them.")
    return runs, dataset


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


def _read(path: Path) -> dict[str, Any]:
    try:
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        do = "Run `cakra report` in the project's folder, or name the plan: cakra report PLAN.toml"
        raise PlanError(f"{path}: there is no such plan.", do=do) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, IsADirectoryError) as error:
        raise PlanError(f"{path}: this is not a TOML file: {error}") from None
    _check_keys(f"{path}:", plan, TOP)
    for needed in ("data", "report"):
        if needed not in plan:
            raise PlanError(f'{path}: the key "{needed}" is missing.')
    for number, entry in enumerate(plan["report"], start=1):
        _check_keys(f"{path}: [[report]] number {number}:", entry, KEYS)
        if "notebook" not in entry:
            raise PlanError(f'{path}: [[report]] number {number} has no "notebook".')
    return plan


def _check_keys(where: str, found: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for key, value in found.items():
        if key not in known:
            raise PlanError(
                f'{where} unknown key "{key}".',
                allowed=f"Known are: {', '.join(known)}.",
                do=suggest(key, known),
            )
        if not isinstance(value, known[key]):
            raise PlanError(f'{where} the key "{key}" is {value!r}, which is of the wrong type.')


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
        path, "cycle", entry.get("cycles", LATEST), dataset.cycles, {LATEST: dataset.cycles[-1:]}
    )
    chosen = _choose(
        path, "language", list(languages) or entry.get("languages", ["id"]), list(LANGUAGES), {}
    )
    audience = _choose(
        path, "audience", [entry.get("audience", "leadership")], list(AUDIENCES), {}
    )[0]
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
    for name in wanted:
        if name not in known:
            raise PlanError(
                f'{path}: there is no {what} "{name}".',
                allowed=f"There are: {', '.join([*known[:40], *words, ALL])}.",
                do=suggest(str(name), known),
            )
    return list(wanted)
