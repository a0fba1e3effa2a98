"""Which tables a notebook says it reads, and the digests of just those rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

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
    content = json.loads(notebook.read_text(encoding="utf-8"))
    found = content.get("metadata", {}).get("cakra", {}).get("reads", {})
    for table, scope in found.items():
        if table not in contracts():
            raise PlanError(
                f'{notebook}: its metadata says that it reads "{table}".',
                allowed=f"Tables are: {', '.join(contracts())}.",
                do=suggest(table, contracts()),
            )
        if scope not in SCOPES:
            raise PlanError(
                f'{notebook}: its metadata says that it reads "{scope}" of {table}.',
                allowed=f"It is one of: {', '.join(SCOPES)}.",
                do=suggest(str(scope), SCOPES),
            )
    return {**ALWAYS, **found} if found else {}


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
