"""A published table for readers: headings from the catalogue, numbers as a language writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

import pandas as pd

from cakra_analysis.words import label, write_day, write_number

Row = Mapping[str, Any]
BILINGUAL = ("name", "message", "route", "answer", "item", "reason")
# The columns of a range's ends and how they are written, by kind.
RANGES = {
    "interval": ("low", "high", "levels"),
    "interval100": ("low", "high", "of100"),
    "interval_share": ("low", "high", "percent"),
    "shrunk": ("shrunk_low", "shrunk_high", "levels"),
    "omega": ("omega_low", "omega_high", "levels"),
    "ranks": ("rank_low", "rank_high", "count"),
    "shaken": ("shaken_low", "shaken_high", "count"),
    "interval1": ("low", "high", "level1"),
    "interval_signed": ("low", "high", "signed1"),
    "interval_signed2": ("low", "high", "signed"),
    "interval_signed0": ("low", "high", "signed0"),
    "interval_thousands": ("low", "high", "thousands"),
    "points": ("points_low", "points_high", "signed1"),
    "placebo": ("placebo_low", "placebo_high", "signed1"),
    "g_av": ("g_av_low", "g_av_high", "signed"),
    "supervisor": ("supervisor_low", "supervisor_high", "signed"),
    "weighted": ("weighted_low", "weighted_high", "signed1"),
    "bounds": ("lower", "upper", "signed1"),
    "benefit": ("isolated_low_idr", "isolated_high_idr", "rupiah"),
    "people": ("people_low", "people_high", "count"),
    "data": ("data_low", "data_high", "signed"),
    "fall": ("naive_low", "naive_high", "signed"),
}
WORDS = ("source", "group", "quadrant", "leaning", "verdict", "assignment", "band", "quality",
         "ptia", "measure", "mode", "scenario", "yes_no", "step", "action", "ground", "indicator",
         "status", "state", "known")  # fmt: skip
TEXT = ("text", "long", "day", "category", *WORDS)


def read_columns(
    table: pd.DataFrame, columns: Sequence[str], lang: str, words: Mapping[str, Any]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Return what a table shows: its columns with their headings, and its rows.

    Parameters
    ----------
    table : DataFrame
        Published rows.
    columns : sequence of str
        ``column:label:kind``; a column that the table lacks is left out. The label is a catalogue
        key below ``column``, or a whole key with a dot in it. Kinds: those of
        ``write_number``, ``text``, ``long`` (sentences), ``day`` (an ISO date), ``open`` (to be
        filled in by hand), those that stand for a word of the catalogue (``category`` and
        ``WORDS``), and those of ``RANGES``, whose column is ``interval``. The names of
        ``BILINGUAL`` stand for the column in the page's language.
    lang : str
        ``id`` or ``en``.
    words : mapping of str to object
        What the headings may use.

    Returns
    -------
    tuple of list of dict
        Columns (name, kind, heading) and rows (plain values, ``None`` where there is none).
    """
    have = {*table.columns, *BILINGUAL}
    parts = [tuple(c.split(":")) for c in columns]
    parts = [p for p in parts if p[2] == "open" or RANGES.get(p[2], p)[0] in have]
    shown = [
        {
            "name": f"{name}_{lang}" if name in BILINGUAL else name,
            "kind": kind,
            "heading": _heading(key, lang, words),
        }
        for name, key, kind in parts
    ]
    ends = [end for c in shown if c["kind"] in RANGES for end in RANGES[c["kind"]][:2]]
    names = dict.fromkeys(["suppressed", *(c["name"] for c in shown), *ends])
    kept = table[[n for n in names if n in table]]
    return shown, json.loads(kept.to_json(orient="records", double_precision=15))


def write_table(
    table: pd.DataFrame,
    columns: Sequence[str],
    lang: str,
    words: Mapping[str, Any] | None = None,
) -> str:
    """Write a table as HTML.

    Parameters
    ----------
    table : DataFrame
        Published rows; where ``suppressed`` is set, missing figures carry a mark.
    columns : sequence of str
        As ``read_columns`` takes them.
    lang : str
        ``id`` or ``en``.
    words : mapping of str to object, optional
        What the headings may use.

    Returns
    -------
    str
        A ``<table>`` with header cells for columns and rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"unit": ["A"], "share": [0.5], "suppressed": [False]})
    >>> "50%" in write_table(frame, ["unit:n:text", "share:share:percent"], "en")
    True
    """
    return write_rows(*read_columns(table, columns, lang, words or {}), lang)


def write_rows(columns: Sequence[Mapping[str, str]], rows: Sequence[Row], lang: str) -> str:
    """Write columns and rows of ``read_columns`` as HTML.

    Parameters
    ----------
    columns, rows : sequence of mapping
        From ``read_columns``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A ``<table>``.
    """
    kinds = [c["kind"] for c in columns]
    head = "".join(
        f'<th scope="col"{_side(c["kind"])}>{escape(c["heading"])}</th>' for c in columns
    )
    lines = []
    for row in rows:
        cells = [_cell(row, c["name"], c["kind"], lang) for c in columns]
        first = f'<th scope="row">{cells[0]}</th>'
        rest = "".join(
            f"<td{_side(kind)}>{c}</td>" for c, kind in zip(cells[1:], kinds[1:], strict=True)
        )
        lines.append(f"<tr>{first}{rest}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _heading(key: str, lang: str, words: Mapping[str, Any]) -> str:
    text = label(key if "." in key else f"column.{key}", lang, **words)
    return text[:1].upper() + text[1:]


def _side(kind: str) -> str:
    return ' class="text long"' if kind == "long" else ' class="text"' if kind in TEXT else ""


def is_hidden(row: Row, name: str, kind: str) -> bool:
    """Return whether a figure is missing because it was suppressed, not because there is none.

    Parameters
    ----------
    row : mapping
        Of ``read_columns``.
    name, kind : str
        Of the column.

    Returns
    -------
    bool
        True where a reader sees the mark of a suppressed figure.
    """
    missing = kind != "open" and row.get(RANGES.get(kind, (name,))[0]) is None
    return missing and bool(row.get("suppressed", False) or name.startswith("share_"))


def write_cell(row: Row, name: str, kind: str, lang: str) -> str:
    """Write one cell as plain text.

    Parameters
    ----------
    row : mapping
        Of ``read_columns``.
    name, kind : str
        Of the column.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The mark for a suppressed figure, a dash where there is none.

    Examples
    --------
    >>> write_cell({"low": 0.5, "high": 0.75}, "interval", "interval", "en")
    '0.50 – 0.75'
    """
    value = row.get(RANGES.get(kind, (name,))[0])
    if kind == "open":
        return ""
    if value is None:
        return label("page.hidden_mark", lang) if is_hidden(row, name, kind) else "–"
    if kind in RANGES:
        *ends, how = RANGES[kind]
        if row.get(ends[1]) is None:  # open above
            return label("page.or_more", lang, low=write_number(float(row[ends[0]]), lang, how))
        low, high = (write_number(float(row[end]), lang, how) for end in ends)
        return low if low == high else f"{low} – {high}"
    if kind in ("category", *WORDS):
        return label(f"{kind}.{str(value).replace(' ', '_')}", lang)
    if kind == "day":
        return write_day(datetime.fromisoformat(str(value)), lang)
    return str(value) if kind in ("text", "long") else write_number(float(value), lang, kind)


def _cell(row: Row, name: str, kind: str, lang: str) -> str:
    text = escape(write_cell(row, name, kind, lang))
    if is_hidden(row, name, kind):
        said = escape(label("page.hidden_cell", lang))
        return f'<span class="few" role="img" aria-label="{said}">{text}</span>'
    if text == "–" or kind == "open":
        return text
    if kind in RANGES or kind == "rupiah":
        return f'<span class="nowrap">{text}</span>'
    return f'<span class="tag {escape(row[name])}">{text}</span>' if kind == "category" else text
