"""Figures as a workbook holds them: real numbers, and the form in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cakra_analysis.report.tables import RANGES, TEXT, is_hidden, write_cell
from cakra_analysis.words import label

REGION = {"id": "[$-421]", "en": "[$-409]"}  # whose separators a spreadsheet program shows
DIGITS = {"levels": "0.00", "level1": "0.0", "count": "#,##0", "of100": "0", "thousands": "#,##0"}
DIGITS |= {"percent": "0%", "percent1": "0.0%", "percent2": "0.00%", "jpm": '0"%"'}
DIGITS |= {"signed": "0.00", "signed1": "0.0", "signed0": "0", "rupiah": '"Rp" #,##0'}


class Column(NamedTuple):
    """A column of a sheet; a range of a table makes two of them."""

    heading: str
    name: str
    kind: str
    end: str


class Cell(NamedTuple):
    """What a cell holds, and its number format; empty for text."""

    value: str | float
    form: str


def write_form(kind: str, lang: str) -> str:
    """Return the number format of a kind of figure.

    Parameters
    ----------
    kind : str
        Of ``write_number``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        With a true minus, and a plus where the page writes one.

    Examples
    --------
    >>> write_form("signed1", "id")
    '[$-421]+0.0;[$-421]"−"0.0;[$-421]0.0'
    """
    region, digits = REGION[lang], DIGITS[kind]
    plus = "+" if kind.startswith("signed") else ""
    return f'{region}{plus}{digits};{region}"−"{digits};{region}{digits}'


def split_columns(columns: Sequence[Mapping[str, str]], lang: str) -> list[Column]:
    """Return the columns of a sheet, the two ends of a range side by side.

    Parameters
    ----------
    columns : sequence of mapping
        Of a table block: name, kind, heading.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of Column
        In the table's order.
    """
    found: list[Column] = []
    for column in columns:
        heading, name, kind = column["heading"], column["name"], column["kind"]
        if kind not in RANGES:
            found.append(Column(heading, name, kind, name))
            continue
        for key, end in zip(("low", "high"), RANGES[kind], strict=False):
            text = label(f"sheet.{key}", lang, heading=heading)
            found.append(Column(text, name, kind, end))
    return found


def read_cell(row: Mapping[str, Any], column: Column, lang: str) -> Cell:
    """Return what a cell of a sheet holds.

    Parameters
    ----------
    row : mapping
        Of a table block.
    column : Column
        From ``split_columns``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Cell
        A number in full precision, in the unit of its heading; text for words, for a suppressed
        figure (its mark), for one that does not exist and for a range that is open above.

    Examples
    --------
    >>> read_cell({"share": 0.125}, Column("Share", "share", "percent", "share"), "en").value
    0.125
    """
    _, name, kind, end = column
    if kind in (*TEXT, "open") or is_hidden(row, name, kind):
        return Cell(write_cell(row, name, kind, lang), "")
    if row.get(end) is None:
        open_above = kind in RANGES and row.get(RANGES[kind][0]) is not None
        return Cell(label("sheet.open_above", lang) if open_above else "–", "")
    how = RANGES[kind][2] if kind in RANGES else kind
    value = float(row[end])
    return Cell(value / 1000 if how == "thousands" else value, write_form(how, lang))
