"""Checked tables of one data set, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cakra_analysis.contracts import STANDARD, find_contract

KEPT = ("no_post",)  # rules that are reported and set no row aside
RARE = 0.01  # of the ratings of the largest cycle; below it a cycle is taken as mistyped


@dataclass(frozen=True)
class Dataset:
    """Checked tables of one data set.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        The tables that were given, rows that broke a rule set aside.
    problems : DataFrame
        One row a broken rule: table, row (as the spreadsheet numbers it; in a database counted
        from 1 in the order of the key), column, value, rule,
        message_id, message_en. Values that may tell who somebody is are masked. The rule
        ``no_post`` is a note: its row is kept.
    path : Path or str
        Where the data set was read from; a database's URL without its password.
    fingerprint : str
        SHA-256 of its files, or of its tables in a database.
    others : tuple of str
        Tables of the database that are no part of the data set, and were not read.
    """

    tables: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    path: Path | str
    fingerprint: str
    others: tuple[str, ...] = ()

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
    def name(self) -> str:
        """What the data set is called: its own name, else that of the unit at the top."""
        return self.about("name_id") or self.about("name_en") or self.unit_name(self.root)

    def unit_name(self, unit: str) -> str:
        """Return the name of a unit."""
        return str(self["units"].set_index("unit_id")["name"][unit])

    @property
    def listed(self) -> bool:
        """Whether the staff table lists everybody, not only those who answered."""
        return self.about("population", "listed") == "listed"

    @property
    def synthetic(self) -> bool:
        """Whether nobody in the data set exists."""
        return self.about("synthetic", "no") == "yes"

    @property
    def gap_definition(self) -> str:
        """What a gap is in this data set."""
        return self.about("gap_definition", STANDARD)

    @property
    def set_aside(self) -> int:
        """Number of rows that were set aside, each counted once however many rules it broke."""
        aside = self.problems[~self.problems["rule"].isin(KEPT)]
        return len(aside[["table", "row"]].drop_duplicates())

    @property
    def rows(self) -> int:
        """Number of rows that were read, the ones set aside included."""
        return sum(len(table) for table in self.tables.values()) + self.set_aside

    @property
    def cycles(self) -> list[str]:
        """Cycles that have ratings, or sessions where nobody was rated, oldest first."""
        told = self["ratings"] if len(self["ratings"]) else self["sessions"]
        return sorted(told["cycle"].unique())

    @property
    def rare_cycles(self) -> dict[str, int]:
        """Cycles with so few ratings that they look mistyped, and how many each has."""
        sizes = self["ratings"]["cycle"].value_counts().sort_index()
        rare = sizes[sizes < RARE * sizes.max()]
        return {str(cycle): int(size) for cycle, size in rare.items()}

    @property
    def latest(self) -> str:
        """Newest cycle that is not rare; an empty text where there is none."""
        return max((c for c in self.cycles if c not in self.rare_cycles), default="")

    @property
    def root(self) -> str:
        """Code of the unit at the top of the tree."""
        units = self["units"]
        return str(units.loc[units["parent_id"].isna(), "unit_id"].iloc[0])
