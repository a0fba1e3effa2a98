"""How many cycles stay in the reports folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from cakra_analysis.report.ledger import EXECUTED, OWN


def drop_cycles(to: Path, dataset: str, most: int) -> list[str]:
    """Take away the reports of the oldest cycles of a data set.

    Parameters
    ----------
    to : Path
        The reports folder.
    dataset : str
        Name of the data set; a folder that holds anything else is left as it is.
    most : int
        How many cycles to keep; 0 for all.

    Returns
    -------
    list of str
        Cycles that were taken away, oldest first.
    """
    if not most:
        return []
    cycles: dict[str, set[Path]] = {}
    for file in to.glob("[!.]*/*/*.json"):
        record = _read(file)
        if record.get("dataset") == dataset and record.get("cycle"):
            cycles.setdefault(str(record["cycle"]), set()).add(file.parent.parent)
    dropped = []
    for cycle in sorted(cycles)[:-most]:
        folders = [folder for folder in cycles[cycle] if _is_own(folder, dataset)]
        for folder in folders:
            shutil.rmtree(folder)
            shutil.rmtree(to / OWN / EXECUTED / folder.name, ignore_errors=True)
        dropped += [cycle] if folders else []
    return dropped


def _is_own(folder: Path, dataset: str) -> bool:
    return all(_read(file).get("dataset") == dataset for file in folder.glob("*/*.json"))


def _read(file: Path) -> dict[str, object]:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
