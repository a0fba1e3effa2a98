"""A table as it stands in its file: text, and which cells held numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from cakra_analysis.coded import change_text
from cakra_analysis.errors import DataError

# Six digits on end, or nine with a blank, dot or hyphen between some: an NIP, an NIK, a telephone.
DIGITS = re.compile(r"\d(?:[ .\u00a0-]?\d){8,}|\d{6,}")
# Control characters, and marks that turn the direction of the text after them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True)
class RawTable:
    """One table as it stands in its file.

    Attributes
    ----------
    name : str
        Name of the sheet, or of the file without its ending.
    where : str
        File (and sheet), for messages.
    cells : DataFrame
        Text cells, or categories of text; a blank cell is missing; the index is the row number that
        the user sees.
    numeric : DataFrame
        Same shape: whether the file held a number and not text.
    short : Index
        Rows that have fewer cells than the header.
    """

    name: str
    where: str
    cells: pd.DataFrame
    numeric: pd.DataFrame
    short: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))


def refuse_header(where: str, header: list[str]) -> None:
    """Refuse a header that is blank, has a gap or holds a name twice.

    Parameters
    ----------
    where : str
        File (and sheet), for the message.
    header : list of str
        First row.

    Raises
    ------
    DataError
        With the column.
    """
    names = [h.strip() for h in header]
    if not any(names):
        raise DataError(f"{where}: the first row is empty; it must hold the column names.")
    if "" in names:
        raise DataError(f"{where}: column {names.index('') + 1} has no name in the first row.")
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        shown = mask_digits(twice)
        raise DataError(f'{where}: the column "{shown}" is there twice.', do="Keep one of them.")


def write_cell(value: Any) -> str:
    """Write a cell as the user would read it.

    Parameters
    ----------
    value : object
        What the file holds.

    Returns
    -------
    str
        Whole numbers without a decimal point; long ones in E notation, as they have lost digits.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else f"{value.normalize():f}"
    if isinstance(value, float) and "e-" in str(value):
        return f"{Decimal(str(value)):f}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.15G}"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(sep=" ")
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value)


def tidy(cells: pd.DataFrame) -> pd.DataFrame:
    """Trim blanks (the non-breaking one too), drop what is not seen, and rows with nothing in them.

    Parameters
    ----------
    cells : DataFrame
        Text, or categories of text.

    Returns
    -------
    DataFrame
        Blank cells are missing.
    """
    for column in cells.columns:
        cells[column] = change_text(cells[column], clean)
    return cells.dropna(how="all")


def clean(text: pd.Series) -> pd.Series:
    """Trim texts and drop from them what is not seen.

    Parameters
    ----------
    text : Series
        Texts.

    Returns
    -------
    Series
        Missing where nothing is left.
    """
    text = text.astype("str").str.replace("\u00a0", " ", regex=False)
    text = text.str.replace(UNSEEN, "", regex=True).str.strip()
    return text.where(text != "")


def mask_digits(text: str) -> str:
    """Hide what may be the number of a person; years, cycles and dates stay.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        With ``…`` for six digits on end, or nine with blanks, dots or hyphens between.

    Examples
    --------
    >>> mask_digits("row 12 of 2026-03-01: 19860926 201505 1 001, 0812-3456-7890")
    'row 12 of 2026-03-01: …, …'
    """
    return DIGITS.sub("…", text)
