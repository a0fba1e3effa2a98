"""Checked tables of one data set, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cakra_analysis.contracts import find_contract


@dataclass(frozen=True)
class Dataset:
    """Checked tables of one data set.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        The tables that were given, rows that broke a rule set aside.
    problems : DataFrame
        One row a broken rule: table, row (as the spreadsheet numbers it), column, value, rule,
        message_id, message_en. Values of personal identifiers are masked.
    path : Path
        Where the data set was read from.
    fingerprint : str
        SHA-256 of its files.
    """

    tables: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    path: Path
    fingerprint: str

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; one that was not given comes back empty, with its columns."""
        if name in self.tables:
            return self.tables[name]
        columns = find_contract(name, where="Dataset").columns.values()
        kinds = {c.name: pd.Series(dtype="float64" if c.is_number else "str") for c in columns}
        return pd.DataFrame(kinds)

    def about(self, key: str, default: str = "") -> str:
        """Return what table ``about`` says of a key, or the default."""
        facts = self["about"].set_index("key")["value"]
        return str(facts.get(key, default))

    def words(self, lang: str) -> dict[str, str]:
        """Return the data set's own words for person, item (competency) and unit, where given."""
        names = ("person", "item", "unit_word")
        keys = {"person": "person_word", "item": "item_word", "unit_word": "unit_word"}
        return {name: self.about(f"{keys[name]}_{lang}") for name in names}

    @property
    def listed(self) -> bool:
        """Whether the staff table lists everybody, not only those who answered."""
        return self.about("population", "listed") == "listed"

    @property
    def rows(self) -> int:
        """Number of rows that were read, the ones set aside included."""
        aside = self.problems[["table", "row"]].drop_duplicates()
        return sum(len(table) for table in self.tables.values()) + len(aside)

    @property
    def cycles(self) -> list[str]:
        """Cycles that have ratings, oldest first."""
        return sorted(self["ratings"]["cycle"].unique())

    @property
    def root(self) -> str:
        """Code of the unit at the top of the tree."""
        units = self["units"]
        return str(units.loc[units["parent_id"].isna(), "unit_id"].iloc[0])
