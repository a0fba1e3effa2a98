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


def write_index(to: Path, *, lang: str, settings: str = "") -> Path:
    """Write ``index.html`` from what stands in the reports folder.

    Parameters
    ----------
    to : Path
        The reports folder.
    lang : str
        Language of the index.
    settings : str
        Settings file that names the time zone.

    Returns
    -------
    Path
        The index.
    """
    when = datetime.now(ZoneInfo(read_settings(settings).report.timezone))
    done = _read(to, "*.json", fails=False)
    failed = _read(to, "*.failed.json", fails=True)
    loader = jinja2.PackageLoader("cakra_analysis.report", "template")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    html = environment.get_template("index.html.j2").render(
        lang=lang,
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
    return path


def _read(to: Path, pattern: str, *, fails: bool) -> list[dict[str, Any]]:
    files = [
        f for f in sorted(to.glob(f"*/*/{pattern}")) if f.name.endswith(".failed.json") == fails
    ]
    return [json.loads(f.read_text(encoding="utf-8")) for f in files]


def _cycles(
    done: list[dict[str, Any]], failed: list[dict[str, Any]], lang: str
) -> list[dict[str, Any]]:
    """Newest cycle first; stages and units in order; a row a unit, its pages by language."""
    names = catalogue(lang)
    tree: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for record in sorted([*done, *failed], key=lambda r: (r["place"], r["lang"] != lang)):
        stages = tree.setdefault(record["cycle"], {})
        rows = stages.setdefault(record["notebook"], {})
        row = rows.setdefault(
            record["unit"], {"unit": record["unit_name"], "title": "", "pages": [], "failures": []}
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
                {"name": names.get(f"notebook.{stem}", stem), "rows": list(rows.values())}
                for stem, rows in sorted(stages.items())
            ],
        }
        for cycle, stages in sorted(tree.items(), reverse=True)
    ]


def _failure(record: dict[str, Any], done: list[dict[str, Any]], lang: str) -> dict[str, str]:
    last = next((d for d in done if d["name"] == record["name"]), None)
    if last:
        when = write_date(datetime.fromisoformat(last["when"]), lang)
        note = label("index.failed_kept", lang, when=when)
    else:
        note = label("index.failed_none", lang)
    cause = record["cause"] + (f" [{record['cell']}]" if record["cell"] else "")
    return {"lang": record["lang"], "note": note, "cause": cause}
