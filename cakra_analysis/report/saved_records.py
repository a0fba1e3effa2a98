"""Find in a reports folder what the reports of a cycle kept for an audience."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cakra_analysis.errors import DataError, PrivacyError
from cakra_analysis.report.ledger import read_current
from cakra_analysis.report.run import USUAL, Run
from cakra_analysis.report.saved import Record, Saved
from cakra_analysis.settings import PrivacySettings

STAGES = (
    "01_needs",
    "02_design",
    "03_implementation",
    "04_evaluation",
    "05_improvement",
)
KEPT = {"cycle", "notebook", "unit", "audience", "lang", "when", "facts", "findings", "tables"}


def read_saved(
    reports: str | Path,
    *,
    cycle: str,
    unit: str,
    audience: str,
    lang: str,
    notebooks: Sequence[str] = STAGES,
    settings: PrivacySettings | None = None,
    withheld: Sequence[Mapping[str, Any]] = (),
) -> Saved:
    """Read what the reports of a cycle kept for an audience.

    Parameters
    ----------
    reports : str or Path
        The reports folder.
    cycle, unit, audience, lang : str
        Of the page to be made. A record in the other language serves where there is none in this
        one, as findings have no language; one for another audience never does.
    notebooks : sequence of str
        Whose reports are read.
    settings : PrivacySettings, optional
        Thresholds of today.
    withheld : sequence of mapping
        Cells that may not be shown; see ``read_withheld``.

    Returns
    -------
    Saved
        Findings and tables.

    Raises
    ------
    DataError
        When nothing is there for this cycle and audience.
    PrivacyError
        When a report was built with a lower threshold than today's.
    """
    rules = settings or PrivacySettings()
    found: dict[str, dict[str, Record]] = {}
    failed, current = set(), read_current(Path(reports))
    own = {"cycle": cycle, "unit": unit, "audience": audience, "lang": lang}
    for notebook in notebooks:
        folder = (Path(reports) / Run(Path(notebook), own).name).parent
        for file in sorted(folder.glob("*.json"), key=lambda f: f.stem.split(".")[-1] != lang):
            record = _read(file, cycle=cycle, audience=audience)
            if file.name.endswith(".failed.json"):
                failed |= {notebook} if record.get("unit") == unit else set()
            elif record and record.keys() >= KEPT and not _other_outline(file, audience):
                _refuse_lower(file, record, int(getattr(rules, audience)))
                told = {**record, "current": record.get("name") in current}
                found.setdefault(notebook, {}).setdefault(record["unit"], told)
    if not found:
        raise DataError(
            f"{reports}: there is no report of the cycle {cycle} for the audience {audience}.",
            allowed=f"It is made from what these have saved: {', '.join(notebooks)}.",
            do="Build them first with `cakra report`.",
        )
    return Saved(unit, audience, lang, found, frozenset(failed), rules, withheld)


def _read(file: Path, *, cycle: str, audience: str) -> Record:
    """A record of this cycle and audience; nothing for another, or for another program's file."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    own = isinstance(record, dict) and record.get("cycle") == cycle
    return record if own and record.get("audience") == audience else {}


def _other_outline(file: Path, audience: str) -> bool:
    """Whether the file belongs to an official report, which says the same as the page."""
    marks = file.name.split(".")[1:-2]
    return marks != ([] if audience == USUAL else [audience])


def _refuse_lower(file: Path, record: Record, fewest: int) -> None:
    if int(record["facts"].get("threshold") or fewest) < fewest:
        raise PrivacyError(
            f"{file}: it shows figures of fewer than {fewest} people, which is the threshold now.",
            do="Build this report again with `cakra report`.",
        )
