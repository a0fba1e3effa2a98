"""A published table as HTML: headings from the catalogue, numbers as the language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from cakra_analysis.words import label, write_number

BILINGUAL = ("name", "message", "route")
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
}
WORDS = ("source", "group", "quadrant", "leaning", "verdict", "assignment", "band", "quality",
         "ptia")  # fmt: skip
TEXT = ("text", "long", "category", *WORDS)


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
        ``column:label:kind``; a column that the table lacks is left out. The label is a catalogue
        key below ``column``, or a whole key with a dot in it. Kinds: those of
        ``write_number``, ``text``, ``long`` (sentences), ``open`` (to be filled in by hand), those
        that stand for a word of the catalogue (``category`` and ``WORDS``), and those of
        ``RANGES``, whose column is ``interval``. ``name``, ``message`` and ``route`` stand for the
        column in the page's language.
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
    have = {*table.columns, *BILINGUAL}
    parts = [tuple(c.split(":")) for c in columns]
    parts = [p for p in parts if p[2] == "open" or RANGES.get(p[2], p)[0] in have]
    head = "".join(
        f'<th scope="col"{_side(kind)}>{escape(_heading(key, lang, words or {}))}</th>'
        for _, key, kind in parts
    )
    rows = []
    for _, row in table.iterrows():
        cells = [_cell(row, name, kind, lang) for name, _, kind in parts]
        first = f'<th scope="row">{cells[0]}</th>'
        rest = "".join(
            f"<td{_side(kind)}>{c}</td>"
            for c, (_, _, kind) in zip(cells[1:], parts[1:], strict=True)
        )
        rows.append(f"<tr>{first}{rest}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _heading(key: str, lang: str, words: Mapping[str, Any]) -> str:
    text = label(key if "." in key else f"column.{key}", lang, **words)
    return text[:1].upper() + text[1:]


def _side(kind: str) -> str:
    return ' class="text long"' if kind == "long" else ' class="text"' if kind in TEXT else ""


def _cell(row: pd.Series, name: str, kind: str, lang: str) -> str:
    value: Any = row.get(f"{name}_{lang}" if name in BILINGUAL else name)
    if kind == "open":
        return ""
    if kind in RANGES:
        value = row[RANGES[kind][0]]
    if pd.isna(value):
        if row.get("suppressed", False) or name.startswith("share_"):
            said = escape(label("page.hidden_cell", lang))
            mark = escape(label("page.hidden_mark", lang))
            return f'<span class="few" role="img" aria-label="{said}">{mark}</span>'
        return "–"
    if kind in RANGES:
        *ends, how = RANGES[kind]
        low, high = (write_number(row[end], lang, how) for end in ends)
        if pd.isna(row[ends[1]]):  # open above
            return f'<span class="nowrap">≥ {low}</span>'
        return f'<span class="nowrap">{low if low == high else f"{low} – {high}"}</span>'
    if kind == "category":
        return (
            f'<span class="tag {escape(value)}">{escape(label(f"category.{value}", lang))}</span>'
        )
    if kind in WORDS:
        return escape(label(f"{kind}.{str(value).replace(' ', '_')}", lang))
    if kind in ("text", "long"):
        return escape(str(value))
    return write_number(float(value), lang, kind)
