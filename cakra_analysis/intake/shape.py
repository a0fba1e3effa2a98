"""A sheet becomes one rectangle of answers, with an account of what was cut off."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.intake.shape_cut import AGAIN, TITLE, find_cut
from cakra_analysis.intake.shape_header import find_header, name_columns
from cakra_analysis.intake.shape_sheet import Sheet


@dataclass(frozen=True)
class Shape:
    """The answers of a sheet.

    Attributes
    ----------
    where : str
        File (and sheet), for messages.
    header : list of int
        The header's rows, as the user sees them.
    texts : DataFrame
        Trimmed text, missing where blank; headers are the columns, the index is the row that the
        user sees. Rows with nothing in them are left out.
    numeric : DataFrame
        Same shape: whether the file held a number and not text.
    cut : DataFrame
        row, what, cells: rows that are no answers, what each is, and how many cells it fills.
    filled : int
        Cells that were blank because they are merged with the one above, and take its text.
    short : Index
        Rows of a text file that hold fewer cells than the header.
    note : str
        How the file was read.
    titles : list of str
        Texts of rows that were cut off, such as titles; they may name persons.
    """

    where: str
    header: list[int]
    texts: pd.DataFrame
    numeric: pd.DataFrame
    cut: pd.DataFrame
    filled: int
    short: pd.Index
    note: str
    titles: list[str]


def shape_sheet(sheet: Sheet, *, header: list[int] | None = None, cut: bool = True) -> Shape:
    """Cut a sheet down to its header and answers.

    Parameters
    ----------
    sheet : Sheet
        As read.
    header : list of int, optional
        The header's rows as the user sees them; found where not given.
    cut : bool
        Whether rows below the header that are totals, notes or signatures are cut off; otherwise
        only what stands above the header is.

    Returns
    -------
    Shape
        Answers, and what was cut off.

    Raises
    ------
    DataError
        When no header is found, a column with answers has no name, or a row reaches beyond the
        last header.
    MappingError
        When the given header is not there.
    """
    rows = _check_header(sheet, header) if header else find_header(sheet)
    names = name_columns(sheet, rows)
    out = find_cut(sheet, rows)
    if not cut:
        out = {r: what for r, what in out.items() if what in (TITLE, AGAIN)}
    body, filled = _fill_down(sheet, rows[-1] + 1, out)
    _refuse_wide(sheet, rows[-1], body)
    _refuse_nameless(sheet, names, body)
    width = next((n for n in range(len(names), 0, -1) if names[n - 1]), 0)
    kept = [c for c in range(width) if names[c]]
    headers = [names[c] for c in kept]
    table = pd.DataFrame(
        [[row[c] or None for c in kept] for row in body.values()],
        index=pd.Index([r + 1 for r in body], dtype="int64"),
        columns=pd.Index(headers, dtype="object"),
        dtype="object",
    )
    flags = [[sheet.numbers[r][c] for c in kept] for r in body]
    numeric = pd.DataFrame(flags, index=table.index, columns=table.columns, dtype=bool)
    short = [r + 1 for r in body if sheet.widths[r] < width]
    return Shape(
        sheet.where,
        [r + 1 for r in rows],
        table,
        numeric,
        _list_cut(sheet, out),
        filled,
        pd.Index(short, dtype="int64"),
        sheet.note,
        [text for r in out for text in sheet.rows[r] if text],
    )


def _check_header(sheet: Sheet, header: list[int]) -> list[int]:
    rows = [number - 1 for number in header]
    on_end = rows == list(range(rows[0], rows[0] + len(rows)))
    if not on_end or rows[0] < 0 or rows[-1] >= len(sheet.rows) or not any(sheet.rows[rows[-1]]):
        raise MappingError(
            f"{sheet.where}: the header cannot be row {', '.join(map(str, header))}.",
            allowed=f"The sheet has {len(sheet.rows)} rows; a header is one row, or several on "
            "end, with texts.",
            do="Write the row that holds the names of the columns: header = 5, or [5, 6].",
        )
    return rows


def _fill_down(sheet: Sheet, start: int, out: dict[int, str]) -> tuple[dict[int, list[str]], int]:
    """The rows of answers; a cell merged over several persons counts for each of them."""
    body = {
        r: list(sheet.rows[r])
        for r in range(start, len(sheet.rows))
        if any(sheet.rows[r]) and r not in out
    }
    filled = 0
    for top, left, bottom, right in sheet.merged:
        if top not in body or bottom == top or left != right:
            continue
        for r in range(top + 1, bottom + 1):
            if r in body and sheet.rows[top][left]:
                body[r][left] = sheet.rows[top][left]
                filled += 1
    return body, filled


def _refuse_wide(sheet: Sheet, header: int, body: dict[int, list[str]]) -> None:
    """Refuse a row of a text file that is wider than the header: its cells have moved.

    A separator at the end of every row moves nothing.
    """
    widths = {sheet.widths[r] for r in body}
    wide = next((r for r in body if sheet.widths[r] > sheet.widths[header]), None)
    if wide is not None and (
        len(widths) > 1 or any(row[sheet.widths[header]] for row in body.values())
    ):
        raise DataError(
            f"{sheet.where}: row {wide + 1} has more cells than the header: {sheet.widths[wide]}, "
            f"and the header has {sheet.widths[header]}.",
            allowed="Each cell stands below the header that it belongs to.",
            do="A separator inside a text needs quotes around the text; export the file again.",
        )


def _refuse_nameless(sheet: Sheet, names: list[str], body: dict[int, list[str]]) -> None:
    named = sum(map(bool, names))
    last = max((c for c, name in enumerate(names) if name), default=-1)
    for r, row in body.items():
        beyond = [c for c, text in enumerate(row) if text and c > last]
        if beyond:
            raise DataError(
                f"{sheet.where}: there are {named} headers, but row {r + 1} has a cell in column "
                f"{beyond[-1] + 1}, beyond the last header: it has more cells than the header.",
                allowed="Each cell stands below the header that it belongs to.",
                do="Find where the columns moved, add the missing header or take the cell out.",
            )
        blank = [c for c, text in enumerate(row) if text and not names[c]]
        if blank:
            raise DataError(
                f"{sheet.where}: column {blank[0] + 1} has no name in the header, but row {r + 1} "
                "has a cell in it.",
                do="Give the column a name, or take its cells out.",
            )


def _list_cut(sheet: Sheet, out: dict[int, str]) -> pd.DataFrame:
    rows = [(r + 1, what, sum(map(bool, sheet.rows[r]))) for r, what in out.items()]
    return pd.DataFrame(rows, columns=["row", "what", "cells"])
