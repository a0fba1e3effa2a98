"""Who answered, in which group, when: the lines of a proposed mapping on persons, units, times."""

from __future__ import annotations

import re

import pandas as pd

from cakra_analysis.identifiers import find_damaged, find_raw, tidy_identifier
from cakra_analysis.intake.suggest_draft import (
    HIGH,
    LOW,
    MIDDLE,
    ask_line,
    is_personal,
    write_line,
)
from cakra_analysis.intake.suggest_fields import Field
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.times import ORDERS, find_orders, read_times
from cakra_analysis.intake.xlsform import Form

MOST_UNITS = 60
PER_UNIT = 1.5  # rows of a group on average, before its column can be one of groups
ALIKE = 90  # of 100: two names of units that may be one
POLICIES = ("last", "first", "refuse")
OF_A_TOOL = {"kobo": {"_id", "_uuid", "_index"}, "limesurvey": {"id", "response id", "id respons"}}
REVIEWS = {"_validation_status", "reviewstate", "review state"}
REFUSED = {
    "not approved",
    "validation_status_not_approved",
    "rejected",
    "tidak disetujui",
    "ditolak",
}
GROUPS = {
    "public": ("masyarakat", "warga", "public", "citizen", "publik", "umum"),
    "private": (
        "swasta",
        "pelaku usaha",
        "pengusaha",
        "dunia usaha",
        "private",
        "business",
        "umkm",
    ),
    "academia": ("akademisi", "perguruan tinggi", "dosen", "academia", "academic", "mahasiswa"),
}


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
        if hidden or fields[column].name == "person":
            lines.append(
                write_line("pseudonym", True, "the code itself never gets in; `cakra key` first")
            )
        if find_damaged(texts[column]).any():
            lines.append("# Some codes were damaged by a spreadsheet; the import refuses them.")
        return column, [*lines, _suggest_policy(codes)]
    own = [h for h in texts if OF_A_TOOL.get(tool, {"id"}) & {fold(h), *fold(h).split(". ")}]
    if own and texts[own[0]].notna().all() and texts[own[0]].is_unique:
        said = "the tool numbers the answers; nobody can be found again next cycle"
        return own[0], [*lines, write_line("column", own[0], said, MIDDLE)]
    said = "no column tells persons apart, so that a row is a person"
    return "", [*lines, write_line("each_row", True, said, MIDDLE)]


def _find_person(texts: pd.DataFrame, fields: dict[str, Field]) -> str:
    """Numbers of persons before codes, codes before e-mail addresses that differ."""
    named = [c for c in texts if fields[c].name == "person" and texts[c].notna().any()]
    with_number = [c for c in texts if fields[c].name in ("person", "name") and _holds(texts[c])]
    mails = [c for c in texts if fields[c].name == "email" and texts[c].nunique() > len(texts) / 2]
    return next(iter([*with_number, *named, *mails]), "")


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


def suggest_unit(
    texts: pd.DataFrame, fields: dict[str, Field], free: list[str], form: Form
) -> tuple[str, list[str]]:
    """Propose the groups to report by.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.
    free : list of str
        Columns that are neither answers nor the person.
    form : Form
        Labels of the groups' codes, empty where there is no form.

    Returns
    -------
    tuple of str and list of str
        The column, empty where there is none or a person must say which; and the lines.
    """
    able = [c for c in free if _can_group(texts[c]) and fields[c].name not in ("time", "meta")]
    named = [c for c in free if fields[c].name == "unit" and fields[c].trust != LOW]
    root = write_line("root", "Semua responden", "name of the whole; choose another if you like")
    if len(named) == 1:
        column, field = named[0], fields[named[0]]
        lines = ["[unit]", write_line("column", column, field.reason, field.trust), root]
        lines.append(write_line("other", "Unit lain", "where other answers and blanks go"))
        codes = form.options.get(form.one.get(column.split("/")[-1], ""), {})
        return column, lines + _list_values(texts[column], codes)
    if not able and not named:
        return "", ["[unit]", "# No column of groups was found; everybody is in one.", root]
    order = {"unit": 0, "job_class": 1, "position": 2}
    asked = sorted(dict.fromkeys([*named, *able]), key=lambda c: order.get(fields[c].name, 3))
    said = "the groups to report by; each answer becomes a group ('' for none)"
    return "", ["[unit]", ask_line("column", [*asked[:8], ""], said), root]


def _can_group(answers: pd.Series) -> bool:
    given = answers.dropna()
    return 2 <= given.nunique() <= min(MOST_UNITS, len(given) / PER_UNIT)


def _list_values(answers: pd.Series, labels: dict[str, str]) -> list[str]:
    """The groups as they are spelt; those that may be one and the same are said."""
    from rapidfuzz import fuzz

    spelt = answers.dropna().groupby(answers.dropna().map(fold)).agg(lambda s: s.mode().iloc[0])
    shown = [name for name in sorted(spelt) if not is_personal(name)][:MOST_UNITS]
    hidden = len(spelt) - len(shown)
    lines = ["# Answer = group; write the same group beside spellings of the same unit."]
    if hidden:
        lines.append(f"# {hidden} answers are not shown, as they may name persons or are too many.")
    lines.append("[unit.values]")
    for place, name in enumerate(shown):
        near = [o for o in shown[:place] if fuzz.ratio(fold(o), fold(name)) >= ALIKE]
        lines.append(
            write_line(name, labels.get(name, name), f'the same as "{near[0]}"?' if near else "")
        )
    return lines if shown else lines[:-1]


def suggest_group(texts: pd.DataFrame, fields: dict[str, Field]) -> tuple[str, list[str]]:
    """Propose the stakeholders' groups, where stakeholders answered.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    fields : dict of str to Field
        What each column is about.

    Returns
    -------
    tuple of str and list of str
        The column, empty where there is none; and the lines.
    """
    for column in texts:
        values = {fold(text): text for text in texts[column].dropna()}
        found = {text: _name_group(folded) for folded, text in values.items()}
        known = [group for group in found.values() if group]
        if len(values) <= 12 and len(set(known)) >= 2 and fields[column].name in ("group", ""):
            lines = ["[group]", write_line("column", column, "its answers name the groups", MIDDLE)]
            lines.append("[group.values]")
            for text, group in found.items():
                lines.append(
                    write_line(text, group)
                    if group
                    else ask_line(text, GROUPS, "which group is it?")
                )
            return column, lines
    return "", []


def _name_group(text: str) -> str:
    return next((g for g, words in GROUPS.items() if any(w in text for w in words)), "")


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
    else:
        order = orders[-1] if len(orders) == len(ORDERS) else orders[0]
        said = "the year stands first" if order == ORDERS[-1] else "no other order fits all dates"
        lines.append(write_line("dates", order, said, HIGH))
    return columns, lines, years


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
