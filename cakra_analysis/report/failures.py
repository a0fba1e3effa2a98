"""A page for each report that failed: what happened, what it means, what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from cakra_analysis.report.filled import fill_template
from cakra_analysis.report.publish import write_whole
from cakra_analysis.report.render import quote_css
from cakra_analysis.report.run import REPORT
from cakra_analysis.report.states import find_reason, tell_moment
from cakra_analysis.words import LANGUAGES, label
from cakra_analysis.words.catalogue import catalogue

ENDING = ".failed.html"
LEAK = "leak"
BETWEEN = " · "  # the two languages of a notebook's heading
Record = Mapping[str, Any]


class Place(NamedTuple):
    """Where a notebook failed: the heading above the cell, and the cell's first line."""

    question: str
    line: str


def write_failures(
    to: Path,
    reports: Iterable[Record],
    *,
    zone: tzinfo,
    planned: Collection[str] | None = None,
) -> None:
    """Write the page of every failed report, and take away those of reports that are well again.

    Parameters
    ----------
    to : Path
        The reports folder.
    reports : iterable of mapping
        As the index lists them: name, kept, failure.
    zone : tzinfo
        In which moments are told.
    planned : collection of str, optional
        Names of the runs of the plan; a failure that is not among them says so. None where the
        plan is not known.

    Notes
    -----
    Where the disk refuses, the build goes on without the page; the index links to what is there.
    """
    for report in reports:
        if report["failure"]:
            is_planned = planned is None or report["name"] in planned
            page = render_failure(to, report, zone=zone, is_planned=is_planned)
            with suppress(OSError):
                write_whole(to / f"{report['name']}{ENDING}", page)
    for stray in to.glob(f"[!.]*/*/*{ENDING}"):
        if not stray.with_suffix(".json").exists():
            with suppress(OSError):
                stray.unlink()


def render_failure(to: Path, report: Record, *, zone: tzinfo, is_planned: bool = True) -> str:
    """Return the page of a failed report.

    Parameters
    ----------
    to : Path
        The reports folder.
    report : mapping
        As the index lists it: name, kept, failure.
    zone : tzinfo
        In which moments are told.
    is_planned : bool
        Whether it will be tried again.

    Returns
    -------
    str
        In the report's own language.
    """
    failure, kept, name = report["failure"], report["kept"], str(report["name"])
    lang = failure["lang"] if failure["lang"] in LANGUAGES else "id"
    kind, place = find_reason(failure), split_cell(str(failure["cell"]))
    facts = _list_facts(failure, report, lang)
    unit, stage = facts[:2]
    stands = bool(kept) and (to / f"{name}.html").is_file()
    title = "failure.title_kept" if stands else "failure.title_none"
    return fill_template(
        "failure.html.j2",
        lang=lang,
        kind=kind,
        title=label(title, lang, report=stage, unit=unit),
        facts=facts[2:],
        foot=Markup(quote_css(BETWEEN.join([label("failure.eyebrow", lang), *facts[:3]]))),  # noqa: S704
        tried=tell_moment(failure.get("when"), lang, zone),
        last=tell_moment(kept["when"], lang, zone) if stands else "",
        href=f"{Path(name).name}.html",
        file=f"{name}.failed.json",
        happened=label(f"failure.{kind}.happened", lang),
        keep=label(f"failure.{kind}.keep", lang),
        is_planned=is_planned,
        question=choose_language(place.question, lang),
        line=place.line,
        program=failure["notebook"],
        # What gives somebody away must not be told by saying why it was not published.
        message="" if kind == LEAK else failure["cause"],
    )


def _list_facts(failure: Record, report: Record, lang: str) -> list[str]:
    """Which report: unit, stage, cycle, form and readers."""
    names = catalogue(lang)
    stem, audience = str(failure["notebook"]), str(failure["audience"])
    form = label("index.laporan" if report["outline"] == REPORT else "index.page", lang)
    whom = names.get(f"audience.{audience}", audience)
    return [
        str(failure["unit_name"]),
        names.get(f"notebook.{stem}", stem),
        label("page.cycle", lang, cycle=failure["cycle"]),
        label("index.for_whom", lang, form=form, whom=whom),
    ]


def split_cell(cell: str) -> Place:
    """Return the question and the line of a place that was noted down as one text.

    Parameters
    ----------
    cell : str
        Of ``find_question``.

    Returns
    -------
    Place
        Without a question where there was no heading.

    Examples
    --------
    >>> split_cell("Mana? · Which?: rows = {1: 2}")
    Place(question='Mana? · Which?', line='rows = {1: 2}')
    >>> split_cell("rows = 2")
    Place(question='', line='rows = 2')
    """
    found = re.match(r"(.*?\?|[^:=(]*?): (.*)", cell, re.DOTALL)
    return Place(found[1], found[2]) if found else Place("", cell)


def choose_language(heading: str, lang: str) -> str:
    """Return a heading of a notebook in one language, where it is written in both.

    Parameters
    ----------
    heading : str
        Indonesian first.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        As it stands where it is not in two languages.

    Examples
    --------
    >>> choose_language("Mana? · Which?", "en"), choose_language("Which?", "id")
    ('Which?', 'Which?')
    """
    parts = heading.split(BETWEEN)
    return parts[LANGUAGES.index(lang)] if len(parts) == len(LANGUAGES) else heading
