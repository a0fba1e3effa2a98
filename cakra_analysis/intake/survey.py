"""Apply a mapping to an export; every cell is placed, reported, or declared ignored."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from cakra_analysis.errors import DataError, MappingError, suggest
from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.mapping import Grid, Mapping, Scale, read_mapping
from cakra_analysis.raw import RawTable
from cakra_analysis.sources import read_csv
from cakra_analysis.workbook import read_workbook

ROOT = "ALL"


def import_survey(mapping: Path, file: Path) -> Imported:
    """Read a survey export with a mapping file.

    Parameters
    ----------
    mapping : Path
        The mapping file.
    file : Path
        The export, ``.xlsx`` or ``.csv``, headers in the first row. Line breaks, non-breaking and
        double blanks in headers and answers do not count, nor does upper or lower case.

    Returns
    -------
    Imported
        Tables and account.

    Raises
    ------
    MappingError
        When the mapping is not usable, or names a sheet, column or grid that the export lacks.
    DataError
        When the export cannot be read.
    """
    plan = read_mapping(mapping)
    raw = _read(plan, file)
    cells = raw.cells.rename(columns=tidy_text)
    person = _find(mapping, cells, plan.person.column)
    group = _find(mapping, cells, plan.unit.column)
    ignored = [_find(mapping, cells, header) for header in plan.ignore]
    ids = plan.person.prefix + cells[person].fillna("")
    units, of_person, regrouped, outside = _place_units(plan, cells[group], group)
    staff = pd.DataFrame({"staff_id": ids, "unit_id": of_person})
    answers, unplaced, used = _place_grids(mapping, plan, cells, ids)
    unplaced = pd.concat([outside, unplaced], ignore_index=True)
    unused = [c for c in cells if c not in {person, group, *ignored, *used}]
    number = {c: int(cells[c].notna().sum()) for c in cells}
    filled = sum(number.values())
    lost = {
        "could not be placed": len(unplaced),
        "under ignored headers": sum(number[c] for c in ignored),
        "under headers not used": sum(number[c] for c in unused),
    }
    account = {"placed": filled - sum(lost.values()), "blank": cells.size - filled, **lost}
    tables = _tables(plan, units, staff, answers)
    return Imported(tables, unused, ignored, unplaced, regrouped, account)


def tidy_text(text: str) -> str:
    r"""Fold line breaks, non-breaking and double blanks into single ones.

    Parameters
    ----------
    text : str
        A header or an answer.

    Returns
    -------
    str
        The same, as one line.

    Examples
    --------
    >>> tidy_text("Needs:\u00a0\nplease  say")
    'Needs: please say'
    """
    return re.sub(r"\s+", " ", str(text)).strip()


def _read(plan: Mapping, file: Path) -> RawTable:
    if not file.is_file():
        raise DataError(f"{file}: there is no such file.")
    if file.suffix.lower() == ".csv":
        return read_csv(file)
    sheets = {table.name: table for table in read_workbook(file)}
    name = plan.sheet or next(iter(sheets), "")
    if name not in sheets:
        raise MappingError(
            f'{file}: there is no sheet "{name}".', allowed=f"It has: {', '.join(sheets)}."
        )
    return sheets[name]


def _find(mapping: Path, cells: pd.DataFrame, header: str) -> str:
    """The column of the export that a header of the mapping means."""
    wanted = tidy_text(header).casefold()
    for column in cells:
        if column.casefold() == wanted:
            return str(column)
    raise MappingError(
        f'{mapping}: the export has no column "{header}".',
        do=suggest(tidy_text(header), list(cells))
        or f"Its first columns are: {', '.join(list(cells)[:8])}.",
    )


def _place_units(
    plan: Mapping, answers: pd.Series, column: str
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.DataFrame]:
    """Units, each person's unit, answers that went to the group of others, and those with none."""
    names = list(dict.fromkeys([*plan.unit.values.values(), *filter(None, [plan.unit.other])]))
    codes = {name: f"U{number:02d}" for number, name in enumerate(names, start=1)}
    known = {tidy_text(k).casefold(): codes[v] for k, v in plan.unit.values.items()}
    texts = answers.map(tidy_text, na_action="ignore")
    placed = texts.str.casefold().map(known)
    rest = placed.isna() & texts.notna()
    rows = pd.DataFrame({"row": texts.index[rest], "column": column, "value": texts[rest]})
    nothing = rows.head(0)
    other = codes.get(plan.unit.other, ROOT)
    units = pd.DataFrame({"unit_id": list(codes.values()), "parent_id": ROOT, "name": names})
    top = pd.DataFrame({"unit_id": [ROOT], "parent_id": [None], "name": [plan.unit.root]})
    reason = rows.assign(reason="no such group in the mapping")
    of_person = placed.where(placed.notna(), other if plan.unit.other else ROOT)
    used = [ROOT, *[code for code in codes.values() if code in set(of_person)]]
    units = pd.concat([top, units], ignore_index=True)
    units = units[units["unit_id"].isin(used)]
    return (
        (units, of_person, rows, reason.head(0))
        if plan.unit.other
        else (units, of_person, nothing, reason)
    )


def _place_grids(
    mapping: Path, plan: Mapping, cells: pd.DataFrame, ids: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """All grid answers with their levels, those without a level, and the columns used."""
    answers, unplaced, used = [], [], []
    for grid in plan.grids:
        start = tidy_text(grid.starts_with)
        columns = [c for c in cells if c.casefold().startswith(start.casefold())]
        if not columns:
            raise MappingError(f'{mapping}: no header of the export starts with "{start}".')
        for number, column in enumerate(columns, start=1):
            texts = cells[column].map(tidy_text, na_action="ignore")
            levels = texts.str.casefold().map(_levels(plan.scales[grid.scale]))
            wrong = texts.notna() & levels.isna()
            reason = f"no such answer in scale {grid.scale}"
            bad = {"row": texts.index[wrong], "column": column, "value": texts[wrong]}
            unplaced.append(pd.DataFrame(bad).assign(reason=reason))
            answers.append(
                _column_answers(grid, number, _item_name(grid, column[len(start) :]), ids, levels)
            )
        used += columns
    return pd.concat(answers, ignore_index=True), pd.concat(unplaced, ignore_index=True), used


def _levels(scale: Scale) -> dict[str, int]:
    return {tidy_text(text).casefold(): level for text, level in scale.levels.items()}


def _item_name(grid: Grid, rest: str) -> str:
    name = rest.strip(" .:[]")
    return name.split(grid.until)[0].strip() if grid.until else name


def _column_answers(
    grid: Grid, number: int, name: str, ids: pd.Series, levels: pd.Series
) -> pd.DataFrame:
    given = levels.notna()
    return pd.DataFrame(
        {
            "staff_id": ids[given],
            "item": f"{grid.code}.{number:02d}",
            "level": levels[given].astype(int),
            "name": name,
            "becomes": grid.becomes,
            "scale_id": grid.scale,
            "group": grid.group,
        }
    )


def _tables(
    plan: Mapping, units: pd.DataFrame, staff: pd.DataFrame, answers: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    rated = answers[answers["becomes"].isin(["need", "level"])]
    asked = answers[~answers["becomes"].isin(["need", "level"])]
    items = rated.drop_duplicates("item")
    questions = asked.drop_duplicates("item")
    names = {"name_id": items["name"], "name_en": items["name"], "group": items["group"]}
    texts = {"name_id": questions["name"], "name_en": questions["name"]}
    ratings = pd.DataFrame({"staff_id": rated["staff_id"], "competency_id": rated["item"]})
    ratings = ratings.assign(cycle=plan.cycle, source="self")
    for kind in ("level", "need"):
        ratings[kind] = rated["level"].where(rated["becomes"] == kind).astype("Int64")
    return {
        "about": pd.DataFrame(plan.about.items(), columns=["key", "value"]),
        "units": units,
        "staff": staff,
        "competencies": pd.DataFrame({"competency_id": items["item"], **names}),
        "ratings": ratings,
        "scales": _scales(plan, set(questions["scale_id"])),
        "questions": pd.DataFrame(
            {"question_id": questions["item"], "block": questions["becomes"], **texts}
        ).assign(scale_id=questions["scale_id"]),
        "answers": pd.DataFrame(
            {"staff_id": asked["staff_id"], "question_id": asked["item"]}
        ).assign(cycle=plan.cycle, level=asked["level"]),
    }


def _scales(plan: Mapping, used: set[str]) -> pd.DataFrame:
    rows = [
        (name, level, text, text)
        for name, scale in plan.scales.items()
        for text, level in scale.levels.items()
        if name in used
    ]
    table = pd.DataFrame(rows, columns=["scale_id", "level", "label_id", "label_en"])
    return table.drop_duplicates(["scale_id", "level"])
