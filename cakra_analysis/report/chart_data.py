"""The figures behind charts that no table of a report shows, as further table blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cakra_analysis.words import label
from cakra_analysis.words.catalogue import catalogue

Block = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]
# What charts draw: column of the published table, kind, catalogue key of its heading.
DRAWN = (
    ("unit", "text", "sheet.unit"),
    ("name", "text", "sheet.name"),
    ("group", "text", "sheet.group"),
    ("period", "text", "sheet.period"),
    ("event_time", "signed0", "sheet.event_time"),
    ("before", "levels", "column.before"),
    ("after", "levels", "column.after"),
    ("value", "levels", "sheet.value"),
    ("interval", "interval", "column.interval"),
    ("smd_before", "signed", "sheet.smd_before"),
    ("smd_after", "signed", "sheet.smd_after"),
    ("agree_share", "percent", "sheet.agree_share"),
    ("staff", "count", "column.staff"),
    ("rated", "count", "column.rated"),
    ("share", "percent", "column.share"),
    ("n", "count", "sheet.n"),
)


def find_chart_data(blocks: Sequence[Block], lang: str) -> list[dict[str, Any]]:
    """Return a table block for each published table that charts draw and no table shows whole.

    Parameters
    ----------
    blocks : sequence of mapping
        Of one report.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of dict
        Table blocks, in the order of the charts. Columns are those that stand in ``DRAWN``, the
        distribution of answers under the words of their scale, and those that a table of the same
        figures has, with its headings.
    """
    tables = [b for b in blocks if b["kind"] == "table"]
    kept = [t for b in blocks if b["kind"] == "provenance" for t in b["tables"]]
    published = {t["name"]: t["rows"] for t in kept}
    found = []
    for name in dict.fromkeys(b["table"] for b in blocks if b["kind"] == "figure"):
        rows = [r for r in published.get(name, []) if r.get("event_time", 0) is not None]
        same = [table for table in tables if table["table"] == name]
        if len(rows) > sum(len(t["rows"]) for t in same):
            figures = [b for b in blocks if b["kind"] == "figure" and b["table"] == name]
            shown = [c for table in same for c in table["columns"]]
            found.append(_table(rows, figures, shown, lang))
    return found


def _table(rows: Rows, figures: Sequence[Block], shown: Rows, lang: str) -> dict[str, Any]:
    first, *more = [figure["number"].rstrip(".") for figure in figures]
    number = ", ".join([first, *(text.split()[-1] for text in more)])
    data = {"kind": "table", "number": f"{number}.", "table": figures[0]["table"], "lang": lang}
    caption = label("sheet.behind", lang, caption=figures[0]["caption"])
    columns = _columns(rows, shown, lang)
    return data | {"caption": caption, "columns": columns, "rows": [_say(r, lang) for r in rows]}


def _columns(rows: Rows, shown: Rows, lang: str) -> list[dict[str, str]]:
    """What a table of the same figures shows, told apart by unit and name; else what is drawn."""
    have = {key for row in rows for key, value in row.items() if value is not None}
    have |= {"interval"} if "low" in have else set()
    have |= {"name"} if f"name_{lang}" in have else set()
    have -= {"n"} if "rated" in have else set()  # the same people
    confidence = next((row["level"] for row in rows if row.get("level")), 0)
    drawn = [
        {
            "name": f"name_{lang}" if name == "name" else name,
            "kind": kind,
            "heading": label(key, lang, confidence=confidence),
        }
        for name, kind, key in DRAWN
        if name in have
    ]
    if not shown:
        return [*drawn, *_answers(rows, lang)]
    known = {(c["name"], c["kind"]): dict(c) for c in shown}
    first = {(c["name"], "text"): c for c in drawn if c["name"] in ("unit", f"name_{lang}")}
    return [*{**first, **known}.values()]


def _answers(rows: Rows, lang: str) -> list[dict[str, str]]:
    """The shares of the answers, under the words of the scale where all rows have one scale."""
    scales = {row.get(f"label_{lang}") for row in rows}
    if len(scales) != 1 or not (scale := scales.pop()):
        return []
    return [
        {"name": f"share_{place}", "kind": "percent", "heading": text}
        for place, text in enumerate(str(scale).split("\n"), start=1)
        if f"share_{place}" in rows[0]
    ]


def _say(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A row with the words of the charts in place of what stands for them."""
    if "group" not in row:
        return dict(row)
    return {**row, "group": catalogue(lang).get(f"chart.{row['group']}", row["group"])}
