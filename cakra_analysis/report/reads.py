"""Which tables a notebook says it reads, and the digests of just those rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.contracts import contracts
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import PlanError, suggest
from cakra_analysis.report.keys import TABLE, WHOLE, digest
from cakra_analysis.report.run import Run

ALL, CYCLE, UNIT = "all", "cycle", "unit"
SCOPES = (ALL, CYCLE, UNIT)
ALWAYS = {"about": ALL, "units": ALL}  # what every page says of itself


def read_declaration(notebook: Path) -> dict[str, str]:
    """Return the tables that a notebook says it reads.

    Parameters
    ----------
    notebook : Path
        Its metadata may hold ``{"cakra": {"reads": {"ratings": "cycle", "staff": "all"}}}``: every
        table that it reads, and of which rows its figures are made: ``all``; those of its
        ``cycle``; or those of its cycle that belong to its ``unit`` and the units below.

    Returns
    -------
    dict of str to str
        Scope by table; empty where the notebook says nothing and so depends on everything.

    Raises
    ------
    PlanError
        When a table or scope is not known.
    """
    found = _read_metadata(notebook, "reads", {})
    for table, scope in found.items():
        _check_table(notebook, table)
        if scope not in SCOPES:
            raise PlanError(
                f'{notebook}: its metadata says that it reads "{scope}" of {table}.',
                allowed=f"It is one of: {', '.join(SCOPES)}.",
                do=suggest(str(scope), SCOPES),
            )
    return {**ALWAYS, **found} if found else {}


def list_lacking(notebook: Path, dataset: Dataset) -> list[str]:
    """Return the tables that a notebook cannot do without and that a data set has no row of.

    Parameters
    ----------
    notebook : Path
        Its metadata may hold ``{"cakra": {"needs": ["courses", ["attendance", "tests"]]}}``: of
        each list of tables one is enough.
    dataset : Dataset
        The data set.

    Returns
    -------
    list of str
        In the order of the metadata, for instance ``courses`` and ``attendance or tests``.

    Raises
    ------
    PlanError
        When a table is not known.
    """
    needed = [[n] if isinstance(n, str) else n for n in _read_metadata(notebook, "needs", [])]
    for table in (table for tables in needed for table in tables):
        _check_table(notebook, table)
    return [" or ".join(tables) for tables in needed if all(dataset[t].empty for t in tables)]


def _read_metadata(notebook: Path, key: str, missing: Any) -> Any:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return content.get("metadata", {}).get("cakra", {}).get(key, missing)


def _check_table(notebook: Path, table: str) -> None:
    if table not in contracts():
        raise PlanError(
            f'{notebook}: its metadata says that it reads "{table}".',
            allowed=f"Tables are: {', '.join(contracts())}.",
            do=suggest(table, contracts()),
        )


class Digests:
    """Digests of the rows that runs read, each worked out once.

    Parameters
    ----------
    dataset : Dataset
        The data set.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._hashes: dict[str, pd.Series] = {}
        self._known: dict[tuple[str, ...], str] = {}
        self._below: dict[str, frozenset[str]] = {}

    def of(self, run: Run, declared: Mapping[str, str]) -> dict[str, str]:
        """Return the digests of what a run reads.

        Parameters
        ----------
        run : Run
            The run.
        declared : mapping of str to str
            Of ``read_declaration``.

        Returns
        -------
        dict of str to str
            Digest by ``table:NAME``, or of the whole data set where nothing is declared.
        """
        if not declared:
            return {WHOLE: self._dataset.fingerprint}
        return {
            f"{TABLE}{table}": self._digest(table, scope, run) for table, scope in declared.items()
        }

    def _digest(self, table: str, scope: str, run: Run) -> str:
        cycle, unit = str(run.parameters["cycle"]), str(run.parameters["unit"])
        named = {ALL: (table,), CYCLE: (table, cycle), UNIT: (table, cycle, unit)}[scope]
        if named not in self._known:
            rows = self._rows(table, *named[1:])
            self._known[named] = digest(rows.to_numpy().tobytes())
        return self._known[named]

    def _rows(self, table: str, cycle: str = "", unit: str = "") -> pd.Series:
        """Hashes of the rows, in their order, of a cycle and of a unit where they tell it."""
        frame = self._dataset[table]
        if table not in self._hashes:
            self._hashes[table] = pd.util.hash_pandas_object(frame, index=False)
        chosen = pd.Series(True, index=frame.index)
        if cycle and "cycle" in frame:
            chosen &= frame["cycle"] == cycle
        if unit and "unit_id" in frame:
            chosen &= frame["unit_id"].isin(self._tree(unit))
        elif unit and "staff_id" in frame:
            staff = self._dataset["staff"].set_index("staff_id")["unit_id"]
            chosen &= frame["staff_id"].map(staff).isin(self._tree(unit))
        return self._hashes[table][chosen]

    def _tree(self, unit: str) -> frozenset[str]:
        """Return the unit and all below it."""
        if unit not in self._below:
            parents = self._dataset["units"].set_index("unit_id")["parent_id"]
            found, last = {unit}, set[str]()
            while found != last:
                last = set(found)
                found |= set(parents.index[parents.isin(found)])
            self._below[unit] = frozenset(found)
        return self._below[unit]
