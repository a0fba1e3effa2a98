"""Who answered: the lines of a proposed mapping on persons."""

from __future__ import annotations

import re

import pandas as pd

from cakra_analysis.identifiers import find_damaged, find_raw, tidy_identifier
from cakra_analysis.intake.suggest_draft import (
    HIGH,
    LOW,
    MIDDLE,
    ask_line,
    write_line,
)
from cakra_analysis.intake.suggest_fields import Field
from cakra_analysis.intake.text import fold

POLICIES = ("last", "first", "refuse")
NUMBERED = re.compile(r"\b(nip|nrp|nik)\b", re.IGNORECASE)
OF_A_TOOL = {"kobo": {"_id", "_uuid", "_index"}, "limesurvey": {"id", "response id", "id respons"}}


def suggest_person(
    texts: pd.DataFrame, fields: dict[str, Field], tool: str
) -> tuple[str, list[str]]:
    """Propose what tells one person from another.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.
    tool : str
        Key of the tool that made the export.

    Returns
    -------
    tuple of str and list of str
        The column, empty where each row is a person; and the lines.
    """
    lines = ["[person]"]
    column = _find_person(texts, fields)
    if column:
        codes = texts[column].map(tidy_identifier, na_action="ignore")
        lines.append(write_line("column", column, fields[column].reason, fields[column].trust))
        hidden = fields[column].name == "email" or bool(find_raw(texts[column]).any())
        if hidden or NUMBERED.search(column):
            lines.append(
                write_line("pseudonym", True, "the code itself never gets in; `cakra key` first")
            )
        if find_damaged(texts[column]).any():
            lines.append("# Some codes were damaged by a spreadsheet; the import refuses them.")
        return column, [*lines, _suggest_policy(codes)]
    own = [h for h in texts if OF_A_TOOL.get(tool, {"id"}) & {fold(h), *fold(h).split(". ")}]
    again = _count_again(texts, fields)
    if own and texts[own[0]].notna().all() and texts[own[0]].is_unique and not again:
        said = "the tool numbers the answers; nobody can be found again next cycle"
        return own[0], [*lines, write_line("column", own[0], said, MIDDLE)]
    if again:
        return "", [*lines, *_ask_each_row(again)]
    said = "no column tells persons apart, so that a row is a person"
    return "", [*lines, write_line("each_row", True, said, MIDDLE)]


def _ask_each_row(again: dict[str, int]) -> list[str]:
    column = write_line("column", next(iter(again)))
    said = "; ".join(f"{n} rows repeat an answer of {name!r}" for name, n in again.items())
    return [
        "# If a row is a person in spite of that, write true. If somebody answered twice, write",
        f"# instead of this line: {column}, and below it",
        '# pseudonym = true and duplicates = "last".',
        ask_line("each_row", [True], said),
    ]


def _count_again(texts: pd.DataFrame, fields: dict[str, Field]) -> dict[str, int]:
    """By column of names or addresses: how many rows hold one that is there already."""
    told = {c: f.name for c, f in fields.items() if f.trust != LOW}
    names = [c for c in texts if told.get(c) == "name"]
    found = {c: texts[c] for c in texts if told.get(c) == "email"}
    if names:  # a first name alone may well be that of several
        found[names[0]] = texts[names].fillna("").agg(" ".join, axis=1).str.strip()
    again = {}
    for column, cells in found.items():
        given = cells[cells.notna() & (cells != "")].map(fold)
        if given.nunique() > 1 and given.duplicated().any():  # "anonymous" tells nobody
            again[column] = int(given.duplicated().sum())
    return again


def _find_person(texts: pd.DataFrame, fields: dict[str, Field]) -> str:
    """Numbers of persons before codes, codes before e-mail addresses that differ."""
    named = [c for c in texts if fields[c].name == "person" and texts[c].notna().any()]
    with_number = [c for c in texts if fields[c].name in ("person", "name") and _holds(texts[c])]
    mails = [c for c in texts if fields[c].name == "email" and _tells_apart(texts[c])]
    return next(iter([*with_number, *named, *mails]), "")


def _tells_apart(cells: pd.Series) -> bool:
    """Whether most rows have a value and most of those values differ."""
    given = cells.dropna()
    return len(given) >= len(cells) / 2 and given.nunique() > len(given) / 2


def _holds(cells: pd.Series) -> bool:
    given = cells.dropna()
    return len(given) > 0 and bool((find_raw(given) | find_damaged(given)).mean() > 0.5)


def _suggest_policy(codes: pd.Series) -> str:
    again, blank = int(codes.dropna().duplicated().sum()), int(codes.isna().sum())
    if not again and not blank:
        return write_line("duplicates", "refuse", "nobody is there twice", HIGH)
    said = f"{again} rows are of a person who is there already, {blank} of nobody: "
    said += "use the last or the first row of each (the others are reported), or refuse the file"
    return ask_line("duplicates", POLICIES, said)
