"""A notebook's parameters, read and checked before a kernel starts."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from cakra_analysis.errors import PlanError, suggest


def read_parameters(notebook: Path) -> dict[str, Any]:
    """Return the names and default values of a notebook's parameters.

    Parameters
    ----------
    notebook : Path
        A notebook with exactly one code cell tagged ``parameters``.

    Returns
    -------
    dict of str to object
        Literal defaults, in the order of the cell.

    Raises
    ------
    PlanError
        When the file is no notebook or a tour, no cell or several are tagged, or a line of the cell
        is not ``name = literal``.
    """
    try:
        document = nbformat.read(notebook, as_version=4)
    except FileNotFoundError:
        raise PlanError(f"{notebook}: there is no such notebook.") from None
    except OSError as error:
        raise PlanError(f"{notebook}: this notebook cannot be read: {error.strerror}.") from None
    except (nbformat.ValidationError, ValueError, KeyError, AttributeError, TypeError):
        raise PlanError(f"{notebook}: this is not a notebook.") from None
    _refuse_language(notebook, document.metadata)
    if document.metadata.get("cakra", {}).get("tour"):
        raise PlanError(
            f"{notebook}: this notebook is a tour for analysts, not a report.",
            do="Take it out of the plan; `make lab` opens it in JupyterLab.",
        )
    tagged = [
        cell
        for cell in document.cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if len(tagged) != 1:
        raise PlanError(
            f'{notebook}: {len(tagged) or "no"} cells are tagged "parameters".',
            allowed="Exactly one code cell carries the tag; otherwise every report would silently "
            "use the defaults.",
            do='Add the tag "parameters" to the cell with the parameters (in JupyterLab: the cog '
            "at the top right).",
        )
    return _literals(notebook, tagged[0].source)


def _refuse_language(notebook: Path, metadata: Mapping[str, Any]) -> None:
    """A notebook of another language would be run as Python."""
    kernel = metadata.get("kernelspec", {})
    language = kernel.get("language") or metadata.get("language_info", {}).get("name")
    name = language or kernel.get("name") or "python"
    if not str(name).lower().startswith(("python", "ipython")):
        raise PlanError(f"{notebook}: this notebook is written for {name}, not for Python.")


def _literals(notebook: Path, source: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        lines = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise PlanError(
            f"{notebook}: the parameters cell is not Python: {error}.",
            allowed='Each line is a name and a literal value, for instance: lang = "id"',
        ) from None
    for line in lines:
        targets = line.targets if isinstance(line, ast.Assign) else []
        targets = [line.target] if isinstance(line, ast.AnnAssign) and line.value else targets
        if len(targets) != 1 or not isinstance(targets[0], ast.Name):
            raise PlanError(
                f"{notebook}: the parameters cell holds {ast.unparse(line)!r}.",
                allowed='Each line is a name and a literal value, for instance: lang = "id"',
            )
        try:
            found[targets[0].id] = ast.literal_eval(line.value)  # type: ignore[attr-defined]
        except ValueError:
            raise PlanError(
                f"{notebook}: the parameter {targets[0].id} is not a literal value.",
                allowed="Write the value itself: text in quotes, a number, True or False.",
            ) from None
    return found


def check_parameters(notebook: Path, given: Mapping[str, Any]) -> None:
    """Refuse parameters that the notebook does not have, or of another type than it has.

    Parameters
    ----------
    notebook : Path
        The notebook.
    given : mapping of str to object
        What would be passed.

    Raises
    ------
    PlanError
        With the valid names and types.
    """
    defaults = read_parameters(notebook)
    known = ", ".join(f"{name} ({type(value).__name__})" for name, value in defaults.items())
    for name, value in given.items():
        if name not in defaults:
            raise PlanError(
                f'{notebook}: there is no parameter "{name}".',
                allowed=f"Parameters are: {known}.",
                do=suggest(name, defaults),
            )
        wanted = type(defaults[name])
        if defaults[name] is None:  # no type is said
            continue
        if type(value) is not wanted and not (wanted is float and type(value) is int):
            raise PlanError(
                f'{notebook}: the parameter "{name}" is {value!r}, of type {type(value).__name__}.',
                allowed=f"It must be of type {wanted.__name__}. Parameters are: {known}.",
            )
