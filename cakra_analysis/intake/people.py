"""Who answered, which rows are left out, and the group each person belongs to."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.identifiers import find_damaged, find_raw
from cakra_analysis.intake.export import Export
from cakra_analysis.intake.parts import Group, Person, Unit
from cakra_analysis.intake.text import fold
from cakra_analysis.privacy import Key, pseudonymise

ROOT = "ALL"
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number


def place_people(
    plan: Person,
    export: Export,
    column: str,
    key: Key | None = None,
    *,
    sent: pd.Series | None = None,
) -> tuple[pd.Series, pd.Series]:
    """Tell the person of each row, and which rows are left out.

    Parameters
    ----------
    plan : Person
        How persons are told apart, and what to do with rows of nobody or of somebody again.
    export : Export
        The survey.
    column : str
        Its column that tells the person; empty where each row is one.
    key : Key, optional
        For pseudonyms; without it the code itself is used.
    sent : Series, optional
        When each row was sent, missing where not known: which row of a person is the last one. By
        themselves the rows stand in their order.

    Returns
    -------
    people : Series
        Code of the person, by row, for the rows that count.
    left_out : Series
        Why a row does not count, by row.

    Raises
    ------
    DataError
        When a spreadsheet has damaged a code, no row counts, or rows are of nobody or of the
        same person and the mapping does not say what to do with them.
    MappingError
        When the codes are NIPs or the like, and there is no key.
    """
    if not column:
        rows = export.texts.index.to_series()
        return plan.prefix + rows.astype("str"), pd.Series(dtype="str")
    codes = export.texts[column].str.lstrip("'`").str.strip()  # load takes these marks off, too
    codes = codes.where(codes != "")
    where = f'{export.where}: the column "{column}"'
    _refuse_damaged(where, codes, export.numeric[column])
    codes = pseudonymise(codes, key, where=where) if key else _refuse_raw(where, codes)
    blank, same = codes.isna(), codes.str.casefold()
    again = codes.notna() & same.duplicated(keep=False)
    if plan.duplicates == "refuse":
        _refuse_doubt(where, blank, same[again])
    else:
        order = (
            same
            if sent is None
            else same[sent.sort_values(na_position="first", kind="stable").index]
        )
        again = codes.notna() & order.duplicated(keep=plan.duplicates).reindex(same.index)
    if (blank | again).all():
        raise DataError(f"{where} is blank in every row.", do="Name another column in [person].")
    counts = ~(blank | again)
    row_used = {code: row for row, code in same[counts].items()}
    left_out = pd.Series(f'nobody: "{column}" is blank', index=codes.index[blank], dtype="str")
    others = [
        f'row {row_used[code]} is of the same person; duplicates = "{plan.duplicates}"'
        for code in same[again]
    ]
    twice = pd.Series(others, index=codes.index[again], dtype="str")
    prefix = "" if key else plan.prefix
    return prefix + codes[counts], pd.concat([left_out, twice]).sort_index()


def _refuse_damaged(where: str, codes: pd.Series, numeric: pd.Series) -> None:
    long = numeric & (codes.str.len() > EXACT_DIGITS).fillna(False)
    damaged = find_damaged(codes) | long
    if damaged.any():
        raise DataError(
            f"{where} holds a rounded number, a formula or an error value in "
            f"{_rows(codes.index[damaged])}.",
            allowed="A code is text; a long one such as an NIP loses its last digits as a number.",
            do="Format the column as Text and type these again, or export anew.",
        )


def _refuse_raw(where: str, codes: pd.Series) -> pd.Series:
    raw = find_raw(codes)
    if raw.any():
        raise MappingError(
            f"{where} holds NIPs, NIKs or addresses of persons in {_rows(codes.index[raw])}.",
            allowed="A data set holds pseudonyms, never these.",
            do="Write pseudonym = true under [person]; `cakra key` makes the key that it needs.",
        )
    return codes


def _refuse_doubt(where: str, blank: pd.Series, again: pd.Series) -> None:
    do = 'Mend the export, or write duplicates = "last" (or "first") under [person]: rows that '
    do += "are left out are then reported."
    if blank.any():
        raise DataError(
            f"{where} is blank in {_rows(blank.index[blank])}.",
            allowed="Each row must tell who answered.",
            do=do,
        )
    if len(again):
        groups = again.groupby(again, sort=False)
        same = "; ".join(_rows(group.index) for _, group in list(groups)[:10])
        more = f"; and {len(groups) - 10} more persons" if len(groups) > 10 else ""
        raise DataError(
            f"{where} tells the same person more than once: {same}{more}.",
            allowed="One row is one person.",
            do=do,
        )


def _rows(rows: pd.Index) -> str:
    shown = ", ".join(str(row) for row in rows[:10])
    more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


def place_units(
    plan: Unit, texts: pd.Series
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series]:
    """Tell the group of each person.

    Parameters
    ----------
    plan : Unit
        The groups.
    texts : Series
        Each person's answer, by row.

    Returns
    -------
    units : DataFrame
        Table ``units``; groups without a person are left out.
    of_person : Series
        Code of each person's unit, by row.
    regrouped : DataFrame
        row, column, value (blank where nothing was answered), into: persons who went to the group
        for all others, or who stand in no group below the top.
    unplaced : Series
        Why an answer could not be placed, by row.
    """
    values = plan.values or _each_answer(texts)
    names = list(dict.fromkeys([*values.values(), *filter(None, [plan.other])]))
    codes = {name: f"U{number:02d}" for number, name in enumerate(names, start=1)}
    known = {fold(text): codes[name] for text, name in values.items()}
    placed = texts.map(fold, na_action="ignore").map(known)
    rest = texts[placed.isna()]
    if not plan.other:  # an answer without a group is reported as not placed
        unplaced = pd.Series("no such group in the mapping", index=rest.dropna().index, dtype="str")
        rest = rest[rest.isna()]
    else:
        unplaced = pd.Series(dtype="str")
    regrouped = pd.DataFrame({"row": rest.index, "column": texts.name, "value": rest.fillna("")})
    of_person = placed.astype("str").fillna(codes.get(plan.other, ROOT))
    table = pd.DataFrame(
        [(ROOT, None, plan.root), *((code, ROOT, name) for name, code in codes.items())],
        columns=["unit_id", "parent_id", "name"],
    )
    units = table[table["unit_id"].isin([ROOT, *of_person])]
    return units, of_person, regrouped.assign(into=plan.other or plan.root), unplaced


def _each_answer(texts: pd.Series) -> dict[str, str]:
    """Each answer as a group by its most usual spelling, in the order of the alphabet."""
    spellings = texts.dropna().groupby(texts.dropna().map(fold))
    names = sorted(spellings.agg(lambda spelt: spelt.mode().iloc[0]).tolist())
    return {name: name for name in names}


def place_groups(plan: Group, texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Tell the group of each stakeholder.

    Parameters
    ----------
    plan : Group
        The groups.
    texts : Series
        Each stakeholder's answer, by row.

    Returns
    -------
    groups : Series
        Group, by row, for the rows that have one.
    left_out : Series
        Why a row does not count, by row.
    """
    known = {fold(text): group for text, group in plan.values.items()}
    groups = texts.map(fold, na_action="ignore").map(known)
    lost = texts.index[groups.isna()]
    reason = f'"{texts.name}" tells no group of the mapping'
    return groups.dropna().astype("str"), pd.Series(reason, index=lost, dtype="str")
