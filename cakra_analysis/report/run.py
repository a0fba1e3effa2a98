"""One report to make: which notebook, for which unit, cycle, language and audience."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

USUAL = "leadership"  # audience that file names do not mention
PAGE, REPORT = "page", "laporan"
OUTLINES = (PAGE, REPORT)
MOST_LETTERS = 60  # of a unit's code in a file name
ON_DATA, MONTHLY, QUARTERLY = "on data", "monthly", "quarterly"
CADENCES = (ON_DATA, MONTHLY, QUARTERLY)
MINUTES = 15.0  # for a notebook, and again for its files, unless the plan says otherwise
FORMATS = ("pdf", "xlsx", "docx")  # beside the page; docx is for the official outline only


@dataclass(frozen=True)
class Run:
    """One report to make.

    Attributes
    ----------
    notebook : Path
        What is run.
    parameters : mapping
        What is passed: data, cycle, unit, lang, audience, settings, and the plan's own.
    unit_name : str
        For people.
    place : int
        Position in the plan, which the index keeps.
    dataset : str
        Name of the data set.
    formats : tuple of str
        What is made beside the page: pdf, xlsx, docx.
    cadence : str
        How often new data leads to a new report: on data, monthly, quarterly.
    minutes, gigabytes : float
        Most time and memory of the notebook, and of making its files; 0 for no limit.
    """

    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit_name: str = ""
    place: int = 0
    dataset: str = ""
    formats: tuple[str, ...] = FORMATS
    cadence: str = ON_DATA
    minutes: float = MINUTES
    gigabytes: float = 0.0

    @property
    def lang(self) -> str:
        """Language of the page."""
        return str(self.parameters["lang"])

    @property
    def is_official(self) -> bool:
        """Whether the report follows the customary outline of an official one."""
        return self.parameters.get("outline", PAGE) == REPORT

    @property
    def name(self) -> str:
        """Path of the result below the reports folder, without an ending.

        Safe as a file name whatever the unit is called, and another one for every unit. An audience
        other than the leadership, and an outline other than the page, are part of it, so that one
        notebook may serve several.
        """
        cycle, stem = (_safe(str(p)) for p in (self.parameters["cycle"], self.notebook.stem))
        unit = _safe(code := str(self.parameters["unit"]))
        if unit != code:  # A/1 and A-1 are two units
            unit = f"{unit}-{hashlib.sha256(code.encode()).hexdigest()[:6]}"
        marks = (self.parameters["audience"], self.parameters.get("outline", PAGE))
        named = [unit, *(mark for mark in marks if mark not in (USUAL, PAGE)), self.lang]
        return f"{cycle}/{stem}/{'.'.join(named)}"


def _safe(text: str) -> str:
    clean = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    return clean[:MOST_LETTERS] or "x"
