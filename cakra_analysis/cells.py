"""Text cells become typed values; a cell that cannot be read keeps its row number and a rule."""

from __future__ import annotations

import re

import pandas as pd

from cakra_analysis.coded import change_text, look_up
from cakra_analysis.contracts import Column, Contract
from cakra_analysis.raw import RawTable, mask_digits

Broken = tuple[str, str, pd.Index]  # column, rule, rows

NUMBER = r"-?\d+(?:[.,]\d+)?"
THOUSANDS = r"-?\d{1,3}(?:[.,]\d{3})+"
ROUNDED = re.compile(r"\d{15}000|\d[.,]\d+[eE]\+\d+")
LONG = r"-?\d(?:\.\d+)?E\+\d+"  # a number of more digits than a spreadsheet keeps
NO_VALUE = {"formula": r"=.+", "error_value": r"#(?:[A-Z/0]+[!?]|N/A)"}
HARMLESS = 12  # letters of a cell that are shown; longer ones may be a name or an NIP


def type_cells(contract: Contract, raw: RawTable) -> tuple[pd.DataFrame, list[Broken]]:
    """Return the cells of a table as their contract's kinds.

    Parameters
    ----------
    contract : Contract
        Says which kind each column is.
    raw : RawTable
        Categories of text.

    Returns
    -------
    tuple of DataFrame and list
        Same rows, text still as categories, a cell that could not be read is missing; and column,
        rule and rows of those.
    """
    typed = pd.DataFrame(index=raw.cells.index)
    bad: list[Broken] = []
    if len(raw.short):
        bad.append((raw.cells.columns[-1], "short_row", raw.short))
    for column in contract.columns.values():
        if column.name in raw.cells:
            typed[column.name], broken = _type_column(column, raw)
            if column.default:
                typed[column.name] = _fill(typed[column.name], column.default)
            bad += [(column.name, rule, rows) for rule, rows in broken.items() if len(rows)]
        elif column.default:
            typed[column.name] = pd.Series(column.default, typed.index, dtype="category")
    return typed, bad


def _fill(cells: pd.Series, default: str) -> pd.Series:
    """What a blank stands for, in its place."""
    if default not in cells.cat.categories:
        cells = cells.cat.add_categories(default)
    return cells.fillna(default)


def _type_column(column: Column, raw: RawTable) -> tuple[pd.Series, dict[str, pd.Index]]:
    cells = raw.cells[column.name]
    broken: dict[str, pd.Index] = {}
    if any(text.startswith(("=", "#")) for text in cells.cat.categories):
        broken = {rule: cells.index[_fits(cells, form)] for rule, form in NO_VALUE.items()}
        cells = cells.mask(cells.index.isin([row for rows in broken.values() for row in rows]))
    if column.is_number:
        numbers = _read_numbers(column, cells)
        return numbers, broken | {"not_a_number": cells.index[cells.notna() & numbers.isna()]}
    stored = raw.numeric[column.name].reindex(cells.index) & cells.notna()
    if column.kind != "identifier":
        cut = stored & _fits(cells, LONG)
        return cells.mask(cut), broken | {"cut_number": cells.index[cut]}
    broken["number_cell"] = cells.index[stored]
    broken["rounded_nip"] = cells.index[_fits(cells, ROUNDED) & ~stored]
    # Agencies put an apostrophe or backtick before an NIP so that it stays text.
    return change_text(cells, lambda text: text.str.lstrip("'`")), broken


def _read_numbers(column: Column, cells: pd.Series) -> pd.Series:
    """Each text that occurs is read once; what is no number is missing."""
    texts = pd.Series(cells.cat.categories, dtype="str")
    readable = texts.str.fullmatch(NUMBER)
    if column.kind == "whole":  # 12.000 may be twelve or twelve thousand
        readable &= ~texts.str.fullmatch(THOUSANDS)
    numbers = texts.str.replace(",", ".").where(readable).to_numpy(dtype=object, na_value="nan")
    return look_up(cells, numbers.astype("float64"), float("nan"))


def _fits(cells: pd.Series, form: str | re.Pattern[str]) -> pd.Series:
    texts = pd.Series(cells.cat.categories, dtype="str")
    return look_up(cells, texts.str.fullmatch(form).to_numpy(dtype=bool), False)


def tells_person(column: Column) -> bool:
    """Tell whether a column tells one person from another.

    Parameters
    ----------
    column : Column
        Of any table.

    Returns
    -------
    bool
        True for codes of staff, raters, trainers and respondents, where pseudonyms stand and never
        an NIP; False for what persons wrote.
    """
    return column.person and (column.key or column.kind == "identifier")


def show_cell(value: str, column: Column) -> str:
    """Return a cell as a list of problems may show it; the row number tells the owner the rest.

    Parameters
    ----------
    value : str
        What stands in the file.
    column : Column
        Its column; anything may have been typed into it, a person's number or name too.

    Returns
    -------
    str
        Whole only where it is short, of one word and no choice from a list.
    """
    if column.person:
        return f"{value[:2]}…{value[-3:]}" if len(value) > 8 else "…" if value else ""
    value = " ".join(value.split())
    cut = column.allowed or len(value) > HARMLESS or " " in value
    return f"{value[:2]}…" if cut and len(value) > 2 else mask_digits(value)
