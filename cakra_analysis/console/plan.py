"""``cakra plan``: a year's programme, timetable and nominations, as working files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from rich.console import Console

from cakra_analysis import design, handover, implementation
from cakra_analysis.console.paths import count, display_path
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import refuse_unknown
from cakra_analysis.files import find_place
from cakra_analysis.load import load
from cakra_analysis.report.voice import Voice
from cakra_analysis.results import Finding
from cakra_analysis.settings import Settings, read_settings
from cakra_analysis.year import Year, gather_year, make_rules
from cakra_analysis.year_plan import (
    draw_year,
    make_days,
    nominate_year,
    plan_year,
    support_year,
)

Tables = dict[str, pd.DataFrame]
REPORTS = Path("reports")


def plan(options: argparse.Namespace) -> int:
    """Plan a year, or plan it again after something changed, and write the working files.

    Parameters
    ----------
    options : Namespace
        Of the command line.

    Returns
    -------
    int
        0; what goes wrong raises.

    Raises
    ------
    CakraError
        When the data, the rules or the folder do not allow it; nothing is written then.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    place = find_place(options.data)
    apart = [REPORTS, *([place] if isinstance(place, Path) else [])]
    handover.check_folder(Path(options.to), apart_from=apart)
    tables, settings = load(options.data), _read_settings(options)
    ids = handover.read_ids(Path(options.ids), apart_from=[Path.cwd()]) if options.ids else None
    cycle, unit = options.cycle or tables.latest, options.unit or tables.root
    refuse_unknown("cycle", cycle, tables.cycles)
    refuse_unknown("unit", unit, tables["units"]["unit_id"])
    earlier = _read_earlier(Path(options.to)) if options.replan else None
    with _step(console, "needs and courses"):
        year = gather_year(tables, cycle=cycle, unit=unit, settings=settings)
    if earlier is None:
        made, lists, findings = _plan(console, options, tables, year, settings)
    else:
        made, lists, findings = _replan(console, options, tables, year, settings, earlier)
    lists |= _support(tables, cycle, year, settings)
    with _step(console, "working files"):
        files = handover.write_handover(
            Path(options.to),
            made | _of_data(tables),
            year=year.year,
            name=tables.unit_name(unit),
            now=pd.Timestamp.now(ZoneInfo(settings.report.timezone)),
            history_year=int(cycle[:4]),
            lang=options.lang,
            timezone=settings.report.timezone,
            ids=ids,
            lists=lists,
            apart_from=apart,
        )
    voice = Voice(options.lang, **tables.words(options.lang))
    for finding in findings:
        console.print(f"\n{voice.say(finding, 'title')}\n{voice.say(finding)}")
    where = display_path(Path(options.to))
    console.print(
        f"\n{count(len(files), 'file')} in {where}; they hold pseudonyms: not to be shared."
    )
    return 0


def _read_settings(options: argparse.Namespace) -> Settings:
    settings = read_settings(options.settings)
    if not options.seconds:
        return settings
    chosen = replace(settings.implementation, seconds=float(options.seconds))
    return replace(settings, implementation=chosen)


@contextmanager
def _step(console: Console, what: str) -> Iterator[None]:
    """Show what is being worked on; a terminal sees it move, a log one line."""
    if not console.is_terminal:
        console.print(f"{what} ...")
        yield
        return
    with console.status(f"{what} ..."):
        yield


def _plan(
    console: Console,
    options: argparse.Namespace,
    tables: Dataset,
    year: Year,
    settings: Settings,
) -> tuple[Tables, Tables, list[Finding]]:
    rules = make_rules(year, settings, budget_idr=float(options.budget))
    with _step(console, "programme and timetable"):
        planned = plan_year(tables, year, rules, settings=settings)
    lots = draw_year(year, planned, options.lots) if options.lots else None
    with _step(console, "nominations"):
        chosen = nominate_year(year, planned, settings=settings, lots=lots)
    meetings = planned.timetable.meetings
    lists = {
        "jadwal": _write_dates(meetings),
        "kursi": planned.portfolio.seats,
        "program": planned.portfolio.sessions,
        "kursi-angkatan": planned.session_units,
        "usulan": chosen.seats,
        "tunggu": chosen.waiting,
        "jam": chosen.ledger,
    }
    if lots is not None:
        lists["undian"] = lots.people.assign(seed=lots.seed)
    findings = [
        design.find_portfolio(planned.problem, planned.portfolio),
        implementation.find_placed(planned.timetable, tables["venues"], planned.days),
        implementation.find_calendar(planned.days, meetings),
    ]
    return _of_plan(year, lists, meetings), lists, findings


def _read_earlier(folder: Path) -> Tables:
    names = ("jadwal", "kursi", "program", "kursi-angkatan", "usulan", "tunggu", "jam")
    return {name: handover.read_list(folder, name) for name in names}


def _replan(
    console: Console,
    options: argparse.Namespace,
    tables: Dataset,
    year: Year,
    settings: Settings,
    lists: Tables,
) -> tuple[Tables, Tables, list[Finding]]:
    """Move as few sessions as the data's venues, trainers and closures now ask for."""
    chosen = settings.implementation
    with _step(console, "timetable again, moving as little as possible"):
        changed = implementation.replan_timetable(
            lists["jadwal"],
            lists["kursi-angkatan"],
            year.offers,
            tables["venues"],
            tables["trainers"],
            make_days(tables, year, settings=settings),
            unit_people=year.sizes,
            from_date=options.replan,
            closures=tables["closures"],
            away=chosen.away,
            day_jp=chosen.day_jp,
            ramadan_jp=chosen.ramadan_jp,
            seconds=chosen.seconds,
        )
    lists |= {"jadwal": _write_dates(changed.meetings), "pindah": changed.moved}
    made = _of_plan(year, lists, changed.meetings)
    return made, lists, [implementation.find_replanned(changed)]


def _of_plan(year: Year, lists: Tables, meetings: pd.DataFrame) -> Tables:
    return {
        "meetings": meetings,
        "session_units": lists["kursi-angkatan"],
        "nominations": lists["usulan"],
        "seats": lists["kursi"],
        "plan_sessions": lists["program"],
        "offers": year.offers,
        "weights": year.weights,
        "effects": year.effects,
    }


def _of_data(tables: Dataset) -> Tables:
    names = ("units", "competencies", "venues", "staff", "positions", "courses", "sessions",
             "attendance")  # fmt: skip
    return {name: tables[name] for name in names}


def _support(tables: Dataset, cycle: str, year: Year, settings: Settings) -> Tables:
    """Mentors of those who completed a course in the cycle, and the steps that are overdue."""
    support, today = support_year(tables, year.people, cycle=cycle, settings=settings)
    overdue = implementation.list_overdue(support, tables["follow_ups"], today=today)
    return {"mentor": support.people, "terlambat": overdue}


def _write_dates(meetings: pd.DataFrame) -> pd.DataFrame:
    """A timetable as the table ``planned_sessions`` has it."""
    return meetings.assign(date=pd.to_datetime(meetings["date"]).dt.strftime("%Y-%m-%d"))
