"""Which runs have to be made, and why; the others stand as they should or wait for their time."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cakra_analysis.report.due import is_ahead, is_due
from cakra_analysis.report.keys import (
    READS,
    TABLE,
    WHOLE,
    Parts,
    digest,
    digest_file,
    find_differences,
    find_parts,
)
from cakra_analysis.report.ledger import Entry, Ledger
from cakra_analysis.report.publish import page_path
from cakra_analysis.report.run import ON_DATA, Run
from cakra_analysis.words import label

NEW, TORN, FAILED, FORMAT, DUE, CLOCK, ASKED, HELD = (
    "new", "torn", "failed", "format", "due", "clock", "asked", "held",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A report that has to be made, and why.

    Attributes
    ----------
    run : Run
        Which.
    reasons : tuple of str
        new, torn (not whole), failed (last time), format (one is missing), due (by the calendar),
        clock (the last build is dated in the future), asked (all were), held (others would give
        its figures away), or parts that changed.
    parts : mapping of str to str
        What it is made from.
    standing : str
        Digest of what the report says that stands, where the same again need not be written.
    other : mapping of str to str
        The same report in the other language.
    """

    run: Run
    reasons: tuple[str, ...] = ()
    parts: Parts = field(default_factory=dict)
    standing: str = ""
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """What is done about the runs of a wave.

    Attributes
    ----------
    works : list of Work
        To be made.
    waiting : list of Run
        Their data changed, but their month or quarter is not over.
    fresh : list of Run
        As they should be.
    """

    works: list[Work]
    waiting: list[Run]
    fresh: list[Run]


def choose_work(
    runs: Sequence[Run],
    digests: Mapping[str, Parts] | None,
    ledger: Ledger,
    to: Path,
    *,
    names: Collection[str],
    now: datetime,
    can_print: Callable[[], bool],
    everything: bool = False,
) -> Choice:
    """Decide which runs have to be made.

    Parameters
    ----------
    runs : sequence of Run
        Of one wave.
    digests : mapping of str to mapping
        By the name of a run, the digests of the data it reads; None where they are not known, so
        that every run is made.
    ledger : Ledger
        What stands.
    to : Path
        The reports folder.
    names : collection of str
        Names of all runs of the plan.
    now : datetime
        The present moment, with a zone.
    can_print : callable
        Whether PDFs can be made on this machine; asked only where one is missing.
    everything : bool
        Whether every run is made in any case.

    Returns
    -------
    Choice
        Works in the order of the runs.
    """
    choice = Choice([], [], [])
    read = functools.cache(digest_file)  # for this choice only: files change between builds
    for run in runs:
        other = find_other(run, names)
        told = digests.get(run.name) if digests else None
        parts = {} if told is None else find_parts(run, told, other=other, read=read)
        entry = ledger.find(run)
        asked = everything or not parts
        reasons = [ASKED] if asked else _find_reasons(run, parts, entry, to, can_print)
        standing = entry.content if entry and _only_data(reasons) else ""
        last = datetime.fromisoformat(entry.when) if entry else now
        due = is_due(run.cadence, last, now)
        if due and set(reasons) <= {FAILED} | {r for r in reasons if _is_data(r)}:
            reasons, standing = [*reasons, CLOCK if is_ahead(last, now) else DUE], ""
        if not reasons:
            choice.fresh.append(run)
        elif standing and FAILED not in reasons and run.cadence != ON_DATA:
            choice.waiting.append(run)
        else:
            choice.works.append(Work(run, tuple(reasons), parts, standing, other))
    return choice


def _find_reasons(
    run: Run, parts: Parts, entry: Entry | None, to: Path, can_print: Callable[[], bool]
) -> list[str]:
    page = page_path(to, run)
    failed = [FAILED] if page.with_suffix(".failed.json").exists() else []
    if entry is None:
        return [*failed, TORN if page.exists() else NEW]
    wanted = {e for e in run.formats if e != "docx" or run.is_official} - entry.files.keys()
    made = wanted - {"pdf"} or ("pdf" in wanted and can_print())
    missing = [FORMAT] if made else []
    return [*failed, *missing, *find_differences(entry.parts, parts)]


def _is_data(reason: str) -> bool:
    return reason in (WHOLE, READS) or reason.startswith(TABLE)


def _only_data(reasons: Sequence[str]) -> bool:
    """Whether a report may come out as it stands, as nothing but its data changed."""
    return all(_is_data(reason) or reason == FAILED for reason in reasons)


def find_other(run: Run, names: Collection[str]) -> dict[str, str]:
    """Return the same report in the other language, when it is planned too.

    Parameters
    ----------
    run : Run
        The run.
    names : collection of str
        Names of all runs of the plan.

    Returns
    -------
    dict of str to str
        href, lang and name of the language; empty if there is none.
    """
    lang = "en" if run.lang == "id" else "id"
    name = f"{run.name.rsplit('.', 1)[0]}.{lang}"
    if name not in names:
        return {}
    return {"href": f"{Path(name).name}.html", "lang": lang, "name": label("page.language", lang)}


def digest_reads(
    readers: Sequence[Run], first: Sequence[Run], ledger: Ledger, to: Path, current: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return the digests of what reports read that are made from other reports.

    Parameters
    ----------
    readers, first : sequence of Run
        The runs that read, and those that are read.
    ledger : Ledger
        What stands.
    to : Path
        The reports folder.
    current : collection of str
        Names of reports that are up to date.

    Returns
    -------
    dict of str to dict
        By the name of a reader, one digest under ``reports``: of what every report of its cycle
        and audience says, and of which of them failed or are not up to date.
    """
    said: dict[tuple[str, str], list[list[object]]] = {}
    for run in first:
        entry = ledger.find(run)
        failed = page_path(to, run).with_suffix(".failed.json").exists()
        told = [run.name, entry.content if entry else "", failed, run.name in current]
        said.setdefault(_whom(run), []).append(told)
    known = {whom: digest(json.dumps(told)) for whom, told in said.items()}
    return {run.name: {READS: known.get(_whom(run), "")} for run in readers}


def _whom(run: Run) -> tuple[str, str]:
    return str(run.parameters["cycle"]), str(run.parameters["audience"])
