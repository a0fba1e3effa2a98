"""Apply a mapping to an export; every cell is placed, reported, or declared ignored."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.export import Columns, find_columns, read_export
from cakra_analysis.intake.grids import list_items, list_unpaired, read_levels, tabulate_grids
from cakra_analysis.intake.mapping import read_mapping
from cakra_analysis.intake.people import place_people, place_units
from cakra_analysis.privacy import mask_text, read_key


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
        When the mapping is not usable, or does not fit the export.
    DataError
        When the export cannot be read, or does not tell one person from another.
    SecretError
        When the mapping asks for pseudonyms and there is no key, or none that is kept well.
    """
    plan = read_mapping(mapping)
    export = read_export(plan, file)
    columns = find_columns(mapping, plan, list(export.texts))
    items = list_items(mapping, plan, columns)
    key = read_key(apart_from=[file]) if plan.person.pseudonym else None
    people, left_out = place_people(plan.person, export, columns.person, key)
    texts = export.texts.loc[people.index]
    units, of_person, regrouped, no_unit = place_units(plan.unit, texts[columns.unit])
    levels = read_levels(plan, items, texts)

    reasons = pd.DataFrame(index=export.texts.index, columns=columns.used, dtype="str")
    reasons.loc[no_unit.index, columns.unit] = no_unit
    for column, scale in zip(items["column"], items["scale_id"], strict=True):
        wrong = levels.index[levels[column].isna() & texts[column].notna()]
        reasons.loc[wrong, column] = f"no such answer in scale {scale}"
    for row, reason in left_out.items():
        reasons.loc[row] = f"left out: {reason}"
    return Imported(
        tables={
            "about": pd.DataFrame(plan.about.items(), columns=["key", "value"]),
            "units": units,
            "staff": pd.DataFrame({"staff_id": people, "unit_id": of_person}),
            **tabulate_grids(plan, items, levels, people),
        },
        unused=columns.unused,
        ignored=columns.ignored,
        other_sheets=export.other_sheets,
        unpaired=list_unpaired(items),
        unplaced=_list_unplaced(export.texts, reasons, columns.person),
        left_out=left_out,
        regrouped=regrouped.assign(value=_show(regrouped["value"])),
        cells=_count_cells(export.texts, columns, reasons),
        key_code=key.code if key else "",
    )


def _list_unplaced(texts: pd.DataFrame, reasons: pd.DataFrame, person: str) -> pd.DataFrame:
    """Every cell that holds something and has a reason not to be placed, row by row.

    Anything may have been typed into a cell, so values are masked, and the person's not shown.
    """
    cells = {"value": texts[list(reasons)], "reason": reasons}
    long = [
        frame.rename_axis("row").melt(var_name="column", value_name=name, ignore_index=False)
        for name, frame in cells.items()
    ]
    table = long[0].assign(reason=long[1]["reason"]).dropna().reset_index()
    shown = _show(table["value"]).where(table["column"] != person, "…")
    table = table.assign(value=shown.astype("str"))
    return table.sort_values("row", kind="stable", ignore_index=True)


def _show(values: pd.Series) -> pd.Series:
    """Answers as an account may show them; what is nothing but invisible stays an answer."""
    masked = mask_text(values)
    return masked.mask((masked == "") & (values != ""), "…")


def _count_cells(texts: pd.DataFrame, columns: Columns, reasons: pd.DataFrame) -> dict[str, int]:
    """Count cells by what became of them; each cell is in one class, as it has one label."""
    label = pd.DataFrame("placed", index=texts.index, columns=texts.columns, dtype="str")
    label[columns.ignored] = "under ignored headers"
    label[columns.unused] = "under headers not used"
    label[list(reasons)] = label[list(reasons)].where(reasons.isna(), "could not be placed")
    label = label.where(texts.notna(), "blank")
    classes = [
        "placed",
        "blank",
        "could not be placed",
        "under ignored headers",
        "under headers not used",
    ]
    return {name: int((label == name).to_numpy().sum()) for name in classes}
