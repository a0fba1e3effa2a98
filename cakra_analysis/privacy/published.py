"""A table that may leave: what the door let through, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from cakra_analysis.privacy.measures import Measure

# Columns that tell the rows of a table apart.
KEYS = ("unit_id", "competency_id", "question_id", "course_id", "source", "scale_id", "period",
        "aspect", "element", "measure", "segment", "group", "theme", "step")  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A table that may leave.

    Attributes
    ----------
    table : DataFrame
        Rows with too few people have their figures removed and ``suppressed`` set.
    name : str
        What the table is called outside.
    audience : str
        For whom.
    threshold : int
        Fewest people behind a shown figure.
    counts : str
        Column with the number of people; empty where no people are behind the rows.
    measure : Measure
        What could be added up.
    parents : mapping of str to str
        The unit above each unit, where the table is over the tree.
    decimals, whole : int
        How figures and counts were rounded; no decimals: not at all.
    """

    table: pd.DataFrame
    name: str
    audience: str
    threshold: int
    counts: str = ""
    measure: Measure = field(default_factory=Measure)
    parents: Mapping[str, str] = field(default_factory=dict)
    decimals: int | None = None
    whole: int = 1

    def of_units(self, *codes: str) -> Published:
        """Return the rows of some units, in the order of their codes; still published."""
        return self._of("unit_id", codes)

    def of_items(self, *codes: str) -> Published:
        """Return the rows of some competencies, in the order of their codes; still published."""
        return self._of("competency_id", codes)

    def of_courses(self, *codes: str) -> Published:
        """Return the rows of some courses, in the order of their codes; still published."""
        return self._of("course_id", codes)

    def of_period(self, period: str) -> Published:
        """Return the rows of one period; still published."""
        return self._of("period", [period])

    def of_group(self, group: str) -> Published:
        """Return the rows of one group; still published."""
        return self._of("group", [group])

    def _of(self, column: str, codes: Sequence[str]) -> Published:
        order = {code: place for place, code in enumerate(dict.fromkeys(codes))}
        rows = self.table[self.table[column].isin(list(order))]
        rows = rows.sort_values(column, key=lambda c: c.map(order), kind="stable")
        return replace(self, table=rows.reset_index(drop=True))

    def largest_first(self, column: str) -> Published:
        """Return the same rows, the largest value of a column first, missing ones last."""
        rows = self.table.sort_values(column, ascending=False, kind="stable", ignore_index=True)
        return replace(self, table=rows)

    def only(self, wanted: bool) -> Published:
        """Return itself, or no rows at all."""
        return self if wanted else replace(self, table=self.table.head(0))

    @property
    def hidden(self) -> int:
        """Number of rows whose figures were removed."""
        return int(self.table["suppressed"].sum())

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as plain values, ``None`` where there is none."""
        return list(json.loads(self.table.to_json(orient="records", double_precision=15)))

    def describe(self) -> dict[str, Any]:
        """Return what a reader of the saved rows must know of them."""
        kept = ("name", "audience", "threshold", "counts", "decimals", "whole")
        means = {c: [*ends] for c, ends in self.measure.means.items() if c in self.table}
        units = set(self.table.get("unit_id", ()))
        return {k: getattr(self, k) for k in kept} | {
            "keys": [key for key in KEYS if key in self.table],
            "weight": self.measure.weight,
            "means": means,
            "parents": {u: p for u, p in self.parents.items() if units},
        }
