"""When rows were sent, and which were refused: the lines of a proposed mapping on both."""

from __future__ import annotations

import re

import pandas as pd

from cakra_analysis.intake.suggest_draft import HIGH, MIDDLE, ask_line, write_line
from cakra_analysis.intake.suggest_fields import Field
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.times import ORDERS, find_orders, read_times

REVIEWS = {"_validation_status", "reviewstate", "review state"}
REFUSED = {
    "not approved",
    "validation_status_not_approved",
    "rejected",
    "tidak disetujui",
    "ditolak",
}


def suggest_review(texts: pd.DataFrame) -> tuple[str, list[str]]:
    """Propose to leave out the rows that somebody has refused.

    Parameters
    ----------
    texts : DataFrame
        All answers.

    Returns
    -------
    tuple of str and list of str
        The column, empty where nothing was refused; and the lines.
    """
    for column in texts:
        found = [text for text in texts[column].dropna().unique() if fold(text) in REFUSED]
        if found and fold(column) in REVIEWS:
            line = write_line("leave_out", found, "these rows were refused in the tool", HIGH)
            return column, ["[review]", write_line("column", column), line]
    return "", []


def suggest_times(
    texts: pd.DataFrame, fields: dict[str, Field]
) -> tuple[list[str], list[str], list[int]]:
    """Propose when rows were begun and sent.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.

    Returns
    -------
    tuple of list of str, list of str and list of int
        The columns; the lines, empty where there are no times; and the years that were found.
    """
    timed = [c for c in texts if fields[c].name in ("time", "start", "end") and _is_time(texts[c])]
    start = next((c for c in timed if fields[c].name == "start"), "")
    kinds = ("end", "time")
    end = next((c for kind in kinds for c in timed if fields[c].name == kind), "")
    columns = [c for c in (start, end) if c]
    if not columns:
        return [], [], []
    cells = pd.concat([texts[c] for c in columns], ignore_index=True).dropna()
    orders = find_orders(cells)
    readings = [read_times(cells, order) for order in orders]
    years = sorted({int(year) for reading in readings for year in reading.dt.year})
    lines = ["[times]"]
    lines += [write_line(k, c) for k, c in (("start", start), ("end", end)) if c]
    if len(orders) == 2 and not readings[0].equals(readings[1]):
        said = "3/4 may be 3 April or March 4; no date in the file tells"
        lines.append(ask_line("dates", orders, said))
    elif mixed := next((said for c in columns if (said := _say_mixed(texts[c]))), ""):
        lines.append(ask_line("dates", orders, mixed))
    else:
        order = orders[-1] if len(orders) == len(ORDERS) else orders[0]
        said = "the year stands first" if order == ORDERS[-1] else "no other order fits all dates"
        lines.append(write_line("dates", order, said, HIGH))
    return columns, lines, years


def _say_mixed(cells: pd.Series) -> str:
    """Where a spreadsheet took some texts of a column for dates, it may have read them wrong."""
    given = cells.dropna()
    texts = int((~given.map(lambda cell: ORDERS[-1] in find_orders([cell]))).sum())
    if texts in (0, len(given)):
        return ""
    return (
        f"{len(given) - texts} cells are dates (year first) and {texts} are texts such as "
        "13/4/2026: where a spreadsheet made the dates of such texts, day and month may have "
        "changed places in them; compare them with the tool before you answer"
    )


def _is_time(cells: pd.Series) -> bool:
    given = cells.dropna()
    return len(given) > 0 and bool(find_orders(given))


def suggest_cycle(years: list[int], said: list[str]) -> str:
    """Propose the cycle.

    Parameters
    ----------
    years : list of int
        Years in which rows were sent.
    said : list of str
        Texts that may hold a year, such as the file's name and titles.

    Returns
    -------
    str
        A line.
    """
    if len(years) == 1:
        return write_line("cycle", str(years[0]), "all answers are of this year", MIDDLE)
    named = sorted({y for text in said for y in re.findall(r"(?<!\d)20\d\d(?!\d)", text)})
    answers = [str(year) for year in years] or named or ["2025", "2026", "2027"]
    return ask_line("cycle", answers, "the year that the answers are about, or another one")
