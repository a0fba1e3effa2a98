"""The page that lists every report by cycle, stage and unit, and says how each stands."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cakra_analysis.report.failures import ENDING, write_failures
from cakra_analysis.report.filled import fill_template
from cakra_analysis.report.ledger import read_current
from cakra_analysis.report.publish import write_whole
from cakra_analysis.report.run import FORMATS, PAGE, REPORT
from cakra_analysis.report.states import FAILED, FRESH, STALE, State, find_state
from cakra_analysis.settings import read_settings
from cakra_analysis.words import label, write_date
from cakra_analysis.words.catalogue import catalogue

KEYS = {"cycle", "notebook", "unit", "unit_name", "lang", "audience", "place"}
Record = dict[str, Any]


def write_index(
    to: Path,
    *,
    lang: str,
    dataset: str,
    settings: str = "",
    fingerprint: str = "",
    planned: Collection[str] | None = None,
) -> tuple[Path, int]:
    """Write ``index.html`` from what stands in the reports folder about one data set.

    Beside each report that failed stands a page that says why, written here too.

    Parameters
    ----------
    to : Path
        The reports folder.
    lang : str
        Language of the index.
    dataset : str
        Name of the data set.
    settings : str
        Settings file that names the time zone.
    fingerprint : str
        Of the data set as it is now; a report made from other data is told to be stale. Empty where
        it is not known.
    planned : collection of str, optional
        Names of all runs of the plan, so that a failure which is no longer tried says so.

    Returns
    -------
    tuple of Path and int
        The index, and how many reports of other data sets stand beside it and are not listed.
    """
    records = _read(to)
    own = [record for record in records if record.get("dataset") == dataset]
    reports = _pair(own)
    zone = ZoneInfo(read_settings(settings).report.timezone)
    current = read_current(to)
    for report in reports:
        kept, failure = report["kept"], report["failure"]
        now = "" if report["name"] in current else fingerprint
        report["state"] = find_state(kept, failure, fingerprint=now, lang=lang, zone=zone)
    write_failures(to, reports, zone=zone, planned=planned)
    html = fill_template(
        "index.html.j2",
        lang=lang,
        dataset=dataset,
        cycles=_cycles(to, reports, lang),
        totals=_totals([report["state"] for report in reports], lang),
        when=write_date(datetime.now(zone), lang),
    )
    path = to / "index.html"
    write_whole(path, html)
    return path, sum("cause" not in r for r in records if r.get("dataset") != dataset)


def _read(to: Path) -> list[Record]:
    """What was kept of each build; another program's JSON is left alone."""
    found = []
    for file in sorted(to.glob("*/*/*.json")):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            continue
        failed = file.name.endswith(".failed.json")
        ends = {"cause", "cell"} if failed else {"title", "when"}
        if isinstance(record, dict) and record.keys() >= KEYS | ends:
            path = file.relative_to(to).as_posix()
            name = path.removesuffix(".failed.json" if failed else ".json")
            found.append(record | {"name": name, "outline": _outline(record, name)})
    return found


def _outline(record: Record, name: str) -> str:
    marks = name.rpartition("/")[2].split(".")[1:-1]
    return str(record.get("outline") or (REPORT if REPORT in marks else PAGE))


def _pair(records: Sequence[Record]) -> list[Record]:
    """One a report, in the plan's order: its last good build and a failure after it."""
    pairs: dict[str, dict[str, Record]] = {}
    for record in records:
        pairs.setdefault(record["name"], {})["failure" if "cause" in record else "kept"] = record
    reports = [
        {**(pair.get("kept") or pair["failure"]), "kept": pair.get("kept", {})}
        | {"failure": pair.get("failure")}
        for pair in pairs.values()
    ]
    return sorted(reports, key=lambda r: (r["place"], r["name"]))


def _totals(states: Sequence[State], lang: str) -> list[dict[str, Any]]:
    """How many reports stand in each state, the word and what it means."""
    counts = {name: sum(s.name == name for s in states) for name in (FRESH, STALE, FAILED)}
    return [
        {"name": name, "count": count, "word": _word(name, lang)}
        for name, count in counts.items()
        if count or name == FRESH
    ]


def _word(state: str, lang: str) -> str:
    words = {"fresh": "index.fresh", "stale": "index.stale", "failed": "index.failed"}
    return label(words[state], lang)


def _cycles(to: Path, reports: Sequence[Record], lang: str) -> list[dict[str, Any]]:
    """Newest cycle first; stages in order; a row a unit, audience and outline."""
    names = catalogue(lang)
    tree: dict[str, dict[str, dict[tuple[str, str, str], list[Record]]]] = {}
    for report in reports:
        rows = tree.setdefault(report["cycle"], {}).setdefault(report["notebook"], {})
        rows.setdefault((report["unit"], report["audience"], report["outline"]), []).append(report)
    return [
        {
            "name": cycle,
            "stages": [
                {
                    "name": names.get(f"notebook.{stem}", stem),
                    "rows": [_row(to, pages, lang) for pages in rows.values()],
                }
                for stem, rows in sorted(stages.items())
            ],
        }
        for cycle, stages in sorted(tree.items(), reverse=True)
    ]


def _row(to: Path, reports: Sequence[Record], lang: str) -> dict[str, Any]:
    """A unit's reports for one audience: in words for whom, and a page a language."""
    first = min(reports, key=lambda r: r["lang"] != lang)
    names = catalogue(lang)
    whom = names.get(f"audience.{first['audience']}", first["audience"])
    form = label("index.laporan" if first["outline"] == REPORT else "index.page", lang)
    return {
        "unit": first["unit_name"],
        "code": first["unit"],
        "title": next((r["kept"]["title"] for r in [first, *reports] if r["kept"]), ""),
        "kind": label("index.for_whom", lang, form=form, whom=whom),
        "pages": [
            _page(to, r, lang)
            for r in sorted(reports, key=lambda r: (r["lang"] != lang, r["lang"]))
        ],
    }


def _page(to: Path, report: Record, lang: str) -> dict[str, Any]:
    name, state = report["name"], report["state"]
    made = [e for e in FORMATS if report["kept"] and (to / f"{name}.{e}").is_file()]
    has_page = bool(report["failure"]) and (to / f"{name}{ENDING}").is_file()
    return {
        "lang": report["lang"],
        "language": label("page.language", report["lang"]),
        "href": f"{name}.html" if report["kept"] else "",
        "files": [{"name": e.upper(), "href": f"{name}.{e}"} for e in made],
        "state": state.name,
        "word": _word(state.name, lang),
        "why": state.why,
        "failure": f"{name}{ENDING}" if has_page else "",
    }
