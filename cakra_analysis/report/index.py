"""The page that lists every report, and those that failed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from cakra_analysis import __version__
from cakra_analysis.report.publish import write_whole
from cakra_analysis.report.render import fonts, style
from cakra_analysis.settings import read_settings
from cakra_analysis.words import label, write_date
from cakra_analysis.words.catalogue import catalogue

KEYS = {"name", "cycle", "notebook", "unit", "unit_name", "lang", "audience", "place"}


def write_index(to: Path, *, lang: str, dataset: str, settings: str = "") -> tuple[Path, int]:
    """Write ``index.html`` from what stands in the reports folder about one data set.

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

    Returns
    -------
    tuple of Path and int
        The index, and how many reports of other data sets stand beside it and are not listed.
    """
    when = datetime.now(ZoneInfo(read_settings(settings).report.timezone))
    records = _read(to)
    own = [record for record in records if record.get("dataset") == dataset]
    done = [record for record in own if "cause" not in record]
    failed = [record for record in own if "cause" in record]
    loader = jinja2.PackageLoader("cakra_analysis.report", "template")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    html = environment.get_template("index.html.j2").render(
        lang=lang,
        dataset=dataset,
        fonts=Markup(fonts()),  # noqa: S704 - our own file
        style=Markup(style()),  # noqa: S704 - our own file
        say=lambda key, **values: label(key, lang, **values),
        cycles=_cycles(done, failed, lang),
        count=len(done),
        when=write_date(when, lang),
        version=__version__,
    )
    path = to / "index.html"
    write_whole(path, html)
    return path, sum("cause" not in r for r in records) - len(done)


def _read(to: Path) -> list[dict[str, Any]]:
    """What was kept of each build; another program's JSON is left alone."""
    found = []
    for file in sorted(to.glob("*/*/*.json")):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            continue
        ends = {"cause", "cell"} if file.name.endswith(".failed.json") else {"title", "when"}
        if isinstance(record, dict) and record.keys() >= KEYS | ends:
            found.append(record)
    return found


def _cycles(
    done: list[dict[str, Any]], failed: list[dict[str, Any]], lang: str
) -> list[dict[str, Any]]:
    """Newest cycle first; stages and units in order; a row a unit, its pages by language."""
    names = catalogue(lang)
    tree: dict[str, dict[str, dict[tuple[str, str], dict[str, Any]]]] = {}
    for record in sorted([*done, *failed], key=lambda r: (r["place"], r["lang"] != lang)):
        stages = tree.setdefault(record["cycle"], {})
        rows = stages.setdefault(record["notebook"], {})
        row = rows.setdefault(
            (record["unit"], record["audience"]),
            {"unit": record["unit_name"], "title": "", "pages": [], "failures": []},
        )
        if "cause" in record:
            row["failures"].append(_failure(record, done, lang))
        else:
            page = {"lang": record["lang"], "href": f"{record['name']}.html"}
            row["pages"].append(page | {"language": label("page.language", record["lang"])})
            if record["lang"] == lang or not row["title"]:
                row["title"] = record["title"]
    return [
        {
            "name": cycle,
            "stages": [
                {"name": names.get(f"notebook.{stem}", stem), "rows": _rows(rows, names)}
                for stem, rows in sorted(stages.items())
            ],
        }
        for cycle, stages in sorted(tree.items(), reverse=True)
    ]


def _rows(
    rows: dict[tuple[str, str], dict[str, Any]], names: dict[str, str]
) -> list[dict[str, Any]]:
    """The rows of a stage; where it serves several audiences, each row says which."""
    if len({audience for _, audience in rows}) == 1:
        return list(rows.values())
    said = {a: names.get(f"audience.{a}", a) for _, a in rows}
    return [row | {"unit": f"{row['unit']} ({said[a]})"} for (_, a), row in rows.items()]


def _failure(record: dict[str, Any], done: list[dict[str, Any]], lang: str) -> dict[str, str]:
    last = next((d for d in done if d["name"] == record["name"]), None)
    if last:
        when = write_date(datetime.fromisoformat(last["when"]), lang)
        note = label("index.failed_kept", lang, when=when)
    else:
        note = label("index.failed_none", lang)
    cause = record["cause"] + (f" [{record['cell']}]" if record["cell"] else "")
    return {"lang": record["lang"], "note": note, "cause": cause}
