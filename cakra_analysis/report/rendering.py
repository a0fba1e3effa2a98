"""The files of one report, from an executed notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nbformat

from cakra_analysis.errors import PdfError
from cakra_analysis.report.executed import write_executed
from cakra_analysis.report.guard import find_trace
from cakra_analysis.report.pdf import load_weasyprint, write_pdf
from cakra_analysis.report.records import keep_success, mark_ready
from cakra_analysis.report.run import Run
from cakra_analysis.settings import ReportSettings, read_settings

INDEX = "../../index.html"
NAMES = {"pdf": "PDF", "xlsx": "Excel", "docx": "Word"}


def write_report(
    run: Run,
    executed: Path,
    staged: Path,
    other: Mapping[str, str],
    made_from: Mapping[str, Any],
) -> tuple[str, str]:
    """Write a report in every format into the folder of a build, and look for traces in it.

    Parameters
    ----------
    run : Run
        Which.
    executed : Path
        The executed notebook.
    staged : Path
        The folder of this build.
    other : mapping of str to str
        The same report in the other language.
    made_from : mapping
        ``parts`` and ``content``, kept beside the page.

    Returns
    -------
    tuple of str and str
        What it would give away about persons, for which it may not be published; and what could
        not be made beside the page. Empty where there is nothing to say.
    """
    notebook = nbformat.read(executed, as_version=4)
    rules = read_settings(run.parameters["settings"]).report
    when = datetime.now(ZoneInfo(rules.timezone))
    files, kept, note = make_files(notebook, run, rules, when, other)
    moment = when.isoformat(timespec="seconds")
    write_executed(staged, run, notebook)
    keep_success(staged, run, files, {**kept, **made_from}, moment)
    cause = find_trace(run, staged)
    if not cause:
        mark_ready(staged, run)
    return cause, note


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
