"""Everything that was published, as cells: one row of one table in one report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cakra_analysis.errors import PrivacyError
from cakra_analysis.settings import AUDIENCES

# Columns that tell rows apart in tables whose keys do not.
FURTHER = ("group", "outcome", "covariate", "kind", "event_time", "theme")
EXACT = 1e-6  # what floating-point arithmetic may blur in a figure that was not rounded
Range = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """One row of a published table.

    Attributes
    ----------
    file, dataset, audience, cycle, table : str
        Where it stands, for whom, and which.
    scope : str
        The report's unit, where the row does not name one.
    keys : tuple of (str, str)
        What tells the row apart.
    row : mapping
        Its figures.
    rules : mapping
        How its table was published.
    loose : bool
        Whether another row has the same keys, so that reports cannot be compared.
    """

    file: str
    dataset: str
    audience: str
    cycle: str
    table: str
    scope: str
    keys: tuple[tuple[str, str], ...]
    row: Mapping[str, Any]
    rules: Mapping[str, Any]
    loose: bool = False

    @property
    def identity(self) -> tuple[Any, ...]:
        """What the same figure has in every report; a figure of a period belongs to no cycle."""
        period = any(key == "period" for key, _ in self.keys)
        return self.dataset, self.table, "" if period else self.cycle, self.scope, self.keys

    @property
    def family(self) -> tuple[Any, ...]:
        """What rows of one tree have in common."""
        *first, keys = self.identity
        return *first, tuple(pair for pair in keys if pair[0] != "unit_id")

    @property
    def unit(self) -> str:
        """The unit of the row, or an empty text."""
        return dict(self.keys).get("unit_id", "")

    @property
    def hidden(self) -> bool:
        """Whether nothing is told of the row's people."""
        return self.row.get(self.rules["counts"]) is None

    @property
    def where(self) -> str:
        """The table and the row in words."""
        return " ".join([self.table, *(value for _, value in self.keys)])

    def count(self, column: str = "") -> Range | None:
        """Return between what the number of people lies, or None where it is not told."""
        value = self.row.get(column or self.rules["counts"])
        if not isinstance(value, int | float):
            return None
        whole = float(self.rules.get("whole") or 1)
        if whole <= 1:
            return float(value), float(value)
        return max(math.ceil(value - whole / 2), 0.0), float(math.floor(value + whole / 2))

    def mean(self, column: str) -> Range | None:
        """Return between what a mean lies, or None where it is not told."""
        value = self.row.get(column)
        if not isinstance(value, int | float):
            return None
        decimals = self.rules.get("decimals")
        blur = EXACT if decimals is None else max(0.5 * 10.0 ** -float(decimals), EXACT)
        low, high = self.rules["means"][column]
        return max(value - blur, low), min(value + blur, high)

    def withhold(self) -> dict[str, Any]:
        """Return what the builder must know to hold the cell back."""
        return {"table": self.table, "cycle": self.cycle, **dict(self.keys)}


def read_records(folder: Path) -> list[dict[str, Any]]:
    """Read what the builder saved of every report.

    Parameters
    ----------
    folder : Path
        The reports folder.

    Returns
    -------
    list of dict
        Records with tables, the file's name below the folder added; other JSON is left out.
    """
    records = []
    for path in sorted(folder.rglob("*.json")):
        try:
            content = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict) and isinstance(content.get("tables"), list):
            records.append({**content, "file": path.relative_to(folder).as_posix()})
    return records


def list_cells(records: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """Return the cells of all reports, the oldest first.

    Parameters
    ----------
    records : iterable of mapping
        What the builder saves of each report.

    Returns
    -------
    list of Cell
        Tables without people behind their rows are left out.

    Raises
    ------
    PrivacyError
        When a report is for an audience that does not exist.
    """
    records = list(records)
    strange = [str(r.get("audience")) for r in records if r.get("audience") not in AUDIENCES]
    if strange:
        raise PrivacyError(
            f'A report is for the audience "{strange[0]}", which does not exist.',
            allowed=f"Audiences are: {', '.join(AUDIENCES)}.",
            do="Build the report again with `cakra report`.",
        )
    order = sorted(records, key=lambda r: (str(r.get("cycle")), str(r.get("when", ""))))
    return [
        cell
        for record in order
        for table in record["tables"]
        if table.get("counts")
        for cell in _list_rows(record, table)
    ]


def _list_rows(record: Mapping[str, Any], table: Mapping[str, Any]) -> list[Cell]:
    rows = table.get("rows", [])
    names = [*table.get("keys", ())]
    names += [name for name in FURTHER if rows and name in rows[0] and name not in names]
    rules = {key: value for key, value in table.items() if key != "rows"}
    rules = {**rules, "means": rules.get("means") or {}, "parents": rules.get("parents") or {}}
    found = [tuple((name, str(row.get(name))) for name in names) for row in rows]
    scope = "" if "unit_id" in names else str(record.get("unit", ""))
    file = str(record.get("file") or record.get("name", ""))
    facts = (file, str(record.get("dataset", "")), str(record["audience"]), str(record["cycle"]))
    return [
        Cell(*facts, str(table["name"]), scope, keys, row, rules, found.count(keys) > 1)
        for keys, row in zip(found, rows, strict=True)
    ]
