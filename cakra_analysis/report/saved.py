"""What earlier reports of a cycle kept beside their pages, read back; nothing is computed again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from cakra_analysis.privacy import Published, restore
from cakra_analysis.privacy.published import KEYS
from cakra_analysis.results import Finding
from cakra_analysis.settings import PrivacySettings
from cakra_analysis.words import LANGUAGES, label, write_day

Record = Mapping[str, Any]
FIGURES = ("value", "low", "high", "level", "n", "verdict", "name_id", "name_en")
SPOKEN = ("person", "item", "unit_word", "target")  # words of one language


@dataclass(frozen=True)
class Saved:
    """The kept findings and published tables of one cycle, for one audience.

    Attributes
    ----------
    unit : str
        Whose page is made.
    audience, lang : str
        For whom, and in which language.
    records : mapping
        By notebook, then by unit, what was kept.
    failed : frozenset of str
        Notebooks whose last build failed, so that an earlier page still stands.
    settings : PrivacySettings
        Thresholds of today.
    withheld : sequence of mapping
        Cells that may not be shown.
    """

    unit: str
    audience: str
    lang: str
    records: Mapping[str, Mapping[str, Record]]
    failed: frozenset[str] = frozenset()
    settings: PrivacySettings = field(default_factory=PrivacySettings)
    withheld: Sequence[Mapping[str, Any]] = ()

    def finding(self, notebook: str, *stems: str) -> Finding:
        """Return the first finding of the unit's own report below one of the stems, as it stood.

        Where there is none, a finding whose key ends in ``none``: sections leave it out.
        """
        for stem in stems:
            found = self.findings(notebook, stem)
            if found:
                return found[0]
        return Finding("saved.none")

    def findings(self, notebook: str, stem: str) -> list[Finding]:
        """Return every finding of the unit's own report below a stem, each once."""
        kept = self.records.get(notebook, {}).get(self.unit, {}).get("findings", [])
        rows = [f for f in kept if f"{f['key']}.".startswith(f"{stem}.")]
        first = {json.dumps([f["key"], f["values"]], sort_keys=True): f for f in reversed(rows)}
        return [Finding(f["key"], f["values"], n=f["n"]) for f in reversed(first.values())]

    def table(self, notebook: str, name: str) -> Published:
        """Return a table of the unit's own report, without rows where it was not kept."""
        return self._restore(name, [self.records.get(notebook, {}).get(self.unit, {})])

    def across(self, notebook: str, name: str) -> Published:
        """Return a table with the rows of every unit's report from the same data."""
        units = self.records.get(notebook, {})
        base = units.get(self.unit) or max(units.values(), key=lambda r: r["when"], default={})
        same = [r for r in units.values() if _source(r) == _source(base)]
        return self._restore(name, [base, *(r for r in same if r is not base)])

    def units(self, notebook: str) -> pd.DataFrame:
        """Return the tree of units that a stage kept; the unit alone where none did."""
        kept = self.across(notebook, "units").table
        if kept.empty:
            return pd.DataFrame(
                {"unit_id": [self.unit], "parent_id": [None], "name": [self.unit_name()]}
            )
        return kept.drop(columns="suppressed")

    def _restore(self, name: str, records: Sequence[Record]) -> Published:
        kept = [t for r in records for t in r.get("tables", []) if t["name"] == name]
        if not any(table["rows"] for table in kept):  # a table without rows kept no columns
            empty = pd.DataFrame(columns=[*KEYS, *FIGURES, "suppressed"])
            return Published(empty, name, self.audience, getattr(self.settings, self.audience))
        rows: dict[str, Record] = {}
        for row in (row for table in kept for row in table["rows"]):
            marks = [row.get(key) for key in kept[0]["keys"]]
            rows.setdefault(json.dumps(marks if marks else row, sort_keys=True), row)
        whole = {**kept[0], "rows": [*rows.values()]}
        return restore(
            whole, audience=self.audience, settings=self.settings, withheld=self.withheld
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the newest report says of its data: fingerprint, threshold, source, synthetic."""
        every = [r for units in self.records.values() for r in units.values()]
        facts = max(every, key=lambda r: r["when"])["facts"]
        names = ("fingerprint", "threshold", "source", "synthetic")
        return {name: facts.get(name, "") for name in names}

    @property
    def words(self) -> dict[str, Any]:
        """What the pages called person, competency and unit, and the confidence of intervals."""
        found: dict[str, Any] = {}
        for record in (r for units in self.records.values() for r in units.values()):
            words = record["facts"].get("words", {})
            own = record["lang"] == self.lang
            found = {k: v for k, v in words.items() if own or k not in SPOKEN} | found
        return found

    def unit_name(self) -> str:
        """Return what the unit is called."""
        named = (units.get(self.unit, {}).get("unit_name") for units in self.records.values())
        return next((name for name in named if name), self.unit)

    def describe(self, *, own: Sequence[str] = (), shared: Sequence[str] = ()) -> list[Finding]:
        """Say what was read, what is missing, and what does not belong together.

        Parameters
        ----------
        own : sequence of str
            Notebooks that should have a report of this very unit.
        shared : sequence of str
            Notebooks of which a report of any unit will do.

        Returns
        -------
        list of Finding
            ``saved.read`` (from which stages), ``saved.missing`` (not built), ``saved.apart``
            (built from other data than the newest), ``saved.stale`` (the last build failed).
        """
        there = {n: self._newest(n, only_own=n in own) for n in (*own, *shared)}
        newest = max((r for r in there.values() if r), key=lambda r: r["when"], default={})
        groups = {
            "read": [n for n, r in there.items() if r],
            "missing": [n for n, r in there.items() if not r],
            "apart": [n for n, r in there.items() if r and _source(r) != _source(newest)],
            "stale": [n for n in there if n in self.failed],
        }
        return [
            Finding(f"saved.{kind}", {"names": [_name(n, there[n]) for n in group]})
            for kind, group in groups.items()
            if group
        ]

    def _newest(self, notebook: str, *, only_own: bool) -> Record:
        units = self.records.get(notebook, {})
        if only_own:
            return units.get(self.unit, {})
        return max(units.values(), key=lambda record: record["when"], default={})


def _source(record: Record) -> str:
    """What a record was made from: the data as they are, or an earlier state of them."""
    if record.get("current"):
        return "current"
    return str(record.get("facts", {}).get("fingerprint", ""))


def _name(notebook: str, record: Record) -> dict[str, str]:
    """The stage's name with the day of its build, in every language."""
    names = {lang: label(f"notebook.{notebook}", lang) for lang in LANGUAGES}
    if not record:
        return names
    day = datetime.fromisoformat(record["when"])
    return {lang: f"{name} ({write_day(day, lang)})" for lang, name in names.items()}
