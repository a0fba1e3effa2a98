"""One report in all its formats, from an executed notebook."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nbformat

from cakra_analysis.errors import PdfError, RunError
from cakra_analysis.report.execute import execute, tell_cause
from cakra_analysis.report.guard import find_trace
from cakra_analysis.report.pdf import load_weasyprint, write_pdf
from cakra_analysis.report.plan import Run
from cakra_analysis.report.publish import keep_success, page_path
from cakra_analysis.settings import ReportSettings, read_settings

INDEX = "../../index.html"
NAMES = {"pdf": "PDF", "xlsx": "Excel", "docx": "Word"}


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    run : Run
        Which.
    page : Path
        Where its page stands, or would.
    seconds : float
        How long it took.
    cause, cell : str
        Why and where it failed; empty when it did not.
    note : str
        What could not be made beside the page, and what to do.
    """

    run: Run
    page: Path
    seconds: float
    cause: str = ""
    cell: str = ""
    note: str = ""

    def describe(self) -> str:
        """Say in a few lines which report failed, where and why."""
        kept = "the last good page is kept" if self.page.exists() else "there is no earlier page"
        name = f"{self.run.notebook.stem}, {self.run.unit_name}, {self.run.lang}"
        cell = f"\nCell: {self.cell}" if self.cell else ""
        return f"\nFAILED {name}; {kept}.{cell}\nCause: {self.cause}"


def make_report(run: Run, to: Path, staged: Path, other: Mapping[str, str]) -> Outcome:
    """Run a notebook and write its report in every format into the folder of a build.

    Parameters
    ----------
    run : Run
        Which.
    to : Path
        The reports folder, where the report will stand.
    staged : Path
        The folder of this build, from where it is published once all is well.
    other : mapping of str to str
        The same report in the other language.

    Returns
    -------
    Outcome
        Never raises for what a notebook or its data did.
    """
    start = time.monotonic()
    cause = cell = note = ""
    try:
        rules = read_settings(run.parameters["settings"]).report
        executed = execute(run)
        when = datetime.now(ZoneInfo(rules.timezone))
        files, kept, note = make_files(executed, run, rules, when, other)
        keep_success(staged, run, files, kept, when.isoformat(timespec="seconds"))
        cause = find_trace(run, staged)
    except RunError as error:
        cause, cell = error.found, error.allowed
    except OSError as error:
        cause = f"{type(error).__name__}: {error.strerror}"
    except Exception as error:
        cause = tell_cause(type(error).__name__, str(error))
    return Outcome(run, page_path(to, run), time.monotonic() - start, cause, cell, note)


def make_files(
    executed: nbformat.NotebookNode,
    run: Run,
    rules: ReportSettings,
    when: datetime,
    other: Mapping[str, str],
) -> tuple[dict[str, str | bytes], Mapping[str, Any], str]:
    """Make the files of a report.

    Parameters
    ----------
    executed : NotebookNode
        The executed notebook.
    run : Run
        Which; its formats say what is made beside the page.
    rules : ReportSettings
        Who signs.
    when : datetime
        Moment of the build.
    other : mapping of str to str
        The same report in the other language.

    Returns
    -------
    tuple
        Content by ending, what is kept of the report, and what could not be made.
    """
    from cakra_analysis.report.document import write_docx
    from cakra_analysis.report.laporan import render_report
    from cakra_analysis.report.outline import arrange
    from cakra_analysis.report.render import find_blocks, render_page
    from cakra_analysis.report.sheets import write_workbook

    formats, note = choose_formats(run)
    stem, blocks = Path(run.name).name, find_blocks(executed)
    shared: dict[str, Any] = {"lang": run.lang, "when": when}
    around: dict[str, Any] = {
        "index": INDEX,
        "other": dict(other),
        "downloads": {NAMES[ending]: f"{stem}.{ending}" for ending in formats},
    }
    if run.is_official:
        page = render_report(blocks, run.notebook.stem, rules=rules, **shared, **around)
    else:
        page = render_page(executed, **shared, **around)
    makers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: write_pdf(page.html),
        "xlsx": lambda: write_workbook(blocks, **shared),
        "docx": lambda: write_docx(
            arrange(blocks, run.notebook.stem, run.lang), report_settings=rules, **shared
        ),
    }
    files = {ending: makers[ending]() for ending in formats}
    return {**files, "html": page.html}, page.provenance, note


def choose_formats(run: Run) -> tuple[list[str], str]:
    """Return what is made beside the page of a run, and what cannot be made on this machine.

    Parameters
    ----------
    run : Run
        Which; a document to be edited is made of official reports only.

    Returns
    -------
    tuple of list of str and str
        Endings, and a line that says what is missing and how to install it.
    """
    formats = [ending for ending in run.formats if ending != "docx" or run.is_official]
    if "pdf" in formats:
        try:
            load_weasyprint()
        except PdfError as error:
            return [ending for ending in formats if ending != "pdf"], " ".join(str(error).split())
    return formats, ""
