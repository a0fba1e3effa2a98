"""``reports.toml`` as it is written: keys and types, before anything is looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cakra_analysis.database.address import file_of, has_password, is_url, resolve_file
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.files import Place, find_place

TOP = {"data": str, "settings": str, "notebooks": str, "report": list}
TOP |= {"notices": dict, "keep": dict}
NUMBER = (int, float)
KEYS = {"notebook": str, "units": (str, list), "cycles": (str, list), "languages": list}
KEYS |= {"audience": str, "outline": str, "formats": list, "parameters": dict}
KEYS |= {"cadence": str, "minutes": NUMBER, "gigabytes": NUMBER}
KEEP = {"cycles": int, "executed": int}  # how many; 0 cycles: all of them
# What every notebook is given, and where the plan says it.
SHARED = {
    "data": 'Use the key "data" at the top of the plan, or --data instead.',
    "settings": 'Use the key "settings" at the top of the plan instead.',
    "cycle": 'Use the key "cycles" instead.',
    "unit": 'Use the key "units" instead.',
    "lang": 'Use the key "languages" instead.',
    "audience": 'Use the key "audience" instead.',
    "outline": 'Use the key "outline" instead.',
    "withheld": "Leave it out: the builder gives it.",
    "reports": "Leave it out: the builder gives it.",
}


def read_entries(path: Path) -> dict[str, Any]:
    """Read a plan and check its keys and their types.

    Parameters
    ----------
    path : Path
        The plan.

    Returns
    -------
    dict of str to object
        As it is written.

    Raises
    ------
    PlanError
        When it cannot be read, a key is missing, unknown or of the wrong type, or a parameter is
        one that every notebook is given.
    """
    try:
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        do = "Run `cakra report` in the project's folder, or name the plan: cakra report PLAN.toml"
        raise PlanError(f"{path}: there is no such plan.", do=do) from None
    except OSError as error:
        raise PlanError(f"{path}: this plan cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: this is not a TOML file: {error}") from None
    _check_keys(f"{path}:", plan, TOP)
    for needed in ("data", "report"):
        if needed not in plan:
            raise PlanError(f'{path}: the key "{needed}" is missing.')
    if not plan["report"]:
        raise PlanError(f"{path}: there is no [[report]], so there is nothing to build.")
    keep = plan.get("keep", {})
    _check_keys(f"{path}: [keep]:", keep, KEEP)
    for key, value in keep.items():
        _refuse_negative(f"{path}: [keep]:", key, value)
    for number, entry in enumerate(plan["report"], start=1):
        _check_entry(f"{path}: [[report]] number {number}", entry)
    return plan


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


class Places(NamedTuple):
    """Where a plan's files lie: data set, settings (empty for none), folder of notebooks."""

    data: Place
    settings: str
    notebooks: Path


def find_places(plan: Path, entries: Mapping[str, Any], data: str = "") -> Places:
    """Return where the files of a plan lie.

    Parameters
    ----------
    plan : Path
        The plan's file.
    entries : mapping of str to object
        Of ``read_entries``.
    data : str
        Another data set than the plan's.

    Returns
    -------
    Places
        Paths as ``find_path`` gives them; a database as its URL without a password.

    Raises
    ------
    PlanError
        When the plan holds a password.
    """
    return Places(
        find_place(data) if data else _find_data(plan, entries["data"]),
        str(find_path(plan, entries["settings"])) if entries.get("settings") else "",
        find_path(plan, entries.get("notebooks", "notebooks")),
    )


def _find_data(plan: Path, text: str) -> Place:
    if not is_url(text):
        return find_path(plan, text)
    if has_password(text):
        raise PlanError(
            f'{plan}: the URL in "data" holds a password, and a plan is read by many.',
            do="Take it out and give it by PGPASSWORD, by ~/.pgpass, or by CAKRA_DATABASE with the "
            "whole URL.",
        )
    file = file_of(text)
    return resolve_file(text, find_path(plan, file)) if file else text


def _check_entry(where: str, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise PlanError(
            f"{where} is {entry!r}.", allowed='It is a section with keys, headed "[[report]]".'
        )
    _check_keys(f"{where}:", entry, KEYS)
    if "notebook" not in entry:
        raise PlanError(f'{where} has no "notebook".')
    for key in ("minutes", "gigabytes"):
        _refuse_negative(f"{where}:", key, entry.get(key, 1))
    taken = next((name for name in entry.get("parameters", {}) if name in SHARED), "")
    if taken:
        raise PlanError(
            f'{where}: [report.parameters] may not hold "{taken}", which every notebook is given.',
            do=SHARED[taken],
        )


def _refuse_negative(where: str, key: str, value: float) -> None:
    if value < 0 or value != value:
        raise PlanError(f'{where} the key "{key}" is {value}; it must be 0 or more.')


def _check_keys(where: str, found: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for key, value in found.items():
        if key not in known:
            raise PlanError(
                f'{where} unknown key "{key}".',
                allowed=f"Known are: {', '.join(known)}.",
                do=suggest(key, known),
            )
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise PlanError(f'{where} the key "{key}" is {value!r}, which is of the wrong type.')
